//! URLs and addresses for C.

use super::boundary::{Failure, boundary};
use super::gate::GateHandle;
use super::pointer::{self, Out};
use super::verdict::{VerdictHandle, action_status};
use std::ffi::c_char;
use std::net::IpAddr;

/// Checks where a URL leads: its scheme, its host in any spelling, and whether programs could read another host.
/// Asks no network: a public name can resolve to a private address, so check the address that is connected to
/// with `callgate_gate_check_address()`. Writes to `verdict` what was found, with ranges in bytes of the URL, to
/// be freed with `callgate_verdict_free()`; `verdict` may be NULL where the action is enough.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`. `verdict` is written
/// in the first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `url` is NULL, or points to `url_len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_check_url(
    gate: *const GateHandle,
    url: *const c_char,
    url_len: usize,
    verdict: *mut *mut VerdictHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `url` is NULL or `url_len` readable bytes.
        let url = unsafe { pointer::text(url, url_len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let out = unsafe { Out::optional(verdict) }?;
        let verdict = gate.0.check_url(url);
        let status = action_status(verdict.action());
        if let Some(out) = out {
            out.write(VerdictHandle::give(verdict));
        }
        Ok(status)
    })
}

/// Checks an address, such as `93.184.215.14` or `2606:4700::1111`, that the host of a URL was resolved to, and
/// the host itself. Ask it of every address before connecting to it. Writes to `verdict` what was found, with
/// ranges in bytes of the host, to be freed with `callgate_verdict_free()`; `verdict` may be NULL.
///
/// Returns `CALLGATE_ALLOW`, `CALLGATE_FLAG` or `CALLGATE_DENY`, or `CALLGATE_ERR_ARGUMENT`, also for text that is
/// no address. `verdict` is written in the first three cases only.
///
/// # Safety
/// - `gate` is NULL, or came from callgate and was not freed.
/// - `host` is NULL, or points to `host_len` readable bytes that nobody writes during the call.
/// - `address` is NULL, or points to `address_len` readable bytes that nobody writes during the call.
/// - `verdict` is NULL, or may be written as one pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn callgate_gate_check_address(
    gate: *const GateHandle,
    host: *const c_char,
    host_len: usize,
    address: *const c_char,
    address_len: usize,
    verdict: *mut *mut VerdictHandle,
) -> i32 {
    boundary(|| {
        // SAFETY: the C caller guarantees that `gate` is NULL or alive for this call.
        let gate = unsafe { pointer::shared(gate) }?;
        // SAFETY: the C caller guarantees that `host` is NULL or `host_len` readable bytes.
        let host = unsafe { pointer::text(host, host_len) }?;
        // SAFETY: the C caller guarantees that `address` is NULL or `address_len` readable bytes.
        let address = unsafe { pointer::text(address, address_len) }?;
        // SAFETY: the C caller guarantees that `verdict` is NULL or may be written.
        let out = unsafe { Out::optional(verdict) }?;
        let address: IpAddr = address.parse().map_err(|_| Failure::argument("the text is no address"))?;
        let verdict = gate.0.check_address(host, address);
        let status = action_status(verdict.action());
        if let Some(out) = out {
            out.write(VerdictHandle::give(verdict));
        }
        Ok(status)
    })
}
