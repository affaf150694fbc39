//! Redaction: what is secret in a JSON text becomes `[REDACTED]`, every other byte stays.
//!
//! Values go by their key (whole words of it, however it is written) and secrets by their own shape, wherever they
//! stand. Text that is not JSON is redacted by shape and by what looks like a member. A text without secrets is handed
//! back as it came.

#![forbid(unsafe_code)]

mod edits;
mod keys;
#[cfg(any(feature = "node", test))]
mod plain;

use crate::json::{Events, Fault, Flow, Place, Stop, Text, Written, walk};
use crate::policy::{Actions, Limits};
use crate::rules::Rule;
use crate::secrets;
use edits::Edits;
pub(crate) use keys::{SecretKeys, Seen};
#[cfg(all(feature = "node", not(test)))]
pub(crate) use plain::is_plain;
use std::borrow::Cow;
use std::ops::Range;

/// Nothing is refused here, so nothing is limited.
const NO_LIMITS: Limits = Limits {
    message_bytes: u32::MAX,
    depth: u32::MAX,
    elements: u32::MAX,
    string_bytes: u32::MAX,
    key_bytes: u32::MAX,
    nodes: u32::MAX,
    number_chars: u32::MAX,
};

/// The text with its secrets taken out.
pub(crate) fn redact<'a>(keys: &SecretKeys, actions: &Actions, text: &'a [u8]) -> Cow<'a, [u8]> {
    let seen = &mut Seen::default();
    let mut pass = Pass::new(keys, actions, text, seen);
    // What the index cannot address is not read as JSON.
    if text.len() <= crate::helper::INDEX_MAX_BYTES as usize {
        walk(text, &NO_LIMITS, &mut pass);
        if !pass.broken {
            return pass.edits.applied(text);
        }
    }
    // Text that is not JSON, be it cut off, several documents or a line of a log with one in it. What looks like a
    // member is looked for when secrets are gone, because they may hold quotes.
    let mut pass = Pass::new(keys, actions, text, seen);
    pass.by_shape(text, 0, None);
    match pass.edits.applied(text) {
        Cow::Borrowed(text) => members(keys, actions, text),
        Cow::Owned(text) => Cow::Owned(members(keys, actions, &text).into_owned()),
    }
}

/// Takes out of a text that is not JSON what looks like the value of a secret key, and secrets that are written in
/// escapes.
fn members<'a>(keys: &SecretKeys, actions: &Actions, text: &'a [u8]) -> Cow<'a, [u8]> {
    let seen = &mut Seen::default();
    let mut pass = Pass::new(keys, actions, text, seen);
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
        let space = |from: usize| from + span(text, from, b" \t\r\n");
        let colon = space(end);
        if text.get(colon) == Some(&b':') && pass.seen.is_secret(keys, string) {
            let start = space(colon + 1);
            at = value_end(text, start);
            pass.edits.whole(text, start..at);
        } else if string.raw().contains(&b'\\') {
            pass.string_by_shape(string);
        }
    }
    pass.edits.applied(text)
}

/// What a text is told to lose.
struct Pass<'a> {
    keys: &'a SecretKeys,
    actions: &'a Actions,
    text: &'a [u8],
    seen: &'a mut Seen,
    edits: Edits,
    /// The key that was just read makes its value a secret.
    secret: bool,
    /// Tokens before this offset are gone already, with the container that holds them.
    gone_until: usize,
    /// The text is not JSON.
    broken: bool,
    found: Vec<Range<usize>>,
}

impl<'a> Pass<'a> {
    fn new(keys: &'a SecretKeys, actions: &'a Actions, text: &'a [u8], seen: &'a mut Seen) -> Self {
        seen.begin();
        Self {
            keys,
            actions,
            text,
            seen,
            edits: Edits::default(),
            secret: false,
            gone_until: 0,
            broken: false,
            found: Vec::new(),
        }
    }

    /// Takes the secrets out of `text`, which begins at `base`; `written` leads from its offsets to those of the
    /// document where the two differ.
    fn by_shape(&mut self, text: &[u8], base: usize, written: Option<&mut Written<'_>>) {
        let Self { actions, found, edits, .. } = self;
        secrets::scan(text, |rule, range, _| {
            if actions.enforced(rule, rule.default_action()).is_some() {
                found.push(range);
            }
        });
        if found.is_empty() {
            return;
        }
        found.sort_by_key(|range| range.start);
        let mut offset: Box<dyn FnMut(usize) -> usize> = match written {
            Some(written) => Box::new(|of| base + written.offset(of)),
            None => Box::new(|of| base + of),
        };
        let mut found = found.drain(..);
        let Some(mut range) = found.next() else { return };
        for next in found {
            if next.start < range.end {
                range.end = range.end.max(next.end);
            } else {
                let start = offset(range.start);
                edits.part(start..offset(range.end));
                range = next;
            }
        }
        let start = offset(range.start);
        edits.part(start..offset(range.end));
    }

    fn string_by_shape(&mut self, string: Text<'_>) {
        let base = string.open + 1;
        if string.len() < secrets::MIN_RUN {
            return;
        }
        match string.unescaped() {
            Cow::Borrowed(text) => self.by_shape(text, base, None),
            Cow::Owned(text) => self.by_shape(&text, base, Some(&mut Written::new(&string))),
        }
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
            self.secret = self.seen.is_secret(self.keys, key);
            self.string_by_shape(key);
        }
        Ok(())
    }

    fn string(&mut self, _: &Place<'_>, value: Text<'_>) -> Flow {
        if value.open >= self.gone_until {
            if std::mem::take(&mut self.secret) {
                self.edits.whole(self.text, value.open..value.end());
            } else {
                self.string_by_shape(value);
            }
        }
        Ok(())
    }

    fn other(&mut self, _: &Place<'_>, start: usize) -> Flow {
        if start >= self.gone_until && std::mem::take(&mut self.secret) {
            let end = value_end(self.text, start);
            self.edits.whole(self.text, start..end);
            self.gone_until = end;
        }
        Ok(())
    }

    fn restart(&mut self) {
        self.edits = Edits::default();
        (self.secret, self.broken, self.gone_until) = (false, false, 0);
        self.found.clear();
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
    let mut at = open + 1;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', text.get(at..)?)?;
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' => return None,
            _ => at += 2,
        }
    }
}

/// The end of the line that `from` is in.
fn line_end(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

/// How many bytes from `from` on are of a set.
fn span(text: &[u8], from: usize, set: &[u8]) -> usize {
    text.get(from..).unwrap_or_default().iter().take_while(|byte| set.contains(byte)).count()
}

#[cfg(test)]
mod tests;
