//! Redaction for C.

use super::boundary::boundary;
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::Text;

/// A text without its secrets. Immutable, so that any thread may read it; freed with `callgate_redacted_free()`.
#[derive(Debug)]
pub struct RedactedHandle(Vec<u8>);

/// Takes the secrets out of a JSON text; every other byte stays. Values under keys such as "password" become
/// `"[REDACTED]"` with its quotes, secrets that their shape gives away become `[REDACTED]` wherever they stand. Text that
/// is not JSON is redacted by shape and by what looks like a member. Writes to `redacted` the new text, to be freed with
/// `callgate_redacted_free()`.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT`. `redacted` is written on success only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `json` is NULL, or points to `json_len` readable bytes that nobody writes during the call.
/// - `redacted` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_redact(
    gate: *const GateHandle,
    json: *const u8,
    json_len: usize,
    redacted: *mut *mut RedactedHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `json` is NULL or `json_len` readable bytes.
        let json = unsafe { pointer::bytes(json, json_len) }?;
        // SAFETY: the C caller guarantees that `redacted` is NULL or may be written.
        let out = unsafe { Out::new(redacted) }?;
        out.write(pointer::give(RedactedHandle(gate.0.redact(json).into_owned())));
        Ok(CALLGATE_OK)
    })
}

/// Writes to `text` what a redacted text is: UTF-8 where the input was. It stays until the redacted text is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `redacted` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or may be written as one `callgate_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_redacted_get(redacted: *const RedactedHandle, text: *mut Text) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `redacted` is NULL or alive for this call.
        let redacted = unsafe { pointer::shared(redacted) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or may be written.
        let out = unsafe { Out::new(text) }?;
        out.write(Text { data: redacted.0.as_ptr().cast(), len: redacted.0.len() });
        Ok(CALLGATE_OK)
    })
}

/// Frees a redacted text; NULL is fine.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `redacted` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or its text, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_redacted_free(redacted: *mut RedactedHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `redacted` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(redacted) }?;
        Ok(CALLGATE_OK)
    })
}
