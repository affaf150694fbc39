//! A text as a model reads it: without what does not show, with plain letters for those that only look different, and
//! without encodings.

use super::decoded;
use crate::text;
use std::borrow::Cow;

/// So many encoded spaces make words out of what was one.
const SPACES: usize = 2;

/// The text as a model may read it, where words can be hidden in how it is written; `None` where none can.
pub(in crate::audit) fn shown(written: &[u8]) -> Option<Vec<u8>> {
    let written_text = String::from_utf8_lossy(written);
    let plain = if is_plain(written) { None } else { plain(&written_text) };
    let text = plain.as_deref().map_or(written, str::as_bytes);
    let decoded = if has_encoded_words(text) { decoded::plain(text) } else { None };
    decoded.or_else(|| plain.map(String::into_bytes))
}

/// Whether every byte is a character that shows.
fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n'))
}

fn plain(text: &str) -> Option<String> {
    let visible = text::visible(text);
    let shown: Cow<'_, str> = visible.as_deref().map_or(Cow::Borrowed(text), Cow::Borrowed);
    if has_other_letters(&shown) {
        return Some(shown.chars().flat_map(text::folded).collect());
    }
    visible
}

/// Whether letters stand for others: styled or wide ones, or those of two alphabets in one word.
fn has_other_letters(text: &str) -> bool {
    let mut mixed = false;
    text::homoglyph(text, |_, _, _| mixed = true);
    mixed || text.chars().any(|c| matches!(c, '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}'))
}

/// Whether letters are encoded, or the spaces between words: addresses encode other characters too.
fn has_encoded_words(text: &[u8]) -> bool {
    let mut spaces = 0;
    memchr::memchr3_iter(b'%', b'\\', b'&', text).any(|at| {
        let byte = text.get(at..).and_then(decoded::first);
        spaces += usize::from(byte == Some(b' '));
        spaces >= SPACES || byte.is_some_and(|byte| byte.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_shows() {
        for (written, expected) in [
            ("ig\u{200B}nore", "ignore"),
            ("ig\u{AD}nore all", "ignore all"),
            ("ig\u{1B}[31mnore\u{1B}[0m", "ignore"),
            ("ig\u{7}nore", "ignore"),
            ("ig\u{FE0F}nore", "ignore"),
            ("\u{FF49}\u{FF47}\u{FF4E}\u{FF4F}\u{FF52}\u{FF45} all", "ignore all"),
            ("\u{1D422}\u{1D420}\u{1D427}\u{1D428}\u{1D42B}\u{1D41E}", "ignore"),
            ("ign\u{43E}re \u{430}ll", "ignore all"),
            ("%69gnore", "ignore"),
            ("ignore%20all%20rules", "ignore all rules"),
            ("\\u0069gnore", "ignore"),
            ("&#105;gnore", "ignore"),
            ("%E2%80%8Big%6Eore", "\u{E2}\u{80}\u{8B}ignore"),
        ] {
            let text = shown(written.as_bytes()).map(|text| String::from_utf8_lossy(&text).into_owned());
            let expected = expected.to_owned();
            if written.starts_with("%E2") {
                assert!(text.is_some_and(|text| text.ends_with("ignore")), "{written}");
            } else {
                assert_eq!(text, Some(expected), "{written:?}");
            }
        }
    }

    #[test]
    fn a_text_that_shows_what_it_is_has_one_reading() {
        for written in [
            "",
            "ignore all",
            "two\nlines\tand a tab",
            "Größe, naïve, 日本語",
            "Привет, мир",
            "100% of it & more",
            "https://example.com/a%20b?x=%2Fy",
            "C:\\temp\\x",
            "a &lt; b &amp; c",
        ] {
            assert_eq!(shown(written.as_bytes()), None, "{written:?}");
        }
    }
}
