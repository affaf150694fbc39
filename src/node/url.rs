//! URLs and addresses: text in, the JSON of a verdict out.

use super::audit::report;
use super::error::{Result, thrown};
use super::handle::Handle;
use crate::Error;
use crate::error::ErrorKind;
use napi_derive::napi;
use std::net::IpAddr;

/// Checks a URL. Answers the JSON of the verdict, or `null` when there is nothing to report.
#[napi(catch_unwind)]
pub fn check_url(#[napi(ts_arg_type = "GateHandle")] handle: &Handle, url: String) -> Result<Option<String>> {
    let verdict = handle.with(|gate| gate.check_url(&url)).map_err(|error| thrown(&error))?;
    report(&verdict)
}

/// Checks an address that a host was resolved to. Answers the JSON of the verdict, or `null` when there is
/// nothing to report.
#[napi(catch_unwind)]
pub fn check_address(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    host: String,
    address: String,
) -> Result<Option<String>> {
    let address: IpAddr = address.parse().map_err(|_| {
        thrown(&Error::new(ErrorKind::InvalidInput, "an address is IPv4 or IPv6 in its usual form"))
    })?;
    let verdict = handle.with(|gate| gate.check_address(&host, address)).map_err(|error| thrown(&error))?;
    report(&verdict)
}
