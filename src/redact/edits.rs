//! What a text loses, and the text without it.

#![forbid(unsafe_code)]

use crate::rules::Rule;
use std::borrow::Cow;
use std::ops::Range;

/// What stands for a part of a text.
pub(crate) const PART: &[u8] = b"[REDACTED]";
/// What stands for a whole JSON value: in the document, in a text in it, and in a text in a text.
const WHOLE: [&[u8]; 4] =
    [br#""[REDACTED]""#, br#"\"[REDACTED]\""#, br#"\\\"[REDACTED]\\\""#, br#"\\\\\\\"[REDACTED]\\\\\\\""#];

/// A part of a text that goes, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) range: Range<usize>,
    pub(crate) with: &'static [u8],
    pub(crate) rule: Rule,
    pub(crate) what: &'static str,
}

impl Edit {
    /// A part of a text goes.
    pub(crate) fn part(rule: Rule, range: Range<usize>, what: &'static str) -> Self {
        Self { range, with: PART, rule, what }
    }

    /// A value goes because of its name, quotes and all; one that went already stays as it is. `depth`: how many strings
    /// it stands in.
    pub(super) fn whole(text: &[u8], range: Range<usize>, depth: usize) -> Option<Self> {
        let with = *WHOLE.get(depth)?;
        let gone = range.is_empty() || text.get(range.clone()) == Some(WHOLE[0]);
        (!gone).then_some(Self { range, with, rule: Rule::SecretNamed, what: NAMED })
    }

    /// The text of a string goes because of its name; its quotes stay.
    pub(crate) fn inner(text: &[u8], range: Range<usize>) -> Option<Self> {
        (text.get(range.clone()) != Some(PART)).then(|| Self::part(Rule::SecretNamed, range, NAMED))
    }
}

impl Edit {
    /// A line of a private key goes.
    pub(crate) fn key_line(text: &[u8], range: Range<usize>) -> Option<Self> {
        let gone = text.get(range.clone()) == Some(PART);
        (!gone).then(|| Self::part(Rule::SecretPrivateKey, range, "a line of a private key"))
    }
}

const NAMED: &str = "a value whose name says that it is a secret";

/// Sorts, and makes one of those that overlap.
pub(super) fn settle(edits: &mut Vec<Edit>) {
    edits.sort_by_key(|edit| (edit.range.start, usize::MAX - edit.range.end));
    edits.dedup_by(|next, kept| {
        let overlaps = next.range.start < kept.range.end;
        if overlaps && next.range.end > kept.range.end {
            kept.range.end = next.range.end;
            kept.with = PART;
        }
        overlaps
    });
}

/// A text without what goes; the edits are in the order of the bytes, and none overlap.
pub(crate) fn applied<'a>(edits: &[Edit], text: &'a [u8]) -> Cow<'a, [u8]> {
    if edits.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + edits.len() * PART.len());
    let mut from = 0;
    for Edit { range, with, .. } in edits {
        out.extend_from_slice(text.get(from..range.start).unwrap_or_default());
        out.extend_from_slice(with);
        from = range.end;
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}
