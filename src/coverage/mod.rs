//! What a gate protects: each string that a call may hold, what it is taken for, and what that denies and flags.
//!
//! `places` finds the strings of a schema, `rules` says what judges a kind, and `near` what a name was perhaps meant to be.

#![forbid(unsafe_code)]

mod near;
mod places;
mod rules;
#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind};
use crate::gate::Gate;
use crate::kinds::ToolWords;
use crate::policy::{
    Actions, ArgumentRule, HardLinks, Held, Hints, Intent, Kind, Mode, ResultRedaction, Segment, Statements,
    inferred, push_segment, segments,
};
use crate::rules::{Action, Control, Rule};
use crate::url::Origin;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Longer lists of tools are not read (bytes of JSON).
const MAX_TOOLS_BYTES: usize = 16 << 20;

/// What a server publishes of a tool, as `tools/list` answers it; other members are passed over.
///
/// ```
/// let tool: callgate::ToolDefinition = serde_json::from_str(r#"{ "name": "sum", "inputSchema": { "type": "object" } }"#)?;
/// assert_eq!(tool.name, "sum");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolDefinition {
    /// What it is called by.
    pub name: String,
    /// What people call it.
    #[serde(default, deserialize_with = "text")]
    pub title: Option<String>,
    /// What the model reads of it.
    #[serde(default, deserialize_with = "text")]
    pub description: Option<String>,
    /// The JSON Schema of its arguments.
    #[serde(default)]
    pub input_schema: Option<Value>,
    /// What it says that it does.
    #[serde(default)]
    pub annotations: Hints,
}

/// A text; what is none says nothing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// What a gate protects of the calls to a server: [`Gate::describe`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Coverage {
    /// Whether refusals refuse.
    pub mode: Mode,
    /// The folders that paths may lie in.
    pub roots: usize,
    /// The tools of the server, in its order; those that the policy names where no server is described.
    pub tools: Vec<ToolCoverage>,
    /// Protections that the policy weakens or leaves out.
    pub off: Vec<Note>,
    /// Names in the policy that stand for nothing the server has.
    pub unknown: Vec<Note>,
    /// Strings that nothing judges, and those whose kind lacks what it needs.
    pub unprotected: Vec<Gap>,
}

/// What is protected of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ToolCoverage {
    /// Its name.
    pub tool: String,
    /// Whether it may be called.
    pub allowed: bool,
    /// Whether refusals of its calls refuse.
    pub mode: Mode,
    /// Whose schema its calls are held against: that of the policy refuses, that of the server flags.
    pub schema: Source,
    /// Every string that its calls may hold.
    pub arguments: Vec<ArgumentCoverage>,
    /// What the names of the members of its arguments are held to: a map may have paths for names.
    pub names: NameCoverage,
}

/// How the names of members are judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NameCoverage {
    /// As [`ArgumentCoverage::denies`].
    pub denies: Vec<String>,
    /// As [`ArgumentCoverage::flags`].
    pub flags: Vec<String>,
}

/// How the strings at one place are judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ArgumentCoverage {
    /// Where they stand in the arguments: a pattern as [`Tool::arguments`](crate::policy::Tool::arguments) has it.
    pub pointer: String,
    /// What they are taken for.
    pub kind: Kind,
    /// Of a path: what the tool will do there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// Of SQL: the statements that are expected, where not all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Statements>,
    /// Who says so.
    pub source: Source,
    /// By what: a member of the policy, or what the schema says.
    pub why: String,
    /// Rules and families of rules that refuse a call.
    pub denies: Vec<String>,
    /// Those that are only reported, but for values that no honest call holds.
    pub flags: Vec<String>,
    /// One of a closed set, to which the server holds it by itself.
    #[serde(skip)]
    is_checked: bool,
}

/// Who says what something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Source {
    /// The policy.
    Policy,
    /// A keyword of the schema that the server publishes: `format`, `enum`, `pattern`.
    Schema,
    /// Names and descriptions that the server publishes: a guess.
    Name,
    /// Nobody.
    None,
}

/// Something to know about a member of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// The member.
    pub member: String,
    /// What is to know.
    pub what: String,
}

/// Something that is not protected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Gap {
    /// The tool.
    pub tool: String,
    /// Where in its arguments.
    pub pointer: String,
    /// What is missing.
    pub what: String,
}

impl Coverage {
    /// Whether nothing is unprotected, off, or unknown.
    pub fn is_complete(&self) -> bool {
        self.off.is_empty() && self.unknown.is_empty() && self.unprotected.is_empty()
    }
}

impl Gate {
    /// What the gate protects of the calls to a server that publishes these tools, learnt as
    /// [`infer_kinds`](crate::infer_kinds) reads them; of the tools that the policy names where there are none.
    ///
    /// ```
    /// use callgate::{Gate, coverage::Source, policy::Kind};
    /// let gate = Gate::default();
    /// let tools = br#"[{ "name": "read", "inputSchema": { "properties": { "file_path": { "type": "string" } } } }]"#;
    /// let coverage = gate.describe_json(tools)?;
    /// let argument = &coverage.tools[0].arguments[0];
    /// assert_eq!((argument.pointer.as_str(), argument.kind, argument.source), ("/file_path", Kind::Path, Source::Name));
    /// assert_eq!(coverage.unprotected[0].what, "no roots: paths are judged by their text alone");
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn describe(&self, tools: &[ToolDefinition]) -> Coverage {
        let named: Vec<ToolDefinition> = if tools.is_empty() { self.named() } else { Vec::new() };
        let all = if tools.is_empty() { &named } else { tools };
        let covered: Vec<ToolCoverage> = all.iter().map(|tool| self.tool_coverage(tool)).collect();
        Coverage {
            mode: self.policy().mode,
            roots: self.policy().paths.roots.len(),
            off: self.off(),
            unknown: if tools.is_empty() { Vec::new() } else { self.unknown(tools) },
            unprotected: covered.iter().flat_map(|tool| self.gaps(tool)).collect(),
            tools: covered,
        }
    }

    /// The same of JSON: an array of tools, or an object with such a member `tools`, as an answer to `tools/list` has it.
    ///
    /// # Errors
    /// `input.type` for what is neither, and for more than 16 MiB.
    pub fn describe_json(&self, tools: &[u8]) -> Result<Coverage, Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Tools(Vec<ToolDefinition>),
            Answer { tools: Vec<ToolDefinition> },
        }
        let misfit = |what: &str| Error::new(ErrorKind::InvalidInput, what);
        if tools.len() > MAX_TOOLS_BYTES {
            return Err(misfit("a list of tools has at most 16 MiB"));
        }
        match serde_json::from_slice(tools) {
            Ok(Given::Tools(tools) | Given::Answer { tools }) => Ok(self.describe(&tools)),
            Err(_) => Err(misfit(
                "tools are an array of objects with a name, or an object with such a member tools",
            )),
        }
    }

    /// The tools that the policy names, with its own schemas.
    fn named(&self) -> Vec<ToolDefinition> {
        let tools = self.policy().tools.iter().filter(|(name, _)| *name != "*");
        tools.map(|(name, _)| ToolDefinition { name: name.clone(), ..ToolDefinition::default() }).collect()
    }

    fn tool_coverage(&self, tool: &ToolDefinition) -> ToolCoverage {
        let rules = self.rules_of(&tool.name);
        let tools = &self.policy().tools;
        let named = [tool.name.as_str(), "*"].iter().find_map(|name| tools.get(*name)?.schema.as_ref());
        let learnt = tools.get(&tool.name).and_then(|tool| tool.learnt);
        let own = named.filter(|_| learnt.is_none());
        let published = tool.input_schema.as_ref().or(named.filter(|_| learnt.is_some()));
        let mut arguments = rules.arguments.to_vec();
        if let (None, Some(schema)) = (own, published) {
            let words = ToolWords {
                name: &tool.name,
                title: tool.title.as_deref().unwrap_or_default(),
                description: tool.description.as_deref().unwrap_or_default(),
                changes: tool.annotations.changes(),
            };
            arguments.extend(inferred(&format!("tools[{:?}]", tool.name), schema, words));
        }
        let schema = match (own, published) {
            (Some(_), _) => Source::Policy,
            (None, Some(_)) => Source::Schema,
            (None, None) => Source::None,
        };
        // What the server publishes is what it reads, whatever the policy's own schema lets pass.
        let mut places = published.or(own).map(places::of).unwrap_or_default().0;
        for pattern in [tool.name.as_str(), "*"]
            .iter()
            .filter_map(|name| tools.get(*name))
            .flat_map(|tool| tool.arguments.keys())
        {
            // Of a tool without a schema only this is known.
            if published.or(own).is_none() {
                places.entry(pattern.clone()).or_default();
            }
        }
        let arguments = places.iter().map(|(pointer, place)| {
            let rule = rule_for(&arguments, pointer);
            // Who publishes it flags, unless the gate learnt it otherwise.
            let held = if own.is_some() { Held::Deny } else { learnt.unwrap_or(Held::Flag) };
            self.argument_coverage(&tool.name, pointer, *place, rule, held)
        });
        ToolCoverage {
            tool: tool.name.clone(),
            allowed: self.is_visible(&tool.name),
            mode: rules.actions.mode(),
            schema,
            arguments: arguments.collect(),
            names: self.name_coverage(&tool.name),
        }
    }

    fn name_coverage(&self, tool: &str) -> NameCoverage {
        let found = rules::Found::of(&self.rules_of(tool).actions, rules::of_names(self.has_roots()));
        let (denies, flags) = found.families();
        NameCoverage { denies, flags }
    }

    /// Whether paths are looked up below roots.
    fn has_roots(&self) -> bool {
        let paths = &self.policy().paths;
        !paths.roots.is_empty() || paths.client
    }

    fn argument_coverage(
        &self,
        tool: &str,
        pointer: &str,
        place: places::Place,
        rule: Option<&ArgumentRule>,
        held: Held,
    ) -> ArgumentCoverage {
        let rules = self.rules_of(tool);
        let kind = rule.map_or(Kind::Auto, |rule| rule.kind);
        let origin = rule.map_or(Origin::Inferred, |rule| rule.origin);
        let (source, why) = match rule {
            None => (Source::None, "nothing tells what it is".to_owned()),
            Some(rule) if rule.origin == Origin::Set => (Source::Policy, rule.member.clone()),
            Some(_) => match place.keyword.filter(|keyword| rules::tells(kind, keyword)) {
                Some(keyword) => (Source::Schema, format!("the schema's {keyword}")),
                None => (Source::Name, "its name and what is said of it".to_owned()),
            },
        };
        let mut found = rules::Found::of(&rules.actions, rules::of(kind, origin, self.has_roots()));
        let closed = place.keyword.is_some_and(|keyword| matches!(keyword, "enum" | "const"));
        let is_checked = closed && held == Held::Off;
        match held {
            Held::Deny if closed => found.add(&rules.actions, Rule::SchemaEnum, Action::Deny),
            Held::Flag if closed => found.add(&rules.actions, Rule::SchemaEnum, Action::Flag),
            _ => {}
        }
        let (denies, flags) = found.families();
        let intent = rule.filter(|_| kind == Kind::Path).map(|rule| rule.intent);
        let statements = rule.map(|rule| rule.statements).filter(|statements| *statements != Statements::Any);
        let pointer = pointer.to_owned();
        ArgumentCoverage { pointer, kind, intent, statements, source, why, denies, flags, is_checked }
    }

    /// What is weaker than it is by default.
    fn off(&self) -> Vec<Note> {
        let policy = self.policy();
        let note = |member: &str, what: &str| Note { member: member.to_owned(), what: what.to_owned() };
        let mut notes = Vec::new();
        if policy.mode == Mode::Observe {
            notes.push(note("mode", "nothing is refused"));
        }
        for (name, _) in policy.tools.iter().filter(|(_, tool)| tool.mode == Some(Mode::Observe)) {
            notes.push(note(&format!("tools[{name:?}].mode"), "no call of it is refused"));
        }
        for id in policy.rules.keys() {
            let weaker = weaker(self.policy_actions(), id);
            if let Some(what) = weaker {
                notes.push(note(&format!("rules[{id:?}]"), what));
            }
        }
        if policy.urls.allow_private {
            notes.push(note("urls.allowPrivate", "addresses of private networks may be reached"));
        }
        if policy.paths.hard_links == HardLinks::Allow {
            notes.push(note("paths.hardLinks", "files with several names may be written"));
        }
        if policy.paths.cross_device {
            notes.push(note("paths.crossDevice", "other file systems below a root may be reached"));
        }
        if !policy.paths.unblocked.is_empty() {
            notes.push(note(
                "paths.unblocked",
                "files that are off limits by default may be read and written",
            ));
        }
        if policy.results.redact == ResultRedaction::Off {
            notes.push(note("results.redact", "secrets stay in results"));
        }
        notes
    }

    /// Names in the policy that no tool of the server has, and places that its schemas do not have.
    fn unknown(&self, tools: &[ToolDefinition]) -> Vec<Note> {
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let meant = |name: &str| match near::nearest(name, names.iter().copied()) {
            Some(other) => format!("no tool is called {name:?}; perhaps {other:?}"),
            None => format!("no tool is called {name:?}"),
        };
        // A preset names what servers of its sort call their tools and arguments, of which a server has some.
        let provenance = &self.policy().provenance;
        let is_of_preset = |names: &[&str]| {
            let mut pointer = String::new();
            for name in names {
                push_segment(&mut pointer, name);
            }
            provenance.is_of_preset(&pointer)
        };
        let mut notes = Vec::new();
        for (name, tool) in &self.policy().tools {
            let of_all = name == "*";
            if !of_all && !names.contains(&name.as_str()) {
                if !is_of_preset(&["tools", name]) {
                    notes.push(Note { member: format!("tools[{name:?}]"), what: meant(name) });
                }
                continue;
            }
            for pattern in tool.arguments.keys() {
                if is_of_preset(&["tools", name, "arguments", pattern]) {
                    continue;
                }
                let published = tools.iter().filter(|tool| of_all || tool.name == *name);
                if let Some(what) = idle(pattern, published.filter_map(|tool| tool.input_schema.as_ref())) {
                    notes.push(Note { member: format!("tools[{name:?}].arguments[{pattern:?}]"), what });
                }
            }
        }
        for (list, at, pattern) in self.idle_access(&names) {
            if !is_of_preset(&["access", "tools", list]) {
                notes.push(Note { member: format!("access.tools.{list}[{at}]"), what: meant(pattern) });
            }
        }
        notes
    }

    fn gaps(&self, tool: &ToolCoverage) -> Vec<Gap> {
        if !tool.allowed {
            return Vec::new();
        }
        let gap = |pointer: &str, what: &str| Gap {
            tool: tool.tool.clone(),
            pointer: pointer.to_owned(),
            what: what.to_owned(),
        };
        let arguments = tool.arguments.iter().filter_map(|argument| {
            if argument.denies.is_empty() && argument.flags.is_empty() {
                return (!argument.is_checked).then(|| gap(&argument.pointer, "judged by nothing"));
            }
            (argument.kind == Kind::Path && !self.has_roots())
                .then(|| gap(&argument.pointer, "no roots: paths are judged by their text alone"))
        });
        let nothing = tool.schema == Source::None && tool.arguments.is_empty();
        let unknown = nothing.then(|| gap("", "it publishes no schema: what its calls hold is not known"));
        arguments.chain(unknown).collect()
    }
}

/// What an entry of `rules` makes weaker, if anything: the strongest of its rules decides.
fn weaker(actions: &Actions, id: &str) -> Option<&'static str> {
    let family = id.strip_suffix('*');
    let of_it = |rule: &&Rule| family.map_or(rule.id() == id, |family| rule.id().starts_with(family));
    let changed = Rule::ALL.iter().filter(of_it).filter(|rule| rule.control() != Control::Fixed);
    let strength = |rule: &Rule| match (rule.default_action(), actions.enforced(*rule, rule.default_action()))
    {
        (_, None) => 2,
        (Action::Deny, Some(Action::Flag)) => 1,
        _ => 0,
    };
    match changed.map(strength).max() {
        Some(2) => Some("off"),
        Some(1) => Some("flags and refuses nothing"),
        _ => None,
    }
}

/// Why a pattern stands for nothing in any of the schemas, if it does.
fn idle<'s>(pattern: &str, schemas: impl Iterator<Item = &'s Value>) -> Option<String> {
    let wanted = segments(pattern).ok()?;
    let mut seen = BTreeSet::new();
    for schema in schemas {
        let places = places::seen(schema)?;
        if !is_idle(&wanted, &places) {
            return None;
        }
        seen.extend(places);
    }
    if seen.is_empty() {
        return None;
    }
    Some(match near::nearest(pattern, seen.iter().map(String::as_str)) {
        Some(other) => format!("no argument is there; perhaps {other:?}"),
        None => "no argument is there".to_owned(),
    })
}

/// Whether a pattern names no place of a schema, nor anything in an object whose members are not known.
fn is_idle(wanted: &[Segment], places: &BTreeSet<String>) -> bool {
    let places: Vec<Box<[Segment]>> = places.iter().map(|place| split(place)).collect();
    let starts = |place: &[Segment], depth: usize| {
        place.get(..depth).zip(wanted.get(..depth)).is_some_and(|(place, wanted)| meet(wanted, place))
    };
    let lies = |depth: usize| places.iter().any(|place| place.len() == depth && starts(place, depth));
    let known = (0..=wanted.len()).rev().find(|depth| lies(*depth)).unwrap_or_default();
    known < wanted.len() && places.iter().any(|place| place.len() > known && starts(place, known))
}

/// Whether two patterns can name one place.
fn meet(one: &[Segment], other: &[Segment]) -> bool {
    let same =
        |(one, other): (&Segment, &Segment)| one == other || *one == Segment::Any || *other == Segment::Any;
    one.len() == other.len() && one.iter().zip(other).all(same)
}

fn split(pointer: &str) -> Box<[Segment]> {
    segments(pointer).unwrap_or_default()
}

/// Whether a pattern of the policy names a place of a schema.
fn names(pattern: &[Segment], place: &[Segment]) -> bool {
    pattern.len() == place.len()
        && pattern.iter().zip(place).all(|(pattern, place)| *pattern == Segment::Any || pattern == place)
}

/// The first rule that names a place.
fn rule_for<'r>(rules: &'r [ArgumentRule], pointer: &str) -> Option<&'r ArgumentRule> {
    let place = split(pointer);
    rules.iter().find(|rule| names(&rule.segments, &place))
}
