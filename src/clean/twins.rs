//! Secrets that a message says twice: as a member, whose name gives it away, and in a text that says no name.

#![forbid(unsafe_code)]

use super::{Change, Look, Reader};
use crate::json::{Events, Flow, Place, Text, Written, push_string, unescape, walk};
use crate::policy::ResultRedaction;
use crate::redact::{Edit, PART};
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::ops::Range;

/// Shorter secrets stand in other texts by chance (bytes).
const LEAST: usize = 8;
/// More secrets are not looked for.
const MOST: usize = 16;
const WHAT: &str = "a secret that a member of the message names";

/// The secrets of a text that went because of their names, where nothing else looks like them.
pub(super) fn named(edits: &[Edit], text: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for edit in edits.iter().filter(|edit| edit.rule == Rule::SecretNamed) {
        let raw = text.get(edit.range.clone()).unwrap_or_default();
        // In a text that is JSON it has escapes of its own.
        let mut secret = Vec::with_capacity(raw.len());
        if edit.range == (0..text.len()) {
            secret.extend_from_slice(raw);
        } else {
            unescape(raw, &mut secret);
        }
        if is_told_apart(&secret) {
            found.push(secret);
        }
    }
    found
}

/// Whether a text stands nowhere by chance: words, numbers and dates do.
fn is_told_apart(secret: &[u8]) -> bool {
    let has = |class: fn(&u8) -> bool| secret.iter().any(class);
    let is_number = secret.iter().all(|byte| !byte.is_ascii_alphabetic() && *byte < 0x80);
    secret.len() >= LEAST
        && !is_number
        && (has(u8::is_ascii_digit) || has(|byte| byte.is_ascii_punctuation() && !b"-_./'".contains(byte)))
}

/// The secrets that are looked for.
#[derive(Debug, Default)]
pub(super) struct Twins {
    secrets: Vec<Vec<u8>>,
}

impl Twins {
    pub(super) fn add(&mut self, secrets: Vec<Vec<u8>>) {
        for secret in secrets {
            if self.secrets.len() < MOST && !self.secrets.contains(&secret) {
                self.secrets.push(secret);
            }
        }
    }
}

impl Reader<'_, '_, '_> {
    /// Takes the secrets out of every other text, once the changes are in the order of the bytes.
    pub(super) fn add_twins(&mut self) {
        if self.twins.secrets.is_empty() {
            return;
        }
        let secrets = std::mem::take(&mut self.twins.secrets);
        let finders: Vec<_> = secrets.iter().map(Finder::new).collect();
        let mut seeker = Seeker { reader: self, finders, found: Vec::new(), next: 0 };
        walk(seeker.reader.message, seeker.reader.cleaner.limits, &mut seeker);
        let found = seeker.found;
        let redacts = self.cleaner.redaction != ResultRedaction::Off;
        let mut findings = Vec::new();
        for (range, pointer) in found {
            self.find(&mut findings, || pointer, Rule::SecretNamed, WHAT, range.clone());
            if redacts {
                self.state.changes.push(Change { range, with: Cow::Borrowed(PART), part: true });
            }
        }
        self.state.findings.append(&mut findings);
        self.state.changes.sort_by_key(|change| change.range.start);
    }
}

/// Looks for secrets in texts.
struct Seeker<'s, 'c, 'a, 'm> {
    reader: &'s mut Reader<'c, 'a, 'm>,
    finders: Vec<Finder<'s>>,
    found: Vec<(Range<usize>, String)>,
    /// The first change that does not end before the string that is read.
    next: usize,
}

impl Seeker<'_, '_, '_, '_> {
    /// The secrets in a text that are no part of a longer word, in the order of the bytes.
    fn seek(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for finder in &self.finders {
            let len = finder.needle().len();
            let mut from = 0;
            while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)) {
                let start = from + at;
                from = start + len;
                let is_word =
                    |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
                if !is_word(start.checked_sub(1)) && !is_word(Some(from)) {
                    found.push(start..from);
                }
            }
        }
        found.sort_by_key(|range| (range.start, usize::MAX - range.end));
        let mut end = 0;
        found.retain(|range: &Range<usize>| {
            let stays = range.start >= end;
            end = end.max(range.end);
            stays
        });
        found
    }

    /// Takes the secrets out of the text that takes the place of a whole one.
    fn seek_in_change(&mut self, at: usize, place: &Place<'_>) {
        let Some(change) = self.reader.state.changes.get(at) else { return };
        let Ok(text) = serde_json::from_slice::<String>(&change.with) else { return };
        let found = self.seek(text.as_bytes());
        if found.is_empty() {
            return;
        }
        let edits: Vec<_> =
            found.into_iter().map(|range| Edit::part(Rule::SecretNamed, range, WHAT)).collect();
        let redacted = crate::redact::applied(&edits, text.as_bytes());
        let range = change.range.clone();
        if self.reader.cleaner.redaction != ResultRedaction::Off {
            let mut with = Vec::new();
            push_string(&mut with, &redacted);
            if let Some(change) = self.reader.state.changes.get_mut(at) {
                change.with = Cow::Owned(with);
            }
        }
        let mut findings = Vec::new();
        self.reader.find(&mut findings, || place.pointer(), Rule::SecretNamed, WHAT, range);
        self.reader.state.findings.append(&mut findings);
    }
}

impl Events for Seeker<'_, '_, '_, '_> {
    const VALUES: bool = true;

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        if self.reader.look(place) == Look::Away {
            return Ok(());
        }
        let (_, inside) = value.inside();
        let changes = &self.reader.state.changes;
        while changes.get(self.next).is_some_and(|change| change.range.end < value.open) {
            self.next += 1;
        }
        if changes.get(self.next).is_some_and(|change| !change.part && change.range.start == value.open) {
            self.seek_in_change(self.next, place);
            return Ok(());
        }
        let text = value.unescaped();
        let mut written = value.has_escapes().then(|| Written::new(&value));
        let mut next = self.next;
        for range in self.seek(&text) {
            let range = match &mut written {
                Some(written) => written.offset(range.start)..written.offset(range.end),
                None => range,
            };
            let range = inside.start + range.start..inside.start + range.end;
            let change = |at: usize| self.reader.state.changes.get(at).map(|change| &change.range);
            while change(next).is_some_and(|change| change.end <= range.start) {
                next += 1;
            }
            if change(next).is_none_or(|change| change.start >= range.end) {
                self.found.push((range, place.pointer()));
            }
        }
        Ok(())
    }

    fn restart(&mut self) {
        self.found.clear();
        self.next = 0;
    }
}
