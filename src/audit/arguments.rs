//! Arguments whose kind the policy names.

use super::{Auditor, content};
use crate::json::{Flow, Place, Step, Stop, Text};
use crate::policy::{ArgumentRule, Kind, Segment};
use crate::rules::{Action, Rule};

impl<const VALUES: bool> Auditor<'_, VALUES> {
    /// Judges a string by the kind of the first pattern that names its place.
    pub(super) fn string_argument(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let Some(rule) = self.rules.arguments.iter().find(|rule| names(rule, place)) else { return Ok(()) };
        match rule.kind {
            Kind::Opaque => {}
            Kind::Path => {
                let text = value.unescaped();
                let text = String::from_utf8_lossy(&text);
                let found = self.paths.audit_argument(self.actions, &text, rule.intent, || place.pointer());
                for finding in found {
                    let enforced = self.actions.enforced(finding.rule, finding.rule.default_action());
                    self.push(finding, value.open, value.end(), enforced);
                }
            }
            kind => {
                let text = value.unescaped();
                let text = String::from_utf8_lossy(&text);
                // Where the value becomes part of a statement or command there is nothing to weigh.
                let strict = matches!(kind, Kind::Identifier | Kind::Word);
                content::judge(kind, &text, |(rule, what)| {
                    let default = if strict { Action::Deny } else { rule.default_action() };
                    if let Some(finding) = self.actions.finding(rule, default, place.pointer(), what) {
                        let enforced = self.actions.enforced(rule, default);
                        self.push(finding, value.open, value.end(), enforced);
                    }
                });
            }
        }
        self.go_on()
    }

    /// A value that is no string where the policy expects one: a handler may turn it into anything.
    pub(super) fn other_argument(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let rule = self.rules.arguments.iter().find(|rule| names(rule, place));
        if rule.is_some_and(|rule| rule.kind == Kind::Path) && !place.starts_null(start) {
            let rule = Rule::PathName;
            let what = "an argument of kind path that is not a string";
            if let Some(finding) = self.actions.finding(rule, rule.default_action(), place.pointer(), what) {
                let enforced = self.actions.enforced(rule, rule.default_action());
                self.push(finding, start, start + 1, enforced);
            }
        }
        self.go_on()
    }

    fn go_on(&self) -> Flow {
        if self.is_full() { Err(Stop) } else { Ok(()) }
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
