//! Lists of words, most of which a word is not in.

use super::is;
use crate::audit::content::affix::starts;

/// Words in lower case, and what tells of most others that they are none of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    words: &'static [&'static str],
    /// The bits of the first bytes, and those of the lengths.
    firsts: u32,
    lengths: u64,
}

impl List {
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let (mut firsts, mut lengths) = (0, 0);
        let mut left = words;
        while let [word, rest @ ..] = left {
            if let [first, ..] = word.as_bytes() {
                firsts |= bit_of_letter(*first);
            }
            lengths |= bit_of_length(word.len());
            left = rest;
        }
        Self { words, firsts, lengths }
    }

    /// Whether a word is one of these, in whatever case.
    pub(super) fn has(&self, word: &[u8]) -> bool {
        self.lengths & bit_of_length(word.len()) != 0
            && self.may_begin(word)
            && self.words.iter().any(|name| is(word, name))
    }

    /// Whether a word starts with one of these.
    pub(super) fn begins(&self, word: &[u8]) -> bool {
        self.may_begin(word) && starts(word, self.words)
    }

    fn may_begin(&self, word: &[u8]) -> bool {
        word.first().is_some_and(|first| self.firsts & bit_of_letter(*first) != 0)
    }
}

/// The same bit for a letter in both cases.
const fn bit_of_letter(byte: u8) -> u32 {
    1 << (byte & 0x1F)
}

const fn bit_of_length(length: usize) -> u64 {
    if length < 64 { 1 << length } else { 1 << 63 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_in_a_list_in_whatever_case() {
        const LIST: List = List::new(&["select", "xp_"]);
        for (word, has, begins) in [
            ("select", true, true),
            ("SELECT", true, true),
            ("xp_", true, true),
            ("xp_cmdshell", false, true),
            ("selects", false, true),
            ("delete", false, false),
            ("sel", false, false),
            ("", false, false),
        ] {
            assert_eq!((LIST.has(word.as_bytes()), LIST.begins(word.as_bytes())), (has, begins), "{word}");
        }
        let long = "s".repeat(100);
        assert!(!LIST.has(long.as_bytes()));
        assert!(!List::new(&[]).has(b"") && !List::new(&[]).begins(b"a"));
    }
}
