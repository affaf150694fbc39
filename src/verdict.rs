//! What an audit answers.

#![forbid(unsafe_code)]

use crate::rules::{Action, Rule, Severity};
use serde::Serialize;

/// One thing that a rule found.
///
/// ```
/// let verdict = callgate::Gate::default().audit("t", br#"{"a":{"b":"\ud800"}}"#);
/// let finding = &verdict.findings()[0];
/// assert_eq!((finding.rule.id(), finding.pointer.as_str()), ("json.surrogate", "/a/b"));
/// assert_eq!((finding.start, finding.end), (Some(10), Some(18)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that matched.
    pub rule: Rule,
    /// What the policy makes of it; never [`Action::Allow`].
    pub action: Action,
    /// How bad it is.
    pub severity: Severity,
    /// JSON Pointer (RFC 6901) into the arguments; the root is the empty string. Where the pointer would be
    /// longer than 2,048 bytes it names the deepest container whose pointer is not.
    pub pointer: String,
    /// What was wrong, and what was expected. Holds no argument values and no host paths.
    pub message: String,
    /// Whether the kind of the argument was guessed: from a schema, or by the policy's `"inferred": true`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
    /// The narrowest member of a policy that changes this outcome, for the operator; `None` where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// What a schema expected: a type, the values, a bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// First byte of the matched range in the input, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u64>,
    /// One past the last byte of the matched range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<u64>,
}

/// Findings that a verdict has at most.
pub(crate) const MAX_FINDINGS: usize = 32;

/// The answer to an audit: an action, and the findings in the order of the bytes.
///
/// At most 32 findings are kept; a denial is never dropped in favour of a flag.
///
/// ```
/// use callgate::{Action, Gate};
/// let gate = Gate::default();
/// assert_eq!(gate.audit("read_note", br#"{"name":"todo"}"#).action(), Action::Allow);
/// let verdict = gate.audit("read_note", br#"{"name":"todo","name":"other"}"#);
/// assert_eq!(verdict.action(), Action::Deny);
/// assert_eq!(verdict.findings()[0].rule.id(), "json.duplicate-key");
/// assert_eq!(verdict.findings()[0].pointer, "/name");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verdict {
    action: Action,
    findings: Vec<Finding>,
}

impl Verdict {
    /// The verdict of an audit that found nothing. Allocates nothing.
    pub const ALLOWED: Verdict = Verdict { action: Action::Allow, findings: Vec::new() };

    /// The verdict over these findings: the strongest action among them. Too many give way from the end,
    /// flags before denials.
    pub(crate) fn from_findings(mut findings: Vec<Finding>) -> Self {
        while findings.len() > MAX_FINDINGS {
            let flag = findings.iter().rposition(|finding| finding.action != Action::Deny);
            findings.remove(flag.unwrap_or(MAX_FINDINGS));
        }
        let action = findings.iter().map(|finding| finding.action).max().unwrap_or_default();
        Self { action, findings }
    }

    /// The strongest action among the findings; [`Action::Allow`] when there are none.
    pub fn action(&self) -> Action {
        self.action
    }

    /// What was found, in the order of the bytes.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The first finding whose action is the verdict's own.
    pub fn deciding(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.action == self.action)
    }
}
