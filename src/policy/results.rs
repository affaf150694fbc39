//! The policy's member `results`.

#![forbid(unsafe_code)]

use super::{Limits, ToolLimits};
use serde::{Deserialize, Deserializer, Serialize};

/// What is done about the answers of a server.
///
/// ```
/// use callgate::{Gate, Policy, policy::ResultRedaction};
/// let mut policy = Policy::default();
/// policy.results.redact = ResultRedaction::Off;
/// policy.results.limits.depth = 8;
/// let gate = Gate::new(policy)?;
/// let answer = br#"{"jsonrpc":"2.0","id":1,"result":{"a":[[[[[[[[]]]]]]]]}}"#;
/// let verdict = gate.audit_message(answer);
/// assert_eq!(verdict.findings()[0].member.as_deref(), Some("results.limits.depth"));
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Results {
    /// What becomes of a result whose text gives the model orders (`injection.prompt`). Default:
    /// [`ResultInjection::Flag`].
    pub injection: ResultInjection,
    /// Which secrets a result loses. Default: [`ResultRedaction::Shapes`].
    pub redact: ResultRedaction,
    /// Sizes and counts of a message that is an answer. They are wider than those of calls, which `limits` names:
    /// 128 MiB and as much for one string, 256 nested containers, 5,000,000 values and as many items of one array,
    /// 65,536 bytes of one key, 4,096 characters of one number.
    #[serde(deserialize_with = "over_wide")]
    pub limits: Limits,
}

impl Default for Results {
    fn default() -> Self {
        Self { injection: ResultInjection::default(), redact: ResultRedaction::default(), limits: WIDE }
    }
}

/// The limits of results that no policy names.
const WIDE: Limits = Limits {
    message_bytes: 128 << 20,
    depth: 256,
    elements: 5_000_000,
    string_bytes: 128 << 20,
    key_bytes: 65_536,
    nodes: 5_000_000,
    number_chars: 4096,
};

/// Limits of which those that are absent are wide.
fn over_wide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Limits, D::Error> {
    Ok(ToolLimits::deserialize(deserializer)?.over(WIDE))
}

/// What becomes of a result whose text gives the model orders.
///
/// ```
/// use callgate::policy::ResultInjection;
/// assert_eq!(ResultInjection::default(), ResultInjection::Flag);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ResultInjection {
    /// It is told, and passes.
    #[default]
    Flag,
    /// It is told, and a text that warns of it stands before it.
    Annotate,
    /// The client gets an error in its place.
    Deny,
}

/// Which secrets a result loses.
///
/// ```
/// use callgate::policy::ResultRedaction;
/// assert_eq!(ResultRedaction::default(), ResultRedaction::Shapes);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ResultRedaction {
    /// Those that their own shape gives away, and texts that can be secrets where their name says that they are.
    /// Names of pages, cursors and handles stay, and so does all that is no text.
    #[default]
    Shapes,
    /// As [`Gate::redact`](crate::Gate::redact) does for logs: every value whose name says that it is a secret.
    Names,
    /// None.
    Off,
}
