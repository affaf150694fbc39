//! One text that is shown: what becomes of it.

#![forbid(unsafe_code)]

use super::{Cleaner, twins};
use crate::json::{Place, Text, Written};
use crate::policy::Sanitize;
use crate::redact::{Edit, Pass, applied};
use crate::secrets::held::Held;
use crate::text::{self, RemovedKind, sanitize};
use std::borrow::Cow;

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Parts that go, by their offsets in the string as written; in what is left of the text, where that changed.
    pub(super) edits: Vec<Edit>,
    /// The text that takes the place of all of it, where more than parts change.
    pub(super) whole: Option<String>,
    /// What was changed besides secrets.
    pub(super) removed: Vec<RemovedKind>,
    /// Texts that went because of their names, and may be told a second time.
    pub(super) named: Vec<Vec<u8>>,
}

/// Looks through a text. Sanitised first: a character that is taken out must not hide a secret. What is cut loses its
/// secrets before: half of one looks like none.
pub(super) fn clean(
    cleaner: &Cleaner<'_>,
    pass: &mut Pass<'_>,
    held: Held,
    place: &Place<'_>,
    value: Text<'_>,
    most: Option<usize>,
) -> Found {
    let given = value.unescaped();
    let plain = well_formed(&given);
    let is_off = |rule| cleaner.is_off(rule);
    let policy = cleaner.sanitize;
    let is_long = most.is_some_and(|most| plain.len() > most);
    if matches!(plain, Cow::Borrowed(_)) && !is_long && text::stays(&plain, policy, is_off) {
        let mut edits = secrets(pass, held, place, value, plain.as_bytes());
        let named = twins::named(&edits, plain.as_bytes());
        if value.has_escapes() {
            let mut written = Written::new(&value);
            for edit in &mut edits {
                edit.range = written.offset(edit.range.start)..written.offset(edit.range.end);
            }
        }
        return Found { edits, named, ..Found::default() };
    }
    let uncut = Sanitize { max_chars: u32::MAX, ..policy };
    let clean = sanitize(&plain, uncut, is_off);
    let edits = secrets(pass, held, place, value, clean.text.as_bytes());
    let named = twins::named(&edits, clean.text.as_bytes());
    let mut text = match applied_if(cleaner, &edits, clean.text.as_bytes()) {
        Cow::Borrowed(_) => clean.text,
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    };
    let again = sanitize(&text, policy, is_off);
    text = again.text;
    let mut removed: Vec<_> = clean.removed.iter().map(|removed| removed.kind).collect();
    let is_cut = most.is_some_and(|most| cap(&mut text, most));
    if is_cut || again.removed.iter().any(|removed| removed.kind == RemovedKind::Truncated) {
        removed.push(RemovedKind::Truncated);
    }
    let whole = (text != *plain || matches!(plain, Cow::Owned(_))).then_some(text);
    Found { edits, whole, removed, named }
}

fn applied_if<'t>(cleaner: &Cleaner<'_>, edits: &[Edit], text: &'t [u8]) -> Cow<'t, [u8]> {
    if cleaner.redaction == crate::policy::ResultRedaction::Off {
        Cow::Borrowed(text)
    } else {
        applied(edits, text)
    }
}

fn secrets(pass: &mut Pass<'_>, held: Held, place: &Place<'_>, value: Text<'_>, text: &[u8]) -> Vec<Edit> {
    if pass.is_key_line(place, value, text) {
        return Edit::key_line(text, 0..text.len()).into_iter().collect();
    }
    if pass.takes(held, text) {
        return Edit::inner(text, 0..text.len()).into_iter().collect();
    }
    pass.secrets(text, 1)
}

/// A text as UTF-8, with U+FFFD for each half of a surrogate pair.
fn well_formed(text: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        match std::str::from_utf8(rest) {
            Ok(last) => {
                out.push_str(last);
                return Cow::Owned(out);
            }
            Err(error) => {
                let (valid, broken) = rest.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(valid).unwrap_or_default());
                out.push(char::REPLACEMENT_CHARACTER);
                let half = matches!(broken, [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..]);
                let len = if half { 3 } else { error.error_len().unwrap_or(broken.len()) };
                rest = broken.get(len..).unwrap_or_default();
            }
        }
    }
}

/// What stands for the rest of a text that was cut.
const REST: &str = "...";

/// Cuts a text behind so many units of UTF-16; whether it was longer, and not cut before.
fn cap(text: &mut String, most: usize) -> bool {
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > most).then_some(at)
    });
    let end = end.filter(|end| text.get(*end..) != Some(REST));
    if let Some(end) = end {
        text.truncate(end);
        text.push_str(REST);
    }
    end.is_some()
}
