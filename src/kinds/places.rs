//! The places of a document that a schema speaks of, and what it says of each.

#![forbid(unsafe_code)]

use super::misfit;
use crate::error::Error;
use crate::policy::Argument;
use std::collections::BTreeMap;

/// Longer names are left out: the default limits refuse them in a call (bytes).
const MAX_NAME: usize = 1024;
/// Patterns of a whole schema (bytes); a policy may be as long.
const MAX_PATTERNS: usize = 4 << 20;

/// A place: the arguments themselves, a member, or an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place(usize);

#[derive(Debug, Default)]
struct Node {
    named: BTreeMap<String, usize>,
    any: Option<usize>,
    said: Said,
}

/// What was said of a place so far.
#[derive(Debug, Clone, Default)]
enum Said {
    #[default]
    Nothing,
    Is(Argument),
    /// That it is not known, or two things.
    Unclear,
}

/// A tree of places.
#[derive(Debug)]
pub(super) struct Places(Vec<Node>);

impl Places {
    pub(super) const ROOT: Place = Place(0);

    pub(super) fn new() -> Self {
        Self(vec![Node::default()])
    }

    /// The member or item of this name.
    pub(super) fn named(&mut self, Place(parent): Place, name: &str) -> Option<Place> {
        let next = self.0.len();
        let node = self.0.get_mut(parent).filter(|_| name.len() <= MAX_NAME)?;
        let index = *node.named.entry(escaped(name)).or_insert(next);
        Some(self.at(index))
    }

    /// Every member or item that has no place of its own.
    pub(super) fn any(&mut self, Place(parent): Place) -> Option<Place> {
        let next = self.0.len();
        let index = *self.0.get_mut(parent)?.any.get_or_insert(next);
        Some(self.at(index))
    }

    fn at(&mut self, index: usize) -> Place {
        if index == self.0.len() {
            self.0.push(Node::default());
        }
        Place(index)
    }

    /// Where a place is spoken of twice, both must say the same.
    pub(super) fn say(&mut self, Place(index): Place, guess: Option<Argument>) {
        if let Some(node) = self.0.get_mut(index) {
            node.said = match (std::mem::take(&mut node.said), guess) {
                (Said::Nothing, Some(guess)) => Said::Is(guess),
                (Said::Is(said), Some(guess)) if said.kind == guess.kind => Said::Is(said),
                _ => Said::Unclear,
            };
        }
    }

    pub(super) fn into_patterns(self) -> Result<BTreeMap<String, Argument>, Error> {
        let mut patterns = BTreeMap::new();
        let mut room = MAX_PATTERNS;
        let mut open = vec![(0, String::new())];
        while let Some((index, pattern)) = open.pop() {
            let Some(node) = self.0.get(index) else { continue };
            for (name, child) in &node.named {
                open.push((*child, [&pattern, "/", name].concat()));
            }
            // Where members have places of their own, a wildcard would also hold for those of them that are not known.
            if let Some(any) = node.any.filter(|_| node.named.is_empty()) {
                open.push((any, [&pattern, "/*"].concat()));
            }
            if let Said::Is(argument) = &node.said {
                let left = room.checked_sub(pattern.len());
                room = left.ok_or_else(|| misfit("the places of the schema have more than 4 MiB"))?;
                patterns.insert(pattern, argument.clone());
            }
        }
        Ok(patterns)
    }
}

/// A name as a segment of a pattern.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1").replace('*', "~2")
}
