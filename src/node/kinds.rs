//! Kinds of arguments, guessed from a schema.

use super::audit::json;
use super::error::{Result, thrown};
use crate::kinds::infer_kinds_of_definition;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

/// JSON: each place of the schema in a text whose kind is known, with its kind. `tool`: the JSON of its name, title and
/// description; other members are not read.
#[napi(catch_unwind)]
pub fn infer_kinds(
    env: Env,
    #[napi(ts_arg_type = "Uint8Array")] schema: Unknown<'_>,
    length: Option<u32>,
    tool: Option<String>,
) -> Result<String> {
    let kinds = super::hot::with_bytes(&env, &schema, length, |schema| {
        infer_kinds_of_definition(schema, tool.as_deref().unwrap_or_default().as_bytes())
    });
    json(&kinds.and_then(|kinds| kinds).map_err(|error| thrown(&error))?)
}
