//! Bounds, and properties that hold for every schema. What is inferred is in `tests/vectors/kinds.json`.

use super::*;
use crate::policy::{Argument, Intent, Policy, Statements, Tool};
use proptest::prelude::*;
use serde_json::{Map, json};

fn inferred(schema: &Value) -> Vec<(String, Kind)> {
    infer_kinds(schema, ToolWords::default()).expect("a schema").into_iter().collect()
}

fn nested(depth: usize, inner: Value) -> Value {
    (0..depth).fold(inner, |schema, _| json!({ "properties": { "a": schema } }))
}

#[test]
fn what_is_no_schema_is_refused() {
    for schema in [json!(null), json!(3), json!("url"), json!([])] {
        assert_eq!(
            infer_kinds(&schema, ToolWords::default()).expect_err("no schema").code(),
            "input.type",
            "{schema}"
        );
    }
    for text in ["", "{", "{} {}", "\u{feff}{}", &format!("{}{}", "[".repeat(200), "]".repeat(200))] {
        assert_eq!(
            infer_kinds_from_json(text.as_bytes(), ToolWords::default()).expect_err(text).code(),
            "input.type",
            "{text}"
        );
    }
    let long = format!("{{}}{}", " ".repeat(MAX_SCHEMA_BYTES - 2));
    assert_eq!(infer_kinds_from_json(long.as_bytes(), ToolWords::default()), Ok(BTreeMap::new()));
    assert!(infer_kinds_from_json(format!("{long} ").as_bytes(), ToolWords::default()).is_err());
}

#[test]
fn deep_places_are_left_out() {
    let url = json!({ "type": "string", "format": "uri" });
    assert_eq!(inferred(&nested(63, url.clone())), [("/a".repeat(63), Kind::Url)]);
    assert_eq!(inferred(&nested(64, url.clone())), []);
    assert_eq!(inferred(&nested(500, url.clone())), []);
    for key in ["anyOf", "oneOf", "allOf"] {
        let wrapped = (0..500).fold(url.clone(), |schema, _| json!({ key: [schema] }));
        assert_eq!(inferred(&wrapped), [], "{key}");
    }
}

#[test]
fn a_schema_has_so_many_parts() {
    let flat = |count: usize| {
        let properties: Map<_, _> =
            (0..count).map(|at| (format!("url{at}"), json!({ "type": "string" }))).collect();
        json!({ "properties": properties })
    };
    assert_eq!(inferred(&flat(9_999)).len(), 9_999);
    assert!(infer_kinds(&flat(10_000), ToolWords::default()).is_err());
    // Each level doubles what the next one stands for.
    let level = |at: usize| {
        let next = json!({ "$ref": format!("#/$defs/{}", at + 1) });
        (at.to_string(), json!({ "properties": { "a": next.clone(), "b": next } }))
    };
    let levels: Map<_, _> = (0..40).map(level).collect();
    assert!(infer_kinds(&json!({ "$ref": "#/$defs/0", "$defs": levels }), ToolWords::default()).is_err());
    let tree = json!({ "$defs": { "n": { "properties":
        { "url": { "type": "string" }, "l": { "$ref": "#/$defs/n" }, "r": { "$ref": "#/$defs/n" } } } },
        "properties": { "tree": { "$ref": "#/$defs/n" } } });
    assert_eq!(inferred(&tree), [("/tree/url".to_owned(), Kind::Url)]);
}

#[test]
fn patterns_have_so_many_bytes() {
    let leaves: Map<_, _> =
        (0..5000).map(|at| (at.to_string(), json!({ "type": "string", "format": "uri" }))).collect();
    let name = "n".repeat(1000);
    let schema = |depth| {
        let leaves = json!({ "properties": leaves });
        (0..depth).fold(leaves, |schema, _| json!({ "properties": { name.as_str(): schema } }))
    };
    assert!(infer_kinds(&schema(60), ToolWords::default()).is_err());
    assert_eq!(inferred(&schema(0)).len(), 5000);
    assert_eq!(
        inferred(&json!({ "properties": { "n".repeat(1025): { "type": "string", "format": "uri" } } })),
        []
    );
}

fn text() -> impl Strategy<Value = String> {
    let parts = [
        "url",
        "file_path",
        "host",
        "sql",
        "query",
        "branch",
        "code",
        "message",
        "table",
        "path",
        " of the ",
        "'",
        "\"",
        "~",
        "/",
        "*",
        "#/$defs/a",
        "#",
        "^[a-z]+$",
        "^",
        "(",
        "[",
        "\\",
        "string",
        "object",
        "null",
        "uri",
        "hostname",
        "\u{202e}",
        "é",
        "",
        "__proto__",
        "://",
        "Git ",
        "SQL ",
        "edit_file",
        "run command",
        "move",
        "branch",
        "or URL",
        "(",
        "of the file",
        "database",
        "0",
    ];
    proptest::collection::vec(proptest::sample::select(parts.to_vec()), 0..4).prop_map(|parts| parts.concat())
}

fn schema() -> impl Strategy<Value = Value> {
    let keys = [
        "type",
        "format",
        "pattern",
        "description",
        "title",
        "enum",
        "const",
        "default",
        "examples",
        "contentEncoding",
        "$ref",
        "properties",
        "items",
        "prefixItems",
        "additionalProperties",
        "anyOf",
        "oneOf",
        "allOf",
        "$defs",
    ];
    let plain = [
        json!(true),
        json!(false),
        json!(null),
        json!(1),
        json!({ "type": "string" }),
        json!(["string", "null"]),
    ];
    let leaf = prop_oneof![text().prop_map(Value::from), proptest::sample::select(plain.to_vec()),];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let key =
            prop_oneof![4 => proptest::sample::select(keys.to_vec()).prop_map(str::to_owned), 3 => text()];
        prop_oneof![
            5 => proptest::collection::vec((key, inner.clone()), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            1 => proptest::collection::vec(inner, 0..4).prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(crate::testing::properties(1500))]

    #[test]
    fn what_is_inferred_is_a_policy(schema in schema(), name in text(), said in text()) {
        let tool = ToolWords { name: &name, title: &said, description: &said, changes: false };
        for schema in [schema.clone(), json!({ "properties": { name.as_str(): schema } })] {
            if let Ok(kinds) = infer_kinds(&schema, tool) {
                let arguments =
                    kinds.iter().map(|(at, kind)| (at.clone(), Argument::new(*kind, Intent::Read))).collect();
                let entry = Tool { arguments, ..Tool::default() };
                let mut policy = Policy::default();
                policy.tools.insert("t".to_owned(), entry);
                prop_assert!(policy.compile().is_ok(), "{kinds:?}");
                prop_assert!(!kinds.values().any(|kind| *kind == Kind::Auto));
                prop_assert_eq!(infer_kinds_from_json(schema.to_string().as_bytes(), tool), Ok(kinds));
            }
        }
    }

    #[test]
    fn a_name_alone_never_breaks_anything(name in ".{0,40}") {
        let schema = json!({ "properties": { name.as_str(): { "type": "string", "format": "uri", "description": name } } });
        let kinds = inferred(&schema);
        prop_assert!(kinds.len() <= 1);
    }
}

/// The schema that a definition means which has the types of Python.
fn in_types_of_json(schema: Value) -> Value {
    match schema {
        Value::Object(members) => members
            .into_iter()
            .map(|(key, value)| match (key.as_str(), value.as_str()) {
                ("type", Some("dict")) => (key, json!("object")),
                ("type", Some("tuple")) => (key, json!("array")),
                ("type", Some("float")) => (key, json!("number")),
                _ => (key, in_types_of_json(value)),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(in_types_of_json).collect(),
        other => other,
    }
}

/// Calls that are fine, each judged by the schema of its tool and, where that says nothing, by content.
#[cfg(unix)]
#[test]
fn no_benign_call_is_denied() {
    let Some(corpora) = std::env::var_os("CALLGATE_CORPORA") else {
        println!("SKIPPED: CALLGATE_CORPORA names no folder of corpora");
        return;
    };
    let rows = |name: &str| -> Vec<Value> {
        let text =
            std::fs::read_to_string(std::path::Path::new(&corpora).join("benign").join(name)).expect(name);
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let mut tools: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in rows("bfcl_tool_defs_a.jsonl") {
        let name = row["name"].as_str().expect("a name").to_owned();
        tools.entry(name).or_default().push(in_types_of_json(row["parameters"].clone()));
    }
    let judge = |schema: &Value, arguments: &Value| {
        let mut rules = crate::policy::inferred("", schema, ToolWords::default());
        rules.extend((0..6).map(|depth| crate::policy::anywhere(depth, Kind::Auto)));
        let rules = crate::policy::ToolRules { arguments: rules.into(), ..Default::default() };
        let (paths, urls) = (crate::path::PathGuard::default(), crate::url::UrlGuard::default());
        crate::audit::arguments(&rules, &paths, &urls, arguments.to_string().as_bytes())
    };
    let (mut judged, mut denied, mut flagged) = (0, Vec::new(), Vec::new());
    for row in rows("bfcl_tool_calls_a.jsonl") {
        let takes = |schema: &&Value| {
            let known = |name: &String| schema["properties"].get(name).is_some();
            row["arguments"].as_object().is_some_and(|arguments| arguments.keys().all(known))
        };
        let schemas = row["name"].as_str().and_then(|name| tools.get(name)).into_iter().flatten();
        let verdicts: Vec<_> = schemas.filter(takes).map(|schema| judge(schema, &row["arguments"])).collect();
        let worst = |action| verdicts.iter().find(|verdict| verdict.action() == action);
        let told = |verdict: &crate::Verdict| {
            let found =
                verdict.findings().iter().map(|finding| format!("{} {}", finding.rule.id(), finding.pointer));
            format!("{}: {}", row["id"], found.collect::<Vec<_>>().join(", "))
        };
        judged += usize::from(!verdicts.is_empty());
        match (worst(crate::Action::Deny), worst(crate::Action::Flag)) {
            (Some(verdict), _) => denied.push(told(verdict)),
            (None, Some(verdict)) => flagged.push(told(verdict)),
            (None, None) => {}
        }
    }
    println!("{judged} judged, {} denied, {} flagged: {flagged:?}", denied.len(), flagged.len());
    assert!(judged > 500 && denied.is_empty(), "{denied:?}");
    assert!(flagged.len() * 1000 <= judged * 3, "{flagged:?}");
}

#[test]
fn statements_are_those_that_read_where_the_tool_says_so() {
    let schema = json!({ "properties": { "sql": { "type": "string" } } });
    for (name, description, reads) in [
        ("read_query", "", true),
        ("run_select", "Runs a statement", true),
        ("query", "Run a read-only SQL query", true),
        ("execute_sql", "Only SELECT statements are allowed", true),
        ("query", "Run a SQL query on the database", false),
        ("write_query", "Insert, update or delete rows", false),
        ("read_write_query", "", false),
        ("execute_sql", "Executes any SQL, read or write", false),
    ] {
        let tool = ToolWords { name, description, ..ToolWords::default() };
        let arguments = infer_arguments(&schema, tool).expect("a schema");
        let argument = &arguments["/sql"];
        assert_eq!(argument.kind, Kind::Sql, "{name}: {description}");
        assert_eq!(argument.statements, reads.then_some(Statements::Read), "{name}: {description}");
        assert!(argument.inferred);
    }
}

#[test]
fn queries_of_document_databases_are_code_as_a_whole() {
    let schema = json!({ "properties": {
        "filter": { "type": "object" },
        "pipeline": { "type": "array", "items": { "type": "object" } },
        "options": { "type": "object" },
        "query": { "type": "object", "properties": { "path": { "type": "string" } } }
    } });
    let of = |description| {
        let tool = ToolWords { name: "find", description, ..ToolWords::default() };
        infer_kinds(&schema, tool).expect("a schema").into_iter().collect::<Vec<_>>()
    };
    assert_eq!(
        of("Find documents in MongoDB")[..2],
        [("/filter".to_owned(), Kind::Code), ("/pipeline".to_owned(), Kind::Code)]
    );
    assert!(of("Find rooms").iter().all(|(_, kind)| *kind != Kind::Code));
}
