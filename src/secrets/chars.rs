//! Alphabets of tokens, and the run of characters that every token holds.

#![forbid(unsafe_code)]

/// A set of bytes: those that have one of its bits in [`BITS`].
pub(super) type Class = u16;

pub(super) const DIGIT: Class = 1;
const HEX_LOWER: Class = 1 << 1;
const HEX_UPPER: Class = 1 << 2;
pub(super) const LOWER: Class = 1 << 3;
pub(super) const UPPER: Class = 1 << 4;
const UNDERSCORE: Class = 1 << 5;
const DASH: Class = 1 << 6;
const PLUS_SLASH: Class = 1 << 7;
pub(super) const DOT: Class = 1 << 8;
const TILDE: Class = 1 << 9;
pub(super) const EQUALS: Class = 1 << 10;

/// Hexadecimal digits.
pub(super) const HEX: Class = DIGIT | HEX_LOWER | HEX_UPPER;
/// Letters.
pub(super) const LETTER: Class = LOWER | UPPER;
/// Letters and digits.
pub(super) const ALNUM: Class = DIGIT | LETTER;
/// Upper-case letters and digits.
pub(super) const CAPS: Class = DIGIT | UPPER;
/// Lower-case letters and digits.
pub(super) const SMALL: Class = DIGIT | LOWER;
/// Letters, digits and `_`.
pub(super) const WORD: Class = ALNUM | UNDERSCORE;
/// The alphabet of base64url.
pub(super) const URL64: Class = WORD | DASH;
/// The alphabet of base64.
pub(super) const BASE64: Class = ALNUM | PLUS_SLASH;
/// Both.
pub(super) const ANY64: Class = URL64 | PLUS_SLASH;
/// base64url with dots.
pub(super) const DOTTED: Class = URL64 | DOT;
/// Letters, digits and `-`.
pub(super) const DASHED: Class = ALNUM | DASH;
/// Letters, digits and `/`; base64 has no other way to write it.
pub(super) const SEGMENTS: Class = BASE64;
/// What a [run](super::run) is made of.
pub(super) const RUN: Class = URL64 | PLUS_SLASH | DOT | TILDE;

#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "a byte is below 256")]
const BITS: [Class; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        table[at] = match byte {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'f' => LOWER | HEX_LOWER,
            b'g'..=b'z' => LOWER,
            b'A'..=b'F' => UPPER | HEX_UPPER,
            b'G'..=b'Z' => UPPER,
            b'_' => UNDERSCORE,
            b'-' => DASH,
            b'+' | b'/' => PLUS_SLASH,
            b'.' => DOT,
            b'~' => TILDE,
            b'=' => EQUALS,
            _ => 0,
        };
        at += 1;
    }
    table
};

/// The bits of a byte.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
fn bits(byte: u8) -> Class {
    BITS[usize::from(byte)]
}

/// Whether a byte is in a class.
#[inline(always)]
pub(super) fn is(byte: u8, class: Class) -> bool {
    bits(byte) & class != 0
}

/// Whether the byte at an offset is in a class; there is none past the end.
#[inline(always)]
pub(super) fn at(text: &[u8], offset: usize, class: Class) -> bool {
    text.get(offset).is_some_and(|byte| is(*byte, class))
}

/// How many bytes from `from` on are in a class, `most` at most.
pub(super) fn span(text: &[u8], from: usize, class: Class, most: usize) -> usize {
    text.get(from..).unwrap_or_default().iter().take(most).take_while(|byte| is(**byte, class)).count()
}

/// How many bytes from `from` on are letters or digits.
pub(super) fn span_alnum(text: &[u8], from: usize) -> usize {
    span_by(text, from, ALNUM, |byte| byte.is_ascii_alphanumeric())
}

/// How many bytes from `from` on are in [`RUN`].
pub(super) fn span_run(text: &[u8], from: usize) -> usize {
    span_by(text, from, RUN, |byte| {
        byte.is_ascii_alphanumeric() | matches!(byte, b'_' | b'-' | b'+' | b'/' | b'.' | b'~')
    })
}

/// The same sixteen bytes at a time; `is` tells the class without a table.
#[inline(always)]
fn span_by(text: &[u8], from: usize, class: Class, is: impl Fn(u8) -> bool) -> usize {
    let (chunks, rest) = text.get(from..).unwrap_or_default().as_chunks::<16>();
    let whole =
        chunks.iter().take_while(|chunk| chunk.iter().fold(true, |all, byte| all & is(*byte))).count();
    let next = chunks.get(whole).map_or(rest, <[u8; 16]>::as_slice);
    whole * 16 + span(next, 0, class, 16)
}

/// How many bytes from `from` on are of a set.
pub(crate) fn span_of(text: &[u8], from: usize, set: &[u8]) -> usize {
    text.get(from..).unwrap_or_default().iter().take_while(|byte| set.contains(byte)).count()
}

/// Where a quote closes what begins at `from`, in the same line.
pub(crate) fn closing(text: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr3(quote, b'\\', b'\n', text.get(at..)?)?;
        match text.get(at)? {
            b'\\' => at += 2,
            b'\n' => return None,
            _ => return Some(at),
        }
    }
}

/// How many bytes right before `end` are in a class, `most` at most.
pub(super) fn span_back(text: &[u8], end: usize, class: Class, most: usize) -> usize {
    text.get(..end).unwrap_or_default().iter().rev().take(most).take_while(|byte| is(**byte, class)).count()
}

/// How long the label of a block of text is (RFC 7468): capital letters, digits and spaces.
pub(super) fn span_label(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.iter().take(64).take_while(|byte| is(**byte, CAPS) || **byte == b' ').count()
}

/// Whether all bytes are in a class.
pub(super) fn all(text: &[u8], class: Class) -> bool {
    text.iter().all(|byte| is(*byte, class))
}

/// Bits of information in a character of `text`, times 100, were each drawn by its own frequency
/// (Shannon). Integer arithmetic, so that every platform answers the same.
pub(super) fn entropy(text: &[u8]) -> u32 {
    let mut counts = [0_u32; 128];
    let mut len = 0_u32;
    for byte in text.iter().take(256) {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
            len += 1;
        }
    }
    if len == 0 {
        return 0;
    }
    let sum: u32 = counts.iter().filter(|count| **count > 0).map(|count| count * log2(*count)).sum();
    log2(len).saturating_sub(sum / len)
}

/// 100 times the binary logarithm of a number from 1 to 256, to within one.
fn log2(number: u32) -> u32 {
    let whole = number.checked_ilog2().unwrap_or_default();
    let rest = (number << 10 >> whole) - 1024;
    // log2(1 + x) is close to x + 0.34 x (1 - x).
    let part = rest * 100 + (rest * (1024 - rest) / 1024) * 34;
    whole * 100 + part / 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_that_of_the_textbook() {
        for (text, expected) in
            [("", 0), ("aaaa", 0), ("abab", 100), ("abcd", 200), ("0123456789abcdef", 400), ("aab", 92)]
        {
            let found = entropy(text.as_bytes());
            assert!(found.abs_diff(expected) <= 2, "{text}: {found}");
        }
        for number in 1..=256_u32 {
            let exact = f64::from(number).log2() * 100.0;
            assert!((f64::from(log2(number)) - exact).abs() < 2.0, "{number}");
        }
    }

    #[test]
    fn spans_by_sixteen_are_those_of_the_tables() {
        for byte in 0..=255 {
            for at in [0, 1, 15, 16, 17, 40] {
                let mut text = vec![b'a'; 41];
                text[at] = byte;
                assert_eq!(span_alnum(&text, 0), span(&text, 0, ALNUM, usize::MAX), "{byte} at {at}");
                assert_eq!(span_run(&text, 0), span(&text, 0, RUN, usize::MAX), "{byte} at {at}");
                assert_eq!(span_run(&text, 9), span(&text, 9, RUN, usize::MAX), "{byte} at {at}");
            }
        }
        assert_eq!(span_run(b"a", 2), 0);
    }

    #[test]
    fn spans_stop_at_the_ends() {
        assert_eq!(span(b"ab1-", 0, ALNUM, 99), 3);
        assert_eq!(span(b"ab1-", 1, ALNUM, 1), 1);
        assert_eq!(span(b"ab", 5, ALNUM, 9), 0);
        assert_eq!(span_back(b"-ab1", 4, ALNUM, 99), 3);
        assert_eq!(span_back(b"ab", 9, ALNUM, 9), 0);
    }
}
