//! Words at the start, at the end and inside of a text, in any case.

/// Whether a text starts with one of the words.
pub(super) fn starts(text: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| starts_with(text, word))
}

fn starts_with(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a text ends with one of the words.
pub(super) fn ends(text: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.len()
            .checked_sub(word.len())
            .and_then(|from| text.get(from..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// Whether a text starts with a word that ends there.
pub(super) fn is_word(text: &[u8], word: &str) -> bool {
    starts_with(text, word)
        && text.get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

/// Whether a text has a word that starts anywhere and ends there.
pub(super) fn has_word(text: &[u8], word: &str) -> bool {
    (0..text.len()).any(|at| text.get(at..).is_some_and(|rest| is_word(rest, word)))
}
