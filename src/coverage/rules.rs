//! What judges the strings of a kind.

#![forbid(unsafe_code)]

use crate::audit;
use crate::policy::Kind;
use crate::rules::{Action, Rule};
use crate::url::Origin;
use std::collections::BTreeSet;

/// Rules of a path that a call is judged by; the others are of operations on files.
const PATH: [&str; 13] = [
    "path.ambiguous",
    "path.blocked",
    "path.cross-device",
    "path.encoded",
    "path.hard-link",
    "path.length",
    "path.name",
    "path.nul",
    "path.outside-root",
    "path.special-file",
    "path.symlink",
    "path.traversal",
    "injection.argument",
];
/// Rules of a value of which nobody says what it is, as a whole.
const WHOLE: [&str; 5] = ["path.blocked", "path.encoded", "path.traversal", "url.metadata", "url.private"];
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
        Kind::Auto => [&PROSE[..], &WHOLE[..], &["injection."]].concat(),
        Kind::Opaque => Vec::new(),
    }
}

/// The rules that look at a string of a kind, each with what a match leads to where the policy says nothing.
pub(super) fn of(kind: Kind, origin: Origin) -> impl Iterator<Item = (Rule, Action)> {
    let ids = ids(kind);
    let judges = move |rule: &Rule| {
        let id = rule.id();
        let is_named =
            ids.iter().any(|known| *known == id || (known.ends_with('.') && id.starts_with(known)));
        // Names in statements are a matter of their own kind.
        is_named && (kind == Kind::Identifier || *rule != Rule::InjectionIdentifier)
    };
    Rule::ALL
        .iter()
        .copied()
        .filter(judges)
        .map(move |rule| (rule, audit::default_action(kind, origin, rule)))
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

/// The rules by their ids; those of a family of which no other rule is among `others` as that family.
pub(super) fn families(rules: &BTreeSet<Rule>, others: &BTreeSet<Rule>) -> Vec<String> {
    let family = |rule: &Rule| rule.id().split('.').next().unwrap_or_default();
    let mut named: Vec<String> = rules
        .iter()
        .map(|rule| {
            let name = family(rule);
            let several = rules.iter().filter(|other| family(other) == name).count() > 1;
            if several && !others.iter().any(|other| family(other) == name) {
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
