//! The shape of a schema: what bounds the work and the stack that any document can make it take.
//!
//! Some keywords apply further schemas to the same value (`allOf`, `$ref`, ...), others to its children. The first
//! kind is followed here, so that a few lines of schema cannot stand for millions of steps on one value or for a
//! chain as deep as the stack; the second kind goes one level down in the document, whose depth is limited.

use serde_json::{Map, Value};
use std::collections::HashMap;

/// A schema has at most this many bytes, written without space.
const MAX_BYTES: usize = 256 << 10;
/// Containers nested in a schema at most; the outermost counts as 1.
const MAX_DEPTH: usize = 64;
/// Objects in a schema at most.
const MAX_OBJECTS: usize = 10_000;
/// A value is judged through a chain of at most so many schemas,
const MAX_CHAIN: u32 = 63;
/// and by at most so many schemas together.
const MAX_APPLIED: u32 = 4096;
/// The same for the names of members, whose judging costs no fuel.
const MAX_APPLIED_TO_NAMES: u32 = 64;
/// Schemas that may wait on the stack for one that they apply, over all levels of a document: with the longest
/// chain on each level a document may be this many divided by the chain deep.
const MAX_WAITING: u32 = 1024;
/// No document is held against a schema deeper than this, whatever the schema.
const MAX_DOCUMENT_DEPTH: u32 = 256;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// How deep documents may be nested.
    pub(super) depth: u32,
    /// Regular expressions in it.
    pub(super) patterns: usize,
    /// Values in it, of all kinds.
    pub(super) values: u64,
}

/// What applying one schema to a value comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    /// The longest chain of schemas, this one included.
    chain: u32,
    /// All schemas together, counted as often as they are applied.
    applied: u32,
}

/// The schemas of the drafts themselves: fixed, and small.
const DRAFTS: Cost = Cost { chain: 4, applied: 32 };

/// Measures a schema; says what is wrong with one that is too large or has no end.
pub(super) fn measure(schema: &Value, others: &[(String, Value)]) -> Result<Shape, String> {
    let values = values(schema, 1)?;
    let bytes = serde_json::to_vec(schema).map_err(|error| error.to_string())?.len();
    if bytes > MAX_BYTES {
        return Err(format!("a schema with more bytes than {MAX_BYTES}"));
    }
    let mut graph = Graph::default();
    graph.collect(schema, schema)?;
    for (uri, other) in others {
        graph.ids.push((uri, other));
        graph.collect(other, other)?;
    }
    let mut chain = 1;
    for node in graph.objects.clone() {
        chain = chain.max(graph.cost(node, 1)?.chain);
        if let Some(names) = node.get("propertyNames")
            && graph.cost(names, 1)?.applied > MAX_APPLIED_TO_NAMES
        {
            return Err(format!("more schemas than {MAX_APPLIED_TO_NAMES} apply to the name of a member"));
        }
    }
    let depth = (MAX_WAITING / (chain + 1)).min(MAX_DOCUMENT_DEPTH);
    Ok(Shape { depth, patterns: graph.patterns, values })
}

/// How many values there are, unless they are nested too deep.
fn values(node: &Value, depth: usize) -> Result<u64, String> {
    let children: Vec<&Value> = match node {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => return Ok(1),
    };
    if depth > MAX_DEPTH {
        return Err(format!("a schema nested deeper than {MAX_DEPTH}"));
    }
    children.into_iter().try_fold(1, |sum, child| Ok(sum + values(child, depth + 1)?))
}

#[derive(Default)]
struct Graph<'s> {
    /// Every object that may be a schema.
    objects: Vec<&'s Value>,
    /// The resource that each lies in: the innermost schema around it with an `$id`, or the root.
    homes: HashMap<*const Value, &'s Value>,
    /// `$id` to resource.
    ids: Vec<(&'s str, &'s Value)>,
    /// Anchor to schema.
    anchors: Vec<(&'s str, &'s Value)>,
    patterns: usize,
    /// `None` while it is being worked out.
    costs: HashMap<*const Value, Option<Cost>>,
}

impl<'s> Graph<'s> {
    fn collect(&mut self, node: &'s Value, home: &'s Value) -> Result<(), String> {
        if let Value::Array(items) = node {
            return items.iter().try_for_each(|item| self.collect(item, home));
        }
        let Value::Object(object) = node else { return Ok(()) };
        let home = self.note(node, object, home);
        if self.objects.len() > MAX_OBJECTS {
            return Err(format!("a schema with more objects than {MAX_OBJECTS}"));
        }
        // What is under the others is data.
        object
            .iter()
            .filter(|(keyword, _)| !matches!(keyword.as_str(), "const" | "enum" | "default" | "examples"))
            .try_for_each(|(_, value)| self.collect(value, home))
    }

    /// Notes an object and its names; the resource that its children lie in.
    fn note(&mut self, node: &'s Value, object: &'s Map<String, Value>, home: &'s Value) -> &'s Value {
        let text = |keyword: &str| object.get(keyword).and_then(Value::as_str);
        let mut inner = home;
        for id in ["$id", "id"].into_iter().filter_map(text) {
            let (resource, anchor) = id.split_once('#').unwrap_or((id, ""));
            if !resource.is_empty() {
                self.ids.push((resource, node));
                inner = node;
            }
            self.anchors.push((anchor, node));
        }
        self.anchors
            .extend(["$anchor", "$dynamicAnchor"].into_iter().filter_map(text).map(|name| (name, node)));
        self.patterns += usize::from(object.get("pattern").is_some_and(Value::is_string));
        self.patterns += object.get("patternProperties").and_then(Value::as_object).map_or(0, Map::len);
        self.objects.push(node);
        self.homes.insert(node, inner);
        inner
    }

    /// `chain`: how many schemas came to this one already, itself included.
    fn cost(&mut self, node: &'s Value, chain: u32) -> Result<Cost, String> {
        let endless = || "a schema that applies itself to the same value again, without end".to_owned();
        let too_long =
            || format!("one value is judged through more schemas than {MAX_CHAIN}, each by the next");
        let Value::Object(object) = node else { return Ok(Cost { chain: 1, applied: 1 }) };
        let known = match self.costs.insert(node, None) {
            Some(None) => return Err(endless()),
            known => known.flatten(),
        };
        if chain > MAX_CHAIN {
            return Err(too_long());
        }
        let cost = match known {
            Some(cost) => cost,
            None => self.sum(node, object, chain)?,
        };
        if chain - 1 + cost.chain > MAX_CHAIN {
            return Err(too_long());
        }
        self.costs.insert(node, Some(cost));
        Ok(cost)
    }

    fn sum(&mut self, node: &'s Value, object: &'s Map<String, Value>, chain: u32) -> Result<Cost, String> {
        let mut cost = Cost { chain: 1, applied: 1 };
        let mut add = |inner: Cost| {
            cost.chain = cost.chain.max(1 + inner.chain);
            cost.applied = cost.applied.saturating_add(inner.applied);
        };
        for (keyword, value) in object {
            match (keyword.as_str(), value) {
                ("not" | "if" | "then" | "else" | "extends", value) => add(self.cost(value, chain + 1)?),
                ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
                    for schema in schemas {
                        add(self.cost(schema, chain + 1)?);
                    }
                }
                ("dependentSchemas" | "dependencies", Value::Object(schemas)) => {
                    for schema in schemas.values() {
                        add(self.cost(schema, chain + 1)?);
                    }
                }
                ("$ref" | "$dynamicRef" | "$recursiveRef", Value::String(reference)) => {
                    for target in self.targets(node, keyword, reference)? {
                        add(target.map_or(Ok(DRAFTS), |target| self.cost(target, chain + 1))?);
                    }
                }
                _ => {}
            }
        }
        if cost.applied > MAX_APPLIED {
            return Err(format!("more schemas than {MAX_APPLIED} apply to one value"));
        }
        Ok(cost)
    }

    /// What a reference may lead to; `None` stands for a schema of the drafts. More than there is at run time where
    /// that decides.
    fn targets(
        &self,
        node: &'s Value,
        keyword: &str,
        reference: &str,
    ) -> Result<Vec<Option<&'s Value>>, String> {
        let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decoded(fragment);
        if base.contains("//json-schema.org/draft") && !self.ids.iter().any(|(id, _)| *id == base) {
            return Ok(vec![None]);
        }
        let home = self.homes.get(&std::ptr::from_ref(node)).copied();
        let resources: Vec<&Value> = if base.is_empty() {
            home.into_iter().collect()
        } else {
            self.ids
                .iter()
                .filter(|(id, _)| last_part(id) == last_part(base))
                .map(|(_, node)| *node)
                .collect()
        };
        let mut targets: Vec<&Value> = Vec::new();
        if fragment.is_empty() || fragment.starts_with('/') {
            targets.extend(resources.iter().filter_map(|resource| resource.pointer(&fragment)));
        }
        if !fragment.starts_with('/') && !fragment.is_empty() || keyword == "$dynamicRef" {
            targets.extend(self.anchors.iter().filter(|(name, _)| *name == fragment).map(|(_, node)| *node));
        }
        if keyword == "$recursiveRef" {
            let recursive = |node: &&&Value| node.get("$recursiveAnchor") == Some(&Value::Bool(true));
            targets.extend(self.objects.iter().filter(recursive).copied());
        }
        targets.sort_by_key(|target| std::ptr::from_ref::<Value>(target));
        targets.dedup_by_key(|target| std::ptr::from_ref::<Value>(target));
        if targets.is_empty() {
            return Err(format!("a {keyword} to what is not in the schema; none is fetched"));
        }
        Ok(targets.into_iter().map(Some).collect())
    }
}

/// What is behind the last slash or colon of a URI.
fn last_part(uri: &str) -> &str {
    uri.rsplit(['/', ':']).next().unwrap_or(uri)
}

fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            None => bytes.extend(part.bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
