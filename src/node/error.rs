//! Errors of the core as JavaScript errors that carry its code.

#![forbid(unsafe_code)]

use crate::Error;

/// What an export answers; the status of the error is the `code` that JavaScript sees. `#[napi]` knows it
/// by this name.
pub(crate) type Result<T> = napi::Result<T, &'static str>;

/// The same error for JavaScript. The finding of a refusal does not fit in one: exports that refuse
/// answer it as a value.
pub(crate) fn thrown(error: &Error) -> napi::Error<&'static str> {
    napi::Error::new(error.code(), error.to_string())
}
