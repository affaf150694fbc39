//! Kinds of arguments for C, guessed from a schema.

use super::boundary::{Failure, boundary};
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::Text;
use std::ffi::c_char;

/// What was inferred from a schema. Immutable, so that any thread may read it; freed with `callgate_kinds_free()`.
#[derive(Debug)]
pub struct KindsHandle(String);

/// Infers the kinds of a tool's arguments from the JSON Schema of the arguments: from names, formats, patterns, closed
/// sets of values and descriptions. `tool` is a JSON object with what the tool says of itself: the strings "name",
/// "title" and "description", as in the answer to tools/list; other members are not read, and NULL with length 0 is a
/// tool of which nothing is known. Writes the answer to `kinds`, to be freed with `callgate_kinds_free()`.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT`, also for a schema that is not the JSON of an object or boolean, has
/// more than 1 MiB or 10,000 parts, and for a tool that is no object or has more than 1 MiB. `kinds` is written on
/// success only.
///
/// # Safety
/// - `schema` is NULL, or points to `schema_len` readable bytes that nobody writes during the call.
/// - `tool` is NULL, or points to `tool_len` readable bytes that nobody writes during the call.
/// - `kinds` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_infer_kinds(
    schema: *const c_char,
    schema_len: usize,
    tool: *const c_char,
    tool_len: usize,
    kinds: *mut *mut KindsHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `schema` is NULL or `schema_len` readable bytes.
        let schema = unsafe { pointer::text(schema, schema_len) }?;
        // SAFETY: the C caller guarantees that `tool` is NULL or `tool_len` readable bytes.
        let tool = unsafe { pointer::text(tool, tool_len) }?;
        // SAFETY: the C caller guarantees that `kinds` is NULL or may be written.
        let out = unsafe { Out::new(kinds) }?;
        let inferred = crate::kinds::infer_kinds_of_definition(schema.as_bytes(), tool.as_bytes())?;
        let text =
            serde_json::to_string(&inferred).map_err(|_| Failure::argument("the kinds cannot be written"))?;
        out.write(pointer::give(KindsHandle(text)));
        Ok(CALLGATE_OK)
    })
}

/// Writes to `text` what was inferred: a JSON object of patterns as a policy's "arguments" has them, each with the name
/// of its kind, such as {"/path":"path","/urls/*":"url"}. It stays until the answer is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `kinds` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or may be written as one `callgate_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_kinds_get(kinds: *const KindsHandle, text: *mut Text) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `kinds` is NULL or alive for this call.
        let kinds = unsafe { pointer::shared(kinds) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or may be written.
        let out = unsafe { Out::new(text) }?;
        out.write(Text::of(&kinds.0));
        Ok(CALLGATE_OK)
    })
}

/// Frees what was inferred; NULL is fine. Its text is gone with it.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `kinds` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or its text, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_kinds_free(kinds: *mut KindsHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `kinds` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(kinds) }?;
        Ok(CALLGATE_OK)
    })
}
