//! Strings: escapes (RFC 8259 section 7), surrogates, and the text they stand for.

use std::borrow::Cow;
use std::ops::Range;

/// A string token of a document: the bytes between its quotes, as written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The document.
    pub(super) bytes: &'a [u8],
    /// The offset of the opening quote.
    pub(crate) open: usize,
    /// The offset of the closing quote, or where a string that has none is cut.
    pub(super) close: usize,
    /// Whether there may be a backslash in it; never false where there is one.
    pub(crate) escaped: bool,
}

impl<'a> Text<'a> {
    /// What lies between the quotes at `open` and `close`, of a text that may be no document.
    pub(crate) fn between(bytes: &'a [u8], open: usize, close: usize) -> Self {
        Self { bytes, open, close, escaped: true }
    }

    /// Bytes between the quotes.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.close - self.open - 1
    }

    /// As written.
    #[inline]
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.bytes.get(self.open + 1..self.close).unwrap_or_default()
    }

    /// Whether there is a backslash in it.
    #[inline]
    pub(crate) fn has_escapes(&self) -> bool {
        self.escaped && memchr::memchr(b'\\', self.raw()).is_some()
    }

    /// The document, and where between the quotes the string lies in it.
    #[inline]
    pub(crate) fn inside(&self) -> (&'a [u8], Range<usize>) {
        (self.bytes, self.open + 1..self.close)
    }

    /// One past the closing quote.
    pub(crate) fn end(&self) -> usize {
        (self.close + 1).min(self.bytes.len())
    }

    /// The text that it stands for, as UTF-8; half a surrogate pair becomes the three bytes it would
    /// have, so that different texts stay different.
    pub(crate) fn unescaped(&self) -> Cow<'a, [u8]> {
        let raw = self.raw();
        if self.has_escapes() {
            let mut out = Vec::with_capacity(raw.len());
            unescape(raw, &mut out);
            Cow::Owned(out)
        } else {
            Cow::Borrowed(raw)
        }
    }
}

/// Where the text that a string stands for lies in the string as written.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    raw: &'a [u8],
    at: usize,
    /// How many bytes of text the first `at` bytes stand for.
    stands_for: usize,
}

impl<'a> Written<'a> {
    pub(crate) fn new(text: &Text<'a>) -> Self {
        Self::of(text.raw())
    }

    /// The same for what would lie between quotes.
    pub(crate) fn of(raw: &'a [u8]) -> Self {
        Self { raw, at: 0, stands_for: 0 }
    }

    /// The offset as written of an offset into the text, behind a character that it cuts. Offsets are asked for in
    /// rising order, so that all of them take one pass.
    pub(crate) fn offset(&mut self, of: usize) -> usize {
        while self.stands_for < of {
            let rest = self.raw.get(self.at..).unwrap_or_default();
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len()).min(of - self.stands_for);
            self.at += plain;
            self.stands_for += plain;
            if self.stands_for < of {
                let Some(b'\\') = self.raw.get(self.at) else { break };
                let (end, bytes) = match escape(self.raw, self.at) {
                    Ok(Escape { code, end }) => (end, char::from_u32(code).map_or(3, char::len_utf8)),
                    Err(_) => (self.at + 1, 1),
                };
                self.at = end;
                self.stands_for += bytes;
            }
        }
        self.at
    }
}

/// What the escapes of a string turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Escapes {
    /// The first `\u` escape of half a surrogate pair, before `wrong`.
    pub(super) lone_surrogate: Option<usize>,
    /// The first byte that no escape has there; the length of the text where it ends too early.
    pub(super) wrong: Option<usize>,
}

/// Checks the escapes of a string as written; offsets are into `raw`.
pub(super) fn check_escapes(raw: &[u8]) -> Escapes {
    let mut found = Escapes::default();
    let mut at = 0;
    while let Some(next) = raw.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += next;
        match escape(raw, at) {
            Ok(escape) => {
                if escape.lone() && found.lone_surrogate.is_none() {
                    found.lone_surrogate = Some(at);
                }
                at = escape.end;
            }
            Err(wrong) => {
                found.wrong = Some(wrong);
                break;
            }
        }
    }
    found
}

/// Puts U+FFFD in the place of each escape of half a surrogate pair, in a document whose escapes were checked.
pub(crate) fn mend_surrogates(document: &mut [u8]) {
    let mut at = 0;
    while let Some(next) = document.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += next;
        let Ok(escape) = escape(document, at) else { return };
        if escape.lone()
            && let Some(half) = document.get_mut(at..escape.end)
        {
            half.copy_from_slice(br"\ufffd");
        }
        at = escape.end;
    }
}

/// One escape: the code point it stands for (a surrogate where it is half a pair) and its end.
struct Escape {
    code: u32,
    end: usize,
}

impl Escape {
    fn lone(&self) -> bool {
        (0xD800..0xE000).contains(&self.code)
    }
}

/// Reads the escape whose backslash is at `at`; an error is the offset of the first wrong byte.
fn escape(raw: &[u8], at: usize) -> Result<Escape, usize> {
    let code = match raw.get(at + 1) {
        Some(&byte @ (b'"' | b'\\' | b'/')) => u32::from(byte),
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => 10,
        Some(b'r') => 13,
        Some(b't') => 9,
        Some(b'u') => return unicode_escape(raw, at),
        _ => return Err(at + 1),
    };
    Ok(Escape { code, end: at + 2 })
}

fn unicode_escape(raw: &[u8], at: usize) -> Result<Escape, usize> {
    let code = hex4(raw, at + 2)?;
    let end = at + 6;
    if (0xD800..0xDC00).contains(&code) && raw.get(end) == Some(&b'\\') && raw.get(end + 1) == Some(&b'u') {
        // A wrong digit in the second half is found when that escape is read itself.
        if let Ok(low @ 0xDC00..0xE000) = hex4(raw, end + 2) {
            return Ok(Escape { code: 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), end: end + 6 });
        }
    }
    Ok(Escape { code, end })
}

fn hex4(raw: &[u8], from: usize) -> Result<u32, usize> {
    let mut code = 0;
    for at in from..from + 4 {
        let digit = raw.get(at).and_then(|byte| char::from(*byte).to_digit(16)).ok_or(at)?;
        code = code << 4 | digit;
    }
    Ok(code)
}

/// Adds the text of a string, or of a part of one, whose escapes were checked; a wrong or cut escape stands for
/// itself.
pub(crate) fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, from) = rest.split_at(at);
        out.extend_from_slice(plain);
        let end = if let Ok(escape) = escape(from, 0) {
            push_code(out, escape.code);
            escape.end
        } else {
            out.push(b'\\');
            1
        };
        rest = from.get(end..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

fn push_code(out: &mut Vec<u8>, code: u32) {
    if let Some(c) = char::from_u32(code) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        // Half a pair, in the three bytes that UTF-8 would use were it a character (WTF-8).
        for (shift, mark) in [(12, 0xE0), (6, 0x80), (0, 0x80)] {
            out.push(mark | u8::try_from(code >> shift & 0x3F).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(raw: &str) -> Vec<u8> {
        let quoted = format!("\"{raw}\"");
        let text = Text { bytes: quoted.as_bytes(), open: 0, close: quoted.len() - 1, escaped: true };
        text.unescaped().into_owned()
    }

    #[test]
    fn escapes_stand_for_their_text() {
        for (raw, plain) in [
            ("", ""),
            ("plain", "plain"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"a\u0041\u00e9\u20AC", "aAé€"),
            (r"\uD83D\uDE00!", "😀!"),
        ] {
            assert_eq!(check_escapes(raw.as_bytes()), Escapes::default(), "{raw}");
            assert_eq!(unescaped(raw), plain.as_bytes(), "{raw}");
        }
    }

    #[test]
    fn offsets_lead_back_to_what_was_written() {
        for (raw, text, written) in [
            ("abc", "b", 1..2),
            (r"\u0061bc", "ab", 0..7),
            (r"a\nb\u00e9c", "c", 10..11),
            (r"\uD83D\uDE00x", "x", 12..13),
            (r"\uD800x", "x", 6..7),
            (r#"\"\"x\""#, "x", 4..5),
            (r"x\u0041", "xA", 0..7),
        ] {
            let quoted = format!("\"{raw}\"");
            let token = Text { bytes: quoted.as_bytes(), open: 0, close: quoted.len() - 1, escaped: true };
            let at = memchr::memmem::find(&token.unescaped(), text.as_bytes()).unwrap();
            let mut offsets = Written::new(&token);
            let start = offsets.offset(at);
            assert_eq!(start..offsets.offset(at + text.len()), written, "{raw}");
        }
    }

    #[test]
    fn halves_of_pairs_are_mended_and_nothing_else() {
        for (given, mended) in [
            (r#"["\ud800"]"#, r#"["\ufffd"]"#),
            (r#"["\uD83D\uDE00\uD83D x\uDC00"]"#, r#"["\uD83D\uDE00\ufffd x\ufffd"]"#),
            (r#"["\\ud800","\\\ud800"]"#, r#"["\\ud800","\\\ufffd"]"#),
            (r#"["\ud800\ud800\udc00"]"#, r#"["\ufffd\ud800\udc00"]"#),
            ("[1]", "[1]"),
        ] {
            let mut document = given.as_bytes().to_vec();
            mend_surrogates(&mut document);
            assert_eq!(String::from_utf8(document).unwrap(), mended);
        }
    }

    #[test]
    fn wrong_escapes_and_lone_surrogates_have_a_place() {
        for (raw, lone_surrogate, wrong) in [
            (r"ab\x", None, Some(3)),
            (r"\", None, Some(1)),
            (r"\u12", None, Some(4)),
            (r"\u12G4", None, Some(4)),
            (r"\U0041", None, Some(1)),
            (r"\uD800", Some(0), None),
            (r"a\uDC00", Some(1), None),
            (r"\uD800\u0041", Some(0), None),
            (r"\uD800\uD800\uDC00", Some(0), None),
            (r"\uD83D\uDE00\uD83D", Some(12), None),
            (r"\uD800 \q", Some(0), Some(8)),
            (r"\uD800\uZZZZ", Some(0), Some(8)),
            (r"\q \uD800", None, Some(1)),
        ] {
            assert_eq!(check_escapes(raw.as_bytes()), Escapes { lone_surrogate, wrong }, "{raw}");
        }
        assert_ne!(unescaped(r"\uD800"), unescaped(r"\uD801"));
        assert_ne!(unescaped(r"\uD800"), unescaped(r"\uFFFD"));
    }
}
