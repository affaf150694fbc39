//! What a message asks for, read from bytes that nothing else reads: lines that are too long, or whose audit was
//! given up. Holds a few hundred bytes however long the message is, and takes it in pieces of any size.
//!
//! Finds members by their place, knows no more grammar than strings and brackets, and believes nothing: it names
//! the request that a refusal answers.

use super::{MAX_ID, MAX_METHOD, MAX_NAME, MAX_NUMBER, MessageId, MessageKind, is_safe};
use crate::json::{is_number, unescape};
use std::borrow::Cow;

/// Longer tokens are not kept (bytes as written): an escape takes six for one.
const KEEP: usize = 6 * MAX_ID + 2;

/// A pass over the bytes of one message.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each by itself")]
pub(crate) struct Scan {
    /// Open containers.
    depth: u64,
    state: State,
    /// The token that is being read; empty where it is of no interest.
    token: Vec<u8>,
    /// It was longer than is kept.
    cut: bool,
    /// A key may come next, at the depths that are looked at.
    keys: bool,
    /// The member of the message, and of its params, whose value comes.
    outer: Member,
    inner: Member,
    begin: Begin,
    in_params: bool,
    id: Found,
    method: Found,
    name: Found,
    answer: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Between,
    Text,
    Escape,
    /// A number or literal.
    Bare,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Member {
    #[default]
    Other,
    Id,
    Method,
    Params,
    Answer,
    Name,
}

/// What the message begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Begin {
    #[default]
    Nothing,
    Object,
    Array,
    Else,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
enum Found {
    #[default]
    Nothing,
    /// As written.
    Token(Vec<u8>),
    /// There, but of no use: twice, too long, or a container.
    Unclear,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scanned {
    pub(crate) kind: MessageKind,
    pub(crate) id: Option<MessageId<'static>>,
    pub(crate) method: Option<String>,
    /// `params.name`.
    pub(crate) name: Option<String>,
}

impl Scan {
    /// Reads a whole message.
    pub(crate) fn of(bytes: &[u8]) -> Scanned {
        let mut scan = Self::default();
        scan.feed(bytes);
        scan.end()
    }

    /// Reads on.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) {
        while let [byte, tail @ ..] = bytes {
            match self.state {
                State::Text => {
                    let end = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
                    let (plain, rest) = bytes.split_at(end);
                    self.keep(plain);
                    bytes = rest;
                    if let [byte, rest @ ..] = bytes {
                        self.keep(&[*byte]);
                        bytes = rest;
                        self.state = if *byte == b'\\' { State::Escape } else { State::Between };
                        if *byte == b'"' {
                            self.token_ends();
                        }
                    }
                }
                State::Escape => {
                    self.keep(&[*byte]);
                    self.state = State::Text;
                    bytes = tail;
                }
                State::Bare if !b" \t\r\n,:[]{}\"".contains(byte) => {
                    self.keep(&[*byte]);
                    bytes = tail;
                }
                State::Bare => {
                    self.state = State::Between;
                    self.token_ends();
                }
                State::Between => {
                    bytes = tail;
                    self.between(*byte);
                }
            }
        }
    }

    fn between(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'{' | b'[' => self.begins(byte),
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 1 {
                    self.in_params = false;
                }
                self.keys = false;
            }
            b',' => {
                self.keys = self.depth == 1 || (self.depth == 2 && self.in_params);
            }
            b':' => self.keys = false,
            byte => {
                if self.depth == 0 && self.begin == Begin::Nothing {
                    self.begin = Begin::Else;
                }
                self.state = if byte == b'"' { State::Text } else { State::Bare };
                self.token.clear();
                self.cut = false;
                self.keep(&[byte]);
            }
        }
    }

    fn begins(&mut self, byte: u8) {
        match self.depth {
            0 if self.begin == Begin::Nothing => {
                self.begin = if byte == b'{' { Begin::Object } else { Begin::Array };
            }
            1 => {
                self.in_params = self.outer == Member::Params && byte == b'{';
                self.value(None);
            }
            2 if self.in_params => self.value(None),
            _ => {}
        }
        self.depth += 1;
        self.keys = byte == b'{' && (self.depth == 1 || (self.depth == 2 && self.in_params));
    }

    /// Whether tokens at this depth mean something.
    fn looks(&self) -> bool {
        self.begin == Begin::Object && (self.depth == 1 || (self.depth == 2 && self.in_params))
    }

    fn keep(&mut self, bytes: &[u8]) {
        if !self.looks() || self.cut {
            return;
        }
        if self.token.len() + bytes.len() > KEEP {
            self.cut = true;
            self.token.clear();
        } else {
            self.token.extend_from_slice(bytes);
        }
    }

    fn token_ends(&mut self) {
        if !self.looks() {
            return;
        }
        if self.keys {
            self.keys = false;
            let key = text(&self.token);
            let member = match (self.depth, key.as_deref()) {
                (1, Some("id")) => Member::Id,
                (1, Some("method")) => Member::Method,
                (1, Some("params")) => Member::Params,
                (1, Some("result" | "error")) => Member::Answer,
                (2, Some("name")) => Member::Name,
                _ => Member::Other,
            };
            *(if self.depth == 1 { &mut self.outer } else { &mut self.inner }) = member;
        } else {
            let token = (!self.cut).then(|| std::mem::take(&mut self.token));
            self.value(token);
        }
    }

    /// The value of the current member; none where it is a container or too long.
    fn value(&mut self, token: Option<Vec<u8>>) {
        let member = std::mem::take(if self.depth == 1 { &mut self.outer } else { &mut self.inner });
        let slot = match member {
            Member::Id => &mut self.id,
            Member::Method => &mut self.method,
            Member::Name => &mut self.name,
            Member::Answer => return self.answer = true,
            Member::Params | Member::Other => return,
        };
        *slot = match (&slot, token) {
            (Found::Nothing, Some(token)) => Found::Token(token),
            _ => Found::Unclear,
        };
    }

    /// Whether it is an answer by what was read so far.
    pub(crate) fn is_answer(&self) -> bool {
        self.begin == Begin::Object && self.answer() && self.method == Found::Nothing
    }

    /// Whether a result or error was read, or is being read.
    fn answer(&self) -> bool {
        self.answer || self.outer == Member::Answer
    }

    /// What was found; the message has no more bytes.
    pub(crate) fn end(mut self) -> Scanned {
        if self.state == State::Bare {
            self.token_ends();
        }
        let kind = match self.begin {
            Begin::Array => MessageKind::Batch,
            // Cut off, or with brackets that do not match.
            _ if self.depth != 0 => MessageKind::Invalid,
            Begin::Object if self.method != Found::Nothing => {
                if self.id == Found::Nothing {
                    MessageKind::Notification
                } else {
                    MessageKind::Request
                }
            }
            Begin::Object if self.answer => MessageKind::Response,
            _ => MessageKind::Invalid,
        };
        Scanned {
            kind,
            id: self.id.id(),
            method: self.method.text(MAX_METHOD),
            name: self.name.text(MAX_NAME),
        }
    }
}

impl Found {
    fn text(&self, max: usize) -> Option<String> {
        let Self::Token(token) = self else { return None };
        text(token).filter(|text| text.len() <= max)
    }

    fn id(&self) -> Option<MessageId<'static>> {
        let Self::Token(token) = self else { return None };
        match token.first() {
            Some(b'"') => self.text(MAX_ID).map(|text| MessageId::Text(Cow::Owned(text))),
            _ => number(token).map(MessageId::into_owned),
        }
    }
}

/// The text of a string as written, quotes included.
fn text(token: &[u8]) -> Option<String> {
    let raw = token.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut out = Vec::with_capacity(raw.len());
    unescape(raw, &mut out);
    String::from_utf8(out).ok()
}

/// The id that a number is.
pub(super) fn number(token: &[u8]) -> Option<MessageId<'_>> {
    if let Some(number) = integer(token) {
        return Some(MessageId::Number(number));
    }
    let written = std::str::from_utf8(token).ok()?;
    let usable = token.len() <= MAX_NUMBER && is_number(token);
    usable.then_some(MessageId::Written(Cow::Borrowed(written)))
}

/// An integer as written, where JavaScript keeps every digit of it.
fn integer(token: &[u8]) -> Option<i64> {
    let digits = token.strip_prefix(b"-").unwrap_or(token);
    let leads = (digits.len() > 1 && digits.starts_with(b"0")) || token == b"-0";
    if leads || digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(token).ok()?.parse().ok().filter(|number| is_safe(*number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageKind::{Batch, Invalid, Notification, Request, Response};

    #[test]
    fn the_id_is_found_wherever_it_stands_and_nowhere_else() {
        let number = |number| Some(MessageId::Number(number));
        let written = |number: &'static str| Some(MessageId::Written(Cow::Borrowed(number)));
        let string = |text: &'static str| Some(MessageId::Text(Cow::Borrowed(text)));
        for (text, kind, id) in [
            (r#"{"id":1,"method":"a"}"#, Request, number(1)),
            (r#"{"method":"a","params":{"id":2},"id":3}"#, Request, number(3)),
            (r#"{"method":"a","params":{"x":[{"id":2}]} , "id" : -7 }"#, Request, number(-7)),
            (r#"{"method":"a","params":["id",5],"id":3}"#, Request, number(3)),
            (r#"{"method":"a","params":{"x":"\"id\":9,{"},"id":"b"}"#, Request, string("b")),
            (r#"{"method":"a","\u0069d":"\u0062"}"#, Request, string("b")),
            (r#"{"method":"id","x":"id"}"#, Notification, None),
            (r#"{"id":1,"result":{"method":"x","id":2}}"#, Response, number(1)),
            (r#"{"id":1,"error":{}}"#, Response, number(1)),
            (r#"{"id":1,"id":2,"method":"a"}"#, Request, None),
            (r#"{"id":{"id":1},"method":"a"}"#, Request, None),
            (r#"{"id":null,"method":"a"}"#, Request, None),
            (r#"{"id":1.0,"method":"a"}"#, Request, written("1.0")),
            (r#"{"id":-0,"method":"a"}"#, Request, written("-0")),
            (r#"{"id":1e999,"method":"a"}"#, Request, written("1e999")),
            (r#"{"id":01,"method":"a"}"#, Request, None),
            (r#"{"id":9007199254740991,"method":"a"}"#, Request, number(9_007_199_254_740_991)),
            (r#"{"id":9007199254740992,"method":"a"}"#, Request, written("9007199254740992")),
            (r#"{"id":true,"method":"a"}"#, Request, None),
            (r#"[{"id":1,"method":"a"}]"#, Batch, None),
            (r#""id""#, Invalid, None),
            ("", Invalid, None),
            (r#"{"id":5"#, Invalid, number(5)),
            (r#"{"id":5,"method":"a","params":{"x":"#, Invalid, number(5)),
        ] {
            let whole = Scan::of(text.as_bytes());
            assert_eq!((whole.kind, &whole.id), (kind, &id), "{text}");
            let mut scan = Scan::default();
            text.as_bytes().chunks(1).for_each(|byte| scan.feed(byte));
            assert_eq!(scan.end(), whole, "{text}");
        }
    }

    #[test]
    fn nothing_grows_with_the_message() {
        let mut scan = Scan::default();
        scan.feed(br#"{"params":{"x":"#);
        for _ in 0..1_000 {
            scan.feed(&[b'['; 4096]);
        }
        scan.feed(b"\"");
        for _ in 0..1_000 {
            scan.feed(&[b'x'; 4096]);
        }
        assert!(scan.token.capacity() <= KEEP * 2);
        let mut scan = Scan::default();
        scan.feed(br#"{"id":""#);
        for _ in 0..1_000 {
            scan.feed(&[b'x'; 4096]);
        }
        scan.feed(br#"","method":"a"}"#);
        assert!(scan.token.capacity() <= KEEP * 2);
        assert_eq!(scan.end().id, None);
    }

    #[test]
    fn the_name_is_that_of_the_params() {
        for (text, name) in [
            (r#"{"params":{"name":"a"},"method":"m"}"#, Some("a")),
            (r#"{"params":{"arguments":{"name":"b"},"name":"a"}}"#, Some("a")),
            (r#"{"name":"b","params":{"x":["name","c"]}}"#, None),
            (r#"{"params":[{"name":"b"}]}"#, None),
        ] {
            assert_eq!(Scan::of(text.as_bytes()).name.as_deref(), name, "{text}");
        }
    }
}
