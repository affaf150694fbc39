//! What the content of a string says, by the kind of its argument.
//!
//! `words` judges values that must be one word or name. Everything else is looked at once, 64 bytes at a time, for
//! the few places where something can be ([`marks`], `grams`). Where there is one, `short` tells which families of
//! signs a value can have, and `windows` where in a document; `decoded` undoes what hides a sign, and `families`
//! knows them. What does not show, and letters that pass for others, are for [`crate::text`], secrets for
//! [`crate::secrets`].

#![forbid(unsafe_code)]

mod affix;
pub(super) mod command;
mod decoded;
mod families;
mod grams;
mod short;
mod shown;
pub(super) mod sql;
#[cfg(test)]
mod tests;
pub(super) mod whole;
mod windows;
mod words;

use crate::helper::{Facts, Mark, Rung, marks};
use crate::json::{Text, unescape};
use crate::policy::{Kind, Statements};
use crate::rules::Rule;
use crate::url::Origin;
use crate::{secrets, text};
use decoded::Forms;
use families::Families;
use grams::GRAMS;
pub(super) use shown::shown;
use std::cell::Cell;
use std::ops::Range;
use std::thread::LocalKey;
use windows::Windows;

/// What was found: a rule, where in the text (where that is not all of it), and what was wrong.
pub(super) type Found = (Rule, Option<Range<usize>>, &'static str);

/// Longer texts are documents or programs (bytes).
const SHORT: usize = 512;

/// What may be spent on one call: each family of signs times the bytes that it reads.
#[derive(Debug)]
pub(super) struct Budget {
    whole: usize,
    left: usize,
    /// That nothing is left was reported.
    told: bool,
}

impl Budget {
    /// For a call of so many bytes: more than any but the oddest needs.
    pub(super) fn new(bytes: usize) -> Self {
        let whole = (64 << 10) + 3 * bytes;
        Self { whole, left: whole, told: false }
    }

    /// For so many bytes of text that is searched for orders alone: all families of these, in windows that overlap.
    pub(super) fn of_prose(bytes: usize) -> Self {
        let whole = (64 << 10) + 8 * bytes;
        Self { whole, left: whole, told: false }
    }

    /// The call is judged again from its start.
    pub(super) fn renew(&mut self) {
        *self = Self { left: self.whole, told: false, ..*self };
    }

    /// Whether that much was left.
    fn spend(&mut self, work: usize) -> bool {
        let left = self.left.checked_sub(work);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

// Memory that the calls of one thread share.
thread_local! {
    static TEXT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static FORMS: Cell<Forms> = Cell::default();
}

/// Takes what a thread shares while `run` uses it, so that a panic leaves none behind.
fn with<T: Default>(slot: &'static LocalKey<Cell<T>>, run: impl FnOnce(&mut T)) {
    // While a thread ends it may be gone already.
    let mut memory = slot.try_with(Cell::take).unwrap_or_default();
    run(&mut memory);
    let _ = slot.try_with(|slot| slot.set(memory));
}

/// Builds what the first look at a text would build: every pattern, and the tables that find candidates.
pub(super) fn warm() {
    families::warm();
    grams::warm();
}

/// Tells `report` what a value of a kind that must be one thing as a whole holds. `origin`: who says so; `statements`:
/// those that SQL may have.
pub(super) fn closed(
    kind: Kind,
    origin: Origin,
    statements: Statements,
    text: &str,
    mut report: impl FnMut(Found),
) {
    let is_guess = origin == Origin::Inferred;
    let fault = match kind {
        Kind::Identifier | Kind::Word | Kind::Ref if is_guess => words::guessed(kind, text),
        Kind::Identifier => words::identifier(text),
        Kind::Word => words::word(text),
        Kind::Ref => words::reference(text),
        Kind::Path => words::path(text),
        Kind::Url | Kind::Host if is_guess => words::guessed_address(text),
        Kind::Sql => {
            let report = |(rule, what)| report((rule, None, what));
            if is_guess {
                sql::judge_guess(text, statements, report);
            } else {
                sql::judge(text, statements, report);
            }
            None
        }
        _ => None,
    };
    if let Some((rule, what)) = fault {
        report((rule, None, what));
    }
    if matches!(kind, Kind::Identifier | Kind::Ref | Kind::Path | Kind::Host) {
        text::homoglyph(text, |rule, range, what| report((rule, Some(range), what)));
    }
}

/// Whether a value of a kind that must be one thing as a whole is a command to any shell that gets it.
pub(super) fn runs(kind: Kind, text: &str) -> bool {
    matches!(kind, Kind::Word | Kind::Ref | Kind::Path | Kind::Url | Kind::Host)
        && text.bytes().any(|byte| matches!(byte, b'$' | b'`' | b';' | b'|' | b'&' | b':' | b'\n' | b'\r'))
        && words::surely_runs(if kind == Kind::Host { Kind::Url } else { kind }, text)
}

/// Whether values of a kind may hold anything: text for people, for programs, or who knows.
pub(super) const fn is_open(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Code | Kind::Command | Kind::Auto)
}

/// Tells `report` what a value of an open kind holds, one rule perhaps more than once; ranges are those of the text
/// that the string stands for. `name`: the member that holds it.
#[inline]
pub(super) fn open<'a>(
    kind: Kind,
    name: impl FnOnce() -> Option<Text<'a>>,
    value: Text<'_>,
    budget: &mut Budget,
    report: &mut dyn FnMut(Found),
) {
    let (data, inside) = value.inside();
    if inside.len() < secrets::MIN_RUN
        && data.get(inside.clone()).is_some_and(|text| text.iter().all(u8::is_ascii_alphanumeric))
    {
        // One short word: no sign has fewer than two, or one and a sign of a machine.
        return;
    }
    let wanted = if kind == Kind::Auto { Families::ALL } else { Families::PROMPT };
    let mut judge = Judge::new(wanted, true, budget, report);
    if !value.has_escapes() {
        judge.text(data, inside, name);
    } else if inside.len() <= 2 * SHORT {
        // Each escape but \u, which is read below, has two bytes: the text may be a short one.
        with(&TEXT, |text| {
            text.clear();
            unescape(value.raw(), text);
            judge.text(text, 0..text.len(), name);
        });
    } else {
        match judge.written(data, inside) {
            Written::Judged => {}
            Written::Hides => judge.hidden(&value.unescaped()),
            Written::Unclear => {
                let text = value.unescaped();
                judge.text(&text, 0..text.len(), name);
            }
        }
    }
}

/// Whether a text gives orders to the model that reads it.
pub(super) fn instructs(text: &[u8], budget: &mut Budget) -> bool {
    let mut found = false;
    let mut judge = |text: &[u8]| {
        prose(Families::PROMPT, text, budget, &mut |(rule, ..)| found |= rule == Rule::InjectionPrompt);
        found
    };
    judge(text) || shown(text).is_some_and(|text| judge(&text))
}

/// Bytes of base64 that tell whether there is text behind them.
const START: usize = 64;

/// The text that base64 stands for, where it is one; its end may be cut off.
pub(super) fn encoded_text(encoded: &[u8]) -> Option<Vec<u8>> {
    let is_text = |plain: &[u8]| {
        let is_cut = |error: std::str::Utf8Error| error.error_len().is_none();
        std::str::from_utf8(plain).err().is_none_or(is_cut) && !plain.contains(&0)
    };
    let whole = |encoded: &[u8]| {
        let len = encoded.len() - encoded.len() % 4;
        secrets::base64(if encoded.ends_with(b"=") { encoded } else { encoded.get(..len)? })
    };
    let start: Vec<u8> =
        encoded.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(START).collect();
    if !is_text(&whole(&start)?) {
        return None;
    }
    let encoded: Vec<u8> = encoded.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    whole(&encoded).filter(|plain| is_text(plain))
}

/// Tells `report` what a text holds with which a server describes itself, and which may speak to the model.
pub(super) fn described(text: &[u8], budget: &mut Budget, report: &mut dyn FnMut(Found)) {
    prose(Families::MARKED_PROMPT, text, budget, report);
}

fn prose(wanted: Families, text: &[u8], budget: &mut Budget, report: &mut dyn FnMut(Found)) {
    Judge::new(wanted, false, budget, report).text(text, 0..text.len(), || None);
}

/// Operators of a document database that ask more than a value does (CWE-943).
const OPERATORS: &[&str] =
    &["$ne", "$gt", "$nin", "$regex", "$where", "$function", "$accumulator", "$jsonSchema"];

/// Others, which are as common in a query as a value is.
const COMPARISONS: &[&str] = &["$gte", "$lt", "$lte", "$exists", "$expr"];

/// Variables of the environment by which a program loads or runs what it is told (CWE-426, CWE-454): the dynamic linkers',
/// those of shells, of interpreters and of git.
const LOADERS: &[&str] = &[
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
    "GCONV_PATH",
    "BASH_ENV",
    "SHELLOPTS",
    "PS4",
    "PROMPT_COMMAND",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PYTHONSTARTUP",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PERL5OPT",
    "PERL5LIB",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "MAVEN_OPTS",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_EXTERNAL_DIFF",
    "GIT_PROXY_COMMAND",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_PAGER",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_COUNT",
    "GIT_TEMPLATE_DIR",
    "GIT_EXEC_PATH",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
];

/// Tells `report` what the name of a member is that holds a value of an open kind. `asks`: it is a part of a query, where
/// comparisons belong.
pub(super) fn name(kind: Kind, asks: bool, name: &[u8], report: &mut dyn FnMut(Found)) {
    let is_one_of =
        |list: &[&str]| list.iter().any(|operator| operator.as_bytes().eq_ignore_ascii_case(name));
    if kind == Kind::Auto && (is_one_of(OPERATORS) || !asks && is_one_of(COMPARISONS)) {
        report((Rule::InjectionNosql, None, "an operator of a document database as the name of a member"));
    }
    if kind == Kind::Auto && LOADERS.iter().any(|loader| loader.as_bytes() == name) {
        report((Rule::InjectionArgument, None, "a variable by which a program loads or runs code of others"));
    }
    let name = String::from_utf8_lossy(name);
    text::scan(&name, |rule, range, what| report((rule, Some(range), what)));
}

/// What a look at a long string told, escapes and all.
enum Written {
    Judged,
    /// The same, but for what does not show.
    Hides,
    /// Only the text that it stands for can be judged.
    Unclear,
}

/// Work on one value.
struct Judge<'b> {
    wanted: Families,
    /// Whether secrets are looked for.
    secrets: bool,
    budget: &'b mut Budget,
    report: &'b mut dyn FnMut(Found),
    windows: Windows,
    runs: secrets::Runs,
}

impl<'b> Judge<'b> {
    fn new(
        wanted: Families,
        secrets: bool,
        budget: &'b mut Budget,
        report: &'b mut dyn FnMut(Found),
    ) -> Self {
        let (windows, runs) = (Windows::default(), secrets::Runs::default());
        Self { wanted, secrets, budget, report, windows, runs }
    }

    /// Judges a text without escapes, the bytes `range` of `data`.
    #[inline]
    fn text<'a>(&mut self, data: &[u8], range: Range<usize>, name: impl FnOnce() -> Option<Text<'a>>) {
        let Some(text) = data.get(range.clone()) else { return };
        let mut seen = Seen::default();
        let facts = marks(data, range.clone(), false, &GRAMS, Rung::Best, |mark| match mark {
            Mark::Gram(at) => self.gram(text, at - range.start, &mut seen, false),
            Mark::Run(at) => self.run(text, at - range.start, &mut seen),
        });
        let Some(facts) = facts else { return self.unjudged() };
        let marked = seen != Seen::default() || facts.hidden() || facts.sign();
        // Without any mark only a short text can be judged, and only where all families are wanted.
        if marked || (self.wanted == Families::ALL && text.len() <= SHORT && is_worded(text, facts)) {
            self.rest(text, facts, seen, name);
        }
    }

    /// What is left to do where something was seen.
    #[inline(never)]
    fn rest<'a>(
        &mut self,
        text: &[u8],
        facts: Facts,
        mut seen: Seen,
        name: impl FnOnce() -> Option<Text<'a>>,
    ) {
        if facts.hidden() {
            self.hidden(text);
        }
        if self.secrets {
            self.secrets(text, facts, &mut seen, name);
        }
        if text.len() <= SHORT {
            // Without a sign of a machine nothing is encoded.
            let all = self.wanted == Families::ALL;
            // Several lines are a document, however few, and what is code from its first word on is no value that
            // something was put behind: only what such code would not do counts.
            let len = weight(text);
            if all && len <= SHORT {
                self.wanted = self.wanted.without(code(text, self.report));
            }
            if all && !facts.sign() && is_worded(text, facts) {
                seen.families = seen.families | short::families(text);
            }
            if !facts.sign() && (seen.families & self.wanted) == Families::NONE {
                return;
            }
            with(&FORMS, |forms| {
                let forms = forms.read(text);
                if all && facts.sign() {
                    seen.families = seen.families | short::families(forms.plain());
                }
                self.signs(seen.families & self.wanted, forms, len, (true, true));
            });
        } else {
            self.flush(text, false);
        }
    }

    /// What does not show.
    fn hidden(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        // A carriage return at the end is what is left of a line that was split at its line feed.
        let line = text.strip_suffix('\r').unwrap_or(&text);
        text::scan(line, |rule, range, what| (self.report)((rule, Some(range), what)));
    }

    /// Secrets that are no tokens, and values that their name gives away.
    fn secrets<'a>(
        &mut self,
        text: &[u8],
        facts: Facts,
        seen: &mut Seen,
        name: impl FnOnce() -> Option<Text<'a>>,
    ) {
        let mut report = |rule, range, what| {
            seen.secret = true;
            (self.report)((rule, Some(range), what));
        };
        if facts.sign() {
            secrets::addresses(text, &mut report);
        }
        if seen.families.has(Families::KEY_BLOCK) {
            secrets::keys_in_blocks(text, &mut report);
        }
        if seen.families.has(Families::CONNECTION) {
            secrets::connections(text, &mut report);
        }
        if seen.run
            && !seen.secret
            && let Some(name) = name()
            && let Some((rule, what)) = secrets::named(&name.unescaped(), text)
        {
            (self.report)((rule, None, what));
        }
    }

    /// Looks at a long string as it is written.
    fn written(&mut self, data: &[u8], range: Range<usize>) -> Written {
        let Some(text) = data.get(range.clone()) else { return Written::Unclear };
        let mut seen = Seen::default();
        let mut secret = false;
        // The text is judged again where one of these is found, with the runs of its own.
        let mut runs = secrets::Runs::default();
        let facts = marks(data, range.clone(), true, &GRAMS, Rung::Best, |mark| match mark {
            Mark::Gram(at) => self.gram(text, at - range.start, &mut seen, true),
            Mark::Run(at) => {
                runs.judge(text, at - range.start, &mut |_, _, _| secret = true);
            }
        });
        let Some(facts) = facts else { return Written::Unclear };
        // No need to ask for a sign: a backslash is one.
        secrets::addresses(text, &mut |_, _, _| secret = true);
        if facts.escape() || secret || seen.families.has(Families::SECRETS) {
            self.windows = Windows::default();
            return Written::Unclear;
        }
        self.flush(text, true);
        if facts.hidden() { Written::Hides } else { Written::Judged }
    }

    #[cold]
    fn gram(&mut self, text: &[u8], at: usize, seen: &mut Seen, written: bool) {
        let Some(families) = grams::meaning(text, at, text.len() <= SHORT) else { return };
        seen.families = seen.families | families;
        if families.has(Families::CREDENTIALS) && !written {
            self.run(text, at + grams::CREDENTIALS.len(), seen);
        }
        let families = if families.has(Families::ENCODED) { Families::ALL } else { families } & self.wanted;
        if text.len() > SHORT && families != Families::NONE && !self.windows.extend(at, text.len(), families)
        {
            self.flush(text, written);
            self.windows.extend(at, text.len(), families);
        }
    }

    fn run(&mut self, text: &[u8], at: usize, seen: &mut Seen) {
        if !self.secrets {
            return;
        }
        seen.run = true;
        let report = &mut self.report;
        self.runs.judge(text, at, &mut |rule, range, what| {
            seen.secret = true;
            report((rule, Some(range), what));
        });
    }

    /// Judges the window that was gathered, if there is one.
    fn flush(&mut self, text: &[u8], written: bool) {
        let Some((window, families)) = self.windows.take() else { return };
        let ends = (window.start == 0, window.end == text.len());
        let window = windows::whole(text, window, written);
        with(&FORMS, |forms| {
            let forms = if written { forms.read_written(window) } else { forms.read(window) };
            self.signs(families, forms, text.len(), ends);
        });
    }

    /// The families of which a text has a sign.
    fn signs(&mut self, families: Families, forms: &mut Forms, len: usize, ends: (bool, bool)) {
        for (family, compiled) in families.of() {
            let text = forms.get(family.form);
            if !self.budget.spend(text.len()) {
                return self.unjudged();
            }
            if compiled.matches(text, len, ends) {
                (self.report)((family.rule, None, family.what));
            }
        }
    }

    #[cold]
    fn unjudged(&mut self) {
        if std::mem::replace(&mut self.budget.told, true) {
            return;
        }
        (self.report)((Rule::LimitWork, None, "more places to judge than the budget of a call allows"));
    }
}

/// Judges a command line or statement by what it does, and tells which family needs no more look.
fn code(text: &[u8], report: &mut dyn FnMut(Found)) -> Families {
    if command::is_line(text) {
        if let Some(what) = command::fault(&String::from_utf8_lossy(text)) {
            report((Rule::InjectionShell, None, what));
        }
        return Families::SHELL;
    }
    if !sql::is_statement(text) {
        return Families::NONE;
    }
    sql::judge(&String::from_utf8_lossy(text), Statements::Any, |(rule, what)| {
        if rule != Rule::SqlComment {
            report((Rule::InjectionSql, None, what));
        }
    });
    Families::SQL
}

/// The length of a text, in which several lines count as a document, however few.
fn weight(text: &[u8]) -> usize {
    if is_document(text) { text.len().max(SHORT + 1) } else { text.len() }
}

/// Whether a text is of several lines, as code and prose are.
fn is_document(text: &[u8]) -> bool {
    const LINES: usize = 4;
    text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).nth(LINES - 1).is_some()
}

/// Whether a short text without a sign of a machine can have one of a family all the same.
fn is_worded(text: &[u8], facts: Facts) -> bool {
    facts.spaced() || short::is_statement(text)
}

/// What the marks of a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Seen {
    families: Families,
    /// A run of token characters.
    run: bool,
    /// A secret was reported.
    secret: bool,
}
