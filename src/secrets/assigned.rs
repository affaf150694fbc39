//! Values that a name gives away in a text that is no JSON: settings, one a line (`DB_PASSWORD=…`, `password: …`), and
//! what Python prints of a dictionary (`{'password': '…'}`).

#![forbid(unsafe_code)]

use super::chars::{self, DOTTED, closing, span_of};
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// Longer names are data (bytes).
const LONGEST: usize = 64;
/// What stands before a name in its line: space, the marks of a list, of a difference and of a quotation, and numbers.
const BEFORE: &[u8] = b" \t-+>|:*0123456789";
/// Words before a name: of shells, and of container files.
const WORDS: &[&[u8]] = &[b"export ", b"set ", b"declare -x ", b"ENV ", b"ARG "];

/// Builds what looks for them.
pub(super) fn warm() {
    LazyLock::force(&COLON);
}

static COLON: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("':"));

/// Tells `found` of the name and the value of each.
pub(crate) fn each(text: &[u8], mut found: impl FnMut(Range<usize>, Range<usize>)) {
    for colon in COLON.find_iter(text) {
        if let Some((name, value)) = printed(text, colon) {
            found(name, value);
        }
    }
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text).chain(std::iter::once(text.len())) {
        if let Some((name, value)) = setting(text, start..end) {
            found(name, value);
        }
        start = end + 1;
    }
}

/// The name that the quote before a colon closes, and the string behind that.
fn printed(text: &[u8], close: usize) -> Option<(Range<usize>, Range<usize>)> {
    let name = close - chars::span_back(text, close, DOTTED, LONGEST)..close;
    let is_quoted = name.start > 0 && text.get(name.start - 1) == Some(&b'\'');
    let open = close + 2 + span_of(text, close + 2, b" ");
    if !is_quoted || name.is_empty() {
        return None;
    }
    let quote = *text.get(open).filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let end = closing(text, open + 1, quote)?;
    Some((name, open + 1..end))
}

/// The name and the value of a line that holds nothing else.
fn setting(text: &[u8], line: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let text = text.get(..line.end)?;
    let start = line.start + span_of(text, line.start, BEFORE);
    let rest = text.get(start..)?;
    let word = WORDS.iter().find(|word| rest.starts_with(word)).map_or(0, |word| word.len());
    let name = start + word..start + word + chars::span(text, start + word, DOTTED, LONGEST);
    let sign = name.end + span_of(text, name.end, b" \t");
    if name.is_empty() || !matches!(text.get(sign), Some(b'=' | b':')) {
        return None;
    }
    let open = sign + 1 + span_of(text, sign + 1, b" \t");
    let first = *text.get(open)?;
    let is_quoted = matches!(first, b'"' | b'\'');
    let value = if is_quoted {
        open + 1..closing(text, open + 1, first)?
    } else {
        let space = |byte: &u8| byte.is_ascii_whitespace();
        open..open + text.get(open..)?.iter().position(space).unwrap_or(text.len() - open)
    };
    let behind = text.get(value.end + usize::from(is_quoted)..)?.trim_ascii();
    // Code goes on behind a value, and gives more than texts in quotes.
    let ends = behind.is_empty() || behind.starts_with(b"#");
    let is_code = |value: &[u8]| {
        value.iter().any(|byte| b"()[]{}<>`\"'".contains(byte))
            || value.ends_with(b",")
            || value.ends_with(b";")
    };
    (ends && (is_quoted || !is_code(text.get(value.clone())?))).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::held::Held;

    #[test]
    fn values_are_those_of_settings() {
        for (text, expected) in [
            ("DB_PASSWORD=hunter2", "hunter2"),
            ("export DB_PASSWORD=hunter2", "hunter2"),
            ("ENV DB_PASSWORD=hunter2", "hunter2"),
            ("A=1\r\nDB_PASSWORD=hunter2\r\nB=2", "hunter2"),
            ("DB_PASSWORD=\"correct horse 7\"", ""),
            ("DB_PASSWORD='c0rrect;horse'", "c0rrect;horse"),
            ("DB_PASSWORD=hunter2 # of the test", "hunter2"),
            ("db:\n  password: correct-horse\n  port: 5432", "correct-horse"),
            ("spring.datasource.password = c0rrect/horse=", "c0rrect/horse="),
            ("+  password: hunter2", "hunter2"),
            ("12:password: hunter2", "hunter2"),
            ("Password: Tr0ub4dor&3", "Tr0ub4dor&3"),
            ("api_key = q8Zr2LmXv0TbNc5YwKd7", "q8Zr2LmXv0TbNc5YwKd7"),
            ("{'user': 'app', 'password': 'correct-horse'}", "correct-horse"),
            ("{'password': \"it's-h0rse\"}", "it's-h0rse"),
            ("{'password': 'it\\'s-h0rse'}", "it\\'s-h0rse"),
            ("{'nextPageToken': 'Q2FzZTogMTIzNDU2Nzg5MA'}", ""),
            ("{'password': True, 'token': None}", ""),
            ("{'password': '[REDACTED]'}", ""),
            ("DB_PASSWORD=${DB_PASSWORD}", ""),
            ("DB_PASSWORD=changeme", ""),
            ("DB_PASSWORD=", ""),
            ("DB_PASSWORD=[REDACTED]", ""),
            ("password: string", ""),
            ("password: str = None", ""),
            ("password: z.string(),", ""),
            ("password: config.password2,", ""),
            ("password = get_pass2()", ""),
            ("password = args[0]", ""),
            ("let password = hunter2;", ""),
            ("The password: at least 8 characters", ""),
            ("PASSWORD_MIN_LENGTH=12", ""),
            ("password_file: /run/secrets/db2", ""),
            ("token: ${{ secrets.GITHUB_TOKEN }}", ""),
            ("id-token: write", ""),
            ("next_token: abc123def456", ""),
            ("'password':", ""),
            ("':", ""),
            ("", ""),
        ] {
            let mut found = "";
            each(text.as_bytes(), |name, value| {
                let part = |range| text.get(range).unwrap();
                if Held::by(part(name).as_bytes()).fits(part(value.clone()).as_bytes()) {
                    found = part(value);
                }
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
