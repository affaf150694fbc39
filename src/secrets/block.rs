//! Private keys in blocks of text: PEM (RFC 7468), OpenSSH, PGP.

#![forbid(unsafe_code)]

use super::Report;
use super::chars::{self, BASE64};
use crate::redact::PART;
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// Builds what looks for blocks.
pub(super) fn warm() {
    LazyLock::force(&BEGIN);
    LazyLock::force(&END);
}

static BEGIN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----BEGIN"));
static END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-----END"));

/// Fewer characters of base64 are a sketch of a key: the shortest, Ed25519, has 64.
const LEAST: usize = 40;

pub(crate) fn scan(text: &[u8], report: &mut impl Report) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| BEGIN.find(rest)) {
        let start = from + at;
        without_head(text, from..start, report);
        from = start + 10;
        let Some(body) = label(text, from) else { continue };
        let (end, characters) = body_end(text, body);
        if characters >= LEAST {
            report(Rule::SecretPrivateKey, start..end, "a private key");
        }
        from = end;
    }
    without_head(text, from..text.len(), report);
}

/// Keys in a part of a text whose first line is not there: lines of base64 in front of the line that closes them.
fn without_head(text: &[u8], part: Range<usize>, report: &mut impl Report) {
    let mut from = part.start;
    while let Some(at) = text.get(from..part.end).and_then(|rest| END.find(rest)) {
        let close = from + at;
        let Some(end) = label(text, close + 8) else {
            from = close + 8;
            continue;
        };
        if let Some(start) = body_start(text, from..close) {
            report(Rule::SecretPrivateKey, start..end, "the end of a private key");
        }
        from = end;
    }
}

/// Between two lines of a key there are no more bytes: the name of a file, and the number of the line.
const GAP: usize = 128;

/// Where the lines of a key begin that end with a part of a text.
fn body_start(text: &[u8], part: Range<usize>) -> Option<usize> {
    let mut start = None;
    let (mut at, mut gap_end, mut characters) = (part.end, part.end, 0);
    while at > part.start && gap_end - at <= GAP {
        // What is gone already is no part of a key.
        if text.get(..at)?.ends_with(PART) {
            break;
        }
        let len = chars::span_back(text, at, BASE64, at - part.start);
        let run = text.get(at - len..at)?;
        let line_start = behind_escape(text, at - len);
        if len == 0 {
            at -= 1;
        } else if is_line(run) && !are_words(text.get(at..gap_end)?) {
            characters += at - line_start;
            start = Some(line_start);
            at -= len;
            gap_end = at;
        } else {
            at -= len;
        }
    }
    start.filter(|_| characters >= LEAST)
}

/// Whether a run of base64 is a line of a key, rather than a path.
fn is_line(run: &[u8]) -> bool {
    let has = |class| run.iter().any(|byte| chars::is(*byte, class));
    run.len() >= LINE && [chars::DIGIT, chars::LOWER, chars::UPPER].into_iter().all(has)
}

/// Whether a text has two words with a space between them, which no prefix of a line has.
fn are_words(text: &[u8]) -> bool {
    let letter = |byte: &u8| chars::is(*byte, chars::LETTER);
    text.windows(3).any(|part| matches!(part, [one, b' ', next] if letter(one) && letter(next)))
}

/// The first letters of a run belong to the escape that stands before it: `\n`, `%0A`.
fn behind_escape(text: &[u8], run: usize) -> usize {
    run + match text.get(run.wrapping_sub(1)) {
        Some(b'%') => 2,
        Some(b'\\') if text.get(run) == Some(&b'u') => 5,
        Some(b'\\') => 1,
        _ => 0,
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
            // One dash more is a mark of the line: that of a patch, or behind the number.
            if rest.get(5) == Some(&b'-') {
                at += 1;
                continue;
            }
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
        // What is gone already was no part of a key.
        _ if rest.starts_with(PART) => 0,
        // \n and \r, \u000a.
        Some(b'\\') => match rest.get(1) {
            Some(b'n' | b'r' | b't') => 2,
            Some(b'u') => 6,
            _ => 1,
        },
        Some(b'%') => 3,
        // A tab and a carriage return as `cat -A` shows them.
        Some(b'^') => 2,
        Some(b'<') => ends(b'>', 16),
        Some(b'&') => ends(b';', 8),
        Some(
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b',' | b':' | b'-' | b'.' | b'(' | b')' | b'@'
            | b'>' | b'#' | b'*' | b'=' | b'|' | b'`' | b'[' | b']' | b'$' | b';' | b'~' | b'!' | b'{' | b'}',
        ) => 1,
        Some(0x80..) => sign(rest),
        _ => 0,
    }
}

/// How long the character is that a text begins with, where it is no letter: arrows and lines behind numbers.
fn sign(text: &[u8]) -> usize {
    let start = text.get(..text.len().min(4)).unwrap_or_default();
    let valid = match std::str::from_utf8(start) {
        Ok(start) => start,
        Err(error) => {
            std::str::from_utf8(start.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    };
    valid.chars().next().filter(|c| !c.is_alphanumeric()).map_or(0, char::len_utf8)
}

/// Whether a text begins a private key and does not end it, so that its lines may follow in other texts.
pub(crate) fn is_open(text: &[u8]) -> bool {
    let Some(at) = BEGIN.find(text) else { return false };
    label(text, at + 10)
        .is_some_and(|body| !text.get(body..).unwrap_or_default().windows(8).any(|end| end == b"-----END"))
}

/// Whether a text is a line of a key, or closes it; the number of the line may stand before it.
pub(crate) fn continues(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    closes(text)
        || text.len() >= 4 && text.iter().all(|byte| chars::is(*byte, BASE64 | chars::EQUALS))
        || is_whole_line(text)
}

/// Whether a text closes a key.
fn closes(text: &[u8]) -> bool {
    let mark = END.find(text.get(..text.len().min(GAP)).unwrap_or_default());
    mark.is_some_and(|at| label(text, at + 8).is_some() && !are_words(text.get(..at).unwrap_or_default()))
}

/// Whether a text closes a private key, whose lines may stand before it.
pub(crate) fn is_close(text: &[u8]) -> bool {
    memchr::memchr(b'-', text).is_some() && closes(text) && !is_open(text) && BEGIN.find(text).is_none()
}

/// Whether a text is one line of base64 by its length too, with no more before it than the number of the line.
pub(crate) fn is_whole_line(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    let end = text.len() - chars::span_back(text, text.len(), chars::EQUALS, 2);
    let len = chars::span_back(text, end, BASE64, end);
    let before = text.get(..end - len).unwrap_or_default();
    let is_number = before.len() <= 16 && !before.iter().any(u8::is_ascii_alphabetic);
    len >= LEAST && is_number && text.get(end - len..end).is_some_and(is_line)
}
