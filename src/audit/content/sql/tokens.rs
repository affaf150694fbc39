//! SQL as one of its dialects reads it: words, quoted names, strings and signs.

use super::dialect::{Dialect, ends_dashes};

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A key word, name or number.
    Word(&'t [u8]),
    /// A name between double quotes, back ticks or brackets.
    Name(&'t [u8]),
    /// A name in which code points stand for letters.
    Coded,
    /// A string.
    Text(&'t [u8]),
    /// The text between dollar quotes, which may be a program.
    Body(&'t [u8]),
    Sign(u8),
}

/// Reads a text once, forward.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what was read, each by itself")]
pub(super) struct Tokens<'t> {
    text: &'t [u8],
    at: usize,
    dialect: Dialect,
    /// What has no end.
    pub(super) open: Option<&'static str>,
    /// A comment was read.
    pub(super) comment: bool,
    /// The statement is one that has a program in it: a dollar quote is one in any dialect.
    programs: bool,
    begun: bool,
    /// Something has no end: none is looked for again.
    unclosed: bool,
}

const STRING: &str = "a string in the statement does not end";
const NAME: &str = "a quoted name in the statement does not end";

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t [u8], dialect: Dialect) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            open: None,
            comment: false,
            programs: false,
            begun: false,
            unclosed: false,
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads up to the end of a string or quoted name whose quote was read; a doubled quote does not end it.
    fn quoted(&mut self, quote: u8, escapes: bool, what: &'static str) -> &'t [u8] {
        let start = self.at;
        loop {
            let rest = self.rest();
            let next =
                if escapes { memchr::memchr2(quote, b'\\', rest) } else { memchr::memchr(quote, rest) };
            let Some(next) = next else {
                self.at = self.text.len();
                self.open = Some(what);
                return self.text.get(start..).unwrap_or_default();
            };
            self.at += next;
            let pair = self.rest();
            if (escapes && pair.first() == Some(&b'\\')) || pair.get(1) == Some(&quote) {
                self.at = (self.at + 2).min(self.text.len());
                continue;
            }
            let inside = self.text.get(start..self.at).unwrap_or_default();
            self.at += 1;
            return inside;
        }
    }

    /// Reads a string at its first quote.
    fn string(&mut self, quote: u8, escapes: bool) -> &'t [u8] {
        if self.dialect.has(Dialect::TRIPLE) && self.rest().starts_with(&[quote; 3]) {
            return self.triple(quote);
        }
        self.at += 1;
        self.quoted(quote, escapes, if quote == b'\'' { STRING } else { NAME })
    }

    /// Reads a string between three quotes, at the first of them.
    fn triple(&mut self, quote: u8) -> &'t [u8] {
        self.at += 3;
        let start = self.at;
        while let Some(next) = memchr::memchr2(quote, b'\\', self.rest()) {
            self.at += next;
            if self.rest().first() == Some(&b'\\') {
                self.at = (self.at + 2).min(self.text.len());
            } else if self.rest().starts_with(&[quote; 3]) {
                let inside = self.text.get(start..self.at).unwrap_or_default();
                self.at += 3;
                return inside;
            } else {
                self.at += 1;
            }
        }
        self.at = self.text.len();
        self.open = Some(STRING);
        self.text.get(start..).unwrap_or_default()
    }

    fn line_comment(&mut self) {
        self.comment = true;
        let rest = self.rest();
        let end = if self.dialect.has(Dialect::RETURNS) {
            memchr::memchr2(b'\n', b'\r', rest)
        } else {
            memchr::memchr(b'\n', rest)
        };
        self.at += end.unwrap_or(rest.len());
    }

    /// Reads up to the end of a comment whose start was read.
    fn block_comment(&mut self) {
        self.comment = true;
        let mut depth = 1_usize;
        while depth > 0 {
            let Some(next) = memchr::memchr2(b'*', b'/', self.rest()) else {
                self.at = self.text.len();
                self.open = Some("a comment in the statement does not end");
                return;
            };
            self.at += next;
            let (step, change) = match self.rest() {
                [b'*', b'/', ..] => (2, -1),
                [b'/', b'*', ..] if self.dialect.has(Dialect::NESTS) => (2, 1),
                _ => (1, 0),
            };
            depth = depth.saturating_add_signed(change);
            self.at += step;
        }
    }

    /// Reads up to the end of a dollar quote, at its first dollar; `None` where it is none.
    fn dollar(&mut self) -> Option<Token<'t>> {
        let rest = self.rest();
        let is_tag = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let len = rest.iter().skip(1).take_while(|byte| is_tag(byte)).count() + 2;
        let tag = rest
            .get(..len)
            .filter(|tag| tag.last() == Some(&b'$') && !tag.get(1).is_some_and(u8::is_ascii_digit))?;
        let inside = rest.get(len..)?;
        let quotes = self.dialect.has(Dialect::DOLLARS) || self.programs;
        if !quotes && self.unclosed {
            return None;
        }
        let Some(end) = memchr::memmem::find(inside, tag) else {
            self.open = Some("a dollar quote in the statement does not end");
            self.unclosed = true;
            if !quotes {
                return None;
            }
            self.at = self.text.len();
            return Some(Token::Body(inside));
        };
        if !quotes {
            return None;
        }
        self.at += len + end + len;
        inside.get(..end).map(Token::Body)
    }

    /// Reads the string of Oracle that its own bracket ends: `q'[it's]'`, at the quote.
    fn bracketed(&mut self) -> Token<'t> {
        let close = match self.rest().get(1) {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            Some(b'(') => b')',
            Some(b'<') => b'>',
            Some(other) => *other,
            None => b'\'',
        };
        let inside = self.rest().get(2..).unwrap_or_default();
        let end = (!self.unclosed).then(|| memchr::memmem::find(inside, &[close, b'\''])).flatten();
        self.unclosed |= end.is_none();
        let Some(end) = end else {
            return Token::Text(self.string(b'\'', false));
        };
        self.at += 2 + end + 2;
        Token::Text(inside.get(..end).unwrap_or_default())
    }

    fn word(&mut self) -> Token<'t> {
        let rest = self.rest();
        let mut len = 1;
        while let Some(byte) = rest.get(len) {
            let inside = match byte {
                b'_' | b'$' => true,
                // Variables of a server have two of them: `@@global`.
                b'@' => len == 1 && rest.first() == Some(&b'@'),
                0x80.. => rest.get(len..).is_some_and(|rest| space(rest) == 0),
                _ => byte.is_ascii_alphanumeric(),
            };
            if !inside {
                break;
            }
            len += 1;
        }
        let word = rest.get(..len).unwrap_or_default();
        self.at += len;
        let escapes = self.dialect.has(Dialect::ESCAPES);
        // The letter before a string says how it is read.
        match (word, self.rest()) {
            ([b'e' | b'E'], [b'\'', ..]) => return Token::Text(self.string(b'\'', true)),
            ([b'n' | b'N' | b'b' | b'B' | b'x' | b'X' | b'r' | b'R'], [b'\'', ..]) => {
                return Token::Text(self.string(b'\'', escapes));
            }
            ([b'q' | b'Q'] | [b'n' | b'N', b'q' | b'Q'], [b'\'', ..])
                if self.dialect.has(Dialect::Q_QUOTES) =>
            {
                return self.bracketed();
            }
            ([b'u' | b'U'], [b'&', b'\'', ..]) => {
                self.at += 1;
                return Token::Text(self.string(b'\'', false));
            }
            ([b'u' | b'U'], [b'&', b'"', ..]) => {
                self.at += 1;
                self.string(b'"', false);
                return Token::Coded;
            }
            _ => {}
        }
        if !std::mem::replace(&mut self.begun, true) {
            self.programs =
                [&b"do"[..], b"create", b"alter"].iter().any(|verb| word.eq_ignore_ascii_case(verb));
        }
        Token::Word(word)
    }

    fn sign(&mut self, sign: u8) -> Token<'t> {
        self.at += 1;
        if sign == b';' {
            (self.begun, self.programs) = (false, false);
        }
        Token::Sign(sign)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let escapes = self.dialect.has(Dialect::ESCAPES);
        loop {
            let rest = self.rest();
            let first = *rest.first()?;
            match rest {
                [b'-', b'-', tail @ ..]
                    if !self.dialect.has(Dialect::SPACED) || ends_dashes(tail.first().copied()) =>
                {
                    self.line_comment();
                }
                [b'#', ..] if self.dialect.has(Dialect::HASHES) => self.line_comment(),
                [b'/', b'/', ..] if self.dialect.has(Dialect::SLASHES) => self.line_comment(),
                // A server runs what is in such a comment.
                [b'/', b'*', b'!', tail @ ..] | [b'/', b'*', b'M' | b'm', b'!', tail @ ..]
                    if self.dialect.has(Dialect::RUNS) =>
                {
                    self.at = self.text.len() - tail.len();
                    self.at += tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
                }
                [b'/', b'*', ..] => {
                    self.at += 2;
                    self.block_comment();
                }
                [b'*', b'/', ..] => self.at += 2,
                [b'\'', ..] => return Some(Token::Text(self.string(b'\'', escapes))),
                [b'"', ..] => return Some(Token::Name(self.string(b'"', escapes))),
                [b'`', ..] => {
                    self.at += 1;
                    return Some(Token::Name(self.quoted(b'`', self.dialect.has(Dialect::TICKS), NAME)));
                }
                [b'[', ..] if self.dialect.has(Dialect::BRACKETS) => {
                    self.at += 1;
                    return Some(Token::Name(self.quoted(b']', false, NAME)));
                }
                [b'$', ..] => {
                    if let Some(token) = self.dollar() {
                        return Some(token);
                    }
                    return Some(self.word());
                }
                [byte, ..] if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@') => {
                    return Some(self.word());
                }
                _ => match space(rest) {
                    0 if first >= 0x80 => return Some(self.word()),
                    0 => return Some(self.sign(first)),
                    len => self.at += len,
                },
            }
        }
    }
}

/// How many bytes of white space, as the most willing dialect takes it, a text starts with: of one character.
fn space(text: &[u8]) -> usize {
    match text {
        [0..=b' ' | 0x7F, ..] => 1,
        [0xC2, 0x85 | 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8F | 0xA8 | 0xA9 | 0xAF, ..]
        | [0xE2, 0x81, 0x9F | 0xA0, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xEF, 0xBB, 0xBF, ..] => 3,
        _ => 0,
    }
}
