//! The structural index of a JSON document, window by window.

use super::bindings::{
    CG_FACT_BACKSLASH, CG_FACT_CONTROL, CG_FACT_ESCAPE, CG_FACT_NON_ASCII, CG_INDEX_MAX_BYTES,
    CG_INDEX_MIN_CAPACITY, CG_RUNG_AVX2, CG_RUNG_AVX512, CG_RUNG_BEST, CG_RUNG_NEON, CG_RUNG_PORTABLE,
    cg_index_state, cg_index_window,
};
#[cfg(not(miri))]
use super::bindings::{cg_has_rung, cg_json_index};
#[cfg(miri)]
use miri::{cg_has_rung, cg_json_index};

/// An instruction set of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(test), expect(dead_code, reason = "outside tests and benches the best rung is taken"))]
pub(crate) enum Rung {
    /// The fastest that this processor has.
    Best,
    /// C11 alone: the oracle for the others.
    Portable,
    /// x86-64 with AVX2, PCLMULQDQ, BMI1 and BMI2.
    Avx2,
    /// aarch64.
    Neon,
    /// x86-64 with AVX-512 F, BW, VBMI and VBMI2 besides.
    Avx512,
}

impl Rung {
    pub(super) const fn code(self) -> u32 {
        match self {
            Self::Best => CG_RUNG_BEST,
            Self::Portable => CG_RUNG_PORTABLE,
            Self::Avx2 => CG_RUNG_AVX2,
            Self::Neon => CG_RUNG_NEON,
            Self::Avx512 => CG_RUNG_AVX512,
        }
    }

    /// Whether this build and processor have it; one that they lack is answered by [`Rung::Portable`].
    #[cfg_attr(not(test), expect(dead_code, reason = "outside tests and benches the best rung is taken"))]
    pub(crate) fn is_available(self) -> bool {
        // SAFETY: takes a number, touches no memory of ours.
        unsafe { cg_has_rung(self.code()) == 1 }
    }
}

/// What one window of the document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each of its own")]
pub(crate) struct Window {
    /// The window is bytes `begin..end` of the document.
    pub(crate) begin: usize,
    /// One past its last byte.
    pub(crate) end: usize,
    /// Its first byte is inside a string.
    pub(crate) starts_in_string: bool,
    /// A backslash is somewhere in it.
    pub(crate) backslash: bool,
    /// A byte of 0x80 or above is somewhere in it.
    pub(crate) non_ascii: bool,
    /// A byte below 0x20 is inside a string somewhere in it.
    pub(crate) control: bool,
    /// A backslash escapes something else than one character somewhere in it: `\u`, or what is no escape.
    pub(crate) escape: bool,
}

/// Whether every position is above the one before.
#[expect(clippy::needless_bitwise_bool, reason = "without an early end several are compared at once")]
fn is_rising(positions: &[u32]) -> bool {
    let above = positions.get(1..).unwrap_or_default();
    positions.iter().zip(above).fold(true, |rising, (one, next)| rising & (one < next))
}

/// A pass over one document.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    data: &'a [u8],
    state: cg_index_state,
    rung: Rung,
}

impl<'a> Index<'a> {
    /// Starts a pass; `None` when the document is longer than [`INDEX_MAX_BYTES`](super::INDEX_MAX_BYTES).
    pub(crate) fn new(data: &'a [u8], rung: Rung) -> Option<Self> {
        let len = u32::try_from(data.len()).ok()?;
        (len <= CG_INDEX_MAX_BYTES).then(|| Self { data, state: cg_index_state::default(), rung })
    }

    /// Reads the next window of about `max_bytes` bytes and puts its positions, in rising order, into
    /// `positions`, as many as its capacity holds; `None` when the document has been read.
    ///
    /// A capacity below 64 makes no progress, and this says so by `None` too.
    pub(crate) fn next_window(&mut self, positions: &mut Vec<u32>, max_bytes: usize) -> Option<Window> {
        positions.clear();
        let len = self.data.len();
        let begin = usize::try_from(self.state.offset).ok()?;
        let capacity = u32::try_from(positions.capacity()).unwrap_or(u32::MAX);
        if begin >= len || capacity < CG_INDEX_MIN_CAPACITY || max_bytes == 0 {
            return None;
        }
        let starts_in_string = self.state.in_string != 0;
        let mut window = cg_index_window::default();
        // SAFETY: `data` is `len` readable bytes and `len` is at most CG_INDEX_MAX_BYTES (checked in
        // `new`); `state` is what the last call left, its offset below `len` (checked above); `positions`
        // is empty, so its allocation is `capacity` (at least 64, checked above) entries that no reference
        // points to; `window` is ours. C keeps none of the pointers.
        unsafe {
            cg_json_index(
                self.data.as_ptr(),
                len as u64,
                &raw mut self.state,
                positions.as_mut_ptr(),
                capacity,
                max_bytes as u64,
                self.rung.code(),
                &raw mut window,
            );
        }
        let end = usize::try_from(window.end).ok()?;
        let count = usize::try_from(window.count).ok()?;
        if window.begin != begin as u64
            || end <= begin
            || end > len
            || count > end - begin
            || window.count > capacity
        {
            return None;
        }
        // SAFETY: C wrote the first `count` entries (its contract), and `count` is within the capacity
        // (checked above).
        unsafe { positions.set_len(count) };
        let in_bounds = match (positions.first(), positions.last()) {
            (Some(first), Some(last)) => *first as usize >= begin && (*last as usize) < end,
            _ => true,
        };
        (in_bounds && is_rising(positions)).then_some(Window {
            begin,
            end,
            starts_in_string,
            backslash: window.facts & CG_FACT_BACKSLASH != 0,
            escape: window.facts & CG_FACT_ESCAPE != 0,
            non_ascii: window.facts & CG_FACT_NON_ASCII != 0,
            control: window.facts & CG_FACT_CONTROL != 0,
        })
    }

    /// Whether the whole document has been read.
    pub(crate) fn is_done(&self) -> bool {
        self.state.offset >= self.data.len() as u64
    }
}

#[cfg(miri)]
mod miri;
#[cfg(test)]
mod tests;
