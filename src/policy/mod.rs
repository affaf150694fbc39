//! What the user may say: the policy's types and defaults.
//!
//! Reading a policy document is in `parse`, what it extends in `presets`, the form that audits use in
//! `compile`, and the members that are published but not enforced yet in `reserved`.

#![forbid(unsafe_code)]

mod access;
mod compile;
mod parse;
mod paths;
mod presets;
mod provenance;
mod reserved;
mod results;
mod sanitize;
mod urls;

pub use access::{Access, AccessList, Admission, PeerRequest, Resources};
#[cfg(test)]
pub(crate) use compile::anywhere;
pub(crate) use compile::{Actions, ArgumentRule, Segment, ToolRules, Tools, inferred, segments};
pub(crate) use parse::push_segment;
pub use presets::{Explained, Origin, Preset};
pub use results::{ResultInjection, ResultRedaction, Results};
pub use sanitize::{Sanitize, Treatment};
pub use urls::Urls;

use presets::Extends;
use provenance::Provenance;
use reserved::ReservedObject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a [`Gate`](crate::Gate) enforces. [`Policy::default`] is the default policy.
///
/// ```
/// use callgate::{Gate, Policy};
/// let mut policy = Policy::default();
/// policy.limits.depth = 8;
/// let gate = Gate::new(policy)?;
/// assert_eq!(gate.audit("t", b"[[[[[[[[[]]]]]]]]]").findings()[0].rule.id(), "limit.depth");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Policy {
    /// Accepted for editors, ignored otherwise.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What the document was written on top of; merged when it was read, so that nothing is left here.
    #[serde(skip_serializing)]
    extends: Extends,
    /// Whether refusals refuse; a tool may differ. Default: [`Mode::Enforce`].
    pub mode: Mode,
    /// Sizes and counts.
    pub limits: Limits,
    /// Roots and what is off limits inside them.
    pub paths: Paths,
    /// Where URLs and hosts may lead.
    pub urls: Urls,
    /// Rule id, or `family.*`, to action; exact ids win over families.
    pub rules: BTreeMap<String, RuleAction>,
    /// Tool name to what holds for it; `"*"` holds for every tool, a tool's own members win.
    pub tools: BTreeMap<String, Tool>,
    /// What [`Gate::sanitize`](crate::Gate::sanitize) does beyond what the rules of text name.
    pub sanitize: Sanitize,
    /// Which tools, methods, resources and prompts may be asked for.
    pub access: Access,
    /// Which URIs of resources may be asked for.
    pub resources: Resources,
    /// What is done about the answers of a server.
    pub results: Results,
    #[serde(skip_serializing)]
    rate: ReservedObject,
    /// Which keys make their values secrets, for [`Gate::redact`](crate::Gate::redact).
    pub redact: Redact,
    #[serde(skip_serializing)]
    record: ReservedObject,
    #[serde(skip_serializing)]
    watch: ReservedObject,
    #[serde(skip)]
    pub(crate) provenance: Provenance,
}

/// Whether a refusal refuses.
///
/// ```
/// use callgate::{Action, Gate, Policy, policy::Mode};
/// let mut policy = Policy::default();
/// policy.mode = Mode::Observe;
/// assert_eq!(Gate::new(policy)?.audit("t", b"{").action(), Action::Flag);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Refusals refuse.
    #[default]
    Enforce,
    /// Every refusal of an audit or check is reported as a flag. Functions that hand out a path or a
    /// descriptor still refuse what has none inside a root.
    Observe,
}

/// Sizes and counts of one call. Every limit's own value passes.
///
/// ```
/// use callgate::{Gate, Policy};
/// let mut policy = Policy::default();
/// policy.limits.elements = 2;
/// let gate = Gate::new(policy)?;
/// assert!(gate.audit("t", b"[1,2]").findings().is_empty());
/// assert_eq!(gate.audit("t", b"[1,2,3]").findings()[0].rule.id(), "limit.elements");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the whole input. Default 16,777,216 (16 MiB), at most 4,294,967,232.
    pub message_bytes: u32,
    /// Nested containers; the outermost counts as 1. Default 64.
    pub depth: u32,
    /// Items of one array, or members of one object. Default 65,536.
    pub elements: u32,
    /// Bytes of one string between its quotes, as written. Default 16,777,216.
    pub string_bytes: u32,
    /// Bytes of one key between its quotes, as written. Default 1,024.
    pub key_bytes: u32,
    /// Values in the whole input, containers included. Default 1,000,000.
    pub nodes: u32,
    /// Characters of one number as written. Default 128.
    pub number_chars: u32,
}

impl Limits {
    /// For what is read where nothing is refused.
    pub(crate) const NONE: Self = Self {
        message_bytes: u32::MAX,
        depth: u32::MAX,
        elements: u32::MAX,
        string_bytes: u32::MAX,
        key_bytes: u32::MAX,
        nodes: u32::MAX,
        number_chars: u32::MAX,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 16 << 20,
            depth: 64,
            elements: 65_536,
            string_bytes: 16 << 20,
            key_bytes: 1024,
            nodes: 1_000_000,
            number_chars: 128,
        }
    }
}

/// Limits of one tool; what is absent comes from `"*"`, then from the policy's `limits`.
///
/// ```
/// use callgate::{Gate, Policy, policy::Tool};
/// let mut policy = Policy::default();
/// let mut tool = Tool::default();
/// tool.limits.depth = Some(1);
/// policy.tools.insert("flat".to_owned(), tool);
/// let gate = Gate::new(policy)?;
/// assert_eq!(gate.audit("flat", b"[[]]").findings()[0].rule.id(), "limit.depth");
/// assert!(gate.audit("other", b"[[]]").findings().is_empty());
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each member is documented at Limits")]
pub struct ToolLimits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_bytes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elements: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_bytes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_bytes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_chars: Option<u32>,
}

/// Roots, blocked names and what else a path must satisfy.
///
/// ```
/// let mut policy = callgate::Policy::default();
/// policy.paths.blocked.push("drafts/**".to_owned());
/// policy.paths.unblocked.push(".env.local".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "paths::Written", into = "paths::Written")]
#[non_exhaustive]
pub struct Paths {
    /// Folders that paths may lie in; opened once, when the gate is made. Relative ones count from the
    /// policy file's folder, or from the working directory. Default: none, so that every path is refused.
    ///
    /// In a document that says `"roots": "client"` these are `within`.
    pub roots: Vec<PathBuf>,
    /// The client names the roots (`roots/list`), told by [`Gate::set_client_roots`](crate::Gate::set_client_roots):
    /// inside [`Paths::roots`], where there are any. Until it has told, those hold. In a document: `"roots": "client"`.
    /// Default: false.
    pub client: bool,
    /// Patterns blocked in addition to the built-in ones: relative ones match below a root, absolute ones
    /// the resolved path; `*` stays inside a name, `**` does not. Default: none.
    pub blocked: Vec<String>,
    /// Patterns that are allowed although a built-in or own pattern blocks them; what lies in a folder that
    /// is blocked by default only where the pattern names the folder: `.git/config`. A relative pattern allows
    /// what relative ones block, an absolute one what absolute ones block. Default: none.
    pub unblocked: Vec<String>,
    /// Files with several hard links. Default: [`HardLinks::DenyWrite`].
    pub hard_links: HardLinks,
    /// Whether a path may cross into another file system. Default: false.
    pub cross_device: bool,
    /// Symbolic links below a root. Default: [`Links::Inside`].
    pub links: Links,
    /// Where the relative paths of arguments count from. Default: [`Relative::Server`].
    pub relative: Relative,
}

/// What becomes of symbolic links below a root.
///
/// ```
/// use callgate::{Policy, policy::Links};
/// let policy = Policy::from_json(br#"{ "paths": { "links": "deny" } }"#)?;
/// assert_eq!(policy.paths.links, Links::Deny);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Links {
    /// One that leads to a place in a root is judged by where it leads; one that leads out is refused. None is
    /// deleted.
    #[default]
    Inside,
    /// No path leads through a link.
    Deny,
}

/// Where the relative paths of arguments count from; those given to a gate's own functions count from a root.
///
/// ```
/// use callgate::{Policy, policy::Relative};
/// let policy = Policy::from_json(br#"{ "paths": { "relative": "root" } }"#)?;
/// assert_eq!(policy.paths.relative, Relative::Root);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relative {
    /// From the server's working directory, where [`ServerProcess`](crate::ServerProcess) tells it.
    #[default]
    Server,
    /// From the first root: the server joins them to it.
    Root,
}

/// What may be done to a file with several hard links.
///
/// ```
/// use callgate::{Policy, policy::HardLinks};
/// let policy = Policy::from_json(br#"{ "paths": { "hardLinks": "deny" } }"#)?;
/// assert_eq!(policy.paths.hard_links, HardLinks::Deny);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HardLinks {
    /// Read, but not written or deleted: package managers hard-link what coding tools read.
    #[default]
    DenyWrite,
    /// Nothing.
    Deny,
    /// Everything.
    Allow,
}

/// Keys whose values are taken out, besides the built-in ones.
///
/// A key is its words, however they are written: `cardNumber` stands for `card_number` and `CARD-NUMBER` too.
///
/// ```
/// use callgate::{Gate, Policy};
/// let policy = Policy::from_json(br#"{ "redact": { "keys": ["cardNumber"], "notKeys": ["session_id"] } }"#)?;
/// let redacted = Gate::new(policy)?.redact(br#"{"old_card_number":4111,"sessionId":"s1"}"#).into_owned();
/// assert_eq!(redacted, br#"{"old_card_number":"[REDACTED]","sessionId":"s1"}"#);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Redact {
    /// Keys that hold these words in a row are secret too. Default: none.
    pub keys: Vec<String>,
    /// Keys that have just these words are not secret; secrets in their values are still found. Default: none.
    pub not_keys: Vec<String>,
}

/// What `rules` may say of a rule.
///
/// ```
/// use callgate::{Action, Gate, Policy, policy::RuleAction};
/// let mut policy = Policy::default();
/// policy.rules.insert("json.duplicate-key".to_owned(), RuleAction::Flag);
/// assert_eq!(Gate::new(policy)?.audit("t", br#"{"a":1,"a":2}"#).action(), Action::Flag);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleAction {
    /// A match denies the call.
    Deny,
    /// A match is reported, the call goes on.
    Flag,
    /// Not reported.
    Off,
}

/// What holds for one tool.
///
/// ```
/// use callgate::policy::{Argument, Intent, Kind, Tool};
/// let mut tool = Tool::default();
/// tool.arguments.insert("/files/*".to_owned(), Argument::new(Kind::Path, Intent::Write));
/// tool.schema = Some(serde_json::json!({ "type": "object", "required": ["files"] }));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tool {
    /// Whether refusals of this tool's audits refuse; where absent, what `"*"` says, then the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// JSON Pointer of an argument to what it is; a `*` segment is any item or key, `~2` a literal `*`.
    pub arguments: BTreeMap<String, Argument>,
    /// Limits that differ from the policy's.
    pub limits: ToolLimits,
    /// JSON Schema that the arguments must match: an object or a boolean. 2020-12, unless its `$schema` names
    /// draft 4, 6, 7 or 2019-09; at most 256 KiB, 64 levels and 10,000 objects; a `$ref` leads to the schema
    /// itself or to those of the drafts; patterns are those of the `regex` crate (no look-around); `format` and
    /// the content keywords are annotations. Default: none. The tool's own replaces that of `"*"`.
    ///
    /// Judged when nothing else refuses the call. Arguments nested deeper than 256 levels (fewer where a schema
    /// applies a long chain of others to one value), with a member twice, or that would take more work than their
    /// size allows are refused as `schema.limit`. While a call is judged its tokens are held: 8 bytes for a key,
    /// string, number or literal, 16 for a container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<serde_json::Value>,
    /// Where the schema came from, if the policy does not say it.
    #[serde(skip)]
    pub(crate) learnt: Option<Held>,
    /// What the tool says of itself, if the schema was learnt: its title and its description.
    #[serde(skip)]
    pub(crate) words: [String; 2],
    /// Its hints, likewise.
    #[serde(skip)]
    pub(crate) hints: Hints,
    /// Whether the tool may be called; where absent, what `"*"` says, then the policy's `access`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Admission>,
}

/// What a server publishes of a tool.
///
/// ```
/// use callgate::policy::Published;
/// let tool: Published = serde_json::from_str(r#"{ "schema": { "type": "object" } }"#)?;
/// assert_eq!(tool.schema["type"], "object");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Published {
    /// The JSON Schema of its arguments: its `inputSchema`.
    pub schema: serde_json::Value,
    /// Its title, which tells kinds together with the schema.
    #[serde(default)]
    pub title: Option<String>,
    /// Its description, likewise.
    #[serde(default)]
    pub description: Option<String>,
    /// Its annotations, which tell what it does where its name does not.
    #[serde(default)]
    pub annotations: Hints,
}

/// What a tool says that it does (`annotations`). A server is not believed for it: a hint makes the judgement of a tool
/// stricter or leaves it alone.
///
/// ```
/// use callgate::policy::Hints;
/// let hints: Hints = serde_json::from_str(r#"{ "destructiveHint": true }"#)?;
/// assert!(hints.changes());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hints {
    /// It changes nothing.
    pub read_only_hint: Option<bool>,
    /// It may destroy something.
    pub destructive_hint: Option<bool>,
}

impl<'de> Deserialize<'de> for Hints {
    /// Of whatever a server writes there: what is no hint says nothing.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let annotations = serde_json::Value::deserialize(deserializer)?;
        let hint = |name: &str| annotations.get(name)?.as_bool();
        Ok(Self { read_only_hint: hint("readOnlyHint"), destructive_hint: hint("destructiveHint") })
    }
}

impl Hints {
    /// Whether they say that the tool changes something.
    pub fn changes(self) -> bool {
        self.read_only_hint == Some(false) || self.destructive_hint == Some(true)
    }
}

/// What a schema does to calls that do not match it, where a server published it and no policy says it.
///
/// ```
/// use callgate::policy::Held;
/// assert!(serde_json::from_str::<Held>("\"flag\"").is_ok_and(|held| held == Held::Flag));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    /// They are refused: nothing behind the gate holds them against the schema.
    Deny,
    /// They are reported: whoever is behind the gate takes more than the schema says, or may.
    Flag,
    /// Nothing: whoever is behind the gate validates. The schema tells the kinds of arguments alone.
    Off,
}

/// What one argument is.
///
/// ```
/// use callgate::policy::{Argument, Intent, Kind};
/// let argument = Argument::new(Kind::Path, Intent::Read);
/// assert_eq!(argument.kind, Kind::Path);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Argument {
    /// How the argument is judged.
    pub kind: Kind,
    /// For kind `path`: what the tool will do with it. Default: read.
    #[serde(default)]
    pub intent: Intent,
    /// For kind `sql`: the statements that are expected; others are denied. Default: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Statements>,
    /// Whether the kind is a guess, which refuses only what no honest call holds. Default: false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

impl Argument {
    /// An argument of this kind; `intent` matters to kind `path` only.
    pub fn new(kind: Kind, intent: Intent) -> Self {
        Self { kind, intent, statements: None, inferred: false }
    }
}

/// How an argument is judged.
///
/// ```
/// use callgate::{Gate, Policy, policy::{Argument, Intent, Kind, Tool}};
/// let mut tool = Tool::default();
/// tool.arguments.insert("/path".to_owned(), Argument::new(Kind::Path, Intent::Read));
/// let mut policy = Policy::default();
/// policy.tools.insert("read".to_owned(), tool);
/// let verdict = Gate::new(policy)?.audit("read", br#"{"path":"../../etc/passwd"}"#);
/// assert_eq!(verdict.findings()[0].rule.id(), "path.traversal");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A path below a root: resolved where roots are configured, its names checked in any case; `..` is read
    /// as the kernel does and as a handler does that joins paths by their text.
    Path,
    /// An absolute URL: where it leads is judged by the policy's `urls`. A public name that resolves to a private
    /// address is caught where the connection is made, not here.
    Url,
    /// A host name or address, with a port or without, judged the same.
    Host,
    /// Bytes that only the structure and limit rules look at.
    Opaque,
    /// A name that is put into a statement: up to four parts of letters, digits, `_` and `$`.
    Identifier,
    /// One argument of a command.
    Word,
    /// A whole command line for a shell.
    Command,
    /// A name with a version: of a branch, a commit, a package.
    Ref,
    /// One whole SQL statement.
    Sql,
    /// Prose for people: judged for what hides in text, not for what looks like code.
    Text,
    /// Source code: as `text`.
    Code,
    /// Anything: judged for every class of injection, and only reported.
    Auto,
}

/// Which statements an argument of kind `sql` may hold.
///
/// ```
/// use callgate::{Policy, policy::Statements};
/// let policy = br#"{ "tools": { "ask": { "arguments": { "/sql": { "kind": "sql", "statements": "read" } } } } }"#;
/// let policy = Policy::from_json(policy)?;
/// assert_eq!(policy.tools["ask"].arguments["/sql"].statements, Some(Statements::Read));
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Statements {
    /// Those that only read.
    Read,
    /// Those that change rows too.
    Write,
    /// Any.
    #[default]
    Any,
}

/// What will be done at a path.
///
/// ```
/// use callgate::policy::Intent;
/// assert_eq!(Intent::default(), Intent::Read);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Read a file.
    #[default]
    Read,
    /// List a directory.
    List,
    /// Write a file; it may be created.
    Write,
    /// Remove a file or directory.
    Delete,
}
