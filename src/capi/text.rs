//! Sanitised text for C: an opaque handle, and views of what was taken out.

use super::boundary::{Failure, boundary};
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::Text;
use crate::text::Sanitized;
use std::ffi::c_char;

/// A text that was cleaned, and what was taken out of it. Immutable, so that any thread may read it; freed with
/// `callgate_sanitized_free()`.
#[derive(Debug)]
pub struct SanitizedHandle(Sanitized);

/// How often one kind was taken out or changed. The text is callgate's and stays for good.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct RemovedView {
    /// "invisible", "bidi", "control", "escape", "remote-image", "data-link", "wiki-link", "code-fence" or
    /// "truncated".
    pub kind: Text,
    /// How many: characters, or terminal sequences, images, links, marks and fences.
    pub count: u64,
}

/// Cleans a text that came from elsewhere: takes out characters that do not show, direction controls, control
/// characters and terminal escapes, and makes markup harmless as the policy's "sanitize" says. Writes the answer
/// to `sanitized`, to be freed with `callgate_sanitized_free()`. A clean text comes back as it is.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT`, also for a text that is not UTF-8. `sanitized` is written on
/// success only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or points to `text_len` readable bytes that nobody writes during the call.
/// - `sanitized` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_sanitize(
    gate: *const GateHandle,
    text: *const c_char,
    text_len: usize,
    sanitized: *mut *mut SanitizedHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or `text_len` readable bytes.
        let text = unsafe { pointer::text(text, text_len) }?;
        // SAFETY: the C caller guarantees that `sanitized` is NULL or may be written.
        let out = unsafe { Out::new(sanitized) }?;
        out.write(pointer::give(SanitizedHandle(gate.0.sanitize(text))));
        Ok(CALLGATE_OK)
    })
}

/// Writes to `text` what is left, and to `removed` how many kinds were taken out or changed: 0 where the text
/// stayed as it was. Either may be NULL. The text stays until the answer is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when `sanitized` is NULL, or both outputs are.
///
/// # Safety
/// - `sanitized` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or may be written as one `callgate_text`.
/// - `removed` is NULL, or may be written as one `size_t`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_sanitized_get(
    sanitized: *const SanitizedHandle,
    text: *mut Text,
    removed: *mut usize,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `sanitized` is NULL or alive for this call.
        let sanitized = unsafe { pointer::shared(sanitized) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or may be written.
        let text = unsafe { Out::optional(text) }?;
        // SAFETY: the C caller guarantees that `removed` is NULL or may be written.
        let removed = unsafe { Out::optional(removed) }?;
        if text.is_none() && removed.is_none() {
            return Err(Failure::argument("both outputs are NULL"));
        }
        if let Some(out) = text {
            out.write(Text::of(&sanitized.0.text));
        }
        if let Some(out) = removed {
            out.write(sanitized.0.removed.len());
        }
        Ok(CALLGATE_OK)
    })
}

/// Writes to `removed` what the kind at `index` is and how often it was seen; the first is at 0.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL or `index` is past the last kind.
///
/// # Safety
/// - `sanitized` is NULL, or came from callgate and was not freed.
/// - `removed` is NULL, or may be written as one `callgate_removed`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_sanitized_removed(
    sanitized: *const SanitizedHandle,
    index: usize,
    removed: *mut RemovedView,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `sanitized` is NULL or alive for this call.
        let sanitized = unsafe { pointer::shared(sanitized) }?;
        // SAFETY: the C caller guarantees that `removed` is NULL or may be written.
        let out = unsafe { Out::new(removed) }?;
        let removed = sanitized.0.removed.get(index);
        let removed = removed.ok_or_else(|| Failure::argument("no removed kind has this index"))?;
        out.write(RemovedView { kind: Text::of(removed.kind.as_str()), count: removed.count });
        Ok(CALLGATE_OK)
    })
}

/// Frees a sanitised text; NULL is fine. Its text is gone with it.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `sanitized` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or its text, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_sanitized_free(sanitized: *mut SanitizedHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `sanitized` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(sanitized) }?;
        Ok(CALLGATE_OK)
    })
}
