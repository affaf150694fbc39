//! The policy's members `access` and `resources`.

#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};

/// Which tools, methods, resources and prompts may be asked for:
/// [`Gate::audit_message`](crate::Gate::audit_message), rule `access.denied`.
///
/// What a list's `deny` names is refused. Otherwise what its `allow` names may be asked for, and where `allow`
/// names anything nothing else may. `default` decides on what is left. A tool's own `access` wins over both of
/// its lists but for `deny`.
///
/// Patterns are whole names in their exact case; `*` stands for any number of characters. In `tools` and `prompts`
/// a pattern with a `/` is an identity, `server/tool`: see [`Access::server`].
///
/// ```
/// use callgate::{Action, Gate, Policy, policy::Admission};
/// let mut policy = Policy::default();
/// policy.access.default = Admission::Deny;
/// policy.access.tools.allow.push("read_*".to_owned());
/// let gate = Gate::new(policy)?;
/// let call = |tool| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{tool}"}}}}"#);
/// assert_eq!(gate.audit_message(call("read_note").as_bytes()).action(), Action::Allow);
/// assert_eq!(gate.audit_message(call("drop_note").as_bytes()).findings()[0].rule.id(), "access.denied");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Access {
    /// What becomes of what no list decides. Default: [`Admission::Allow`]. With [`Admission::Deny`] the methods
    /// that a session needs stay allowed unless they are denied by name: `initialize`, `ping`, `server/discover`,
    /// `notifications/*`, those that list, and those whose tool, prompt or resource decides.
    pub default: Admission,
    /// The name of the server whose messages are judged, so that lists may name identities: `server/tool`. Without
    /// it a pattern with a `/` is held against the name alone. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Names of tools: `tools/call`.
    pub tools: AccessList,
    /// Methods, notifications too.
    pub methods: AccessList,
    /// URIs of resources: `resources/read`, `resources/subscribe` and `resources/unsubscribe`.
    pub resources: AccessList,
    /// Names of prompts: `prompts/get`, and `completion/complete` for one.
    pub prompts: AccessList,
    /// What a server behind `callgate proxy` may ask of the client; the proxy declines what is not named, unless its
    /// command line allows it. Default: nothing. A gate by itself declines nothing: a server that is guarded in its
    /// own process asks of its own will.
    pub peer: Vec<PeerRequest>,
}

/// What a server may ask of the client.
///
/// ```
/// use callgate::{Policy, policy::PeerRequest};
/// let policy = Policy::from_json(br#"{ "access": { "peer": ["sampling"] } }"#)?;
/// assert_eq!(policy.access.peer, [PeerRequest::Sampling]);
/// let error = Policy::from_json(br#"{ "access": { "peer": ["roots"] } }"#).unwrap_err();
/// assert!(error.to_string().starts_with("/access/peer/0:"), "{error}");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PeerRequest {
    /// That its model answers: `sampling/createMessage`.
    Sampling,
    /// That its user answers, or visits a page: `elicitation/create`, and errors with code -32042.
    Elicitation,
}

/// Names to allow and to deny.
///
/// ```
/// let mut policy = callgate::Policy::default();
/// policy.access.methods.deny.push("sampling/*".to_owned());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessList {
    /// Where this names anything, nothing else is allowed. Default: none.
    pub allow: Vec<String>,
    /// Wins over everything that allows. Default: none.
    pub deny: Vec<String>,
}

/// Whether something may be asked for.
///
/// ```
/// assert_eq!(callgate::policy::Admission::default(), callgate::policy::Admission::Allow);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Admission {
    /// It may.
    #[default]
    Allow,
    /// It may not: rule `access.denied`.
    Deny,
}

/// Which URIs a client may ask for: rule `resource.uri`.
///
/// ```
/// use callgate::{Action, Gate, Policy};
/// let mut policy = Policy::default();
/// policy.resources.templates.push("db://{table:identifier(users|orders)}/{id:word}".to_owned());
/// let gate = Gate::new(policy)?;
/// let read = |uri| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{{"uri":"{uri}"}}}}"#);
/// assert_eq!(gate.audit_message(read("db://users/7").as_bytes()).action(), Action::Allow);
/// assert_eq!(gate.audit_message(read("db://secrets/7").as_bytes()).findings()[0].rule.id(), "resource.uri");
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Resources {
    /// Templates, one of which a URI must match as a whole. Default: none, so that any URI may be asked for.
    ///
    /// Text stands for itself (the scheme in any case). `{name}` is one segment: not empty, without `/`, `?` or
    /// `#`, neither `.` nor `..`, also once percent-encoding is undone. `{name:kind}` judges it as an argument of
    /// that kind: `word` (the default), `identifier`, `host`, `text`, `opaque`, or `path`, which may hold several
    /// segments. `{name:kind(a|b)}` takes the listed values only.
    pub templates: Vec<String>,
}
