//! Where the strings of a list lie.

#![forbid(unsafe_code)]

use super::{Place, Step};
use std::ops::Range;

/// Where strings follow each other: as the items of an array, or in one member of each of its objects.
#[derive(Debug, Clone)]
pub(crate) struct InItems {
    /// How deep the strings lie.
    depth: usize,
    /// The member that holds them, as it is written.
    key: Option<Range<usize>>,
}

impl InItems {
    /// Where a string lies, if it is an item or a member of one.
    pub(crate) fn of(place: &Place<'_>) -> Option<Self> {
        let key = match place.step()? {
            Step::Index(_) => None,
            Step::Key(key) => {
                matches!(place.step_to_container(), Some(Step::Index(_))).then_some(())?;
                Some(key.inside().1)
            }
        };
        Some(Self { depth: place.depth(), key })
    }

    /// How deep the items lie.
    pub(crate) fn items(&self) -> usize {
        self.depth - usize::from(self.has_key())
    }

    /// Whether the strings are members of the items.
    pub(crate) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// The member that holds the strings in a document.
    pub(crate) fn key<'d>(&self, document: &'d [u8]) -> Option<&'d [u8]> {
        document.get(self.key.clone()?)
    }

    /// Whether strings of the same document lie in the same way.
    pub(crate) fn is_same(&self, other: &Self, document: &[u8]) -> bool {
        self.depth == other.depth
            && self.has_key() == other.has_key()
            && self.key(document) == other.key(document)
    }
}
