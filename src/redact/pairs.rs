//! Settings that are objects of two members: `{"name": "DB_PASSWORD", "value": "..."}`, as containers, pipelines and
//! stores of parameters write them. The name says what the value is, whichever comes first.

#![forbid(unsafe_code)]

use std::ops::Range;

/// Members that hold the name of a setting, and those that hold its value.
const NAMES: [&[u8]; 7] =
    [b"name", b"key", b"variable", b"varname", b"envvar", b"parameterkey", b"parametername"];
const VALUES: [&[u8]; 4] = [b"value", b"val", b"parametervalue", b"defaultvalue"];

/// What a member of a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Name,
    Value,
}

impl Half {
    pub(super) fn of(key: &[u8]) -> Option<Self> {
        let is = |list: &[&[u8]]| list.iter().any(|known| known.eq_ignore_ascii_case(key));
        match key.len() {
            3..=13 if is(&NAMES) => Some(Self::Name),
            3..=14 if is(&VALUES) => Some(Self::Value),
            _ => None,
        }
    }
}

/// Half of a setting: where its key and its text stand, inside their quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) half: Half,
    pub(super) key: Range<usize>,
    pub(super) text: Range<usize>,
}

/// More halves of one object are not kept.
const MOST: usize = 4;

/// The halves in objects that are open.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// With how deep they lie; the deepest last.
    halves: Vec<(usize, Known)>,
}

impl Settings {
    /// A value at this depth was met: objects that lie deeper have ended.
    pub(super) fn pass(&mut self, depth: usize) {
        while self.halves.last().is_some_and(|(deep, _)| *deep > depth) {
            self.halves.pop();
        }
    }

    /// The halves of the object whose members lie at this depth, all of them name or value.
    pub(super) fn of(&self, depth: usize, half: Half) -> impl Iterator<Item = &Known> {
        let own = self.halves.iter().rev().take_while(move |(deep, _)| *deep == depth);
        own.map(|(_, known)| known).filter(move |known| known.half == half)
    }

    /// Keeps a half of the object whose members lie at this depth.
    pub(super) fn keep(&mut self, depth: usize, known: Known) {
        if self.halves.iter().rev().take(MOST).filter(|(deep, _)| *deep == depth).count() < MOST {
            self.halves.push((depth, known));
        }
    }

    pub(super) fn clear(&mut self) {
        self.halves.clear();
    }
}

/// The halves in a text that holds members, where nothing but a brace tells that an object ends.
#[derive(Debug, Default)]
pub(super) struct Written {
    settings: Settings,
    /// One past the last member.
    end: usize,
}

impl Written {
    /// A member whose value is a string begins at `key`: what is kept of another object goes.
    pub(super) fn member(&mut self, text: &[u8], key: &Range<usize>) -> &mut Settings {
        let between = text.get(self.end..key.start).unwrap_or_default();
        if memchr::memchr2(b'{', b'}', between).is_some() {
            self.settings.clear();
        }
        &mut self.settings
    }

    /// The member ended.
    pub(super) fn ends(&mut self, at: usize) {
        self.end = at;
    }
}
