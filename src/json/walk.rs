//! One pass over a document: windows of the structural index, each handed to the grammar.
//!
//! UTF-8 and raw control characters are looked for once per window, before its tokens are read; a window
//! with such a fault is cut there, so that the grammar meets faults in the order of the bytes and pays
//! nothing for it while all is well.

use super::grammar::State;
use super::keys::{Hashing, Keys};
use super::place::{Frame, Place};
use super::tape::Token;
use super::text::Text;
use crate::helper::{Index, Rung, Window};
use crate::policy::Limits;
use crate::rules::{Action, Rule};
use std::cell::Cell;

/// Positions of one window. 4,096 of them are 16 KiB, and about 24 KiB of a document with many members:
/// both stay in the first-level cache. The tests of this crate take the smallest windows, so that every
/// token is met at the end of one; the vectors and suites take these.
const WINDOW_POSITIONS: usize = if cfg!(test) { 64 } else { 4096 };
/// Bytes of one window, for documents with few positions.
const WINDOW_BYTES: usize = if cfg!(test) { 64 } else { 32 << 10 };
/// A thread keeps scratch up to this size between passes (bytes).
const KEEP: usize = 1 << 20;

pub(super) const NOT_UTF8: &str = "not UTF-8";

/// The pass is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop;

/// Whether the pass goes on.
pub(crate) type Flow = Result<(), Stop>;

/// Something wrong with the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    pub(crate) default: Action,
    /// Bytes `start..end` of the document.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    pub(crate) what: &'static str,
    /// The limit that was crossed, to be added to `what`.
    pub(crate) limit: Option<u32>,
}

/// What a reader is told, in the order of the bytes.
pub(crate) trait Events {
    /// Whether values are wanted; where not, `string` and `other` are never called.
    const VALUES: bool;
    /// Something is wrong. [`Stop`] ends the pass; a fault of the grammar ends it in any case.
    fn fault(&mut self, _place: &Place<'_>, _fault: Fault) -> Flow {
        Ok(())
    }
    /// Whether a key is wanted that has so many bytes, that starts with this one, and that may hold escapes or more
    /// than ASCII; where not, `key` is not called.
    #[inline(always)]
    fn wants_key(_len: usize, _first: u8, _plain: bool) -> bool {
        false
    }
    /// A member's key, after its own faults.
    fn key(&mut self, _place: &Place<'_>, _key: Text<'_>) -> Flow {
        Ok(())
    }
    /// A key like another of the same object but for case, after its own faults.
    fn folded(&mut self, _place: &Place<'_>, _key: Text<'_>) -> Flow {
        Ok(())
    }
    /// A string value.
    fn string(&mut self, _place: &Place<'_>, _value: Text<'_>) -> Flow {
        Ok(())
    }
    /// Any other value: a number, a literal, or a container that begins; `start` is its first byte.
    fn other(&mut self, _place: &Place<'_>, _start: usize) -> Flow {
        Ok(())
    }
    /// A token, for readers that come back to the document later; most do not.
    #[inline(always)]
    fn note(&mut self, _: Token<'_>) {}
    /// How deep a container lies whose beginning and end are told to `enters` and `leaves`, at most: the document is
    /// at 0. Nothing is where no reader asks.
    const OUTER: Option<usize> = None;
    /// A container begins at this depth, after `other`; the limits may change. `nodes`: values so far, with this one.
    #[inline(always)]
    fn enters(&mut self, _depth: usize, _nodes: u32, _limits: &mut Limits) {}
    /// A container at this depth ended with the byte at `at`.
    #[inline(always)]
    fn leaves(&mut self, _depth: usize, _at: usize, _nodes: u32, _limits: &mut Limits) {}
    /// The pass starts again at the first byte: forget what came. Nothing to do where nothing is kept.
    fn restart(&mut self) {}
}

/// Memory that passes of one thread share.
#[derive(Debug, Default)]
struct Scratch {
    positions: Vec<u32>,
    frames: Vec<Frame>,
    keys: Keys,
}

thread_local! {
    /// Taken for the time of a pass, so that a panic or a pass within a pass finds none and makes its own.
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

/// Reads a document and tells `events` what is in it.
pub(crate) fn walk(bytes: &[u8], limits: &Limits, events: &mut impl Events) {
    // While a thread ends its scratch may be gone already.
    let kept = SCRATCH.try_with(Cell::take).ok().flatten();
    let mut scratch = kept.unwrap_or_default();
    for hashing in [Hashing::Fast, Hashing::Sip, Hashing::Exact] {
        if hashing == Hashing::Exact && differ_in_case(bytes, events).is_err() {
            break;
        }
        if Walk::new(bytes, *limits, &mut scratch, hashing, events).is_none_or(Walk::run) {
            break;
        }
        events.restart();
    }
    if scratch.held() <= KEEP {
        let _ = SCRATCH.try_with(|slot| slot.set(Some(scratch)));
    }
}

/// Chance does not make that many keys meet: they differ in case only, and are told of as a whole.
#[cold]
fn differ_in_case(bytes: &[u8], events: &mut impl Events) -> Flow {
    let what = "an object with very many members that differ in case only";
    let (rule, default) = (Rule::JsonFoldedKey, Action::Deny);
    let fault = Fault { rule, default, start: 0, end: bytes.len(), what, limit: None };
    events.fault(&Place { bytes, frames: &[], top: Frame::root(), member: false }, fault)
}

impl Scratch {
    /// Bytes that it holds.
    fn held(&self) -> usize {
        self.positions.capacity() * size_of::<u32>()
            + self.frames.capacity() * size_of::<Frame>()
            + self.keys.held()
    }
}

/// Why a window ends before its bytes do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) rule: Rule,
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// A pass.
pub(super) struct Walk<'a, 's, E> {
    pub(super) bytes: &'a [u8],
    /// A copy: the pass looks at it more often than at anything else.
    pub(super) limits: Limits,
    pub(super) index: Index<'a>,
    positions: &'s mut Vec<u32>,
    /// The containers around `top`.
    pub(super) frames: &'s mut Vec<Frame>,
    pub(super) keys: &'s mut Keys,
    pub(super) events: &'s mut E,
    /// The innermost open container.
    pub(super) top: Frame,
    pub(super) state: State,
    /// The opening quote of the string that is being read.
    pub(super) open: usize,
    pub(super) nodes: u32,
    /// Strings that begin before this offset may hold a backslash, or are to be read as if they did.
    pub(super) backslash_until: usize,
    /// Strings that begin before this offset may hold an escape that must be read.
    pub(super) escape_until: usize,
    /// Strings that begin before this offset may hold more than ASCII.
    pub(super) non_ascii_until: usize,
    /// Bytes before this offset are UTF-8.
    utf8_until: usize,
    pub(super) cut: Option<Cut>,
    /// Keys collide more often than chance allows.
    pub(super) collisions: bool,
}

impl<'a, 's, E: Events> Walk<'a, 's, E> {
    /// `None` for a document that the index cannot address; callers refuse those before.
    fn new(
        bytes: &'a [u8],
        limits: Limits,
        scratch: &'s mut Scratch,
        hashing: Hashing,
        events: &'s mut E,
    ) -> Option<Self> {
        let Scratch { positions, frames, keys } = scratch;
        // The last pass may have stopped anywhere.
        positions.clear();
        positions.reserve_exact(WINDOW_POSITIONS);
        frames.clear();
        keys.reset(hashing);
        Some(Self {
            bytes,
            limits,
            index: Index::new(bytes, Rung::Best)?,
            positions,
            frames,
            keys,
            events,
            top: Frame::root(),
            state: State::Value,
            open: 0,
            nodes: 0,
            // This way the fast hashing asks once, for escapes, and not for the hashing too.
            backslash_until: if hashing == Hashing::Fast { 0 } else { usize::MAX },
            escape_until: 0,
            non_ascii_until: 0,
            utf8_until: 0,
            cut: None,
            collisions: false,
        })
    }

    /// Reads the whole document; false when it must be read again with the other hashing.
    fn run(mut self) -> bool {
        let _ = self.windows();
        !self.collisions
    }

    fn windows(&mut self) -> Flow {
        while self.cut.is_none()
            && let Some(window) = self.index.next_window(self.positions, WINDOW_BYTES)
        {
            if window.backslash {
                self.backslash_until = self.backslash_until.max(window.end);
            }
            if window.escape {
                self.escape_until = window.end;
            }
            if window.non_ascii {
                self.non_ascii_until = window.end;
            }
            if window.non_ascii || window.control || self.utf8_until < window.begin {
                self.cut_at_first_fault(window);
            } else {
                self.utf8_until = window.end;
            }
            let positions = std::mem::take(self.positions);
            let flow = self.tokens(&positions);
            *self.positions = positions;
            flow?;
        }
        self.end()
    }

    /// Cuts a window at its first byte that is not UTF-8 or a control character inside a string.
    #[inline(never)]
    fn cut_at_first_fault(&mut self, window: Window) {
        let utf8 = self.utf8_fault(window).map(|at| Cut { rule: Rule::JsonUtf8, at, what: NOT_UTF8 });
        let control = if window.control { self.control_fault(window) } else { None };
        let control =
            control.map(|at| Cut { rule: Rule::JsonSyntax, at, what: "a control character inside a string" });
        self.cut = [utf8, control].into_iter().flatten().min_by_key(|cut| cut.at);
        if let Some(cut) = self.cut {
            let before = self.positions.partition_point(|at| (*at as usize) < cut.at);
            self.positions.truncate(before);
        }
    }

    /// Reads on from where UTF-8 was last known to hold; a character may straddle windows.
    fn utf8_fault(&mut self, window: Window) -> Option<usize> {
        let from = self.utf8_until.min(window.begin);
        let text = self.bytes.get(from..window.end).unwrap_or_default();
        self.utf8_until = window.end;
        if simdutf8::basic::from_utf8(text).is_ok() {
            return None;
        }
        let error = std::str::from_utf8(text).err()?;
        let at = from + error.valid_up_to();
        if error.error_len().is_none() && !self.index.is_done() {
            // The window ends within a character: the next one decides.
            self.utf8_until = at;
            return None;
        }
        Some(at)
    }

    /// The first control character inside a string of the window.
    #[cold]
    fn control_fault(&self, window: Window) -> Option<usize> {
        let quotes =
            self.positions.iter().map(|at| *at as usize).filter(|at| self.bytes.get(*at) == Some(&b'"'));
        let mut inside = window.starts_in_string;
        let mut from = window.begin;
        for quote in quotes.chain([window.end]) {
            let control = |text: &[u8]| text.iter().position(|byte| *byte < 0x20);
            if let Some(at) = self.bytes.get(from..quote).filter(|_| inside).and_then(control) {
                return Some(from + at);
            }
            inside = !inside;
            from = quote + 1;
        }
        None
    }
}
