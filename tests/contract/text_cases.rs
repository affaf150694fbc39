//! What the shared vectors say of texts.

use crate::cases::vectors;
use callgate::Gate;
use callgate::text::{homoglyph, scan};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextCase {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) policy: Option<Value>,
    #[serde(default)]
    found: Vec<Found>,
    #[serde(default)]
    homoglyph: Vec<Found>,
    clean: Option<String>,
    removed: Option<BTreeMap<String, u64>>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Found {
    rule: String,
    start: usize,
    end: usize,
}

impl TextCase {
    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// How a sanitised text differs from what the case says.
    pub(crate) fn difference(&self, text: &str, removed: &BTreeMap<String, u64>) -> Option<String> {
        let expected = self.clean.as_ref().unwrap_or(&self.text);
        let same = match &self.removed {
            Some(expected) => expected == removed,
            None => removed.is_empty() == (text == self.text),
        };
        (text != expected || !same)
            .then(|| format!("{}: {expected:?} {:?}, got {text:?} {removed:?}", self.name, self.removed))
    }
}

fn removed_from(gate: &Gate, text: &str) -> (String, BTreeMap<String, u64>) {
    let clean = gate.sanitize(text);
    let removed = clean.removed.iter().map(|removed| (removed.kind.as_str().to_owned(), removed.count));
    (clean.text, removed.collect())
}

#[test]
fn texts_are_found_and_sanitised_as_written_down() {
    for case in vectors().texts {
        let mut found = Vec::new();
        scan(&case.text, |rule, range, _| {
            found.push(Found { rule: rule.id().to_owned(), start: range.start, end: range.end });
        });
        assert_eq!(found, case.found, "{}", case.name);
        found.clear();
        homoglyph(&case.text, |rule, range, _| {
            found.push(Found { rule: rule.id().to_owned(), start: range.start, end: range.end });
        });
        assert_eq!(found, case.homoglyph, "{}", case.name);
        let policy = case.policy_text();
        let gate =
            if policy.is_empty() { Gate::default() } else { Gate::from_json(policy.as_bytes()).unwrap() };
        let (text, removed) = removed_from(&gate, &case.text);
        assert_eq!(case.difference(&text, &removed), None);
    }
}

#[test]
fn a_difference_in_a_text_is_seen() {
    for case in vectors().texts {
        let policy = case.policy_text();
        let gate =
            if policy.is_empty() { Gate::default() } else { Gate::from_json(policy.as_bytes()).unwrap() };
        let (text, mut removed) = removed_from(&gate, &case.text);
        assert!(case.difference(&format!("{text}x"), &removed).is_some(), "{}", case.name);
        if case.removed.is_some() || removed.is_empty() {
            *removed.entry("bidi".to_owned()).or_default() += 1;
            assert!(case.difference(&text, &removed).is_some(), "{}", case.name);
        }
    }
}

#[test]
fn every_text_rule_and_kind_is_met() {
    let cases = vectors().texts;
    // What is neutralised in a result is told by a rule that no text by itself breaks: `tests/vectors/cleaning.json`.
    let is_of_text = |id: &&str| id.starts_with("text.") && *id != "text.markup";
    for rule in callgate::Rule::ALL.iter().map(|rule| rule.id()).filter(is_of_text) {
        let met = |case: &TextCase| case.found.iter().chain(&case.homoglyph).any(|found| found.rule == rule);
        assert!(cases.iter().any(met), "no vector is caught by {rule}");
    }
    for kind in callgate::RemovedKind::ALL {
        let met =
            |case: &TextCase| case.removed.as_ref().is_some_and(|kinds| kinds.contains_key(kind.as_str()));
        assert!(cases.iter().any(met), "no vector removes {}", kind.as_str());
    }
}
