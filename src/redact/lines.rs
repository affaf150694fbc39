//! Lines of a private key that stand in a string each: items of an array, or one member of each of its objects.

#![forbid(unsafe_code)]

use crate::json::{Place, Step, Text};
use crate::secrets;
use std::ops::Range;

/// More lines are no key: one of 16,384 bits has 200.
const MOST: usize = 256;

/// Where lines are expected.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Where {
    /// How deep the lines lie, and the items of the array.
    depth: usize,
    items: usize,
    /// The member that holds them.
    key: Option<Range<usize>>,
}

/// What was seen of keys.
#[derive(Debug, Default)]
pub(super) struct KeyLines {
    at: Option<Where>,
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
        if self.at.as_ref().is_some_and(|at| depth < at.items) {
            self.clear();
        }
    }

    /// Tells what a string is. `value`: as written; `text`: what it stands for.
    pub(super) fn string(&mut self, place: &Place<'_>, value: Text<'_>, text: &[u8]) -> Line {
        let depth = place.depth();
        self.pass(depth);
        let at = match place.step() {
            Some(Step::Index(_)) => Where { depth, items: depth, key: None },
            Some(Step::Key(key)) if matches!(place.step_to_container(), Some(Step::Index(_))) => {
                Where { depth, items: depth - 1, key: Some(key.inside().1) }
            }
            _ => return Line::Other,
        };
        let (document, inside) = value.inside();
        if self.at.as_ref().is_some_and(|known| is_same(document, known, &at)) {
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

fn is_same(document: &[u8], one: &Where, other: &Where) -> bool {
    let key = |at: &Where| at.key.clone().and_then(|range| document.get(range));
    one.depth == other.depth && one.items == other.items && key(one) == key(other)
}
