//! Messages as one line, whoever reads them.
//!
//! Readers differ in what ends a line. Some take a carriage return for an end (Python's text streams, Java, Node's
//! `readline`), some the controls VT, FF, FS, GS and RS, NEL (U+0085) or the separators U+2028 and U+2029 (Python's
//! `splitlines`, Java's `Scanner`, Swift). What they find behind such an end is a message that nobody judged.

use std::borrow::Cow;

/// So many bytes are looked at at once, in a way that compilers turn into vector instructions.
const STEP: usize = 32;

/// The message as one line for every reader, without the end of that line; borrowed where it is one already.
///
/// JSON stays the same JSON: a carriage return between its tokens becomes a space, and a character in a string that
/// ends a line for some becomes its escape. What is no JSON stays none. All other bytes stay as they are.
///
/// A line feed is left alone: it ends a line for everybody, so that no message of a stream holds one.
///
/// ```
/// assert_eq!(*callgate::one_line(b"{\"a\":\r1}"), *b"{\"a\": 1}");
/// assert_eq!(*callgate::one_line("[\"a\u{2028}b\"]".as_bytes()), *br#"["a\u2028b"]"#);
/// assert_eq!(*callgate::one_line("[\"é\"]".as_bytes()), *"[\"é\"]".as_bytes());
/// ```
pub fn one_line(message: &[u8]) -> Cow<'_, [u8]> {
    if is_one_line(message) { Cow::Borrowed(message) } else { Cow::Owned(rewritten(message)) }
}

/// Whether nothing in a text ends a line but a line feed.
fn is_one_line(text: &[u8]) -> bool {
    text.chunks(STEP).enumerate().all(|(index, chunk)| {
        !chunk.iter().fold(false, |any, byte| any | may_break(*byte)) || {
            let start = index * STEP;
            (start..start + chunk.len()).all(|at| !ends_break(text, at))
        }
    })
}

/// Whether a byte is the last one of what some reader takes for the end of a line.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "without branches it becomes vector instructions")]
fn may_break(byte: u8) -> bool {
    is_control(byte) | (byte == 0x85) | (byte & 0xFE == 0xA8)
}

/// CR, VT, FF, FS, GS or RS.
#[inline]
fn is_control(byte: u8) -> bool {
    (byte.wrapping_sub(0x0B) < 3) | (byte.wrapping_sub(0x1C) < 3)
}

/// Whether the byte at `at` ends such a character.
fn ends_break(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(0x85) => text.get(..at).is_some_and(|before| before.ends_with(&[0xC2])),
        Some(0xA8 | 0xA9) => text.get(..at).is_some_and(|before| before.ends_with(&[0xE2, 0x80])),
        Some(byte) => is_control(*byte),
        None => false,
    }
}

/// Where a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Text,
    /// Behind a backslash.
    Escape,
}

#[cold]
fn rewritten(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + STEP);
    let mut state = State::Between;
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        let (width, escape) = match rest {
            [0xC2, 0x85, ..] => (2, Some(r"\u0085")),
            [0xE2, 0x80, 0xA8, ..] => (3, Some(r"\u2028")),
            [0xE2, 0x80, 0xA9, ..] => (3, Some(r"\u2029")),
            [byte, ..] if is_control(*byte) => (1, None),
            _ => {
                out.push(*byte);
                state = match (state, byte) {
                    (State::Between, b'"') | (State::Escape, _) => State::Text,
                    (State::Text, b'"') => State::Between,
                    (State::Text, b'\\') => State::Escape,
                    (state, _) => state,
                };
                rest = tail;
                continue;
            }
        };
        let instead = match (state, escape) {
            (State::Text, Some(escape)) => escape,
            // In a string no control is JSON, and a tab is none either.
            (State::Text | State::Escape, None) => "\t",
            (State::Between, None) if *byte == b'\r' => " ",
            _ => "\u{FFFD}",
        };
        out.extend_from_slice(instead.as_bytes());
        if state == State::Escape {
            state = State::Text;
        }
        rest = rest.get(width..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// Lines as the most eager reader finds them.
    fn lines(text: &str) -> usize {
        let ends = ['\n', '\r', '\x0B', '\x0C', '\x1C', '\x1D', '\x1E', '\u{85}', '\u{2028}', '\u{2029}'];
        text.split(ends).count()
    }

    #[test]
    fn what_ends_a_line_for_some_becomes_what_ends_none() {
        for (given, line) in [
            ("", ""),
            ("{\"a\":\r1}", "{\"a\": 1}"),
            ("\r[1,\r\r2]\r", " [1,  2] "),
            ("[\"a\u{85}b\u{2028}c\u{2029}\"]", r#"["a\u0085b\u2028c\u2029"]"#),
            ("{\"k\u{2028}\":\"\\\\\u{2028}\\\"\u{85}\"}", r#"{"k\u2028":"\\\u2028\"\u0085"}"#),
            // What is no JSON stays none.
            ("[\"a\rb\"]", "[\"a\tb\"]"),
            ("[\"\\\u{2028}\"]", "[\"\\\u{FFFD}\"]"),
            ("[\"\\\r\"]", "[\"\\\t\"]"),
            ("[\x0B1,\x0C2,\x1C3\x1D\x1E]", "[\u{FFFD}1,\u{FFFD}2,\u{FFFD}3\u{FFFD}\u{FFFD}]"),
            ("[\u{2028}1]", "[\u{FFFD}1]"),
            ("10 %\r20 %\r", "10 % 20 % "),
            // What only looks like it.
            (
                "[\"\u{A8}\u{A9}\u{2027}\u{202A}\u{4E85}\u{1E8A8}\"]",
                "[\"\u{A8}\u{A9}\u{2027}\u{202A}\u{4E85}\u{1E8A8}\"]",
            ),
            (r#"["\r\u2028\u0085"]"#, r#"["\r\u2028\u0085"]"#),
            ("[1]\n[2]", "[1]\n[2]"),
        ] {
            assert_eq!(String::from_utf8_lossy(&one_line(given.as_bytes())), line, "{given:?}");
        }
        for broken in [&b"\xC2"[..], b"\x85", b"\xE2\x80", b"\x80\xA8", b"\xE2\xA8"] {
            assert!(matches!(one_line(broken), Cow::Borrowed(_)));
        }
    }

    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "\r", "\u{85}", "\u{2028}", "\u{2029}", "\x0B", "\x0C", "\x1C", "\x1E", "\"", "\\", "{", "}",
            "[", "]", ":", ",", "1", "\"a\"", "\\u", "2028", " ", "é", "\u{4E85}", "x",
        ])
    }

    fn json() -> impl Strategy<Value = String> {
        let text = prop::collection::vec(
            prop::sample::select(vec!["a", "\u{85}", "\u{2028}", "\u{2029}", "\\\\", "\\\"", "é", "\\u2028"]),
            0..8,
        );
        let text = text.prop_map(|parts| format!("\"{}\"", parts.concat()));
        let leaf = prop_oneof![text.clone(), Just("1".to_owned()), Just("null".to_owned())];
        let space = prop::sample::select(vec!["", "\r", " ", "\r\r", "\t"]);
        let value = leaf.prop_recursive(3, 24, 4, move |inner| {
            let member = (text.clone(), space.clone(), inner.clone())
                .prop_map(|(key, space, value)| format!("{space}{key}:{space}{value}"));
            prop_oneof![
                prop::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
                (prop::collection::vec(inner, 0..4), space.clone()).prop_map(|(items, space)| format!(
                    "[{space}{}{space}]",
                    items.join(&format!("{space},{space}"))
                )),
            ]
        });
        value.prop_map(|value| format!("\r{value}\r"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_becomes_one_line_and_json_stays_what_it_is(
            text in prop_oneof![
                prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat()),
                json(),
            ],
        ) {
            let line = one_line(text.as_bytes()).into_owned();
            let line = String::from_utf8(line).unwrap();
            prop_assert_eq!(lines(&line), 1);
            prop_assert_eq!(lines(&text) == 1, line == text);
            let read = |text: &str| serde_json::from_str::<Value>(text).ok();
            prop_assert_eq!(read(&text), read(&line));
            prop_assert!(is_one_line(line.as_bytes()));
        }

        #[test]
        fn bytes_that_are_no_text_take_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'\n').collect();
            let line = one_line(&bytes);
            prop_assert!(is_one_line(&line));
            prop_assert_eq!(std::str::from_utf8(&bytes).is_ok(), std::str::from_utf8(&line).is_ok());
        }
    }
}
