//! Where a URL, a host or an address leads, and whether a policy lets it.
//!
//! `parse` finds the host in a text, `address` and `hosts` say where one leads, `local` knows what reads files, `lenient` what only willing programs
//! read, and this
//! module asks the policy. Nothing here asks the network: a public name can resolve to a private address, so that a client
//! checks the address that it connects to as well ([`UrlGuard::judge_address`]).

#![forbid(unsafe_code)]

mod address;
mod hosts;
mod lenient;
mod local;
mod parse;

#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::policy::{Actions, Urls};
use crate::rules::{Action, Rule};
use crate::verdict::Finding;
use address::Reach;
use hosts::{Host, Pattern};
pub(crate) use local::{attack, file};
use std::net::IpAddr;
use std::ops::Range;

/// Who says that a text is a URL or a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The policy or the caller.
    Set,
    /// A guess from the schema: only a metadata service, a host that the policy names, a scheme of attacks and a file
    /// outside the roots are refused; a host passes for a URL and a URL for a host, and text that is neither is left
    /// alone, as are schemes that reach nothing.
    Inferred,
}

impl Origin {
    /// The action of a rule's match where the policy's `rules` say nothing.
    pub(crate) fn default_action(self, rule: Rule) -> Action {
        match (self, rule) {
            // An honest call may hold it.
            (Self::Inferred, Rule::UrlPrivate | Rule::UrlSyntax | Rule::UrlScheme | Rule::UrlCredentials) => {
                Action::Flag
            }
            _ => rule.default_action(),
        }
    }
}

/// The compiled `urls` of a policy.
#[derive(Debug, Clone)]
pub(crate) struct UrlGuard {
    schemes: Vec<String>,
    allowed: Vec<Pattern>,
    denied: Vec<Pattern>,
    allow_private: bool,
}

impl Default for UrlGuard {
    fn default() -> Self {
        let Urls { schemes, allow_private, .. } = Urls::default();
        Self { schemes, allowed: Vec::new(), denied: Vec::new(), allow_private }
    }
}

/// Takes a match: the rule, its place in the text, and what was wrong.
pub(crate) type Report<'r> = &'r mut dyn FnMut(Rule, Range<usize>, &'static str);

/// Reports each match with a place that holds something: where a part is missing, such as the host of `https://`, the
/// whole text is what was wrong.
fn naming<'r>(text: &str, report: Report<'r>) -> impl FnMut(Rule, Range<usize>, &'static str) + use<'r> {
    let whole = 0..text.len();
    move |rule, at, what| report(rule, if at.is_empty() { whole.clone() } else { at }, what)
}

impl UrlGuard {
    pub(crate) fn new(urls: &Urls) -> Result<Self, Error> {
        let mut schemes = Vec::with_capacity(urls.schemes.len());
        for (index, scheme) in urls.schemes.iter().enumerate() {
            if !parse::is_scheme(scheme) {
                return Err(Error::policy(
                    &format!("/urls/schemes/{index}"),
                    "a scheme is letters, digits, \"+\", \"-\" and \".\", without a colon",
                ));
            }
            schemes.push(scheme.to_ascii_lowercase());
        }
        let patterns = |name: &str, entries: &[String]| {
            let parsed = entries.iter().enumerate().map(|(index, entry)| {
                Pattern::parse(entry).map_err(|what| Error::policy(&format!("/urls/{name}/{index}"), what))
            });
            parsed.collect::<Result<Vec<_>, _>>()
        };
        let mut denied = patterns("denyHosts", &urls.deny_hosts)?;
        // Whoever denies a name means it in each of its readings.
        let others = denied.iter().zip(&urls.deny_hosts).filter_map(|(pattern, entry)| pattern.other(entry));
        denied.extend(others.collect::<Vec<_>>());
        Ok(Self {
            schemes,
            allowed: patterns("allowHosts", &urls.allow_hosts)?,
            denied,
            allow_private: urls.allow_private,
        })
    }

    /// Judges a URL.
    pub(crate) fn judge_url(&self, text: &str, origin: Origin, report: Report<'_>) {
        let report = &mut naming(text, report);
        match origin {
            Origin::Inferred => self.judge_guess(text, report),
            Origin::Set => self.judge_as_url(text, origin, report),
        }
    }

    /// Judges what was guessed to be a URL or a host: each passes for the other.
    fn judge_guess(&self, text: &str, report: Report<'_>) {
        self.judge_attack(text, report);
        or_leniently(text, report, |report| {
            if is_like_url(text) {
                self.judge_as_url(text, Origin::Inferred, report);
            } else {
                self.judge_guessed_host(text, report);
            }
        });
    }

    /// Judges a text of which nobody says what it is, where it is nothing but an address: whether that is an internal
    /// one or a metadata service, in any spelling.
    pub(crate) fn judge_whole(&self, text: &str, report: Report<'_>) {
        or_leniently(text, report, |report| {
            // Sentences end so, and a name with a dot at its end is the same name.
            let text = text.trim().trim_end_matches(['.', ',', ';', ')']);
            let Some(bare) = shape(text) else { return };
            let mut internal = |rule: Rule, at: Range<usize>, what: &'static str| {
                if rule == Rule::UrlMetadata || rule == Rule::UrlPrivate {
                    report(rule, at, what);
                }
            };
            if bare {
                self.judge_guessed_host(text, &mut internal);
            } else {
                self.judge_as_url(text, Origin::Inferred, &mut internal);
            }
        });
    }

    /// Judges a host, with a port or without.
    pub(crate) fn judge_host(&self, text: &str, origin: Origin, report: Report<'_>) {
        let report = &mut naming(text, report);
        match origin {
            Origin::Inferred => self.judge_guess(text, report),
            Origin::Set => match parse::read_host(text) {
                Ok((host, at, fault)) => {
                    if let Some((at, what)) = fault {
                        report(Rule::UrlSyntax, at, what);
                    }
                    self.judge_read_host(text, &host, at, report);
                }
                Err((at, what)) => report(Rule::UrlSyntax, at, what),
            },
        }
    }

    /// Judges an address that a host was resolved to. What the text of the host says is judged too, so that
    /// a resolver that asks here lets nothing pass that the check of a URL refuses for its host.
    pub(crate) fn judge_address(&self, host: &str, address: IpAddr, report: Report<'_>) {
        self.judge_host(host, Origin::Set, report);
        let named = parse::read_host(host).is_ok_and(|(host, ..)| {
            host.reach() != Reach::Public && self.allowed.iter().any(|pattern| pattern.matches(&host))
        });
        let at = 0..host.len();
        let address = Host::Address(address);
        self.judge_reach(&address, &at, named, report);
        if self.denied.iter().any(|pattern| pattern.matches(&address)) {
            report(Rule::UrlHost, at, DENIED);
        }
    }

    /// Judges the scheme of what may be a URL, as a program may read it.
    fn judge_attack(&self, text: &str, report: Report<'_>) {
        if attack(text).is_some_and(|found| !self.schemes.contains(&found)) {
            report(Rule::UrlScheme, 0..text.len(), "a scheme by which programs read files or are attacked");
        }
    }

    fn judge_as_url(&self, text: &str, origin: Origin, report: Report<'_>) {
        let (reading, fault) = parse::read(text);
        if let Some((at, what)) = fault {
            report(Rule::UrlSyntax, at, what);
        }
        let Some(reading) = reading else {
            if origin == Origin::Inferred {
                self.judge_behind_slashes(text, report);
            }
            return;
        };
        let reaches = origin == Origin::Set || REACHING.contains(&&*reading.scheme);
        if reaches && !self.schemes.iter().any(|scheme| *scheme == reading.scheme) {
            report(
                Rule::UrlScheme,
                reading.scheme_at,
                "a scheme that is not allowed here; https is as a rule",
            );
        }
        if let Some(at) = reading.credentials {
            report(Rule::UrlCredentials, at, "a name or password inside a URL; expected one without them");
        }
        // What other schemes call a host may be any name.
        let is_host = |host: &Host<'_>| {
            reaches_web(origin, &reading.scheme)
                || matches!(host, Host::Address(_))
                || matches!(host.reach(), Reach::Metadata(_))
        };
        if let Some(host) = reading.host.filter(is_host) {
            self.judge_read_host(text, &host, reading.host_at, report);
        }
    }

    /// Judges the host of an address without a scheme, before which some programs put one.
    fn judge_behind_slashes(&self, text: &str, report: Report<'_>) {
        let slashes = ['/', '\\'];
        let rest = text.trim_start_matches(|c| slashes.contains(&c) || parse::is_dropped_at_ends(c));
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let start = text.len() - rest.len() + authority.len() - host.len();
        self.judge_guessed_host(host, &mut |rule, at, what| {
            report(rule, start + at.start..start + at.end, what);
        });
    }

    /// Judges what may be a host. What is none is left alone: the guess was wrong. So is a mere word or
    /// number, unless it stands for a metadata service.
    fn judge_guessed_host(&self, text: &str, report: Report<'_>) {
        let end = text.find(['/', '?', '#']).unwrap_or(text.len());
        let Some(Ok((host, at, _))) = text.get(..end).map(parse::read_host) else { return };
        let shaped = text.contains(['.', ':']) || text.eq_ignore_ascii_case("localhost");
        if shaped || matches!((&host, host.reach()), (Host::Address(_), Reach::Metadata(_))) {
            self.judge_read_host(text, &host, at, report);
        }
    }

    fn judge_read_host(&self, text: &str, host: &Host<'_>, at: Range<usize>, report: Report<'_>) {
        let is_among =
            |host: &Host<'_>, patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(host));
        let allowed = is_among(host, &self.allowed);
        self.judge_reach(host, &at, allowed, report);
        // Where another client would go with the same text.
        let other = match host {
            Host::Name(name) => hosts::other_reading(text.get(at.clone()).unwrap_or_default(), name),
            Host::Address(_) => None,
        };
        let other = other.map(|name| Host::Name(name.into()));
        if let Some(other) = &other {
            self.judge_reach(other, &at, is_among(other, &self.allowed), report);
        }
        if is_among(host, &self.denied) || other.is_some_and(|other| is_among(&other, &self.denied)) {
            report(Rule::UrlHost, at, DENIED);
        } else if !self.allowed.is_empty() && !allowed {
            report(Rule::UrlHost, at, "a host that is not among the policy's urls.allowHosts");
        }
    }

    /// Judges where a host leads. Who names an internal one means it.
    fn judge_reach(&self, host: &Host<'_>, at: &Range<usize>, named: bool, report: Report<'_>) {
        match host.reach() {
            Reach::Metadata(what) => report(Rule::UrlMetadata, at.clone(), what),
            Reach::Private(what) if !self.allow_private && !named => {
                report(Rule::UrlPrivate, at.clone(), what);
            }
            Reach::Private(_) | Reach::Public => {}
        }
    }

    /// The findings of one judgement, in the order of the bytes, at most one a rule. `default`: what a rule's match
    /// leads to where the policy's `rules` say nothing.
    pub(crate) fn findings(
        actions: &Actions,
        default: impl Fn(Rule) -> Action,
        pointer: impl Fn() -> String,
        judge: impl FnOnce(Report<'_>),
    ) -> Vec<Finding> {
        let mut found: Vec<Finding> = Vec::new();
        judge(&mut |rule, at, what| {
            if found.iter().any(|known| known.rule == rule) {
                return;
            }
            if let Some(mut finding) = actions.finding(rule, default(rule), pointer(), what) {
                (finding.start, finding.end) = (Some(at.start as u64), Some(at.end as u64));
                found.push(finding);
            }
        });
        found.sort_by_key(|finding| finding.start);
        found
    }
}

/// Judges a text, and where that finds no metadata service, reports one that only willing programs read in it.
fn or_leniently(text: &str, report: Report<'_>, judge: impl FnOnce(Report<'_>)) {
    let mut is_found = false;
    judge(&mut |rule, at, what| {
        is_found |= rule == Rule::UrlMetadata;
        report(rule, at, what);
    });
    if !is_found
        && lenient::may_differ(text)
        && let Some(what) = lenient::metadata(text)
    {
        report(Rule::UrlMetadata, 0..text.len(), what);
    }
}

/// Schemes by which programs read files, run code or speak to other services than the web.
const REACHING: &[&str] = &[
    "file",
    "ftp",
    "tftp",
    "gopher",
    "dict",
    "ldap",
    "ldaps",
    "smb",
    "jar",
    "netdoc",
    "php",
    "phar",
    "expect",
    "zip",
    "javascript",
    "vbscript",
    "view-source",
    "smtp",
    "smtps",
    "imap",
    "imaps",
    "pop3",
    "pop3s",
    "telnet",
    "nfs",
];

/// Whether a scheme is one whose host programs connect to, by what is known of it.
fn reaches_web(origin: Origin, scheme: &str) -> bool {
    origin == Origin::Set || parse::is_special(scheme) || REACHING.contains(&scheme)
}

/// Whether a text is nothing but an address: `Some(true)` for a host without a scheme.
fn shape(text: &str) -> Option<bool> {
    let bytes = text.as_bytes();
    let first = *bytes.first()?;
    if bytes.contains(&b' ') {
        return None;
    }
    let starts =
        |word: &str| bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    if starts("file:") {
        return None;
    }
    let slashes = |pair: &[u8]| pair.iter().all(|byte| matches!(byte, b'/' | b'\\'));
    if starts("http:")
        || starts("https:")
        || bytes.windows(2).take(24).position(slashes).is_some_and(|at| is_address(bytes, at))
    {
        return Some(false);
    }
    let numeric =
        |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'X' | b'.' | b':' | b'[' | b']');
    let end = bytes.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(bytes.len());
    let host = bytes.get(..end).unwrap_or_default();
    let is_number = first.is_ascii_digit() && host.iter().all(numeric) && {
        let dots = memchr::memchr_iter(b'.', host).count();
        let hex = host.get(1).is_some_and(|byte| byte | 0x20 == b'x');
        let of_link = (dots == 1 || dots == 2) && ["169.254.", "169.166", "0251."].into_iter().any(starts);
        dots == 3 || of_link || hex || (host.len() >= 9 && host.iter().all(u8::is_ascii_digit))
    };
    let is_name = starts("localhost:")
        || starts("localhost/")
        || starts("host.docker.internal")
        || starts("kubernetes.default")
        || starts("metadata.")
        || starts("instance-data");
    (is_number || first == b'[' || is_name).then_some(true)
}

/// Whether two slashes at a place make an address of a text: a scheme or nothing stands before them, and a host behind.
/// Formulas, selectors and paths of other languages hold slashes too.
fn is_address(text: &[u8], at: usize) -> bool {
    let (scheme, rest) = text.split_at_checked(at).unwrap_or_default();
    let of_scheme =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b':' | b'\t');
    let end = rest
        .iter()
        .skip(2)
        .position(|byte| matches!(byte, b'/' | b'\\' | b'?' | b'#'))
        .map_or(rest.len(), |end| end + 2);
    let authority = rest.get(2..end).unwrap_or_default();
    let host = authority.rsplit(|byte| *byte == b'@').next().unwrap_or_default();
    scheme.iter().all(of_scheme)
        && !host.iter().any(|byte| matches!(byte, b'(' | b')' | b'\'' | b'"' | b',' | b'<' | b'>' | b'='))
}

const DENIED: &str = "a host among the policy's urls.denyHosts";

/// Whether a text means to be a URL: a scheme with slashes of any kind, or slashes that a page would take for
/// one.
fn is_like_url(text: &str) -> bool {
    let text = text.trim_matches(parse::is_dropped_at_ends);
    let slashes = |rest: &str| rest.starts_with("//") || rest.starts_with("\\\\") || rest.starts_with("/\\");
    if slashes(text) || text.starts_with("\\/") {
        return true;
    }
    // Line breaks and tabs are dropped before a scheme is looked for.
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let scheme: String = scheme.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
        parse::is_scheme(&scheme) && (slashes(rest) || parse::is_special(&scheme))
    })
}
