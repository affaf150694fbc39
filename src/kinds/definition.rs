//! Kinds where the tool's words are JSON too, as C and Node pass them.

use super::{MAX_SCHEMA_BYTES, ToolWords, infer_kinds_from_json, misfit};
use crate::error::Error;
use crate::policy::Kind;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// [`infer_kinds_from_json`] where the tool's words are JSON too: an object of which only these are read; none where the
/// text is empty.
pub(crate) fn infer_kinds_of_definition(schema: &[u8], tool: &[u8]) -> Result<BTreeMap<String, Kind>, Error> {
    if tool.len() > MAX_SCHEMA_BYTES {
        return Err(misfit("a tool has at most 1,048,576 bytes"));
    }
    let said = match tool {
        [] => Definition::default(),
        tool => serde_json::from_slice(tool).map_err(|_| misfit("a tool is an object with a name"))?,
    };
    infer_kinds_from_json(schema, said.words())
}

/// What is read of a tool's definition.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Definition<'t> {
    #[serde(borrow)]
    name: Option<Cow<'t, str>>,
    #[serde(borrow)]
    title: Option<Cow<'t, str>>,
    #[serde(borrow)]
    description: Option<Cow<'t, str>>,
}

impl Definition<'_> {
    fn words(&self) -> ToolWords<'_> {
        ToolWords {
            name: self.name.as_deref().unwrap_or_default(),
            title: self.title.as_deref().unwrap_or_default(),
            description: self.description.as_deref().unwrap_or_default(),
            // What a tool will do at a path is no kind.
            changes: false,
        }
    }
}
