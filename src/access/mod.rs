//! Who may ask for what: tools, methods, resources and prompts by name.
//!
//! [`AccessGuard::admit`] is the one place where a call is admitted. Whatever else may refuse one for what it asks
//! for, and not for what is in it, belongs there.

#![forbid(unsafe_code)]

mod glob;
mod resource;

pub(crate) use resource::{fault as uri_fault, scheme};

use crate::error::Error;
use crate::policy::{Access, AccessList, Admission, Policy};
use glob::Glob;
use std::collections::HashMap;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    Method(&'a str),
    Tool(&'a str),
    Prompt(&'a str),
    Resource(&'a str),
}

/// Methods that `"default": "deny"` leaves alone: without them there is no session, or what they name decides.
const SESSION: [&str; 15] = [
    "initialize",
    "ping",
    "server/discover",
    "notifications/*",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
    "roots/list",
    "tools/call",
    "prompts/get",
    "resources/read",
    "resources/subscribe",
    "resources/unsubscribe",
    "completion/complete",
];

/// A compiled `access` with the tools' own.
#[derive(Debug)]
pub(crate) struct AccessGuard {
    default: Admission,
    server: Option<String>,
    tools: List,
    methods: List,
    resources: List,
    prompts: List,
    session: Vec<Glob>,
    own: HashMap<String, Admission>,
    /// What every tool without an `access` of its own has.
    any: Option<Admission>,
}

/// Why something is refused: what was wrong, and the member of the policy that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Denied(pub(crate) &'static str);

#[derive(Debug, Default)]
struct List {
    allow: Vec<Pattern>,
    deny: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// One, but for resources, where each form of a URI may have its own.
    globs: Vec<Glob>,
    /// It has a `/`, so that it may be an identity.
    identity: bool,
}

impl Pattern {
    fn matches(&self, name: &str) -> bool {
        self.globs.iter().any(|glob| glob.matches(name))
    }
}

impl AccessGuard {
    pub(crate) fn new(policy: &Policy) -> Result<Self, Error> {
        let Access { default, server, tools, methods, resources, prompts, peer } = &policy.access;
        if server.as_ref().is_some_and(|name| name.is_empty() || name.contains(['/', '*'])) {
            return Err(Error::policy("/access/server", "a name without \"/\" and \"*\""));
        }
        // What `peer` names is granted where the server stands on the other side: by the proxy.
        let twice = |index: usize| peer.iter().take(index).any(|other| peer.get(index) == Some(other));
        if let Some(index) = (1..peer.len()).find(|index| twice(*index)) {
            return Err(Error::policy(&format!("/access/peer/{index}"), "named twice"));
        }
        let own = policy.tools.iter().filter(|(name, _)| *name != "*");
        Ok(Self {
            default: *default,
            server: server.clone(),
            tools: List::new("tools", tools, as_written)?,
            methods: List::new("methods", methods, as_written)?,
            resources: List::new("resources", resources, resource::forms)?,
            prompts: List::new("prompts", prompts, as_written)?,
            session: session(),
            own: own.filter_map(|(name, tool)| Some((name.clone(), tool.access?))).collect(),
            any: policy.tools.get("*").and_then(|tool| tool.access),
        })
    }

    /// Whether this may be asked for.
    pub(crate) fn admit(&self, asked: Asked<'_>) -> Result<(), Denied> {
        let denied = |what| Err(Denied(what));
        let (list, what) = match asked {
            Asked::Method(_) => (&self.methods, "a method that may not be asked for here"),
            Asked::Tool(_) => (&self.tools, "a tool that may not be called here"),
            Asked::Prompt(_) => (&self.prompts, "a prompt that may not be asked for here"),
            Asked::Resource(_) => (&self.resources, "a resource that may not be asked for here"),
        };
        let (name, server) = match asked {
            Asked::Method(name) | Asked::Resource(name) => (name, None),
            Asked::Tool(name) | Asked::Prompt(name) => (name, self.server.as_deref()),
        };
        let is_denied = match asked {
            Asked::Resource(uri) if !list.deny.is_empty() => {
                resource::wide_readings(uri).iter().any(|reading| list.denies(reading, server))
            }
            _ => list.denies(name, server),
        };
        if is_denied {
            return denied(what);
        }
        let own = match asked {
            Asked::Tool(name) => self.own.get(name).copied().or(self.any),
            _ => None,
        };
        match own {
            Some(Admission::Allow) => return Ok(()),
            Some(Admission::Deny) => return denied(what),
            None => {}
        }
        let allowed = if list.allow.is_empty() {
            let needed = |name: &str| self.session.iter().any(|glob| glob.matches(name));
            self.default == Admission::Allow || matches!(asked, Asked::Method(name) if needed(name))
        } else {
            match asked {
                Asked::Resource(uri) => {
                    resource::readings(uri).iter().all(|reading| list.allows(reading, server))
                }
                _ => list.allows(name, server),
            }
        };
        if allowed { Ok(()) } else { denied(what) }
    }

    /// Which patterns for tools, of those that deny or those that allow, mean none of these.
    pub(crate) fn idle_tools(&self, denies: bool, tools: &[&str]) -> Vec<usize> {
        let patterns = if denies { &self.tools.deny } else { &self.tools.allow };
        let means = |pattern: &Pattern, tool: &str| {
            let identity = self.server.as_ref().filter(|_| pattern.identity);
            pattern.matches(tool)
                || identity.is_some_and(|server| pattern.matches(&format!("{server}/{tool}")))
        };
        let idle = |pattern: &Pattern| !tools.iter().any(|tool| means(pattern, tool));
        patterns.iter().enumerate().filter(|(_, pattern)| idle(pattern)).map(|(index, _)| index).collect()
    }
}

impl Default for AccessGuard {
    fn default() -> Self {
        let (default, server, any) = (Admission::default(), None, None);
        let [tools, methods, resources, prompts] = std::array::from_fn(|_| List::default());
        Self {
            default,
            server,
            tools,
            methods,
            resources,
            prompts,
            session: session(),
            own: HashMap::new(),
            any,
        }
    }
}

/// What a session needs whatever may be called in it.
fn session() -> Vec<Glob> {
    SESSION.into_iter().map(Glob::new).collect()
}

fn as_written(pattern: &str) -> Vec<String> {
    vec![pattern.to_owned()]
}

impl List {
    fn new(family: &str, list: &AccessList, forms: fn(&str) -> Vec<String>) -> Result<Self, Error> {
        let compiled = |which: &str, patterns: &[String]| {
            let pattern = |(index, pattern): (usize, &String)| {
                if pattern.is_empty() {
                    return Err(Error::policy(
                        &format!("/access/{family}/{which}/{index}"),
                        "a pattern is not empty",
                    ));
                }
                let globs = forms(pattern).iter().map(|form| Glob::new(form)).collect();
                Ok(Pattern { globs, identity: pattern.contains('/') })
            };
            patterns.iter().enumerate().map(pattern).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self { allow: compiled("allow", &list.allow)?, deny: compiled("deny", &list.deny)? })
    }

    /// In doubt a name is denied: a pattern with a `/` may mean it or its identity.
    fn denies(&self, name: &str, server: Option<&str>) -> bool {
        let plain = |pattern: &Pattern| pattern.matches(name);
        self.deny.iter().any(plain) || Self::identity(&self.deny, name, server)
    }

    /// With a server a pattern with a `/` is an identity: a tool that calls itself `other/tool` is not that of the
    /// other server.
    fn allows(&self, name: &str, server: Option<&str>) -> bool {
        let plain = |pattern: &Pattern| (server.is_none() || !pattern.identity) && pattern.matches(name);
        self.allow.iter().any(plain) || Self::identity(&self.allow, name, server)
    }

    fn identity(patterns: &[Pattern], name: &str, server: Option<&str>) -> bool {
        let Some(server) = server.filter(|_| patterns.iter().any(|pattern| pattern.identity)) else {
            return false;
        };
        let identity = format!("{server}/{name}");
        patterns.iter().any(|pattern| pattern.identity && pattern.matches(&identity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(policy: &str) -> AccessGuard {
        AccessGuard::new(&Policy::from_json(policy.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn lists_tools_of_their_own_and_the_default_decide_in_that_order() {
        use Asked::{Method, Prompt, Resource, Tool};
        for (policy, asked, admitted) in [
            ("{}", Tool("a"), true),
            ("{}", Method("x/y"), true),
            (r#"{"access":{"default":"deny"}}"#, Tool("a"), false),
            (r#"{"access":{"default":"deny"}}"#, Prompt("a"), false),
            (r#"{"access":{"default":"deny"}}"#, Resource("a:b"), false),
            (r#"{"access":{"default":"deny"}}"#, Method("initialize"), true),
            (r#"{"access":{"default":"deny"}}"#, Method("notifications/initialized"), true),
            (r#"{"access":{"default":"deny"}}"#, Method("sampling/createMessage"), false),
            (r#"{"access":{"default":"deny","methods":{"deny":["ping"]}}}"#, Method("ping"), false),
            (r#"{"access":{"methods":{"allow":["tools/*"]}}}"#, Method("ping"), false),
            (r#"{"access":{"tools":{"allow":["read_*"]}}}"#, Tool("read_a"), true),
            (r#"{"access":{"tools":{"allow":["read_*"]}}}"#, Tool("Read_a"), false),
            (r#"{"access":{"tools":{"allow":["*"],"deny":["rm"]}}}"#, Tool("rm"), false),
            (r#"{"access":{"tools":{"allow":["*"],"deny":["rm"]}}}"#, Tool("rm2"), true),
            // A tool's own access.
            (r#"{"access":{"default":"deny"},"tools":{"a":{"access":"allow"}}}"#, Tool("a"), true),
            (r#"{"access":{"default":"deny"},"tools":{"a":{}}}"#, Tool("a"), false),
            (r#"{"tools":{"a":{"access":"deny"}}}"#, Tool("a"), false),
            (r#"{"tools":{"*":{"access":"deny"},"a":{"access":"allow"}}}"#, Tool("a"), true),
            (r#"{"tools":{"*":{"access":"deny"},"a":{"access":"allow"}}}"#, Tool("b"), false),
            (r#"{"access":{"tools":{"deny":["a"]}},"tools":{"a":{"access":"allow"}}}"#, Tool("a"), false),
            // Identities.
            (r#"{"access":{"server":"s","tools":{"allow":["s/a"]}}}"#, Tool("a"), true),
            (r#"{"access":{"server":"s","tools":{"allow":["t/a"]}}}"#, Tool("a"), false),
            (r#"{"access":{"server":"s","tools":{"allow":["t/a"]}}}"#, Tool("t/a"), false),
            (r#"{"access":{"server":"s","tools":{"allow":["a"]}}}"#, Tool("t/a"), false),
            (r#"{"access":{"server":"s","tools":{"deny":["s/a"]}}}"#, Tool("a"), false),
            (r#"{"access":{"server":"s","tools":{"deny":["t/a"]}}}"#, Tool("t/a"), false),
            (r#"{"access":{"server":"s","tools":{"deny":["t/*"]}}}"#, Tool("a"), true),
            (r#"{"access":{"tools":{"allow":["s/a"]}}}"#, Tool("s/a"), true),
            (r#"{"access":{"resources":{"deny":["file:*"]}}}"#, Resource("file:///a"), false),
            (r#"{"access":{"prompts":{"allow":["b"]}}}"#, Prompt("a"), false),
        ] {
            assert_eq!(guard(policy).admit(asked).is_ok(), admitted, "{policy} {asked:?}");
        }
    }

    #[test]
    fn what_does_not_compile_names_its_place() {
        for (policy, pointer) in [
            (r#"{"access":{"server":"a/b"}}"#, "/access/server"),
            (r#"{"access":{"server":""}}"#, "/access/server"),
            (r#"{"access":{"tools":{"allow":["a",""]}}}"#, "/access/tools/allow/1"),
            (r#"{"access":{"methods":{"deny":[""]}}}"#, "/access/methods/deny/0"),
            (r#"{"access":{"peer":["sampling","elicitation","sampling"]}}"#, "/access/peer/2"),
        ] {
            let error = AccessGuard::new(&Policy::from_json(policy.as_bytes()).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{pointer}:")), "{error}");
        }
    }
}
