//! `schemas/policy.schema.json` says what the policy's types say: the same members, values, defaults and faults.

use crate::support::read;
use callgate::policy::Preset;
use callgate::{Control, Gate, Policy, Rule};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

fn schema() -> Value {
    serde_json::from_str(&read("schemas/policy.schema.json")).expect("the schema is JSON")
}

/// The names that the reader of policies would have taken in place of `?`.
fn names_taken(document: &str) -> BTreeSet<String> {
    let error = Policy::from_json(document.as_bytes()).expect_err(document).to_string();
    let (_, expected) = error.split_once("expected ").unwrap_or_else(|| panic!("{document}: {error}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn members_and_values_are_the_ones_that_are_read() {
    let schema = schema();
    for (document, pointer) in [
        (r#"{"?":1}"#, "/properties"),
        (r#"{"mode":"?"}"#, "/properties/mode/enum"),
        (r#"{"extends":"?"}"#, "/$defs/preset/enum"),
        (r#"{"extends":["?"]}"#, "/$defs/preset/enum"),
        (r#"{"tools":{"t":{"mode":"?"}}}"#, "/$defs/tool/properties/mode/enum"),
        (r#"{"limits":{"?":1}}"#, "/$defs/limits/properties"),
        (r#"{"paths":{"?":1}}"#, "/properties/paths/properties"),
        (r#"{"paths":{"hardLinks":"?"}}"#, "/properties/paths/properties/hardLinks/enum"),
        (r#"{"paths":{"links":"?"}}"#, "/properties/paths/properties/links/enum"),
        (r#"{"paths":{"relative":"?"}}"#, "/properties/paths/properties/relative/enum"),
        (r#"{"sanitize":{"?":1}}"#, "/properties/sanitize/properties"),
        (r#"{"results":{"?":1}}"#, "/properties/results/properties"),
        (r#"{"results":{"injection":"?"}}"#, "/properties/results/properties/injection/enum"),
        (r#"{"results":{"redact":"?"}}"#, "/properties/results/properties/redact/enum"),
        (r#"{"results":{"limits":{"?":1}}}"#, "/properties/results/properties/limits/properties"),
        (r#"{"sanitize":{"codeFences":"?"}}"#, "/properties/sanitize/properties/codeFences/enum"),
        (r#"{"access":{"?":1}}"#, "/properties/access/properties"),
        (r#"{"access":{"default":"?"}}"#, "/properties/access/properties/default/enum"),
        (r#"{"access":{"tools":{"?":1}}}"#, "/$defs/accessList/properties"),
        (r#"{"access":{"peer":["?"]}}"#, "/properties/access/properties/peer/items/enum"),
        (r#"{"resources":{"?":1}}"#, "/properties/resources/properties"),
        (r#"{"tools":{"t":{"access":"?"}}}"#, "/$defs/tool/properties/access/enum"),
        (r#"{"redact":{"?":1}}"#, "/properties/redact/properties"),
        (r#"{"rules":{"path.name":"?"}}"#, "/properties/rules/additionalProperties/enum"),
        (r#"{"tools":{"t":{"?":1}}}"#, "/$defs/tool/properties"),
        (r#"{"tools":{"t":{"limits":{"?":1}}}}"#, "/$defs/limits/properties"),
        (r#"{"tools":{"t":{"arguments":{"":{"?":1}}}}}"#, "/$defs/argument/properties"),
        (r#"{"tools":{"t":{"arguments":{"":{"kind":"?"}}}}}"#, "/$defs/argument/properties/kind/enum"),
        (
            r#"{"tools":{"t":{"arguments":{"":{"kind":"path","intent":"?"}}}}}"#,
            "/$defs/argument/properties/intent/enum",
        ),
    ] {
        let written: BTreeSet<String> = match schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")) {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(values) => values.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
            other => panic!("{pointer}: {other}"),
        };
        assert_eq!(written, names_taken(document), "{pointer}");
    }
}

/// The document in which every member has the default that the schema shows.
fn defaults(schema: &Value, node: &Value) -> Value {
    let node = resolved(schema, node);
    let Some(properties) = node.get("properties").and_then(Value::as_object) else {
        return node["default"].clone();
    };
    let with_default = properties.iter().filter(|(_, member)| member.get("default").is_some());
    Value::Object(
        with_default.map(|(name, member)| (name.clone(), defaults(schema, member))).collect::<Map<_, _>>(),
    )
}

/// A schema with what its `$ref` points to; its own keywords stay.
fn resolved(schema: &Value, node: &Value) -> Value {
    let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return node.clone() };
    let mut merged = resolved(schema, schema.pointer(reference.trim_start_matches('#')).expect(reference));
    for (name, value) in node.as_object().unwrap() {
        merged[name] = value.clone();
    }
    merged
}

#[test]
fn defaults_are_the_ones_that_hold() {
    let schema = schema();
    let mut document = defaults(&schema, &schema);
    assert_eq!(Policy::from_json(document.to_string().as_bytes()).unwrap(), Policy::default());

    // A policy that was read extends nothing any more.
    assert_eq!(document["extends"].take(), json!([]));
    // Rules and tools have no members of their own by default, but the schema of `rules` names some.
    document["rules"] = json!({});
    let written = serde_json::to_value(Policy::default()).unwrap();
    for (name, value) in written.as_object().unwrap() {
        assert_eq!(&document[name], value, "{name}");
    }
    let all: BTreeSet<&String> = document.as_object().unwrap().keys().collect();
    let named = schema["properties"].as_object().unwrap().keys().filter(|name| *name != "$schema").collect();
    assert_eq!(all, named, "a member without a default");
}

/// Whether a document satisfies the schema: the keywords that this schema uses, and none else.
fn accepts(schema: &Value, node: &Value, document: &Value) -> bool {
    let node = resolved(schema, node);
    node.as_object().unwrap().iter().all(|(keyword, value)| match keyword.as_str() {
        "$schema" | "$id" | "$defs" | "$ref" | "title" | "description" | "default" | "examples" => true,
        "type" => match value {
            Value::Array(types) => types.iter().any(|kind| is_of(document, kind)),
            kind => is_of(document, kind),
        },
        "const" => document == value,
        "enum" => value.as_array().unwrap().contains(document),
        "minimum" => document.as_f64().is_none_or(|number| number >= value.as_f64().unwrap()),
        "maximum" => document.as_f64().is_none_or(|number| number <= value.as_f64().unwrap()),
        "required" => {
            value.as_array().unwrap().iter().all(|name| document.get(name.as_str().unwrap()).is_some())
        }
        "anyOf" => value.as_array().unwrap().iter().any(|node| accepts(schema, node, document)),
        "uniqueItems" => document
            .as_array()
            .is_none_or(|items| items.iter().enumerate().all(|(index, item)| !items[..index].contains(item))),
        "items" => {
            document.as_array().is_none_or(|items| items.iter().all(|item| accepts(schema, value, item)))
        }
        "pattern" => regex::Regex::new(value.as_str().unwrap())
            .unwrap()
            .is_match(document.as_str().unwrap_or_default()),
        "propertyNames" => members(document).all(|(name, _)| accepts(schema, value, &json!(name))),
        "properties" => members(document)
            .all(|(name, member)| value.get(name).is_none_or(|known| accepts(schema, known, member))),
        "additionalProperties" => members(document).all(|(name, member)| {
            let known = node.get("properties").and_then(|properties| properties.get(name)).is_some();
            known || value.as_bool().unwrap_or_else(|| accepts(schema, value, member))
        }),
        other => panic!("the schema uses {other}, which this test does not know"),
    })
}

fn is_of(document: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => document.is_object(),
        "array" => document.is_array(),
        "string" => document.is_string(),
        "boolean" => document.is_boolean(),
        "integer" => document.is_i64() || document.is_u64(),
        other => panic!("type {other}"),
    }
}

fn members(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document.as_object().into_iter().flatten()
}

#[test]
fn both_accept_and_refuse_the_same_documents() {
    let schema = schema();
    for (document, accepted) in [
        (json!({}), true),
        (json!({ "$schema": "./node_modules/callgate/schemas/policy.schema.json" }), true),
        (json!({ "mode": "observe", "limits": { "depth": 0, "messageBytes": 4_294_967_232_u64 } }), true),
        (
            json!({ "paths": { "blocked": ["*.bak"], "unblocked": [".env"], "hardLinks": "deny", "crossDevice": true, "links": "deny", "relative": "root" } }),
            true,
        ),
        (json!({ "redact": { "keys": ["card number"], "notKeys": ["cookie"] } }), true),
        (json!({ "redact": { "keys": ["-"] } }), false),
        (json!({ "redact": { "keys": "card" } }), false),
        (json!({ "redact": { "key": [] } }), false),
        (json!({ "rules": { "json.*": "flag", "json.utf8": "deny", "path.hard-link": "off" } }), true),
        (
            json!({ "tools": { "*": {}, "read": { "arguments": { "/files/*/path": { "kind": "path" } } } } }),
            true,
        ),
        (
            json!({ "tools": { "t": { "arguments": { "": { "kind": "opaque" }, "/a~1b~0~2": { "kind": "path", "intent": "delete" } } } } }),
            true,
        ),
        (json!({ "tools": { "t": { "limits": { "nodes": 1 }, "schema": {}, "access": "allow" } } }), true),
        (
            json!({ "urls": { "schemes": ["https", "http"], "allowPrivate": false }, "access": {}, "rate": {} }),
            true,
        ),
        (json!({ "extends": "callgate:strict" }), true),
        (json!({ "extends": [] }), true),
        (json!({ "extends": ["callgate:coding", "callgate:strict"], "limits": { "depth": 9 } }), true),
        (json!({ "tools": { "t": { "mode": "observe" }, "*": { "mode": "enforce" } } }), true),
        (
            json!({ "urls": { "schemes": ["WSS", "git+ssh"], "allowHosts": ["*.example.com", "[::1]", "münchen.de"],
                              "denyHosts": ["10.0.0.1", "db"], "allowPrivate": true } }),
            true,
        ),
        (json!({ "urls": { "schemes": [] } }), true),
        (
            json!({ "tools": { "t": { "arguments": { "/a": { "kind": "url" }, "/b/*": { "kind": "host" } } } } }),
            true,
        ),
        (json!({ "sanitize": { "maxChars": 0, "codeFences": "keep", "dataLinks": "neutralise" } }), true),
        (json!({ "results": { "injection": "annotate", "redact": "off", "limits": { "depth": 3 } } }), true),
        (json!({ "results": { "redact": true } }), false),
        (json!({ "results": { "limits": { "depth": null } } }), false),
        (json!({ "results": { "limits": { "messageBytes": 4_294_967_295_u32 } } }), false),
        (json!({ "tools": { "t": { "schema": false } }, "rules": { "schema.maxLength": "flag" } }), true),
        (
            json!({ "tools": { "*": { "schema": { "type": "object", "properties": { "a": { "default": null } } } } } }),
            true,
        ),
        (json!({ "tools": { "t": { "schema": null } } }), false),
        (json!({ "tools": { "t": { "schema": [] } } }), false),
        (json!({ "tools": { "t": { "schema": "object" } } }), false),
        (json!([]), false),
        (json!({ "sanitize": { "maxChars": -1 } }), false),
        (json!({ "sanitize": { "wikiLinks": false } }), false),
        (json!({ "sanitize": { "links": "keep" } }), false),
        (json!({ "extends": "callgate:none" }), false),
        (json!({ "extends": "./policy.json" }), false),
        (json!({ "extends": { "callgate:coding": null } }), false),
        (json!({ "extends": ["callgate:coding", "callgate:coding"] }), false),
        (json!({ "extends": ["callgate:coding", 1] }), false),
        (json!({ "tools": { "t": { "mode": "off" } } }), false),
        (json!({ "tools": { "t": { "mode": null } } }), false),
        (json!({ "$schema": 1 }), false),
        (json!({ "limit": {} }), false),
        (json!({ "mode": "off" }), false),
        (json!({ "limits": { "depth": -1 } }), false),
        (json!({ "limits": { "depth": 1.5 } }), false),
        (json!({ "limits": { "depth": "8" } }), false),
        (json!({ "limits": { "depth": 4_294_967_296_u64 } }), false),
        (json!({ "limits": { "messageBytes": 4_294_967_233_u64 } }), false),
        (json!({ "limits": { "width": 1 } }), false),
        (json!({ "paths": { "roots": "." } }), false),
        (json!({ "paths": { "roots": [1] } }), false),
        (json!({ "paths": { "hardLinks": true } }), false),
        (json!({ "paths": { "crossDevice": "no" } }), false),
        (json!({ "rules": { "json.utf8": "off" } }), false),
        (json!({ "rules": { "path.nul": "off" } }), false),
        (json!({ "rules": { "path.length": "flag" } }), false),
        (json!({ "rules": { "json": "off" } }), false),
        (json!({ "rules": { "path*": "off" } }), false),
        (json!({ "rules": { "*": "off" } }), false),
        (json!({ "rules": { "json.surrogate": "warn" } }), false),
        (json!({ "tools": { "t": { "arguments": { "path": { "kind": "path" } } } } }), false),
        (json!({ "tools": { "t": { "arguments": { "/a*": { "kind": "path" } } } } }), false),
        (json!({ "tools": { "t": { "arguments": { "/a~3": { "kind": "path" } } } } }), false),
        (json!({ "tools": { "t": { "arguments": { "/a": {} } } } }), false),
        (json!({ "tools": { "t": { "arguments": { "/a": { "kind": "uri" } } } } }), false),
        (json!({ "tools": { "t": { "access": "deny" } } }), true),
        (json!({ "tools": { "t": { "access": "none" } } }), false),
        (json!({ "access": { "server": "a", "tools": { "allow": ["a/*"], "deny": ["b"] } } }), true),
        (json!({ "access": { "server": "a/b" } }), false),
        (json!({ "access": { "server": "" } }), false),
        (json!({ "access": { "methods": { "deny": [""] } } }), false),
        (json!({ "access": { "tools": ["a"] } }), false),
        (json!({ "access": { "peer": [] } }), true),
        (json!({ "access": { "peer": ["elicitation", "sampling"] } }), true),
        (json!({ "access": { "peer": ["sampling", "sampling"] } }), false),
        (json!({ "access": { "peer": ["roots"] } }), false),
        (json!({ "access": { "peer": ["Sampling"] } }), false),
        (json!({ "access": { "peer": "sampling" } }), false),
        (json!({ "access": { "peer": { "sampling": true } } }), false),
        (json!({ "access": { "peer": null } }), false),
        (json!({ "access": { "hidden": [] } }), false),
        (json!({ "resources": { "templates": ["db://{t:identifier(a|b)}/{id}"] } }), true),
        (json!({ "resources": { "templates": ["/{id}"] } }), false),
        (json!({ "resources": { "templates": "a:b" } }), false),
        (json!({ "rules": { "rpc.batch": "off" } }), false),
        (json!({ "urls": { "allowPrivate": "yes" } }), false),
        (json!({ "urls": { "schemes": ["https:"] } }), false),
        (json!({ "urls": { "schemes": "https" } }), false),
        (json!({ "urls": { "allowHosts": ["https://example.com"] } }), false),
        (json!({ "urls": { "denyHosts": ["a.*.com"] } }), false),
        (json!({ "urls": { "hosts": [] } }), false),
        (json!({ "access": { "default": "deny" } }), true),
        (json!({ "access": { "default": "none" } }), false),
        (json!({ "watch": { "spray": {} } }), false),
    ] {
        assert_eq!(accepts(&schema, &schema, &document), accepted, "the schema: {document}");
        assert_eq!(
            Gate::from_json(document.to_string().as_bytes()).is_ok(),
            accepted,
            "the reader: {document}"
        );
    }
}

#[test]
fn presets_satisfy_the_schema() {
    let schema = schema();
    for preset in Preset::ALL {
        let text: Vec<&str> = preset.text().lines().map(|line| line.split("// ").next().unwrap()).collect();
        let document: Value = serde_json::from_str(&text.join("\n")).unwrap();
        assert!(accepts(&schema, &schema, &document), "{}", preset.name());
    }
}

#[test]
fn rules_that_cannot_be_weakened_are_the_ones_the_schema_names() {
    let schema = schema();
    for rule in Rule::ALL {
        let fixed = rule.control() == Control::Fixed;
        for action in ["deny", "flag", "off"] {
            let document = json!({ "rules": { rule.id(): action } });
            let accepted = action == "deny" || !fixed;
            assert_eq!(accepts(&schema, &schema, &document), accepted, "the schema: {document}");
            assert_eq!(
                Gate::from_json(document.to_string().as_bytes()).is_ok(),
                accepted,
                "the reader: {document}"
            );
        }
    }
}
