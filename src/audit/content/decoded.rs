//! A piece of text as the programs behind it may read it.

use super::affix::starts;
use crate::json::unescape;

/// How often encodings may be nested.
const ROUNDS: usize = 2;

/// The forms of one piece of text.
#[derive(Debug, Default)]
pub(super) struct Forms {
    written: Vec<u8>,
    plain: Vec<u8>,
    sql: Vec<u8>,
    /// Where a form is made.
    other: Vec<u8>,
}

/// Which reading of a text a family looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is written.
    Written,
    /// Percent, backslash and entity encodings undone, NUL dropped.
    Plain,
    /// The same with comments as a space, and white space as one.
    Sql,
}

impl Forms {
    /// Reads a piece of text.
    pub(super) fn read(&mut self, text: &[u8]) -> &mut Self {
        self.written.clear();
        self.written.extend_from_slice(text);
        self.decode()
    }

    /// Reads a piece of a JSON string.
    pub(super) fn read_written(&mut self, raw: &[u8]) -> &mut Self {
        self.written.clear();
        unescape(raw, &mut self.written);
        self.decode()
    }

    fn decode(&mut self) -> &mut Self {
        self.sql.clear();
        self.plain.clone_from(&self.written);
        for _ in 0..ROUNDS {
            let may_change = self.plain.iter().any(|byte| matches!(byte, b'%' | b'\\' | b'&' | 0));
            if !may_change || !decode(&self.plain, &mut self.other) {
                break;
            }
            std::mem::swap(&mut self.plain, &mut self.other);
        }
        self
    }

    pub(super) fn plain(&self) -> &[u8] {
        &self.plain
    }

    pub(super) fn get(&mut self, form: Form) -> &[u8] {
        match form {
            Form::Written => &self.written,
            Form::Plain => &self.plain,
            Form::Sql => {
                if self.sql.is_empty() {
                    spaced(&self.plain, &mut self.sql);
                }
                &self.sql
            }
        }
    }
}

/// A text without its encodings, where it has any.
pub(super) fn plain(text: &[u8]) -> Option<Vec<u8>> {
    let mut forms = Forms::default();
    forms.read(text);
    (forms.plain != text).then_some(forms.plain)
}

/// The byte that an encoded character at the start of a text stands for.
pub(super) fn first(text: &[u8]) -> Option<u8> {
    let (sign, tail) = text.split_first()?;
    encoded(*sign, tail)?.0
}

/// What a sign and what comes behind it stand for; a NUL stands for nothing.
fn encoded(sign: u8, tail: &[u8]) -> Option<Decoded> {
    match sign {
        b'%' => percent(tail),
        b'\\' => backslash(tail),
        b'&' => entity(tail),
        0 => Some((None, 0)),
        _ => None,
    }
}

/// One round; false where there is nothing to decode.
fn decode(text: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    let mut rest = text;
    let mut changed = false;
    while let [first, tail @ ..] = rest {
        if let Some((byte, used)) = encoded(*first, tail) {
            changed = true;
            out.extend(byte);
            rest = tail.get(used..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    changed
}

/// A byte and how many were read for it.
type Decoded = (Option<u8>, usize);

fn hex(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Bytes above ASCII are no sign of anything here, so that one of them stands for every such character.
fn byte(code: u32) -> Option<u8> {
    match code {
        0 => None,
        // Full-width forms, which databases and browsers fold.
        0xFF01..=0xFF5E => u8::try_from(code - 0xFEE0).ok(),
        0x2018 | 0x2019 | 0x02BC => Some(b'\''),
        _ => Some(u8::try_from(code).unwrap_or(0xFF)),
    }
}

fn percent(tail: &[u8]) -> Option<Decoded> {
    if let [b'u' | b'U', digits @ ..] = tail {
        return Some((byte(hex(digits.get(..4)?)?), 5));
    }
    Some((byte(hex(tail.get(..2)?)?), 2))
}

fn backslash(tail: &[u8]) -> Option<Decoded> {
    match tail {
        [b'x', digits @ ..] => Some((byte(hex(digits.get(..2)?)?), 3)),
        [b'u', digits @ ..] => Some((byte(hex(digits.get(..4)?)?), 5)),
        _ => None,
    }
}

fn entity(tail: &[u8]) -> Option<Decoded> {
    let (digits, radix, from) = match tail {
        [b'#', b'x' | b'X', digits @ ..] => (digits, 16, 2),
        [b'#', digits @ ..] => (digits, 10, 1),
        _ => return named(tail),
    };
    let len = digits.iter().take(8).take_while(|digit| char::from(**digit).is_digit(radix)).count();
    let code = u32::from_str_radix(std::str::from_utf8(digits.get(..len)?).ok()?, radix).ok()?;
    let semicolon = usize::from(digits.get(len) == Some(&b';'));
    Some((byte(code), from + len + semicolon))
}

fn named(tail: &[u8]) -> Option<Decoded> {
    const NAMES: &[(&str, u8)] = &[
        ("lt;", b'<'),
        ("gt;", b'>'),
        ("quot;", b'"'),
        ("apos;", b'\''),
        ("amp;", b'&'),
        ("colon;", b':'),
        ("lpar;", b'('),
        ("newline;", b'\n'),
        ("tab;", b'\t'),
    ];
    NAMES.iter().find(|(name, _)| starts(tail, &[name])).map(|(name, byte)| (Some(*byte), name.len()))
}

/// Comments and white space as one space each, as a database reads a statement. `/*!` starts no comment.
fn spaced(text: &[u8], out: &mut Vec<u8>) {
    // A `+` is a space where a text has no other: it came from a form.
    let plus = !text.contains(&b' ') && text.iter().filter(|byte| **byte == b'+').nth(1).is_some();
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let (space, used) = match (first, tail) {
            (b'/', [b'*', b'!', ..]) => {
                let digits = tail.iter().skip(2).take_while(|byte| byte.is_ascii_digit()).count();
                (true, 2 + digits)
            }
            (b'/', [b'*', inner @ ..]) => match memchr::memmem::find(inner, b"*/") {
                Some(end) => (true, 1 + end + 2),
                None => (false, 0),
            },
            (b'*', [b'/', ..]) => (true, 1),
            (b'+', _) if plus => (true, 0),
            (0x01..=0x20 | 0x7F | 0xA0, _) => (true, 0),
            _ => (false, 0),
        };
        if !space {
            out.push(*first);
        } else if out.last() != Some(&b' ') {
            out.push(b' ');
        }
        rest = tail.get(used..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone_and_nothing_else() {
        for (text, expected) in [
            ("plain", "plain"),
            ("%27%20or", "' or"),
            ("%2527", "'"),
            ("%u0027", "'"),
            ("%uff07", "'"),
            ("\\x3cscript", "<script"),
            ("\\u003cscript", "<script"),
            ("&lt;script&gt;", "<script>"),
            ("&#60;&#x3c;&#0000060", "<<<"),
            ("100% of & \\n", "100% of & \\n"),
            ("%", "%"),
            ("%2", "%2"),
            ("a\0b", "ab"),
        ] {
            assert_eq!(Forms::default().read(text.as_bytes()).plain(), expected.as_bytes(), "{text}");
        }
    }

    #[test]
    fn statements_are_read_without_comments() {
        for (text, expected) in [
            ("a/**/b", "a b"),
            ("a /* x */\n\tb", "a b"),
            ("/*!50000union*/ select", " union select"),
            ("1+or+1", "1 or 1"),
            ("1 + 1", "1 + 1"),
            ("a/*b", "a/*b"),
        ] {
            let mut forms = Forms::default();
            assert_eq!(forms.read(text.as_bytes()).get(Form::Sql), expected.as_bytes(), "{text}");
        }
    }
}
