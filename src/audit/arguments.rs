//! Arguments whose kind the policy names.

use super::content::{command, whole};
use super::{Auditor, content};
use crate::json::{Flow, Place, Step, Stop, Text, Written, folds_to, unescape};
use crate::kinds::words_of_name;
use crate::policy::{Actions, ArgumentRule, Intent, Kind, Segment, Statements};
use crate::rules::{Action, Rule};
use crate::url::{self, Origin, UrlGuard};
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
    /// What is sure about the value, whoever says what it is.
    sure: Sure,
}

/// What no honest call holds.
#[derive(Debug, Clone, Copy, Default)]
struct Sure {
    /// A command, to whatever shell gets the value.
    runs: bool,
    /// A scheme of URLs by which programs are attacked.
    attacks: bool,
    /// A URL of a file of this machine, so that it is judged as its path.
    file: bool,
}

impl Sure {
    fn denies(self, rule: Rule) -> bool {
        match rule {
            Rule::InjectionShell => self.runs,
            Rule::UrlScheme => self.attacks,
            rule => self.file && rule.id().starts_with("path."),
        }
    }
}

impl How<'_> {
    /// By its content alone.
    const AUTO: Self = Self {
        kind: Kind::Auto,
        intent: Intent::Read,
        statements: Statements::Any,
        origin: Origin::Inferred,
        member: None,
        sure: Sure { runs: false, attacks: false, file: false },
    };

    /// What a match leads to where the policy's `rules` say nothing.
    fn default_action(&self, rule: Rule) -> Action {
        if self.sure.denies(rule) { Action::Deny } else { default_action(self.kind, self.origin, rule) }
    }

    /// Whether somebody guessed that the value is an address of the network.
    fn is_guessed_address(&self) -> bool {
        self.origin == Origin::Inferred && matches!(self.kind, Kind::Url | Kind::Host)
    }
}

const ATTACKS: &str = "a scheme by which programs read files or run commands";
/// Texts in JSON in a text that are looked at.
const MAX_INNER: usize = 4096;

/// What is wrong with where a value leads.
type Reached = (Rule, &'static str);

impl<'a, const VALUES: bool> Auditor<'a, VALUES> {
    /// Judges a string by the kind of the first pattern that names its place, and by its content alone where none
    /// does.
    #[inline]
    pub(super) fn string_argument(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        if self.marked || value.has_escapes() {
            self.marker(place, value)?;
        }
        let how = self.how(place);
        match how.kind {
            Kind::Opaque => Ok(()),
            kind if content::is_open(kind) => self.open(how, place, value),
            _ => self.closed(how, place, value),
        }
    }

    #[inline]
    fn how(&self, place: &Place<'_>) -> How<'a> {
        let rules = &self.rules.arguments;
        let rule = rules.iter().find(|rule| covers(rule, place, self.base));
        let rule = rule.or_else(|| rules.iter().find(|rule| is_item_of(rule, place, self.base)));
        rule.map_or(How::AUTO, |&ArgumentRule { kind, intent, statements, origin, ref member, .. }| How {
            kind,
            intent,
            statements,
            origin,
            member: Some(member),
            sure: Sure::default(),
        })
    }

    /// A string that may hold anything.
    #[inline]
    fn open(&mut self, mut how: How<'_>, place: &Place<'_>, value: Text<'_>) -> Flow {
        let mut found = Vec::new();
        let actions = self.actions;
        let is_bare = how.kind == Kind::Auto && self.is_argument(place);
        if self.rules.content {
            let limit = if self.rules.denies_content { Action::Deny } else { Action::Flag };
            content::open(how.kind, || name(place), value, &mut self.budget, &mut |one| {
                let default = if one.0 == Rule::LimitWork { limit } else { how.default_action(one.0) };
                add(actions, default, place, one, &mut found);
            });
            if how.kind == Kind::Command || (is_bare && is_called_command(place)) {
                self.command(how, place, value, &mut found);
            }
        }
        if is_bare && self.looks_at_whole() {
            if may_be_whole(value) {
                how.sure.file = self.whole(how, place, value, &mut found);
            }
            if (self.names_below(place) || is_list(value.raw()))
                && let Some((rule, what)) = self.holds_outside(value)
            {
                how.sure.file = true;
                add(actions, Action::Deny, place, (rule, None, what), &mut found);
            }
            if let Some((rule, what)) = self.names_outside(value, &found) {
                how.sure.file = true;
                add(actions, Action::Deny, place, (rule, None, what), &mut found);
            }
        }
        if found.is_empty() { Ok(()) } else { self.report(how, place, value, found) }
    }

    /// Whether anything speaks against what a value is as a whole. Files of callgate itself are kept whatever the policy says.
    #[inline]
    fn looks_at_whole(&self) -> bool {
        self.rules.whole || self.paths.guards_own()
    }

    /// Whether a place is one of the arguments of a tool, a prompt or a completion. What names a resource, or what a
    /// result names, is judged for what it is elsewhere, or was asked for.
    fn is_argument(&self, place: &Place<'_>) -> bool {
        let of_request = || {
            let is_one_of = |at: usize, names: &[&[u8]]| matches!(place.steps().nth(at), Some(Step::Key(key)) if names.contains(&&*key.unescaped()));
            let holders: &[&[u8]] = &[b"arguments", b"argument"];
            // Those that were given before are the context of a completion.
            is_one_of(1, holders) || is_one_of(1, &[b"context"]) && is_one_of(2, holders)
        };
        !self.soft && (self.rules.is_of_tool() || of_request())
    }

    /// Whether the policy or the schema expects something in a place that holds a text: servers parse it as JSON.
    fn names_below(&self, place: &Place<'_>) -> bool {
        let depth = place.depth().saturating_sub(self.base);
        self.rules.arguments.iter().any(|rule| rule.segments.len() > depth && agrees(rule, place, self.base))
    }

    /// What is wrong with a text that is JSON and holds a path out of every root, or more paths than are looked at. Its
    /// strings alone are read, as parsers differ on what else may stand there.
    #[cold]
    fn holds_outside(&self, value: Text<'_>) -> Option<Reached> {
        const TOO_MANY: &str = "a text with more paths than are looked at; expected a value that is no text";
        let text = value.unescaped();
        if !matches!(text.trim_ascii_start().first(), Some(b'[' | b'{' | b'"')) {
            return None;
        }
        let (mut rest, mut left, mut inner) = (&*text, MAX_INNER, Vec::new());
        while let Some((string, behind)) = string_in(rest) {
            rest = behind;
            inner.clear();
            unescape(string, &mut inner);
            if !whole::may_be(&inner) {
                continue;
            }
            left -= 1;
            if left == 0 {
                return Some((Rule::PathOutsideRoot, TOO_MANY));
            }
            let found = self.reaches(&String::from_utf8_lossy(&inner));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// What is wrong with a path in quotes in a statement that reads or writes files.
    fn names_outside(&self, statement: Text<'_>, found: &[Finding]) -> Option<Reached> {
        if !found.iter().any(|known| matches!(known.rule, Rule::SqlReach | Rule::InjectionSql)) {
            return None;
        }
        let statement = statement.unescaped();
        let statement = String::from_utf8_lossy(&statement);
        let quoted = statement.split(['\'', '"']).skip(1);
        quoted.filter(|text| whole::may_be(text.as_bytes())).find_map(|text| self.reaches(text))
    }

    fn reaches(&self, text: &str) -> Option<Reached> {
        let mut left = self.reach.get();
        let found = self.paths.reaches(text, &mut left);
        self.reach.set(left);
        found
    }

    /// A whole command line.
    fn command(&self, how: How<'_>, place: &Place<'_>, value: Text<'_>, found: &mut Vec<Finding>) {
        if let Some(what) = command::fault(&String::from_utf8_lossy(&value.unescaped())) {
            let rule = Rule::InjectionShell;
            add(self.actions, how.default_action(rule), place, (rule, None, what), found);
        }
    }

    /// A string that may be a path, an address or an option, and nothing but that; whether it surely leads out of every
    /// root.
    fn whole(&self, how: How<'_>, place: &Place<'_>, value: Text<'_>, found: &mut Vec<Finding>) -> bool {
        let text = value.unescaped();
        let text = &*String::from_utf8_lossy(&text);
        let reached = self.reaches(text);
        let how = How { sure: Sure { file: reached.is_some(), ..how.sure }, ..how };
        let mut add = |one: content::Found| {
            add(self.actions, how.default_action(one.0), place, one, found);
        };
        if let Some((rule, what)) = reached {
            add((rule, None, what));
        }
        if text.len() > whole::MAX_WHOLE {
            return reached.is_some();
        }
        if let Some((rule, what)) = whole::whole(text, || takes_options(place, self.base)) {
            add((rule, None, what));
        } else if let Some(what) = whole::path_of_file(text).and_then(|path| self.paths.judge_name(path)) {
            add((Rule::PathBlocked, None, what));
        }
        self.urls.judge_whole(text, &mut |rule, _, what| add((rule, None, what)));
        reached.is_some()
    }

    /// A string that must be one thing as a whole.
    fn closed(&mut self, how: How<'_>, place: &Place<'_>, value: Text<'_>) -> Flow {
        let text = value.unescaped();
        let text = String::from_utf8_lossy(&text);
        if text.is_empty() && how.origin == Origin::Inferred {
            // What is optional and was left out.
            return Ok(());
        }
        let pointer = || place.pointer();
        let file = if how.is_guessed_address() { url::file(&text) } else { None };
        let sure = Sure {
            runs: content::runs(how.kind, &text),
            attacks: (how.is_guessed_address() || matches!(how.kind, Kind::Path | Kind::Ref))
                && url::attack(&text).is_some(),
            file: file.is_some(),
        };
        let how = How { sure, ..how };
        let default = |rule| how.default_action(rule);
        let mut found = match how.kind {
            Kind::Path => self.paths.audit_argument(self.actions, &text, how.intent, pointer),
            Kind::Url => UrlGuard::findings(self.actions, default, pointer, |report| {
                self.urls.judge_url(&text, how.origin, report);
            }),
            Kind::Host => UrlGuard::findings(self.actions, default, pointer, |report| {
                self.urls.judge_host(&text, how.origin, report);
            }),
            _ => Vec::new(),
        };
        let actions = self.actions;
        if matches!(how.kind, Kind::Path | Kind::Ref) && text.contains(':') {
            // Many a server takes a path or a URL for the same argument.
            if sure.attacks {
                add(actions, Action::Deny, place, (Rule::UrlScheme, None, ATTACKS), &mut found);
            }
            if text.contains("//") {
                found.extend(UrlGuard::findings(
                    actions,
                    default,
                    || place.pointer(),
                    |report| {
                        self.urls.judge_whole(&text, report);
                    },
                ));
            }
        }
        if how.is_guessed_address() {
            if let Some(file) = &file {
                found.extend(self.paths.audit_file_url(actions, file, || place.pointer()));
            }
            // Without a scheme it may be a place on the server that the address is of.
            let named = file.as_deref().unwrap_or(&text);
            if let Some((rule @ Rule::PathBlocked, what)) = whole::whole(named, || true) {
                add(actions, default(rule), place, (rule, None, what), &mut found);
            }
        }
        content::closed(how.kind, how.origin, how.statements, &text, |one| {
            add(actions, default(one.0), place, one, &mut found);
        });
        let outside =
            self.leads_outside(how, &text, value, &found).or_else(|| self.names_outside(value, &found));
        let how = How { sure: Sure { file: how.sure.file || outside.is_some(), ..how.sure }, ..how };
        if let Some((rule, what)) = outside {
            add(actions, Action::Deny, place, (rule, None, what), &mut found);
        }
        if found.is_empty() { Ok(()) } else { self.report(how, place, value, found) }
    }

    /// What is sure of a list, a text in quotes, a URL of another scheme or a guess that is wrong: where it leads, unless a
    /// path was refused already.
    fn leads_outside(&self, how: How<'_>, text: &str, value: Text<'_>, found: &[Finding]) -> Option<Reached> {
        // What is only told of a guess must not hide where it leads.
        let is_told = found.iter().any(|known| known.rule.id().starts_with("path."));
        let may_hold = match how.kind {
            Kind::Path => is_told || whole::is_wrapped(text),
            Kind::Url | Kind::Host | Kind::Ref | Kind::Identifier | Kind::Word => {
                how.origin == Origin::Inferred && whole::may_be(text.as_bytes())
            }
            _ => false,
        };
        let is_refused = |known: &Finding| {
            known.rule.id().starts_with("path.")
                && self.actions.enforced(known.rule, how.default_action(known.rule)) == Some(Action::Deny)
        };
        if !may_hold || found.iter().any(is_refused) {
            return None;
        }
        self.reaches(text).or_else(|| self.holds_outside(value))
    }

    #[cold]
    fn report(&mut self, how: How<'_>, place: &Place<'_>, value: Text<'_>, found: Vec<Finding>) -> Flow {
        for (mut finding, (start, end)) in located(value, found) {
            self.attribute(how, place, &mut finding);
            let default = if finding.rule == Rule::LimitWork {
                finding.action
            } else {
                how.default_action(finding.rule)
            };
            let mut enforced = self.actions.enforced(finding.rule, default);
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
        if self.actions.enforced(finding.rule, how.default_action(finding.rule)) == Some(Action::Flag)
            && finding.rule != Rule::LimitWork
        {
            finding.action = Action::Flag;
        }
        let by_kind = how.kind == Kind::Auto && finding.rule.id().starts_with("path.");
        // What was left of the budget is no matter of one argument.
        let by_rule = finding.rule != Rule::LimitWork
            && finding.member.as_ref().is_some_and(|member| member.starts_with("rules["));
        if by_kind || by_rule {
            let own = how.member.map(str::to_owned);
            let own = own.or_else(|| self.rules.argument_member(&place.pointer_below(self.base)));
            finding.member = own.or(finding.member.take());
            if finding.rule == Rule::SqlStatement
                && let Some(member) = &mut finding.member
                && let Some(argument) = member.strip_suffix("kind")
            {
                // Its kind is right.
                *member = format!("{argument}statements");
            }
        }
    }

    /// The key of a member: an operator of a database where a name belongs, and what does not show.
    #[cold]
    pub(super) fn name_of_argument(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        let how = self.how(place);
        if how.kind == Kind::Opaque {
            return Ok(());
        }
        // Where one thing belongs an operator does not.
        let kind = if content::is_open(how.kind) { how.kind } else { Kind::Auto };
        let mut found = Vec::new();
        let actions = self.actions;
        if self.rules.content {
            let asks = is_query(place, self.base);
            content::name(kind, asks, &key.unescaped(), &mut |one| {
                add(actions, how.default_action(one.0), place, one, &mut found);
            });
        }
        let mut how = how;
        if self.looks_at_whole() && self.is_argument(place) && may_be_whole(key) {
            // A map from files to what they hold.
            how =
                How { sure: Sure { file: self.whole(How::AUTO, place, key, &mut found), ..how.sure }, ..how };
        }
        if found.is_empty() { Ok(()) } else { self.report(how, place, key, found) }
    }

    /// A value that is no string where the policy expects one: a handler may turn it into anything.
    #[inline]
    pub(super) fn other_argument(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if self.rules.arguments.is_empty() { Ok(()) } else { self.other_kind(place, start) }
    }

    fn other_kind(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if place.starts_container(start) {
            // The kind holds for the strings in it.
            return Ok(());
        }
        let how = self.how(place);
        let expected = match how.kind {
            // Whoever guesses that a number is a path has guessed wrong.
            _ if how.origin == Origin::Inferred => None,
            Kind::Path => Some((Rule::PathName, "an argument of kind path that is not a string")),
            Kind::Url => Some((Rule::UrlSyntax, "an argument of kind url that is not a string")),
            Kind::Host => Some((Rule::UrlSyntax, "an argument of kind host that is not a string")),
            _ => None,
        };
        if let Some((rule, what)) = expected.filter(|_| !place.starts_null(start))
            && let default = how.default_action(rule)
            && let Some(mut finding) = self.actions.finding(rule, default, place.pointer(), what)
        {
            self.attribute(how, place, &mut finding);
            let enforced = self.actions.enforced(rule, default);
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
    default: Action,
    place: &Place<'_>,
    (rule, range, what): content::Found,
    found: &mut Vec<Finding>,
) {
    let range = range.map(|range| (range.start as u64, range.end as u64)).unzip();
    let is_secret = rule.id().starts_with("secret.");
    let repeats = |known: &Finding| {
        known.rule == rule && (!is_secret || (known.start < range.1 && range.0 < known.end))
    };
    if found.iter().any(repeats) {
        return;
    }
    if found.len() >= MAX_FINDINGS {
        if actions.enforced(rule, default) != Some(Action::Deny) {
            return;
        }
        // A denial is not lost for what is only told.
        found.pop();
    }
    let finding = actions.finding(rule, default, place.pointer(), what);
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

/// Arguments that hold a query of a document database as an object.
const QUERIES: [&[u8]; 3] = [b"filter", b"pipeline", b"projection"];

/// Whether the name of a member belongs to such a query: what a field is compared with, or a stage.
fn is_query(place: &Place<'_>, base: usize) -> bool {
    let mut steps = place.steps().skip(base);
    let asks = matches!(steps.next(), Some(Step::Key(key)) if QUERIES.contains(&&*key.unescaped()));
    asks && steps.nth(1).is_some()
}

/// Whether a string can be more than a word, however it is written.
fn may_be_whole(value: Text<'_>) -> bool {
    let raw = value.raw();
    // Escapes that hide a slash, a dot or a backslash.
    let hides = || {
        ["\\/", "\\u002", "\\u005"]
            .iter()
            .any(|escape| memchr::memmem::find(raw, escape.as_bytes()).is_some())
    };
    if !value.has_escapes() {
        return whole::may_be(raw);
    }
    // The backslash of an escape must not count for one of the text.
    (whole::may_be(raw) || hides()) && whole::may_be(&value.unescaped())
}

/// Whether a text is a list in JSON without objects in it, as models write one for an argument that takes several.
fn is_list(written: &[u8]) -> bool {
    written.first() == Some(&b'[')
        && written.len() <= whole::MAX_WHOLE
        && written.ends_with(b"]")
        && !written.contains(&b'{')
}

/// The next string in a text that is JSON, as it is written, and what follows it.
fn string_in(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = text.get(memchr::memchr(b'"', text)? + 1..)?;
    let mut from = 0;
    let end = loop {
        let at = from + memchr::memchr2(b'"', b'\\', inside.get(from..)?)?;
        if inside.get(at) == Some(&b'"') {
            break at;
        }
        from = at + 2;
    };
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

/// Whether the member that holds a value is called what command lines are called.
fn is_called_command(place: &Place<'_>) -> bool {
    name(place).is_some_and(|name| matches!(&*name.unescaped(), b"command" | b"cmd" | b"command_line"))
}

/// Words that say that options belong to a name.
const OPTIONS: [&str; 11] =
    ["arg", "argv", "argument", "opt", "option", "flag", "param", "parameter", "switch", "cmd", "command"];

/// Whether options are what belongs at a place, by the name of it or of the list that it is in, in arguments that lie
/// `base` steps below the document: what those themselves are called says nothing.
fn takes_options(place: &Place<'_>, base: usize) -> bool {
    let is_item = matches!(place.step(), Some(Step::Index(_)));
    let list = place.step_to_container().filter(|_| is_item && place.depth() > base + 1);
    [place.step(), list].into_iter().flatten().any(|step| match step {
        Step::Key(key) => {
            let name = String::from_utf8_lossy(&key.unescaped()).into_owned();
            words_of_name(&name).iter().any(|word| {
                OPTIONS.contains(&word.as_str())
                    || ["arg", "opt", "flag"].iter().any(|end| word.len() > 5 && word.ends_with(end))
            })
        }
        Step::Index(_) => false,
    })
}

/// What a match leads to in such a value where the policy's `rules` say nothing.
pub(crate) fn default_action(kind: Kind, origin: Origin, rule: Rule) -> Action {
    let is_guess = origin == Origin::Inferred;
    match (kind, rule) {
        // Nobody says that the value is one: a sign, and no more.
        (Kind::Auto, _) if rule.id().starts_with("path.") || rule.id().starts_with("url.") => Action::Flag,
        // An option where a name, path or address belongs is no honest value of one.
        (
            Kind::Identifier | Kind::Word | Kind::Ref | Kind::Path | Kind::Url | Kind::Host,
            Rule::InjectionArgument,
        ) => Action::Deny,
        // Such an argument may be a URL as well.
        (Kind::Path | Kind::Ref, _) if rule.id().starts_with("url.") => Origin::Inferred.default_action(rule),
        // It may be a place on the server that the address is of.
        (Kind::Url | Kind::Host, _) if is_guess && rule.id().starts_with("path.") => Action::Flag,
        // Where the value becomes part of a statement or command there is nothing to weigh.
        (Kind::Identifier | Kind::Word | Kind::Ref, _) if rule.id().starts_with("injection.") => {
            if is_guess {
                Action::Flag
            } else {
                Action::Deny
            }
        }
        // What is wrong with a file, and not with where it lies; that a tool only reads is a guess as well.
        (Kind::Sql, Rule::SqlStatement)
        | (
            Kind::Path,
            Rule::PathName
            | Rule::PathSpecialFile
            | Rule::PathHardLink
            | Rule::PathCrossDevice
            | Rule::PathMissing
            | Rule::PathInaccessible,
        ) if is_guess => Action::Flag,
        _ => origin.default_action(rule),
    }
}

/// Whether a pattern names this place or one above it, in arguments that lie `base` steps below the document.
fn covers(rule: &ArgumentRule, place: &Place<'_>, base: usize) -> bool {
    let (named, depth) = (rule.segments.len() + base, place.depth());
    // A closed set of values, which no schema holds what is below to.
    let is_set = rule.kind == Kind::Opaque && rule.origin == Origin::Inferred;
    (named == depth || (named < depth && !is_set)) && agrees(rule, place, base)
}

/// Whether a pattern names the items of a place: many servers take one of them for a list of one.
fn is_item_of(rule: &ArgumentRule, place: &Place<'_>, base: usize) -> bool {
    let below = rule.segments.get(place.depth().saturating_sub(base)..).unwrap_or_default();
    !below.is_empty() && below.iter().all(|segment| *segment == Segment::Any) && agrees(rule, place, base)
}

/// Whether a pattern names this place or one below it.
fn leads(rule: &ArgumentRule, place: &Place<'_>, base: usize) -> bool {
    rule.segments.len() + base >= place.depth() && agrees(rule, place, base)
}

/// Whether a pattern and a place have the same steps as far as both go. Names that some parser takes for one are one.
fn agrees(rule: &ArgumentRule, place: &Place<'_>, base: usize) -> bool {
    rule.segments.iter().zip(place.steps().skip(base)).all(|(segment, step)| match (segment, step) {
        (Segment::Any, _) => true,
        (Segment::Name(name), Step::Key(key)) => folds_to(name.as_bytes(), &key.unescaped()),
        (Segment::Name(name), Step::Index(index)) => *name == index.to_string(),
    })
}
