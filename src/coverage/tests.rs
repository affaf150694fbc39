use super::*;
use crate::policy::Published;
use serde_json::json;

fn described(policy: &Value, tools: &Value) -> Coverage {
    let gate = Gate::from_json(policy.to_string().as_bytes()).unwrap();
    gate.describe_json(tools.to_string().as_bytes()).unwrap()
}

/// The rows of a coverage: pointer, kind, source, what denies and what flags.
fn rows(coverage: &Coverage) -> Vec<(&str, Kind, Source, String, String)> {
    let of = |argument: &'_ ArgumentCoverage| (argument.denies.join(" "), argument.flags.join(" "));
    coverage
        .tools
        .iter()
        .flat_map(|tool| &tool.arguments)
        .map(|argument| {
            let (denies, flags) = of(argument);
            (argument.pointer.as_str(), argument.kind, argument.source, denies, flags)
        })
        .collect()
}

fn members(notes: &[Note]) -> Vec<(&str, &str)> {
    notes.iter().map(|note| (note.member.as_str(), note.what.as_str())).collect()
}

#[test]
fn every_string_is_told_with_who_says_what_it_is() {
    let tools = json!([{ "name": "t", "description": "ignored", "annotations": {}, "inputSchema": { "properties": {
        "file_path": { "type": "string" },
        "link": { "type": "string", "format": "uri" },
        "mode": { "enum": ["a", "b"] },
        "note": { "type": "string" },
        "query": { "type": "string" },
        "size": { "type": "integer" },
        "tags": { "type": "array", "items": { "type": "string" } }
    } } }]);
    let policy = json!({ "tools": { "t": { "arguments": { "/query": { "kind": "sql" } } }, "*": { "arguments": { "/tags/*": { "kind": "word" } } } } });
    let coverage = described(&policy, &tools);
    let kinds: Vec<_> =
        rows(&coverage).into_iter().map(|(pointer, kind, source, ..)| (pointer, kind, source)).collect();
    assert_eq!(
        kinds,
        [
            ("/file_path", Kind::Path, Source::Name),
            ("/link", Kind::Url, Source::Schema),
            ("/mode", Kind::Opaque, Source::Schema),
            ("/note", Kind::Auto, Source::None),
            ("/query", Kind::Sql, Source::Policy),
            ("/tags/*", Kind::Word, Source::Policy),
        ]
    );
    let whys: Vec<_> = coverage.tools[0].arguments.iter().map(|argument| argument.why.as_str()).collect();
    assert_eq!(whys[1..3], ["the schema's format", "the schema's enum"]);
    assert_eq!(
        whys[4..],
        [r#"tools["t"].arguments["/query"].kind"#, r#"tools["*"].arguments["/tags/*"].kind"#]
    );
    assert_eq!(coverage.tools[0].arguments[2].flags, ["schema.enum"], "a closed set is held to its values");
}

#[test]
fn what_denies_and_what_flags_is_what_the_policy_makes_of_it() {
    let tools =
        json!({ "tools": [{ "name": "t", "inputSchema": { "properties": { "q": { "type": "string" } } } }] });
    for (policy, denies, flags) in [
        (json!({}), "", "sql"),
        (json!({ "rules": { "injection.sql": "deny" } }), "injection.sql", ""),
        (
            json!({ "rules": { "injection.*": "off", "sql.*": "off", "secret.*": "off", "text.*": "off" } }),
            "",
            "",
        ),
        (json!({ "rules": { "injection.sql": "deny" }, "mode": "observe" }), "", "sql"),
        (json!({ "rules": { "injection.sql": "deny" }, "tools": { "t": { "mode": "observe" } } }), "", "sql"),
    ] {
        let mut policy = policy;
        policy["tools"]["t"]["arguments"] = json!({ "/q": { "kind": "sql" } });
        let coverage = described(&policy, &tools);
        let (.., told_denies, told_flags) = rows(&coverage)[0].clone();
        assert_eq!(
            (told_denies.as_str(), told_flags.contains("injection.sql")),
            (denies, flags == "sql"),
            "{policy}"
        );
        let judged_by_nothing = coverage.unprotected.iter().any(|gap| gap.what == "judged by nothing");
        assert_eq!(judged_by_nothing, denies.is_empty() && flags.is_empty(), "{policy}");
    }
}

#[test]
fn what_is_not_protected_is_told() {
    let path = json!({ "properties": { "file_path": { "type": "string" } } });
    let tools = json!([{ "name": "t", "inputSchema": path }, { "name": "u" }]);
    let coverage = described(&json!({}), &tools);
    let gaps: Vec<_> = coverage
        .unprotected
        .iter()
        .map(|gap| (gap.tool.as_str(), gap.pointer.as_str(), gap.what.as_str()))
        .collect();
    assert_eq!(
        gaps,
        [
            ("t", "/file_path", "no roots: paths are judged by their text alone"),
            ("u", "", "it publishes no schema: what its calls hold is not known"),
        ]
    );
    assert!(!coverage.is_complete());
    let denied = json!({ "access": { "tools": { "deny": ["*"] } } });
    assert!(described(&denied, &tools).is_complete(), "what may not be called needs no protection");
    let rooted = json!({ "paths": { "roots": ["."] }, "access": { "tools": { "deny": ["u"] } } });
    assert!(described(&rooted, &tools).is_complete());
    let kept = json!({ "tools": { "t": { "arguments": { "/file_path": { "kind": "opaque" } } } } });
    assert_eq!(described(&kept, &tools).unprotected[0].what, "judged by nothing");
}

#[test]
fn what_is_weaker_than_by_default_is_told() {
    for (policy, expected) in [
        (json!({}), vec![]),
        (
            json!({ "rules": { "injection.sql": "deny", "json.duplicate-key": "flag" } }),
            vec![(r#"rules["json.duplicate-key"]"#, "flags and refuses nothing")],
        ),
        (json!({ "rules": { "path.*": "off" } }), vec![(r#"rules["path.*"]"#, "off")]),
        (
            json!({ "rules": { "path.traversal": "flag" } }),
            vec![(r#"rules["path.traversal"]"#, "flags and refuses nothing")],
        ),
        (json!({ "mode": "observe" }), vec![("mode", "nothing is refused")]),
        (
            json!({ "tools": { "t": { "mode": "observe" } } }),
            vec![(r#"tools["t"].mode"#, "no call of it is refused")],
        ),
        (
            json!({ "urls": { "allowPrivate": true } }),
            vec![("urls.allowPrivate", "addresses of private networks may be reached")],
        ),
        (
            json!({ "paths": { "hardLinks": "allow" } }),
            vec![("paths.hardLinks", "files with several names may be written")],
        ),
        (
            json!({ "paths": { "crossDevice": true, "unblocked": [".npmrc"] } }),
            vec![
                ("paths.crossDevice", "other file systems below a root may be reached"),
                ("paths.unblocked", "files that are off limits by default may be read and written"),
            ],
        ),
        (json!({ "results": { "redact": "off" } }), vec![("results.redact", "secrets stay in results")]),
    ] {
        assert_eq!(members(&described(&policy, &json!([{ "name": "t" }])).off), expected, "{policy}");
    }
}

#[test]
fn names_that_stand_for_nothing_are_told() {
    let tools = json!([
        { "name": "echo", "inputSchema": { "properties": { "path": { "type": "string" }, "n": { "type": "integer" },
            "list": { "items": { "properties": { "name": { "type": "string" } } } }, "open": { "type": "object" } } } },
        { "name": "any", "inputSchema": { "type": "object" } }
    ]);
    for (policy, expected) in [
        (json!({ "tools": { "echo": {}, "*": {} } }), vec![]),
        // What a preset names is no slip of who extends it, unless they said more of it.
        (json!({ "extends": "callgate:filesystem" }), vec![]),
        (
            json!({ "extends": ["callgate:filesystem", "callgate:coding", "callgate:database", "callgate:fetch"] }),
            vec![],
        ),
        (
            json!({ "extends": "callgate:filesystem", "tools": { "copy_file": { "mode": "observe" } } }),
            vec![(r#"tools["copy_file"]"#, r#"no tool is called "copy_file""#)],
        ),
        (
            json!({ "tools": { "ecoh": {} } }),
            vec![(r#"tools["ecoh"]"#, r#"no tool is called "ecoh"; perhaps "echo""#)],
        ),
        (
            json!({ "tools": { "delete_all": {} } }),
            vec![(r#"tools["delete_all"]"#, r#"no tool is called "delete_all""#)],
        ),
        (
            json!({ "access": { "tools": { "deny": ["ecoh", "e*"] } } }),
            vec![("access.tools.deny[0]", r#"no tool is called "ecoh"; perhaps "echo""#)],
        ),
        (
            json!({ "access": { "tools": { "allow": ["rm_*"] } } }),
            vec![("access.tools.allow[0]", r#"no tool is called "rm_*""#)],
        ),
        (
            json!({ "access": { "server": "s", "tools": { "deny": ["s/echo", "t/echo"] } } }),
            vec![("access.tools.deny[1]", r#"no tool is called "t/echo"; perhaps "echo""#)],
        ),
    ] {
        assert_eq!(members(&described(&policy, &tools).unknown), expected, "{policy}");
    }
    for (tool, pointer, told) in [
        ("echo", "/path", None),
        ("echo", "/pth", Some(r#"no argument is there; perhaps "/path""#)),
        ("echo", "/n", None),
        ("echo", "/list", None),
        ("echo", "/list/*/name", None),
        ("echo", "/list/0/name", None),
        ("echo", "/list/*/nmae", Some(r#"no argument is there; perhaps "/list/*/name""#)),
        ("echo", "/*", None),
        ("echo", "/*/*/name", None),
        ("echo", "/open/anything", None),
        ("echo", "/elsewhere", Some("no argument is there")),
        ("any", "/anything", None),
        ("*", "/path", None),
        ("*", "/pth", None),
    ] {
        let policy = json!({ "tools": { tool: { "arguments": { pointer: { "kind": "text" } } } } });
        let coverage = described(&policy, &tools);
        assert_eq!(coverage.unknown.first().map(|note| note.what.as_str()), told, "{tool} {pointer}");
    }
}

#[test]
fn a_preset_that_names_arguments_of_all_tools_names_none_in_vain() {
    let closed = json!([{ "name": "t", "inputSchema": {
        "properties": { "n": { "type": "integer" } }, "additionalProperties": false } }]);
    let own = json!({ "tools": { "*": { "arguments": { "/url": { "kind": "url" } } } } });
    assert_eq!(described(&own, &closed).unknown[0].member, r#"tools["*"].arguments["/url"]"#);
    for preset in crate::policy::Preset::ALL {
        let mut policy = json!({ "extends": preset.name() });
        assert_eq!(members(&described(&policy, &closed).unknown), [], "{}", preset.name());
        policy["tools"] = own["tools"].clone();
        assert_eq!(described(&policy, &closed).unknown.len(), 1, "{}", preset.name());
    }
}

#[test]
fn what_a_gate_learnt_is_what_the_server_publishes() {
    let schema = json!({ "properties": {
        "file_path": { "type": "string" }, "unit": { "enum": ["c", "f"] }, "q": { "type": "string" } } });
    let tools = json!([{ "name": "t", "inputSchema": schema.clone() }]);
    for (held, denies, flags) in
        [(Held::Deny, true, false), (Held::Flag, false, true), (Held::Off, false, false)]
    {
        let published: Published = serde_json::from_value(json!({ "schema": schema.clone() })).unwrap();
        let gate = Gate::default().learn([("t".to_owned(), published)], held).unwrap();
        for coverage in [gate.describe_json(tools.to_string().as_bytes()).unwrap(), gate.describe(&[])] {
            let told = &coverage.tools[0];
            assert_eq!((told.schema, told.arguments.len()), (Source::Schema, 3), "{held:?}");
            assert_eq!((told.arguments[0].kind, told.arguments[0].source), (Kind::Path, Source::Name));
            let unit = &told.arguments[2];
            let named = |rules: &[String]| rules.iter().any(|rule| rule.starts_with("schema."));
            assert_eq!((named(&unit.denies), named(&unit.flags)), (denies, flags), "{held:?}");
            // Where the gate does not hold calls against the schema the server does.
            assert!(coverage.unprotected.iter().all(|gap| gap.pointer != "/unit"), "{held:?}");
        }
    }
}

#[test]
fn without_a_server_the_policys_own_tools_are_told() {
    let policy = json!({ "tools": {
        "t": { "arguments": { "/a": { "kind": "path" } } },
        "u": { "schema": { "properties": { "b": { "type": "string" } } } }
    } });
    let gate = Gate::from_json(policy.to_string().as_bytes()).unwrap();
    let coverage = gate.describe(&[]);
    let told: Vec<_> = rows(&coverage).into_iter().map(|(pointer, kind, ..)| (pointer, kind)).collect();
    assert_eq!(told, [("/a", Kind::Path), ("/b", Kind::Auto)]);
    assert!(coverage.unknown.is_empty());
}

#[test]
fn a_tool_that_is_odd_is_described_all_the_same() {
    let tools = json!([
        { "name": "t", "title": 3, "description": ["x"], "inputSchema": null },
        { "name": "u", "inputSchema": "x" },
        { "name": "v", "inputSchema": { "properties": 3 } }
    ]);
    assert_eq!(described(&json!({}), &tools).tools.len(), 3);
}

#[test]
fn what_is_no_list_of_tools_is_refused() {
    for text in ["", "null", "3", "{}", r#"{"tools":{}}"#, "[1]", r#"[{"name":3}]"#] {
        assert_eq!(
            Gate::default().describe_json(text.as_bytes()).unwrap_err().code(),
            "input.type",
            "{text}"
        );
    }
}

/// Whether a list of rules and families names a rule.
fn lists(rules: &[String], rule: Rule) -> bool {
    rules
        .iter()
        .any(|id| id.strip_suffix('*').map_or(id == rule.id(), |family| rule.id().starts_with(family)))
}

/// What leads out of every root is refused where `describe` says so, and nowhere else.
#[cfg(target_os = "linux")]
#[test]
fn what_leads_out_is_listed_where_it_is_refused() {
    let tools = json!([{ "name": "t", "inputSchema": { "properties": { "a": { "type": "string" } } } }]);
    let roots = json!({ "roots": ["."] });
    let quiet = json!({ "injection.*": "off", "text.*": "off", "secret.*": "off" });
    let policies = [
        (json!({}), false),
        (json!({ "paths": { "roots": "client" } }), true),
        (json!({ "paths": roots }), true),
        (json!({ "paths": roots, "rules": quiet }), true),
        (json!({ "paths": roots, "rules": { "path.*": "off" } }), false),
        (json!({ "paths": roots, "rules": { "path.outside-root": "off" } }), false),
        (json!({ "paths": roots, "rules": { "path.outside-root": "flag" } }), false),
        (json!({ "paths": roots, "mode": "observe" }), false),
    ];
    let guess = |kind: &str| json!({ "kind": kind, "inferred": true });
    let arguments = [
        (Value::Null, true),
        (json!({ "kind": "auto" }), true),
        (json!({ "kind": "path" }), true),
        (guess("path"), true),
        (guess("url"), true),
        (guess("host"), true),
        (guess("ref"), true),
        (guess("identifier"), true),
        (guess("word"), true),
        (json!({ "kind": "url" }), false),
        (json!({ "kind": "word" }), false),
        (json!({ "kind": "identifier" }), false),
        (json!({ "kind": "text" }), false),
        (guess("text"), false),
        (json!({ "kind": "code" }), false),
        (json!({ "kind": "opaque" }), false),
    ];
    let outside = Rule::PathOutsideRoot;
    for (policy, refuses) in &policies {
        for (argument, reaches) in &arguments {
            let mut policy = policy.clone();
            if !argument.is_null() {
                policy["tools"]["t"]["arguments"]["/a"] = argument.clone();
            }
            let gate = Gate::from_json(policy.to_string().as_bytes()).unwrap();
            let told = &gate.describe_json(tools.to_string().as_bytes()).unwrap().tools[0];
            let is_refused = |args: &str| {
                let verdict = gate.audit("t", args.as_bytes());
                verdict.findings().iter().any(|found| found.rule == outside && found.action == Action::Deny)
            };
            let expected = *refuses && *reaches;
            assert_eq!(is_refused(r#"{"a":"/etc/hosts"}"#), expected, "{policy}");
            assert_eq!(lists(&told.arguments[0].denies, outside), expected, "{policy}");
            assert_eq!(is_refused(r#"{"/etc/hosts":1}"#), *refuses, "{policy}");
            assert_eq!(lists(&told.names.denies, outside), *refuses, "{policy}");
        }
    }
}
