//! Every rule has a vector that it catches and one that only looks like it: a member `misses` names the rules
//! of which a case is such a near miss. That nothing else is found is what the runs of the vectors through Rust, C and Node show.

use crate::support::{read, repository};
use callgate::Rule;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rules that vectors cannot show, each with the reason.
const WITHOUT: &[(&str, &str)] = &[
    (
        "path.cross-device",
        "needs a second file system below the root; src/path/tests.rs mounts one where it may",
    ),
    ("path.no-space", "needs a full disk; src/path/files/process_tests.rs limits the size of files"),
    ("path.inaccessible", "needs an account without rights: tests may run as root"),
    (
        "path.protected",
        "needs a gate that was told of its own files; src/path/tests.rs and __test__/path-readings.test.mjs",
    ),
];

/// Rules whose vectors run through Rust and Node alone: C has no file operations.
const OF_FILES: &[&str] = &["path.exists", "path.not-empty", "path.size", "path.entries"];

/// Rules that no audit raises, but a surface of its own: the kind of their vectors, and the test that runs these.
const OF_SURFACES: &[(&str, &str, &str)] = &[
    ("tool.changed", "proxy", "__test__/proxy/vectors.test.mjs"),
    ("tool.poisoned", "proxy", "__test__/proxy/vectors.test.mjs"),
    ("rate.exceeded", "proxy", "__test__/proxy/vectors.test.mjs"),
];

/// What a member of a file of vectors is run as, where that tells a rule's name through Rust, C and Node. Texts to redact are audited too.
const THROUGH_ALL: &[&str] = &["audit", "messages", "paths", "urls", "redact", "cleaned"];

/// For each rule, the kinds of cases.
type Met = BTreeMap<String, BTreeSet<&'static str>>;

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The rules that a case finds.
fn found<'a>(kind: &str, case: &'a Value) -> Vec<&'a str> {
    match kind {
        "audit" | "messages" => {
            case["findings"].as_array().into_iter().flatten().filter_map(|one| one["rule"].as_str()).collect()
        }
        "proxy" => {
            case["found"].as_array().into_iter().flatten().filter_map(|one| one["rule"].as_str()).collect()
        }
        "paths" => {
            case["expect"]["rule"].as_str().into_iter().chain(strings(&case["expect"]["flags"])).collect()
        }
        "urls" => strings(&case["rules"]).collect(),
        "cleaned" => strings(&case["found"]).filter_map(|one| one.split(' ').next()).collect(),
        _ => case["rule"].as_str().into_iter().collect(),
    }
}

/// The policy switches a rule off, or a family, or one extends to do so.
fn is_off(policy: &Value, rule: &str) -> bool {
    let family = format!("{}.*", rule.split('.').next().unwrap());
    [rule, &family, "*"].iter().any(|id| policy["rules"][id] == "off")
}

fn met() -> (Met, Met) {
    let (mut caught, mut missed) = (Met::new(), Met::new());
    for entry in std::fs::read_dir(repository("tests/vectors")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.strip_suffix(".json").is_none() {
            continue;
        }
        let file: Value = serde_json::from_str(&read(&format!("tests/vectors/{name}"))).unwrap();
        for kind in ["audit", "messages", "paths", "urls", "redact", "cleaned", "files", "proxy"] {
            let cases = if kind == "audit" && file.is_array() { &file } else { &file[kind] };
            for case in cases.as_array().into_iter().flatten() {
                let found = found(kind, case);
                for rule in &found {
                    caught.entry((*rule).to_owned()).or_default().insert(kind);
                }
                for rule in strings(&case["misses"]) {
                    let at = format!("{name}: {}: misses {rule}", case["name"]);
                    assert!(Rule::from_id(rule).is_some(), "{at}, which is no rule");
                    assert!(!found.contains(&rule), "{at}, and is caught by it");
                    assert!(case["redacted"].is_null(), "{at}, and something is redacted");
                    let policy = if case["policy"].is_null() { &file["policy"] } else { &case["policy"] };
                    assert!(!is_off(policy, rule), "{at} where the policy switches it off");
                    missed.entry(rule.to_owned()).or_default().insert(kind);
                }
            }
        }
    }
    (caught, missed)
}

#[test]
fn every_rule_has_a_vector_that_it_catches_and_a_near_miss() {
    let (caught, missed) = met();
    let without: BTreeSet<&str> = WITHOUT.iter().map(|(rule, _)| *rule).collect();
    let mut lacking = Vec::new();
    for rule in Rule::ALL.iter().map(|rule| rule.id()) {
        let surface = OF_SURFACES.iter().find(|(known, _, _)| *known == rule);
        let kinds: &[&str] = match surface {
            Some((_, kind, _)) => &[*kind],
            None if OF_FILES.contains(&rule) => &["files"],
            None => THROUGH_ALL,
        };
        // Of one kind both, so that the miss is one of what catches.
        let both = kinds.iter().any(|kind| {
            [&caught, &missed].iter().all(|met| met.get(rule).is_some_and(|met| met.contains(kind)))
        });
        if both == without.contains(rule) {
            lacking.push(format!(
                "{rule}: caught in {:?}, missed in {:?}",
                caught.get(rule),
                missed.get(rule)
            ));
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
    for (rule, kind, test) in OF_SURFACES {
        assert!(Rule::from_id(rule).is_some(), "{rule} is no rule");
        assert!(
            read(test).contains(&format!("tests/vectors/{kind}.json")),
            "{test} does not run {kind}.json"
        );
        let others = caught.get(*rule).into_iter().flatten().filter(|other| *other != kind);
        assert_eq!(others.count(), 0, "{rule} is raised elsewhere too");
    }
    for (rule, _) in WITHOUT {
        assert!(Rule::from_id(rule).is_some() && !caught.contains_key(*rule), "{rule} has vectors");
    }
}
