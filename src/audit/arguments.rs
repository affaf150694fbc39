//! Arguments whose kind the policy names.

use super::{Auditor, content};
use crate::json::{Flow, Place, Step, Stop, Text, Written, folds_to};
use crate::policy::{Actions, ArgumentRule, Intent, Kind, Segment, Statements};
use crate::rules::{Action, Rule};
use crate::url::{Origin, UrlGuard};
use crate::verdict::{Finding, MAX_FINDINGS};

/// How a value is judged.
#[derive(Debug, Clone, Copy)]
struct How<'r> {
    kind: Kind,
    intent: Intent,
    statements: Statements,
    origin: Origin,
    /// The member that says so, or could; `None` where nobody says anything.
    member: Option<&'r str>,
}

impl How<'_> {
    /// By its content alone.
    const AUTO: Self = Self {
        kind: Kind::Auto,
        intent: Intent::Read,
        statements: Statements::Any,
        origin: Origin::Inferred,
        member: None,
    };
}

impl<'a, const VALUES: bool> Auditor<'a, VALUES> {
    /// Judges a string by the kind of the first pattern that names its place, and by its content alone where none
    /// does.
    #[inline]
    pub(super) fn string_argument(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let how = self.how(place);
        match how.kind {
            Kind::Opaque => Ok(()),
            kind if content::is_open(kind) => self.open(how, place, value),
            _ => self.closed(how, place, value),
        }
    }

    #[inline]
    fn how(&self, place: &Place<'_>) -> How<'a> {
        let rule = self.rules.arguments.iter().find(|rule| names(rule, place, self.base));
        rule.map_or(How::AUTO, |&ArgumentRule { kind, intent, statements, origin, ref member, .. }| How {
            kind,
            intent,
            statements,
            origin,
            member: Some(member),
        })
    }

    /// A string that may hold anything.
    #[inline]
    fn open(&mut self, how: How<'_>, place: &Place<'_>, value: Text<'_>) -> Flow {
        if !self.rules.content {
            return Ok(());
        }
        let mut found = Vec::new();
        let actions = self.actions;
        content::open(how.kind, || name(place), value, &mut self.budget, &mut |one| {
            add(actions, how, place, one, &mut found);
        });
        if found.is_empty() { Ok(()) } else { self.report(how, place, value, found) }
    }

    /// A string that must be one thing as a whole.
    fn closed(&mut self, how: How<'_>, place: &Place<'_>, value: Text<'_>) -> Flow {
        let text = value.unescaped();
        let text = String::from_utf8_lossy(&text);
        let pointer = || place.pointer();
        let mut found = match how.kind {
            Kind::Path => self.paths.audit_argument(self.actions, &text, how.intent, pointer),
            Kind::Url => UrlGuard::findings(self.actions, how.origin, pointer, |report| {
                self.urls.judge_url(&text, how.origin, report);
            }),
            Kind::Host => UrlGuard::findings(self.actions, how.origin, pointer, |report| {
                self.urls.judge_host(&text, how.origin, report);
            }),
            _ => Vec::new(),
        };
        let actions = self.actions;
        content::closed(how.kind, &text, |one| add(actions, how, place, one, &mut found));
        if found.is_empty() { Ok(()) } else { self.report(how, place, value, found) }
    }

    #[cold]
    fn report(&mut self, how: How<'_>, place: &Place<'_>, value: Text<'_>, found: Vec<Finding>) -> Flow {
        for (mut finding, (start, end)) in located(value, found) {
            self.attribute(how, place, &mut finding);
            let mut enforced =
                self.actions.enforced(finding.rule, default_action(how.kind, how.origin, finding.rule));
            if self.soft {
                finding.action = Action::Flag;
                enforced = enforced.map(|_| Action::Flag);
            }
            self.push(finding, start, end, enforced);
        }
        self.go_on()
    }

    /// Says by whose word a value was judged so. What no member of its own changes, the kind of the argument does.
    fn attribute(&self, how: How<'_>, place: &Place<'_>, finding: &mut Finding) {
        finding.inferred = how.member.is_some() && how.origin == Origin::Inferred;
        if finding.member.as_ref().is_some_and(|member| member.starts_with("rules[")) {
            let own = how.member.map(str::to_owned);
            let own = own.or_else(|| self.rules.argument_member(&place.pointer_below(self.base)));
            finding.member = own.or(finding.member.take());
        }
    }

    /// The key of a member: an operator of a database where a name belongs, and what does not show.
    #[cold]
    pub(super) fn name_of_argument(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        let how = self.how(place);
        if !self.rules.content || !content::is_open(how.kind) {
            return Ok(());
        }
        let mut found = Vec::new();
        let actions = self.actions;
        content::name(how.kind, &key.unescaped(), &mut |one| add(actions, how, place, one, &mut found));
        if found.is_empty() { Ok(()) } else { self.report(how, place, key, found) }
    }

    /// A value that is no string where the policy expects one: a handler may turn it into anything.
    #[inline]
    pub(super) fn other_argument(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if self.rules.arguments.is_empty() { Ok(()) } else { self.other_kind(place, start) }
    }

    fn other_kind(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let how = self.how(place);
        let expected = match how.kind {
            Kind::Path => Some((Rule::PathName, "an argument of kind path that is not a string")),
            Kind::Url => Some((Rule::UrlSyntax, "an argument of kind url that is not a string")),
            Kind::Host => Some((Rule::UrlSyntax, "an argument of kind host that is not a string")),
            _ => None,
        };
        if let Some((rule, what)) = expected.filter(|_| !place.starts_null(start))
            && let Some(mut finding) =
                self.actions.finding(rule, rule.default_action(), place.pointer(), what)
        {
            self.attribute(how, place, &mut finding);
            let enforced = self.actions.enforced(rule, rule.default_action());
            self.push(finding, start, start + 1, enforced);
        }
        self.go_on()
    }

    /// Whether the policy or the schema names the member at a place, or something in it, in whatever case.
    #[cold]
    pub(super) fn knows(&self, place: &Place<'_>) -> bool {
        let depth = place.depth().saturating_sub(self.base);
        let named = |rule: &ArgumentRule| {
            let last = rule.segments.get(depth.saturating_sub(1));
            matches!(last, Some(Segment::Name(_))) && leads(rule, place, self.base)
        };
        self.rules.arguments.iter().any(named)
            || matches!((&self.rules.schema, place.step()), (Some(schema), Some(Step::Key(key)))
                if schema.names(&key.unescaped()))
    }

    fn go_on(&self) -> Flow {
        if self.is_full() { Err(Stop) } else { Ok(()) }
    }
}

/// Adds what the content of a value says: each secret, and every other rule once.
#[cold]
fn add(
    actions: &Actions,
    how: How<'_>,
    place: &Place<'_>,
    (rule, range, what): content::Found,
    found: &mut Vec<Finding>,
) {
    let range = range.map(|range| (range.start as u64, range.end as u64)).unzip();
    let is_secret = rule.id().starts_with("secret.");
    let repeats = |known: &Finding| {
        known.rule == rule && (!is_secret || (known.start < range.1 && range.0 < known.end))
    };
    if found.len() >= MAX_FINDINGS || found.iter().any(repeats) {
        return;
    }
    let finding = actions.finding(rule, default_action(how.kind, how.origin, rule), place.pointer(), what);
    found.extend(finding.map(|finding| Finding { start: range.0, end: range.1, ..finding }));
}

/// The member that holds the value at a place.
fn name<'a>(place: &Place<'a>) -> Option<Text<'a>> {
    match place.step() {
        Some(Step::Key(key)) => Some(key),
        _ => None,
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
pub(crate) fn default_action(kind: Kind, origin: Origin, rule: Rule) -> Action {
    match kind {
        // Where the value becomes part of a statement or command there is nothing to weigh.
        Kind::Identifier | Kind::Word | Kind::Ref if rule.id().starts_with("injection.") => Action::Deny,
        _ => origin.default_action(rule),
    }
}

/// Whether a pattern names this place, in arguments that lie `base` steps below the document.
fn names(rule: &ArgumentRule, place: &Place<'_>, base: usize) -> bool {
    rule.segments.len() + base == place.depth() && leads(rule, place, base)
}

/// Whether a pattern names this place or one below it. Names that some parser takes for one are one.
fn leads(rule: &ArgumentRule, place: &Place<'_>, base: usize) -> bool {
    rule.segments.len() + base >= place.depth()
        && rule.segments.iter().zip(place.steps().skip(base)).all(|(segment, step)| match (segment, step) {
            (Segment::Any, _) => true,
            (Segment::Name(name), Step::Key(key)) => folds_to(name.as_bytes(), &key.unescaped()),
            (Segment::Name(name), Step::Index(index)) => *name == index.to_string(),
        })
}
