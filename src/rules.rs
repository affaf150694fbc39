//! The one table of rules: id, severity, default action, what it means and how a policy changes it.
//!
//! `docs/rules.md` and the TypeScript union `RuleId` are generated from this table
//! (`tests/contract/generated.rs`), so a rule exists in all surfaces or in none.

#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize, Serializer};

/// What happens to a call: the strongest action among its findings decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Nothing was found, or every rule that matched is switched off.
    #[default]
    Allow,
    /// Something was found that the caller may want to log; the call goes on.
    Flag,
    /// The call must not reach the tool.
    Deny,
}

impl Action {
    /// The lower-case name used in verdicts and policies.
    ///
    /// ```
    /// assert_eq!(callgate::Action::Deny.as_str(), "deny");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Flag => "flag",
            Self::Deny => "deny",
        }
    }
}

/// How bad it would be had the call gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Odd, rarely harmful.
    Low,
    /// Parsers or file systems may disagree on what this means.
    Medium,
    /// A known way to exhaust, confuse or step around a server.
    High,
    /// Reads, writes or reaches what it must not.
    Critical,
}

impl Severity {
    /// The lower-case name used in verdicts.
    ///
    /// ```
    /// assert_eq!(callgate::Severity::Critical.as_str(), "critical");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How far a policy may change a rule's action.
///
/// ```
/// use callgate::{Control, Rule};
/// assert_eq!(Rule::JsonSyntax.control(), Control::Fixed);
/// assert_eq!(Rule::PathBlocked.control(), Control::Free);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// `rules` may set it to deny, flag or off.
    Free,
    /// Always denied: there is nothing to let through. `mode: "observe"` still reports a finding of an audit or
    /// check as a flag.
    Fixed,
}

struct Row {
    id: &'static str,
    severity: Severity,
    action: Action,
    control: Control,
    /// The policy member that changes the outcome; empty where none does.
    policy: &'static str,
    summary: &'static str,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $severity:ident, $action:ident, $control:ident, $policy:literal;)+) => {
        /// A rule of callgate. Its id is stable; see `docs/rules.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule { $($(#[doc = $doc])+ $name,)+ }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)+];

            const fn row(self) -> &'static Row {
                match self { $(Self::$name => {
                    const ROW: Row = Row {
                        id: $id, severity: Severity::$severity, action: Action::$action,
                        control: Control::$control, policy: $policy, summary: concat!($($doc),+),
                    };
                    &ROW
                })+ }
            }
        }
    };
}

rules! {
    /// The bytes are not one RFC 8259 JSON text: grammar, raw control character, byte order mark, trailing data, empty input. A byte order mark before a message of a stream is flagged, and left out of what is passed on.
    JsonSyntax = "json.syntax", High, Deny, Fixed, "";
    /// The bytes are not UTF-8 (RFC 3629): overlong forms, encoded surrogates, truncated sequences.
    JsonUtf8 = "json.utf8", High, Deny, Fixed, "";
    /// An object names a member twice, also by different escapes; parsers differ on which one wins (RFC 8259 section 4).
    JsonDuplicateKey = "json.duplicate-key", High, Deny, Free, "";
    /// Two members of one object that differ in case only, which some parsers take for one (Go's encoding/json); denied where the policy or the schema knows such a member, flagged elsewhere.
    JsonFoldedKey = "json.folded-key", High, Deny, Free, "";
    /// `__proto__`, or `prototype` inside `constructor`: merging such an object can change every object of the program (CWE-1321).
    JsonPrototypeKey = "json.prototype-key", High, Deny, Free, "";
    /// An integer beyond 2^53-1 loses digits in JavaScript (flagged); a number beyond the largest double becomes Infinity (denied).
    JsonNumberRange = "json.number-range", Medium, Flag, Free, "";
    /// A `\u` escape of half a surrogate pair, or a string that is not well-formed UTF-16. In the answer to a request it is flagged, and U+FFFD is passed on in its place.
    JsonSurrogate = "json.surrogate", Medium, Deny, Free, "";
    /// The input is longer than `limits.messageBytes` (bytes).
    LimitBytes = "limit.bytes", High, Deny, Free, "limits.messageBytes";
    /// Containers are nested deeper than `limits.depth`; the outermost counts as 1.
    LimitDepth = "limit.depth", High, Deny, Free, "limits.depth";
    /// One array or object has more than `limits.elements` items or members.
    LimitElements = "limit.elements", Medium, Deny, Free, "limits.elements";
    /// A string is longer than `limits.stringBytes` (bytes between the quotes, as written).
    LimitString = "limit.string", Medium, Deny, Free, "limits.stringBytes";
    /// A key is longer than `limits.keyBytes` (bytes between the quotes, as written).
    LimitKey = "limit.key", Medium, Deny, Free, "limits.keyBytes";
    /// The input has more than `limits.nodes` values, containers included.
    LimitNodes = "limit.nodes", Medium, Deny, Free, "limits.nodes";
    /// A number is written with more than `limits.numberChars` characters.
    LimitNumber = "limit.number", Medium, Deny, Free, "limits.numberChars";
    /// Content that would take too long to judge was let through unjudged: more places that could be something than a call may have.
    LimitWork = "limit.work", Medium, Flag, Free, "";
    /// The path climbs out of its root with `..`.
    PathTraversal = "path.traversal", Critical, Deny, Free, "paths.roots";
    /// The path hides separators or dots: percent-encoding, double encoding, overlong forms, or parts that become `..` when a filter strips them.
    PathEncoded = "path.encoded", High, Deny, Free, "";
    /// An absolute path outside every root, or no root is configured.
    PathOutsideRoot = "path.outside-root", Critical, Deny, Free, "paths.roots";
    /// The server may read the path as another one, which is refused: `~`, `$NAME`, `%NAME%`, `file:` URLs, percent-encoding, and relative paths that count from its working directory. A name that is meant as it stands is written with `./` in front.
    PathAmbiguous = "path.ambiguous", High, Deny, Free, "paths.roots";
    /// A symbolic link leads out of the roots, dangles where a file would be written, or links form a loop; or any link where `paths.links` is "deny".
    PathSymlink = "path.symlink", Critical, Deny, Free, "paths.roots";
    /// A file that holds credentials (`.env`, keys), or that a program runs or follows and that may not be changed (`.vscode`, `.bashrc`): [blocked-names.md](blocked-names.md).
    PathBlocked = "path.blocked", Critical, Deny, Free, "paths.unblocked";
    /// A file of callgate itself that is in use (its policy, lock, log, approval socket), which no call may write or delete, or one of its keys, which no call may read. Also in observe mode.
    PathProtected = "path.protected", Critical, Deny, Fixed, "";
    /// The path holds a NUL character.
    PathNul = "path.nul", High, Deny, Fixed, "";
    /// A name that file systems or people misread: control characters, direction overrides, streams, drive prefixes, trailing dots or spaces; where a file is created, and where file systems of Windows are used, Windows device names and short forms (`GIT~1`).
    PathName = "path.name", Medium, Deny, Free, "";
    /// The path has more than 4,095 bytes, or one of its names more than 255.
    PathLength = "path.length", Medium, Deny, Fixed, "";
    /// Not a regular file or directory (FIFO, socket, device), or not of the kind the intent needs.
    PathSpecialFile = "path.special-file", High, Deny, Free, "";
    /// The file has several hard links: another name of it may lie outside the root.
    PathHardLink = "path.hard-link", High, Deny, Free, "paths.hardLinks";
    /// The path crosses into another file system.
    PathCrossDevice = "path.cross-device", Medium, Deny, Free, "paths.crossDevice";
    /// Nothing exists at the path, or its parent folder does not exist.
    PathMissing = "path.missing", Low, Deny, Free, "";
    /// Something exists where the call may only create.
    PathExists = "path.exists", Low, Deny, Fixed, "";
    /// A folder that was to be removed or replaced holds something.
    PathNotEmpty = "path.not-empty", Low, Deny, Fixed, "";
    /// The file has more bytes than the call's `maxBytes`.
    PathSize = "path.size", Medium, Deny, Fixed, "";
    /// The folder has more entries than the call's `maxEntries`.
    PathEntries = "path.entries", Medium, Deny, Fixed, "";
    /// The disk, a quota or a limit on the size of files is exhausted; nothing was changed under the path.
    PathNoSpace = "path.no-space", Low, Deny, Fixed, "";
    /// The operating system refused or failed the look-up (permissions, input/output errors).
    PathInaccessible = "path.inaccessible", Low, Deny, Free, "";
    /// Not an absolute URL or not a host, or one that programs read as different hosts: line breaks, backslashes, `@` in odd places, addresses in octal, hexadecimal or one number, letters that stand for others.
    UrlSyntax = "url.syntax", High, Deny, Free, "";
    /// A scheme that the policy does not name: `file:`, `gopher:`, `javascript:` and others reach what a web client must not.
    UrlScheme = "url.scheme", High, Deny, Free, "urls.schemes";
    /// A name or password before the host: it hides where a URL leads (`https://bank.example@evil.example`) and leaks into logs.
    UrlCredentials = "url.credentials", Medium, Deny, Free, "";
    /// A host that `urls.denyHosts` names, or that `urls.allowHosts` does not.
    UrlHost = "url.host", High, Deny, Free, "urls.allowHosts";
    /// A host of this machine or of a private network (CWE-918): special addresses of the IANA registries in any spelling and inside IPv6, `localhost`, internal names. Flagged where the kind of an argument was inferred.
    UrlPrivate = "url.private", Critical, Deny, Free, "urls.allowPrivate";
    /// A cloud's metadata service, which hands credentials to whoever asks, or a link-local address, where such services live.
    UrlMetadata = "url.metadata", Critical, Deny, Free, "";
    /// Text that changes the SQL statement it is put into (CWE-89).
    InjectionSql = "injection.sql", High, Flag, Free, "";
    /// More than one statement where one belongs, or one that runs another out of a text.
    SqlStacked = "sql.stacked", High, Flag, Free, "";
    /// A statement that leaves the database: files, programs, libraries, other servers, the server and its accounts.
    SqlReach = "sql.reach", Critical, Flag, Free, "";
    /// A statement that drops tables or accounts, deletes all rows, or changes those that its condition cannot tell apart.
    SqlDestroy = "sql.destroy", High, Flag, Free, "";
    /// A statement that does more than the argument's `statements` admit.
    SqlStatement = "sql.statement", High, Deny, Free, "";
    /// A comment in a statement: it can hide the rest of it. Off unless the policy says otherwise.
    SqlComment = "sql.comment", Low, Allow, Free, "";
    /// Text that a shell takes for a command, or for more than one word (CWE-78).
    InjectionShell = "injection.shell", Critical, Flag, Free, "";
    /// A word that a command takes for an option (CWE-88).
    InjectionArgument = "injection.argument", High, Flag, Free, "";
    /// Not a plain name, where a name is put into a statement (CWE-89).
    InjectionIdentifier = "injection.identifier", High, Flag, Free, "";
    /// An expression that a template engine or logger runs (CWE-1336, CVE-2021-44228).
    InjectionTemplate = "injection.template", High, Flag, Free, "";
    /// A document type or entity that makes an XML parser load something (CWE-611).
    InjectionXxe = "injection.xxe", High, Flag, Free, "";
    /// An operator or code of a document database where a value belongs (CWE-943).
    InjectionNosql = "injection.nosql", High, Flag, Free, "";
    /// A line break that starts a header of its own (CWE-93, CWE-113).
    InjectionCrlf = "injection.crlf", High, Flag, Free, "";
    /// Markup that runs code in a browser (CWE-79).
    InjectionXss = "injection.xss", High, Flag, Free, "";
    /// Words that mean to instruct the model: earlier instructions set aside, roles written into text.
    InjectionPrompt = "injection.prompt", Medium, Flag, Free, "";
    /// Characters that do not show: zero-width, tags, variation selectors and joiners where they have no use, soft hyphens, fillers. A model reads what a person who approves the call does not see.
    TextInvisible = "text.invisible", High, Flag, Free, "";
    /// Direction controls, and direction marks where nothing is written from right to left: what shows is in another order than what is read (CVE-2021-42574).
    TextBidi = "text.bidi", High, Flag, Free, "";
    /// Control characters other than line feed, tab and carriage return with line feed, and terminal escape sequences: they rewrite what a terminal or log shows (CWE-150).
    TextControl = "text.control", Medium, Flag, Free, "";
    /// A word of an identifier, host or path with letters that pass for those of another alphabet: it reads as a name that it is not (UTS 39, CWE-1007).
    TextHomoglyph = "text.homoglyph", Medium, Flag, Free, "";
    /// Markup in a result that the policy's `sanitize` names and that was neutralised: images and elements that load something, addresses with room for data, wiki links, code fences. Told of results alone.
    TextMarkup = "text.markup", Low, Flag, Free, "sanitize";
    /// An access key of Amazon Web Services: whoever has it acts as its owner.
    SecretAws = "secret.aws", High, Flag, Free, "";
    /// The number of an AWS account beside its name: no key, but half of what an attacker of the account needs.
    SecretAwsAccount = "secret.aws-account", Low, Flag, Free, "";
    /// A client secret or key of Microsoft Azure.
    SecretAzure = "secret.azure", High, Flag, Free, "";
    /// An API key, client secret or access token of Google.
    SecretGcp = "secret.gcp", High, Flag, Free, "";
    /// A GitHub token, its checksum verified where the form has one.
    SecretGithub = "secret.github", High, Flag, Free, "";
    /// A GitLab token.
    SecretGitlab = "secret.gitlab", High, Flag, Free, "";
    /// A Slack token, or the address of a web hook, which needs no other key.
    SecretSlack = "secret.slack", High, Flag, Free, "";
    /// A secret or restricted key of Stripe, or the secret of a web hook.
    SecretStripe = "secret.stripe", High, Flag, Free, "";
    /// A key of a provider of language models or of services around them.
    SecretAi = "secret.ai", High, Flag, Free, "";
    /// A token of a package registry: with it others publish in the owner's name.
    SecretRegistry = "secret.registry", High, Flag, Free, "";
    /// A token of another provider, known by the documented prefix and length.
    SecretToken = "secret.token", High, Flag, Free, "";
    /// A private key: PEM, OpenSSH, PGP, age, or the number of a wallet's key.
    SecretPrivateKey = "secret.private-key", Critical, Flag, Free, "";
    /// A JSON Web Token (RFC 7519) whose header was decoded and names an algorithm.
    SecretJwt = "secret.jwt", Medium, Flag, Free, "";
    /// An address or connection string with a password in it, such as that of a database.
    SecretConnection = "secret.connection", High, Flag, Free, "";
    /// A bearer token, or a name and password, as HTTP sends them.
    SecretHttp = "secret.http", High, Flag, Free, "";
    /// A value of 20 to 4,096 characters that looks drawn at random beside a name such as `api_key`.
    SecretNamed = "secret.named", Medium, Flag, Free, "";
    /// What stands for a secret that a result lost comes back in a call: a file that is written with it loses the secret.
    SecretMarker = "secret.marker", Medium, Flag, Free, "";
    /// The arguments cannot be held against the tool's schema: nested too deep for it, a member twice, or more work than the size of the arguments allows.
    SchemaLimit = "schema.limit", High, Deny, Free, "";
    /// A value of another type than the schema says: a handler that expects text and gets an object runs into what nobody tested.
    SchemaType = "schema.type", Medium, Deny, Free, "";
    /// Not one of the values that the schema lists.
    SchemaEnum = "schema.enum", Medium, Deny, Free, "";
    /// Not the one value that the schema allows.
    SchemaConst = "schema.const", Medium, Deny, Free, "";
    /// A number that is no multiple of the schema's.
    SchemaMultipleOf = "schema.multipleOf", Medium, Deny, Free, "";
    /// A number above the schema's maximum.
    SchemaMaximum = "schema.maximum", Medium, Deny, Free, "";
    /// A number at or above the schema's exclusive maximum.
    SchemaExclusiveMaximum = "schema.exclusiveMaximum", Medium, Deny, Free, "";
    /// A number below the schema's minimum.
    SchemaMinimum = "schema.minimum", Medium, Deny, Free, "";
    /// A number at or below the schema's exclusive minimum.
    SchemaExclusiveMinimum = "schema.exclusiveMinimum", Medium, Deny, Free, "";
    /// A string of more characters (Unicode code points) than the schema allows.
    SchemaMaxLength = "schema.maxLength", Medium, Deny, Free, "";
    /// A string of fewer characters (Unicode code points) than the schema asks for.
    SchemaMinLength = "schema.minLength", Medium, Deny, Free, "";
    /// A string that the schema's regular expression does not match.
    SchemaPattern = "schema.pattern", Medium, Deny, Free, "";
    /// An array of more items than the schema allows.
    SchemaMaxItems = "schema.maxItems", Medium, Deny, Free, "";
    /// An array of fewer items than the schema asks for.
    SchemaMinItems = "schema.minItems", Medium, Deny, Free, "";
    /// An array that holds an item twice.
    SchemaUniqueItems = "schema.uniqueItems", Medium, Deny, Free, "";
    /// An array without an item that the schema asks for.
    SchemaContains = "schema.contains", Medium, Deny, Free, "";
    /// An array with fewer such items than the schema asks for.
    SchemaMinContains = "schema.minContains", Medium, Deny, Free, "";
    /// An array with more such items than the schema allows.
    SchemaMaxContains = "schema.maxContains", Medium, Deny, Free, "";
    /// An object of more members than the schema allows.
    SchemaMaxProperties = "schema.maxProperties", Medium, Deny, Free, "";
    /// An object of fewer members than the schema asks for.
    SchemaMinProperties = "schema.minProperties", Medium, Deny, Free, "";
    /// An object without a member that the schema asks for.
    SchemaRequired = "schema.required", Medium, Deny, Free, "";
    /// An object without a member that another of its members asks for.
    SchemaDependentRequired = "schema.dependentRequired", Medium, Deny, Free, "";
    /// The same in drafts 4 to 7.
    SchemaDependencies = "schema.dependencies", Medium, Deny, Free, "";
    /// A member whose name the schema does not allow.
    SchemaPropertyNames = "schema.propertyNames", Medium, Deny, Free, "";
    /// A member that the schema does not name: handlers that pass all members on pass on what nobody checked.
    SchemaAdditionalProperties = "schema.additionalProperties", Medium, Deny, Free, "";
    /// An item that the schema does not name.
    SchemaAdditionalItems = "schema.additionalItems", Medium, Deny, Free, "";
    /// A member that no part of the schema looks at.
    SchemaUnevaluatedProperties = "schema.unevaluatedProperties", Medium, Deny, Free, "";
    /// An item that no part of the schema looks at.
    SchemaUnevaluatedItems = "schema.unevaluatedItems", Medium, Deny, Free, "";
    /// A value that matches none of the alternatives.
    SchemaAnyOf = "schema.anyOf", Medium, Deny, Free, "";
    /// A value that matches none of the alternatives, or more than one.
    SchemaOneOf = "schema.oneOf", Medium, Deny, Free, "";
    /// A value that matches what the schema rules out.
    SchemaNot = "schema.not", Medium, Deny, Free, "";
    /// A value where the schema is `false`: none may be there.
    SchemaFalse = "schema.false", Medium, Deny, Free, "";
    /// Not a JSON-RPC 2.0 message as MCP has it: `jsonrpc` is not "2.0", a member is missing, of another type, there twice, unknown, or like a known one but for case, or both `result` and `error` are there. A member that is `null` instead of absent is flagged, and left out of what is passed on.
    RpcEnvelope = "rpc.envelope", High, Deny, Fixed, "";
    /// A method that is no string, empty, or longer than 256 bytes.
    RpcMethod = "rpc.method", High, Deny, Fixed, "";
    /// Several messages in one array: MCP took batches out again, and an answer to one can be forgotten.
    RpcBatch = "rpc.batch", High, Deny, Fixed, "";
    /// An id that is neither a string of at most 1,024 bytes nor an integer, or a request without one: it cannot be answered. An integer that JavaScript does not keep as it is written, beyond 2^53-1 or `1.0`, is flagged.
    RpcId = "rpc.id", High, Deny, Fixed, "";
    /// A URI that no template of `resources.templates` allows, or that readers take for different ones: a path that climbs, an encoded dot, a control character, white space around it.
    ResourceUri = "resource.uri", High, Deny, Free, "resources.templates";
    /// A tool, or the server's instructions, that is not as it was pinned, or was not there then: nobody has read what the model is told now. Raised by the proxy.
    ToolChanged = "tool.changed", High, Deny, Free, "";
    /// A description that a server gives of itself, with text that does not show or that instructs the model behind the user's back. Raised by the proxy.
    ToolPoisoned = "tool.poisoned", High, Deny, Free, "";
    /// A tool, method, prompt or resource that `access` does not allow, or a tool whose own `access` denies it.
    AccessDenied = "access.denied", High, Deny, Free, "access";
    /// More requests of one side wait for their answers than are kept in mind: 65,536. Raised by the proxy.
    RateExceeded = "rate.exceeded", Medium, Deny, Free, "";
}

impl Rule {
    /// What judges a string of which nobody says what it is, as a whole: a path, an address.
    pub(crate) const OF_WHOLE: [Self; 6] = [
        Self::PathBlocked,
        Self::PathEncoded,
        Self::PathOutsideRoot,
        Self::PathTraversal,
        Self::UrlMetadata,
        Self::UrlPrivate,
    ];

    /// The stable id, such as `"json.duplicate-key"`.
    ///
    /// ```
    /// assert_eq!(callgate::Rule::PathTraversal.id(), "path.traversal");
    /// ```
    pub const fn id(self) -> &'static str {
        self.row().id
    }

    /// How bad a match is.
    ///
    /// ```
    /// assert_eq!(callgate::Rule::PathTraversal.severity(), callgate::Severity::Critical);
    /// ```
    pub const fn severity(self) -> Severity {
        self.row().severity
    }

    /// The action when the policy says nothing; [`Action::Allow`] for a rule that is off then.
    ///
    /// ```
    /// assert_eq!(callgate::Rule::PathHardLink.default_action(), callgate::Action::Deny);
    /// ```
    pub const fn default_action(self) -> Action {
        self.row().action
    }

    /// Whether a policy may change the action.
    ///
    /// ```
    /// assert_eq!(callgate::Rule::JsonUtf8.control(), callgate::Control::Fixed);
    /// ```
    pub const fn control(self) -> Control {
        self.row().control
    }

    /// The policy member to change when this rule refuses what it should not.
    ///
    /// ```
    /// assert_eq!(callgate::Rule::LimitDepth.policy_member().as_deref(), Some("limits.depth"));
    /// assert_eq!(callgate::Rule::JsonSyntax.policy_member(), None);
    /// ```
    pub fn policy_member(self) -> Option<String> {
        match (self.row().policy, self.row().control) {
            ("", Control::Fixed) => None,
            ("", Control::Free) => Some(format!("rules[\"{}\"]", self.id())),
            (member, _) => Some(member.to_owned()),
        }
    }

    /// What the rule means, in one sentence.
    ///
    /// ```
    /// assert!(callgate::Rule::LimitDepth.summary().contains("limits.depth"));
    /// ```
    pub const fn summary(self) -> &'static str {
        self.row().summary.trim_ascii()
    }

    /// The rule with this id.
    ///
    /// ```
    /// use callgate::Rule;
    /// assert_eq!(Rule::from_id("json.utf8"), Some(Rule::JsonUtf8));
    /// assert_eq!(Rule::from_id("json"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

impl Serialize for Rule {
    /// As its id.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_well_formed() {
        for (index, rule) in Rule::ALL.iter().enumerate() {
            let (family, name) = rule.id().split_once('.').expect("an id is family.name");
            assert!(!family.is_empty() && !name.is_empty(), "{}", rule.id());
            // A rule of a schema has the name of its keyword.
            let keyword = |c: char| family == "schema" && c.is_ascii_alphabetic();
            let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                family.chars().all(lower) && name.chars().all(|c| lower(c) || keyword(c)),
                "{}",
                rule.id()
            );
            assert!(Rule::ALL[..index].iter().all(|other| other.id() != rule.id()), "{} twice", rule.id());
            assert_eq!(Rule::from_id(rule.id()), Some(*rule));
        }
    }
}
