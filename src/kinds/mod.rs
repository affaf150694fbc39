//! What a tool's arguments are, guessed from the schema that the tool publishes for them.
//!
//! A wrong guess refuses calls that are fine, so that only strong evidence counts: what is not known is left out and
//! judged by its content. `walk` goes through the schema and gathers what is said of each place, `facts` brings names
//! and descriptions into a form that can be compared, `foreign` those in other languages into English, `evidence` knows what speaks for a kind and against it, and
//! `pattern` what a regular expression allows at most.

#![forbid(unsafe_code)]

#[cfg(any(feature = "node", feature = "capi"))]
mod definition;
mod evidence;
mod facts;
mod foreign;
mod intent;
mod pattern;
mod phrase;
mod places;
mod setting;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use crate::error::{Error, ErrorKind};
use crate::policy::{Argument, Kind};
#[cfg(any(all(feature = "node", not(test)), feature = "capi"))]
pub(crate) use definition::infer_kinds_of_definition;
use serde_json::Value;
use setting::Setting;
pub use setting::ToolWords;
use std::collections::BTreeMap;
pub(crate) use words::words_of_name;

/// Longer schemas are not read (bytes of JSON).
const MAX_SCHEMA_BYTES: usize = 1 << 20;

/// The kinds of a tool's arguments, guessed from the JSON Schema of the arguments: patterns as
/// [`Tool::arguments`](crate::policy::Tool::arguments) takes them, each with its [`Kind`].
///
/// Looked at are the names of properties, `type`, `format`, `pattern`, `enum` and `const`, `contentEncoding` and
/// `contentMediaType`, `description`, `title`, `default` and `examples`; in objects, arrays, `allOf`, `anyOf`, `oneOf`
/// and behind `$ref` to the schema's own parts. A place that is not surely of one kind is left out. A closed set of
/// values is [`Kind::Opaque`]: it is judged by its schema, or by nothing where the policy has no schema for the tool.
///
/// Takes time linear in the size of the schema. Schemas nested deeper than 64 levels are left out below that, and a
/// part that refers to itself is followed once.
///
/// # Errors
/// `input.type` for what is neither an object nor a boolean, for more than 10,000 parts (those behind a `$ref` count each
/// time), and for patterns of more than 4 MiB together.
///
/// ```
/// use callgate::{ToolWords, infer_kinds, policy::Kind};
/// let tool = ToolWords { name: "download", ..ToolWords::default() };
/// let schema = serde_json::json!({ "properties": {
///     "file_path": { "type": "string" },
///     "urls": { "type": "array", "items": { "type": "string", "format": "uri" } },
///     "limit": { "type": "integer" }
/// } });
/// let kinds = infer_kinds(&schema, tool)?;
/// assert_eq!(kinds.into_iter().collect::<Vec<_>>(), [
///     ("/file_path".to_owned(), Kind::Path),
///     ("/urls/*".to_owned(), Kind::Url),
/// ]);
/// # Ok::<(), callgate::Error>(())
/// ```
pub fn infer_kinds(schema: &Value, tool: ToolWords<'_>) -> Result<BTreeMap<String, Kind>, Error> {
    Ok(infer_arguments(schema, tool)?.into_iter().map(|(place, argument)| (place, argument.kind)).collect())
}

/// The same as a policy has it: with what the tool will do at a path.
pub(crate) fn infer_arguments(
    schema: &Value,
    tool: ToolWords<'_>,
) -> Result<BTreeMap<String, Argument>, Error> {
    walk::places(schema, &Setting::of(tool))?.into_patterns()
}

/// [`infer_kinds`] of a schema that is still text.
///
/// # Errors
/// `input.type` as there, for text that is not JSON or is nested deeper than 127 levels, and for more than 1 MiB.
///
/// ```
/// use callgate::{ToolWords, infer_kinds_from_json, policy::Kind};
/// let schema = br#"{ "properties": { "sql": { "type": "string" } } }"#;
/// let kinds = infer_kinds_from_json(schema, ToolWords::default())?;
/// assert_eq!(kinds["/sql"], Kind::Sql);
/// # Ok::<(), callgate::Error>(())
/// ```
pub fn infer_kinds_from_json(schema: &[u8], tool: ToolWords<'_>) -> Result<BTreeMap<String, Kind>, Error> {
    if schema.len() > MAX_SCHEMA_BYTES {
        return Err(misfit("a schema has at most 1,048,576 bytes"));
    }
    let schema: Value = serde_json::from_slice(schema).map_err(|_| misfit("a schema is one JSON text"))?;
    infer_kinds(&schema, tool)
}

fn misfit(what: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}
