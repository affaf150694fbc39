//! Redaction: what is secret in a JSON text becomes `[REDACTED]`, every other byte stays.
//!
//! Values go by their key (whole words of it, however it is written) and secrets by their own shape, wherever they
//! stand, also in JSON that is the text of a string. Text that is not JSON is redacted by shape and by what looks like a
//! member. A text without secrets is handed back as it came.

#![forbid(unsafe_code)]

mod edits;
mod keys;
mod lines;
mod members;
mod pairs;
#[cfg(any(feature = "node", test))]
mod plain;

use crate::json::{Events, Fault, Flow, Place, Step, Stop, Text, Written, unescape, walk};
use crate::policy::{Actions, Limits};
use crate::rules::{Action, Rule};
use crate::secrets;
use crate::secrets::held::Held;
use edits::settle;
pub(crate) use edits::{Edit, PART, applied};
pub(crate) use keys::{Names, SecretKeys, Seen};
use lines::{KeyLines, Line};
use pairs::{Half, Known, Settings};
#[cfg(all(feature = "node", not(test)))]
pub(crate) use plain::is_plain;
use std::borrow::Cow;
use std::ops::Range;

/// Nothing is refused here, so nothing is limited.
pub(crate) const NO_LIMITS: Limits = Limits {
    message_bytes: u32::MAX,
    depth: u32::MAX,
    elements: u32::MAX,
    string_bytes: u32::MAX,
    key_bytes: u32::MAX,
    nodes: u32::MAX,
    number_chars: u32::MAX,
};

/// How many strings in strings are looked into.
const DEPTH: usize = 3;

/// The text with its secrets taken out.
pub(crate) fn redact<'a>(keys: &SecretKeys, actions: &Actions, text: &'a [u8]) -> Cow<'a, [u8]> {
    let seen = &mut Seen::default();
    let mut pass = Pass::new(keys, actions, Names::All, text, seen);
    // What the index cannot address is not read as JSON.
    if text.len() <= crate::helper::INDEX_MAX_BYTES as usize {
        walk(text, &NO_LIMITS, &mut pass);
        if !pass.broken {
            settle(&mut pass.edits);
            return applied(&pass.edits, text);
        }
    }
    // Text that is not JSON, be it cut off, several documents or a line of a log with one in it. What looks like a
    // member is looked for when secrets are gone, because they may hold quotes.
    let mut pass = Pass::new(keys, actions, Names::All, text, seen);
    pass.edits = pass.shapes(text);
    match applied(&pass.edits, text) {
        Cow::Borrowed(text) => members(keys, actions, text),
        Cow::Owned(text) => Cow::Owned(members(keys, actions, &text).into_owned()),
    }
}

/// Takes out of a text that is not JSON what looks like the value of a secret key, and secrets that are written in
/// escapes.
fn members<'a>(keys: &SecretKeys, actions: &Actions, text: &'a [u8]) -> Cow<'a, [u8]> {
    let seen = &mut Seen::default();
    let mut pass = Pass::new(keys, actions, Names::All, text, seen);
    members::settings(keys, pass.seen, Names::All, text, 0, |edit| pass.edits.push(edit));
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        let open = at + next;
        // No string of JSON goes on in the next line: there a stray quote is forgotten.
        let Some(end) = string_end(text, open) else {
            at = line_end(text, open);
            continue;
        };
        at = end;
        let string = Text::between(text, open, end - 1);
        let space = |from: usize| from + secrets::span_of(text, from, b" \t\r\n");
        let colon = space(end);
        if text.get(colon) == Some(&b':') && pass.held(string) != Held::Nothing {
            let start = space(colon + 1);
            at = value_end(text, start);
            pass.edits.extend(Edit::whole(text, start..at, 0));
        } else if string.raw().contains(&b'\\') {
            pass.look_into(string);
        }
    }
    settle(&mut pass.edits);
    applied(&pass.edits, text)
}

/// What a text is told to lose.
pub(crate) struct Pass<'a> {
    keys: &'a SecretKeys,
    actions: &'a Actions,
    names: Names,
    text: &'a [u8],
    seen: &'a mut Seen,
    /// In the order in which they were found.
    pub(crate) edits: Vec<Edit>,
    /// What the key that was just read says of its value.
    held: Held,
    /// The array that such a key led to: how deep its items lie.
    array: Option<(usize, Held)>,
    /// Lines of private keys in strings of their own.
    key_lines: KeyLines,
    /// Names and values of settings.
    settings: Settings,
    /// What goes of strings that were read before, with their pointers.
    pub(crate) late: Vec<(Edit, String)>,
    /// Tokens before this offset are gone already, with the container that holds them.
    gone_until: usize,
    /// The text is not JSON.
    pub(crate) broken: bool,
}

impl<'a> Pass<'a> {
    pub(crate) fn new(
        keys: &'a SecretKeys,
        actions: &'a Actions,
        names: Names,
        text: &'a [u8],
        seen: &'a mut Seen,
    ) -> Self {
        Self {
            keys,
            actions,
            names,
            text,
            seen,
            edits: Vec::new(),
            held: Held::Nothing,
            array: None,
            key_lines: KeyLines::default(),
            settings: Settings::default(),
            late: Vec::new(),
            gone_until: 0,
            broken: false,
        }
    }

    fn held(&mut self, key: Text<'_>) -> Held {
        self.seen.held(self.keys, self.names, &key.unescaped())
    }

    /// The secrets in a text by their shape.
    fn shapes(&self, text: &[u8]) -> Vec<Edit> {
        let mut found = Vec::new();
        secrets::scan(text, |rule, range, what| {
            if self.actions.enforced(rule, rule.default_action()).is_some() {
                found.push(Edit::part(rule, range, what));
            }
        });
        settle(&mut found);
        found
    }

    /// The same, and those that their names give away in JSON that is a text. `depth`: how many strings it stands in.
    pub(crate) fn secrets(&mut self, text: &[u8], depth: usize) -> Vec<Edit> {
        let mut found = if text.len() < secrets::MIN_RUN { Vec::new() } else { self.shapes(text) };
        for edit in &mut found {
            leave_escape(text, edit);
        }
        if self.by_name(Rule::SecretNamed) {
            members::secret(self.keys, self.seen, self.names, text, depth, |edit| found.push(edit));
            members::settings(self.keys, self.seen, self.names, text, depth, |edit| found.push(edit));
            if self.names == Names::Likely {
                self.assigned(text, &mut found);
            }
        }
        if depth < DEPTH && holds_strings(text) {
            let mut inner = Vec::with_capacity(text.len());
            unescape(text, &mut inner);
            let mut written = Written::of(text);
            let inner = self.secrets(&inner, depth + 1).into_iter().map(|mut edit| {
                edit.range = written.offset(edit.range.start)..written.offset(edit.range.end);
                edit
            });
            // A text that is part JSON and part JSON in a string is neither as a whole.
            found.extend(inner.filter(|edit| is_within_string(text, &edit.range)));
        }
        settle(&mut found);
        found
    }

    /// The secrets in a text that is no JSON by the names that they are given to. For results alone: a log is made of lines
    /// that look like settings and are none.
    fn assigned(&mut self, text: &[u8], found: &mut Vec<Edit>) {
        secrets::assigned(text, |name, value| {
            let part = |range: &Range<usize>| members::unescaped(text.get(range.clone()).unwrap_or_default());
            let held = self.seen.held(self.keys, self.names, &part(&name));
            // Longer ones are judged by their shape, wherever they stand.
            let is_judged = matches!(held, Held::Token { .. }) && value.len() >= secrets::LEAST_NAMED;
            if !is_judged && held.fits(&part(&value)) {
                found.extend(Edit::inner(text, value));
            }
        });
    }

    /// Whether names are looked at: results have a rule for them that a policy can switch off.
    fn by_name(&self, rule: Rule) -> bool {
        self.names == Names::All || self.actions.enforced(rule, rule.default_action()).is_some()
    }

    fn look_into(&mut self, string: Text<'_>) {
        if string.len() < LEAST_MEMBER {
            return;
        }
        let base = string.open + 1;
        match string.unescaped() {
            Cow::Borrowed(text) => {
                for mut edit in self.secrets(text, 1) {
                    edit.range = base + edit.range.start..base + edit.range.end;
                    self.edits.push(edit);
                }
            }
            Cow::Owned(text) => {
                let mut written = Written::new(&string);
                for mut edit in self.secrets(&text, 1) {
                    edit.range =
                        base + written.offset(edit.range.start)..base + written.offset(edit.range.end);
                    self.edits.push(edit);
                }
            }
        }
    }

    /// Whether a text goes because of what its name says of it.
    pub(crate) fn takes(&self, held: Held, text: &[u8]) -> bool {
        held != Held::Nothing
            && (self.names == Names::All || (self.by_name(Rule::SecretNamed) && held.fits(text)))
    }

    /// Whether what begins here went with the container that holds it.
    pub(crate) fn is_gone(&self, start: usize) -> bool {
        start < self.gone_until
    }

    /// Whether a text is a line of a private key of which other items of an array hold more.
    pub(crate) fn is_key_line(&mut self, place: &Place<'_>, value: Text<'_>, text: &[u8]) -> bool {
        let line = self.key_lines.string(place, value, text);
        if line == Line::Other || self.actions.enforced(Rule::SecretPrivateKey, Action::Flag).is_none() {
            return false;
        }
        if let Line::Closes(lines) = line {
            let goes = |(range, pointer)| Some((Edit::key_line(self.text, range)?, pointer));
            self.late.extend(lines.into_iter().filter_map(goes));
        }
        true
    }

    /// What the name beside a value says of it: `{"name": "DB_PASSWORD", "value": "..."}`. A value that came before its
    /// name goes late.
    fn setting(&mut self, place: &Place<'_>, value: Text<'_>) -> Held {
        let depth = place.depth();
        self.settings.pass(depth);
        let Some(Step::Key(key)) = place.step() else { return Held::Nothing };
        let Some(half) = Half::of(key.raw()) else { return Held::Nothing };
        let (_, text) = value.inside();
        let mut held = Held::Nothing;
        if half == Half::Value {
            for name in self.settings.of(depth, Half::Name) {
                let name = members::unescaped(self.text.get(name.text.clone()).unwrap_or_default());
                held = self.seen.held(self.keys, self.names, &name);
                if held != Held::Nothing {
                    break;
                }
            }
        } else if self.settings.of(depth, Half::Value).next().is_some() {
            let says = self.seen.held(self.keys, self.names, &value.unescaped());
            for Known { key, text, .. } in self.settings.of(depth, Half::Value) {
                if self.takes(says, &members::unescaped(self.text.get(text.clone()).unwrap_or_default())) {
                    let edit = if self.names == Names::All {
                        Edit::whole(self.text, text.start - 1..text.end + 1, 0)
                    } else {
                        Edit::inner(self.text, text.clone())
                    };
                    let pointer = || beside(place, self.text.get(key.clone()).unwrap_or_default());
                    self.late.extend(edit.map(|edit| (edit, pointer())));
                }
            }
        }
        let (_, key) = key.inside();
        self.settings.keep(depth, Known { half, key, text });
        held
    }

    /// What the name of a string says of it, when that is read.
    pub(crate) fn take_held(&mut self, place: &Place<'_>, value: Text<'_>) -> Held {
        let said = self.setting(place, value);
        let held = match std::mem::take(&mut self.held) {
            Held::Nothing => said,
            held => held,
        };
        match self.array {
            Some((depth, of)) if place.depth() == depth && matches!(place.step(), Some(Step::Index(_))) => of,
            Some((depth, _)) if place.depth() < depth => {
                self.array = None;
                held
            }
            _ => held,
        }
    }
}

/// The pointer of another member of the same object.
fn beside(place: &Place<'_>, key: &[u8]) -> String {
    let mut pointer = place.pointer();
    pointer.truncate(pointer.rfind('/').map_or(0, |at| at + 1));
    pointer.push_str(&String::from_utf8_lossy(key));
    pointer
}

/// No member with a secret is shorter: `"pw":"a1b2"`.
const LEAST_MEMBER: usize = 10;

/// Whether a text has strings with strings in them, or ones that hide an address: a quote or a slash in an escape.
fn holds_strings(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let rest = text.get(at + next + 1..).unwrap_or_default();
        if [&b"\""[..], b"u0022", b"/", b"u002f"].iter().any(|escape| rest.starts_with(escape)) {
            return true;
        }
        at += next + 2;
    }
    false
}

/// Whether a part of a text has no quote in it but those of escapes, so that it ends in the string in which it begins.
fn is_within_string(text: &[u8], range: &Range<usize>) -> bool {
    let part = text.get(range.clone()).unwrap_or_default();
    let mut at = 0;
    while let Some(next) = part.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        if part.get(at + next) == Some(&b'"') {
            return false;
        }
        at += next + 2;
    }
    true
}

/// A secret does not begin in the middle of an escape: in `\thttps://` the letter is part of the tab.
fn leave_escape(text: &[u8], edit: &mut Edit) {
    let before = text.get(..edit.range.start).unwrap_or_default();
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
    let is_letter = text.get(edit.range.start).is_some_and(|byte| b"bfnrt".contains(byte));
    if backslashes % 2 == 1 && is_letter && edit.range.len() > 1 {
        edit.range.start += 1;
    }
}

impl Events for Pass<'_> {
    const VALUES: bool = true;

    fn fault(&mut self, _: &Place<'_>, fault: Fault) -> Flow {
        // What JSON does not forbid is not looked at.
        self.broken = matches!(fault.rule, Rule::JsonSyntax | Rule::JsonUtf8);
        if self.broken { Err(Stop) } else { Ok(()) }
    }

    fn wants_key(_: usize, _: u8, _: bool) -> bool {
        true
    }

    fn key(&mut self, _: &Place<'_>, key: Text<'_>) -> Flow {
        if key.open >= self.gone_until {
            self.held = self.held(key);
            self.look_into(key);
        }
        Ok(())
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        if value.open < self.gone_until {
            return Ok(());
        }
        let held = self.take_held(place, value);
        let is_key_line = self.is_key_line(place, value, &value.unescaped());
        self.edits.extend(self.late.drain(..).map(|(edit, _)| edit));
        if is_key_line {
            let (_, inside) = value.inside();
            self.edits.extend(Edit::key_line(self.text, inside));
        } else if held == Held::Nothing {
            self.look_into(value);
        } else if self.names == Names::All {
            self.edits.extend(Edit::whole(self.text, value.open..value.end(), 0));
        } else if self.takes(held, &value.unescaped()) {
            let (_, inside) = value.inside();
            self.edits.extend(Edit::inner(self.text, inside));
        } else {
            self.look_into(value);
        }
        Ok(())
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        self.settings.pass(place.depth());
        self.key_lines.pass(place.depth());
        if start < self.gone_until {
            return Ok(());
        }
        let held = std::mem::take(&mut self.held);
        if held == Held::Nothing {
            return Ok(());
        }
        if self.names == Names::All {
            let end = value_end(self.text, start);
            self.edits.extend(Edit::whole(self.text, start..end, 0));
            self.gone_until = end;
        } else if self.text.get(start) == Some(&b'[') {
            self.array = Some((place.depth() + 1, held));
        }
        Ok(())
    }

    fn restart(&mut self) {
        self.edits.clear();
        self.late.clear();
        self.settings.clear();
        self.key_lines.clear();
        (self.held, self.array) = (Held::Nothing, None);
        (self.broken, self.gone_until) = (false, 0);
    }
}

/// The end of the value that begins at `start`; the end of the text where it does not end.
fn value_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                // One that is not closed takes its line.
                at = string_end(text, at).unwrap_or_else(|| line_end(text, at));
            }
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                at += 1;
            }
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// One past the quote that closes the string which opens at `open`, in the same line.
fn string_end(text: &[u8], open: usize) -> Option<usize> {
    secrets::closing(text, open + 1, b'"').map(|quote| quote + 1)
}

/// The end of the line that `from` is in.
fn line_end(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests;
