//! `Gate`: a compiled policy and its state, the one object that every surface talks to.

#![forbid(unsafe_code)]

#[cfg(all(feature = "node", not(test)))]
mod addon;

use crate::access::{AccessGuard, Asked};
use crate::audit::{self, Definition};
use crate::clean::{self, CleanOptions, Cleaner};
use crate::error::Error;
use crate::path::{Files, OpenOptions, PathGuard, PathOptions, ServerProcess, ValidatedPath};
use crate::policy::{Actions, Held, Policy, Published, Sanitize, ToolRules, Tools};
use crate::redact::{self, SecretKeys};
use crate::rpc::{self, AnswerVerdict, Judge, MessageVerdict, UriGuard};
use crate::rules::Rule;
use crate::secrets;
use crate::text::{self, Sanitized};
use crate::url::{Origin, UrlGuard};
use crate::verdict::Verdict;
use std::borrow::Cow;
use std::fs::File;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The id of a tool name within one gate, for callers that audit the same tool often. Another gate refuses it.
///
/// ```
/// let gate = callgate::Gate::default();
/// let id = gate.tool_id("read_note");
/// assert!(gate.audit_tool(id, b"{}").findings().is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ToolId {
    gate: u64,
    index: u32,
}

/// What tells the gates of a process apart, and nothing more of them.
struct Serial(u64);

impl std::fmt::Debug for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Serial")
    }
}

impl Default for Serial {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A compiled [`Policy`] with its opened roots. Cheap to share: every method takes `&self` and may be
/// called from several threads at once.
///
/// ```
/// use callgate::{Action, Gate};
/// let gate = Gate::from_json(br#"{ "limits": { "depth": 2 } }"#)?;
/// assert_eq!(gate.audit("sum", b"[[1],[2]]").action(), Action::Allow);
/// assert_eq!(gate.audit("sum", b"[[[1]]]").action(), Action::Deny);
/// # Ok::<(), callgate::Error>(())
/// ```
///
/// [`Gate::default`] enforces the default policy: no roots, every limit at its default.
#[derive(Debug, Default)]
pub struct Gate {
    serial: Serial,
    policy: Policy,
    actions: Actions,
    tools: Tools,
    paths: Arc<PathGuard>,
    urls: UrlGuard,
    secret_keys: SecretKeys,
    access: AccessGuard,
    resources: UriGuard,
    sanitize: ResultSanitize,
}

/// What [`Policy::sanitize_of_results`] says.
#[derive(Debug)]
struct ResultSanitize(Sanitize);

impl Default for ResultSanitize {
    fn default() -> Self {
        Self(Policy::default().sanitize_of_results())
    }
}

impl Gate {
    /// Compiles a policy and opens its roots; relative roots count from the working directory.
    ///
    /// # Errors
    /// `policy.invalid` with the JSON Pointer of the fault; a root that cannot be opened is one.
    pub fn new(policy: Policy) -> Result<Self, Error> {
        Self::with_base(policy, Path::new("."))
    }

    /// The same, with relative roots counted from `base`.
    ///
    /// # Errors
    /// As [`Gate::new`].
    ///
    /// ```
    /// use callgate::{Gate, Policy};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// std::fs::create_dir(folder.join("notes"))?;
    /// let policy = Policy::from_json(br#"{ "paths": { "roots": ["notes"] } }"#)?;
    /// let gate = Gate::with_base(policy, &folder)?;
    /// assert_eq!(gate.resolve_path(".", &Default::default())?.relative(), ".");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_base(policy: Policy, base: &Path) -> Result<Self, Error> {
        let paths = Arc::new(PathGuard::open(&policy.paths, base)?);
        if let Some(file) = policy.provenance.file() {
            paths.protect(file, false);
        }
        Self::compiled(policy, paths)
    }

    /// A gate of the same policy that has also learnt what a server published of its tools: what the policy itself
    /// says of a tool wins. The roots stay open once for both.
    ///
    /// # Errors
    /// `policy.invalid` for a schema that does not compile, with its pointer in `tools`.
    ///
    /// ```
    /// use callgate::policy::{Held, Published};
    /// use callgate::{Action, Gate};
    /// let gate = Gate::default();
    /// let schema = serde_json::json!({ "properties": { "n": { "type": "integer" } } });
    /// let published = Published { schema, title: None, description: None, annotations: Default::default() };
    /// let tools = [("count".to_owned(), published)];
    /// let held = gate.learn(tools.clone(), Held::Deny)?;
    /// assert_eq!(held.audit("count", br#"{"n":"5"}"#).action(), Action::Deny);
    /// let told = gate.learn(tools.clone(), Held::Flag)?;
    /// assert_eq!(told.audit("count", br#"{"n":"5"}"#).action(), Action::Flag);
    /// let kinds = gate.learn(tools, Held::Off)?;
    /// assert_eq!(kinds.audit("count", br#"{"n":"5"}"#).action(), Action::Allow);
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn learn(
        &self,
        tools: impl IntoIterator<Item = (String, Published)>,
        held: Held,
    ) -> Result<Self, Error> {
        let mut policy = self.policy.clone();
        for (name, Published { schema, title, description, annotations }) in tools {
            // In a policy this names every tool.
            if name != "*" {
                let tool = policy.tools.entry(name).or_default();
                if tool.schema.is_none() || tool.learnt.is_some() {
                    (tool.schema, tool.learnt) = (Some(schema), Some(held));
                    tool.words = [title, description].map(Option::unwrap_or_default);
                    tool.hints = annotations;
                }
            }
        }
        Self::compiled(policy, Arc::clone(&self.paths))
    }

    fn compiled(policy: Policy, paths: Arc<PathGuard>) -> Result<Self, Error> {
        let (actions, tools) = policy.compile()?;
        let urls = UrlGuard::new(&policy.urls)?;
        let secret_keys = SecretKeys::new(&policy.redact)?;
        let access = AccessGuard::new(&policy)?;
        let resources = UriGuard::new(&policy.resources)?;
        let serial = Serial::default();
        let sanitize = ResultSanitize(policy.sanitize_of_results());
        Ok(Self { serial, policy, actions, tools, paths, urls, secret_keys, access, resources, sanitize })
    }

    /// Compiles a policy document: JSON with comments.
    ///
    /// # Errors
    /// As [`Gate::new`] and [`Policy::from_json`].
    ///
    /// ```
    /// let error = callgate::Gate::from_json(br#"{ "rules": { "json.syntax": "off" } }"#).unwrap_err();
    /// assert_eq!(error.code(), "policy.invalid");
    /// ```
    pub fn from_json(policy: &[u8]) -> Result<Self, Error> {
        Self::new(Policy::from_json(policy)?)
    }

    /// Loads a policy file ([`Policy::from_file`]); its relative roots count from the folder it lies in.
    ///
    /// # Errors
    /// `policy.unreadable` when the file cannot be read, otherwise as [`Gate::from_json`].
    ///
    /// ```
    /// use callgate::Gate;
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// std::fs::write(folder.join("policy.json"), r#"{ "paths": { "roots": ["."] } } // here"#)?;
    /// let gate = Gate::load(&folder.join("policy.json"))?;
    /// assert_eq!(gate.policy().paths.roots.len(), 1);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load(file: &Path) -> Result<Self, Error> {
        Self::new(Policy::from_file(file)?)
    }

    /// Builds what the first call would build: the tables and patterns of the detectors, once for the process. A server
    /// that calls it before it listens has no slow first call; without it a gate is made in a fraction of the time.
    ///
    /// ```
    /// let gate = callgate::Gate::default();
    /// gate.warm();
    /// assert!(gate.audit("search", br#"{"query":"x"}"#).findings().is_empty());
    /// ```
    pub fn warm(&self) {
        audit::warm();
        secrets::warm();
    }

    /// Says which process does what the calls ask for, so that paths in arguments are judged as it reads them. False
    /// where its working directory is known to lie in no root: relative paths are refused then, unless the policy's
    /// `paths.relative` says that the server joins them to a root.
    ///
    /// ```
    /// use callgate::{Gate, ServerProcess};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(folder.join("notes"))?;
    /// let mut policy = callgate::Policy::from_json(
    ///     br#"{ "tools": { "read": { "arguments": { "/path": { "kind": "path" } } } } }"#,
    /// )?;
    /// policy.paths.roots.push(folder.join("notes"));
    /// let gate = Gate::new(policy)?;
    /// let mut server = ServerProcess::default();
    /// server.cwd = Some(folder.clone());
    /// assert!(!gate.set_server_process(server));
    /// assert_eq!(gate.audit("read", br#"{"path":"notes/todo.md"}"#).action(), callgate::Action::Allow);
    /// let verdict = gate.audit("read", br#"{"path":"todo.md"}"#);
    /// assert_eq!(verdict.findings()[0].rule.id(), "path.ambiguous");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_server_process(&self, process: ServerProcess) -> bool {
        self.paths.set_process(process, false)
    }

    /// Takes the folders that the client names in answer to `roots/list`, as `file:` URIs or absolute paths, where the
    /// policy says `"roots": "client"`; answers the roots in force. They only narrow what the operator allows: a folder
    /// outside the policy's `within` is left out. `None` where the client names none: those of the operator hold.
    ///
    /// # Errors
    /// `input.type` where the policy names its roots itself, and for more than 64 folders or 32 different sets of them.
    ///
    /// ```
    /// use callgate::{Gate, Policy};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(folder.join("notes"))?;
    /// let mut policy = Policy::default();
    /// policy.paths.client = true;
    /// policy.paths.roots.push(folder.clone());
    /// let gate = Gate::new(policy)?;
    /// let notes = format!("file://{}", folder.join("notes").display());
    /// assert_eq!(gate.set_client_roots(Some(&[notes, "file:///etc".to_owned()]))?.len(), 1);
    /// assert!(gate.check_path(folder.to_str().unwrap(), &Default::default()).deciding().is_some());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set_client_roots(&self, named: Option<&[String]>) -> Result<Vec<String>, Error> {
        self.paths.set_client_roots(named)
    }

    /// Names a file of callgate's own that is in use: no call may write, move or delete it or a folder that it lies in,
    /// whatever the policy says, and where it is `secret` none may read it. It is known by its name, its links and other
    /// names. The file of [`Gate::load`] is named from the start. False where the folder of the file does not exist.
    ///
    /// ```
    /// use callgate::{Gate, Policy, policy::Intent};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let mut policy = Policy::default();
    /// policy.paths.roots.push(folder.clone());
    /// let gate = Gate::new(policy)?;
    /// assert!(gate.protect(&folder.join("callgate.lock"), false));
    /// let error = gate.files().write("callgate.lock", b"{}", &Default::default()).unwrap_err();
    /// assert_eq!(error.code(), "path.protected");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn protect(&self, file: &Path, secret: bool) -> bool {
        self.paths.protect(file, secret)
    }

    /// The policy that this gate enforces.
    ///
    /// ```
    /// assert_eq!(callgate::Gate::default().policy().limits.depth, 64);
    /// ```
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The id of a tool, good for this gate only: a way to look a name up once.
    ///
    /// ```
    /// let gate = callgate::Gate::default();
    /// let id = gate.tool_id("read_note");
    /// assert!(gate.audit_tool(id, b"[]").findings().is_empty());
    /// ```
    pub fn tool_id(&self, tool: &str) -> ToolId {
        ToolId { gate: self.serial.0, index: self.tools.id(tool) }
    }

    /// Audits the arguments of a call to `tool`: one JSON text, any JSON value.
    ///
    /// Reads the bytes once, forward; an allowed call allocates nothing once its thread has made a first
    /// audit. Where the policy says that an argument is a path and roots are configured, the path is
    /// resolved, which takes system calls.
    ///
    /// ```
    /// use callgate::{Action, Gate};
    /// let verdict = Gate::default().audit("sum", b"[1e999]");
    /// assert_eq!(verdict.action(), Action::Deny);
    /// assert_eq!(verdict.findings()[0].pointer, "/0");
    /// ```
    pub fn audit(&self, tool: &str, args: &[u8]) -> Verdict {
        self.audit_index(self.tools.id(tool), args)
    }

    /// The same by [`ToolId`]. The id of another gate is `access.denied`: what it means there says nothing here.
    ///
    /// ```
    /// let gate = callgate::Gate::default();
    /// assert_eq!(gate.audit_tool(gate.tool_id("t"), b"{}"), gate.audit("t", b"{}"));
    ///
    /// let other = callgate::Gate::default();
    /// let refused = gate.audit_tool(other.tool_id("t"), b"{}");
    /// assert_eq!(refused.findings()[0].rule.id(), "access.denied");
    /// ```
    pub fn audit_tool(&self, tool: ToolId, args: &[u8]) -> Verdict {
        if tool.gate != self.serial.0 {
            let refusal = Actions::refusal(Rule::AccessDenied, "the id of a tool of another gate");
            return Verdict::from_findings(vec![refusal]);
        }
        self.audit_index(tool.index, args)
    }

    /// The same by the place of the tool's rules; 0 for the tools that the policy does not name.
    pub(crate) fn audit_index(&self, tool: u32, args: &[u8]) -> Verdict {
        audit::arguments(self.tools.rules(tool), &self.paths, &self.urls, args)
    }

    /// Audits one JSON-RPC message, as a client or server of MCP sends it: its envelope, what it asks for, and what is
    /// in it. Members may stand in any order.
    ///
    /// The arguments of `tools/call` are audited as [`Gate::audit`] does, with the limits, rules and schema of their
    /// tool; absent ones are `{}`. What a method names must be allowed by the policy's `access`, the URI of a resource
    /// by its `resources`. All else is judged by its content as `auto`; in a result or error that refuses nothing.
    ///
    /// Pointers and ranges of findings are those of the message.
    ///
    /// ```
    /// use callgate::{Action, Gate, MessageKind};
    /// let gate = Gate::default();
    /// let verdict = gate.audit_message(br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    /// assert_eq!((verdict.action(), verdict.kind()), (Action::Allow, MessageKind::Request));
    /// let verdict = gate.audit_message(br#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#);
    /// assert_eq!(verdict.findings()[0].rule.id(), "rpc.envelope");
    /// ```
    pub fn audit_message(&self, message: &[u8]) -> MessageVerdict {
        MessageVerdict::new(self.judge().message(message))
    }

    /// Judges what a server says of a tool, prompt or resource, or of itself, as one JSON text: whether it is made to
    /// deceive the model (`tool.poisoned`). That is an order kept from the user, a file of secrets that the model is to
    /// read, a change to what other tools do, in whatever member or name it stands; characters that do not show; and
    /// names that pass for others. The first fault is told, with its pointer.
    ///
    /// For a tool, what the policy says of that tool decides.
    ///
    /// ```
    /// use callgate::{Action, Definition, Gate};
    /// let gate = Gate::default();
    /// let tool = br#"{"name":"key_info","description":"Path to a key, e.g. ~/.ssh/id_rsa"}"#;
    /// assert_eq!(gate.audit_definition(Definition::Tool, tool).action(), Action::Allow);
    /// ```
    pub fn audit_definition(&self, of: Definition, json: &[u8]) -> Verdict {
        let named = match of {
            Definition::Tool => audit::name_of(json),
            _ => None,
        };
        let actions = named.map_or(&self.actions, |name| &self.tools.rules(self.tools.id(&name)).actions);
        audit::definition(actions, of, json)
    }

    /// Judges a message of a server for text that gives the model orders (`injection.prompt`), and makes of it what the
    /// policy's `results.injection` says: `flag` leaves it as it is, `annotate` puts a text before its content that
    /// warns, `deny` puts an error in its place, as does `deny` for the rule itself. Every other byte stays.
    ///
    /// ```
    /// let gate = callgate::Gate::default();
    /// let answer = gate.audit_answer(br#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#);
    /// assert_eq!(answer.verdict().findings(), []);
    /// ```
    pub fn audit_answer(&self, message: &[u8]) -> AnswerVerdict {
        rpc::answer(&self.tools.answer().actions, self.policy.results.injection, message)
    }

    /// Cleans a message of a server as `guardServer` and the proxy do before it goes out: what shows no sign is taken out
    /// of its texts, and secrets become `[REDACTED]`, as the policy's `rules`, `sanitize`, `redact` and
    /// `results.redact` say; every other byte stays. In a result only what is a secret by its shape goes, or a text that
    /// can be one under a name that means one; never a number, `true`, `null`, a cursor or a handle. Structured content
    /// still matches the schema in `options` afterwards, and messages of protocol errors are cut behind 8,192 characters.
    ///
    /// What was found is flagged; its pointers and ranges are those of `message`. Only a message that is no JSON is
    /// denied: it cannot be cleaned. Orders to the model are a matter of [`Gate::audit_answer`].
    ///
    /// ```
    /// use callgate::{CleanOptions, Gate};
    /// let message = br#"{"jsonrpc":"2.0","id":1,"result":{"content":[
    ///     {"type":"text","text":"postgres://ada:Kf9-Lq2vX7p@db/x"}],"structuredContent":{"count":2}}}"#;
    /// let mut options = CleanOptions::default();
    /// options.tool = Some("settings");
    /// options.output_schema = Some(r#"{"type":"object","properties":{"count":{"type":"integer"}}}"#);
    /// let answer = Gate::default().clean_answer(message, &options);
    /// let cleaned = String::from_utf8_lossy(answer.replacement().unwrap());
    /// assert!(cleaned.contains(r#""text":"[REDACTED]""#), "{cleaned}");
    /// ```
    pub fn clean_answer(&self, message: &[u8], options: &CleanOptions<'_>) -> AnswerVerdict {
        clean::answer(&self.cleaner(options.tool), message, options)
    }

    /// What cleans the messages of a server.
    fn cleaner(&self, tool: Option<&str>) -> Cleaner<'_> {
        Cleaner {
            keys: &self.secret_keys,
            actions: &self.rules_of(tool.unwrap_or_default()).actions,
            sanitize: self.sanitize.0,
            redaction: self.policy.results.redact,
            limits: &self.policy.results.limits,
        }
    }

    /// Whether a tool belongs in the answer to `tools/list`: whether the policy's `access` lets it be called.
    ///
    /// ```
    /// use callgate::Gate;
    /// let gate = Gate::from_json(br#"{ "access": { "tools": { "deny": ["drop_*"] } } }"#)?;
    /// assert!(gate.is_visible("read_note") && !gate.is_visible("drop_table"));
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn is_visible(&self, tool: &str) -> bool {
        let rules = self.tools.rules(self.tools.id(tool));
        !rules.actions.refuses(Rule::AccessDenied) || self.access.admit(Asked::Tool(tool)).is_ok()
    }

    /// What holds for a tool.
    pub(crate) fn rules_of(&self, tool: &str) -> &ToolRules {
        self.tools.rules(self.tools.id(tool))
    }

    /// What the policy makes of the rules, whatever the tool.
    pub(crate) fn policy_actions(&self) -> &Actions {
        &self.actions
    }

    /// The patterns of `access.tools` that mean none of these tools, each with its list and its place there.
    pub(crate) fn idle_access(&self, tools: &[&str]) -> Vec<(&'static str, usize, &str)> {
        let lists = &self.policy.access.tools;
        let mut idle = Vec::new();
        for (which, patterns) in [("allow", &lists.allow), ("deny", &lists.deny)] {
            for index in self.access.idle_tools(which == "deny", tools) {
                let pattern = patterns.get(index).map(String::as_str).unwrap_or_default();
                idle.push((which, index, pattern));
            }
        }
        idle
    }

    pub(crate) fn judge(&self) -> Judge<'_> {
        let Self { tools, paths, urls, access, resources, .. } = self;
        Judge { tools, paths, urls, access, resources }
    }

    /// Takes the secrets out of a JSON text; every other byte stays.
    ///
    /// A value goes whole, to `"[REDACTED]"`, where the words of its key say that it is a secret: `password`,
    /// `clientSecret`, `X-API-Key`; the policy's `redact` adds keys and spares others. A secret that its own
    /// shape gives away (rules `secret.*`, unless the policy switches one off) becomes `[REDACTED]` wherever it
    /// stands, in a key too. Text that is not JSON, be it cut off, several documents or a line of a log, is redacted
    /// by shape and by what looks like a member. A text without secrets is borrowed. Redacting JSON twice is
    /// redacting it once.
    ///
    /// ```
    /// let redacted = callgate::Gate::default().redact(br#"{"user":"ada","password":["a",1],"max_tokens":9}"#);
    /// assert_eq!(*redacted, *br#"{"user":"ada","password":"[REDACTED]","max_tokens":9}"#);
    /// ```
    pub fn redact<'a>(&self, json: &'a [u8]) -> Cow<'a, [u8]> {
        redact::redact(&self.secret_keys, &self.actions, json)
    }

    /// Checks a path and tells what was found, without refusing by error. What was found may have changed by the
    /// time the path is used: [`Gate::open_path`] leaves no such gap.
    ///
    /// ```
    /// let verdict = callgate::Gate::default().check_path("notes/todo.md", &Default::default());
    /// // No root is configured.
    /// assert_eq!(verdict.findings()[0].rule.id(), "path.outside-root");
    /// ```
    pub fn check_path(&self, path: &str, options: &PathOptions) -> Verdict {
        self.paths.check(&self.actions, path, options)
    }

    /// Validates a path: the answer exists only when it lies in a root and no rule refuses it.
    ///
    /// # Errors
    /// The refusal; its code is the rule id.
    ///
    /// ```
    /// use callgate::{Gate, Policy};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// std::fs::write(folder.join("todo.md"), "x")?;
    /// let mut policy = Policy::default();
    /// policy.paths.roots.push(folder.clone());
    /// let gate = Gate::new(policy)?;
    /// assert_eq!(gate.resolve_path("./todo.md", &Default::default())?.relative(), "todo.md");
    /// let refused = gate.resolve_path("../todo.md", &Default::default()).unwrap_err();
    /// assert_eq!(refused.code(), "path.traversal");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resolve_path(&self, path: &str, options: &PathOptions) -> Result<ValidatedPath, Error> {
        self.paths.resolve(&self.actions, path, options)
    }

    /// Opens a path that lies in a root: the file that was checked is the file that is handed out.
    ///
    /// # Errors
    /// The refusal; its code is the rule id.
    ///
    /// ```
    /// use callgate::policy::Intent;
    /// use callgate::{Gate, OpenOptions, Policy};
    /// use std::io::Write;
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let mut policy = Policy::default();
    /// policy.paths.roots.push(folder.clone());
    /// let gate = Gate::new(policy)?;
    /// let mut options = OpenOptions::new(Intent::Write);
    /// options.create = true;
    /// gate.open_path("todo.md", &options)?.write_all(b"x")?;
    /// assert_eq!(std::fs::read(folder.join("todo.md"))?, b"x");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_path(&self, path: &str, options: &OpenOptions) -> Result<File, Error> {
        self.paths.open_file(&self.actions, path, options)
    }

    /// Checks where a URL leads: its scheme, its host in any spelling, and whether programs could read another
    /// host. Asks no network: a public name can resolve to a private address, so check the address that is
    /// connected to with [`Gate::check_address`]. Ranges of findings are bytes of the URL.
    ///
    /// ```
    /// use callgate::{Action, Gate};
    /// let gate = Gate::default();
    /// assert_eq!(gate.check_url("https://example.com/a?b=c").action(), Action::Allow);
    /// assert_eq!(gate.check_url("http://[::1]:8080/").findings()[0].rule.id(), "url.private");
    /// assert_eq!(gate.check_url("http://0xa9fea9fe/").deciding().unwrap().rule.id(), "url.syntax");
    /// ```
    pub fn check_url(&self, url: &str) -> Verdict {
        Verdict::from_findings(UrlGuard::findings(
            &self.actions,
            Rule::default_action,
            String::new,
            |report| {
                self.urls.judge_url(url, Origin::Set, report);
            },
        ))
    }

    /// Checks an address that the host of a URL was resolved to, and the host itself: the guard against names
    /// that resolve to private addresses, and against names that change (DNS rebinding), where the address that
    /// is checked is the one that is connected to. Ranges of findings are bytes of the host.
    ///
    /// ```
    /// use callgate::{Action, Gate};
    /// use std::net::Ipv4Addr;
    /// let gate = Gate::default();
    /// assert_eq!(gate.check_address("example.com", Ipv4Addr::new(93, 184, 215, 14).into()).action(), Action::Allow);
    /// let verdict = gate.check_address("example.com", Ipv4Addr::LOCALHOST.into());
    /// assert_eq!(verdict.findings()[0].rule.id(), "url.private");
    /// ```
    pub fn check_address(&self, host: &str, address: IpAddr) -> Verdict {
        Verdict::from_findings(UrlGuard::findings(
            &self.actions,
            Rule::default_action,
            String::new,
            |report| {
                self.urls.judge_address(host, address, report);
            },
        ))
    }

    /// File operations inside the roots: each is done where its path was checked, whatever is renamed
    /// meanwhile.
    ///
    /// ```
    /// use callgate::{Gate, Policy};
    /// # let folder = std::env::temp_dir().join(format!("callgate-doc-{}-{}", std::process::id(), line!()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let mut policy = Policy::default();
    /// policy.paths.roots.push(folder.clone());
    /// let gate = Gate::new(policy)?;
    /// gate.files().write("todo.md", b"milk", &Default::default())?;
    /// assert_eq!(gate.files().read("todo.md", &Default::default())?, b"milk");
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn files(&self) -> Files<'_> {
        Files::new(&self.paths, &self.actions)
    }

    /// Cleans a text that came from elsewhere before a model, a terminal or a page shows it: takes out what
    /// `text.invisible`, `text.bidi` and `text.control` name, unless the policy switches the rule off, and makes
    /// markup harmless as the policy's `sanitize` says. `\n`, `\t` and `\r\n` stay; so does all writing.
    ///
    /// A clean text comes back as it is, and cleaning twice changes nothing more. Takes time linear in the length of
    /// `text`. What it means is not looked at: instructions in plain words stay.
    ///
    /// ```
    /// use callgate::RemovedKind;
    /// let clean = callgate::Gate::default().sanitize("done\u{202E} ![](https://evil.example/?d=1)");
    /// assert_eq!(clean.text, "done ! [](https://evil.example/?d=1)");
    /// let kinds: Vec<_> = clean.removed.iter().map(|removed| removed.kind).collect();
    /// assert_eq!(kinds, [RemovedKind::Bidi, RemovedKind::RemoteImage]);
    /// ```
    pub fn sanitize(&self, text: &str) -> Sanitized {
        let is_off = |rule: Rule| self.actions.enforced(rule, rule.default_action()).is_none();
        text::sanitize(text, self.policy.sanitize, is_off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_gate_without_a_policy_is_one_of_the_empty_policy() {
        let shown = |gate: &Gate| {
            let mut lines: Vec<_> = format!("{gate:#?}").lines().map(str::to_owned).collect();
            // Maps have an order of their own.
            lines.sort_unstable();
            lines
        };
        assert_eq!(shown(&Gate::default()), shown(&Gate::from_json(b"{}").unwrap()));
        let verdict = Gate::default().audit("t", br#"{"q":"' OR 1=1 --"}"#);
        assert_eq!(verdict.action(), crate::Action::Flag);
    }

    #[cfg(unix)]
    #[test]
    fn a_policy_file_without_end_is_refused() {
        let error = Gate::load(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPolicy);
        assert!(error.to_string().contains("at most"), "{error}");
    }
}
