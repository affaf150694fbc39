//! What a gate protects, for C.

use super::boundary::{Failure, boundary};
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::Text;
use std::ffi::c_char;

/// What a gate protects. Immutable, so that any thread may read it; freed with `callgate_coverage_free()`.
#[derive(Debug)]
pub struct CoverageHandle(String);

/// Describes what a gate protects of the calls to a server: each string that a call may hold, what it is taken for and why,
/// what that denies and flags, what is judged by nothing, which protections are off, and which names in the policy stand
/// for nothing. `tools` is JSON: an array of tools, or the result of `tools/list`; NULL with length 0 describes the tools
/// that the policy names. Writes the answer to `coverage`, to be freed with `callgate_coverage_free()`.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT`, also for `tools` that are neither, or have more than 16 MiB.
/// `coverage` is written on success only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `tools` is NULL, or points to `tools_len` readable bytes that nobody writes during the call.
/// - `coverage` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_describe(
    gate: *const GateHandle,
    tools: *const c_char,
    tools_len: usize,
    coverage: *mut *mut CoverageHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `tools` is NULL or `tools_len` readable bytes.
        let tools = unsafe { pointer::bytes(tools.cast(), tools_len) }?;
        // SAFETY: the C caller guarantees that `coverage` is NULL or may be written.
        let out = unsafe { Out::new(coverage) }?;
        let described = if tools.is_empty() { gate.0.describe(&[]) } else { gate.0.describe_json(tools)? };
        let text = serde_json::to_string(&described)
            .map_err(|_| Failure::argument("the coverage cannot be written"))?;
        out.write(pointer::give(CoverageHandle(text)));
        Ok(CALLGATE_OK)
    })
}

/// Writes to `text` what was described, as JSON: an object with "mode", "roots", "tools", "off", "unknown" and
/// "unprotected". It stays until the answer is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `coverage` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or may be written as one `callgate_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_coverage_get(coverage: *const CoverageHandle, text: *mut Text) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `coverage` is NULL or alive for this call.
        let coverage = unsafe { pointer::shared(coverage) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or may be written.
        let out = unsafe { Out::new(text) }?;
        out.write(Text::of(&coverage.0));
        Ok(CALLGATE_OK)
    })
}

/// Frees what was described; NULL is fine. Its text is gone with it.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `coverage` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or its text, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_coverage_free(coverage: *mut CoverageHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `coverage` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(coverage) }?;
        Ok(CALLGATE_OK)
    })
}
