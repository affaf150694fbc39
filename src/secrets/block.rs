//! Private keys in blocks of text: PEM (RFC 7468), OpenSSH, PGP.

#![forbid(unsafe_code)]

use super::Report;
use super::chars::{self, BASE64};
use crate::redact::PART;
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Builds what looks for blocks.
pub(super) fn warm() {
    LazyLock::force(&BEGIN);
}

static BEGIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN"));

/// Fewer characters of base64 are a sketch of a key: the shortest, Ed25519, has 64.
const LEAST: usize = 40;

pub(crate) fn scan(text: &[u8], report: &mut impl Report) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| BEGIN.find(rest)) {
        let start = from + at;
        from = start + 10;
        let Some(body) = label(text, from) else { continue };
        let (end, characters) = body_end(text, body);
        if characters >= LEAST {
            report(Rule::SecretPrivateKey, start..end, "a private key");
        }
        from = end;
    }
}

/// The label behind `-----BEGIN`, up to its dashes, where it is that of a private key: their end.
fn label(text: &[u8], from: usize) -> Option<usize> {
    let len = chars::span_label(text, from);
    let label = text.get(from..from + len)?;
    let dashes = text.get(from + len..)?.starts_with(b"-----");
    (dashes && memchr::memmem::find(label, b"PRIVATE KEY").is_some()).then_some(from + len + 5)
}

/// A run of so many characters of base64 is a line of a key, or a piece of one.
const LINE: usize = 16;

/// A sketch of a key has no more characters than these in front of what it leaves out: a line.
const SKETCH: usize = 80;

/// The end of the key whose body starts at `body`, with the line that closes it where there is one, and how many
/// characters of base64 it has. Without that line the key ends with its last long run, or with the text.
fn body_end(text: &[u8], body: usize) -> (usize, usize) {
    let mut characters = 0;
    let (mut last, mut held) = (body, 0);
    let mut at = body;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with(b"-----") {
            let label = chars::span_label(text, at + 5);
            let closes = rest.starts_with(b"-----END")
                && text.get(at + 5 + label..).is_some_and(|rest| rest.starts_with(b"-----"));
            return if closes { (at + 10 + label, characters) } else { (last, held) };
        }
        if chars::is(*byte, BASE64) {
            let run = chars::span(text, at, BASE64, usize::MAX);
            characters += run;
            at += run;
            if run >= LINE || at == text.len() || text.get(at) == Some(&b'=') {
                last = at + chars::span(text, at, chars::EQUALS, 2);
                held = characters;
            }
            continue;
        }
        if rest.starts_with(b"...") {
            // A sketch leaves out what follows the first line. Behind more, or behind words, the dots are of prose.
            let between = text.get(last..at).unwrap_or_default();
            let is_sketch = held <= SKETCH && !between.iter().any(u8::is_ascii_alphanumeric);
            return (last, if is_sketch { 0 } else { held });
        }
        at += match between(rest) {
            0 => break,
            len => len,
        };
    }
    (last, held)
}

/// How long what stands between the lines of a key is: ends of lines, escaped or not, what joins lines of source, quotes
/// them, numbers them or marks them up, and the headers of older keys.
fn between(rest: &[u8]) -> usize {
    let ends = |close: u8, most: usize| {
        let found = rest.get(..rest.len().min(most)).and_then(|start| memchr::memchr(close, start));
        found.map_or(0, |at| at + 1)
    };
    match rest.first() {
        // What is gone already is no part of a key.
        _ if rest.starts_with(PART) => PART.len(),
        // \n and \r, \u000a.
        Some(b'\\') => match rest.get(1) {
            Some(b'n' | b'r' | b't') => 2,
            Some(b'u') => 6,
            _ => 1,
        },
        Some(b'%') => 3,
        Some(b'<') => ends(b'>', 16),
        Some(b'&') => ends(b';', 8),
        Some(
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b',' | b':' | b'-' | b'.' | b'(' | b')' | b'@'
            | b'>' | b'#' | b'*' | b'=' | b'|' | b'`' | b'[' | b']',
        ) => 1,
        _ => 0,
    }
}

/// Whether a text begins a private key and does not end it, so that its lines may follow in other texts.
pub(crate) fn is_open(text: &[u8]) -> bool {
    let Some(at) = BEGIN.find(text) else { return false };
    label(text, at + 10)
        .is_some_and(|body| !text.get(body..).unwrap_or_default().windows(8).any(|end| end == b"-----END"))
}

/// Whether a text is a line of a key, or closes it.
pub(crate) fn continues(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.starts_with(b"-----END")
        || text.len() >= 4 && text.iter().all(|byte| chars::is(*byte, BASE64 | chars::EQUALS))
}
