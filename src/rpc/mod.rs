//! JSON-RPC 2.0 as MCP has it: messages in lines, their envelope, what they ask for, URIs of resources.
//!
//! `envelope` reads a message in the one pass that audits it; `frame` finds messages in a stream; `line` makes
//! each one line for every reader, `repair` mends what is lost for one spot, `renumber` gives a message another id; `scan` finds
//! the id of what nothing else reads; `orders` finds what its texts tell the model to do, `lines` how programs print lines; `uri` knows the templates of resources.

#![forbid(unsafe_code)]

mod answer;
mod asked;
mod envelope;
mod frame;
mod line;
mod lines;
mod orders;
#[cfg(any(feature = "node", test))]
mod renumber;
mod repair;
mod scan;
#[cfg(test)]
mod tests;
mod uri;

pub use answer::AnswerVerdict;
pub(crate) use answer::answer;
pub(crate) use envelope::{Judge, Judged};
pub use frame::{MessageReader, ReadMessage};
pub use line::one_line;
#[cfg(all(feature = "node", not(test)))]
pub(crate) use orders::Orders;
#[cfg(all(feature = "node", not(test)))]
pub(crate) use renumber::with_id;
pub(crate) use uri::{UriGuard, Value as UriValue};

use crate::Action;
use crate::verdict::{Finding, Verdict};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// Longer ids cannot be used (bytes of text).
const MAX_ID: usize = 1024;
/// Longer numbers are no ids (bytes).
const MAX_NUMBER: usize = 128;
/// Longer methods are refused (bytes of text).
const MAX_METHOD: usize = 256;
/// Longer names of tools and prompts are refused (bytes of text).
const MAX_NAME: usize = 1024;

/// What a message is.
///
/// ```
/// use callgate::{Gate, MessageKind};
/// let verdict = Gate::default().audit_message(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
/// assert_eq!(verdict.kind(), MessageKind::Notification);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// It has a method and an id, and wants an answer.
    Request,
    /// It has a method and no id, and is never answered.
    Notification,
    /// The answer to a request: a result or an error.
    Response,
    /// Several messages in an array.
    Batch,
    /// None of these: not JSON, not an object, or with an envelope that is wrong.
    Invalid,
}

impl MessageKind {
    /// The lower-case name used in verdicts.
    ///
    /// ```
    /// assert_eq!(callgate::MessageKind::Batch.as_str(), "batch");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Notification => "notification",
            Self::Response => "response",
            Self::Batch => "batch",
            Self::Invalid => "invalid",
        }
    }
}

/// The id of a request or of its answer.
///
/// ```
/// use callgate::{Gate, MessageId};
/// let verdict = Gate::default().audit_message(br#"{"method":"ping","jsonrpc":"2.0","id":"a"}"#);
/// assert_eq!(verdict.id(), Some(&MessageId::Text("a".into())));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageId<'a> {
    /// An integer within 2^53-1.
    Number(i64),
    /// A string of at most 1,024 bytes.
    Text(Cow<'a, str>),
    /// Another number, as it is written, in at most 128 bytes: JavaScript would write another in its place. An answer
    /// has it as it is.
    Written(Cow<'a, str>),
}

impl Serialize for MessageId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            // What JavaScript reads.
            Self::Written(number) => serializer.serialize_f64(number.parse().unwrap_or(f64::NAN)),
        }
    }
}

impl MessageId<'_> {
    fn into_owned(self) -> MessageId<'static> {
        match self {
            Self::Number(number) => MessageId::Number(number),
            Self::Text(text) => MessageId::Text(Cow::Owned(text.into_owned())),
            Self::Written(number) => MessageId::Written(Cow::Owned(number.into_owned())),
        }
    }
}

/// Whether JavaScript keeps every digit of an integer.
fn is_safe(number: i64) -> bool {
    number.unsigned_abs() < 1 << 53
}

/// The answer to the audit of a message: a verdict, and whose message it is on.
///
/// ```
/// use callgate::{Action, Gate, MessageId, MessageKind};
/// let message = br#"{"method":"tools/call","params":{"name":"sum","arguments":{"a":1e999}},"jsonrpc":"2.0","id":7}"#;
/// let verdict = Gate::default().audit_message(message);
/// assert_eq!((verdict.kind(), verdict.id()), (MessageKind::Request, Some(&MessageId::Number(7))));
/// assert_eq!((verdict.method(), verdict.tool()), (Some("tools/call"), Some("sum")));
/// assert_eq!(verdict.action(), Action::Deny);
/// assert_eq!(verdict.findings()[0].pointer, "/params/arguments/a");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageVerdict {
    kind: MessageKind,
    id: Option<MessageId<'static>>,
    /// The id, where it is a number that JavaScript does not keep.
    #[serde(skip_serializing_if = "Option::is_none")]
    written_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<String>,
    #[serde(flatten)]
    verdict: Verdict,
}

impl MessageVerdict {
    pub(crate) fn new(judged: Judged<'_>) -> Self {
        let Judged { kind, id, method, tool, verdict, .. } = judged;
        let written_id = match &id {
            Some(MessageId::Written(number)) => Some(number.to_string()),
            _ => None,
        };
        Self {
            kind,
            written_id,
            id: id.map(MessageId::into_owned),
            method: method.map(Cow::into_owned),
            tool: tool.map(Cow::into_owned),
            verdict,
        }
    }

    /// What the message is.
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// Its id: that of a request or of an answer, also of one that is refused, wherever in it the id stands. `None`
    /// where there is none that can be used.
    pub fn id(&self) -> Option<&MessageId<'static>> {
        self.id.as_ref()
    }

    /// The method of a request or notification.
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// The tool that `tools/call` names.
    pub fn tool(&self) -> Option<&str> {
        self.tool.as_deref()
    }

    /// The verdict alone.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// As [`Verdict::action`].
    pub fn action(&self) -> Action {
        self.verdict.action()
    }

    /// As [`Verdict::findings`]; pointers and ranges are those of the whole message.
    pub fn findings(&self) -> &[Finding] {
        self.verdict.findings()
    }

    /// The same verdict with findings from before the message was read.
    #[cfg(all(feature = "node", not(test)))]
    pub(crate) fn with(mut self, findings: &[Finding]) -> Self {
        let all = [findings, self.verdict.findings()].concat();
        self.verdict = Verdict::from_findings(all);
        self
    }
}
