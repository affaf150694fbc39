//! Redaction: what is secret in a JSON text becomes `[REDACTED]`, every other byte stays.
//!
//! Values go by their key (whole words of it, however it is written) and secrets by their own shape, wherever they
//! stand. Text that is not JSON has no keys and is redacted by shape alone. One pass; a text without secrets
//! is handed back as it came.

#![forbid(unsafe_code)]

mod edits;
mod keys;

use crate::json::{Events, Fault, Flow, Place, Stop, Text, Written, walk};
use crate::policy::{Actions, Limits};
use crate::rules::Rule;
use crate::secrets;
use edits::Edits;
pub(crate) use keys::SecretKeys;
use keys::Seen;
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
    let mut pass = Pass::new(keys, actions, text);
    walk(text, &NO_LIMITS, &mut pass);
    let mut from = pass.next_document;
    let mut edits = pass.finish();
    // Several documents, one a line: each has its own keys.
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let line =
            rest.get(..memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)).unwrap_or_default();
        let mut pass = Pass::new(keys, actions, line);
        walk(line, &NO_LIMITS, &mut pass);
        if pass.broken {
            // What follows is one last document, or text.
            let mut pass = Pass::new(keys, actions, rest);
            walk(rest, &NO_LIMITS, &mut pass);
            pass.next_document = rest.len();
            edits.append(from, pass.finish());
            break;
        }
        edits.append(from, pass.finish());
        from += line.len();
    }
    edits.applied(text)
}

/// What one document is told to lose.
struct Pass<'a> {
    keys: &'a SecretKeys,
    actions: &'a Actions,
    text: &'a [u8],
    seen: Seen,
    edits: Edits,
    /// The key that was just read makes its value a secret.
    secret: bool,
    /// Tokens before this offset are gone already, with the container that holds them.
    gone_until: usize,
    /// The end of the last token that was told.
    read_until: usize,
    /// The text stops being JSON somewhere.
    broken: bool,
    /// Where something follows the document's value; the end of the text where nothing does.
    next_document: usize,
    found: Vec<Range<usize>>,
}

impl<'a> Pass<'a> {
    fn new(keys: &'a SecretKeys, actions: &'a Actions, text: &'a [u8]) -> Self {
        Self {
            keys,
            actions,
            text,
            seen: Seen::default(),
            edits: Edits::default(),
            secret: false,
            gone_until: 0,
            read_until: 0,
            // What the index cannot address is not read as JSON.
            broken: text.len() > crate::helper::INDEX_MAX_BYTES as usize,
            next_document: text.len(),
            found: Vec::new(),
        }
    }

    /// The edits of the whole text: where it stopped being JSON the rest goes by shape.
    fn finish(mut self) -> Edits {
        if !self.broken || self.next_document < self.text.len() {
            return self.edits;
        }
        let is_container = self
            .text
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|byte| b"{[".contains(byte));
        if !is_container {
            // A word in quotes or a number that begins a text is no document.
            self.edits = Edits::default();
            self.read_until = 0;
        }
        let mut from = self.read_until.max(self.gone_until).min(self.text.len());
        if self.secret {
            let rest = self.text.get(from..).unwrap_or_default();
            let start = from + rest.iter().take_while(|byte| b" \t\r\n:".contains(byte)).count();
            from = value_end(self.text, start);
            self.edits.whole(self.text, start..from);
        }
        self.by_shape(self.text.get(from..).unwrap_or_default(), from, None);
        self.edits
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

    fn fault(&mut self, place: &Place<'_>, fault: Fault) -> Flow {
        // What JSON does not forbid is not looked at.
        if !matches!(fault.rule, Rule::JsonSyntax | Rule::JsonUtf8) {
            return Ok(());
        }
        self.broken = true;
        let begins_another = self.text.get(fault.start).is_some_and(|byte| b"{[".contains(byte));
        if fault.rule == Rule::JsonSyntax
            && self.read_until > 0
            && begins_another
            && place.is_after_document()
        {
            self.next_document = fault.start;
        }
        Err(Stop)
    }

    fn wants_key(_: usize, _: bool) -> bool {
        true
    }

    fn key(&mut self, _: &Place<'_>, key: Text<'_>) -> Flow {
        if key.open >= self.gone_until {
            self.read_until = key.end();
            self.secret = self.seen.is_secret(self.keys, key);
            self.string_by_shape(key);
        }
        Ok(())
    }

    fn string(&mut self, _: &Place<'_>, value: Text<'_>) -> Flow {
        if value.open >= self.gone_until {
            self.read_until = value.end();
            if std::mem::take(&mut self.secret) {
                self.edits.whole(self.text, value.open..value.end());
            } else {
                self.string_by_shape(value);
            }
        }
        Ok(())
    }

    fn other(&mut self, _: &Place<'_>, start: usize) -> Flow {
        if start >= self.gone_until {
            self.read_until = start + 1;
            if std::mem::take(&mut self.secret) {
                let end = value_end(self.text, start);
                self.edits.whole(self.text, start..end);
                self.gone_until = end;
                self.read_until = end;
            }
        }
        Ok(())
    }

    fn restart(&mut self) {
        let fresh = Pass::new(self.keys, self.actions, self.text);
        *self = Pass { seen: std::mem::take(&mut self.seen), ..fresh };
    }
}

/// The end of the value that begins at `start`; the end of the text where it does not end.
fn value_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => at = string_end(text, at),
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

/// One past the quote that closes the string which opens at `open`.
fn string_end(text: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(next) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += next;
        if text.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests;
