//! Structured content that still matches the schema which its tool declares.
//!
//! A client that validates takes a result that does not match for a broken server. Where the mark does not match, a text
//! of the same length and classes of characters takes its place; where that does not either, the text stays.

#![forbid(unsafe_code)]

use super::{Change, applied};
use crate::json::{Events, Fault, Flow, Noted, Place, Stop, Tape, walk};
use crate::schema::Schema;
use std::borrow::Cow;
use std::ops::Range;

/// What takes the place of the bytes of a change, by its place in the list.
type With<'a> = dyn Fn(&Change, usize) -> Cow<'static, [u8]> + 'a;

/// More changes are tried together.
const MOST: usize = 64;

/// Makes the changes inside `range`, which is the structured content, such that it matches. `changes` are in the order
/// of the bytes.
pub(super) fn keep(schema: &str, message: &[u8], range: Range<usize>, changes: &mut Vec<Change>) {
    let inside = |change: &Change| range.start <= change.range.start && change.range.end <= range.end;
    if !changes.iter().any(inside) {
        return;
    }
    let Some(value) = serde_json::from_str::<serde_json::Value>(schema).ok() else {
        return;
    };
    let Ok(compiled) = Schema::compile(&value) else {
        // What cannot be checked is not changed.
        changes.retain(|change| !inside(change));
        return;
    };
    // Formats are not checked: what has the same shape has the same format.
    let masks_only = names(&value, "format");
    let matches = |changes: &[Change]| is_valid(&compiled, message, &range, changes);
    if !masks_only && matches(changes) || !matches(&[]) {
        return;
    }
    let places: Vec<usize> = (0..changes.len()).filter(|at| changes.get(*at).is_some_and(inside)).collect();
    let groups: Vec<Vec<usize>> =
        if places.len() > MOST { vec![places] } else { places.into_iter().map(|at| vec![at]).collect() };
    let marks: Vec<Cow<'static, [u8]>> = changes.iter().map(|change| change.with.clone()).collect();
    let set = |changes: &mut Vec<Change>, group: &[usize], with: &With<'_>| {
        for at in group {
            if let Some(change) = changes.get_mut(*at) {
                change.with = with(change, *at);
            }
        }
    };
    let given = |change: &Change, _: usize| {
        Cow::Owned(message.get(change.range.clone()).unwrap_or_default().to_vec())
    };
    for group in &groups {
        set(changes, group, &given);
    }
    for group in &groups {
        let mark = |_: &Change, at: usize| marks.get(at).cloned().unwrap_or_default();
        let hidden = |change: &Change, _: usize| {
            Cow::Owned(masked(message.get(change.range.clone()).unwrap_or_default(), change.part))
        };
        let tail = |change: &Change, _: usize| {
            Cow::Owned(masked_tail(message.get(change.range.clone()).unwrap_or_default(), change.part))
        };
        let tries: [&With<'_>; 3] = [&mark, &hidden, &tail];
        let skip = usize::from(masks_only);
        let found = tries.into_iter().skip(skip).any(|with| {
            set(changes, group, with);
            matches(changes)
        });
        if !found {
            set(changes, group, &given);
        }
    }
    changes.retain(|change| message.get(change.range.clone()) != Some(&*change.with));
}

/// A text of the same length, of the same classes of characters. Escapes stay.
fn masked(given: &[u8], part: bool) -> Vec<u8> {
    masked_from(given, part, 0)
}

/// The same behind what may be a prefix: as much as half of it, and not more than eight characters.
fn masked_tail(given: &[u8], part: bool) -> Vec<u8> {
    masked_from(given, part, (given.len() / 2).min(8))
}

fn masked_from(given: &[u8], part: bool, from: usize) -> Vec<u8> {
    let mut escaped = false;
    let mut digits = 0_u8;
    let from = if part { from } else { from + 1 };
    let mask = |(at, byte): (usize, &u8)| {
        if digits > 0 {
            // Of \u00e9 nothing is changed.
            digits -= 1;
            return *byte;
        }
        if std::mem::take(&mut escaped) {
            digits = if *byte == b'u' { 4 } else { 0 };
            return *byte;
        }
        escaped = *byte == b'\\';
        match byte {
            _ if at < from => *byte,
            b'0'..=b'9' => b'0',
            b'a'..=b'f' => b'a',
            b'A'..=b'F' => b'A',
            b'g'..=b'z' => b'x',
            b'G'..=b'Z' => b'X',
            other => *other,
        }
    };
    given.iter().enumerate().map(mask).collect()
}

/// Whether a schema names a keyword anywhere.
fn names(value: &serde_json::Value, keyword: &str) -> bool {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            serde_json::Value::Object(members) => {
                if members.contains_key(keyword) {
                    return true;
                }
                rest.extend(members.values());
            }
            serde_json::Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    false
}

fn is_valid(schema: &Schema, message: &[u8], range: &Range<usize>, changes: &[Change]) -> bool {
    let inside: Vec<Change> = changes
        .iter()
        .filter(|change| range.start <= change.range.start && change.range.end <= range.end)
        .map(|change| Change {
            range: change.range.start - range.start..change.range.end - range.start,
            with: change.with.clone(),
            part: change.part,
        })
        .collect();
    let document = applied(&inside, message.get(range.clone()).unwrap_or_default());
    let mut tape = Tape::take();
    walk(&document, &crate::redact::NO_LIMITS, &mut Noted { events: &mut Silent, tape: &mut tape });
    let mut valid = true;
    schema.check(&document, &tape, &mut |_| valid = false);
    tape.keep();
    valid
}

/// Nobody asks what is met.
struct Silent;

impl Events for Silent {
    const VALUES: bool = false;

    fn fault(&mut self, _: &Place<'_>, fault: Fault) -> Flow {
        if fault.rule == crate::Rule::JsonSyntax { Err(Stop) } else { Ok(()) }
    }
}
