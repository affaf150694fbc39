//! Kinds of arguments, guessed from a schema.

use super::audit::json;
use super::error::{Result, thrown};
use crate::infer_kinds_from_json;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

/// JSON: each place of the schema in a text whose kind is known, with its kind.
#[napi(catch_unwind)]
pub fn infer_kinds(
    env: Env,
    #[napi(ts_arg_type = "Uint8Array")] schema: Unknown<'_>,
    length: Option<u32>,
) -> Result<String> {
    let kinds = super::hot::with_bytes(&env, &schema, length, infer_kinds_from_json);
    json(&kinds.and_then(|kinds| kinds).map_err(|error| thrown(&error))?)
}
