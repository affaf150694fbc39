//! The shared vectors of inference through Rust. The same file runs through C (`capi.rs`) and Node (`__test__`).

use crate::cases::vectors;
use callgate::{ToolWords, infer_kinds};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a schema tells of its arguments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindsCase {
    pub(crate) name: String,
    pub(crate) schema: Value,
    /// What the tool says of itself.
    #[serde(default)]
    pub(crate) tool: Value,
    kinds: Value,
}

impl KindsCase {
    /// What is inferred through Rust.
    fn inferred(&self) -> Value {
        let said = |member: &str| self.tool[member].as_str().unwrap_or_default();
        let tool = ToolWords {
            name: said("name"),
            title: said("title"),
            description: said("description"),
            changes: false,
        };
        json!(infer_kinds(&self.schema, tool).expect(&self.name))
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answer: &Value) -> Option<String> {
        (*answer != self.kinds).then(|| format!("{}: expected {}, got {answer}", self.name, self.kinds))
    }
}

#[test]
fn kinds_are_inferred_as_written_down() {
    let differences: Vec<String> =
        vectors().kinds.iter().filter_map(|case| case.difference(&case.inferred())).collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_kind_is_inferred_somewhere_and_cases_differ() {
    let cases = vectors().kinds;
    assert!(cases.len() >= 80);
    let names: BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len(), "a name twice");
    for kind in
        ["path", "url", "host", "opaque", "identifier", "word", "ref", "command", "sql", "text", "code"]
    {
        let infers = |case: &&_| KindsCase::kinds_of(case).any(|known| known == kind);
        assert!(cases.iter().filter(infers).count() >= 3, "{kind}");
    }
    for case in &cases {
        assert!(case.difference(&json!({ "/other": "auto" })).is_some(), "{}", case.name);
    }
}

impl KindsCase {
    fn kinds_of(&self) -> impl Iterator<Item = &str> {
        self.kinds.as_object().into_iter().flat_map(|kinds| kinds.values().filter_map(Value::as_str))
    }
}
