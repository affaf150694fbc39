//! What judges the strings of a kind.

#![forbid(unsafe_code)]

use crate::audit;
use crate::policy::{Actions, Kind, Mode};
use crate::rules::{Action, Rule};
use crate::url::Origin;
use std::collections::BTreeSet;

/// Rules of a path that a call is judged by, by its text alone; the others are of operations on files.
const PATH: [&str; 8] = [
    "path.ambiguous",
    "path.blocked",
    "path.encoded",
    "path.length",
    "path.name",
    "path.nul",
    "path.traversal",
    "injection.argument",
];
/// Rules of a path that is looked up below a root.
const RESOLVED: [Rule; 5] = [
    Rule::PathCrossDevice,
    Rule::PathHardLink,
    Rule::PathOutsideRoot,
    Rule::PathSpecialFile,
    Rule::PathSymlink,
];
/// Rules of the name of a member, besides those of whole values.
const NAME: [Rule; 6] = [
    Rule::InjectionArgument,
    Rule::InjectionNosql,
    Rule::InjectionShell,
    Rule::TextBidi,
    Rule::TextControl,
    Rule::TextInvisible,
];
const PROSE: [&str; 5] = ["text.invisible", "text.bidi", "text.control", "secret.", "injection.prompt"];

/// Ids and families of the rules that look at a string of a kind.
fn ids(kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Path => [&PATH[..], &["injection.shell", "text.homoglyph"]].concat(),
        Kind::Url => vec!["url."],
        Kind::Host => vec!["url.", "text.homoglyph"],
        Kind::Identifier => vec!["injection.identifier", "text.homoglyph"],
        Kind::Word => vec!["injection.argument", "injection.shell"],
        Kind::Ref => vec!["injection.argument", "injection.shell", "text.homoglyph"],
        Kind::Command => [&PROSE[..], &["injection.shell"]].concat(),
        // More than the argument's `statements` admit is a matter of these.
        Kind::Sql => vec!["injection.sql", "sql.stacked", "sql.reach", "sql.destroy", "sql.comment"],
        Kind::Text | Kind::Code => PROSE.to_vec(),
        Kind::Auto => [&PROSE[..], &["injection."]].concat(),
        Kind::Opaque => Vec::new(),
    }
}

/// Rules of a string of a kind that are none of the kind itself.
fn others(kind: Kind, origin: Origin) -> &'static [Rule] {
    match (kind, origin) {
        (Kind::Auto, _) => &Rule::OF_WHOLE,
        (Kind::Path, _) => &RESOLVED,
        // A guess that is wrong: the value is a path.
        (Kind::Url | Kind::Host, Origin::Inferred) => &[Rule::PathBlocked, Rule::PathOutsideRoot],
        (Kind::Ref | Kind::Identifier | Kind::Word, Origin::Inferred) => &[Rule::PathOutsideRoot],
        _ => &[],
    }
}

/// What a match leads to. What surely leads out of every root is refused, whatever it is called.
fn action(kind: Kind, origin: Origin, rule: Rule) -> Action {
    if rule == Rule::PathOutsideRoot { Action::Deny } else { audit::default_action(kind, origin, rule) }
}

/// Whether there is anything that a rule can be held to.
fn applies(rule: Rule, has_roots: bool) -> bool {
    has_roots || !RESOLVED.contains(&rule)
}

/// The rules that look at the name of a member, each with what a match leads to where the policy says nothing.
pub(super) fn of_names(has_roots: bool) -> impl Iterator<Item = (Rule, Action)> {
    let rules = Rule::OF_WHOLE.into_iter().chain(NAME).filter(move |rule| applies(*rule, has_roots));
    rules.map(|rule| (rule, action(Kind::Auto, Origin::Inferred, rule)))
}

/// The rules that look at a string of a kind, each with what a match leads to where the policy says nothing.
pub(super) fn of(kind: Kind, origin: Origin, has_roots: bool) -> impl Iterator<Item = (Rule, Action)> {
    let (ids, others) = (ids(kind), others(kind, origin));
    let judges = move |rule: &Rule| {
        let id = rule.id();
        let is_named =
            ids.iter().any(|known| *known == id || (known.ends_with('.') && id.starts_with(known)));
        // Names in statements are a matter of their own kind.
        (is_named && (kind == Kind::Identifier || *rule != Rule::InjectionIdentifier))
            || others.contains(rule)
    };
    Rule::ALL
        .iter()
        .copied()
        .filter(judges)
        .filter(move |rule| applies(*rule, has_roots))
        .map(move |rule| (rule, action(kind, origin, rule)))
}

/// Whether a keyword of a schema tells that a string is of a kind.
pub(super) fn tells(kind: Kind, keyword: &str) -> bool {
    match keyword {
        "pattern" => matches!(kind, Kind::Word | Kind::Identifier),
        "enum" | "const" | "contentEncoding" => kind == Kind::Opaque,
        "contentMediaType" => matches!(kind, Kind::Text | Kind::Code | Kind::Sql),
        _ => matches!(kind, Kind::Path | Kind::Url | Kind::Host),
    }
}

/// What rules come to under a policy.
#[derive(Debug, Default)]
pub(super) struct Found {
    denies: BTreeSet<Rule>,
    flags: BTreeSet<Rule>,
}

impl Found {
    pub(super) fn of(actions: &Actions, rules: impl Iterator<Item = (Rule, Action)>) -> Self {
        let mut found = Self::default();
        for (rule, default) in rules {
            found.add(actions, rule, default);
        }
        found
    }

    pub(super) fn add(&mut self, actions: &Actions, rule: Rule, default: Action) {
        match actions.enforced(rule, default) {
            Some(Action::Deny) if actions.mode() == Mode::Enforce => self.denies.insert(rule),
            Some(_) => self.flags.insert(rule),
            None => false,
        };
    }

    /// What denies, and what flags.
    pub(super) fn families(&self) -> (Vec<String>, Vec<String>) {
        (families(&self.denies, &self.flags), families(&self.flags, &self.denies))
    }
}

/// The rules by their ids; those of a family as that family, where no other rule of it is among `others` and none needs a
/// root that is not there.
fn families(rules: &BTreeSet<Rule>, others: &BTreeSet<Rule>) -> Vec<String> {
    let family = |rule: &Rule| rule.id().split('.').next().unwrap_or_default();
    let mut named: Vec<String> = rules
        .iter()
        .map(|rule| {
            let name = family(rule);
            let several = rules.iter().filter(|other| family(other) == name).count() > 1;
            let lacks_root = RESOLVED.iter().any(|needed| family(needed) == name && !rules.contains(needed));
            if several && !lacks_root && !others.iter().any(|other| family(other) == name) {
                format!("{name}.*")
            } else {
                rule.id().to_owned()
            }
        })
        .collect();
    named.sort();
    named.dedup();
    named
}
