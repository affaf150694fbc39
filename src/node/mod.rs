//! The npm addon: conversions between JavaScript values and the core, nothing else.
//!
//! The exports are free functions over a checked handle; the classes of the public surface live in
//! JavaScript (`index.js`), because a method of a native class costs several times a function.
#![expect(unreachable_pub, reason = "#[napi] exports are reached by registration and must be pub for it")]
#![expect(clippy::needless_pass_by_value, reason = "#[napi] hands strings over by value")]

mod answers;
mod audit;
mod boundary;
mod error;
mod files;
mod handle;
#[cfg(feature = "test-hooks")]
mod hooks;
mod hot;
mod input;
mod kinds;
mod messages;
mod outgoing;
mod path;
mod policy;
mod redact;
mod rules;
mod text;
mod url;

use napi_derive::napi;

/// The version of the native library, compared with the package's at load.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
