//! Private keys in blocks of text: PEM (RFC 7468), OpenSSH, PGP.

#![forbid(unsafe_code)]

use super::Report;
use super::chars::{self, BASE64};
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::sync::LazyLock;

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

/// The end of the key whose body starts at `body`, with the line that closes it where there is one, and how many
/// characters of base64 the body has.
fn body_end(text: &[u8], body: usize) -> (usize, usize) {
    let mut characters = 0;
    let mut last = body;
    let mut at = body;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with(b"-----") {
            let label = chars::span_label(text, at + 5);
            let closes = rest.starts_with(b"-----END")
                && text.get(at + 5 + label..).is_some_and(|rest| rest.starts_with(b"-----"));
            return (if closes { at + 10 + label } else { last }, characters);
        }
        // Escaped ends of lines, quotes and signs that join lines of source, and the headers of older keys.
        match byte {
            b'\\' => at += 1,
            byte if chars::is(*byte, BASE64) => {
                characters += 1;
                last = at + 1;
            }
            b'=' => last = at + 1,
            b'.' if rest.starts_with(b"...") => return (last, 0),
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b',' | b':' | b'-' | b'.' | b'(' | b')' | b'@'
            | b'>' | b'#' | b'*' => {}
            _ => break,
        }
        at += 1;
    }
    (last, characters)
}
