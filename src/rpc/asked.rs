//! What an envelope means: whether it is one, and what its message asks for.

use super::envelope::{CALL, Given, Is, Judged, Reader, Repairs, is_integer};
use super::scan::{Scan, number};
use super::{MAX_ID, MAX_METHOD, MAX_NAME, MessageId, MessageKind};
use crate::access::Asked;
use crate::audit;
use crate::path::Reach;
use crate::policy::Intent;
use crate::rpc::UriValue;
use crate::rules::Rule;
use crate::url::{self, Origin, UrlGuard};
use crate::verdict::Finding;
use std::borrow::Cow;
use std::ops::Range;

impl<'m> Reader<'_, 'm> {
    /// What the message is, and the verdict on it, once it was read.
    pub(super) fn judged(mut self) -> Judged<'m> {
        let syntax = self.auditor.found(|rule| matches!(rule, Rule::JsonSyntax | Rule::JsonUtf8));
        if self.envelope.array && !syntax {
            self.wrong(Rule::RpcBatch, "", "a batch of messages; expected one message", 0..self.bytes.len());
            return self.ends(MessageKind::Batch, None, None, None);
        }
        if !self.envelope.closed || syntax {
            return self.given_up(syntax);
        }
        let id = self.id();
        let method = self.method();
        let kind = self.kind();
        let known = self.known.take();
        if let Some(known) = &known
            && (known.method.as_deref() != method.as_deref()
                || known.name.as_deref() != self.text(&self.envelope.name).as_deref())
        {
            self.broken(Rule::RpcEnvelope, "", "members that can be read in two ways", 0..self.bytes.len());
        }
        let mut tool = None;
        if let (Some(method), false) = (&method, self.envelope.broken) {
            tool = self.asks(method);
        }
        let kind = if self.envelope.broken { MessageKind::Invalid } else { kind };
        self.ends(kind, id, method, tool)
    }

    /// A message that is no object, or was not read to its end.
    fn given_up(mut self, syntax: bool) -> Judged<'m> {
        if self.envelope.broken && !syntax {
            self.wrong(Rule::RpcEnvelope, "", "not an object", 0..self.bytes.len());
        }
        let mut scanned = Scan::of(self.bytes);
        if syntax || self.envelope.broken {
            scanned.kind = MessageKind::Invalid;
        }
        scanned.judged(self.auditor.verdict())
    }

    fn ends(
        self,
        kind: MessageKind,
        id: Option<MessageId<'m>>,
        method: Option<Cow<'m, str>>,
        tool: Option<Cow<'m, str>>,
    ) -> Judged<'m> {
        if let Some(tape) = self.envelope.tape {
            tape.keep();
        }
        let modern = self.envelope.meta_protocol.is_some();
        let asks = self.envelope.asks || self.envelope.error.is_some();
        let halves = self.auditor.has_halves();
        let repairs = Repairs { halves, absent: self.envelope.absent };
        Judged { kind, id, method, tool, modern, asks, repairs, verdict: self.auditor.verdict() }
    }

    /// A fault of the envelope itself.
    fn broken(&mut self, rule: Rule, pointer: &str, what: &str, span: Range<usize>) {
        self.envelope.broken = true;
        self.wrong(rule, pointer, what, span);
    }

    fn whole(&self) -> Range<usize> {
        0..self.bytes.len()
    }

    fn id(&mut self) -> Option<MessageId<'m>> {
        let (is, span) = self.envelope.id.clone()?;
        let id = match is {
            Is::Text => self.text(&self.envelope.id).filter(|id| id.len() <= MAX_ID).map(MessageId::Text),
            Is::Number => number(self.bytes.get(span.clone())?),
            // An error that answers what had no id.
            Is::Null if self.envelope.error.is_some() && self.envelope.method.is_none() => return None,
            _ => None,
        };
        match &id {
            Some(MessageId::Written(number)) if is_integral(number) => {
                let what = "an id that JavaScript does not keep as it is written";
                self.auditor.turn(self.judge.tools.message(), 0);
                self.auditor.tell(Rule::RpcId, "/id", what, span);
            }
            None | Some(MessageId::Written(_)) => {
                let what = "an id is a string of at most 1,024 bytes or an integer";
                self.broken(Rule::RpcId, "/id", what, span);
            }
            Some(_) => {}
        }
        id
    }

    fn method(&mut self) -> Option<Cow<'m, str>> {
        let (_, span) = self.envelope.method.clone()?;
        let method = self.text(&self.envelope.method);
        let method = method.filter(|method| !method.is_empty() && method.len() <= MAX_METHOD);
        if method.is_none() {
            self.broken(Rule::RpcMethod, "/method", "a method is a string of 1 to 256 bytes", span);
        }
        method
    }

    /// What the message is by its members, each of which must fit.
    fn kind(&mut self) -> MessageKind {
        let rule = Rule::RpcEnvelope;
        match self.envelope.jsonrpc.clone() {
            None => self.broken(rule, "", "jsonrpc is missing", self.whole()),
            Some((_, span)) if self.text(&self.envelope.jsonrpc).as_deref() != Some("2.0") => {
                self.broken(rule, "/jsonrpc", "jsonrpc is not \"2.0\"", span);
            }
            Some(_) => {}
        }
        self.absent();
        for (given, pointer, what) in [
            (self.envelope.params.clone(), "/params", "params is not an object"),
            (self.envelope.result.clone(), "/result", "result is not an object"),
            (self.envelope.error.clone(), "/error", "error is not an object"),
        ] {
            if let Some((is, span)) = given
                && is != Is::Object
            {
                self.broken(rule, pointer, what, span);
            }
        }
        let (result, error) = (self.envelope.result.is_some(), self.envelope.error.is_some());
        if self.envelope.method.is_some() {
            if result || error {
                self.broken(rule, "", "both a method and an answer", self.whole());
            }
            let asks = self.envelope.id.is_some();
            return if asks { MessageKind::Request } else { MessageKind::Notification };
        }
        if result == error {
            let what = if result { "both a result and an error" } else { "neither a method nor an answer" };
            self.broken(rule, "", what, self.whole());
        }
        if self.envelope.params.is_some() {
            self.broken(rule, "/params", "params without a method", self.whole());
        }
        if result && self.envelope.id.is_none() {
            self.broken(rule, "", "a result without an id", self.whole());
        }
        if error && !self.is_error() {
            self.broken(rule, "/error", "an error without a code and a message", self.whole());
        }
        MessageKind::Response
    }

    /// Members that are `null` where they may be absent are absent.
    fn absent(&mut self) {
        let is_null = |given: &Given| matches!(given, Some((Is::Null, _)));
        let envelope = &mut self.envelope;
        let answers = |given: &Given| matches!(given, Some((Is::Object, _)));
        let (slot, pointer) = if envelope.method.is_some() && is_null(&envelope.params) {
            (&mut envelope.params, "/params")
        } else if answers(&envelope.result) && is_null(&envelope.error) {
            (&mut envelope.error, "/error")
        } else if answers(&envelope.error) && is_null(&envelope.result) {
            (&mut envelope.result, "/result")
        } else {
            return;
        };
        if let Some((_, span)) = slot.take() {
            envelope.absent.push(span.clone());
            self.auditor.turn(self.judge.tools.message(), 0);
            self.auditor.tell(Rule::RpcEnvelope, pointer, "null where a member is absent", span);
        }
    }

    fn is_error(&self) -> bool {
        let code = &self.envelope.code;
        let code = matches!(code, Some((Is::Number, span)) if is_integer(self.bytes, span));
        code && matches!(self.envelope.message, Some((Is::Text, _)))
    }

    /// What a request or notification asks for; answers the tool.
    fn asks(&mut self, method: &str) -> Option<Cow<'m, str>> {
        let is_request = REQUESTS.iter().any(|family| is_of(method, family));
        if is_request && self.envelope.id.is_none() {
            // Nothing that looks at answers would see it.
            self.wrong(Rule::RpcId, "", "a request without an id", self.whole());
        }
        if let Some((pointer, span)) = self.envelope.folded.take()
            && (is_request || is_of(method, "notifications/"))
        {
            let what = "a member that differs in case only from one that MCP knows";
            self.wrong(Rule::RpcEnvelope, &pointer, what, span);
        }
        self.admits(Asked::Method(method), "/method", span(&self.envelope.method));
        self.protocol(method);
        match method {
            CALL => return self.call(),
            "prompts/get" => {
                if let Some((name, span)) = self.named() {
                    self.admits(Asked::Prompt(&name), "/params/name", span);
                }
                self.arguments_are_an_object();
            }
            "resources/read" | "resources/subscribe" | "resources/unsubscribe" => self.resource(),
            "completion/complete" => {
                if let Some(name) = self.text(&self.envelope.ref_name) {
                    let span = span(&self.envelope.ref_name);
                    self.admits(Asked::Prompt(&name), "/params/ref/name", span);
                }
                if let Some(uri) = self.text(&self.envelope.ref_uri) {
                    let span = span(&self.envelope.ref_uri);
                    self.admits(Asked::Resource(&uri), "/params/ref/uri", span);
                }
            }
            _ => {}
        }
        None
    }

    fn admits(&mut self, asked: Asked<'_>, pointer: &str, span: Range<usize>) {
        if let Err(denied) = self.judge.access.admit(asked) {
            self.wrong(Rule::AccessDenied, pointer, denied.0, span);
        }
    }

    fn call(&mut self) -> Option<Cow<'m, str>> {
        let (name, at) = self.named()?;
        let tools = self.judge.tools;
        let rules = tools.rules(tools.id(&name));
        if let Err(denied) = self.judge.access.admit(Asked::Tool(&name)) {
            self.auditor.turn(rules, 0);
            self.auditor.mismatch(Rule::AccessDenied, "/params/name".to_owned(), denied.0, at);
        }
        if !self.arguments_are_an_object() {
            return Some(name);
        }
        let pointer = "/params/arguments";
        self.auditor.turn(rules, 2);
        if let Some((_, span)) = self.envelope.arguments.clone() {
            let limit = rules.limits.message_bytes;
            if span.len() > limit as usize {
                let what = format!("more bytes than {limit}");
                self.auditor.mismatch(Rule::LimitBytes, pointer.to_owned(), &what, span);
            }
            if let (Some(tape), Some(schema), false) =
                (&self.envelope.tape, &rules.schema, self.auditor.refused())
            {
                self.auditor.schema(self.bytes, tape, schema, pointer);
            }
        } else if rules.schema.is_some() {
            let span = span(&self.envelope.params);
            let absent = audit::arguments(rules, self.judge.paths, self.judge.urls, b"{}");
            for finding in absent.findings() {
                let mut finding = finding.clone();
                finding.pointer.insert_str(0, pointer);
                self.auditor.take(finding, span.clone());
            }
        }
        Some(name)
    }

    /// `params.name`, which must be there.
    fn named(&mut self) -> Option<(Cow<'m, str>, Range<usize>)> {
        let name = self.text(&self.envelope.name).filter(|name| name.len() <= MAX_NAME);
        let at = span(&self.envelope.name);
        if name.is_none() {
            let what = "params.name is a string of at most 1,024 bytes";
            self.wrong(Rule::RpcEnvelope, "/params/name", what, at.clone());
        }
        name.map(|name| (name, at))
    }

    fn arguments_are_an_object(&mut self) -> bool {
        // What is optional and was left out: Python's clients write it so.
        self.envelope.arguments.take_if(|(is, _)| *is == Is::Null);
        let Some((_, span)) = self.envelope.arguments.clone().filter(|(is, _)| *is != Is::Object) else {
            return true;
        };
        self.wrong(Rule::RpcEnvelope, "/params/arguments", "arguments is not an object", span);
        false
    }

    fn resource(&mut self) {
        let at = span(&self.envelope.uri);
        let pointer = "/params/uri";
        let Some(uri) = self.text(&self.envelope.uri) else {
            return self.wrong(Rule::RpcEnvelope, pointer, "params.uri is a string", at);
        };
        self.admits(Asked::Resource(&uri), pointer, at.clone());
        let values = match self.judge.resources.allows(&uri) {
            Ok(values) => values,
            Err(what) => return self.wrong(Rule::ResourceUri, pointer, what, at),
        };
        let actions = &self.judge.tools.message().actions;
        if self.judge.resources.is_open() {
            for finding in self.outside(&uri) {
                self.auditor.take(finding, at.clone());
            }
        }
        for value in values {
            let found = match value {
                UriValue::Path(path) => {
                    self.judge.paths.audit_argument(actions, &path, Intent::Read, || pointer.to_owned())
                }
                UriValue::Host(host) => UrlGuard::findings(
                    actions,
                    Rule::default_action,
                    || pointer.to_owned(),
                    |report| {
                        self.judge.urls.judge_host(&host, Origin::Set, report);
                    },
                ),
            };
            for finding in found {
                self.auditor.take(finding, at.clone());
            }
        }
    }

    /// What speaks against a URI that no template holds for: one of a file, or one that a server may make a path of.
    fn outside(&self, uri: &str) -> Vec<Finding> {
        let actions = &self.judge.tools.message().actions;
        let pointer = || "/params/uri".to_owned();
        if let Some(file) = url::file(uri) {
            return self.judge.paths.audit_file_url(actions, &file, pointer);
        }
        let mut left = Reach::default();
        let reached = paths_in(uri).into_iter().find_map(|path| self.judge.paths.reaches(&path, &mut left));
        let finding = |(rule, what): (Rule, &'static str)| {
            let what = if rule == Rule::PathOutsideRoot { URI_OUTSIDE } else { what };
            actions.finding(rule, rule.default_action(), pointer(), what)
        };
        reached.and_then(finding).into_iter().collect()
    }

    /// The version of the protocol, where one must be said or is.
    fn protocol(&mut self, method: &str) {
        let version = self.envelope.protocol.clone();
        if method == "initialize" && !self.is_version(&version) {
            let what = "params.protocolVersion is not a version of the protocol";
            self.wrong(Rule::RpcEnvelope, "/params/protocolVersion", what, span(&version));
        }
        let version = self.envelope.meta_protocol.clone();
        if version.is_some() && !self.is_version(&version) {
            let pointer = "/params/_meta/io.modelcontextprotocol~1protocolVersion";
            self.wrong(Rule::RpcEnvelope, pointer, "not a version of the protocol", span(&version));
        }
    }

    fn is_version(&self, given: &Given) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        self.text(given).is_some_and(|text| (1..=64).contains(&text.len()) && text.bytes().all(plain))
    }
}

/// Whether a number is written as an integer, were it with a fraction of zeros.
fn is_integral(number: &str) -> bool {
    let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'-';
    integer.bytes().all(is_digit) && fraction.bytes().all(|byte| byte == b'0')
}

/// Methods that are requests; one that ends with `/` stands for all that begin with it.
const REQUESTS: [&str; 14] = [
    "initialize",
    "ping",
    "server/",
    "tools/",
    "resources/",
    "prompts/",
    "completion/",
    "logging/",
    "roots/",
    "sampling/",
    "elicitation/",
    "tasks/",
    "subscriptions/",
    "messages/listen",
];

fn is_of(method: &str, family: &str) -> bool {
    if family.ends_with('/') { method.starts_with(family) } else { method == family }
}

const URI_OUTSIDE: &str = "a server that makes a path of the URI reads a file outside of every root";

/// What servers take for a path in a URI that is none of a file: all of it, what follows its scheme or its host, a value
/// of its query, its fragment.
fn paths_in(uri: &str) -> Vec<Cow<'_, str>> {
    let mut found = vec![Cow::Borrowed(uri)];
    let Some((scheme, rest)) = uri.split_once(':') else { return found };
    if ["http", "https", "ws", "wss"].iter().any(|web| scheme.eq_ignore_ascii_case(web)) {
        return found;
    }
    let parts = || rest.split(['?', '#', '&']);
    for whole in [rest, parts().next().unwrap_or_default()] {
        let below = whole.trim_start_matches('/');
        found.extend([Cow::Borrowed(below), Cow::Owned(["/", below].concat())]);
        if let Some((_, path)) = below.split_once('/').filter(|_| whole.starts_with("//")) {
            found.extend([Cow::Borrowed(path), Cow::Owned(["/", path.trim_start_matches('/')].concat())]);
        }
    }
    let values = parts().skip(1).map(|part| part.split_once('=').map_or(part, |(_, value)| value));
    found.extend(values.map(Cow::Borrowed));
    found.retain(|path| !path.trim_matches('/').is_empty());
    found
}

/// Where a value lies; at the start of the message where there is none.
fn span(given: &Given) -> Range<usize> {
    given.as_ref().map_or(0..0, |(_, span)| span.clone())
}
