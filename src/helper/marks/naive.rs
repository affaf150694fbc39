//! The definition of `cg_text_marks` in `callgate_helper.h`, a byte at a time: what the rungs are held against, and
//! what stands in for them under Miri, which cannot run C.

use super::super::bindings::{
    CG_GRAM_OTHERS, CG_GRAM_SIGNS, CG_GRAM_WORDS, CG_MARK_ESCAPE, CG_MARK_HIDDEN, CG_MARK_SIGN,
    CG_MARK_SPACE, CG_MARK_WEAK, CG_MARKS_LONG_RUN, CG_MARKS_RUN, cg_marks_table,
};
#[cfg(miri)]
use super::super::bindings::{CG_MARK_RUN, cg_marks_state};
use super::{Mark, bits, row};

/// What is found in a text, as [`super::marks`] tells it: all grams first, then the runs.
pub(super) fn marks(text: &[u8], json: bool, table: &cg_marks_table) -> (Vec<Mark>, u32) {
    let mut found: Vec<Mark> =
        (0..text.len()).filter(|at| is_gram(text, *at, table)).map(Mark::Gram).collect();
    found.extend(runs(text));
    let mut facts = 0;
    for (at, byte) in text.iter().enumerate() {
        facts |= match byte {
            b'\r' if text.get(at + 1) == Some(&b'\n') => CG_MARK_SIGN,
            b'\r' => CG_MARK_SIGN | CG_MARK_HIDDEN,
            b'\'' | b'"' | b'`' | b';' | b'|' | b'&' | b'<' | b'>' | b'=' | b':' | b'(' | b')' | b'@'
            | b'$' | b'{' | b'#' | b'%' | b'\\' | b'[' | b'+' | b'*' | b'\n' => CG_MARK_SIGN,
            b'0'..=b'9' | b'/' | b'-' | b'~' => CG_MARK_WEAK,
            b'.' if text.get(at + 1) == Some(&b'.') => CG_MARK_WEAK,
            b' ' | b'\t' => CG_MARK_SPACE,
            0..0x20 | 0x7F => CG_MARK_HIDDEN,
            0x80.. if is_hidden(&text[at..]) => CG_MARK_HIDDEN,
            _ => 0,
        };
    }
    if json && has_odd_escape(text) {
        facts |= CG_MARK_ESCAPE;
    }
    (found, facts)
}

fn is_gram(text: &[u8], at: usize, table: &cg_marks_table) -> bool {
    let Some(gram) = text[at..].first_chunk::<4>() else { return false };
    let buckets =
        gram.iter().zip(&table.buckets).fold(0xFF, |buckets, (byte, rows)| buckets & rows[row(*byte)]);
    let looked_for = match gram[0] {
        first if first.is_ascii_alphabetic() && !begins(&text[..at]) => 0,
        first if first.is_ascii_alphabetic() => CG_GRAM_WORDS,
        ..0x80 => CG_GRAM_SIGNS,
        _ => CG_GRAM_OTHERS,
    };
    u32::from(buckets) & looked_for != 0
        && bits(*gram).iter().all(|(word, bit)| table.bloom[*word] & bit != 0)
}

/// Whether a word may begin behind this.
fn begins(before: &[u8]) -> bool {
    match before {
        [] | [.., b'\\', _] | [.., b'%', _, _] | [.., b'\\' | b'&', _, _, _] | [.., b'\\', _, _, _, _, _] => {
            true
        }
        [.., last] => !last.is_ascii_alphabetic(),
    }
}

fn runs(text: &[u8]) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut at = 0;
    for run in text.split(|byte| !(byte.is_ascii_alphanumeric() || b"_-+/.~".contains(byte))) {
        let digit = run.iter().any(u8::is_ascii_digit);
        if run.len() >= CG_MARKS_LONG_RUN as usize || (run.len() >= CG_MARKS_RUN as usize && digit) {
            found.push(Mark::Run(at));
        }
        at += run.len() + 1;
    }
    found
}

fn is_hidden(text: &[u8]) -> bool {
    let at = |index: usize| text.get(index).copied().unwrap_or(0);
    match (at(0), at(1), at(2)) {
        (0xC2, second, _) => second < 0xA0 || second == 0xAD,
        (0xCD, 0x8F, _)
        | (0xD8, 0x9C, _)
        | (0xF3, ..)
        | (0xE1, 0x85, 0x9F | 0xA0)
        | (0xE1, 0x9E, 0xB4 | 0xB5)
        | (0xE1, 0xA0, 0x8B..=0x8F)
        | (0xE2, 0x80, 0x8B..=0x8F | 0xA8..=0xAE)
        | (0xE2, 0x81, 0xA0..=0xAF)
        | (0xE2, 0xA0, 0x80)
        | (0xE3, 0x85, 0xA4)
        | (0xEF, 0xB8, 0..=0x8F)
        | (0xEF, 0xBB, 0xBF)
        | (0xEF, 0xBE, 0xA0)
        | (0xEF, 0xBF, 0xB0..=0xBB)
        | (0xF0, 0x9B, 0xB2)
        | (0xF0, 0x9D, 0x85) => true,
        _ => false,
    }
}

fn has_odd_escape(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = match rest {
            [b'\\', b'n' | b't' | b'"' | b'\\', rest @ ..] | [b'\\', b'r', b'\\', b'n', rest @ ..] => rest,
            [b'\\', _, ..] => return true,
            // Nothing is behind a backslash at the end.
            [b'\\'] | [] => return false,
            [_, rest @ ..] => rest,
        };
    }
}

/// Stands in for the C function of this name.
///
/// # Safety
/// - As for the function in `callgate_helper.h`.
#[cfg(miri)]
#[expect(clippy::too_many_arguments, reason = "the signature of the C function")]
pub(super) unsafe fn cg_text_marks(
    data: *const u8,
    len: u64,
    base: u64,
    state: *mut cg_marks_state,
    table: *const cg_marks_table,
    places: *mut u32,
    capacity: u32,
    _rung: u32,
) -> u32 {
    // SAFETY: the caller guarantees `len` readable bytes.
    let data = unsafe { std::slice::from_raw_parts(data, usize::try_from(len).unwrap_or(0)) };
    // SAFETY: the caller guarantees that `state` may be read and written.
    let state = unsafe { &mut *state };
    // SAFETY: the caller guarantees that `table` may be read.
    let table = unsafe { &*table };
    // SAFETY: the caller guarantees room for `capacity` entries; they are written before they are read.
    let places = unsafe { std::slice::from_raw_parts_mut(places, capacity as usize) };
    let text = &data[usize::try_from(state.offset).unwrap_or(0)..usize::try_from(state.end).unwrap_or(0)];
    let (found, facts) = marks(text, state.json != 0, table);
    // Texts under Miri are short; more places than there is room for are a fault of the test.
    assert!(found.len() <= places.len());
    for (place, mark) in places.iter_mut().zip(&found) {
        *place = match mark {
            Mark::Gram(at) => u32::try_from(*at).unwrap_or(0),
            Mark::Run(at) => u32::try_from(*at).unwrap_or(0) | CG_MARK_RUN,
        };
    }
    state.facts |= facts;
    state.offset = state.end;
    let _ = base;
    found.len() as u32
}
