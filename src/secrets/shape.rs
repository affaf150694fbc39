//! One token against the shapes of the table.

#![forbid(unsafe_code)]

use super::chars::{self, ALNUM, Class, DIGIT};
use super::placeholder::{is_drawn, is_placeholder, is_random};
use super::table::{Need, Part, Shape, begins, shapes};
use crate::rules::Rule;

/// Tokens of one run that are looked for behind `_` or `-`, which may be part of a longer word.
pub(super) const JOINED: u8 = 8;

/// Whether a token may start behind `_` or `-`: so many places of a run may, so that no text is read often.
fn may_join(text: &[u8], start: usize, joined: &mut u8) -> bool {
    let signed = matches!(text.get(start.wrapping_sub(1)), Some(b'_' | b'-'));
    let may = signed && *joined > 0;
    *joined -= u8::from(may);
    may
}

/// The token that starts at `start`: its shape and its end.
pub(super) fn token(text: &[u8], start: usize, joined: &mut u8) -> Option<(&'static Shape, usize)> {
    let rest = text.get(start..)?;
    let [first, second] = *rest.first_chunk()?;
    if !begins([first, second]) {
        return None;
    }
    let starts = |shape: &&Shape| shape.prefix.get(1) == Some(&second) && rest.starts_with(shape.prefix);
    shapes(first).filter(starts).find_map(|shape| {
        let body = start + shape.prefix.len();
        if start > 0 && continues(text, start - 1, shape) {
            // Short prefixes begin many words.
            let long = shape.prefix.len() > 4;
            if !(long && may_join(text, start, joined)) {
                return None;
            }
        }
        let (end, class) = parts(text, body, shape.body)?;
        // A longer word is another word.
        if chars::at(text, end, class | chars::WORD) {
            return None;
        }
        // The dot behind a token ends the sentence.
        let end = end - chars::span_back(text, end, class & chars::DOT, end - body);
        let end =
            if text.get(end) == Some(&b'=') { end + chars::span(text, end, chars::EQUALS, 2) } else { end };
        holds(shape, text.get(body..end)?).then_some((shape, end))
    })
}

/// Whether the byte before a token is of the alphabet of its body, so that a longer word holds it. That way no
/// text is read more often than it has alphabets.
fn continues(text: &[u8], before: usize, shape: &Shape) -> bool {
    let class = match shape.body {
        // The address of a web hook comes after the slashes of its scheme.
        _ if shape.prefix.contains(&b'/') && shape.prefix.len() > 8 => return false,
        [Part::Run(class, ..), ..] => *class,
        _ => return false,
    };
    chars::at(text, before, class & !ALNUM)
}

/// Reads `list` from `from` on: its end, and the alphabet that the last part had.
fn parts(text: &[u8], from: usize, list: &[Part]) -> Option<(usize, Class)> {
    let (mut at, mut class) = (from, 0);
    for part in list {
        match *part {
            Part::Is(bytes) => {
                if !text.get(at..)?.starts_with(bytes) {
                    return None;
                }
                at += bytes.len();
                class = 0;
            }
            Part::Run(of, least, most) => {
                let len = chars::span(text, at, of, most);
                if len < least {
                    return None;
                }
                at += len;
                class = if len == 0 { class } else { of };
            }
            Part::Maybe(list) => {
                if let Some((end, of)) = parts(text, at, list) {
                    (at, class) = (end, of);
                }
            }
        }
    }
    Some((at, class))
}

fn holds(shape: &Shape, body: &[u8]) -> bool {
    let random = || is_random(body) && !is_placeholder(body);
    match shape.need {
        Need::Shape => true,
        Need::Random => random(),
        Need::Drawn => is_drawn(body) && !is_placeholder(body),
        // Longer forms of the same token hold a checksum of another kind.
        Need::Crc62 => crc62(body) || random(),
        Need::CrcHex => crc_hex(body) || random(),
        Need::Holds(bytes) => memchr::memmem::find(body, bytes).is_some(),
        Need::Digits => body.iter().filter(|byte| chars::is(**byte, DIGIT)).count() >= 8,
        Need::AwsId => !body.ends_with(b"EXAMPLE") && chars::entropy(body) >= 200,
    }
}

/// The CRC-32 of zip files, of the body less its last `len` characters.
fn crc(body: &[u8], len: usize) -> Option<(u32, &[u8])> {
    let (data, sum) = body.split_at_checked(body.len().checked_sub(len)?)?;
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    Some((!crc, sum))
}

/// Whether the last six characters are the CRC-32 of those before them, in base 62.
fn crc62(body: &[u8]) -> bool {
    crc(body, 6).is_some_and(|(crc, sum)| {
        let value = sum.iter().try_fold(0_u64, |value, byte| {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'Z' => byte - b'A' + 10,
                b'a'..=b'z' => byte - b'a' + 36,
                _ => return None,
            };
            Some(value * 62 + u64::from(digit))
        });
        value == Some(u64::from(crc))
    })
}

/// The same in eight hexadecimal digits.
fn crc_hex(body: &[u8]) -> bool {
    crc(body, 8).is_some_and(|(crc, sum)| {
        std::str::from_utf8(sum).is_ok_and(|sum| u32::from_str_radix(sum, 16) == Ok(crc))
    })
}

/// A JSON Web Token that starts at `start`: its end. The header must be a JSON object with `alg`
/// (RFC 7515, section 4.1.1).
pub(super) fn json_web_token(text: &[u8], start: usize, joined: &mut u8) -> Option<usize> {
    const MOST: usize = 64 << 10;
    if start > 0 && chars::at(text, start - 1, chars::URL64) && !may_join(text, start, joined) {
        return None;
    }
    let header = chars::span(text, start, chars::URL64, 2048);
    let payload_at = start + header + 1;
    if text.get(payload_at - 1) != Some(&b'.') || header < 16 {
        return None;
    }
    let payload = chars::span(text, payload_at, chars::URL64, MOST);
    let mut end = payload_at + payload;
    let mut segments = 2;
    while segments < 5 && text.get(end) == Some(&b'.') {
        let segment = chars::span(text, end + 1, chars::URL64, MOST);
        // Three segments when signed, five when encrypted; the signature is empty for `none`.
        if segment == 0 && segments != 2 {
            break;
        }
        end += 1 + segment;
        segments += 1;
    }
    let signed = segments >= 3 && text.get(payload_at..)?.starts_with(b"eyJ") && payload >= 6;
    if !signed && segments != 5 {
        return None;
    }
    let header = base64(text.get(start..start + header)?)?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    header.get("alg")?.as_str().map(|_| end)
}

/// What base64 or base64url stands for, with or without padding.
pub(crate) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = chars::span_back(text, text.len(), chars::EQUALS, 2);
    let text = text.get(..text.len() - padding)?;
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() * 3 / 4 + 1);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(out)
}

/// Tokens without a prefix that has their own mark at a fixed place: the end of the one at `start`.
pub(super) fn marked(text: &[u8], start: usize) -> Option<(&'static Mark, usize)> {
    let rest = text.get(start..)?;
    if start > 0 && chars::at(text, start - 1, chars::URL64) {
        return None;
    }
    MARKS.iter().find_map(|mark| {
        if rest.get(mark.at) != mark.bytes.first() || !rest.get(mark.at..)?.starts_with(mark.bytes) {
            return None;
        }
        let (before, class) = parts(text, start, mark.before)?;
        if before != start + mark.at || class == 0 {
            return None;
        }
        let (end, class) = parts(text, before + mark.bytes.len(), mark.after)?;
        if chars::at(text, end, class | ALNUM) || !is_random(text.get(start..end)?) {
            return None;
        }
        Some((mark, end))
    })
}

/// A token that is known by what stands inside it.
#[derive(Debug)]
pub(super) struct Mark {
    before: &'static [Part],
    /// The offset of the mark.
    at: usize,
    bytes: &'static [u8],
    after: &'static [Part],
    pub(super) rule: Rule,
    pub(super) what: &'static str,
}

/// No token of [`MARKS`] is shorter, and all of it is in one run.
pub(super) const LEAST_MARKED: usize = 36;

const MARKS: &[Mark] = &[
    Mark {
        before: &[Part::Run(chars::URL64 | chars::RUN, 4, 4)],
        at: 4,
        bytes: b"Q~",
        after: &[Part::Run(chars::URL64 | chars::RUN, 31, 34)],
        rule: Rule::SecretAzure,
        what: "an Azure client secret",
    },
    Mark {
        before: &[Part::Run(ALNUM, 52, 52)],
        at: 52,
        bytes: b"JQQJ99",
        after: &[Part::Run(ALNUM, 26, 26)],
        rule: Rule::SecretAzure,
        what: "an Azure key",
    },
    Mark {
        before: &[Part::Run(chars::BASE64, 76, 76)],
        at: 76,
        bytes: b"+ASt",
        after: &[Part::Run(chars::BASE64, 6, 6), Part::Is(b"==")],
        rule: Rule::SecretAzure,
        what: "an Azure storage key",
    },
    Mark {
        before: &[Part::Run(ALNUM, 14, 14)],
        at: 14,
        bytes: b".atlasv1.",
        after: &[Part::Run(chars::URL64, 60, 70)],
        rule: Rule::SecretToken,
        what: "a Terraform token",
    },
    Mark {
        before: &[Part::Run(ALNUM, 6, 6), Part::Is(b"_"), Part::Run(ALNUM, 29, 29)],
        at: 36,
        bytes: b"_mmk",
        after: &[],
        rule: Rule::SecretToken,
        what: "a MaxMind license key",
    },
    Mark {
        before: &[Part::Run(chars::HEX, 32, 32)],
        at: 32,
        bytes: b"-us",
        after: &[Part::Run(DIGIT, 1, 2)],
        rule: Rule::SecretToken,
        what: "a Mailchimp key",
    },
    Mark {
        before: &[Part::Run(ALNUM, 24, 24)],
        at: 24,
        bytes: b".",
        after: &[Part::Run(chars::URL64, 6, 6), Part::Is(b"."), Part::Run(chars::URL64, 27, 27)],
        rule: Rule::SecretToken,
        what: "a Discord bot token",
    },
    Mark {
        before: &[Part::Run(ALNUM, 26, 26)],
        at: 26,
        bytes: b".",
        after: &[Part::Run(chars::URL64, 6, 6), Part::Is(b"."), Part::Run(chars::URL64, 38, 38)],
        rule: Rule::SecretToken,
        what: "a Discord bot token",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_providers() {
        assert_eq!(crc(b"123456789......", 6).map(|(crc, _)| crc), Some(0xCBF4_3926));
        assert!(crc_hex(b"123456789cbf43926"));
        assert!(!crc_hex(b"123456789cbf43927"));
        assert!(!crc_hex(b"1"));
        // 0xCBF43926 is 3 * 62^5 + 45 * 62^4 + 31 * 62^3 + ... in base 62.
        assert!(crc62(format!("123456789{}", base62(0xCBF4_3926)).as_bytes()));
        assert!(!crc62(b"123456789000000"));
    }

    fn base62(mut number: u32) -> String {
        let digits: Vec<u8> = (b'0'..=b'9').chain(b'A'..=b'Z').chain(b'a'..=b'z').collect();
        let mut out = String::new();
        for _ in 0..6 {
            out.insert(0, char::from(digits[number as usize % 62]));
            number /= 62;
        }
        out
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        for (text, bytes) in
            [("", Some(&b""[..])), ("YQ==", Some(b"a")), ("YWI", Some(b"ab")), ("a", None), ("*", None)]
        {
            assert_eq!(base64(text.as_bytes()).as_deref(), bytes, "{text}");
        }
    }
}
