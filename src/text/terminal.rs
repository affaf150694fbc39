//! Terminal escape sequences (ECMA-48 and what terminals made of it): how far one reaches.

#![forbid(unsafe_code)]

/// The bytes of the escape sequence at the start of `rest`, or `None` where a control character stands alone.
///
/// A sequence that is cut off counts as far as its introducer: what follows is text that shows. No byte is read
/// twice by two sequences that follow each other, as every introducer ends the search of the one before.
pub(super) fn sequence_len(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let introducer = match *bytes {
        // ESC with a byte, or the same as one character of U+0080 to U+009F.
        [0x1B, b'[', ..] | [0xC2, 0x9B, ..] => Introducer::Control,
        [0x1B, b']', ..] | [0xC2, 0x9D, ..] => Introducer::Command,
        [0x1B, b'P' | b'X' | b'^' | b'_', ..] | [0xC2, 0x90 | 0x98 | 0x9E | 0x9F, ..] => Introducer::String,
        [0x1B, b' '..=b'/', ..] => Introducer::Other,
        [0x1B, b'0'..=b'~', ..] => return Some(INTRODUCER_LEN),
        _ => return None,
    };
    let body = bytes.get(INTRODUCER_LEN..).unwrap_or_default();
    let len = match introducer {
        Introducer::Control => control_len(body),
        Introducer::Command => string_len(body, true),
        Introducer::String => string_len(body, false),
        Introducer::Other => other_len(body),
    };
    Some(INTRODUCER_LEN + len.unwrap_or(0))
}

/// Every introducer has two bytes.
const INTRODUCER_LEN: usize = 2;

enum Introducer {
    /// CSI: parameters, intermediates, one final byte.
    Control,
    /// OSC: text up to BEL or ST.
    Command,
    /// DCS, SOS, PM, APC: text up to ST.
    String,
    /// An intermediate byte: more of them, one final byte.
    Other,
}

fn control_len(body: &[u8]) -> Option<usize> {
    let parameters = body.iter().take_while(|byte| matches!(byte, b'0'..=b'?')).count();
    let rest = body.get(parameters..)?;
    let intermediates = rest.iter().take_while(|byte| matches!(byte, b' '..=b'/')).count();
    let last = rest.get(intermediates)?;
    matches!(last, b'@'..=b'~').then_some(parameters + intermediates + 1)
}

fn other_len(body: &[u8]) -> Option<usize> {
    let intermediates = body.iter().take_while(|byte| matches!(byte, b' '..=b'/')).count();
    let last = body.get(intermediates)?;
    matches!(last, b'0'..=b'~').then_some(intermediates + 1)
}

fn string_len(body: &[u8], ends_with_bell: bool) -> Option<usize> {
    for (at, byte) in body.iter().enumerate() {
        let next = body.get(at + 1);
        match byte {
            0x07 if ends_with_bell => return Some(at + 1),
            0x1B => return (next == Some(&b'\\')).then_some(at + 2),
            0xC2 => match next {
                Some(0x9C) => return Some(at + 2),
                Some(0x80..=0x9F) => return None,
                _ => {}
            },
            0x08..=0x0D => {}
            0x00..=0x1F | 0x7F => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_reaches_to_its_end_or_stops_at_its_introducer() {
        for (text, len) in [
            ("\x1b[31mred", Some(5)),
            ("\x1b[mx", Some(3)),
            ("\x1b[?25h", Some(6)),
            ("\x1b[38;2;1;2;3mx", Some(13)),
            ("\x1b[1 q", Some(5)),
            ("\u{9b}31mred", Some(5)),
            ("\x1b]0;title\x07x", Some(10)),
            ("\x1b]0;title\x1b\\x", Some(11)),
            ("\x1b]8;;https://example.org\x1b\\link", Some(26)),
            ("\x1b]52;c;aGk=\u{9c}x", Some(13)),
            ("\u{9d}0;t\u{9c}x", Some(7)),
            ("\x1bPq#0\nbody\x1b\\x", Some(12)),
            ("\x1b_app\x1b\\", Some(7)),
            ("\x1b^pm\x1b\\", Some(6)),
            ("\x1b(B", Some(3)),
            ("\x1bc", Some(2)),
            ("\x1b7", Some(2)),
            // Cut off, or ended by something else: the introducer alone.
            ("\x1b[", Some(2)),
            ("\x1b[31", Some(2)),
            ("\x1b[3\n1m", Some(2)),
            ("\x1b[3\u{e9}m", Some(2)),
            ("\x1b]0;title", Some(2)),
            ("\x1b]0;ti\x1b[31m", Some(2)),
            ("\x1b]0;ti\u{9b}31m\x07", Some(2)),
            ("\x1b]0;ti\0\x07", Some(2)),
            // BEL ends a command only.
            ("\x1bPq\x07x", Some(2)),
            ("\x1b(", Some(2)),
            // No sequence.
            ("\x1b", None),
            ("\x1b\x1b[m", None),
            ("\x1b\u{e9}", None),
            ("\u{85}", None),
            ("\x07", None),
        ] {
            assert_eq!(sequence_len(text), len, "{text:?}");
            assert!(len.is_none_or(|len| text.is_char_boundary(len)), "{text:?}");
        }
    }
}
