//! The shared vectors of redaction through Rust. The same file runs through C (`capi.rs`) and Node (`__test__`).

use crate::cases::vectors;
use callgate::Gate;

#[test]
fn texts_are_redacted_as_written_down() {
    let mut differences = Vec::new();
    for case in vectors().redact {
        let policy = case.policy_text();
        let gate = if policy.is_empty() {
            Gate::default()
        } else {
            Gate::from_json(policy.as_bytes()).expect(&case.name)
        };
        let once = gate.redact(case.input().as_bytes()).into_owned();
        differences.extend(case.difference(std::str::from_utf8(&once).expect(&case.name)));
        assert_eq!(*gate.redact(&once), *once, "{}: redacted twice", case.name);
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn a_difference_is_seen() {
    for case in vectors().redact {
        assert!(case.difference("another text").is_some(), "{}", case.name);
    }
}
