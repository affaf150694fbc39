//! What the shared vectors say of redaction.

use serde::Deserialize;
use serde_json::Value;

/// One case. Texts come in pieces, so that no scanner of repositories takes them for live tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedactCase {
    pub(crate) name: String,
    pub(crate) policy: Option<Value>,
    /// The rule that finds the secret.
    pub(crate) rule: Option<String>,
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

    /// How an answer differs from what the case says.
    pub(crate) fn difference(&self, answer: &str) -> Option<String> {
        let expected = self.redacted.as_ref().unwrap_or(&self.input).concat();
        (answer != expected).then(|| format!("{}: expected {expected:?}, got {answer:?}", self.name))
    }
}
