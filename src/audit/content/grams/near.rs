//! The words before and behind a word, by what they are.

use std::sync::LazyLock;

/// A set of classes of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Classes(u16);

impl Classes {
    const NONE: Self = Self(0);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a model or agent is called, or who is spoken to.
pub(super) const OF_AGENT: Classes = Classes(1 << 0);
/// Who a message comes from follows.
pub(super) const FROM: Classes = Classes(1 << 1);
/// Who may give orders.
pub(super) const CHIEF: Classes = Classes(1 << 2);
/// What a model is to do.
pub(super) const TASK: Classes = Classes(1 << 3);
/// What somebody who agrees does.
pub(super) const GRANTED: Classes = Classes(1 << 4);
/// What becomes of a task.
pub(super) const CHANGED: Classes = Classes(1 << 5);
/// What makes a task another one.
pub(super) const NEW: Classes = Classes(1 << 6);
/// What a model holds to.
pub(super) const RULES: Classes = Classes(1 << 7);
pub(super) const ORDERS: Classes = Classes(1 << 8);
pub(super) const USER: Classes = Classes(1 << 9);
pub(super) const YOU: Classes = Classes(1 << 10);
pub(super) const YOUR: Classes = Classes(1 << 11);
pub(super) const OBLIGES: Classes = Classes(1 << 12);
pub(super) const NOT: Classes = Classes(1 << 14);
/// What a model answers.
pub(super) const QUERY: Classes = Classes(1 << 13);

const WORDS: &[(Classes, &str)] = &[
    (OF_AGENT, "todo si eres wenn you to for dear attention hey hello ai language if when note"),
    (FROM, "from by"),
    (
        CHIEF,
        "principal handler maintainer maintainers user owner system administrator admin developer developers operator supervisor security creator creators provider openai anthropic boss users owners administrators admins operators google microsoft management",
    ),
    (TASK, "task tasks request requests query queries question questions job assignment objective goal work"),
    (
        GRANTED,
        "approved authorized authorised allowed consented confirmed agreed granted permitted wants wanted wishes asks asked requested expects authorise authorize allow said says replied replies answered writes",
    ),
    (CHANGED, "changed updated void superseded obsolete revoked complete completed done finished"),
    (NEW, "new next right updated changed revised real true only latest"),
    (
        RULES,
        "instruction instructions order command directive directives rules prompt prompts guidelines orders commands",
    ),
    (ORDERS, "instruction instructions directive directives orders"),
    (
        USER,
        "user users customer customers human humans owner owners people person anyone anybody nobody noone somebody someone him them else",
    ),
    (YOU, "you"),
    (YOUR, "your"),
    (OBLIGES, "need have required must"),
    (NOT, "not dont never"),
    (QUERY, "query question questions request requests prompt user users"),
];

/// Bytes in which the other words of a phrase are.
const NEAR: usize = 64;

/// Whether a word of these classes is in the next bytes. What ends with the bytes that are looked at counts as a word.
pub(super) fn soon(behind: &[u8], classes: Classes) -> bool {
    has(behind.get(..NEAR.min(behind.len())).unwrap_or_default(), classes)
}

/// Whether a word of these classes is in the last bytes.
pub(super) fn lately(before: &[u8], classes: Classes) -> bool {
    has(before.get(before.len().saturating_sub(NEAR)..).unwrap_or_default(), classes)
}

/// Whether a text has a word of these classes. Each byte is looked at once, however many words the classes have.
fn has(text: &[u8], classes: Classes) -> bool {
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut words = text.split(|byte| !is_of_word(byte));
    words.any(|word| {
        // The letter of an escape stands right before a word: \nuser.
        let unescaped = match word {
            [b'n' | b'r' | b't', rest @ ..] => class(rest),
            _ => Classes::NONE,
        };
        (class(word).0 | unescaped.0) & classes.0 != 0
    })
}

const BUCKETS: usize = 128;

/// Words are told apart by their length and their first two letters.
fn bucket(word: &[u8]) -> usize {
    let letter = |at: usize| usize::from(word.get(at).copied().unwrap_or_default() | 0x20);
    (letter(0) * 31 + letter(1) * 7 + word.len() * 5) % BUCKETS
}

/// Words with their classes.
type Bucket = Vec<(&'static [u8], Classes)>;

static BY_BUCKET: LazyLock<Vec<Bucket>> = LazyLock::new(|| {
    let mut buckets: Vec<Bucket> = vec![Vec::new(); BUCKETS];
    for (classes, words) in WORDS {
        for word in words.split(' ').map(str::as_bytes) {
            let Some(bucket) = buckets.get_mut(bucket(word)) else { continue };
            match bucket.iter_mut().find(|(known, _)| *known == word) {
                Some((_, known)) => *known = known.and(*classes),
                None => bucket.push((word, *classes)),
            }
        }
    }
    buckets
});

/// What a word is, in any case.
fn class(word: &[u8]) -> Classes {
    let words = BY_BUCKET.get(bucket(word)).map(Vec::as_slice).unwrap_or_default();
    words
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map_or(Classes::NONE, |(_, classes)| *classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_near() {
        for (text, expected) in [
            (&b"the user asks"[..], true),
            (b"THE USERS", true),
            (b"\\nuser", true),
            (b"superuser", false),
            (b"user_id", false),
            (b"", false),
        ] {
            assert_eq!(soon(text, USER), expected, "{}", text.escape_ascii());
            assert_eq!(lately(text, USER), expected, "{}", text.escape_ascii());
        }
        let far = [&[b' '; NEAR][..], b"user", &[b' '; NEAR]].concat();
        assert!(!soon(&far, USER) && !lately(&far, USER));
        assert!(soon(b"your task", TASK.and(USER)) && !soon(b"your task", CHIEF));
    }

    #[test]
    fn every_word_is_of_its_classes_and_no_bucket_is_long() {
        for (classes, words) in WORDS {
            for word in words.split(' ') {
                assert_eq!(class(word.as_bytes()).and(*classes), class(word.as_bytes()), "{word}");
            }
        }
        assert!(BY_BUCKET.iter().all(|bucket| bucket.len() <= 6));
    }
}
