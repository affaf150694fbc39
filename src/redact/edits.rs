//! What a text loses, and the text without it.

#![forbid(unsafe_code)]

use std::borrow::Cow;
use std::ops::Range;

/// What stands for a part of a text.
const PART: &[u8] = b"[REDACTED]";
/// What stands for a whole JSON value.
const WHOLE: &[u8] = b"\"[REDACTED]\"";

/// Ranges in the order of the bytes, none of which overlap.
#[derive(Debug, Default)]
pub(super) struct Edits {
    list: Vec<(Range<usize>, &'static [u8])>,
}

impl Edits {
    /// A value goes, quotes and all; one that went already stays as it is.
    pub(super) fn whole(&mut self, text: &[u8], range: Range<usize>) {
        if !range.is_empty() && text.get(range.clone()) != Some(WHOLE) {
            self.list.push((range, WHOLE));
        }
    }

    /// A part of a text goes.
    pub(super) fn part(&mut self, range: Range<usize>) {
        self.list.push((range, PART));
    }

    #[cfg(any(feature = "node", test))]
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn applied(self, text: &[u8]) -> Cow<'_, [u8]> {
        if self.list.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = Vec::with_capacity(text.len() + self.list.len() * WHOLE.len());
        let mut from = 0;
        for (range, with) in self.list {
            out.extend_from_slice(text.get(from..range.start).unwrap_or_default());
            out.extend_from_slice(with);
            from = range.end;
        }
        out.extend_from_slice(text.get(from..).unwrap_or_default());
        Cow::Owned(out)
    }
}
