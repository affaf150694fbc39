//! Redaction: bytes in, text out.

use super::error::{Result, thrown};
use super::handle::Handle;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;
use std::borrow::Cow;

/// Takes the secrets out of the first `length` bytes of a text. Answers `null` when there are none. What is not
/// UTF-8 comes back as U+FFFD.
#[napi(catch_unwind, ts_return_type = "string | null")]
pub fn redact<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    #[napi(ts_arg_type = "Uint8Array")] json: Unknown<'env>,
    length: Option<u32>,
) -> Result<Option<Unknown<'env>>> {
    let redacted = super::hot::with_bytes(env, &json, length, |json| {
        handle.with(|gate| match gate.redact(json) {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(text),
        })
    });
    match redacted.and_then(|redacted| redacted).map_err(|error| thrown(&error))? {
        None => Ok(None),
        Some(text) => super::hot::text(env, &text).map(Some).map_err(|error| thrown(&error)),
    }
}
