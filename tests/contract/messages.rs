//! Messages, as the shared vectors have them.

use crate::cases::{Expected, Found, Repeat, input, vectors};
use callgate::{Gate, MessageId, MessageReader, Rule};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct MessageCase {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) policy: Option<Value>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    message_hex: Option<String>,
    #[serde(default)]
    message_repeat: Option<Repeat>,
    kind: String,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    tool: Option<String>,
    action: String,
    #[serde(default)]
    findings: Vec<Expected>,
}

/// An answer in the form that every surface can be brought to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) kind: String,
    pub(crate) id: Value,
    pub(crate) method: Option<String>,
    pub(crate) tool: Option<String>,
    pub(crate) action: String,
    pub(crate) found: Vec<Found>,
}

impl MessageCase {
    pub(crate) fn input(&self) -> Vec<u8> {
        let form = (self.message.as_ref(), self.message_hex.as_ref(), self.message_repeat.as_ref());
        input(&self.name, form)
    }

    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answer: &Message) -> Option<String> {
        let same = answer.kind == self.kind
            && answer.id == self.id
            && self.method.as_ref().is_none_or(|method| Some(method) == answer.method.as_ref())
            && answer.tool == self.tool
            && answer.action == self.action
            && answer.found.len() == self.findings.len()
            && self.findings.iter().zip(&answer.found).all(|(expected, found)| expected.allows(found));
        (!same).then(|| format!("{}: got {answer:?}", self.name))
    }

    fn gate(&self) -> Gate {
        match &*self.policy_text() {
            "" => Gate::default(),
            policy => Gate::from_json(policy.as_bytes()).unwrap_or_else(|error| panic!("{policy}: {error}")),
        }
    }
}

fn answer(verdict: &callgate::MessageVerdict) -> Message {
    let found = verdict.findings().iter().map(|finding| Found {
        rule: finding.rule.id().to_owned(),
        action: finding.action.as_str().to_owned(),
        pointer: finding.pointer.clone(),
        range: finding.start.zip(finding.end),
    });
    Message {
        kind: verdict.kind().as_str().to_owned(),
        id: match verdict.id() {
            Some(MessageId::Written(number)) => serde_json::from_str(number).unwrap_or_default(),
            id => serde_json::to_value(id).unwrap(),
        },
        method: verdict.method().map(str::to_owned),
        tool: verdict.tool().map(str::to_owned),
        action: verdict.action().as_str().to_owned(),
        found: found.collect(),
    }
}

#[test]
fn messages_are_judged_as_written_down() {
    let differences: Vec<String> = vectors()
        .messages
        .iter()
        .filter_map(|case| case.difference(&answer(&case.gate().audit_message(&case.input()))))
        .collect();
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn a_stream_of_them_is_judged_the_same() {
    for case in vectors().messages {
        let (gate, input) = (case.gate(), case.input());
        // A mark is left out of a stream.
        if input.is_empty() || input.contains(&b'\n') || input.starts_with(b"\xEF\xBB\xBF") {
            continue;
        }
        let alone = gate.audit_message(&input);
        for size in [1, 7, input.len() + 1] {
            let (mut reader, mut found) = (MessageReader::default(), Vec::new());
            for chunk in [&input[..], b"\n"].concat().chunks(size) {
                reader.read(&gate, chunk, |message| found.push(message.verdict()));
            }
            let long = alone.findings().iter().any(|finding| finding.rule == Rule::LimitBytes);
            assert_eq!(found.len(), 1, "{}", case.name);
            assert!(long || found[0] == alone, "{} in {size}: {found:?}", case.name);
        }
    }
}

#[test]
fn every_rule_of_messages_is_caught_somewhere() {
    let cases = vectors().messages;
    let caught: BTreeSet<&str> =
        cases.iter().flat_map(|case| &case.findings).map(|finding| finding.rule.as_str()).collect();
    for rule in Rule::ALL.iter().map(|rule| rule.id()) {
        let ours = ["rpc.", "resource.", "access.denied"].iter().any(|family| rule.starts_with(family));
        assert!(!ours || caught.contains(rule), "no vector is caught by {rule}");
    }
    for id in caught {
        assert!(Rule::from_id(id).is_some(), "{id} is no rule");
    }
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "a name twice");
}
