//! The error of every fallible function: misuse, a bad policy, a refused path or an internal failure.

#![forbid(unsafe_code)]

use crate::verdict::Finding;

/// What kind of failure an [`Error`] is. The string form is the `code` that all surfaces share.
///
/// ```
/// use callgate::{ErrorKind, Gate};
/// let error = Gate::default().resolve_path("x", &Default::default()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Refused);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A path function refused; the code is the id of the deciding rule.
    Refused,
    /// The policy is not valid; the message starts with the JSON Pointer of the fault.
    InvalidPolicy,
    /// The policy file could not be read.
    UnreadablePolicy,
    /// An argument has a type or value that the function does not take.
    InvalidInput,
    /// The gate was closed.
    Closed,
    /// The platform cannot do this yet.
    Unsupported,
    /// callgate itself failed; please report it.
    Internal,
}

/// An error with a stable [`code`](Error::code), a message that leaks neither argument values nor absolute
/// paths of the host, and, where a path was refused, the [`Finding`] that says why.
///
/// ```
/// let error = callgate::Gate::default().resolve_path("x", &Default::default()).unwrap_err();
/// assert_eq!(error.code(), "path.outside-root");
/// assert_eq!(error.finding().unwrap().rule.id(), error.code());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    finding: Option<Box<Finding>>,
}

/// Longer messages about a policy are cut (bytes): they name members, which may be long.
const MAX_POLICY_MESSAGE: usize = 1024;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), finding: None }
    }

    /// `pointer` is the JSON Pointer of the faulty policy member; the root is the empty string.
    pub(crate) fn policy(pointer: &str, message: impl std::fmt::Display) -> Self {
        let place = if pointer.is_empty() { "(root)" } else { pointer };
        let mut message = format!("{place}: {message}");
        let end = (0..=MAX_POLICY_MESSAGE).rev().find(|end| message.is_char_boundary(*end));
        message.truncate(end.unwrap_or_default());
        Self::new(ErrorKind::InvalidPolicy, message)
    }

    pub(crate) fn refused(finding: Finding) -> Self {
        Self { kind: ErrorKind::Refused, message: finding.message.clone(), finding: Some(Box::new(finding)) }
    }

    /// The kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The stable code: a rule id for refusals, otherwise one of `policy.invalid`, `policy.unreadable`,
    /// `input.type`, `gate.closed`, `platform.unsupported` and `internal`.
    ///
    /// ```
    /// let error = callgate::Gate::from_json(br#"{"limits":{"depth":"deep"}}"#).unwrap_err();
    /// assert_eq!(error.code(), "policy.invalid");
    /// assert!(error.to_string().starts_with("/limits/depth"));
    /// ```
    pub fn code(&self) -> &'static str {
        match (self.kind, &self.finding) {
            (ErrorKind::Refused, Some(finding)) => finding.rule.id(),
            (ErrorKind::InvalidPolicy, _) => "policy.invalid",
            (ErrorKind::UnreadablePolicy, _) => "policy.unreadable",
            (ErrorKind::InvalidInput, _) => "input.type",
            (ErrorKind::Closed, _) => "gate.closed",
            (ErrorKind::Unsupported, _) => "platform.unsupported",
            (ErrorKind::Refused | ErrorKind::Internal, _) => "internal",
        }
    }

    /// The finding behind a refusal.
    pub fn finding(&self) -> Option<&Finding> {
        self.finding.as_deref()
    }
}
