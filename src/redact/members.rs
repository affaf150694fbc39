//! Members of JSON inside a text: a document, lines of a log, a block in prose, or one that is cut off.
//!
//! A key is a string with a colon behind it, wherever it stands. Nothing else of the grammar counts, so that a stray
//! quote loses nothing.

#![forbid(unsafe_code)]

use super::edits::Edit;
use super::keys::SecretKeys;
use super::pairs::{Half, Known, Written};
use super::{Names, Seen, string_end, value_end};
use crate::json::unescape;
use crate::secrets::held::Held;
use crate::secrets::span_of;
use std::borrow::Cow;
use std::ops::Range;

/// Longer keys are data (bytes).
const LONGEST: usize = 128;

/// Tells `found` of each member of `text` whose value is a secret by its name. `depth`: how many strings the text
/// stands in.
pub(super) fn secret(
    keys: &SecretKeys,
    seen: &mut Seen,
    names: Names,
    text: &[u8],
    depth: usize,
    mut found: impl FnMut(Edit),
) {
    let mut at = 0;
    while let Some((key, value)) = next(text, &mut at) {
        let held = seen.held(keys, names, &unescaped(text.get(key).unwrap_or_default()));
        if held == Held::Nothing {
            continue;
        }
        if names == Names::All {
            let end = value_end(text, value);
            at = at.max(end);
            Edit::whole(text, value..end, depth).into_iter().for_each(&mut found);
            continue;
        }
        for string in strings(text, value) {
            if held.fits(&unescaped(text.get(string.clone()).unwrap_or_default())) {
                at = at.max(string.end);
                Edit::inner(text, string).into_iter().for_each(&mut found);
            }
        }
    }
}

/// Tells `found` of each value that the name beside it gives away: `{"name": "DB_PASSWORD", "value": "..."}`.
pub(super) fn settings(
    keys: &SecretKeys,
    seen: &mut Seen,
    names: Names,
    text: &[u8],
    depth: usize,
    mut found: impl FnMut(Edit),
) {
    let ends: [&[u8]; 3] = [b"alue\"", b"ALUE\"", b"val\""];
    if !ends.iter().any(|end| memchr::memmem::find(text, end).is_some()) {
        return;
    }
    let mut at = 0;
    let mut written = Written::default();
    while let Some((key, value)) = next(text, &mut at) {
        let Some(half) = text.get(key.clone()).and_then(Half::of) else { continue };
        let Some(string) = strings(text, value).next().filter(|_| text.get(value) == Some(&b'"')) else {
            continue;
        };
        let settings = written.member(text, &key);
        let other = if half == Half::Name { Half::Value } else { Half::Name };
        for known in settings.of(0, other) {
            let (name, value) = match half {
                Half::Name => (&string, &known.text),
                Half::Value => (&known.text, &string),
            };
            let part = |range: &Range<usize>| unescaped(text.get(range.clone()).unwrap_or_default());
            let held = seen.held(keys, names, &part(name));
            if held == Held::Nothing {
                continue;
            }
            if names == Names::All {
                let end = text.len().min(value.end + 1);
                Edit::whole(text, value.start - 1..end, depth).into_iter().for_each(&mut found);
            } else if held.fits(&part(value)) {
                Edit::inner(text, value.clone()).into_iter().for_each(&mut found);
            }
        }
        let end = string.end + 1;
        settings.keep(0, Known { half, key, text: string });
        written.ends(end);
        at = at.max(end);
    }
}

/// The next key from `at` on, and where its value begins.
fn next(text: &[u8], at: &mut usize) -> Option<(Range<usize>, usize)> {
    loop {
        let quote = *at + memchr::memchr(b'"', text.get(*at..)?)?;
        let from = *at;
        *at = quote + 1;
        let colon = quote + 1 + span_of(text, quote + 1, b" \t\r\n");
        if text.get(colon) != Some(&b':') {
            continue;
        }
        *at = colon + 1;
        // A quote in an escape ends a string of a text in this one, which is read by itself.
        if text.get(..quote)?.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1 {
            continue;
        }
        // The quote before this one opens the key.
        let start = quote.saturating_sub(LONGEST).max(from.saturating_sub(1));
        let before = text.get(start..quote)?;
        let Some(open) = memchr::memrchr(b'"', before) else { continue };
        let key = start + open + 1..quote;
        let value = colon + 1 + span_of(text, colon + 1, b" \t\r\n");
        return Some((key, value));
    }
}

/// The strings of a value: it is one, or an array that begins with some.
fn strings(text: &[u8], value: usize) -> impl Iterator<Item = Range<usize>> {
    let array = text.get(value) == Some(&b'[');
    let mut at = if array { value + 1 } else { value };
    let mut more = true;
    std::iter::from_fn(move || {
        if !more {
            return None;
        }
        at += span_of(text, at, if array { b" \t\r\n," } else { b"" });
        if text.get(at) != Some(&b'"') {
            return None;
        }
        let open = at;
        let inner = match string_end(text, open) {
            Some(end) => {
                (at, more) = (end, array);
                open + 1..end - 1
            }
            // One that the text ends in.
            None if memchr::memchr(b'\n', text.get(open..)?).is_none() => {
                more = false;
                open + 1..text.len()
            }
            None => return None,
        };
        Some(inner)
    })
}

pub(super) fn unescaped(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    unescape(raw, &mut out);
    Cow::Owned(out)
}
