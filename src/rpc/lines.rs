//! Lines as programs print them: behind the name of a file and a number, as `grep` and editors do, or behind the mark of
//! a quotation or comment.

#![forbid(unsafe_code)]

/// Where none of so many lines has a mark, none has.
const FIRST: usize = 8;
/// The longest name of a file (bytes).
const LONGEST_NAME: usize = 256;

/// The text without these marks, where two lines have one: with lines, and with spaces between them, as one sentence may
/// go on in the next line.
pub(super) fn without_marks(text: &[u8]) -> Option<[Vec<u8>; 2]> {
    memchr::memchr(b'\n', text)?;
    let lines = || text.split(|byte| *byte == b'\n');
    let marked = lines().take(FIRST).filter(|line| mark(line) > 0).count();
    if marked < 2 {
        return None;
    }
    let mut broken = Vec::with_capacity(text.len());
    let mut joined = Vec::with_capacity(text.len());
    for line in lines() {
        let rest = line.get(mark(line)..).unwrap_or_default();
        for (out, sign) in [(&mut broken, b'\n'), (&mut joined, b' ')] {
            if !out.is_empty() {
                out.push(sign);
            }
            out.extend_from_slice(rest.trim_ascii());
        }
    }
    Some([broken, joined])
}

/// How long the mark is that a line begins with.
fn mark(line: &[u8]) -> usize {
    let space = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = line.get(space..).unwrap_or_default();
    let sign = match rest {
        [b'/', b'/', ..] | [b'-', b'-', b' ', ..] => 2,
        [b'>' | b'#' | b'*' | b'|' | b';', ..] => 1,
        _ => return number(rest).or_else(|| file(rest)).map_or(0, |len| len + space),
    };
    space + sign
}

/// A number and what parts it from the line: `12:`, `12→`, `12` and a tab.
fn number(line: &[u8]) -> Option<usize> {
    let digits = line.iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
    let rest = line.get(digits..).filter(|_| digits > 0)?;
    let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let sign = rest.get(space..).unwrap_or_default();
    let len = match sign {
        [b':' | b'|' | b'-' | b')' | b'.', ..] => 1,
        [0xE2, _, _, ..] => 3,
        _ if rest.get(..space).is_some_and(|space| space.contains(&b'\t')) => 0,
        _ => return None,
    };
    Some(digits + space + len)
}

/// The name of a file and a number: `notes/a.md:12:`, `notes/a.md-13-`.
fn file(line: &[u8]) -> Option<usize> {
    let start = line.get(..line.len().min(LONGEST_NAME)).unwrap_or_default();
    let sign = |at: usize| {
        let rest = line.get(at + 1..).unwrap_or_default();
        let digits = rest.iter().take(8).take_while(|byte| byte.is_ascii_digit()).count();
        let closes = rest.get(digits) == line.get(at);
        (at > 0 && digits > 0 && closes).then_some(at + digits + 2)
    };
    memchr::memchr2_iter(b':', b'-', start).find_map(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_lines_go() {
        for (text, expected) in [
            ("notes.md:1:one\nnotes.md:2:two", Some("one two")),
            ("a/b-c.md-1-one\na/b-c.md:2:two", Some("one two")),
            ("     1\tone\n     2\ttwo", Some("one two")),
            ("  1→one\n  2→two", Some("one two")),
            ("1: one\n2: two", Some("one two")),
            ("> one\n> two", Some("one two")),
            ("# one\n# two", Some("one two")),
            ("// one\n// two", Some("one two")),
            ("one\ntwo", None),
            ("notes.md:1:one", None),
            ("12 apples\n13 pears", None),
            ("at 10:30\nat 11:30", None),
            ("", None),
        ] {
            let joined = without_marks(text.as_bytes()).map(|[_, joined]| String::from_utf8(joined).unwrap());
            assert_eq!(joined.as_deref(), expected, "{text}");
        }
    }
}
