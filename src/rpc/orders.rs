//! Orders to the model in the strings of a message: in each by itself, in lines that a search or an editor put numbers
//! before, in the text of a resource that is sent as base64, and in what the items of a list say together.

#![forbid(unsafe_code)]

use super::lines;
use crate::audit::Instructions;
use crate::json::{InItems, Place, Step, Text};
use crate::verdict::MAX_FINDINGS;
use std::ops::Range;

/// Members of the items of a list that hold what is read one after the other.
const SHOWN: [&[u8]; 8] =
    [b"text", b"content", b"line", b"body", b"message", b"snippet", b"description", b"value"];

/// Bytes of a text that are read together with its neighbour: an order is not longer.
const EDGE: usize = 512;
/// Texts are read together in pieces of so many bytes.
const FULL: usize = 4096;
/// More of a resource is not decoded (bytes of base64).
const LONGEST_BLOB: usize = 1 << 20;

/// Looks for orders in the strings of one message, which are told in the order of the bytes.
#[derive(Debug)]
pub(crate) struct Orders {
    instructions: Instructions,
    list: List,
    /// Where there are some: the pointer of a string, and where it stands with its quotes.
    pub(crate) found: Vec<(String, Range<usize>)>,
}

impl Orders {
    /// For a message of so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        // Each text is read by itself, and with its neighbours: with a space between them and without.
        let instructions = Instructions::new(bytes.saturating_mul(4));
        Self { instructions, list: List::default(), found: Vec::new() }
    }

    /// The message is read again from its start.
    pub(crate) fn renew(&mut self) {
        self.instructions.renew();
        self.list = List::default();
        self.found.clear();
    }

    /// A string. `text`: what it stands for.
    pub(crate) fn string(&mut self, place: &Place<'_>, value: Text<'_>, text: &[u8]) {
        if self.found.len() >= MAX_FINDINGS {
            return;
        }
        let Self { instructions, list, found } = self;
        if orders(instructions, place, text) {
            found.extend(list.judge(instructions));
            list.clear();
            found.push((place.pointer(), value.open..value.end()));
            return;
        }
        let document = value.inside().0;
        if let Some(at) = shown(place, document) {
            if list.at.as_ref().is_none_or(|known| !known.is_same(&at, document)) {
                found.extend(list.judge(instructions));
                list.clear();
                list.at = Some(at);
            }
            found.extend(list.add(instructions, place, value, text));
        }
    }

    /// The message ends.
    pub(crate) fn end(&mut self) {
        let found = self.list.judge(&mut self.instructions);
        self.list.clear();
        if self.found.len() < MAX_FINDINGS {
            self.found.extend(found);
        }
    }
}

/// Whether a string by itself gives orders.
fn orders(instructions: &mut Instructions, place: &Place<'_>, text: &[u8]) -> bool {
    if instructions.are_in(text) {
        return true;
    }
    if matches!(place.step(), Some(Step::Key(key)) if key.raw() == b"blob") {
        let encoded = text.get(..text.len().min(LONGEST_BLOB)).unwrap_or_default();
        return instructions.are_in_base64(encoded);
    }
    lines::without_marks(text).is_some_and(|forms| forms.iter().any(|form| instructions.are_in(form)))
}

/// Where a string lies that is read together with its neighbours.
fn shown(place: &Place<'_>, document: &[u8]) -> Option<InItems> {
    InItems::of(place).filter(|at| !at.has_key() || at.key(document).is_some_and(|key| SHOWN.contains(&key)))
}

/// A string of a list.
#[derive(Debug)]
struct Part {
    /// One past its text in what was gathered.
    end: usize,
    /// Which item it is, or is in.
    index: u32,
    range: Range<usize>,
}

/// Neighbours in a list, and what they say together.
#[derive(Debug, Default)]
struct List {
    at: Option<InItems>,
    /// Its pointer, from the second string on.
    pointer: String,
    /// What follows the index in pointers of strings.
    member: String,
    text: Vec<u8>,
    parts: Vec<Part>,
}

impl List {
    fn clear(&mut self) {
        self.at = None;
        self.pointer.clear();
        self.text.clear();
        self.parts.clear();
    }

    /// Adds a string; answers where the ones before it, and it, give orders.
    fn add(
        &mut self,
        instructions: &mut Instructions,
        place: &Place<'_>,
        value: Text<'_>,
        text: &[u8],
    ) -> Option<(String, Range<usize>)> {
        if text.is_empty() {
            return None;
        }
        if self.pointer.is_empty() && !self.parts.is_empty() {
            self.name(&place.pointer());
        }
        let steps = (place.step(), place.step_to_container());
        let ((Some(Step::Index(index)), _) | (_, Some(Step::Index(index)))) = steps else {
            return None;
        };
        let range = value.open..value.end();
        if !self.text.is_empty() {
            self.text.push(b' ');
        }
        self.text.extend_from_slice(head(text));
        self.parts.push(Part { end: self.text.len(), index, range: range.clone() });
        if self.text.len() < FULL && text.len() <= EDGE {
            return None;
        }
        let found = self.judge(instructions);
        self.text.clear();
        self.parts.clear();
        if found.is_none() {
            self.text.extend_from_slice(tail(text));
            self.parts.push(Part { end: self.text.len(), index, range });
        }
        found
    }

    /// The string with which an order is complete that no string gives by itself.
    fn judge(&self, instructions: &mut Instructions) -> Option<(String, Range<usize>)> {
        if self.parts.len() < 2 {
            return None;
        }
        let glued = self.glued();
        let ends: Vec<usize> = self.parts.iter().map(|part| part.end).collect();
        let (text, ends) = if instructions.are_in(&self.text) {
            (&self.text, ends)
        } else if instructions.are_in(&glued) {
            (&glued, ends.iter().enumerate().map(|(at, end)| end - at).collect())
        } else {
            return None;
        };
        let mut gives = |parts: usize| {
            let end = ends.get(parts - 1).copied().unwrap_or(text.len());
            instructions.are_in(text.get(..end).unwrap_or_default())
        };
        let (mut few, mut enough) = (1, self.parts.len());
        while enough - few > 1 {
            let half = few.midpoint(enough);
            if gives(half) { enough = half } else { few = half }
        }
        let Part { index, range, .. } = self.parts.get(enough - 1)?;
        Some((format!("{}/{index}{}", self.pointer, self.member), range.clone()))
    }

    /// Takes the pointer of the list from that of a string.
    fn name(&mut self, pointer: &str) {
        let has_member = self.at.as_ref().is_some_and(InItems::has_key);
        let item = if has_member { pointer.rfind('/').unwrap_or(0) } else { pointer.len() };
        let (item, member) = pointer.split_at(item);
        item.get(..item.rfind('/').unwrap_or(0)).unwrap_or_default().clone_into(&mut self.pointer);
        member.clone_into(&mut self.member);
    }

    /// The text without the spaces that were put between the strings.
    fn glued(&self) -> Vec<u8> {
        let mut from = 0;
        let mut glued = Vec::with_capacity(self.text.len());
        for part in &self.parts {
            glued.extend_from_slice(self.text.get(from..part.end).unwrap_or_default());
            from = part.end + 1;
        }
        glued
    }
}

fn head(text: &[u8]) -> &[u8] {
    text.get(..text.len().min(EDGE)).unwrap_or_default()
}

fn tail(text: &[u8]) -> &[u8] {
    text.get(text.len().saturating_sub(EDGE)..).unwrap_or_default()
}
