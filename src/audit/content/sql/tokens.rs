//! SQL as its dialects read it: words, quoted names, strings and signs.

use crate::audit::content::affix::starts;

/// A token. Strings have no content here: what is data is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A key word, name or number.
    Word(&'t [u8]),
    /// A name between double quotes, back ticks.
    Name(&'t [u8]),
    /// A string.
    Text,
    /// The text between dollar quotes, which may be a program.
    Body(&'t [u8]),
    Sign(u8),
}

/// Reads a text once, forward.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what differs from dialect to dialect, each by itself")]
pub(super) struct Tokens<'t> {
    text: &'t [u8],
    at: usize,
    /// Whether a backslash keeps a quote from ending a string. Dialects differ.
    escapes: bool,
    /// What has no end.
    pub(super) open: Option<&'static str>,
    /// A comment was read.
    pub(super) comment: bool,
    /// What one dialect takes for data another takes for a statement.
    pub(super) hides: bool,
    /// A comment within a comment has no end: comments end where the first one does.
    flat: bool,
    /// A bracket of a string has no end: none is looked for again.
    unbracketed: bool,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t [u8], escapes: bool) -> Self {
        Self {
            text,
            at: 0,
            escapes,
            open: None,
            comment: false,
            hides: false,
            flat: false,
            unbracketed: false,
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
            if pair.first() == Some(&b'\\') || pair.get(1) == Some(&quote) {
                self.at = (self.at + 2).min(self.text.len());
                continue;
            }
            let inside = self.text.get(start..self.at).unwrap_or_default();
            self.at += 1;
            return inside;
        }
    }

    fn string(&mut self, escapes: bool) -> Token<'t> {
        self.quoted(b'\'', escapes, "a string in the statement does not end");
        Token::Text
    }

    fn line_comment(&mut self) {
        self.comment = true;
        self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
    }

    /// Reads up to the end of a comment whose start was read. Some dialects nest comments; in others the first end
    /// counts, so that what follows it must not be a statement.
    fn block_comment(&mut self) {
        self.comment = true;
        let (start, mut depth, mut first_end) = (self.at, 1_usize, None);
        while depth > 0 {
            let Some(next) = memchr::memchr2(b'*', b'/', self.rest()) else {
                self.at = first_end.unwrap_or(self.text.len());
                self.flat = true;
                if first_end.is_none() {
                    self.open = Some("a comment in the statement does not end");
                }
                return;
            };
            self.at += next;
            let (step, change) = match self.rest() {
                [b'*', b'/', ..] => (2, -1),
                [b'/', b'*', ..] if !self.flat => (2, 1),
                _ => (1, 0),
            };
            depth = depth.saturating_add_signed(change);
            self.at += step;
            if change < 0 {
                first_end.get_or_insert(self.at);
            }
        }
        let behind = first_end.unwrap_or(start)..self.at;
        self.hides |= self.text.get(behind).is_some_and(starts_statement);
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
        let Some(end) = memchr::memmem::find(inside, tag) else {
            self.at = self.text.len();
            self.open = Some("a dollar quote in the statement does not end");
            return Some(Token::Body(inside));
        };
        self.at += len + end + len;
        inside.get(..end).map(Token::Body)
    }

    /// Reads the string of Oracle that its own bracket ends: `q'[it's]'`, at the bracket.
    fn bracketed(&mut self) -> Token<'t> {
        let close = match self.rest().first() {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            Some(b'(') => b')',
            Some(b'<') => b'>',
            Some(other) => *other,
            None => b'\'',
        };
        let inside = self.rest().get(1..).unwrap_or_default();
        let end = (!self.unbracketed).then(|| memchr::memmem::find(inside, &[close, b'\''])).flatten();
        self.unbracketed |= end.is_none();
        if let Some(end) = end {
            // Elsewhere the first quote ends the string.
            let body = inside.get(..end).unwrap_or_default();
            let behind = memchr::memchr(b'\'', body).and_then(|quote| body.get(quote..));
            self.hides |= behind.is_some_and(starts_statement);
            self.at += 1 + end + 2;
            Token::Text
        } else {
            self.string(self.escapes)
        }
    }

    fn word(&mut self) -> Token<'t> {
        let is_inside =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@') || *byte >= 0x80;
        let rest = self.rest();
        let len = rest.iter().take_while(|byte| is_inside(byte)).count().max(1);
        let word = rest.get(..len).unwrap_or_default();
        self.at += len;
        if self.rest().first() == Some(&b'\'') {
            // The letter before a string says how it is read.
            match word {
                [b'e' | b'E'] => {
                    self.at += 1;
                    return self.string(true);
                }
                [b'n' | b'N' | b'b' | b'B' | b'x' | b'X'] => {
                    self.at += 1;
                    return self.string(self.escapes);
                }
                [b'q' | b'Q'] | [b'n' | b'N', b'q' | b'Q'] => {
                    self.at += 1;
                    return self.bracketed();
                }
                _ => {}
            }
        }
        Token::Word(word)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = self.rest();
            let first = *rest.first()?;
            match rest {
                [b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C, ..] => self.at += 1,
                [b'-', b'-', ..] => self.line_comment(),
                // A server runs what is in such a comment.
                [b'/', b'*', b'!', ..] => {
                    self.at += 3 + rest.iter().skip(3).take_while(|byte| byte.is_ascii_digit()).count();
                }
                [b'/', b'*', ..] => {
                    self.at += 2;
                    self.block_comment();
                }
                [b'*', b'/', ..] => self.at += 2,
                [b'\'', ..] => {
                    self.at += 1;
                    return Some(self.string(self.escapes));
                }
                [b'"' | b'`', ..] => {
                    self.at += 1;
                    let escapes = self.escapes && first == b'"';
                    return Some(Token::Name(self.quoted(
                        first,
                        escapes,
                        "a quoted name in the statement does not end",
                    )));
                }
                [b'$', ..] => {
                    if let Some(token) = self.dollar() {
                        return Some(token);
                    }
                    return Some(self.word());
                }
                [byte, ..]
                    if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@') || *byte >= 0x80 =>
                {
                    return Some(self.word());
                }
                _ => {
                    self.at += 1;
                    return Some(Token::Sign(first));
                }
            }
        }
    }
}

/// Words that statements start with.
const VERBS: &[&str] = &[
    "select", "insert", "update", "delete", "merge", "replace", "drop", "create", "alter", "truncate",
    "grant", "revoke", "exec", "execute", "call", "copy", "attach", "pragma", "set", "declare", "begin",
    "do", "with", "load", "shutdown", "vacuum", "waitfor", "use", "if", "while", "kill", "backup", "restore",
    "rename", "install", "xp_", "sp_", "values", "table", "show", "explain",
];

/// Whether a word is one that a statement starts with.
pub(super) fn is_verb(word: &[u8]) -> bool {
    VERBS.iter().any(|verb| {
        word.eq_ignore_ascii_case(verb.as_bytes()) || (verb.ends_with('_') && starts(word, &[verb]))
    })
}

/// Whether a text has a semicolon with a statement behind it, whatever it is in.
fn starts_statement(text: &[u8]) -> bool {
    memchr::memchr_iter(b';', text).any(|at| {
        let behind = text.get(at + 1..).unwrap_or_default().trim_ascii_start();
        let len = behind.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        behind.get(..len).is_some_and(is_verb)
    })
}
