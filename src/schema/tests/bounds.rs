//! What bounds the work of a schema: its shape when it is compiled, fuel and depth when a document is read.

use super::*;

#[test]
fn schemas_that_compile() {
    for schema in [
        json!(true),
        json!({}),
        json!({ "$schema": "http://json-schema.org/draft-04/schema#", "id": "x", "type": "integer" }),
        json!({ "$schema": "http://json-schema.org/draft-06/schema" }),
        json!({ "$schema": "http://json-schema.org/draft-07/schema#" }),
        json!({ "$schema": "https://json-schema.org/draft/2019-09/schema" }),
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema" }),
        json!({ "$ref": "https://json-schema.org/draft/2020-12/schema" }),
        json!({ "$defs": { "a/b%~c": {} }, "$ref": "#/$defs/a~1b%25~0c" }),
        json!({ "$defs": { "a": { "$anchor": "here" } }, "items": { "$ref": "#here" } }),
        json!({ "$id": "https://a.test/root", "$defs": { "b": { "$id": "b", "type": "string" } }, "$ref": "b" }),
        // A tree, and one that a later schema may widen.
        json!({ "properties": { "left": { "$ref": "#" }, "right": { "$ref": "#" } } }),
        json!({ "$dynamicAnchor": "node", "properties": { "next": { "$dynamicRef": "#node" } } }),
        json!({ "$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "items": { "$recursiveRef": "#" } }),
        // What looks like a reference but is data.
        json!({ "const": { "$ref": "#/const" }, "enum": [{ "$ref": "nowhere" }], "default": { "$ref": 1 } }),
        json!({ "properties": { "$ref": { "type": "string" } } }),
        chain(61),
        wide(4000),
    ] {
        compile(&schema);
    }
}

/// A schema that applies a chain of so many others to its value.
fn chain(links: usize) -> Value {
    let mut schemas: Vec<Value> =
        (1..=links).map(|next| json!({ "$ref": format!("#/$defs/{next}") })).collect();
    schemas.push(json!({ "type": "array", "items": { "$ref": "#/$defs/0" } }));
    let named = schemas.into_iter().enumerate().map(|(name, schema)| (name.to_string(), schema));
    json!({ "$defs": named.collect::<serde_json::Map<_, _>>(), "items": { "$ref": "#/$defs/0" } })
}

/// A schema of so many alternatives.
fn wide(count: usize) -> Value {
    json!({ "anyOf": vec![json!({ "type": "null" }); count] })
}

/// Each schema applies the next one twice.
fn doubling(links: usize) -> Value {
    let twice = |next| json!({ "allOf": vec![json!({ "$ref": format!("#/$defs/{next}") }); 2] });
    let mut schemas: Vec<Value> = (1..=links).map(twice).collect();
    schemas.push(json!({}));
    let named = schemas.into_iter().enumerate().map(|(name, schema)| (name.to_string(), schema));
    json!({ "$defs": named.collect::<serde_json::Map<_, _>>(), "$ref": "#/$defs/0" })
}

#[test]
fn schemas_that_do_not() {
    let deep = |keyword: &str| (0..70).fold(json!({}), |inner, _| json!({ keyword: inner }));
    for (schema, pointer, what) in [
        (json!(1), "", "an object, true or false"),
        (json!([]), "", "an object, true or false"),
        (json!({ "type": "text" }), "/type", "draft"),
        (json!({ "properties": { "a": { "minLength": -1 } } }), "/properties/a/minLength", "draft"),
        (json!({ "$schema": "http://json-schema.org/draft-03/schema#" }), "/$schema", "draft 4"),
        (json!({ "$schema": "https://example.com/own" }), "/$schema", "draft 4"),
        (json!({ "$schema": 7 }), "/$schema", "draft 4"),
        (json!({ "$ref": "#/$defs/none" }), "", "none is fetched"),
        (json!({ "$ref": "https://example.com/schema.json" }), "", "none is fetched"),
        (json!({ "items": { "$ref": "file:///etc/schema.json" } }), "", "none is fetched"),
        (json!({ "items": { "$ref": "http://json-schema.org/draft-99/schema" } }), "", "none is fetched"),
        (json!({ "pattern": "(" }), "/pattern", "regular expression"),
        (json!({ "pattern": "(?=a)b" }), "/pattern", "without look-around and back references"),
        (json!({ "pattern": r"(a)\1" }), "/pattern", "without look-around and back references"),
        (json!({ "pattern": "((a{1000}){1000}){1000}" }), "/pattern", "regular expression"),
        (
            json!({ "properties": { "a": { "patternProperties": { "(?<!a)b": {} } } } }),
            "/properties/a/patternProperties",
            "without look-around and back references",
        ),
        (deep("items"), "", "nested deeper"),
        (json!({ "const": deep("a") }), "", "nested deeper"),
        (json!({ "description": "x".repeat(1 << 18) }), "", "more bytes"),
        (json!({ "anyOf": vec![json!({}); 10_001] }), "", "more objects"),
        (json!({ "$ref": "#" }), "", "without end"),
        (json!({ "allOf": [{ "not": { "$ref": "#" } }] }), "", "without end"),
        (json!({ "$dynamicAnchor": "a", "anyOf": [{ "$dynamicRef": "#a" }] }), "", "without end"),
        (chain(62), "", "each by the next"),
        (chain(5000), "", "each by the next"),
        (doubling(12), "", "more schemas than 4096"),
        (doubling(28), "", "more schemas than 4096"),
        (wide(5000), "", "more schemas than 4096"),
        (json!({ "propertyNames": wide(64) }), "", "the name of a member"),
    ] {
        let fault = Schema::compile(&schema).err();
        let fault = fault.unwrap_or_else(|| panic!("compiles: {:.200}", schema.to_string()));
        assert!(fault.what.contains(what), "{:.200}: {}", schema.to_string(), fault.what);
        assert!(fault.pointer.starts_with(pointer), "{:.200}: {}", schema.to_string(), fault.pointer);
    }
}

#[test]
fn the_memory_of_patterns_is_shared() {
    // One may be large; a thousand of its size may not.
    let pattern = r"^[a-z]{1,2000}$";
    compile(&json!({ "pattern": pattern }));
    let many: serde_json::Map<_, _> =
        (0..1000).map(|n| (n.to_string(), json!({ "pattern": pattern }))).collect();
    let fault = Schema::compile(&json!({ "properties": many })).unwrap_err();
    assert!(fault.what.contains("too large"), "{}", fault.what);
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn depth_is_bounded_by_the_schema() {
    for (schema, depth) in [(json!({}), 256), (json!({ "items": { "$ref": "#" } }), 256), (chain(61), 16)] {
        let schema = compile(&schema);
        assert_eq!(schema.depth, depth);
        let depth = usize::try_from(depth).unwrap();
        assert_eq!(check(&schema, &nested(depth)), []);
        for deeper in [depth + 1, 100_000] {
            assert_eq!(check(&schema, &nested(deeper)), [("schema.limit", String::new())]);
        }
    }
}

/// The longest chains on the deepest documents, by way of each keyword that waits on the stack, matching and not.
#[test]
fn a_small_stack_is_enough() {
    let step: fn(&str, Value) -> Value = |keyword, next| match keyword {
        "allOf" | "anyOf" | "oneOf" => json!({ keyword: [next, false] , "allOf": [true] }),
        "then" => json!({ "if": true, "then": next }),
        "else" => json!({ "if": false, "else": next }),
        "dependentSchemas" => json!({ "dependentSchemas": { "a": next } }),
        _ => json!({ keyword: next }),
    };
    for keyword in ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"] {
        for links in [0, 1, 5, 20, 30] {
            for (unevaluated, last) in [(false, "string"), (true, "string"), (true, "array")] {
                let mut defs = serde_json::Map::new();
                for link in 0..links {
                    let next = json!({ "$ref": format!("#/$defs/{}", link + 1) });
                    defs.insert(link.to_string(), if keyword == "$ref" { next } else { step(keyword, next) });
                }
                let children = json!({ "$ref": "#/$defs/0" });
                let mut end = json!({ "properties": { "a": children }, "items": children });
                if unevaluated {
                    end["unevaluatedProperties"] = json!({ "type": last });
                    end["unevaluatedItems"] = json!({ "type": last });
                }
                defs.insert(links.to_string(), end);
                let schema = compile(&json!({ "$defs": defs, "$ref": "#/$defs/0" }));
                let depth = schema.depth as usize;
                let documents = [
                    nested(depth),
                    format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth)),
                    format!("{}1{}", r#"{"b":"#.repeat(depth), "}".repeat(depth)),
                ];
                let run = move || {
                    for document in documents {
                        check(&schema, &document);
                    }
                };
                let thread = std::thread::Builder::new().stack_size(STACK).spawn(run);
                thread.unwrap().join().unwrap();
            }
        }
    }
}

/// What a caller can be expected to have left on its stack, at the least (bytes): an eighth of what Node's threads
/// have. Unoptimized frames are larger.
const STACK: usize = 512 << 10;

#[test]
fn work_is_bounded() {
    // Every level is judged by each alternative, and by each of those on the next level.
    let alternatives: Vec<Value> = (0..4)
        .map(|n| json!({ "properties": { "a": { "$ref": "#/$defs/e" }, "op": { "const": n } }, "required": ["op", "a"] }))
        .collect();
    let schema = compile(&json!({ "$defs": { "e": { "oneOf": alternatives } }, "$ref": "#/$defs/e" }));
    let deep = |depth: usize| format!("{}1{}", r#"{"op":9,"a":"#.repeat(depth), "}".repeat(depth));
    assert_eq!(check(&schema, &deep(2))[0].0, "schema.oneOf");
    // What the errors of the deepest level would cost is not paid: the document is refused all the same.
    for depth in [20, 64, 200] {
        assert!(!check(&schema, &deep(depth)).is_empty());
    }
    // Patterns read a long string once each; a hundred of them on a string of a megabyte are too many.
    let patterns: Vec<Value> = (0..100).map(|n| json!({ "pattern": format!("[a-z]{{{n}}}$") })).collect();
    let long = format!(r#""{}""#, "x".repeat(1 << 20));
    assert_eq!(check(&compile(&json!({ "pattern": "x$" })), &long), []);
    assert_eq!(check(&compile(&json!({ "allOf": patterns })), &long), [("schema.limit", String::new())]);
}

#[test]
fn errors_are_bounded() {
    let schema = compile(&json!({ "items": { "type": "string" } }));
    let many = format!("[{}]", vec!["1"; 60_000].join(","));
    let found = check(&schema, &many);
    assert_eq!(found[0], ("schema.type", "/0".to_owned()));
    assert_eq!(found.last().unwrap().0, "schema.limit", "the rest is not told, and not forgotten");
    assert!(found.len() < 20_000, "{}", found.len());
}

#[test]
fn a_member_twice_is_not_judged() {
    let schema = compile(&json!({ "properties": { "a": { "type": "string" } } }));
    assert_eq!(check(&schema, r#"{"a":"x","a":1}"#), [("schema.limit", String::new())]);
}
