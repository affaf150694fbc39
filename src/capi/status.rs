//! What every function of the C library returns. Numbers are explicit and never used again for anything
//! else.

#![forbid(unsafe_code)]

// Answers.

/// The function did what it was asked to; for an audit or a check: nothing was found.
pub const CALLGATE_OK: i32 = 0;
/// The call may go on.
pub const CALLGATE_ALLOW: i32 = 0;
/// The call may go on; something was found that one may want to log.
pub const CALLGATE_FLAG: i32 = 1;
/// The call must not reach the tool.
pub const CALLGATE_DENY: i32 = 2;

// Failures. After each of them callgate_last_error() has a code and a message.

/// From `callgate_audit_tool_args()` alone: the bytes are not one JSON text in UTF-8. Treat it as a denial.
pub const CALLGATE_ERR_NOT_JSON: i32 = -1;
/// callgate failed inside and caught it; nothing was written. Treat it as a denial, and please report it.
pub const CALLGATE_ERR_PANIC: i32 = -2;
/// An argument is wrong: NULL with a length above 0, a NULL handle or output, text that is not UTF-8, a
/// number that is none of the constants, an index past the end.
pub const CALLGATE_ERR_ARGUMENT: i32 = -3;
/// The policy is not valid; the message starts with the JSON Pointer of the fault.
pub const CALLGATE_ERR_POLICY: i32 = -4;
/// The policy file cannot be read.
pub const CALLGATE_ERR_POLICY_UNREADABLE: i32 = -5;
/// The path was refused; the code is the id of the rule.
pub const CALLGATE_ERR_REFUSED: i32 = -6;
/// This platform cannot do this yet.
pub const CALLGATE_ERR_UNSUPPORTED: i32 = -7;
/// callgate failed inside. Please report it.
pub const CALLGATE_ERR_INTERNAL: i32 = -8;
// Last added: -8.
