//! The shared vectors through Rust. The same files run through C (`capi.rs`) and Node (`__test__`).

use crate::cases::{Case, Found, vectors};
use callgate::policy::Preset;
use callgate::{Gate, Rule, ServerProcess};
use serde_json::Value;
use std::collections::BTreeSet;

fn run(case: &Case) -> (String, Vec<Found>) {
    let policy = case.policy_text();
    let gate = if policy.is_empty() { Ok(Gate::default()) } else { Gate::from_json(policy.as_bytes()) };
    let gate = gate.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let server = case.server_text();
    if !server.is_empty() {
        gate.set_server_process(ServerProcess::from_json(server.as_bytes()).expect(&case.name));
    }
    let verdict = gate.audit(&case.tool, &case.input());
    let found = verdict.findings().iter().map(|finding| Found {
        rule: finding.rule.id().to_owned(),
        action: finding.action.as_str().to_owned(),
        pointer: finding.pointer.clone(),
        range: finding.start.zip(finding.end),
    });
    (verdict.action().as_str().to_owned(), found.collect())
}

#[test]
fn verdicts_are_the_ones_written_down() {
    let differences: Vec<String> = vectors()
        .audit
        .iter()
        .filter_map(|case| {
            let (action, found) = run(case);
            case.difference(&action, &found)
        })
        .collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_structure_and_limit_rule_is_caught_somewhere() {
    let cases = vectors().audit;
    let named: BTreeSet<&str> =
        cases.iter().flat_map(|case| &case.findings).map(|finding| finding.rule.as_str()).collect();
    for rule in Rule::ALL
        .iter()
        .map(|rule| rule.id())
        .filter(|id| id.starts_with("json.") || id.starts_with("limit."))
    {
        assert!(named.contains(rule), "no vector is caught by {rule}");
    }
    for id in named {
        assert!(Rule::from_id(id).is_some(), "{id} is no rule");
    }
}

#[test]
fn names_are_unique() {
    let mut seen = BTreeSet::new();
    let vectors = vectors();
    let audits = vectors.audit.iter().map(|case| &case.name);
    let texts = vectors.texts.iter().map(|case| &case.name);
    let redactions = vectors.redact.iter().map(|case| &case.name);
    for name in audits.chain(vectors.paths.iter().map(|case| &case.name)).chain(texts).chain(redactions) {
        assert!(seen.insert(name), "{name} twice");
    }
}

#[test]
fn a_difference_is_seen() {
    let case: Case = serde_json::from_str(
        r#"{ "name": "x", "args": "[]", "action": "deny", "findings": [{ "rule": "json.syntax", "pointer": "", "start": 0 }] }"#,
    )
    .unwrap();
    let found = Found {
        rule: "json.syntax".into(),
        action: "deny".into(),
        pointer: String::new(),
        range: Some((0, 1)),
    };
    let other_rule = Found { rule: "json.utf8".into(), ..found.clone() };
    let other_pointer = Found { pointer: "/a".into(), ..found.clone() };
    let other_start = Found { range: Some((1, 2)), ..found.clone() };
    let no_range = Found { range: None, ..found.clone() };
    for (action, found, same) in [
        ("deny", vec![found.clone()], true),
        ("flag", vec![found.clone()], false),
        ("deny", vec![], false),
        ("deny", vec![found.clone(), found], false),
        ("deny", vec![other_rule], false),
        ("deny", vec![other_pointer], false),
        ("deny", vec![other_start], false),
        ("deny", vec![no_range], false),
    ] {
        assert_eq!(case.difference(action, &found).is_none(), same, "{action} {found:?}");
    }
}

#[test]
fn every_preset_has_a_file_that_shows_both_sides() {
    let vectors = vectors();
    for preset in Preset::ALL {
        let name = preset.name().replace("callgate:", "preset-");
        let extends = |policy: &Option<Value>| {
            policy.as_ref().is_some_and(|policy| policy["extends"].to_string().contains(preset.name()))
        };
        let own: Vec<&Case> = vectors.audit.iter().filter(|case| case.name.starts_with(&name)).collect();
        assert!(own.iter().all(|case| extends(&case.policy)), "{name} has cases of something else");
        for action in ["allow", "deny"] {
            let count = own.iter().filter(|case| case.action == action).count();
            assert!(count >= 4, "{name} has only {count} that {action}");
        }
    }
}
