//! Gates for C, and audits.

use super::boundary::{Failure, boundary};
use super::pointer::{self, Out};
use super::status::{CALLGATE_ERR_NOT_JSON, CALLGATE_OK};
use super::verdict::{VerdictHandle, action_status};
use crate::gate::Gate;
use crate::path::ServerProcess;
use crate::rules::Rule;
use serde::Deserialize;
use std::ffi::c_char;
use std::path::Path;
use std::sync::LazyLock;

/// The version of this interface. It grows when a function, a structure or the meaning of a constant changes;
/// additions leave it alone.
pub const CALLGATE_ABI_VERSION: i32 = 2;

/// A compiled policy with its opened roots. Any number of threads may use one gate at once; freed with
/// `callgate_gate_free()`.
#[derive(Debug)]
pub struct GateHandle(pub(super) Gate);

/// What `callgate_audit_tool_args` enforces.
static DEFAULT_GATE: LazyLock<Gate> = LazyLock::new(Gate::default);

/// The interface version of the library that was loaded. A program that was compiled with a header of
/// another `CALLGATE_ABI_VERSION` must not use it.
///
/// Returns the version, which is above 0.
#[unsafe(no_mangle)]
pub extern "C" fn callgate_abi_version() -> i32 {
    boundary(|| Ok(CALLGATE_ABI_VERSION))
}

/// Audits the arguments of a tool call, one JSON text, against the default policy.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`; `CALLGATE_ERR_NOT_JSON` when the first fault is
/// that the bytes are not JSON or not UTF-8 (empty input, a byte order mark and trailing data included);
/// `CALLGATE_ERR_ARGUMENT` when `args` is NULL and `len` is not 0. Only `CALLGATE_ALLOW` and `CALLGATE_FLAG` mean
/// that the call may go on.
///
/// # Safety
/// - `args` is NULL, or points to `len` readable bytes that nobody writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_audit_tool_args(args: *const u8, len: usize) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `args` is NULL or `len` readable bytes.
        let args = unsafe { pointer::bytes(args, len) }?;
        let verdict = DEFAULT_GATE.audit_index(0, args);
        match verdict.deciding() {
            Some(finding) if matches!(finding.rule, Rule::JsonSyntax | Rule::JsonUtf8) => Err(Failure {
                status: CALLGATE_ERR_NOT_JSON,
                code: finding.rule.id(),
                message: finding.message.clone(),
            }),
            _ => Ok(action_status(verdict.action())),
        }
    })
}

/// Compiles a policy, JSON with comments, and opens its roots; relative roots count from the working
/// directory. NULL with length 0 is the default policy. Writes the new gate to `gate`.
///
/// Returns `CALLGATE_OK`; `CALLGATE_ERR_POLICY` when the policy is not valid or a root cannot be opened;
/// `CALLGATE_ERR_ARGUMENT`. `gate` is written on success only.
///
/// # Safety
/// - `policy` is NULL, or points to `policy_len` readable bytes that nobody writes during the call.
/// - `gate` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_new(
    policy: *const c_char,
    policy_len: usize,
    gate: *mut *mut GateHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `policy` is NULL or `policy_len` readable bytes.
        let policy = unsafe { pointer::bytes(policy.cast(), policy_len) }?;
        // SAFETY: the C caller guarantees that `gate` is NULL or may be written.
        let out = unsafe { Out::new(gate) }?;
        let gate = if policy.is_empty() { Gate::default() } else { Gate::from_json(policy)? };
        out.write(pointer::give(GateHandle(gate)));
        Ok(CALLGATE_OK)
    })
}

/// The same from a policy file, whose relative roots count from the folder it lies in.
///
/// Returns `CALLGATE_OK`; `CALLGATE_ERR_POLICY_UNREADABLE` when the file cannot be read; `CALLGATE_ERR_POLICY`;
/// `CALLGATE_ERR_ARGUMENT`. `gate` is written on success only.
///
/// # Safety
/// - `file` is NULL, or points to `file_len` readable bytes that nobody writes during the call.
/// - `gate` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_load(
    file: *const c_char,
    file_len: usize,
    gate: *mut *mut GateHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `file` is NULL or `file_len` readable bytes.
        let file = unsafe { pointer::text(file, file_len) }?;
        // SAFETY: the C caller guarantees that `gate` is NULL or may be written.
        let out = unsafe { Out::new(gate) }?;
        out.write(pointer::give(GateHandle(Gate::load(Path::new(file))?)));
        Ok(CALLGATE_OK)
    })
}

/// Frees a gate; NULL is fine. Verdicts, paths and descriptors that came from it stay.
///
/// Returns `CALLGATE_OK`.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - No thread uses it during the call or afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_free(gate: *mut GateHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL, or a handle whose last use this is.
        unsafe { pointer::free(gate) }?;
        Ok(CALLGATE_OK)
    })
}

/// Says which process does what the calls ask for, so that paths in arguments are judged as it reads them: one JSON
/// object with any of "cwd" (its working directory), "home", "env" (an object of all its variables) and "joins" (its
/// handlers may join relative paths to a root). What is absent is that of this process, but for the working directory:
/// without one, relative paths count from the first root.
///
/// Returns `CALLGATE_OK`; 1 where the working directory lies in no root, so that relative paths are refused;
/// `CALLGATE_ERR_ARGUMENT`.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `process` is NULL, or points to `process_len` readable bytes that nobody writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_set_server_process(
    gate: *const GateHandle,
    process: *const c_char,
    process_len: usize,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `process` is NULL or `process_len` readable bytes.
        let process = unsafe { pointer::bytes(process.cast(), process_len) }?;
        let process =
            ServerProcess::from_json(process).map_err(|_| Failure::argument("not the facts of a process"))?;
        Ok(if gate.0.set_server_process(process) { CALLGATE_OK } else { 1 })
    })
}

/// Takes the folders that the client names in its answer to roots/list, where the policy's `paths.roots` is "client": one
/// JSON array of `file:` URIs or absolute paths, each as a string or as an object with the member "uri". `null` is a
/// client that names none, so that the operator's hold. They narrow what the operator allows and never widen it.
///
/// Returns `CALLGATE_OK`; 1 where no root is left, so that every path is refused; `CALLGATE_ERR_ARGUMENT`, also where the
/// policy does not leave the roots to the client, or the client has named too many.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `roots` is NULL, or points to `roots_len` readable bytes that nobody writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_set_client_roots(
    gate: *const GateHandle,
    roots: *const c_char,
    roots_len: usize,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `roots` is NULL or `roots_len` readable bytes.
        let roots = unsafe { pointer::bytes(roots.cast(), roots_len) }?;
        let named: Option<Vec<ClientRoot>> = serde_json::from_slice(roots).map_err(|_| {
            Failure::argument("roots are an array of strings or of objects with a uri, or null")
        })?;
        let named = named.map(|named| named.into_iter().map(ClientRoot::into_uri).collect::<Vec<_>>());
        let in_force = gate.0.set_client_roots(named.as_deref())?;
        Ok(if in_force.is_empty() { 1 } else { CALLGATE_OK })
    })
}

/// A root as a client names it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ClientRoot {
    Uri(String),
    Root { uri: String },
}

impl ClientRoot {
    fn into_uri(self) -> String {
        match self {
            Self::Uri(uri) | Self::Root { uri } => uri,
        }
    }
}

/// Names a file of callgate's own that is in use: no call may write, move or delete it, whatever the policy says, and where
/// `secret` is not 0 none may read it. The file of `callgate_gate_load()` is named from the start.
///
/// Returns `CALLGATE_OK`; 1 where the folder of the file does not exist; `CALLGATE_ERR_ARGUMENT`.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `file` is NULL, or points to `file_len` readable bytes that nobody writes during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_protect(
    gate: *const GateHandle,
    file: *const c_char,
    file_len: usize,
    secret: i32,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `file` is NULL or `file_len` readable bytes.
        let file = unsafe { pointer::text(file, file_len) }?;
        Ok(if gate.0.protect(Path::new(file), secret != 0) { CALLGATE_OK } else { 1 })
    })
}

/// Builds what the first call would build: the tables and patterns of the detectors, once for the process.
///
/// Returns `CALLGATE_OK`, or `CALLGATE_ERR_ARGUMENT` when `gate` is NULL.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_warm(gate: *const GateHandle) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        unsafe { pointer::shared(gate) }?.0.warm();
        Ok(CALLGATE_OK)
    })
}

/// Audits the arguments of a call to `tool`: one JSON text, any JSON value. Writes to `verdict` what was
/// found, to be freed with `callgate_verdict_free()`; `verdict` may be NULL where the action is enough.
///
/// Bytes that are not JSON are `CALLGATE_DENY` here, with a finding "json.syntax" or "json.utf8".
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`. `verdict` is written
/// in the first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `tool` is NULL, or points to `tool_len` readable bytes that nobody writes during the call.
/// - `args` is NULL, or points to `args_len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_audit(
    gate: *const GateHandle,
    tool: *const c_char,
    tool_len: usize,
    args: *const u8,
    args_len: usize,
    verdict: *mut *mut VerdictHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `tool` is NULL or `tool_len` readable bytes.
        let tool = unsafe { pointer::text(tool, tool_len) }?;
        // SAFETY: the C caller guarantees that `args` is NULL or `args_len` readable bytes.
        let args = unsafe { pointer::bytes(args, args_len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let out = unsafe { Out::optional(verdict) }?;
        let verdict = gate.0.audit(tool, args);
        let status = action_status(verdict.action());
        if let Some(out) = out {
            out.write(VerdictHandle::give(verdict));
        }
        Ok(status)
    })
}
