//! Stands in for the C index under Miri, which cannot run C: the definition in `callgate_helper.h`, a byte at a
//! time. What is checked there is the wrapper and all that reads from it.

use super::super::bindings::{
    CG_FACT_BACKSLASH, CG_FACT_CONTROL, CG_FACT_ESCAPE, CG_FACT_NON_ASCII, CG_RUNG_BEST, CG_RUNG_PORTABLE,
    cg_index_state, cg_index_window,
};

const BLOCK: u64 = 64;

pub(super) unsafe fn cg_has_rung(rung: u32) -> u32 {
    u32::from(rung == CG_RUNG_BEST || rung == CG_RUNG_PORTABLE)
}

/// # Safety
/// - As the function of this name in `callgate_helper.h`.
#[expect(clippy::too_many_arguments, reason = "the signature of the C function")]
pub(super) unsafe fn cg_json_index(
    data: *const u8,
    len: u64,
    state: *mut cg_index_state,
    positions: *mut u32,
    capacity: u32,
    max_bytes: u64,
    _rung: u32,
    window: *mut cg_index_window,
) {
    // SAFETY: the caller guarantees that `state` may be read and written.
    let state = unsafe { &mut *state };
    let begin = state.offset;
    let stop = len.min(begin.saturating_add(max_bytes));
    let (mut count, mut facts) = (0_u32, 0);
    while state.offset < stop && capacity - count >= 64 {
        for at in state.offset..len.min(state.offset + BLOCK) {
            // SAFETY: the caller guarantees `len` readable bytes, and `at` is below.
            let byte = unsafe { data.add(usize::try_from(at).unwrap_or(usize::MAX)).read() };
            let in_string = state.in_string != 0;
            let quote = byte == b'"' && state.escaped == 0;
            let outside = !in_string && !quote;
            let structural = outside && b"{}[]:,".contains(&byte);
            let scalar = outside && !structural && !b" \t\r\n".contains(&byte);
            if quote || structural || (scalar && state.in_scalar == 0) {
                // SAFETY: the caller guarantees room for `capacity` entries, of which 64 were free at the
                // start of this block of 64 bytes.
                unsafe { positions.add(count as usize).write(u32::try_from(at).unwrap_or(u32::MAX)) };
                count += 1;
            }
            facts |= if byte == b'\\' { CG_FACT_BACKSLASH } else { 0 };
            facts |= if byte >= 0x80 { CG_FACT_NON_ASCII } else { 0 };
            facts |= if in_string && byte < 0x20 { CG_FACT_CONTROL } else { 0 };
            let plain = b"\"\\/bfnrt".contains(&byte);
            facts |= if state.escaped != 0 && !plain { CG_FACT_ESCAPE } else { 0 };
            state.escaped = u64::from(byte == b'\\' && state.escaped == 0);
            state.in_scalar = u64::from(scalar);
            state.in_string ^= if quote { u64::MAX } else { 0 };
        }
        state.offset = len.min(state.offset + BLOCK);
    }
    // SAFETY: the caller guarantees that `window` may be written.
    unsafe { window.write(cg_index_window { begin, end: state.offset, count, facts }) };
}
