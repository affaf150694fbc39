//! Messages for C: audited as a whole, with what they are beside the verdict.

use super::boundary::boundary;
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::status::CALLGATE_OK;
use super::verdict::{Text, VerdictHandle, action_status};
use crate::rpc::{MessageId, MessageKind, MessageVerdict, one_line};

/// It has a method and an id, and wants an answer.
pub const CALLGATE_MESSAGE_REQUEST: i32 = 0;
/// It has a method and no id, and is never answered.
pub const CALLGATE_MESSAGE_NOTIFICATION: i32 = 1;
/// The answer to a request.
pub const CALLGATE_MESSAGE_RESPONSE: i32 = 2;
/// Several messages in an array.
pub const CALLGATE_MESSAGE_BATCH: i32 = 3;
/// None of these.
pub const CALLGATE_MESSAGE_INVALID: i32 = 4;

/// There is no id that can be used: an answer has the id `null`.
pub const CALLGATE_ID_NONE: i32 = 0;
/// The id is the integer `id_number`.
pub const CALLGATE_ID_NUMBER: i32 = 1;
/// The id is the string `id_text`.
pub const CALLGATE_ID_TEXT: i32 = 2;
/// The id is another number, which `id_text` has as it is written: an answer has it so.
pub const CALLGATE_ID_WRITTEN: i32 = 3;

/// What a message is. The texts belong to the message that was asked, and go with it; they come from the peer and
/// may hold anything.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct MessageView {
    /// The method of a request or notification; empty where there is none.
    pub method: Text,
    /// The tool that "tools/call" names; empty where `has_tool` is 0.
    pub tool: Text,
    /// The id where `id_kind` is `CALLGATE_ID_TEXT` or `CALLGATE_ID_WRITTEN`, else empty.
    pub id_text: Text,
    /// The id where `id_kind` is `CALLGATE_ID_NUMBER`, else 0.
    pub id_number: i64,
    /// `CALLGATE_ID_*`.
    pub id_kind: i32,
    /// `CALLGATE_MESSAGE_*`.
    pub kind: i32,
    /// 1 where the message names a tool, else 0.
    pub has_tool: i32,
    /// 0.
    pub reserved: i32,
}

/// What an audited message is. Immutable; freed with `callgate_message_free()`.
#[derive(Debug)]
pub struct MessageHandle(MessageVerdict);

/// Audits one JSON-RPC message of MCP: its envelope, what it asks for, and what is in it. Writes to `verdict` what was
/// found, to be freed with `callgate_verdict_free()`, and to `message` what the message is, to be freed with
/// `callgate_message_free()`; either may be NULL where it is not wanted. Pointers and ranges are those of the message.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`. `verdict` and `message`
/// are written in the first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `bytes` is NULL, or points to `len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
/// - `message` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_audit_message(
    gate: *const GateHandle,
    bytes: *const u8,
    len: usize,
    verdict: *mut *mut VerdictHandle,
    message: *mut *mut MessageHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `bytes` is NULL or `len` readable bytes.
        let bytes = unsafe { pointer::bytes(bytes, len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let verdict = unsafe { Out::optional(verdict) }?;
        // SAFETY: the C caller guarantees that `message` is NULL or may be written.
        let message = unsafe { Out::optional(message) }?;
        let answer = gate.0.audit_message(bytes);
        let status = action_status(answer.action());
        if let Some(out) = verdict {
            out.write(VerdictHandle::give(answer.verdict().clone()));
        }
        if let Some(out) = message {
            out.write(pointer::give(MessageHandle(answer)));
        }
        Ok(status)
    })
}

/// Writes to `view` what a message is. Its texts stay until the message is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `message` is NULL, or came from callgate and was not freed.
/// - `view` is NULL, or may be written as one `callgate_message_view`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_message_get(message: *const MessageHandle, view: *mut MessageView) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `message` is NULL or alive for this call.
        let message = unsafe { pointer::shared(message) }?;
        // SAFETY: the C caller guarantees that `view` is NULL or may be written.
        let view = unsafe { Out::new(view) }?;
        let (id_kind, id_number, id_text) = match message.0.id() {
            None => (CALLGATE_ID_NONE, 0, ""),
            Some(MessageId::Number(number)) => (CALLGATE_ID_NUMBER, *number, ""),
            Some(MessageId::Text(text)) => (CALLGATE_ID_TEXT, 0, &**text),
            Some(MessageId::Written(number)) => (CALLGATE_ID_WRITTEN, 0, &**number),
        };
        view.write(MessageView {
            method: Text::of(message.0.method().unwrap_or_default()),
            tool: Text::of(message.0.tool().unwrap_or_default()),
            id_text: Text::of(id_text),
            id_number,
            id_kind,
            kind: match message.0.kind() {
                MessageKind::Request => CALLGATE_MESSAGE_REQUEST,
                MessageKind::Notification => CALLGATE_MESSAGE_NOTIFICATION,
                MessageKind::Response => CALLGATE_MESSAGE_RESPONSE,
                MessageKind::Batch => CALLGATE_MESSAGE_BATCH,
                MessageKind::Invalid => CALLGATE_MESSAGE_INVALID,
            },
            has_tool: i32::from(message.0.tool().is_some()),
            reserved: 0,
        });
        Ok(CALLGATE_OK)
    })
}

/// A message as one line. Immutable, so that any thread may read it; freed with `callgate_line_free()`.
#[derive(Debug)]
pub struct LineHandle(Vec<u8>);

/// Makes a message one line for every reader, as some take CR, VT, FF, U+0085, U+2028 or U+2029 for the end of one and
/// would find a message behind it that nobody judged. JSON stays the same JSON, and all bytes but those stay as they are.
/// What goes on to a server or client is this. Writes to `line` the new text without an end of its line, to be freed with
/// `callgate_line_free()`.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT`. `line` is written on success only.
///
/// # Safety
/// - `bytes` is NULL, or points to `len` readable bytes that nobody writes during the call.
/// - `line` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_one_line(bytes: *const u8, len: usize, line: *mut *mut LineHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `bytes` is NULL or `len` readable bytes.
        let bytes = unsafe { pointer::bytes(bytes, len) }?;
        // SAFETY: the C caller guarantees that `line` is NULL or may be written.
        let line = unsafe { Out::new(line) }?;
        line.write(pointer::give(LineHandle(one_line(bytes).into_owned())));
        Ok(CALLGATE_OK)
    })
}

/// Writes to `text` what a line is. It stays until the line is freed.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when either pointer is NULL.
///
/// # Safety
/// - `line` is NULL, or came from callgate and was not freed.
/// - `text` is NULL, or may be written as one `callgate_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_line_get(line: *const LineHandle, text: *mut Text) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `line` is NULL or alive for this call.
        let line = unsafe { pointer::shared(line) }?;
        // SAFETY: the C caller guarantees that `text` is NULL or may be written.
        let text = unsafe { Out::new(text) }?;
        text.write(Text { data: line.0.as_ptr().cast(), len: line.0.len() });
        Ok(CALLGATE_OK)
    })
}

/// Frees a line; NULL is fine.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `line` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or its text, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_line_free(line: *mut LineHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `line` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(line) }?;
        Ok(CALLGATE_OK)
    })
}

/// Frees a message; NULL is fine. Texts of its view are gone with it.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `message` is NULL, or came from callgate and was not freed.
/// - No thread uses it, or a text of it, during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_message_free(message: *mut MessageHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `message` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(message) }?;
        Ok(CALLGATE_OK)
    })
}
