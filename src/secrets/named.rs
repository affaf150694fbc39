//! Values that nothing gives away but what stands before them: a name, a scheme of HTTP, or their pair.

#![forbid(unsafe_code)]

use super::Report;
use super::chars::{self, ALNUM, BASE64, DASHED, DIGIT, DOTTED, EQUALS, HEX, URL64};
use super::held::{Held, is_reference};
use super::keys::{self, Name};
use super::placeholder::{holds_word, is_drawn, is_example_password, is_placeholder, is_random};
use super::shape::base64;
use crate::rules::Rule;
use std::ops::Range;

/// Fewer characters are no value that a name alone gives away.
pub(crate) const LEAST: usize = 20;
/// More are data.
const MOST: usize = 4096;
/// How far the two halves of a pair may lie apart (bytes).
const NEAR: usize = 200;
/// How far from a key the words may stand that tell it from a hash (bytes).
const CONTEXT: usize = 96;

/// Halves of pairs that were seen: an access key id of AWS and a value of the length of its secret.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    id_end: Option<usize>,
    key: Option<Range<usize>>,
}

impl Pairs {
    /// A token was found.
    pub(super) fn token(&mut self, rule: Rule, range: &Range<usize>, report: &mut impl Report) {
        if rule == Rule::SecretAws {
            if let Some(key) = self.key.take().filter(|key| range.start - key.end <= NEAR) {
                report(Rule::SecretAws, key, AWS_SECRET);
            }
            self.id_end = Some(range.end);
        }
    }

    /// A value of forty characters was found; whether it belongs to an id before it.
    fn completes(&mut self, value: &Range<usize>) -> bool {
        self.key = Some(value.clone());
        self.id_end.is_some_and(|end| value.start - end <= NEAR)
    }
}

const AWS_SECRET: &str = "an AWS secret access key";
const NAMED: &str = "a value that looks like a secret beside a name that says so";

/// Whether `value` is one that a name such as `api_key` makes a secret: for callers that have the two apart, as
/// in JSON. Says what it is.
pub(crate) fn named(name: &[u8], value: &[u8]) -> Option<(Rule, &'static str)> {
    if value.len() < LEAST {
        return None;
    }
    let is_aws = is_aws_secret(value);
    let may_be = value.len() <= MOST && chars::all(value, chars::RUN | EQUALS) && may_be_value(value);
    if !is_aws && !may_be {
        return None;
    }
    // What asks most of a value comes last: few have such a name.
    match keys::judge(name) {
        Name::AwsSecret if is_aws => Some((Rule::SecretAws, AWS_SECRET)),
        Name::Secret
            if may_be
                && !is_placeholder(value)
                && Held::by(name) != Held::Nothing
                && !is_reference(value) =>
        {
            Some((Rule::SecretNamed, NAMED))
        }
        _ => None,
    }
}

/// Judges a run without a token in it.
pub(super) fn value(text: &[u8], run: Range<usize>, pairs: &mut Pairs, report: &mut impl Report) {
    let end = run.end - chars::span_back(text, run.end, chars::DOT, run.len());
    let padding = chars::span(text, end, EQUALS, 2);
    let end = if chars::at(text, end + padding, ALNUM) { end } else { end + padding };
    let range = run.start..end;
    let Some(value) = text.get(range.clone()) else { return };
    if let Some(range) = curve_key(text, &range, value) {
        return report(Rule::SecretPrivateKey, range, "a private key of a wallet");
    }
    let is_aws = is_aws_secret(value);
    if is_aws && pairs.completes(&range) {
        return report(Rule::SecretAws, range, AWS_SECRET);
    }
    if let Some(range) = telegram(text, &range, value) {
        return report(Rule::SecretToken, range, "a Telegram bot token");
    }
    if let Some(range) = application(text, &range, value) {
        return report(Rule::SecretToken, range, "an access token of a Facebook application");
    }
    if let Some(what) = http_credential(text, range.start, value) {
        return report(Rule::SecretHttp, range, what);
    }
    let account = is_account(value);
    if !account && !is_aws && value.len() < LEAST {
        return;
    }
    // A name is looked for first: few values have one.
    let Some(name) = name_before(text, range.start) else { return };
    if !account && !is_aws && !is_value(value) {
        return;
    }
    let written = text.get(name.clone()).unwrap_or_default();
    match keys::judge(written) {
        Name::AwsSecret if is_aws => report(Rule::SecretAws, range, AWS_SECRET),
        // A number of an account means nothing without its name: the two are the finding.
        Name::AwsAccount if account => {
            let quote = |at: usize| usize::from(text.get(at).is_some_and(|byte| b"\"'`".contains(byte)));
            let start = name.start - if name.start > 0 { quote(name.start - 1) } else { 0 };
            report(Rule::SecretAwsAccount, start..end + quote(end), "an AWS account number");
        }
        Name::Secret
            if !account
                && text.get(end) != Some(&b'(')
                && Held::by(written) != Held::Nothing
                && !is_reference(value) =>
        {
            report(Rule::SecretNamed, range, NAMED);
        }
        _ => {}
    }
}

fn is_value(value: &[u8]) -> bool {
    may_be_value(value) && !is_placeholder(value)
}

/// Whether a value is one unless it is a placeholder.
fn may_be_value(value: &[u8]) -> bool {
    (LEAST..=MOST).contains(&value.len()) && (is_uuid(value) || is_drawn(value))
}

fn is_aws_secret(value: &[u8]) -> bool {
    value.len() == 40
        && chars::all(value, BASE64)
        && !chars::all(value, HEX)
        && chars::entropy(value) >= 400
        && !value.ends_with(b"EXAMPLEKEY")
}

/// Twelve digits, in one or in three groups.
fn is_account(value: &[u8]) -> bool {
    match value.len() {
        12 => chars::all(value, DIGIT),
        14 => value
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 9 { *byte == b'-' } else { chars::is(*byte, DIGIT) }),
        _ => false,
    }
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| {
            if [8, 13, 18, 23].contains(&at) { *byte == b'-' } else { chars::is(*byte, HEX) }
        })
        && is_random(value)
}

/// The name that a value is given to: `name = value`, `"name": "value"`, `<name>value`, `--name value`.
fn name_before(text: &[u8], value: usize) -> Option<Range<usize>> {
    let before = text.get(..value)?;
    let back = |end: usize, set: &[u8], most: usize| {
        end - before
            .get(..end)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(most)
            .take_while(|byte| set.contains(byte))
            .count()
    };
    let sign_end = back(value, b" \t\"'`\\", 5);
    let sign = back(sign_end, b"=:>,", 3);
    let end = back(sign, b" \t\"'`\\]", 5);
    let start = end - chars::span_back(text, end, DOTTED, 64);
    let name = before.get(start..end)?;
    let quoted = end < sign || chars::at(text, sign_end, 0);
    let signs = before.get(sign..sign_end)?;
    let given = match signs {
        // Only space: an option of a command line.
        b"" => {
            name.starts_with(b"--")
                && before.get(end..value)?.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\''))
        }
        b"," => quoted,
        _ => true,
    };
    (given && name.len() >= 2).then_some(start..end)
}

/// A value behind `Bearer` or `Basic` (RFC 6750, RFC 7617).
fn http_credential(text: &[u8], start: usize, value: &[u8]) -> Option<&'static str> {
    let before = text.get(..start)?;
    let word = before.get(before.len().checked_sub(7)?..)?;
    if word.eq_ignore_ascii_case(b"bearer ") {
        return (value.len() >= LEAST && is_drawn(value) && !is_placeholder(value))
            .then_some("a bearer token");
    }
    if !word.get(1..)?.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let pair = base64(value.get(..value.len().min(1024))?)?;
    let colon = memchr::memchr(b':', &pair)?;
    let printable = pair.iter().all(|byte| (b' '..0x7F).contains(byte));
    (printable && !is_example_password(pair.get(colon + 1..)?) && pair != b"Aladdin:open sesame")
        .then_some("a name and password of HTTP")
}

/// A bot token of Telegram: the number of the bot, a colon, and 35 characters.
fn telegram(text: &[u8], range: &Range<usize>, value: &[u8]) -> Option<Range<usize>> {
    let colon = range.start.checked_sub(1).filter(|at| text.get(*at) == Some(&b':'))?;
    let digits = chars::span_back(text, colon, DIGIT, 17);
    let shaped = value.len() == 35 && value.starts_with(b"A") && chars::all(value, URL64) && is_random(value);
    (shaped && (6..=16).contains(&digits)).then_some(colon - digits..range.end)
}

/// The number of an application of Facebook, `|` or `%7C`, and its secret.
fn application(text: &[u8], range: &Range<usize>, value: &[u8]) -> Option<Range<usize>> {
    let before = text.get(..range.start)?;
    let escaped = [&b"%7C"[..], b"%7c"].iter().any(|sign| before.ends_with(sign));
    let sign = range.start.checked_sub(if escaped { 3 } else { 1 })?;
    let digits = chars::span_back(text, sign, DIGIT, 17);
    let shaped = (27..=40).contains(&value.len()) && chars::all(value, URL64) && is_random(value);
    let joined = escaped || text.get(sign) == Some(&b'|');
    (joined && shaped && matches!(digits, 15 | 16)).then_some(sign - digits..range.end)
}

/// A number of 32 bytes in hexadecimal that the words around it call a key: by itself it is a hash like any other.
fn curve_key(text: &[u8], range: &Range<usize>, value: &[u8]) -> Option<Range<usize>> {
    let digits = value.strip_prefix(b"0x").unwrap_or(value);
    // Beyond the order of the curve there are no keys.
    if digits.len() != 64
        || !chars::all(digits, HEX)
        || !is_random(digits)
        || digits.get(..31)?.iter().all(|byte| byte.eq_ignore_ascii_case(&b'f'))
    {
        return None;
    }
    let before = text.get(range.start.saturating_sub(CONTEXT)..range.start)?;
    let after = text.get(range.end..(range.end + CONTEXT).min(text.len()))?;
    // Another value in between takes the words for itself.
    let before = before.rsplit(|byte| b"[]".contains(byte)).next()?;
    let after = after.split(|byte| b"[]".contains(byte)).next()?;
    let words = [
        &b"private key"[..],
        b"privatekey",
        b"private_key",
        b"privkey",
        b"priv_key",
        b"wallet",
        b"mnemonic",
        b"seed phrase",
    ];
    let near = words.iter().any(|word| holds_word(before, word) || holds_word(after, word));
    (near && !chars::at(text, range.end, DASHED)).then(|| range.end - 64..range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_away_values_of_some_length() {
        let drawn = b"q8Zr2LmXv0TbNc5YwKd7".repeat(256);
        for (len, expected) in [(19, false), (20, true), (MOST, true), (MOST + 1, false)] {
            assert_eq!(named(b"api_key", &drawn[..len]).is_some(), expected, "{len}");
            let text = [b"api_key = ", &drawn[..len]].concat();
            let mut found = false;
            crate::secrets::scan(&text, |_, _, _| found = true);
            assert_eq!(found, expected, "{len} in a text");
        }
    }
}
