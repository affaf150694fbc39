//! A gate for the tool calls of MCP servers.
//!
//! A tool call comes in as bytes; callgate says allow, flag or deny, and why, before any of the server's
//! own code runs. [`Gate`] is the one object: a compiled [`Policy`] and its state.
//!
//! ```
//! use callgate::{Action, Gate};
//! let gate = Gate::default();
//! let verdict = gate.audit("search", br#"{"query":"x","__proto__":{"admin":true}}"#);
//! assert_eq!(verdict.action(), Action::Deny);
//! assert_eq!(verdict.findings()[0].rule.id(), "json.prototype-key");
//! ```

mod access;
mod audit;
#[cfg(feature = "capi")]
pub mod capi;
mod clean;
pub mod coverage;
mod error;
mod gate;
mod helper;
#[cfg(feature = "test-hooks")]
#[doc(hidden)]
pub mod hooks;
mod json;
mod kinds;
// Unit tests register no #[napi] exports, so that all of it would be dead code there.
#[cfg(all(feature = "node", not(test)))]
mod node;
mod path;
pub mod policy;
mod redact;
mod rpc;
mod rules;
mod schema;
mod secrets;
#[cfg(test)]
mod testing;
pub mod text;
mod url;
mod verdict;

pub use audit::Definition;
pub use clean::CleanOptions;
pub use coverage::{Coverage, ToolDefinition};
pub use error::{Error, ErrorKind};
pub use gate::{Gate, ToolId};
pub use kinds::{ToolWords, infer_kinds, infer_kinds_from_json};
pub use path::{
    AppendOptions, CopyOptions, DirEntry, EntryKind, FileKind, FileStat, Files, MakeDirOptions, OpenOptions,
    PathOptions, ReadDirOptions, ReadOptions, RemoveOptions, RenameOptions, ServerProcess, StatOptions,
    ValidatedPath, WriteOptions,
};
pub use policy::Policy;
pub use rpc::{AnswerVerdict, MessageId, MessageKind, MessageReader, MessageVerdict, ReadMessage, one_line};
pub use rules::{Action, Control, Rule, Severity};
pub use text::{Removed, RemovedKind, Sanitized};
pub use verdict::{Finding, Verdict};
