//! Policies without a gate: what the command line shows.

use super::audit::json;
use super::error::{Result, thrown};
use crate::Policy;
use napi_derive::napi;

/// The effective policy of a document and the origin of each of its members:
/// `{ "policy": {...}, "origins": { "/limits/depth": "default" | "callgate:..." | "file" } }` as JSON. Roots are not
/// opened.
#[napi(catch_unwind)]
pub fn policy_explain(text: String) -> Result<String> {
    json(&Policy::explain(text.as_bytes()).map_err(|error| thrown(&error))?)
}

/// The members of the document, and of what it extends, that somebody wrote: an array of their names as JSON.
#[napi(catch_unwind)]
pub fn policy_names(text: String) -> Result<String> {
    json(&Policy::named_members(text.as_bytes()).map_err(|error| thrown(&error))?)
}
