//! Texts as JSON writes them.

#![forbid(unsafe_code)]

/// So many bytes are judged at once, in a way that compilers turn into vector instructions.
const STEP: usize = 32;

/// Appends a text as a JSON string, as `JSON.stringify` writes it; false, with nothing of use appended, where it is
/// not UTF-8.
pub(crate) fn push_string(out: &mut Vec<u8>, text: &[u8]) -> bool {
    if simdutf8::basic::from_utf8(text).is_err() {
        return false;
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    // What was looked at and not appended begins here.
    let mut from = 0;
    for (index, chunk) in text.chunks(STEP).enumerate() {
        if !chunk.iter().fold(false, |any, byte| any | is_escaped(*byte)) {
            continue;
        }
        for (offset, byte) in chunk.iter().enumerate() {
            if is_escaped(*byte) {
                let at = index * STEP + offset;
                out.extend_from_slice(text.get(from..at).unwrap_or_default());
                push_escape(out, *byte);
                from = at + 1;
            }
        }
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    out.push(b'"');
    true
}

#[inline]
fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_written_as_serde_json_writes_it(text in "([a-z \\n\"\\\\]|[\0-\u{1f}\u{7f}]|.){0,90}") {
            let mut out = b"before".to_vec();
            prop_assert!(push_string(&mut out, text.as_bytes()));
            prop_assert_eq!(String::from_utf8(out).unwrap(), format!("before{}", serde_json::to_string(&text).unwrap()));
        }
    }

    #[test]
    fn what_is_no_text_is_not_written() {
        assert!(!push_string(&mut Vec::new(), b"a\xFF"));
    }
}
