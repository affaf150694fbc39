//! A message of a server as it may go out: texts without what does not show, and without secrets.
//!
//! One pass tells what becomes of each string; every other byte stays. A result with a schema still matches it
//! afterwards (`schema`).

#![forbid(unsafe_code)]

mod facts;
mod schema;
#[cfg(test)]
mod tests;
mod texts;
mod twins;

use crate::json::{Events, Fault, Flow, Place, Step, Stop, Text, push_string, walk};
use crate::policy::{Actions, Limits, ResultRedaction, Sanitize};
use crate::redact::{Edit, Names, Pass, SecretKeys, Seen};
use crate::rpc::AnswerVerdict;
use crate::rules::{Action, Rule};
use crate::text::RemovedKind;
use crate::verdict::{Finding, MAX_FINDINGS, Verdict};
use std::borrow::Cow;
use std::ops::Range;
use twins::Twins;

/// What cleans: parts of a gate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cleaner<'a> {
    pub(crate) keys: &'a SecretKeys,
    pub(crate) actions: &'a Actions,
    pub(crate) sanitize: Sanitize,
    pub(crate) redaction: ResultRedaction,
    pub(crate) limits: &'a Limits,
}

/// What is known of a message besides its bytes.
///
/// ```
/// let mut options = callgate::CleanOptions::default();
/// options.tool = Some("read_note");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CleanOptions<'a> {
    /// The tool whose call it answers: what the policy says of its rules holds.
    pub tool: Option<&'a str>,
    /// The JSON Schema that the tool declares for its structured content (`outputSchema`).
    pub output_schema: Option<&'a str>,
}

/// Cleans a message.
pub(crate) fn answer(cleaner: &Cleaner<'_>, message: &[u8], options: &CleanOptions<'_>) -> AnswerVerdict {
    let about = facts::of(message, options.output_schema);
    match about.and_then(|about| cleaner.clean(message, about)) {
        Some(Cleaned { text: Cow::Owned(text), verdict }) => AnswerVerdict::new(verdict, Some(text)),
        Some(Cleaned { verdict, .. }) => AnswerVerdict::new(verdict, None),
        None => {
            let refusal = Actions::refusal(Rule::JsonSyntax, "a message that cannot be read as JSON");
            AnswerVerdict::new(Verdict::from_findings(vec![refusal]), None)
        }
    }
}

/// What a message is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About<'a> {
    /// Its texts tell of an error: each is cut behind so many units of UTF-16.
    pub(crate) most: Option<usize>,
    /// It tells something by itself, so that its `params` are text for reading.
    pub(crate) tells: bool,
    /// The JSON Schema of its structured content.
    pub(crate) schema: Option<&'a str>,
}

/// A message that was looked through.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cleaned<'a> {
    /// The message; borrowed where nothing is changed.
    pub(crate) text: Cow<'a, [u8]>,
    /// What was found in it. Nothing refuses.
    pub(crate) verdict: Verdict,
}

/// Members of a result that the server gets back as it sent them, or that say nothing for reading.
const KEPT: [&[u8]; 7] = [
    b"_meta",
    b"inputRequests",
    b"nextCursor",
    b"requestState",
    b"resultType",
    b"progressToken",
    b"requestId",
];

impl Cleaner<'_> {
    /// `None` where the message is no JSON.
    pub(crate) fn clean<'m>(&self, message: &'m [u8], about: About<'_>) -> Option<Cleaned<'m>> {
        if message.len() > crate::helper::INDEX_MAX_BYTES as usize {
            return None;
        }
        let seen = &mut Seen::default();
        let names = self.names();
        let pass = Pass::new(self.keys, self.actions, names, message, seen);
        let (state, twins) = (State::default(), Twins::default());
        let mut reader = Reader { cleaner: *self, about, message, pass, state, twins };
        walk(message, self.limits, &mut reader);
        if reader.state.broken {
            return None;
        }
        reader.state.changes.sort_by_key(|change| change.range.start);
        reader.add_twins();
        let State { mut changes, findings, structured, .. } = reader.state;
        if let (Some(given), Some(range)) = (about.schema, structured) {
            schema::keep(given, message, range, &mut changes);
        }
        let observes = self.actions.observes();
        let text = if observes { Cow::Borrowed(message) } else { applied(&changes, message) };
        Some(Cleaned { text, verdict: Verdict::from_findings(findings) })
    }

    fn names(&self) -> Names {
        if self.redaction == ResultRedaction::Names { Names::All } else { Names::Likely }
    }

    fn is_off(&self, rule: Rule) -> bool {
        self.actions.enforced(rule, rule.default_action()).is_none()
    }
}

/// Bytes that others take the place of.
#[derive(Debug)]
struct Change {
    range: Range<usize>,
    with: Cow<'static, [u8]>,
    /// The place in the string where it begins, where a part of one goes.
    part: bool,
}

fn applied<'m>(changes: &[Change], message: &'m [u8]) -> Cow<'m, [u8]> {
    if changes.is_empty() {
        return Cow::Borrowed(message);
    }
    let mut out = Vec::with_capacity(message.len());
    let mut from = 0;
    for Change { range, with, .. } in changes {
        out.extend_from_slice(message.get(from..range.start).unwrap_or_default());
        out.extend_from_slice(with);
        from = range.end;
    }
    out.extend_from_slice(message.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

#[derive(Debug, Default)]
struct State {
    broken: bool,
    /// How deep messages lie: those of a batch lie in it.
    base: usize,
    changes: Vec<Change>,
    findings: Vec<Finding>,
    /// Where `result.structuredContent` lies.
    structured: Option<Range<usize>>,
    /// The open containers: whether each says that it holds bytes, and what was found in these.
    open: Vec<Media>,
}

#[derive(Debug, Default)]
struct Media {
    bytes_in: bool,
    changes: Vec<Change>,
    findings: Vec<Finding>,
}

struct Reader<'c, 'a, 'm> {
    cleaner: Cleaner<'c>,
    about: About<'a>,
    message: &'m [u8],
    pass: Pass<'m>,
    state: State,
    /// Secrets of which there may be more.
    twins: Twins,
}

/// Whether a place is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Away,
    At,
    /// The structured content of a result.
    AtStructure,
}

impl About<'_> {
    /// How a place is looked at. `base`: how deep messages lie.
    fn look(&self, place: &Place<'_>, base: usize) -> Look {
        let mut steps = place.steps().skip(base);
        let Some(Step::Key(part)) = steps.next() else { return Look::At };
        let part = part.unescaped();
        let is_text = match &*part {
            b"result" | b"error" => true,
            b"params" => self.tells,
            _ => false,
        };
        if !is_text {
            return Look::Away;
        }
        match steps.next() {
            Some(Step::Key(member)) if KEPT.contains(&&*member.unescaped()) => Look::Away,
            Some(Step::Key(member))
                if *part == *b"result" && *member.unescaped() == *b"structuredContent" =>
            {
                Look::AtStructure
            }
            _ => Look::At,
        }
    }
}

impl Reader<'_, '_, '_> {
    fn look(&self, place: &Place<'_>) -> Look {
        self.about.look(place, self.state.base)
    }

    /// A string that is shown.
    fn text(&mut self, place: &Place<'_>, value: Text<'_>) {
        let held = self.pass.take_held(place, value);
        let cleaner = self.cleaner;
        let text = texts::clean(&cleaner, &mut self.pass, held, place, value, self.about.most);
        self.late();
        self.twins.add(text.named);
        if text.edits.is_empty() && text.removed.is_empty() && text.whole.is_none() {
            return;
        }
        let redacts = cleaner.redaction != ResultRedaction::Off;
        let (_, inside) = value.inside();
        let mut changes = Vec::new();
        match text.whole {
            Some(whole) => {
                let mut with = Vec::new();
                // It is UTF-8.
                push_string(&mut with, whole.as_bytes());
                changes.push(Change { range: value.open..value.end(), with: Cow::Owned(with), part: false });
            }
            None if redacts => changes.extend(text.edits.iter().map(|edit| Change {
                range: inside.start + edit.range.start..inside.start + edit.range.end,
                with: Cow::Borrowed(edit.with),
                part: true,
            })),
            None => {}
        }
        let mut findings = Vec::new();
        for kind in text.removed {
            let (rule, what) = rule_of(kind);
            self.find(&mut findings, || place.pointer(), rule, what, inside.clone());
        }
        for edit in text.edits {
            // Where the text was cleaned before, offsets are of what was left.
            let range = match changes.first() {
                Some(Change { part: false, .. }) => inside.clone(),
                _ => inside.start + edit.range.start..inside.start + edit.range.end,
            };
            self.find(&mut findings, || place.pointer(), edit.rule, edit.what, range);
        }
        let bytes = is_data(place) && is_base64(value.raw());
        let State { changes: all, findings: told, open, .. } = &mut self.state;
        if let Some(media) = open.last_mut().filter(|_| bytes) {
            media.changes.append(&mut changes);
            media.findings.append(&mut findings);
        } else {
            all.append(&mut changes);
            told.append(&mut findings);
        }
    }

    fn find(
        &self,
        findings: &mut Vec<Finding>,
        pointer: impl FnOnce() -> String,
        rule: Rule,
        what: &str,
        range: Range<usize>,
    ) {
        if self.state.findings.len() + findings.len() >= MAX_FINDINGS {
            return;
        }
        if let Some(mut finding) = self.cleaner.actions.finding(rule, rule.default_action(), pointer(), what)
        {
            finding.action = Action::Flag;
            (finding.start, finding.end) = (Some(range.start as u64), Some(range.end as u64));
            findings.push(finding);
        }
    }
}

/// What the rule is that names what was changed, and what it is.
fn rule_of(kind: RemovedKind) -> (Rule, &'static str) {
    let rule = match kind {
        RemovedKind::Invisible => Rule::TextInvisible,
        RemovedKind::Bidi => Rule::TextBidi,
        RemovedKind::Control | RemovedKind::Escape => Rule::TextControl,
        RemovedKind::RemoteImage | RemovedKind::DataLink | RemovedKind::WikiLink | RemovedKind::CodeFence => {
            Rule::TextMarkup
        }
        RemovedKind::Truncated => return (Rule::LimitString, "a text was cut"),
    };
    (rule, kind.as_str())
}

/// Whether a string is the member of a container that may hold bytes.
fn is_data(place: &Place<'_>) -> bool {
    matches!(place.step(), Some(Step::Key(key)) if *key.unescaped() == *b"data")
}

/// Whether a string as written can be bytes in base64, with line ends.
fn is_base64(raw: &[u8]) -> bool {
    let mut bytes = raw.iter();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'\\' => matches!(bytes.next(), Some(b'n' | b'r' | b't' | b'/')),
            b'+' | b'/' | b'=' | b' ' => true,
            byte => byte.is_ascii_alphanumeric(),
        };
        if !fits {
            return false;
        }
    }
    true
}

impl Events for Reader<'_, '_, '_> {
    const VALUES: bool = true;
    const OUTER: Option<usize> = Some(usize::MAX);

    fn fault(&mut self, _: &Place<'_>, fault: Fault) -> Flow {
        // Limits and what JSON does not forbid were judged before.
        self.state.broken = matches!(fault.rule, Rule::JsonSyntax | Rule::JsonUtf8 | Rule::LimitDepth);
        if self.state.broken { Err(Stop) } else { Ok(()) }
    }

    fn wants_key(_: usize, _: u8, _: bool) -> bool {
        true
    }

    fn key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        if self.look(place) == Look::Away {
            return Ok(());
        }
        let before = self.pass.edits.len();
        self.pass.key(place, key)?;
        self.take(place, before);
        Ok(())
    }

    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        if self.look(place) == Look::Away {
            return Ok(());
        }
        if let Some(Step::Key(key)) = place.step() {
            let key = key.unescaped();
            if *key == *b"blob" && is_base64(value.raw()) && place.depth() > self.state.base + 2 {
                return Ok(());
            }
            let kind = value.raw();
            if *key == *b"type"
                && (kind == b"image" || kind == b"audio")
                && let Some(media) = self.state.open.last_mut()
            {
                media.bytes_in = true;
            }
        }
        if self.pass.is_gone(value.open) {
            return Ok(());
        }
        self.text(place, value);
        Ok(())
    }

    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if place.depth() == 0 && self.message.get(start) == Some(&b'[') {
            self.state.base = 1;
        }
        let look = self.look(place);
        if look == Look::Away {
            return Ok(());
        }
        if look == Look::AtStructure && place.depth() == self.state.base + 2 {
            self.state.structured = Some(start..start);
        }
        let before = self.pass.edits.len();
        self.pass.other(place, start)?;
        self.take(place, before);
        Ok(())
    }

    fn enters(&mut self, _: usize, _: u32, _: &mut Limits) {
        self.state.open.push(Media::default());
    }

    fn leaves(&mut self, depth: usize, at: usize, _: u32, _: &mut Limits) {
        if let Some(mut media) = self.state.open.pop()
            && !media.bytes_in
        {
            self.state.changes.append(&mut media.changes);
            self.state.findings.append(&mut media.findings);
        }
        if let Some(range) = &mut self.state.structured
            && depth == self.state.base + 2
            && range.end == range.start
        {
            range.end = at + 1;
        }
    }

    fn restart(&mut self) {
        self.pass.restart();
        self.state = State::default();
        self.twins = Twins::default();
    }
}

impl Reader<'_, '_, '_> {
    /// What the pass found in strings that were read before: all of these goes.
    fn late(&mut self) {
        let mut findings = Vec::new();
        for (edit, pointer) in std::mem::take(&mut self.pass.late) {
            let Edit { range, with, rule, what } = edit;
            self.find(&mut findings, || pointer, rule, what, range.clone());
            if self.cleaner.redaction == ResultRedaction::Off {
                continue;
            }
            let changes = &mut self.state.changes;
            // What was to change in it lies behind all that stands before it.
            let from =
                changes.iter().rposition(|change| change.range.end <= range.start).map_or(0, |at| at + 1);
            let after = changes.split_off(from);
            changes.extend(after.into_iter().filter(|change| change.range.start >= range.end));
            changes.push(Change { range, with: Cow::Borrowed(with), part: true });
        }
        self.state.findings.append(&mut findings);
    }

    /// What the pass found by itself: secrets in keys, and values of all sorts that their names give away.
    fn take(&mut self, place: &Place<'_>, before: usize) {
        let found: Vec<Edit> = self.pass.edits.drain(before..).collect();
        let mut findings = Vec::new();
        for edit in found {
            self.find(&mut findings, || place.pointer(), edit.rule, edit.what, edit.range.clone());
            if self.cleaner.redaction != ResultRedaction::Off {
                let (range, with) = (edit.range, Cow::Borrowed(edit.with));
                self.state.changes.push(Change { range, with, part: true });
            }
        }
        self.state.findings.append(&mut findings);
    }
}
