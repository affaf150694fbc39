//! One message in one pass: its envelope is noted, and what it carries is audited.
//!
//! Members may stand in any order. Where arguments come before it is known whose they are, the names are looked for
//! ahead, and the message is read once more. What the envelope means is told by `asked`.

use super::scan::{Scan, Scanned};
use super::{MessageId, MessageKind};
use crate::Gate;
use crate::access::AccessGuard;
use crate::audit::Auditor;
use crate::json::{Events, Fault, Flow, Place, Step, Stop, Tape, Text, Token, folds_to, walk};
use crate::path::PathGuard;
use crate::policy::{Actions, Limits, ToolRules, Tools};
use crate::rpc::UriGuard;
use crate::rules::{Action, Rule};
use crate::url::UrlGuard;
use crate::verdict::Verdict;
use std::borrow::Cow;
use std::ops::Range;

/// What judges messages: parts of a gate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) tools: &'a Tools,
    pub(crate) paths: &'a PathGuard,
    pub(crate) urls: &'a UrlGuard,
    pub(crate) access: &'a AccessGuard,
    pub(crate) resources: &'a UriGuard,
}

/// What a message is, and the verdict on it.
#[derive(Debug)]
pub(crate) struct Judged<'m> {
    pub(crate) kind: MessageKind,
    pub(crate) id: Option<MessageId<'m>>,
    pub(crate) method: Option<Cow<'m, str>>,
    pub(crate) tool: Option<Cow<'m, str>>,
    /// It says itself which protocol it speaks, as messages do since 2026-07-28.
    #[cfg_attr(not(any(feature = "node", test)), expect(dead_code, reason = "asked by the addon"))]
    pub(crate) modern: bool,
    /// It is an answer that may ask for something in turn: an error, or a result with `inputRequests`.
    #[cfg_attr(not(any(feature = "node", test)), expect(dead_code, reason = "asked by the addon"))]
    pub(crate) asks: bool,
    pub(super) repairs: Repairs,
    pub(crate) verdict: Verdict,
}

/// What is to be mended before a message is passed on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Repairs {
    /// An answer has escapes of half a surrogate pair.
    pub(super) halves: bool,
    /// Values of members of the message that are `null` where they would be absent.
    pub(super) absent: Vec<Range<usize>>,
}

pub(super) const CALL: &str = "tools/call";

impl<'a> Judge<'a> {
    pub(crate) fn message<'m>(&self, bytes: &'m [u8]) -> Judged<'m> {
        let mut reader = self.read(bytes, None);
        if reader.late {
            reader = self.read(bytes, Some(Scan::of(bytes)));
        }
        reader.judged()
    }

    /// The verdict on a message of so many bytes that is longer than messages may be; no more of it is known.
    pub(crate) fn too_long(&self, bytes: u64, scanned: Scanned) -> Judged<'static> {
        let rules = self.rules_of(scanned.kind);
        let limit = rules.limits.message_bytes;
        let observes = rules.actions.observes();
        let more = if observes { ", and too many to be passed on" } else { "" };
        let what = format!("more bytes than {limit}{more}");
        // The message is gone, so that no setting lets it pass.
        let finding = rules.actions.finding(Rule::LimitBytes, Action::Deny, String::new(), &what);
        let finding = finding.filter(|_| !observes);
        let mut finding = finding.unwrap_or_else(|| Actions::refusal(Rule::LimitBytes, &what));
        finding.action = Action::Deny;
        (finding.start, finding.end) = (Some(limit.into()), Some(bytes));
        scanned.judged(Verdict::from_findings(vec![finding]))
    }

    /// What holds for a message of this kind as a whole.
    fn rules_of(&self, kind: MessageKind) -> &'a ToolRules {
        if kind == MessageKind::Response { self.tools.answer() } else { self.tools.message() }
    }

    /// What limits the size of this message. Most are short enough for either kind.
    fn sized(&self, bytes: &[u8]) -> &'a ToolRules {
        let [message, answer] = [self.tools.message(), self.tools.answer()];
        let least = message.limits.message_bytes.min(answer.limits.message_bytes);
        if bytes.len() <= least as usize { message } else { self.rules_of(Scan::of(bytes).kind) }
    }

    fn read<'m>(&self, bytes: &'m [u8], known: Option<Scanned>) -> Reader<'a, 'm> {
        let rules = self.tools.message();
        let (mut auditor, flow) = Auditor::of(self.sized(bytes), self.paths, self.urls, bytes);
        auditor.turn(rules, 0);
        let envelope = Envelope::default();
        let mut reader = Reader { judge: *self, bytes, auditor, known, late: false, envelope };
        if flow.is_ok() {
            walk(bytes, &rules.limits, &mut reader);
        }
        reader
    }
}

impl Judged<'_> {
    /// The same with a match of a rule that refuses elsewhere, and is only told here.
    pub(super) fn and_told(mut self, gate: &Gate, rule: Rule, what: &str) -> Self {
        let actions = &gate.judge().tools.message().actions;
        let told = actions.finding(rule, Action::Flag, String::new(), what);
        let findings = told.into_iter().chain(self.verdict.findings().iter().cloned());
        self.verdict = Verdict::from_findings(findings.collect());
        self
    }
}

impl Scanned {
    pub(super) fn judged(self, verdict: Verdict) -> Judged<'static> {
        let tool = self.name.filter(|_| self.method.as_deref() == Some(CALL));
        let method = self.method.map(Cow::Owned);
        Judged {
            kind: self.kind,
            id: self.id,
            method,
            tool: tool.map(Cow::Owned),
            modern: false,
            asks: true,
            repairs: Repairs::default(),
            verdict,
        }
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Text,
    Number,
    Null,
    Object,
    Array,
    Else,
}

/// A value of the envelope: what it is, and where it lies; of a container the first byte.
pub(super) type Given = Option<(Is, Range<usize>)>;

/// A member of the message whose own members mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Within {
    #[default]
    Other,
    Params,
    Result,
    Error,
}

/// The same one level below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    Other,
    Meta,
    Reference,
    Arguments,
}

/// What was noted of a message.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each by itself")]
pub(super) struct Envelope<'a> {
    /// The object of the message was read to its end.
    pub(super) closed: bool,
    pub(super) array: bool,
    /// There is no request to answer as such.
    pub(super) broken: bool,
    /// The result has `inputRequests`.
    pub(super) asks: bool,
    pub(super) jsonrpc: Given,
    pub(super) id: Given,
    pub(super) method: Given,
    pub(super) params: Given,
    pub(super) result: Given,
    pub(super) error: Given,
    pub(super) name: Given,
    pub(super) uri: Given,
    pub(super) arguments: Given,
    pub(super) protocol: Given,
    pub(super) meta_protocol: Given,
    pub(super) ref_name: Given,
    pub(super) ref_uri: Given,
    pub(super) code: Given,
    pub(super) message: Given,
    /// Members that are `null`, as if they were not there.
    pub(super) absent: Vec<Range<usize>>,
    /// The first member of the params that some parser takes for another.
    pub(super) folded: Option<(String, Range<usize>)>,
    /// The tool whose arguments were read, and their tape where it has a schema.
    pub(super) tool: Option<&'a ToolRules>,
    pub(super) tape: Option<Tape>,
    noting: bool,
    within: Within,
    below: Below,
    /// In a container two levels below the message of which no member means anything here.
    inside: bool,
    /// Values before the arguments.
    nodes: u32,
}

#[derive(Debug)]
pub(super) struct Reader<'a, 'm> {
    pub(super) judge: Judge<'a>,
    pub(super) bytes: &'m [u8],
    pub(super) auditor: Auditor<'a, true>,
    /// What was looked for ahead.
    pub(super) known: Option<Scanned>,
    /// The arguments come before it is known whose they are.
    late: bool,
    pub(super) envelope: Envelope<'a>,
}

/// The key under which clients of MCP 2026-07-28 say which protocol they speak.
const PROTOCOL: &[u8] = b"io.modelcontextprotocol/protocolVersion";

impl<'m> Reader<'_, 'm> {
    /// The text of a string of the envelope.
    pub(super) fn text(&self, given: &Given) -> Option<Cow<'m, str>> {
        let (Is::Text, range) = given.as_ref()? else { return None };
        match Text::between(self.bytes, range.start, range.end.saturating_sub(1)).unescaped() {
            Cow::Borrowed(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
            Cow::Owned(text) => String::from_utf8(text).ok().map(Cow::Owned),
        }
    }

    /// A match that no single value shows.
    pub(super) fn wrong(&mut self, rule: Rule, pointer: &str, what: &str, span: Range<usize>) {
        self.auditor.turn(self.judge.tools.message(), 0);
        self.auditor.mismatch(rule, pointer.to_owned(), what, span);
        if self.in_answer() {
            self.auditor.turn(self.judge.tools.answer(), 0);
        }
    }

    /// Notes what the envelope says with a value of at most three levels below the message.
    #[expect(clippy::too_many_lines, reason = "one table of members")]
    fn note_value(&mut self, place: &Place<'_>, is: Is, range: Range<usize>) -> Flow {
        let depth = place.depth();
        let key = match place.step() {
            Some(Step::Key(key)) => key.unescaped(),
            _ => Cow::Borrowed(&[][..]),
        };
        let envelope = &mut self.envelope;
        let slot = match depth {
            0 => {
                envelope.array = is == Is::Array;
                envelope.broken = !matches!(is, Is::Array | Is::Object);
                return Ok(());
            }
            _ if envelope.array => return Ok(()),
            1 => {
                envelope.within = Within::Other;
                match &*key {
                    b"jsonrpc" => &mut envelope.jsonrpc,
                    b"id" => &mut envelope.id,
                    b"method" => &mut envelope.method,
                    b"params" => {
                        envelope.within = Within::Params;
                        &mut envelope.params
                    }
                    b"result" => {
                        envelope.within = Within::Result;
                        &mut envelope.result
                    }
                    b"error" => {
                        envelope.within = Within::Error;
                        &mut envelope.error
                    }
                    _ => {
                        envelope.broken = true;
                        let what = "a member that no JSON-RPC message has";
                        self.wrong(Rule::RpcEnvelope, &place.pointer(), what, range);
                        return Ok(());
                    }
                }
            }
            2 => {
                envelope.below = Below::Other;
                match (envelope.within, &*key) {
                    (Within::Params | Within::Result, b"_meta") => {
                        if is == Is::Object {
                            envelope.below = Below::Meta;
                        } else if is != Is::Null {
                            self.wrong(Rule::RpcEnvelope, &place.pointer(), "_meta is an object", range);
                        }
                        return Ok(());
                    }
                    (Within::Result, b"inputRequests") => {
                        envelope.asks = true;
                        return Ok(());
                    }
                    (Within::Params, b"ref") => {
                        envelope.below = Below::Reference;
                        return Ok(());
                    }
                    (Within::Params, b"name") => &mut envelope.name,
                    (Within::Params, b"uri") => &mut envelope.uri,
                    (Within::Params, b"protocolVersion") => &mut envelope.protocol,
                    (Within::Params, b"arguments") => {
                        envelope.below = Below::Arguments;
                        &mut envelope.arguments
                    }
                    (Within::Error, b"code") => &mut envelope.code,
                    (Within::Error, b"message") => &mut envelope.message,
                    (Within::Params, key) if folds(key, &PARAMS) => {
                        envelope.folded.get_or_insert_with(|| (place.pointer(), range));
                        return Ok(());
                    }
                    _ => return Ok(()),
                }
            }
            3 => match (envelope.below, &*key) {
                (Below::Meta, b"progressToken") => {
                    let is_token = match is {
                        // What is optional and was left out: Python's clients write it so.
                        Is::Text | Is::Null => true,
                        Is::Number => is_integer(self.bytes, &range),
                        _ => false,
                    };
                    if !is_token {
                        let what = "a progress token is a string or an integer";
                        self.wrong(Rule::RpcEnvelope, &place.pointer(), what, range);
                    }
                    return Ok(());
                }
                (Below::Meta, PROTOCOL) => &mut envelope.meta_protocol,
                (Below::Reference, b"name") => &mut envelope.ref_name,
                (Below::Reference, b"uri") => &mut envelope.ref_uri,
                (Below::Meta, key) if folds(key, &META) => {
                    envelope.folded.get_or_insert_with(|| (place.pointer(), range));
                    return Ok(());
                }
                (Below::Reference, key) if folds(key, &[b"name", b"type", b"uri"]) => {
                    envelope.folded.get_or_insert_with(|| (place.pointer(), range));
                    return Ok(());
                }
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        if slot.replace((is, range.clone())).is_some() {
            self.envelope.broken |= depth == 1;
            self.wrong(
                Rule::RpcEnvelope,
                &place.pointer(),
                "a member of this name came before; expected each name once",
                range,
            );
            return Ok(());
        }
        self.auditor.soften(self.in_answer());
        if self.envelope.below == Below::Arguments && depth == 2 && is == Is::Object {
            self.begin_arguments()?;
        }
        Ok(())
    }

    /// The arguments begin: those of a tool have its rules.
    fn begin_arguments(&mut self) -> Flow {
        let known = self.known.as_ref();
        let method = self.text(&self.envelope.method).or_else(|| known?.method.clone().map(Cow::Owned));
        let name = self.text(&self.envelope.name).or_else(|| known?.name.clone().map(Cow::Owned));
        let is_call = method.as_deref().map(|method| method == CALL);
        if is_call == Some(false) {
            return Ok(());
        }
        if known.is_none() && (is_call.is_none() || self.envelope.name.is_none()) {
            self.late = true;
            return Err(Stop);
        }
        if is_call == Some(true) {
            let rules = self.judge.tools.rules(self.judge.tools.id(name.as_deref().unwrap_or_default()));
            self.auditor.turn(rules, 2);
            self.envelope.tool = Some(rules);
            self.envelope.tape = rules.schema.as_ref().map(|_| Tape::take());
            self.envelope.noting = rules.schema.is_some();
        }
        Ok(())
    }

    /// Whether what is read is in a result or error.
    fn in_answer(&self) -> bool {
        matches!(self.envelope.within, Within::Result | Within::Error)
    }

    /// Whether the arguments of a tool are being read.
    #[inline(always)]
    fn in_arguments(&self) -> bool {
        self.envelope.below == Below::Arguments && self.envelope.tool.is_some()
    }
}

impl Events for Reader<'_, '_> {
    const VALUES: bool = true;
    const OUTER: Option<usize> = Some(2);

    #[cold]
    fn fault(&mut self, place: &Place<'_>, mut fault: Fault) -> Flow {
        if self.in_arguments() {
            // As the policy says it, not as it is counted here.
            fault.limit = fault.limit.map(|limit| match fault.rule {
                Rule::LimitDepth => limit.saturating_sub(2),
                Rule::LimitNodes => limit.saturating_sub(self.envelope.nodes),
                _ => limit,
            });
        }
        self.auditor.fault(place, fault)
    }

    #[inline(always)]
    fn wants_key(len: usize, first: u8, plain: bool) -> bool {
        Auditor::<true>::wants_key(len, first, plain)
    }

    fn key(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        self.auditor.key(place, key)
    }

    #[inline(always)]
    fn folded(&mut self, place: &Place<'_>, key: Text<'_>) -> Flow {
        if self.in_arguments() { self.auditor.folded(place, key) } else { Ok(()) }
    }

    #[inline(always)]
    fn string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        if self.envelope.inside { self.auditor.string(place, value) } else { self.outer_string(place, value) }
    }

    #[inline(always)]
    fn other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        if self.envelope.inside { self.auditor.other(place, start) } else { self.outer_other(place, start) }
    }

    #[inline(always)]
    fn note(&mut self, token: Token<'_>) {
        if self.envelope.noting {
            self.note_on_tape(token);
        }
    }

    #[inline]
    fn enters(&mut self, depth: usize, nodes: u32, limits: &mut Limits) {
        if depth < 2 {
            if self.in_answer() {
                let rules = self.judge.tools.answer();
                *limits = rules.limits;
                self.auditor.turn(rules, 0);
            }
            return;
        }
        self.envelope.inside = !matches!(self.envelope.below, Below::Meta | Below::Reference);
        if let Some(rules) = self.envelope.tool.filter(|_| self.in_arguments()) {
            // The arguments are a document of their own: they are at depth 1 there.
            let before = nodes.saturating_sub(1);
            self.envelope.nodes = before;
            *limits = rules.limits;
            limits.depth = limits.depth.saturating_add(2);
            limits.nodes = limits.nodes.saturating_add(before);
        }
    }

    #[inline]
    fn leaves(&mut self, depth: usize, at: usize, nodes: u32, limits: &mut Limits) {
        match depth {
            2 => {
                if self.in_arguments() {
                    let inside = nodes.saturating_sub(self.envelope.nodes);
                    let rules = self.judge.tools.message();
                    *limits = rules.limits;
                    limits.nodes = limits.nodes.saturating_add(inside);
                    self.auditor.turn(rules, 0);
                    if let Some((_, range)) = &mut self.envelope.arguments {
                        range.end = at + 1;
                    }
                }
                self.envelope.below = Below::Other;
                (self.envelope.inside, self.envelope.noting) = (false, false);
            }
            1 => {
                if self.in_answer() {
                    let rules = self.judge.tools.message();
                    *limits = rules.limits;
                    limits.nodes = limits.nodes.saturating_add(nodes);
                    self.auditor.turn(rules, 0);
                }
                self.envelope.within = Within::Other;
                self.auditor.soften(false);
            }
            _ => self.envelope.closed = !self.envelope.array,
        }
    }

    fn restart(&mut self) {
        self.envelope = Envelope::default();
        self.late = false;
        self.auditor.turn(self.judge.tools.message(), 0);
        self.auditor.soften(false);
        self.auditor.restart();
    }
}

impl Reader<'_, '_> {
    #[inline(never)]
    fn outer_string(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        self.note_value(place, Is::Text, value.open..value.end())?;
        if is_name(value.raw()) && place.depth() <= 2 { Ok(()) } else { self.auditor.string(place, value) }
    }

    #[inline(never)]
    fn outer_other(&mut self, place: &Place<'_>, start: usize) -> Flow {
        let (is, end) = match self.bytes.get(start) {
            Some(b'{') => (Is::Object, start + 1),
            Some(b'[') => (Is::Array, start + 1),
            Some(b'n') => (Is::Null, start + 4),
            Some(b'-' | b'0'..=b'9') => (Is::Number, number_end(self.bytes, start)),
            _ => (Is::Else, start + 1),
        };
        self.note_value(place, is, start..end)?;
        self.auditor.other(place, start)
    }

    fn note_on_tape(&mut self, token: Token<'_>) {
        if let Some(tape) = &mut self.envelope.tape
            && self.bytes.len() <= Tape::MAX_BYTES
        {
            tape.note(token);
        }
    }
}

/// Members of `_meta` that mean something.
const META: [&[u8]; 2] = [b"progressToken", PROTOCOL];

/// Members of params that mean something.
const PARAMS: [&[u8]; 38] = [
    b"_meta",
    b"argument",
    b"arguments",
    b"capabilities",
    b"clientInfo",
    b"context",
    b"cursor",
    b"data",
    b"elicitationId",
    b"includeContext",
    b"inputResponses",
    b"level",
    b"logger",
    b"maxTokens",
    b"message",
    b"messages",
    b"metadata",
    b"mode",
    b"modelPreferences",
    b"name",
    b"progress",
    b"progressToken",
    b"protocolVersion",
    b"reason",
    b"ref",
    b"requestId",
    b"requestState",
    b"requestedSchema",
    b"stopSequences",
    b"systemPrompt",
    b"task",
    b"taskId",
    b"temperature",
    b"toolChoice",
    b"tools",
    b"total",
    b"uri",
    b"url",
];

/// Whether a parser that folds case takes a name for one of these, and others do not.
fn folds(key: &[u8], names: &[&[u8]]) -> bool {
    !names.contains(&key) && names.iter().any(|name| folds_to(name, key))
}

/// Whether a text is what methods, tools and ids are made of, in which nothing hides.
#[inline]
fn is_name(raw: &[u8]) -> bool {
    raw.len() <= 64 && raw.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(byte))
}

/// One past the last byte of a number.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count()
}

/// Whether a number is written as an integer.
pub(super) fn is_integer(bytes: &[u8], range: &Range<usize>) -> bool {
    let token = bytes.get(range.clone()).unwrap_or_default();
    token.strip_prefix(b"-").unwrap_or(token).iter().all(u8::is_ascii_digit)
}
