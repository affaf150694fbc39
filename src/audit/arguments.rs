//! Arguments whose kind the policy names.

use super::Auditor;
use crate::json::{Flow, Place, Step, Stop, Text};
use crate::policy::{ArgumentRule, Kind, Segment};
use crate::rules::Rule;
use crate::url::{Origin, UrlGuard};

impl<const VALUES: bool> Auditor<'_, VALUES> {
    /// Judges a string by the kind of the first pattern that names its place.
    pub(super) fn string_argument(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let Some(rule) = self.rules.arguments.iter().find(|rule| names(rule, place)) else { return Ok(()) };
        let origin = Origin::Set;
        let found = match rule.kind {
            Kind::Opaque => return Ok(()),
            Kind::Path => {
                let text = value.unescaped();
                let text = String::from_utf8_lossy(&text);
                self.paths.audit_argument(self.actions, &text, rule.intent, || place.pointer())
            }
            kind @ (Kind::Url | Kind::Host) => {
                let text = value.unescaped();
                let text = String::from_utf8_lossy(&text);
                let pointer = || place.pointer();
                UrlGuard::findings(self.actions, origin, pointer, |report| match kind {
                    Kind::Url => self.urls.judge_url(&text, origin, report),
                    _ => self.urls.judge_host(&text, origin, report),
                })
            }
        };
        for finding in found {
            let enforced = self.actions.enforced(finding.rule, origin.default_action(finding.rule));
            self.push(finding, value.open, value.end(), enforced);
        }
        self.go_on()
    }

    /// A value that is no string where the policy expects one: a handler may turn it into anything.
    pub(super) fn other_argument(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let kind = self.rules.arguments.iter().find(|rule| names(rule, place)).map(|rule| rule.kind);
        let expected = match kind {
            None | Some(Kind::Opaque) => None,
            Some(Kind::Path) => Some((Rule::PathName, "an argument of kind path that is not a string")),
            Some(Kind::Url) => Some((Rule::UrlSyntax, "an argument of kind url that is not a string")),
            Some(Kind::Host) => Some((Rule::UrlSyntax, "an argument of kind host that is not a string")),
        };
        if let Some((rule, what)) = expected.filter(|_| !place.starts_null(start))
            && let Some(finding) = self.actions.finding(rule, rule.default_action(), place.pointer(), what)
        {
            let enforced = self.actions.enforced(rule, rule.default_action());
            self.push(finding, start, start + 1, enforced);
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
