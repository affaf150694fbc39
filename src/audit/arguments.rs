//! Arguments whose kind the policy names.

use super::{Auditor, content};
use crate::json::{Flow, Place, Step, Stop, Text, Written};
use crate::policy::{ArgumentRule, Kind, Segment};
use crate::rules::{Action, Rule};
use crate::url::UrlGuard;
use crate::verdict::{Finding, MAX_FINDINGS};

impl<const VALUES: bool> Auditor<'_, VALUES> {
    /// Judges a string by the kind of the first pattern that names its place.
    pub(super) fn string_argument(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let Some(rule) = self.rules.arguments.iter().find(|rule| names(rule, place)) else { return Ok(()) };
        if rule.kind == Kind::Opaque {
            return Ok(());
        }
        let text = value.unescaped();
        let text = String::from_utf8_lossy(&text);
        let pointer = || place.pointer();
        let mut found = match rule.kind {
            Kind::Path => self.paths.audit_argument(self.actions, &text, rule.intent, pointer),
            Kind::Url => UrlGuard::findings(self.actions, rule.origin, pointer, |report| {
                self.urls.judge_url(&text, rule.origin, report);
            }),
            Kind::Host => UrlGuard::findings(self.actions, rule.origin, pointer, |report| {
                self.urls.judge_host(&text, rule.origin, report);
            }),
            _ => Vec::new(),
        };
        self.content(rule, place, &text, &mut found);
        if !found.is_empty() {
            for (finding, (start, end)) in located(value, found) {
                let enforced = self.actions.enforced(finding.rule, default_action(rule, finding.rule));
                self.push(finding, start, end, enforced);
            }
        }
        self.go_on()
    }

    /// A value that is no string where the policy expects one: a handler may turn it into anything.
    pub(super) fn other_argument(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let kind = self.rules.arguments.iter().find(|rule| names(rule, place)).map(|rule| rule.kind);
        let expected = match kind {
            Some(Kind::Path) => Some((Rule::PathName, "an argument of kind path that is not a string")),
            Some(Kind::Url) => Some((Rule::UrlSyntax, "an argument of kind url that is not a string")),
            Some(Kind::Host) => Some((Rule::UrlSyntax, "an argument of kind host that is not a string")),
            _ => None,
        };
        if let Some((rule, what)) = expected.filter(|_| !place.starts_null(start))
            && let Some(finding) = self.actions.finding(rule, rule.default_action(), place.pointer(), what)
        {
            let enforced = self.actions.enforced(rule, rule.default_action());
            self.push(finding, start, start + 1, enforced);
        }
        self.go_on()
    }

    /// Adds what the content says: each secret, and every other rule once.
    fn content(&self, argument: &ArgumentRule, place: &Place<'_>, text: &str, found: &mut Vec<Finding>) {
        let name = match place.step() {
            Some(Step::Key(key)) => Some(key.unescaped()),
            _ => None,
        };
        content::judge(argument.kind, name.as_deref(), text, |(rule, range, what)| {
            let range = range.map(|range| (range.start as u64, range.end as u64)).unzip();
            let is_secret = rule.id().starts_with("secret.");
            let repeats = |known: &Finding| {
                known.rule == rule && (!is_secret || (known.start < range.1 && range.0 < known.end))
            };
            if found.len() >= MAX_FINDINGS || found.iter().any(repeats) {
                return;
            }
            let finding = self.actions.finding(rule, default_action(argument, rule), place.pointer(), what);
            found.extend(finding.map(|finding| Finding { start: range.0, end: range.1, ..finding }));
        });
    }

    fn go_on(&self) -> Flow {
        if self.is_full() { Err(Stop) } else { Ok(()) }
    }
}

/// The findings in the order of the bytes, each with its range in the document. Their own ranges are those of the
/// text that the string stands for; without one it is all of the string.
fn located(value: Text<'_>, mut found: Vec<Finding>) -> impl Iterator<Item = (Finding, (usize, usize))> {
    found.sort_by_key(|finding| finding.start);
    let mut offsets: Vec<u64> =
        found.iter().flat_map(|finding| [finding.start, finding.end]).flatten().collect();
    offsets.sort_unstable();
    let mut written = Written::new(&value);
    let places: Vec<(u64, usize)> = offsets
        .into_iter()
        .map(|of| (of, value.open + 1 + written.offset(usize::try_from(of).unwrap_or(usize::MAX))))
        .collect();
    let place = move |of: u64| places.iter().find(|(known, _)| *known == of).map(|(_, place)| *place);
    found.into_iter().map(move |finding| {
        let range = finding.start.and_then(place.clone()).zip(finding.end.and_then(place.clone()));
        (finding, range.unwrap_or((value.open, value.end())))
    })
}

/// What a match leads to in such a value where the policy's `rules` say nothing.
fn default_action(argument: &ArgumentRule, rule: Rule) -> Action {
    match argument.kind {
        // Where the value becomes part of a statement or command there is nothing to weigh.
        Kind::Identifier | Kind::Word if rule.id().starts_with("injection.") => Action::Deny,
        _ => argument.origin.default_action(rule),
    }
}

/// Whether a pattern names this place.
fn names(rule: &ArgumentRule, place: &Place<'_>) -> bool {
    rule.segments.len() == place.depth()
        && rule.segments.iter().zip(place.steps()).all(|(segment, step)| match (segment, step) {
            (Segment::Any, _) => true,
            (Segment::Name(name), Step::Key(key)) => *key.unescaped() == *name.as_bytes(),
            (Segment::Name(name), Step::Index(index)) => *name == index.to_string(),
        })
}
