//! What the shared vectors say of redaction.

use crate::cases::Case;
use serde::Deserialize;
use serde_json::{Value, json};

/// One case. Texts come in pieces, so that no scanner of repositories takes them for live tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedactCase {
    pub(crate) name: String,
    pub(crate) policy: Option<Value>,
    /// The rule that finds the secret.
    pub(crate) rule: Option<String>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
    input: Vec<String>,
    /// Absent where the text stays as it is.
    #[serde(default)]
    redacted: Option<Vec<String>>,
}

impl RedactCase {
    /// The policy document; empty for the default policy.
    pub(crate) fn policy_text(&self) -> String {
        self.policy.as_ref().map(Value::to_string).unwrap_or_default()
    }

    pub(crate) fn input(&self) -> String {
        self.input.concat()
    }

    /// The text as the argument of a call, where it says which rule finds something or that none does: then the rules
    /// of secrets find as much as is redacted. A policy of its own may switch these off.
    pub(crate) fn audited(&self) -> Option<Case> {
        let expected = match (&self.rule, &self.redacted) {
            _ if self.policy.is_some() => return None,
            (Some(rule), Some(redacted)) => Some((rule, redacted.concat())),
            (None, None) => None,
            _ => return None,
        };
        let policy = json!({ "rules": { "injection.*": "off", "text.*": "off" } });
        let args = json!({ "text": self.input() }).to_string();
        let count = expected.as_ref().map_or(0, |(_, redacted)| redacted.matches("[REDACTED]").count());
        let rule = expected.as_ref().map(|(rule, _)| rule.as_str());
        Some(Case::of_rule(format!("{}, audited", self.name), policy, args, rule, count))
    }

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answer: &str) -> Option<String> {
        let expected = self.redacted.as_ref().unwrap_or(&self.input).concat();
        (answer != expected).then(|| format!("{}: expected {expected:?}, got {answer:?}", self.name))
    }
}
