//! The tokens of one pass, kept so that they can be read in any order: eight bytes for a key, a string, a
//! number or a literal, sixteen for a container, which knows where it ends and how many children it has.

use super::place::Place;
use super::text::Text;
use super::walk::{Events, Fault, Flow, walk};
use crate::policy::Limits;
use std::cell::Cell;
use std::ops::Range;

/// A thread keeps a tape of up to this many entries between passes (1 MiB).
const KEEP: usize = 1 << 17;

/// What a pass met.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Token<'a> {
    /// The key of a member.
    Key(Text<'a>),
    /// The member whose key comes next is there already.
    Duplicate,
    /// A string value.
    String(Text<'a>),
    /// A number or literal that begins at this offset.
    Scalar(usize),
    /// A container that begins at this offset.
    Begin(usize),
    /// The innermost container: the offset of its last byte, and how many items or members it has.
    End(usize, u32),
}

/// A token as it is kept. Offsets and lengths are below 2^31.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The offset of its first byte. In the second entry of a container: one past its last byte.
    pub(super) start: u32,
    /// A string or key: the bytes between its quotes, and [`ESCAPED`]. A container: the entry behind it, and in
    /// its second entry how many children it has.
    pub(super) rest: u32,
}

/// In `rest` of a string: there is a backslash in it.
pub(super) const ESCAPED: u32 = 1 << 31;

/// The tokens of a document.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(super) entries: Vec<Entry>,
    /// The innermost open container; while it is open its `rest` is the one around it.
    open: u32,
    depth: u32,
    /// Containers nested at the deepest place; the outermost counts as 1.
    pub(crate) deepest: u32,
    /// Some object has a member twice.
    pub(crate) duplicates: bool,
}

thread_local! {
    static SCRATCH: Cell<Vec<Entry>> = const { Cell::new(Vec::new()) };
}

impl Tape {
    /// Longer documents have no tape (bytes).
    pub(crate) const MAX_BYTES: usize = (1 << 31) - 1;

    /// An empty tape, in memory that the thread kept.
    pub(crate) fn take() -> Self {
        let mut entries = SCRATCH.try_with(Cell::take).unwrap_or_default();
        entries.clear();
        Self { entries, ..Self::default() }
    }

    /// Gives the memory back to the thread.
    pub(crate) fn keep(self) {
        if self.entries.capacity() <= KEEP {
            let _ = SCRATCH.try_with(|slot| slot.set(self.entries));
        }
    }

    /// Where the document lies that the tape begins with: its first byte, and one past its last.
    pub(crate) fn range(&self) -> Range<usize> {
        let at = |entry: Option<&Entry>| entry.map_or(0, |entry| entry.start as usize);
        at(self.entries.first())..at(self.entries.get(1))
    }

    /// The strings and keys of the document, which is an object or array.
    pub(crate) fn strings<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = Text<'a>> {
        let text = |entry: &Entry| {
            let (open, length) = (entry.start as usize, (entry.rest & !ESCAPED) as usize);
            let text = Text { bytes, open, close: open + 1 + length, escaped: entry.rest & ESCAPED != 0 };
            // What follows a container begins with no quote.
            (bytes.get(open) == Some(&b'"')).then_some(text)
        };
        self.entries.iter().filter_map(text)
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self { entries: std::mem::take(&mut self.entries), ..Self::default() };
        self.entries.clear();
    }

    #[inline(always)]
    fn push(&mut self, start: usize, rest: u32) {
        self.entries.push(Entry { start: small(start), rest });
    }

    #[inline(always)]
    fn push_text(&mut self, text: Text<'_>) {
        let escaped = text.escaped && text.raw().contains(&b'\\');
        self.push(text.open, small(text.len()) | if escaped { ESCAPED } else { 0 });
    }

    #[inline(always)]
    pub(crate) fn note(&mut self, token: Token<'_>) {
        match token {
            Token::Key(text) | Token::String(text) => self.push_text(text),
            Token::Scalar(start) => self.push(start, 0),
            Token::Begin(start) => {
                let here = small(self.entries.len());
                self.push(start, self.open);
                self.push(start, 0);
                self.open = here;
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
            }
            Token::End(last, count) => {
                let next = small(self.entries.len());
                let open = self.open as usize;
                self.depth = self.depth.saturating_sub(1);
                if let Some([first, second]) = self.entries.get_mut(open..open + 2) {
                    self.open = std::mem::replace(&mut first.rest, next);
                    *second = Entry { start: small(last + 1), rest: count };
                }
            }
            Token::Duplicate => self.duplicates = true,
        }
    }
}

/// Documents with a tape are below 2^31 bytes, and have at most one entry a byte.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "below 2^31, see above")]
fn small(number: usize) -> u32 {
    number as u32
}

/// A reader with a tape beside it.
pub(crate) struct Noted<'a, E> {
    pub(crate) events: &'a mut E,
    pub(crate) tape: &'a mut Tape,
}

impl<E: Events> Events for Noted<'_, E> {
    const VALUES: bool = E::VALUES;

    fn fault(&mut self, place: &Place<'_>, fault: Fault) -> Flow {
        self.events.fault(place, fault)
    }

    #[inline(always)]
    fn wants_key(len: usize, first: u8, plain: bool) -> bool {
        E::wants_key(len, first, plain)
    }

    fn key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        self.events.key(place, key)
    }

    fn folded(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        self.events.folded(place, key)
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        self.events.string(place, value)
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        self.events.other(place, start)
    }

    #[inline(always)]
    fn note(&mut self, token: Token<'_>) {
        self.tape.note(token);
    }

    fn restart(&mut self) {
        self.tape.clear();
        self.events.restart();
    }
}

struct Quiet;

impl Events for Quiet {
    const VALUES: bool = false;
}

/// The tape of a document, whatever is wrong with it.
pub(crate) fn tape_of(bytes: &[u8]) -> Tape {
    let mut tape = Tape::default();
    let limits = Limits { depth: u32::MAX, ..Limits::default() };
    walk(bytes, &limits, &mut Noted { events: &mut Quiet, tape: &mut tape });
    tape
}
