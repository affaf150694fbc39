//! What the text of a path tells before any file system is asked.

#![forbid(unsafe_code)]

use super::Matches;
use super::text::{self, Facts, NAME_MAX, PATH_LIMIT, is_ignorable};
use crate::rules::Rule;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// How often percent-encoding may be nested; what decodes further is refused.
const MAX_DECODINGS: usize = 4;

/// Judges the text of a path and tells what it holds. `None` when the path cannot be used at all.
///
/// A colon is an ordinary character where paths are supported, so that only `:$`, which starts the type of
/// an NTFS stream, is refused.
pub(super) fn check(path: &str, matches: &mut Matches) -> Option<Facts> {
    let mut facts = Facts::of_bytes(path);
    // A byte with a meaning, as is every control.
    if facts.meaning && path.contains('\0') {
        matches.add(Rule::PathNul, "the path holds a NUL character");
        return None;
    }
    if path.len() >= PATH_LIMIT {
        matches.add(Rule::PathLength, "the path is longer than 4095 bytes");
        return None;
    }
    let mut fits = true;
    let mut what = None;
    for name in text::names(path) {
        // Nearly every name is of letters at both ends.
        let (Some(first), Some(last)) = (name.as_bytes().first(), name.as_bytes().last()) else {
            facts.loose = true;
            continue;
        };
        fits &= name.len() <= NAME_MAX;
        facts.loose |= *first == b'.';
        if !last.is_ascii_alphanumeric() && ends_in_dot_or_space(name) {
            facts.folds = true;
            what =
                what.or((!name.bytes().all(|byte| byte == b'.')).then_some("a name ends in a dot or space"));
        }
        if is_device_name(name) {
            facts.windows = Some("a name is that of a Windows device; expected another name");
        }
    }
    // A name of three dots or more starts with one.
    if facts.meaning || (facts.loose && path.contains("...")) {
        check_readings(path, matches);
    }
    if facts.meaning
        && facts.windows.is_none()
        && path.contains('~')
        && path.split(['/', '\\']).any(is_short_form)
    {
        facts.windows = Some("a name is of the form that FAT and NTFS give other names besides their own");
    }
    if let Some(what) = what.or_else(|| if facts.meaning { odd_path(path) } else { None }) {
        matches.add(Rule::PathName, what);
    }
    if !fits {
        matches.add(Rule::PathLength, "a name in the path is longer than 255 bytes");
        return None;
    }
    Some(facts)
}

fn ends_in_dot_or_space(name: &str) -> bool {
    name.ends_with(|last: char| last == '.' || last.is_whitespace())
}

/// CON, NUL, COM1 and the like, also with an extension.
fn is_device_name(name: &str) -> bool {
    let Some(start) = name.as_bytes().first_chunk::<3>() else {
        return false;
    };
    let start = [start[0] | 0x20, start[1] | 0x20, start[2] | 0x20];
    if !matches!(&start, b"con" | b"prn" | b"aux" | b"nul" | b"clo" | b"com" | b"lpt") {
        return false;
    }
    let stem = name.split(['.', ':']).next().unwrap_or(name).trim_end_matches(' ');
    if ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
    {
        return true;
    }
    let Some((family, number)) = stem.split_at_checked(3) else {
        return false;
    };
    let mut number = number.chars();
    (family.eq_ignore_ascii_case("com") || family.eq_ignore_ascii_case("lpt"))
        && matches!(number.next(), Some('0'..='9' | '¹' | '²' | '³'))
        && number.next().is_none()
}

/// `GIT~1`, `CREDEN~1.JSO`: eight characters and three, by which FAT and NTFS also find the file of a longer
/// name, whichever it is.
fn is_short_form(name: &str) -> bool {
    let name = name.split(':').next().unwrap_or(name);
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    let Some((start, number)) = stem.rsplit_once('~') else {
        return false;
    };
    let fits = stem.len() <= 8 && extension.len() <= 3 && !extension.contains('.');
    fits && !start.is_empty() && !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// What is wrong with characters of the path, or with how it starts.
fn odd_path(path: &str) -> Option<&'static str> {
    if path.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Some("a name holds a control character");
    }
    if path.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')) {
        return Some("a name holds a direction override");
    }
    if path.contains(":$") {
        return Some("a name holds the type of an NTFS stream");
    }
    if path.starts_with('\\') {
        return Some("the path starts with a backslash, as UNC and device paths do");
    }
    let drive = |name: &str| matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    // `C:x` anywhere but in front, or with more than one letter, is a name.
    let in_front = drive(path) || path.strip_prefix('/').is_some_and(drive);
    in_front.then_some("the path starts with a drive")
}

/// Whether some reader finds a `..` in the path that the kernel does not.
fn check_readings(path: &str, matches: &mut Matches) {
    let own = path.split('/').filter(|name| *name == "..").count();
    if path.contains('\\') {
        let names = || path.split(['/', '\\']).filter(|name| !name.is_empty() && *name != ".");
        if names().filter(|name| *name == "..").count() > own {
            if text::climbs(names()) {
                matches.add(Rule::PathTraversal, "the path climbs out of its root by `..` and backslashes");
            } else {
                matches.add(Rule::PathEncoded, "the path hides `..` by backslashes");
            }
            return;
        }
    }
    let absolute = path.starts_with(['/', '\\']);
    let mut bytes = Cow::Borrowed(path.as_bytes());
    for decodings in 0.. {
        let reading = reading(&bytes);
        let outside = decodings > 0 && !absolute && reading.starts_with(['/', '\\']);
        let control = decodings > 0
            && reading.contains(|c: char| c.is_ascii_control())
            && !path.contains(|c: char| c.is_ascii_control());
        if outside || control || hides_parent(&reading, own) {
            matches.add(Rule::PathEncoded, "the path hides separators, dots or control characters by percent signs; expected it in plain characters");
            return;
        }
        let Some(decoded) = decode(&bytes) else {
            return;
        };
        if decodings == MAX_DECODINGS {
            matches.add(Rule::PathEncoded, "the path is percent-encoded again and again");
            return;
        }
        bytes = Cow::Owned(decoded);
    }
}

/// Whether a reading has more `..` than the path itself, or gets one when a filter strips it.
fn hides_parent(reading: &str, own: usize) -> bool {
    let is_parent = |name: &str| {
        let name = name.split(';').next().unwrap_or(name);
        name.trim_end_matches(|c: char| c.is_whitespace() || c.is_control()) == ".."
    };
    let parents = |text: &str| text.split(['/', '\\']).filter(|name| is_parent(name)).count();
    if parents(reading) > own {
        return true;
    }
    if !reading.contains("...") {
        return false;
    }
    let only_dots = |name: &str| name.len() > 3 && name.bytes().all(|byte| byte == b'.');
    reading.split(['/', '\\']).any(only_dots)
        || parents(&reading.replace("../", "").replace("..\\", "")) > own
}

/// One round of percent-decoding (`%2e`, `%u002e`); `None` where nothing is encoded.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut changed = false;
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let (byte, used) = match (*first, tail) {
            (b'%', [b'u' | b'U', a, b, c, d, ..]) => {
                let value =
                    [a, b, c, d].into_iter().try_fold(0, |value, byte| Some(value * 16 + digit(*byte)?));
                (value.and_then(char::from_u32), 6)
            }
            (b'%', [a, b, ..]) => {
                let value = digit(*a).zip(digit(*b)).and_then(|(a, b)| u8::try_from(a * 16 + b).ok());
                if let Some(value) = value {
                    out.push(value);
                    changed = true;
                    rest = tail.get(2..).unwrap_or_default();
                    continue;
                }
                (None, 1)
            }
            _ => (None, 1),
        };
        if let Some(c) = byte {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            changed = true;
            rest = rest.get(used..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    changed.then_some(out)
}

/// The text that a lenient reader makes of bytes: overlong forms are their ASCII, look-alikes of dots and
/// slashes are dots and slashes, ignorable characters are not there.
fn reading(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.is_ascii() {
        return String::from_utf8_lossy(bytes);
    }
    let mut ascii = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        // None of these starts can be in UTF-8. Lenient readers look at six bits of what follows,
        // whatever the other two are.
        let (byte, used) = match (*first, tail) {
            (0xC0 | 0xC1, [low, ..]) => (((first & 1) << 6) | (low & 0x3F), 2),
            (0xE0, [middle @ 0x80..=0x81, low, ..]) => (((middle & 1) << 6) | (low & 0x3F), 3),
            (0xF0, [0x80, middle @ 0x80..=0x81, low, ..]) => (((middle & 1) << 6) | (low & 0x3F), 4),
            _ => (*first, 1),
        };
        ascii.push(byte);
        rest = rest.get(used..).unwrap_or(tail);
    }
    let text = String::from_utf8_lossy(&ascii);
    Cow::Owned(text.nfkc().filter(|c| !is_ignorable(*c)).map(plain_separator).collect())
}

/// A path with a slash or dots for the letters that look like them and that programs normalize to them; `None` where it
/// has no such letters.
pub(super) fn separators(path: &str) -> Option<String> {
    let is_one = |c: char| {
        !c.is_ascii() && std::iter::once(c).nfkc().map(plain_separator).any(|c| matches!(c, '/' | '\\' | '.'))
    };
    path.chars().any(is_one).then(|| path.nfkc().map(plain_separator).collect())
}

/// Look-alikes that NFKC leaves as they are.
fn plain_separator(c: char) -> char {
    match c {
        '\u{2044}' | '\u{2215}' | '\u{29F8}' => '/',
        '\u{2216}' | '\u{29F5}' | '\u{29F9}' => '\\',
        '\u{3002}' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str) -> Vec<&'static str> {
        let mut matches = Matches::default();
        check(path, &mut matches);
        matches.iter().map(|(rule, _)| rule.id()).collect()
    }

    #[test]
    fn names_of_windows_are_told_apart() {
        for path in [
            "CON",
            "con",
            "a/NUL",
            "nul.txt",
            "aux.c",
            "PRN.x",
            "COM1",
            "com1.log",
            "COM\u{B9}",
            "LPT9",
            "lpt\u{B3}.txt",
            "CONIN$",
            "clock$",
            "CON .txt",
            "con:",
            "GIT~1",
            "git~1/config",
            "a/ENV~1.LOC",
            "a\\SSH~1",
            "CREDEN~1.JSO",
            "GI7EBA~1",
            "A~123456",
            "git~1:x",
            "nul.nar",
            "backup~1.txt",
        ] {
            let mut matches = Matches::default();
            let facts = check(path, &mut matches).expect(path);
            assert!(facts.windows.is_some() && matches.0.is_empty(), "{path}: {matches:?}");
        }
        for path in [
            "console.log",
            "auxiliary",
            "com10",
            "nullable.rs",
            "lpt",
            "common",
            "chapter~1.txt",
            "~1",
            "a~b",
        ] {
            assert_eq!(check(path, &mut Matches::default()).expect(path).windows, None, "{path}");
        }
    }

    #[test]
    fn ordinary_names_pass() {
        for path in [
            "a",
            ".",
            "..",
            "a/../b",
            "a..b",
            "...",
            ".../a",
            "naïve.txt",
            "~",
            "~/a",
            "~1",
            "file~",
            "notes.txt~",
            "a.~1~",
            "a~b",
            "a~1b",
            "chapter~1.txt",
            "1.0~1.deb2",
            "a~1.b.c",
            "v1.2~3",
            "%41",
            "100%",
            "%zz",
            "a%20b",
            ".gitignore",
            ".github/workflows/ci.yml",
            "a b.txt",
            " a",
            "12:30.txt",
            "notes: today.md",
            "2024-01-01T10:00:00.log",
            "std::fs.md",
            "mail:2,S",
            "@scope/pkg",
            "c++/a+b",
            "[id].tsx",
            "$x",
            "(a)",
            "a&b",
            "a;b",
            "#1",
            "日本語.txt",
            "a\u{FF0F}b",
            "Ünïcödé",
            "👩\u{200D}💻.md",
            "\u{200F}עברית",
            "console.log",
            "auxiliary",
            "com10",
            "nullable.rs",
            "lpt",
            "common",
            "http%3A%2F%2Fexample.com%2Fa",
            "a\\b.txt",
            "..a",
            "a..",
            "x/..y/z",
            "%C0%20la carte",
            "\u{2026}",
            "a/b/c/d/e.rs",
            "/srv/data/a",
            "//a",
        ] {
            // `a..` ends in dots, the only entry of the list that a rule has a word on.
            let expected: &[&str] = if path == "a.." { &["path.name"] } else { &[] };
            assert_eq!(rules(path), expected, "{path:?}");
        }
    }

    #[test]
    fn hidden_parents_are_found() {
        for path in [
            "%2e%2e%2f",
            "%2e%2e/etc",
            "..%2fetc",
            "%2E%2E%2Fetc",
            "a/%2e%2e/b",
            "%252e%252e%252f",
            "%25252e%25252e%25252f",
            "%2525252525252e",
            "%%32%65%%32%65%%32%66",
            "%u002e%u002e%u2215",
            "%c0%ae%c0%ae/",
            "%c0%ae%c0%ae%c0%af",
            "..%c1%9cetc",
            "..%c0%2fetc",
            "%e0%80%ae%e0%80%ae/",
            "%f0%80%80%ae%f0%80%80%ae/",
            "\u{FF0E}\u{FF0E}/etc",
            "..\u{FF0F}etc",
            "..\u{2215}etc",
            "\u{2025}/etc",
            "\u{2024}\u{2024}/etc",
            "%ef%bc%8e%ef%bc%8e/",
            "....//etc",
            "....",
            ".....",
            "..././etc",
            "....\\/etc",
            "..;/etc",
            "a/..;x=1/b",
            "..%3b/etc",
            ".\u{200B}./etc",
            "..\u{200B}/etc",
            "%2fetc%2fpasswd",
            "%5cwindows",
            "a%00.txt",
            "a%0d%0ab",
            "a\\..\\b",
            "..%5c..%5c",
            "a/..%20/b",
        ] {
            let found = rules(path);
            assert_eq!(found.first(), Some(&"path.encoded"), "{path:?}: {found:?}");
        }
    }

    #[test]
    fn misleading_names_are_found() {
        for path in [
            "a\u{1}b",
            "a\nb",
            "a\tb",
            "a\u{7F}",
            "a\u{85}b",
            "a\u{2028}b",
            "photo\u{202E}gpj.exe",
            "a\u{2066}b",
            "PRN.",
            "a.txt::$DATA",
            "a:$I30:$INDEX_ALLOCATION",
            "a.",
            "a ",
            "a/b./c",
            "a\u{3000}",
            "a\u{A0}",
            "C:\\x",
            "c:/x",
            "C:x",
            "Z:",
            "/C:/x",
            "\\\\server\\share\\x",
            "\\\\?\\C:\\x",
            "\\\\.\\pipe\\x",
            "\\x",
        ] {
            let found = rules(path);
            assert!(found.contains(&"path.name"), "{path:?}: {found:?}");
        }
    }

    #[test]
    fn backslashes_climb_only_where_they_lead_out() {
        for (path, rule) in [
            ("..\\..\\windows", "path.traversal"),
            ("a\\..\\..\\b", "path.traversal"),
            ("../..\\a", "path.traversal"),
            ("a\\..\\b", "path.encoded"),
        ] {
            assert_eq!(rules(path).first(), Some(&rule), "{path:?}");
        }
    }

    #[test]
    fn nul_and_lengths_stop_the_check() {
        for (path, usable, expected) in [
            ("a\0b".to_owned(), false, vec!["path.nul"]),
            ("\0".to_owned(), false, vec!["path.nul"]),
            ("a".repeat(255), true, vec![]),
            ("a".repeat(256), false, vec!["path.length"]),
            ("é".repeat(128), false, vec!["path.length"]),
            ("a/".repeat(2047) + "a", true, vec![]),
            ("a/".repeat(2048), false, vec!["path.length"]),
        ] {
            let mut matches = Matches::default();
            assert_eq!(check(&path, &mut matches).is_some(), usable, "{} bytes", path.len());
            assert_eq!(
                matches.iter().map(|(rule, _)| rule.id()).collect::<Vec<_>>(),
                expected,
                "{} bytes",
                path.len()
            );
        }
    }
}
