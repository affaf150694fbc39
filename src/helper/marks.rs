//! The places of a text that content rules look at, found 64 bytes at a time.

use super::Rung;
#[cfg(not(miri))]
use super::bindings::cg_text_marks;
use super::bindings::{
    CG_GRAM_HASH, CG_GRAM_HASH_2, CG_GRAM_OTHERS, CG_GRAM_SIGNS, CG_GRAM_WORDS, CG_MARK_ESCAPE,
    CG_MARK_HIDDEN, CG_MARK_RUN, CG_MARK_SIGN, CG_MARK_SPACE, CG_MARK_WEAK, cg_marks_state, cg_marks_table,
};
#[cfg(miri)]
use naive::cg_text_marks;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Places told at once.
const CAPACITY: u32 = 256;
/// The bits of a gram in the table's filter, each as a word and a bit of it.
fn bits(gram: [u8; 4]) -> [(usize, u32); 2] {
    let folded = u32::from_le_bytes(gram.map(|byte| byte | 0x20));
    [CG_GRAM_HASH, CG_GRAM_HASH_2].map(|by| {
        let hash = folded.wrapping_mul(by) >> 17;
        ((hash >> 5) as usize, 1 << (hash & 31))
    })
}

/// What a text holds somewhere: the bits of `CG_MARK_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Facts(u32);

impl Facts {
    /// A byte that a machine gives a meaning.
    pub(crate) fn sign(self) -> bool {
        self.0 & CG_MARK_SIGN != 0
    }

    /// Words, and digits or signs of paths and dates between them.
    pub(crate) fn spaced(self) -> bool {
        self.0 & (CG_MARK_WEAK | CG_MARK_SPACE) == CG_MARK_WEAK | CG_MARK_SPACE
    }

    /// A character that may not show.
    pub(crate) fn hidden(self) -> bool {
        self.0 & CG_MARK_HIDDEN != 0
    }

    /// An escape of JSON that may hide something from a reading of the text as written.
    pub(crate) fn escape(self) -> bool {
        self.0 & CG_MARK_ESCAPE != 0
    }
}

/// Where something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Four bytes whose hash is that of a gram.
    Gram(usize),
    /// Token characters in a row, as many as a token has at least.
    Run(usize),
}

/// The buckets that a gram may go to.
fn class(gram: [u8; 4]) -> u32 {
    let [first, ..] = gram;
    match first {
        b'a'..=b'z' => CG_GRAM_WORDS,
        ..0x80 => CG_GRAM_SIGNS,
        _ => CG_GRAM_OTHERS,
    }
}

/// Where a byte stands in the table of its place, whatever its case.
fn row(byte: u8) -> usize {
    usize::from(byte & 31 | byte >> 1 & 32)
}

/// The rows that are taken in a bucket, for each place of its grams.
#[derive(Debug, Clone, Copy, Default)]
struct Bucket([u64; 4]);

impl Bucket {
    fn with(mut self, gram: [u8; 4]) -> Self {
        self.0.iter_mut().zip(gram).for_each(|(rows, byte)| *rows |= 1 << row(byte));
        self
    }

    /// Of all grams, how many pass: the fewer, the better.
    fn passes(self) -> u32 {
        self.0.iter().map(|rows| rows.count_ones()).product()
    }
}

/// Grams to look for.
pub(crate) struct Grams(cg_marks_table);

impl Grams {
    /// Each of four bytes, found in any case; one that begins with a letter is found where a word may begin.
    ///
    /// Each goes to the bucket that it widens least.
    pub(crate) fn new(grams: impl IntoIterator<Item = [u8; 4]>) -> Self {
        let mut grams: Vec<[u8; 4]> = grams.into_iter().map(|gram| gram.map(|byte| byte | 0x20)).collect();
        grams.sort_unstable();
        grams.dedup();
        let mut table = cg_marks_table { buckets: [[0; 64]; 4], bloom: [0; 1024] };
        let mut buckets = [Bucket::default(); 8];
        for gram in &grams {
            let may = class(*gram);
            let open = buckets.iter_mut().enumerate().filter(|(index, _)| may >> index & 1 != 0);
            if let Some((index, bucket)) =
                open.min_by_key(|(_, bucket)| bucket.with(*gram).passes() - bucket.passes())
            {
                *bucket = bucket.with(*gram);
                for (rows, byte) in table.buckets.iter_mut().zip(gram) {
                    if let Some(entry) = rows.get_mut(row(*byte)) {
                        *entry |= 1 << index;
                    }
                }
            }
            for (word, bit) in bits(*gram) {
                if let Some(word) = table.bloom.get_mut(word) {
                    *word |= bit;
                }
            }
        }
        Self(table)
    }
}

/// Tells `found` every place in `data[text]` where a gram or a run of token characters may be, as offsets into
/// `data`, and returns what else the text holds. `json`: the text is the inside of a JSON string, as written.
///
/// `found` gets the grams in rising order, and the runs. `None` for a range that is not within `data`, or longer
/// than 2 GiB.
#[inline]
pub(crate) fn marks(
    data: &[u8],
    text: Range<usize>,
    json: bool,
    grams: &Grams,
    rung: Rung,
    mut found: impl FnMut(Mark),
) -> Option<Facts> {
    if text.start > text.end || text.end > data.len() || text.len() > i32::MAX as usize {
        return None;
    }
    let mut places = [MaybeUninit::<u32>::uninit(); CAPACITY as usize];
    let mut state = cg_marks_state {
        offset: text.start as u64,
        end: text.end as u64,
        json: u32::from(json),
        ..cg_marks_state::default()
    };
    while state.offset < state.end || state.in_run != 0 {
        // SAFETY: `data` is `len` readable bytes; `state` is what the last call left, its offset at most its end,
        // which is within `data` (checked above); `places` has room for CAPACITY entries, more than the least that
        // C asks for, and no reference points to them; the table is read only. C keeps none of the pointers.
        let count = unsafe {
            cg_text_marks(
                data.as_ptr(),
                data.len() as u64,
                text.start as u64,
                &raw mut state,
                &raw const grams.0,
                places.as_mut_ptr().cast(),
                CAPACITY,
                rung.code(),
            )
        };
        for place in places.get(..count as usize)? {
            // SAFETY: C wrote the first `count` entries (its contract), and `count` is within `places` (the range
            // was checked by `get`).
            let place = unsafe { place.assume_init() };
            let at = text.start + (place & !CG_MARK_RUN) as usize;
            found(if place & CG_MARK_RUN == 0 { Mark::Gram(at) } else { Mark::Run(at) });
        }
    }
    Some(Facts(state.facts))
}

#[cfg(any(miri, test))]
#[expect(clippy::indexing_slicing, reason = "what is read is in bounds by the loop around it")]
mod naive;
#[cfg(test)]
mod tests;
