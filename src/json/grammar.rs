//! The grammar of RFC 8259, one token after the other.
//!
//! Iterative: depth costs a frame, never stack.

use super::keys::Inserted;
use super::number::{self, Range};
use super::place::{Frame, Place};
use super::tape::Token;
use super::text::{Text, check_escapes};
use super::walk::{Events, Fault, Flow, NOT_UTF8, Stop, Walk};
use crate::rules::{Action, Rule};

/// What the next token must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// A value.
    Value,
    /// The first item of an array, or its end.
    FirstItem,
    /// An item.
    Item,
    /// The first key of an object, or its end.
    FirstMember,
    /// A key.
    Member,
    /// The quote that closes a key.
    KeyEnd,
    /// The colon behind a key.
    Colon,
    /// The quote that closes a string.
    StringEnd,
    /// What follows a value: a comma, or the end of the container or document.
    After,
}

/// Bytes that may follow a number or literal: what ends it, or what the next token begins with.
const DELIMITERS: [bool; 256] = {
    let mut table = [false; 256];
    let mut list: &[u8] = b" \t\n\r,:[]{}\"";
    while let [byte, rest @ ..] = list {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        {
            table[*byte as usize] = true;
        }
        list = rest;
    }
    table
};

impl<'a, E: Events> Walk<'a, '_, E> {
    /// Reads the tokens of one window. Every state takes one token, so that a window may end anywhere; where
    /// the window goes on, a whole member or item is read in one turn.
    pub(super) fn tokens(&mut self, positions: &[u32]) -> Flow {
        let mut state = self.state;
        let mut rest = positions;
        while let [at, tail @ ..] = rest {
            let at = *at as usize;
            let byte = self.byte(at);
            rest = tail;
            state = match state {
                State::Member | State::FirstMember if byte == b'"' => self.members(at, &mut rest)?,
                State::Value => self.value(at, &mut rest)?,
                State::After if byte == b',' && !self.top.is_root() => self.comma(),
                State::After | State::FirstMember if byte == b'}' && self.top.is_object() => {
                    self.keys.end(self.top);
                    self.pop(at)
                }
                State::After | State::FirstItem if byte == b']' && self.top.is_array() => self.pop(at),
                State::FirstItem | State::Item => {
                    self.count(at)?;
                    self.value(at, &mut rest)?
                }
                State::KeyEnd => {
                    self.key(at)?;
                    State::Colon
                }
                State::Colon if byte == b':' => State::Value,
                State::StringEnd => {
                    self.string(at)?;
                    State::After
                }
                _ => return self.unexpected(state, at),
            };
        }
        self.state = state;
        Ok(())
    }

    /// Reads the member whose key opens at `at`, and those behind it for as long as the window has them whole.
    #[inline(always)]
    fn members(&mut self, mut at: usize, rest: &mut &[u32]) -> Result<State, Stop> {
        loop {
            self.begin_member(at)?;
            let [close, colon, value, tail @ ..] = *rest else { return Ok(State::KeyEnd) };
            if self.byte(*colon as usize) != b':' {
                return Ok(State::KeyEnd);
            }
            *rest = tail;
            self.key(*close as usize)?;
            let state = self.value(*value as usize, rest)?;
            match *rest {
                [next, tail @ ..] if state == State::Member && self.byte(*next as usize) == b'"' => {
                    at = *next as usize;
                    *rest = tail;
                }
                _ => return Ok(state),
            }
        }
    }

    /// Reads the value at `at` and, where the window has them, its closing quote and the comma behind it.
    #[inline(always)]
    fn value(&mut self, at: usize, rest: &mut &[u32]) -> Result<State, Stop> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            self.too_many_nodes(at)?;
        }
        match self.byte(at) {
            b'"' => {
                self.open = at;
                let [close, tail @ ..] = *rest else { return Ok(State::StringEnd) };
                *rest = tail;
                self.string(*close as usize)?;
            }
            b'-' | b'0'..=b'9' => self.number(at)?,
            b'{' => {
                self.push(at)?;
                self.top = self.keys.begin();
                return Ok(State::FirstMember);
            }
            b'[' => {
                self.push(at)?;
                self.top = Frame::array();
                return Ok(State::FirstItem);
            }
            b't' => self.literal(at, b"true")?,
            b'f' => self.literal(at, b"false")?,
            b'n' => self.literal(at, b"null")?,
            _ => return self.unexpected(State::Value, at).map(|()| State::After),
        }
        match **rest {
            [comma, ref tail @ ..] if self.byte(comma as usize) == b',' && !self.top.is_root() => {
                *rest = tail;
                Ok(self.comma())
            }
            _ => Ok(State::After),
        }
    }

    /// Behind a comma comes the next item, or the next member's key.
    #[inline(always)]
    fn comma(&self) -> State {
        if self.top.is_array() { State::Item } else { State::Member }
    }

    #[cold]
    fn too_many_nodes(&mut self, at: usize) -> Flow {
        self.over(Rule::LimitNodes, (at, at + 1), true, "more values than", self.limits.nodes)
    }

    /// Counts an item or member of the innermost container.
    #[inline(always)]
    fn count(&mut self, at: usize) -> Flow {
        self.top.count += 1;
        if self.top.count > self.limits.elements { self.too_many_elements(at) } else { Ok(()) }
    }

    #[cold]
    fn too_many_elements(&mut self, at: usize) -> Flow {
        self.over(
            Rule::LimitElements,
            (at, at + 1),
            false,
            "a container with more elements than",
            self.limits.elements,
        )
    }

    /// A container begins at `at`.
    #[inline(always)]
    fn push(&mut self, at: usize) -> Flow {
        self.other(at)?;
        self.events.note(Token::Begin(at));
        if E::OUTER.is_some_and(|outer| self.frames.len() <= outer) {
            self.events.enters(self.frames.len(), self.nodes, &mut self.limits);
        }
        if self.frames.len() >= self.limits.depth as usize {
            self.too_deep(at)?;
        }
        self.frames.push(self.top);
        Ok(())
    }

    #[cold]
    fn too_deep(&mut self, at: usize) -> Flow {
        self.over(Rule::LimitDepth, (at, at + 1), true, "containers nested deeper than", self.limits.depth)
    }

    /// The innermost container ends with the byte at `at`.
    #[inline(always)]
    fn pop(&mut self, at: usize) -> State {
        self.events.note(Token::End(at, self.top.count));
        self.top = self.frames.pop().unwrap_or(Frame::root());
        if E::OUTER.is_some_and(|outer| self.frames.len() <= outer) {
            self.events.leaves(self.frames.len(), at, self.nodes, &mut self.limits);
        }
        State::After
    }

    /// A key opens at `at`. The place of its own faults is the member.
    #[inline(always)]
    fn begin_member(&mut self, at: usize) -> Flow {
        self.top.key = position(at);
        self.open = at;
        self.count(at)
    }

    /// The key that began at `self.open` closes.
    #[inline(always)]
    fn key(&mut self, close: usize) -> Flow {
        let key = self.text(close);
        if key.len() > self.limits.key_bytes as usize {
            self.long_key(close)?;
        }
        if self.open < self.escape_until {
            self.escapes(close)?;
        }
        let plain = !key.escaped && (self.open >= self.non_ascii_until || key.raw().is_ascii());
        let inserted = self.keys.insert(self.bytes, &mut self.top, (self.open, close), !plain);
        match inserted {
            Inserted::New | Inserted::Folded => {}
            Inserted::Duplicate => self.duplicate(close)?,
            Inserted::TooSlow => {
                self.collisions = true;
                return Err(Stop);
            }
        }
        self.events.note(Token::Key(key));
        if inserted == Inserted::Folded {
            self.folded(close)?;
        }
        if E::wants_key(key.len(), self.byte(self.open + 1), plain) { self.tell_key(close) } else { Ok(()) }
    }

    #[cold]
    fn duplicate(&mut self, close: usize) -> Flow {
        self.events.note(Token::Duplicate);
        self.fault(
            Rule::JsonDuplicateKey,
            (self.open, close + 1),
            true,
            "a member of this name came before; expected each name once",
        )
    }

    #[cold]
    fn folded(&mut self, close: usize) -> Flow {
        let key = self.text(close);
        self.events.folded(&place(self.bytes, self.frames, self.top, true), key)
    }

    #[cold]
    fn tell_key(&mut self, close: usize) -> Flow {
        let key = self.text(close);
        self.events.key(&place(self.bytes, self.frames, self.top, true), key)
    }

    /// The string value that began at `self.open` closes.
    #[inline(always)]
    fn string(&mut self, close: usize) -> Flow {
        let value = self.text(close);
        if value.len() > self.limits.string_bytes as usize {
            self.long_string(close)?;
        }
        if self.open < self.escape_until {
            self.escapes(close)?;
        }
        self.events.note(Token::String(value));
        if E::VALUES {
            self.events.string(&place(self.bytes, self.frames, self.top, true), value)
        } else {
            Ok(())
        }
    }

    /// The string from `self.open` to its closing quote.
    #[inline(always)]
    fn text(&self, close: usize) -> Text<'a> {
        Text { bytes: self.bytes, open: self.open, close, escaped: self.open < self.backslash_until }
    }

    #[cold]
    fn long_key(&mut self, close: usize) -> Flow {
        let span = (self.open, self.text(close).end());
        self.over(Rule::LimitKey, span, false, "a key with more bytes than", self.limits.key_bytes)
    }

    #[cold]
    fn long_string(&mut self, close: usize) -> Flow {
        let span = (self.open, self.text(close).end());
        self.over(Rule::LimitString, span, true, "a string with more bytes than", self.limits.string_bytes)
    }

    #[inline(never)]
    fn escapes(&mut self, close: usize) -> Flow {
        let text = self.text(close);
        let found = check_escapes(text.raw());
        if found.lone_surrogate.is_some() {
            self.fault(
                Rule::JsonSurrogate,
                (text.open, text.end()),
                true,
                "half of a surrogate pair; expected whole characters",
            )?;
        }
        match found.wrong {
            Some(wrong) => self.syntax(text.open + 1 + wrong, true, "not an escape"),
            None => Ok(()),
        }
    }

    /// Any value but a string begins at `at`.
    #[inline(always)]
    fn other(&mut self, at: usize) -> Flow {
        if E::VALUES {
            self.events.other(&place(self.bytes, self.frames, self.top, true), at)
        } else {
            Ok(())
        }
    }

    /// A number or literal begins at `at`.
    #[inline(always)]
    fn scalar(&mut self, at: usize) -> Flow {
        self.events.note(Token::Scalar(at));
        self.other(at)
    }

    #[inline(always)]
    fn number(&mut self, at: usize) -> Flow {
        match number::scan_short(self.bytes, at) {
            Some(end) if self.is_delimiter(end) && end - at <= self.limits.number_chars as usize => {
                self.scalar(at)
            }
            _ => self.long_number(at),
        }
    }

    #[inline(never)]
    fn long_number(&mut self, at: usize) -> Flow {
        match number::scan(self.bytes, at) {
            Ok((end, range)) => {
                if !self.is_delimiter(end) {
                    return self.syntax(end, true, "not part of a number");
                }
                if end - at > self.limits.number_chars as usize {
                    let what = "a number with more characters than";
                    self.over(Rule::LimitNumber, (at, end), true, what, self.limits.number_chars)?;
                }
                if range != Range::Fits {
                    self.out_of_range((at, end), range)?;
                }
                self.scalar(at)
            }
            Err(wrong) => self.syntax(wrong, true, "not part of a number"),
        }
    }

    #[cold]
    fn out_of_range(&mut self, (start, end): (usize, usize), range: Range) -> Flow {
        let (default, what) = match range {
            Range::Overflow => (Action::Deny, "a number beyond the largest double; expected at most 1.7e308"),
            Range::Unsafe | Range::Fits => (Action::Flag, "an integer beyond 2^53-1"),
        };
        let fault = Fault { rule: Rule::JsonNumberRange, default, start, end, what, limit: None };
        self.events.fault(&place(self.bytes, self.frames, self.top, true), fault)
    }

    #[inline(always)]
    fn literal<const N: usize>(&mut self, at: usize, literal: &[u8; N]) -> Flow {
        if self.bytes.get(at..at + N) == Some(literal) && self.is_delimiter(at + N) {
            return self.scalar(at);
        }
        self.wrong_literal(at, literal)
    }

    #[cold]
    fn wrong_literal(&mut self, at: usize, literal: &[u8]) -> Flow {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let same = rest.iter().zip(literal).take_while(|(a, b)| a == b).count();
        self.syntax(at + same, true, "expected true, false or null")
    }

    /// Whether a number or literal may end before `at`.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    fn is_delimiter(&self, at: usize) -> bool {
        self.bytes.get(at).is_none_or(|byte| DELIMITERS[usize::from(*byte)])
    }

    /// 0 begins no token.
    #[inline(always)]
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The windows are used up: the document must have ended, with a whole value.
    pub(super) fn end(&mut self) -> Flow {
        let in_string = matches!(self.state, State::StringEnd | State::KeyEnd);
        if in_string {
            self.unclosed()?;
        }
        if let Some(cut) = self.cut {
            return self.fault(cut.rule, (cut.at, cut.at + 1), in_string, cut.what);
        }
        if self.state == State::After && self.top.is_root() && self.index.is_done() {
            return Ok(());
        }
        let len = self.bytes.len();
        let what = if len == 0 { "the text is empty" } else { "the text ends too early" };
        self.fault(Rule::JsonSyntax, (len, len), in_string, what)
    }

    /// The string that is being read does not end, or not before the fault that cuts it: its own faults
    /// come first.
    #[cold]
    fn unclosed(&mut self) -> Flow {
        let end = self.cut.map_or(self.bytes.len(), |cut| cut.at);
        let text = Text { bytes: self.bytes, open: self.open, close: end, escaped: true };
        let is_key = self.state == State::KeyEnd;
        if is_key && text.len() > self.limits.key_bytes as usize {
            self.long_key(end)?;
        }
        if !is_key && text.len() > self.limits.string_bytes as usize {
            self.long_string(end)?;
        }
        let found = check_escapes(text.raw());
        if found.lone_surrogate.is_some_and(|at| self.open + 7 + at <= end) {
            self.fault(
                Rule::JsonSurrogate,
                (self.open, end),
                true,
                "half of a surrogate pair; expected whole characters",
            )?;
        }
        // An escape that is cut off is the cut's fault, not its own.
        match found.wrong.map(|wrong| self.open + 1 + wrong).filter(|wrong| *wrong < end) {
            Some(wrong) => self.syntax(wrong, true, "not an escape"),
            None => Ok(()),
        }
    }

    /// A token that the grammar does not have in this state.
    #[cold]
    fn unexpected(&mut self, state: State, at: usize) -> Flow {
        let top = self.top;
        let (member, what) = match state {
            _ if at == 0 && self.bytes.starts_with(b"\xEF\xBB\xBF") => {
                (false, "a byte order mark (RFC 8259 section 8.1)")
            }
            State::Value | State::FirstItem | State::Item | State::StringEnd => (true, "expected a value"),
            State::FirstMember => (false, "expected a key or \"}\""),
            State::Member | State::KeyEnd => (false, "expected a key"),
            State::Colon => (true, "expected \":\""),
            State::After if top.is_root() => (false, "expected the end of the text"),
            State::After if top.is_array() => (false, "expected \",\" or \"]\""),
            State::After => (false, "expected \",\" or \"}\""),
        };
        self.syntax(at, member, what)
    }

    /// A fault of the grammar ends the pass. Where no character begins, that is what is wrong: the window that
    /// would have told may not have been read yet.
    #[cold]
    fn syntax(&mut self, at: usize, member: bool, what: &'static str) -> Flow {
        let character = self.bytes.get(at..(at + 4).min(self.bytes.len())).unwrap_or_default();
        let (rule, what) = match std::str::from_utf8(character) {
            Err(error) if error.valid_up_to() == 0 => (Rule::JsonUtf8, NOT_UTF8),
            _ => (Rule::JsonSyntax, what),
        };
        self.fault(rule, (at, (at + 1).min(self.bytes.len())), member, what)?;
        Err(Stop)
    }

    /// `member`: the current element of the innermost container is meant, not the container.
    #[cold]
    fn fault(&mut self, rule: Rule, (start, end): (usize, usize), member: bool, what: &'static str) -> Flow {
        let fault = Fault { rule, default: rule.default_action(), start, end, what, limit: None };
        self.events.fault(&place(self.bytes, self.frames, self.top, member), fault)
    }

    #[cold]
    fn over(
        &mut self,
        rule: Rule,
        (start, end): (usize, usize),
        member: bool,
        what: &'static str,
        limit: u32,
    ) -> Flow {
        let fault = Fault { rule, default: rule.default_action(), start, end, what, limit: Some(limit) };
        self.events.fault(&place(self.bytes, self.frames, self.top, member), fault)
    }
}

#[inline(always)]
fn place<'p>(bytes: &'p [u8], frames: &'p [Frame], top: Frame, member: bool) -> Place<'p> {
    Place { bytes, frames, top, member }
}

/// Offsets fit: the index takes documents below 4 GiB.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "see above")]
fn position(at: usize) -> u32 {
    at as u32
}
