//! The shared vectors by rule, and properties of the scan.

use super::*;
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What is found, in the order of the bytes.
fn found(text: &str) -> Vec<(Rule, Range<usize>)> {
    let mut found = Vec::new();
    scan(text.as_bytes(), |rule, range, _| found.push((rule, range)));
    found.sort_by_key(|(_, range)| range.start);
    found
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    rule: Option<String>,
    input: Vec<String>,
    redacted: Option<Vec<String>>,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../../tests/vectors/secrets.json")).unwrap()
}

#[test]
fn each_rule_finds_its_secrets_byte_for_byte() {
    let mut rules = BTreeSet::new();
    for vector in vectors() {
        let Some(rule) = vector.rule else { continue };
        let text = vector.input.concat();
        let mut left = text.clone();
        for (found, range) in found(&text).into_iter().rev() {
            assert_eq!(found.id(), rule, "{}", vector.name);
            left.replace_range(range, "[REDACTED]");
        }
        assert_eq!(left, vector.redacted.unwrap().concat(), "{}", vector.name);
        rules.insert(rule);
    }
    for rule in Rule::ALL.iter().filter(|rule| rule.id().starts_with("secret.")) {
        assert!(rules.contains(rule.id()), "no vector is found by {}", rule.id());
    }
}

#[test]
fn text_around_a_secret_changes_nothing() {
    for vector in vectors() {
        let Some(rule) = vector.rule else { continue };
        let text = vector.input.concat();
        for (before, after) in
            [("", ""), ("\u{e9} \u{1F600}\n", "\n\u{e9}"), ("a, b; c\n", "\nthe end."), ("\"\"\n", "\n{}")]
        {
            let all = format!("{before}{text}{after}");
            let whole: Vec<_> =
                found(&text).into_iter().map(|(rule, range)| (rule, range.start + before.len())).collect();
            let inside: Vec<_> = found(&all).into_iter().map(|(rule, range)| (rule, range.start)).collect();
            assert_eq!(inside, whole, "{} ({rule})", vector.name);
        }
    }
}

/// Text made of nothing but what begins a secret: the number of bytes looked at cannot be counted from outside, so
/// this is run where a quadratic scan would not come to an end.
#[test]
fn text_made_of_beginnings_comes_to_an_end() {
    for unit in [
        "eyJ-",
        "eyJ.",
        "eyJa.eyJb.",
        "sk-",
        "sk-sk-",
        "ghp_",
        "glpat-",
        "://",
        "a://b:c@",
        "a:b@",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----A",
        "A",
        "a.",
        "xoxb-",
        "AKIA",
        "key=",
        "Bearer ",
        "fm2_",
        "hooks.slack.com/services/T",
        "aaaaaaaaaaaaaaa ",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ",
        "password=aB3dE5gH7jK9mN1pQ3sT5 ",
        "/",
        "SG.",
    ] {
        let text = unit.repeat((4 << 20) / unit.len());
        scan(text.as_bytes(), |_, range, _| assert!(range.end <= text.len()));
    }
}

proptest! {
    #[test]
    fn ranges_are_within_the_text(text in ".{0,200}", token in "[ -~]{0,60}") {
        let text = format!("{text}{token}{text}");
        for (_, range) in found(&text) {
            prop_assert!(range.start < range.end && range.end <= text.len());
            prop_assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
        }
    }

    #[test]
    fn what_the_prefilter_passes_by_has_no_finding(text in "[a-zA-Z0-9_=:@ \"\n.-]{0,300}") {
        let run = text.as_bytes().split(|byte| !may_be_token(*byte)).any(|run| run.len() >= MIN_RUN);
        if !run && !text.contains("://") && !text.contains("-----BEGIN") {
            prop_assert_eq!(found(&text), []);
        }
    }
}
