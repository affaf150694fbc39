//! JSON Schema: the arguments of a call held against the tool's own `inputSchema`.
//!
//! The `jsonschema` crate validates, straight over the tape of the document. What it costs is bounded twice: by
//! `shape`, which looks at the schema when the gate is made, and by fuel while a document is read. `errors` turns
//! what was found into rules.

#![forbid(unsafe_code)]

mod errors;
mod expected;
mod fold;
mod shape;

use crate::json::{Document, Indexed, Tape, tape_of};
use crate::rules::Rule;
use fold::Names;
use jsonschema::{Draft, PatternOptions, Registry, Validator};
use serde_json::Value;
use std::ops::Range;

/// Memory that the patterns of one schema may take together, and a single one (bytes).
const PATTERNS_BYTES: usize = 64 << 20;
const PATTERN_BYTES: usize = 8 << 20;
/// Memory that a pattern's states may take on each thread: an eighth of the pattern's own (bytes).
const STATES_SHARE: usize = 8;

/// Looks that any document may cost, and how many more for each of its bytes.
const LOOKS: u64 = 1 << 20;
const LOOKS_A_BYTE: u64 = 4;
/// For each of its tokens a document may cost as many looks as the schema has values, but not fewer nor more than
/// these. A list of alternatives is gone through for every item; a tree of them takes no more, for what was judged
/// once is remembered.
const LOOKS_A_TOKEN: (u64, u64) = (128, 1024);

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct Schema {
    validator: Validator<Indexed>,
    /// Names of members that it knows.
    names: Names,
    /// Documents may be nested this deep.
    depth: u32,
    looks_a_token: u64,
}

/// Why a schema does not compile.
#[derive(Debug)]
pub(crate) struct Fault {
    /// JSON Pointer into the schema.
    pub(crate) pointer: String,
    pub(crate) what: String,
}

/// Where a document does not match its schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) rule: Rule,
    pub(crate) pointer: String,
    pub(crate) what: String,
    /// A type, the values, a bound.
    pub(crate) expected: Option<String>,
    pub(crate) span: Range<usize>,
}

impl Schema {
    /// Compiles a schema: 2020-12, unless `$schema` names draft 4, 6, 7 or 2019-09.
    pub(crate) fn compile(schema: &Value) -> Result<Self, Fault> {
        Self::compile_among(schema, &[])
    }

    /// The same, where references may lead to these schemas too, each by its URI.
    fn compile_among(schema: &Value, others: &[(String, Value)]) -> Result<Self, Fault> {
        if !schema.is_object() && !schema.is_boolean() {
            return Err(Fault::at_root("a schema is an object, true or false"));
        }
        let shape = shape::measure(schema, others).map_err(Fault::at_root)?;
        let size = (PATTERNS_BYTES / shape.patterns.max(1)).min(PATTERN_BYTES);
        let patterns = PatternOptions::regex().size_limit(size).dfa_size_limit(size / STATES_SHARE);
        let options = jsonschema::options_for::<Indexed>()
            .offline()
            .with_pattern_options(patterns)
            // `format` and the content keywords are annotations, in every draft alike.
            .should_validate_formats(false)
            .without_content_encoding_support("base64")
            .without_content_media_type_support("application/json");
        let draft = draft(schema, others)?;
        let mut registry = Registry::new().draft(draft.unwrap_or_default());
        for (uri, other) in others {
            registry = registry.add(uri, other).map_err(|error| Fault::at_root(error.to_string()))?;
        }
        let registry = registry.prepare().map_err(|error| Fault::at_root(error.to_string()))?;
        let options = match draft {
            Some(draft) => options.with_draft(draft),
            None => options,
        };
        let validator =
            options.with_registry(&registry).build(schema).map_err(|error| errors::compiling(&error))?;
        let (least, most) = LOOKS_A_TOKEN;
        let names = Names::of(schema);
        Ok(Self { validator, names, depth: shape.depth, looks_a_token: shape.values.clamp(least, most) })
    }

    /// Whether it knows a member of this name, in whatever case.
    pub(crate) fn names(&self, name: &[u8]) -> bool {
        self.names.known(name).is_some()
    }

    /// Whether this document can be read at all; the reason where it cannot.
    fn obstacle(&self, bytes: &[u8], tape: &Tape) -> Option<String> {
        if bytes.len() > Tape::MAX_BYTES {
            Some(format!("more bytes than a schema is held against: {}", Tape::MAX_BYTES))
        } else if tape.deepest > self.depth {
            Some(format!("nested deeper than this schema is held against: {}", self.depth))
        } else if tape.duplicates {
            Some("a member is there twice, so that the schema may be held against the wrong one".to_owned())
        } else {
            None
        }
    }

    /// Holds a document against the schema, and reports every place where it does not match: as it is, or else as a
    /// parser reads it that takes names for those that differ in case only.
    pub(crate) fn check(&self, bytes: &[u8], tape: &Tape, report: &mut impl FnMut(Mismatch)) {
        let mut matches = true;
        self.hold(bytes, tape, &mut |mismatch| {
            matches = false;
            report(mismatch);
        });
        if matches && let Some(renamed) = self.names.renamed(bytes, tape) {
            let tape = tape_of(&renamed);
            // Two that fold are found where keys are.
            if !tape.duplicates {
                self.hold(&renamed, &tape, &mut |mismatch| {
                    report(Mismatch { span: 0..bytes.len(), ..mismatch });
                });
            }
        }
    }

    fn hold(&self, bytes: &[u8], tape: &Tape, report: &mut impl FnMut(Mismatch)) {
        let mut refuse = |what: String| {
            report(Mismatch::limit(what, bytes));
        };
        if let Some(what) = self.obstacle(bytes, tape) {
            return refuse(what);
        }
        let fuel = LOOKS + self.looks_a_token * tape.len() as u64 + LOOKS_A_BYTE * bytes.len() as u64;
        let Some(document) = Document::new(bytes, tape, fuel) else {
            return refuse("not UTF-8".to_owned());
        };
        let valid = self.validator.is_valid(document.root());
        if document.is_spent() {
            return refuse("takes more work to hold against the schema than its size allows".to_owned());
        }
        if valid {
            return;
        }
        let Some(document) = Document::new(bytes, tape, fuel) else {
            return refuse("not UTF-8".to_owned());
        };
        let mut found = Vec::new();
        for error in self.validator.iter_errors(document.root()) {
            errors::mismatches(&document, &error, &mut found);
        }
        found.sort_by_key(|mismatch| mismatch.span.start);
        let named = !found.is_empty();
        found.into_iter().for_each(&mut *report);
        if document.is_spent() || !named {
            let what = "does not match the schema in more places than can be told".to_owned();
            report(Mismatch::limit(what, bytes));
        }
    }
}

impl Mismatch {
    /// Of a document that cannot be held against its schema.
    fn limit(what: String, document: &[u8]) -> Self {
        let span = 0..document.len();
        Self { rule: Rule::SchemaLimit, pointer: String::new(), what, expected: None, span }
    }
}

impl Fault {
    fn at_root(what: impl Into<String>) -> Self {
        Self { pointer: String::new(), what: what.into() }
    }
}

/// The draft that `$schema` names; 2020-12 where it is absent, `None` where it is one of the others.
fn draft(schema: &Value, others: &[(String, Value)]) -> Result<Option<Draft>, Fault> {
    let Some(uri) = schema.get("$schema") else { return Ok(Some(Draft::Draft202012)) };
    let uri = uri.as_str().unwrap_or_default();
    match uri.trim_end_matches('#').split_once("://").map_or("", |(_, rest)| rest) {
        "json-schema.org/draft-04/schema" => Ok(Some(Draft::Draft4)),
        "json-schema.org/draft-06/schema" => Ok(Some(Draft::Draft6)),
        "json-schema.org/draft-07/schema" => Ok(Some(Draft::Draft7)),
        "json-schema.org/draft/2019-09/schema" => Ok(Some(Draft::Draft201909)),
        "json-schema.org/draft/2020-12/schema" => Ok(Some(Draft::Draft202012)),
        _ if others.iter().any(|(other, _)| other == uri) => Ok(None),
        _ => Err(Fault {
            pointer: "/$schema".to_owned(),
            what: "not one of draft 4, 6, 7, 2019-09 and 2020-12".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests;
