//! Lines of a private key that stand in a string each: items of an array, or one member of each of its objects.

#![forbid(unsafe_code)]

use crate::json::{InItems, Place, Text};
use crate::secrets;
use std::ops::Range;

/// More lines are no key: one of 16,384 bits has 200.
const MOST: usize = 256;

/// What was seen of keys.
#[derive(Debug, Default)]
pub(super) struct KeyLines {
    /// Where lines are expected.
    at: Option<InItems>,
    /// A line began a key, so that others follow.
    open: bool,
    /// Lines that belong to a key where another one closes it: where they stand, with their pointers.
    waiting: Vec<(Range<usize>, String)>,
}

/// What a string is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// No line of a key that is known to be one.
    Other,
    /// A line of a key.
    OfKey,
    /// The line that closes a key, the others of which stand before it.
    Closes(Vec<(Range<usize>, String)>),
}

impl KeyLines {
    /// A value at this depth was met: an array that lies deeper has ended.
    pub(super) fn pass(&mut self, depth: usize) {
        if self.at.as_ref().is_some_and(|at| depth < at.items()) {
            self.clear();
        }
    }

    /// Tells what a string is. `value`: as written; `text`: what it stands for.
    pub(super) fn string(&mut self, place: &Place<'_>, value: Text<'_>, text: &[u8]) -> Line {
        self.pass(place.depth());
        let Some(at) = InItems::of(place) else { return Line::Other };
        let (document, inside) = value.inside();
        if self.at.as_ref().is_some_and(|known| known.is_same(&at, document)) {
            if self.open && secrets::continues_key(text) {
                self.open = !secrets::closes_key(text);
                return Line::OfKey;
            }
            if !self.waiting.is_empty() && secrets::closes_key(text) {
                let lines = std::mem::take(&mut self.waiting);
                self.clear();
                return Line::Closes(lines);
            }
            self.open = false;
        } else if self.at.is_some() && (self.open || !self.waiting.is_empty()) {
            // Another member of the same object.
            return Line::Other;
        }
        if secrets::opens_key(text) {
            self.waiting.clear();
            (self.at, self.open) = (Some(at), true);
        } else if secrets::is_key_line(text) || !self.waiting.is_empty() && secrets::continues_key(text) {
            if self.waiting.len() < MOST {
                self.waiting.push((inside, place.pointer()));
            }
            self.at = Some(at);
        } else {
            self.waiting.clear();
        }
        Line::Other
    }

    pub(super) fn clear(&mut self) {
        self.at = None;
        self.open = false;
        self.waiting.clear();
    }
}
