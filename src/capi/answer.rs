//! What a server says, for C: its definitions, and text that gives the model orders.

use super::boundary::{Failure, boundary};
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::{Text, VerdictHandle, action_status};
use crate::audit::Definition;
use crate::clean::CleanOptions;
use crate::rpc::AnswerVerdict;
use std::ffi::c_char;

/// A tool, an entry of `tools/list`.
pub const CALLGATE_DEFINITION_TOOL: i32 = 0;
/// An entry of `prompts/list`.
pub const CALLGATE_DEFINITION_PROMPT: i32 = 1;
/// An entry of `resources/list` or `resources/templates/list`.
pub const CALLGATE_DEFINITION_RESOURCE: i32 = 2;
/// The server itself: its instructions, a string, or its `serverInfo`.
pub const CALLGATE_DEFINITION_SERVER: i32 = 3;

/// The message to be sent in the place of one of a server. Immutable; freed with `callgate_answer_free()`.
#[derive(Debug)]
pub struct AnswerHandle(Option<Vec<u8>>);

/// Judges what a server says of a tool, prompt or resource, or of itself, as one JSON text: whether it is made to
/// deceive the model. `of` is `CALLGATE_DEFINITION_*`. Writes to `verdict` what was found, the first fault, to be freed
/// with `callgate_verdict_free()`; `verdict` may be NULL where the action is enough.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`. `verdict` is written in the
/// first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `json` is NULL, or points to `json_len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_audit_definition(
    gate: *const GateHandle,
    of: i32,
    json: *const u8,
    json_len: usize,
    verdict: *mut *mut VerdictHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `json` is NULL or `json_len` readable bytes.
        let json = unsafe { pointer::bytes(json, json_len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let out = unsafe { Out::optional(verdict) }?;
        let of = match of {
            CALLGATE_DEFINITION_TOOL => Definition::Tool,
            CALLGATE_DEFINITION_PROMPT => Definition::Prompt,
            CALLGATE_DEFINITION_RESOURCE => Definition::Resource,
            CALLGATE_DEFINITION_SERVER => Definition::Server,
            _ => return Err(Failure::argument("no definition has this number")),
        };
        let verdict = gate.0.audit_definition(of, json);
        let status = action_status(verdict.action());
        if let Some(out) = out {
            out.write(VerdictHandle::give(verdict));
        }
        Ok(status)
    })
}

/// Judges a message of a server for text that gives the model orders ("injection.prompt"), and makes of it what the
/// policy's `results.injection` says. Writes to `verdict` what was found, to be freed with `callgate_verdict_free()`, and
/// to `answer` what is to be sent in its place, to be freed with `callgate_answer_free()`; either may be NULL where it is
/// not wanted.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`. `verdict` and `answer` are
/// written in the first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `message` is NULL, or points to `len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
/// - `answer` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_audit_answer(
    gate: *const GateHandle,
    message: *const u8,
    len: usize,
    verdict: *mut *mut VerdictHandle,
    answer: *mut *mut AnswerHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `message` is NULL or `len` readable bytes.
        let message = unsafe { pointer::bytes(message, len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let verdict = unsafe { Out::optional(verdict) }?;
        // SAFETY: the C caller guarantees that `answer` is NULL or may be written.
        let out = unsafe { Out::optional(answer) }?;
        Ok(give(&gate.0.audit_answer(message), verdict, out))
    })
}

/// Cleans a message of a server before it goes to the client: takes out of its texts what does not show, and secrets, as
/// the policy's `rules`, `sanitize`, `redact` and `results.redact` say; every other byte stays. `tool` is the tool whose
/// call it answers, `schema` the JSON Schema that the tool declares for its structured content, which still matches
/// afterwards; either may be NULL with length 0 where it is not known. Writes to `verdict` what was found, to be freed with
/// `callgate_verdict_free()`, and to `answer` what is to be sent in its place, to be freed with `callgate_answer_free()`;
/// either may be NULL where it is not wanted. Orders to the model are a matter of `callgate_gate_audit_answer()`.
///
/// Returns `CALLGATE_ALLOW` or `CALLGATE_FLAG`; `CALLGATE_DENY` for what is no JSON, which cannot be cleaned and must not be
/// sent; or `CALLGATE_ERR_ARGUMENT`. `verdict` and `answer` are written in the first three cases only.
///
/// `examples/clean.c` shows it.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `message` is NULL, or points to `len` readable bytes that nobody writes during the call.
/// - `tool` is NULL, or points to `tool_len` readable bytes that nobody writes during the call.
/// - `schema` is NULL, or points to `schema_len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
/// - `answer` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_clean_answer(
    gate: *const GateHandle,
    message: *const u8,
    len: usize,
    tool: *const c_char,
    tool_len: usize,
    schema: *const c_char,
    schema_len: usize,
    verdict: *mut *mut VerdictHandle,
    answer: *mut *mut AnswerHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `message` is NULL or `len` readable bytes.
        let message = unsafe { pointer::bytes(message, len) }?;
        // SAFETY: the C caller guarantees that `tool` is NULL or `tool_len` readable bytes.
        let tool = unsafe { pointer::text(tool, tool_len) }?;
        // SAFETY: the C caller guarantees that `schema` is NULL or `schema_len` readable bytes.
        let schema = unsafe { pointer::text(schema, schema_len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let verdict = unsafe { Out::optional(verdict) }?;
        // SAFETY: the C caller guarantees that `answer` is NULL or may be written.
        let out = unsafe { Out::optional(answer) }?;
        let options = CleanOptions {
            tool: (!tool.is_empty()).then_some(tool),
            output_schema: (!schema.is_empty()).then_some(schema),
        };
        Ok(give(&gate.0.clean_answer(message, &options), verdict, out))
    })
}

/// Hands over an answer.
fn give(
    answer: &AnswerVerdict,
    verdict: Option<Out<*mut VerdictHandle>>,
    out: Option<Out<*mut AnswerHandle>>,
) -> i32 {
    if let Some(verdict) = verdict {
        verdict.write(VerdictHandle::give(answer.verdict().clone()));
    }
    if let Some(out) = out {
        out.write(pointer::give(AnswerHandle(answer.replacement().map(ToOwned::to_owned))));
    }
    action_status(answer.verdict().action())
}

/// Writes to `text` the message to be sent in the place of the one that was judged or cleaned; an empty text where there
/// is none: the message stays as it is, or, where it was refused and is no answer, is not sent. It stays until `answer` is
/// freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `answer` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or may be written as one `callgate_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_answer_get(answer: *const AnswerHandle, text: *mut Text) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `answer` is NULL or alive for this call.
        let answer = unsafe { pointer::shared(answer) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or may be written.
        let out = unsafe { Out::new(text) }?;
        let text = answer.0.as_deref().unwrap_or_default();
        out.write(Text { data: text.as_ptr().cast(), len: text.len() });
        Ok(CALLGATE_OK)
    })
}

/// Frees what `callgate_gate_audit_answer()` or `callgate_gate_clean_answer()` wrote; NULL is fine.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `answer` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or its text, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_answer_free(answer: *mut AnswerHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `answer` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(answer) }?;
        Ok(CALLGATE_OK)
    })
}
