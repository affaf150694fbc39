//! Values that end up inside a statement or command line: one name, one word, one statement.

use super::affix::starts;
use crate::rules::Rule;

/// What the whole value breaks, and how.
type Fault = (Rule, &'static str);

/// Parts of a qualified name: server, database, schema, table.
const MAX_PARTS: usize = 4;
/// Bytes of one part; the longest that a common database takes is 128.
const MAX_PART: usize = 128;

/// A name: up to four parts of letters, digits, `_` and `$`, none of which starts with a digit.
pub(super) fn identifier(text: &str) -> Option<Fault> {
    let parts = text.split('.').count();
    let is_name = |part: &str| {
        part.len() <= MAX_PART
            && part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$')
    };
    let ok = parts <= MAX_PARTS && text.split('.').all(is_name);
    (!ok).then_some((
        Rule::InjectionIdentifier,
        "not a name: up to four parts of letters, digits, \"_\" and \"$\", with dots between",
    ))
}

/// One argument of a command.
pub(super) fn word(text: &str) -> Option<Fault> {
    if text.starts_with('-') {
        return Some((Rule::InjectionArgument, "a word that a command takes for an option"));
    }
    let bytes = text.as_bytes();
    let plain = |(at, c): (usize, char)| match c {
        '.' | '_' | '/' | ':' | '@' | '=' | '+' | ',' | '-' => true,
        // An encoded character is whatever the next program decodes it to.
        '%' => !bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        _ => c.is_alphanumeric(),
    };
    let ok = !text.is_empty() && text.char_indices().all(plain);
    (!ok).then_some((
        Rule::InjectionShell,
        "not one plain word: empty, or with white space, quotes, or a character that a shell acts on",
    ))
}

const NO_REFERENCE: Fault = (
    Rule::InjectionShell,
    "not one name with a version: empty, or with white space, quotes, a way out of a folder, or a character that a \
     shell acts on",
);

/// A name with a version, as version control and package managers write it: `HEAD~1`, `v1^{}`, `numpy>=1.20`,
/// `@scope/name@^18`, `feat#123`.
pub(super) fn reference(text: &str) -> Option<Fault> {
    if text.starts_with('-') {
        return Some((Rule::InjectionArgument, "a name that a command takes for an option"));
    }
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let plain = |(index, c): (usize, char)| {
        let before = index.checked_sub(1).map_or(0, at);
        match c {
            '.' | '_' | '/' | ':' | '@' | '=' | '+' | ',' | '-' | '#' | '^' | '*' | '[' | ']' => true,
            // A home folder, unless a version follows.
            '~' => index > 0 || matches!(at(1), b'=' | b'0'..=b'9'),
            '!' => at(index + 1) == b'=',
            // A comparison of versions, and no file that a shell reads or writes.
            '<' | '>' => {
                let version = at(index + 1 + usize::from(at(index + 1) == b'='));
                index > 0 && (version.is_ascii_digit() || version == b'v')
            }
            // `@{upstream}`, `v1^{}`, and no list of words.
            '{' => matches!(before, b'@' | b'^'),
            '}' => bytes.get(..index).is_some_and(|before| before.contains(&b'{')),
            '%' => !bytes.get(index + 1..index + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
            _ => c.is_alphanumeric(),
        }
    };
    let climbs = text.split(['/', ':']).any(|part| part == "..");
    // A file of the host, and a program that git runs to reach a repository (`ext::`).
    let reaches = text.contains("::") || starts(bytes, &["file:"]);
    let ok = !text.is_empty() && !climbs && !reaches && text.char_indices().all(plain);
    (!ok).then_some(NO_REFERENCE)
}

/// One whole SQL statement.
pub(super) fn statement(text: &str) -> Option<Fault> {
    let mut rest = text.trim_end();
    rest = rest.strip_suffix(';').unwrap_or(rest);
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        at = match (byte, next) {
            (b'\'' | b'"' | b'`', _) => match closing_quote(bytes, at) {
                Some(end) => end + 1,
                None => return Some((Rule::InjectionSql, "a string in the statement does not end")),
            },
            (b';', _) => return Some((Rule::InjectionSql, "more than one statement")),
            (b'-', Some(b'-')) | (b'#', _) | (b'/', Some(b'*')) => {
                return Some((Rule::InjectionSql, "a comment in the statement: it can hide the rest of it"));
            }
            _ => at + 1,
        };
    }
    None
}

/// The quote that closes the one at `at`; a doubled one and one behind a backslash do not.
fn closing_quote(bytes: &[u8], at: usize) -> Option<usize> {
    let quote = bytes.get(at)?;
    let mut end = at + 1;
    loop {
        match bytes.get(end)? {
            b'\\' => end += 2,
            byte if byte == quote && bytes.get(end + 1) == Some(quote) => end += 2,
            byte if byte == quote => return Some(end),
            _ => end += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for text in ["users", "_x", "a1", "db.schema.users", "a.b.c.d", "col$1"] {
            assert_eq!(identifier(text), None, "{text}");
        }
        for text in [
            "",
            ".",
            "a.",
            ".a",
            "1a",
            "a-b",
            "a b",
            "a;b",
            "a'b",
            "-a",
            "a.b.c.d.e",
            "a%20b",
            "naïve",
            "a\0",
        ] {
            assert_eq!(identifier(text).map(|(rule, _)| rule), Some(Rule::InjectionIdentifier), "{text:?}");
        }
        assert!(identifier(&"a".repeat(128)).is_none() && identifier(&"a".repeat(129)).is_some());
    }

    #[test]
    fn one_word() {
        for text in ["main", "v1.2.3", "src/lib.rs", "user@host:path", "a=b", "naïve", "100%", "a+b,c"] {
            assert_eq!(word(text), None, "{text}");
        }
        for (text, rule) in [
            ("-rf", Rule::InjectionArgument),
            ("--upload-pack=x", Rule::InjectionArgument),
            ("", Rule::InjectionShell),
            ("a b", Rule::InjectionShell),
            ("a;b", Rule::InjectionShell),
            ("a\nb", Rule::InjectionShell),
            ("$(id)", Rule::InjectionShell),
            ("`id`", Rule::InjectionShell),
            ("a|b", Rule::InjectionShell),
            ("a&b", Rule::InjectionShell),
            ("a>b", Rule::InjectionShell),
            ("a*", Rule::InjectionShell),
            ("~root", Rule::InjectionShell),
            ("a%0aid", Rule::InjectionShell),
            ("a\\b", Rule::InjectionShell),
            ("a\u{200b}b", Rule::InjectionShell),
        ] {
            assert_eq!(word(text).map(|(found, _)| found), Some(rule), "{text:?}");
        }
    }

    #[test]
    fn names_with_versions() {
        for text in [
            "main",
            "feat#123",
            "#123",
            "feature/größe",
            "HEAD~1",
            "HEAD^",
            "v1^{}",
            "@{u}",
            "main@{upstream}",
            "HEAD^{tree}",
            "v1.2..v1.3",
            "HEAD:src/lib.rs",
            "refs/heads/*",
            "numpy>=1.20",
            "numpy>=1.20,<2",
            "django~=4.2",
            "a!=1.0",
            "requests[security]==2.*",
            "react@^18",
            "react@~18.2",
            "~1.2",
            "@scope/pkg@^18",
            "git+https://example.com/a/b.git@v1",
            "user@host:path",
            "100%",
        ] {
            assert_eq!(reference(text), None, "{text}");
        }
        for (text, rule) in [
            ("-rf", Rule::InjectionArgument),
            ("--upload-pack=x", Rule::InjectionArgument),
            ("", Rule::InjectionShell),
            ("a b", Rule::InjectionShell),
            ("a\tb", Rule::InjectionShell),
            ("a\nb", Rule::InjectionShell),
            ("a;b", Rule::InjectionShell),
            ("a'b", Rule::InjectionShell),
            ("a\"b", Rule::InjectionShell),
            ("$(id)", Rule::InjectionShell),
            ("${HOME}", Rule::InjectionShell),
            ("`id`", Rule::InjectionShell),
            ("a|b", Rule::InjectionShell),
            ("a&b", Rule::InjectionShell),
            ("a>b", Rule::InjectionShell),
            ("a>/etc/x", Rule::InjectionShell),
            ("<1", Rule::InjectionShell),
            ("a!b", Rule::InjectionShell),
            ("{a,b}", Rule::InjectionShell),
            ("a}", Rule::InjectionShell),
            ("a\\b", Rule::InjectionShell),
            ("~root/x", Rule::InjectionShell),
            ("~/x", Rule::InjectionShell),
            ("../x", Rule::InjectionShell),
            ("a/../../x", Rule::InjectionShell),
            ("HEAD:../x", Rule::InjectionShell),
            ("file:///etc/passwd", Rule::InjectionShell),
            ("ext::sh", Rule::InjectionShell),
            ("a%0aid", Rule::InjectionShell),
            ("a\u{200b}b", Rule::InjectionShell),
            ("a\0", Rule::InjectionShell),
        ] {
            assert_eq!(reference(text).map(|(found, _)| found), Some(rule), "{text:?}");
        }
    }

    #[test]
    fn one_statement() {
        for text in [
            "SELECT * FROM users WHERE id = 1",
            "SELECT 'a;b', \"c--d\", 'it''s', 'a\\'b';",
            "INSERT INTO t VALUES (1, '#')",
            "",
        ] {
            assert_eq!(statement(text), None, "{text}");
        }
        for text in
            ["SELECT 1; DROP TABLE t", "SELECT 1 -- x", "SELECT 1 # x", "SELECT/**/1", "SELECT 'a", "a\\';--"]
        {
            assert_eq!(statement(text).map(|(rule, _)| rule), Some(Rule::InjectionSql), "{text}");
        }
    }
}
