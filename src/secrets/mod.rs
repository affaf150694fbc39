//! Secrets in text: tokens of providers, private keys, passwords in addresses, and values that only their
//! name gives away.
//!
//! `chars` has the alphabets, `table` the documented shapes, `shape` judges one token by them, `block` private
//! keys, `url` addresses, `pairs` connection strings, `assigned` settings in text, `named` a value by what stands
//! before it, `keys` and `dictionary` its name, `placeholder` what only looks like a secret, `held` what a name makes a
//! secret in a result. One pass over runs of token characters and two searches for a fixed text: linear, and nothing is
//! allocated before there is a candidate.

#![forbid(unsafe_code)]

mod assigned;
mod block;
mod chars;
mod dictionary;
pub(crate) mod held;
pub(crate) mod keys;
mod named;
mod pairs;
mod placeholder;
mod shape;
mod table;
mod url;

use crate::rules::Rule;
use chars::RUN;
use std::ops::Range;

/// Shorter runs of token characters are no token.
pub(crate) const MIN_RUN: usize = 12;

/// Told of each finding: the rule, the bytes of the secret, and what it is. Findings of one kind come in the
/// order of the bytes, those of different kinds do not, and they may overlap.
pub(crate) trait Report: FnMut(Rule, Range<usize>, &'static str) {}
impl<F: FnMut(Rule, Range<usize>, &'static str)> Report for F {}

/// Finds the secrets in a text.
pub(crate) fn scan(text: &[u8], mut report: impl Report) {
    if text.len() < MIN_RUN {
        return;
    }
    runs(text, &mut report);
    url::scan(text, &mut report);
    block::scan(text, &mut report);
    pairs::scan(text, &mut report);
}

/// Whether a value that is set under a name is a secret, for files that are for nothing but settings: whatever stands
/// for no other value.
pub(crate) fn is_held(name: &[u8], value: &[u8]) -> bool {
    let means_one = matches!(keys::judge(name), keys::Name::Secret | keys::Name::AwsSecret)
        || name.trim_ascii_end().ends_with(b"_auth");
    means_one && !placeholder::is_example_password(value)
}

/// Builds what the first look at a text would build.
pub(crate) fn warm() {
    assigned::warm();
    block::warm();
    dictionary::warm();
    pairs::warm();
    url::warm();
}

pub(crate) use assigned::each as assigned;
pub(crate) use block::scan as keys_in_blocks;
pub(crate) use block::{
    continues as continues_key, is_close as closes_key, is_open as opens_key, is_whole_line as is_key_line,
};
pub(crate) use chars::{closing, span_of};
pub(crate) use named::{LEAST as LEAST_NAMED, named};
pub(crate) use pairs::scan as connections;
#[cfg(test)]
pub(crate) use placeholder::is_placeholder;
pub(crate) use shape::base64;
pub(crate) use url::scan as addresses;

/// Goes through the runs of token characters. Looks at the last byte that a run could have first, so that most
/// bytes of prose are never looked at.
fn runs(text: &[u8], report: &mut impl Report) {
    let mut runs = Runs::default();
    let mut from = 0;
    while let Some(window) = text.get(from..from + MIN_RUN) {
        if let Some(at) = window.iter().rposition(|byte| !chars::is(*byte, RUN)) {
            from += at + 1;
            continue;
        }
        from = runs.judge(text, from, report);
    }
}

/// What was found in the runs of a text so far. Text that holds neither a run, nor `://`, nor
/// `-----BEGIN`, nor a password behind its name has no finding.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    pairs: named::Pairs,
    /// Where the last one ended.
    end: usize,
}

impl Runs {
    /// Judges the run of token characters that starts at `start`, unless an earlier finding reaches into it; returns
    /// where the next one can start.
    pub(crate) fn judge(&mut self, text: &[u8], start: usize, report: &mut impl Report) -> usize {
        if start >= self.end {
            let end = start + chars::span_run(text, start);
            self.end = run(text, start..end, &mut self.pairs, report).max(end + 1);
        }
        self.end
    }
}

/// Judges one run; returns where to go on.
fn run(text: &[u8], run: Range<usize>, pairs: &mut named::Pairs, report: &mut impl Report) -> usize {
    let mut found = false;
    let mut joined = shape::JOINED;
    let mut at = run.start;
    // An escape before the run has its last characters in it: %3D, \n, \u003d.
    let escaped = run.start
        + match text.get(run.start.wrapping_sub(1)) {
            Some(b'%') => 2,
            Some(b'\\') if text.get(run.start) == Some(&b'u') => 5,
            Some(b'\\') => 1,
            _ => 0,
        };
    while at + MIN_RUN <= run.end {
        if let Some((rule, range, what)) = token(text, at, run.end, &mut joined) {
            pairs.token(rule, &range, report);
            at = range.end;
            report(rule, range, what);
            found = true;
        }
        // A token starts behind what is no letter or digit, or behind the escape.
        let word = at + chars::span_alnum(text, at);
        let next = if word < run.end { word + 1 } else { run.end.max(at) };
        at = if at < escaped { next.min(escaped) } else { next };
    }
    if !found {
        named::value(text, escaped..run.end, pairs, report);
    }
    at
}

/// The token that starts at `start` in a run that ends at `end`.
fn token(
    text: &[u8],
    start: usize,
    end: usize,
    joined: &mut u8,
) -> Option<(Rule, Range<usize>, &'static str)> {
    if let Some((shape, end)) = shape::token(text, start, joined) {
        // A web hook is an address: all of it is the secret.
        let scheme: &[u8] = b"https://";
        let begin = text
            .get(..start)
            .filter(|before| before.ends_with(scheme))
            .map_or(start, |_| start - scheme.len());
        return Some((shape.rule, begin..end, shape.what));
    }
    if text.get(start..)?.starts_with(b"eyJ")
        && let Some(end) = shape::json_web_token(text, start, joined)
    {
        return Some((Rule::SecretJwt, start..end, "a JSON Web Token"));
    }
    if end - start < shape::LEAST_MARKED {
        return None;
    }
    shape::marked(text, start).map(|(mark, end)| (mark.rule, start..end, mark.what))
}

#[cfg(test)]
mod tests;
