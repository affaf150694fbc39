//! Validation of bytes against validation of the tree that `serde_json` makes of them.

use super::*;
use crate::json::any_json;
use proptest::prelude::*;

/// Schemas over the names and values that [`any_json`] uses, so that they match now and then.
fn any_schema() -> impl Strategy<Value = Value> {
    let name = || prop::sample::select(vec!["a", "b", "ab", "é", "\"", "\\", "a/b~c", "0", ""]);
    let kind =
        prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(|schema| json!(schema)),
        kind.prop_map(|kind| json!({ "type": kind })),
        prop::collection::vec(any_json(), 1..4).prop_map(|values| json!({ "enum": values })),
        any_json().prop_map(|value| json!({ "const": value })),
        (-3_i64..4, 0..4).prop_map(|(limit, which)| {
            let keyword = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
            json!({ keyword[usize::try_from(which).unwrap()]: limit })
        }),
        prop::sample::select(vec![json!(1), json!(2), json!(0.5), json!(0.01)])
            .prop_map(|by| json!({ "multipleOf": by })),
        (0..4_u32, 0..6_usize).prop_map(|(limit, which)| {
            let keyword =
                ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
            json!({ keyword[which]: limit })
        }),
        prop::sample::select(vec!["^a", "b$", "^ab?$", "é", r"\\", "^(a|b|0)$", r"^\S*$"])
            .prop_map(|pattern| json!({ "pattern": pattern })),
        prop::collection::vec(name(), 0..3).prop_map(|names| {
            let names: std::collections::BTreeSet<_> = names.into_iter().collect();
            json!({ "required": names })
        }),
        Just(json!({ "uniqueItems": true })),
    ];
    leaf.prop_recursive(4, 30, 4, move |inner| {
        let schemas = prop::collection::vec(inner.clone(), 1..4);
        let members = prop::collection::btree_map(name().prop_map(str::to_owned), inner.clone(), 0..4);
        prop_oneof![
            (schemas.clone(), prop::sample::select(vec!["allOf", "anyOf", "oneOf", "prefixItems"]))
                .prop_map(|(schemas, keyword)| json!({ keyword: schemas })),
            (
                inner.clone(),
                prop::sample::select(vec![
                    "not",
                    "items",
                    "contains",
                    "propertyNames",
                    "additionalProperties",
                    "unevaluatedItems"
                ])
            )
                .prop_map(|(schema, keyword)| json!({ keyword: schema })),
            (members.clone(), prop::option::of(inner.clone()), any::<bool>()).prop_map(
                |(members, rest, required)| {
                    let mut schema = json!({ "properties": members });
                    if required {
                        schema["required"] = members.keys().cloned().collect();
                    }
                    if let Some(rest) = rest {
                        schema["additionalProperties"] = rest;
                    }
                    schema
                }
            ),
            (members, inner.clone()).prop_map(|(members, rest)| {
                json!({ "anyOf": [{ "properties": members }, true], "unevaluatedProperties": rest })
            }),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| json!({ "if": a, "then": b, "else": c })),
        ]
    })
}

proptest! {
    #[test]
    fn bytes_are_judged_as_their_tree(schema in any_schema(), documents in prop::collection::vec(any_json(), 1..8)) {
        let over_bytes = compile(&schema);
        let over_trees = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(PatternOptions::regex())
            .should_validate_formats(false)
            .build(&schema)
            .unwrap();
        for document in documents {
            let text = document.to_string();
            let tree: Value = serde_json::from_str(&text).unwrap();
            let expected: std::collections::BTreeSet<String> =
                over_trees.iter_errors(&tree).map(|error| error.instance_path().as_str().to_owned()).collect();
            let found = check(&over_bytes, &text);
            prop_assert_eq!(found.is_empty(), expected.is_empty(), "{} {}", schema, text);
            prop_assert!(found.iter().all(|(rule, _)| *rule != "schema.limit"), "{} {}", schema, text);
            // A member too many has the place of the member, not of the object.
            let places = found.iter().all(|(rule, pointer)| {
                rule.ends_with("Properties") || expected.contains(pointer)
            });
            prop_assert!(places, "{} {} {:?} {:?}", schema, text, found, expected);
        }
    }
}
