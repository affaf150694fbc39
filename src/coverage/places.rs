//! The places of a call at which a schema lets a string stand.

#![forbid(unsafe_code)]

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Calls nested deeper are refused by default.
const MAX_DEPTH: usize = 64;
/// Parts of a schema that are looked at, each as often as it is referred to.
const MAX_PARTS: usize = 10_000;

type Object = Map<String, Value>;

/// What a schema says of the strings at a place.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// A member that tells what they are: `format`, `enum`, `const`, `contentEncoding`, `contentMediaType`, `pattern`.
    pub(super) keyword: Option<&'static str>,
}

/// Members that tell what a string is, the one that decides first.
const KEYWORDS: [&str; 6] = ["const", "enum", "contentEncoding", "contentMediaType", "format", "pattern"];

/// Patterns of places, as a policy's `arguments` have them; and whether these are all: not for a schema that is too large,
/// or refers to what is not part of it.
pub(super) fn of(schema: &Value) -> (BTreeMap<String, Place>, bool) {
    let walk = walk(schema);
    (walk.places, walk.whole)
}

/// All places that a schema speaks of, whatever stands there; none where these are not all.
pub(super) fn seen(schema: &Value) -> Option<BTreeSet<String>> {
    let walk = walk(schema);
    walk.whole.then_some(walk.seen)
}

fn walk(schema: &Value) -> Walk<'_> {
    let (places, seen, open) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    let mut walk = Walk { root: schema, places, seen, parts: 0, open, whole: true };
    walk.visit(schema, &mut String::new(), 0);
    walk
}

struct Walk<'s> {
    root: &'s Value,
    places: BTreeMap<String, Place>,
    seen: BTreeSet<String>,
    parts: usize,
    /// The parts that the walk is inside of.
    open: Vec<&'s Value>,
    whole: bool,
}

impl<'s> Walk<'s> {
    fn visit(&mut self, schema: &'s Value, pointer: &mut String, depth: usize) {
        self.seen.insert(pointer.clone());
        let Value::Object(part) = schema else {
            if *schema == Value::Bool(true) {
                self.string(pointer, &Object::new());
            }
            return;
        };
        self.parts += 1;
        if depth > MAX_DEPTH || self.parts > MAX_PARTS {
            self.whole = false;
            return;
        }
        if self.open.iter().any(|open| std::ptr::eq(*open, schema)) {
            return;
        }
        self.open.push(schema);
        let elsewhere = self.reference(part, pointer, depth);
        let combined = ["allOf", "anyOf", "oneOf"].iter().fold(false, |found, key| {
            let mut found = found;
            for each in part.get(*key).and_then(Value::as_array).into_iter().flatten() {
                found = true;
                self.visit(each, pointer, depth + 1);
            }
            found
        });
        let says_nothing = !part.contains_key("type") && !KEYWORDS.iter().any(|key| part.contains_key(*key));
        if may_be_string(part) && !(says_nothing && (elsewhere || combined || is_container(part))) {
            self.string(pointer, part);
        }
        self.children(part, pointer, depth);
        self.open.pop();
    }

    /// Follows `$ref`, where there is one.
    fn reference(&mut self, part: &'s Object, pointer: &mut String, depth: usize) -> bool {
        let Some(reference) = part.get("$ref").or_else(|| part.get("$dynamicRef")) else { return false };
        match reference.as_str().and_then(|reference| self.root.pointer(reference.strip_prefix('#')?)) {
            Some(target) => self.visit(target, pointer, depth + 1),
            None => self.whole = false,
        }
        true
    }

    fn children(&mut self, part: &'s Object, pointer: &mut String, depth: usize) {
        for (name, schema) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
            self.below(
                &name.replace('~', "~0").replace('/', "~1").replace('*', "~2"),
                schema,
                pointer,
                depth,
            );
        }
        let items = part.get("items");
        let fixed = part.get("prefixItems").or(items).and_then(Value::as_array);
        for (index, schema) in fixed.into_iter().flatten().enumerate() {
            self.below(&index.to_string(), schema, pointer, depth);
        }
        let others = items.into_iter().chain(part.get("additionalProperties"));
        let patterns =
            part.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::values);
        for schema in others.chain(patterns).filter(|schema| schema.is_object()) {
            self.below("*", schema, pointer, depth);
        }
    }

    fn below(&mut self, segment: &str, schema: &'s Value, pointer: &mut String, depth: usize) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(segment);
        self.visit(schema, pointer, depth + 1);
        pointer.truncate(length);
    }

    fn string(&mut self, pointer: &str, part: &Object) {
        let keyword = KEYWORDS.into_iter().find(|keyword| part.contains_key(*keyword));
        let place = self.places.entry(pointer.to_owned()).or_default();
        place.keyword = place.keyword.or(keyword);
    }
}

/// Whether the schema is one of objects or arrays, though it has no type.
fn is_container(part: &Object) -> bool {
    ["properties", "patternProperties", "items", "prefixItems", "additionalProperties", "required"]
        .iter()
        .any(|key| part.contains_key(*key))
}

/// Whether a string may stand at the place, as far as this part of its schema says.
fn may_be_string(part: &Object) -> bool {
    let named = match part.get("type") {
        None => true,
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => names.iter().any(|name| name == "string"),
        Some(_) => false,
    };
    let listed = match (part.get("enum"), part.get("const")) {
        (Some(Value::Array(values)), _) => values.iter().any(Value::is_string),
        (None, Some(value)) => value.is_string(),
        _ => true,
    };
    named && listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(schema: &Value) -> Vec<String> {
        of(schema).0.into_keys().collect()
    }

    #[test]
    fn every_place_of_a_string_is_found() {
        for (schema, expected) in [
            (json!({ "properties": { "a": { "type": "string" }, "n": { "type": "integer" } } }), vec!["/a"]),
            (json!({ "properties": { "a": { "type": ["null", "string"] } } }), vec!["/a"]),
            (json!({ "properties": { "a": {} } }), vec!["/a"]),
            (json!({ "properties": { "a": true, "b": false } }), vec!["/a"]),
            (json!({ "properties": { "a": { "items": { "type": "string" } } } }), vec!["/a/*"]),
            (
                json!({ "properties": { "a": { "prefixItems": [{ "type": "string" }, { "type": "number" }] } } }),
                vec!["/a/0"],
            ),
            (
                json!({ "properties": { "a": { "type": "object", "additionalProperties": { "type": "string" } } } }),
                vec!["/a/*"],
            ),
            (
                json!({ "properties": { "a": { "patternProperties": { "^x": { "type": "string" } } } } }),
                vec!["/a/*"],
            ),
            (
                json!({ "properties": { "a": { "anyOf": [{ "type": "string" }, { "type": "null" }] } } }),
                vec!["/a"],
            ),
            (
                json!({ "properties": { "a": { "anyOf": [{ "type": "integer" }, { "type": "null" }] } } }),
                vec![],
            ),
            (
                json!({ "properties": { "a": { "$ref": "#/$defs/s" } }, "$defs": { "s": { "type": "string" } } }),
                vec!["/a"],
            ),
            (
                json!({ "properties": { "a": { "$ref": "#/$defs/t" } },
                    "$defs": { "t": { "properties": { "next": { "$ref": "#/$defs/t" }, "v": { "type": "string" } } } } }),
                vec!["/a/v"],
            ),
            (json!({ "properties": { "a": { "enum": ["x", 1] }, "b": { "enum": [1, 2] } } }), vec!["/a"]),
            (json!({ "properties": { "a/b~*": { "type": "string" } } }), vec!["/a~1b~0~2"]),
            (json!({ "type": "object" }), vec![]),
            (json!(true), vec![""]),
            (json!(false), vec![]),
        ] {
            assert_eq!(pointers(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn what_tells_a_string_is_told() {
        let schema = json!({ "properties": {
            "f": { "type": "string", "format": "uri", "pattern": "^h" }, "e": { "enum": ["a"] }, "s": { "type": "string" }
        } });
        let keywords: Vec<_> = of(&schema).0.into_values().map(|place| place.keyword).collect();
        assert_eq!(keywords, [Some("enum"), Some("format"), None]);
    }

    #[test]
    fn what_is_not_followed_is_said() {
        assert!(!of(&json!({ "properties": { "a": { "$ref": "https://example.com/s" } } })).1);
        let mut deep = json!({ "type": "string" });
        for _ in 0..100 {
            deep = json!({ "properties": { "a": deep } });
        }
        assert_eq!((of(&deep).1, of(&deep).0.len()), (false, 0));
        let wide: Object =
            (0..20_000).map(|index| (index.to_string(), json!({ "type": "string" }))).collect();
        assert!(!of(&json!({ "properties": wide })).1);
    }
}
