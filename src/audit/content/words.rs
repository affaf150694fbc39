//! Values that end up inside a statement or command line: one name, one word, one path.

use super::affix::starts;
use super::{families, whole};
use crate::policy::Kind;
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
        return Some((
            Rule::InjectionArgument,
            "a word that a command takes for an option; expected none with `-` before it",
        ));
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
        return Some((
            Rule::InjectionArgument,
            "a name that a command takes for an option; expected none with `-` before it",
        ));
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

const SHELL_TEXT: &str = "with text that a shell takes for a command";

/// A value that a schema's names let take for a name, a word or a name with a version: what no honest one holds.
pub(super) fn guessed(kind: Kind, text: &str) -> Option<Fault> {
    let bytes = text.as_bytes();
    if bytes.contains(&0) {
        return Some((Rule::PathNul, "a NUL character, where programs in C end a text"));
    }
    let bare = bytes.trim_ascii();
    let option = whole::is_option(bare)
        || (kind == Kind::Ref && bare.len() > 1 && bare.starts_with(b"-"))
        || (kind != Kind::Identifier && holds_option(bare, false));
    if option {
        return Some((
            Rule::InjectionArgument,
            "a word that a command takes for an option; expected none with `-` before it",
        ));
    }
    if kind == Kind::Identifier {
        return breaks_out(bytes).then_some((
            Rule::InjectionIdentifier,
            "a name with text that changes the statement it is put into",
        ));
    }
    runs(bytes).then_some((Rule::InjectionShell, SHELL_TEXT))
}

/// A path: no option, and no text for a shell.
pub(super) fn path(text: &str) -> Option<Fault> {
    let bytes = text.as_bytes();
    let bare = bytes.trim_ascii_start();
    if bare.len() > 1 && bare.starts_with(b"-") || holds_option(bare, true) {
        return Some((
            Rule::InjectionArgument,
            "a path that a command takes for an option; expected \"./\" before it",
        ));
    }
    runs(bytes).then_some((Rule::InjectionShell, SHELL_TEXT))
}

/// Whether there is an option behind the first word of a value, which must be one word: `main --output=x`. `valued`: only
/// one with a value counts.
fn holds_option(text: &[u8], valued: bool) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    // Prose has options in it too.
    let first = words.next();
    first.is_some()
        && words.clone().count() <= MAX_WORDS
        && words.any(|word| match word {
            [b'-', b'-', first, rest @ ..] if first.is_ascii_alphabetic() => !valued || rest.contains(&b'='),
            [b'-', first, rest @ ..] if first.is_ascii_alphabetic() => {
                rest.contains(&b'=') || (!valued && rest.is_empty())
            }
            _ => false,
        })
}

/// Words of a value that is more than a name and options.
const MAX_WORDS: usize = 6;

/// An address that was guessed to be one: no option, nor one in the place of its host, and no text for a shell.
pub(super) fn guessed_address(text: &str) -> Option<Fault> {
    const OPTION: Fault = (Rule::InjectionArgument, "an address that a command takes for an option");
    let text = text.trim();
    let authority = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let names = |first: u8| first == b'-' || first.is_ascii_alphabetic();
    let is_option = |part: &str| matches!(part.as_bytes(), [b'-', first, ..] if names(*first));
    if is_option(authority) || authority.split_once('@').is_some_and(|(_, host)| is_option(host)) {
        return Some(OPTION);
    }
    let bytes = text.as_bytes();
    // Without white space a separator of commands may be one of parameters.
    let parts = bytes.iter().any(u8::is_ascii_whitespace);
    if surely_runs(Kind::Url, text) || parts && runs(bytes) {
        return Some((Rule::InjectionShell, SHELL_TEXT));
    }
    holds_option(bytes, false).then_some(OPTION)
}

/// Whether a value that must be one name, path or address is a command to any shell that gets it: one that nobody who
/// means the name writes.
pub(super) fn surely_runs(kind: Kind, text: &str) -> bool {
    let bytes = text.trim().as_bytes();
    if kind != Kind::Path && whole::is_transport(bytes) {
        return true;
    }
    let is_path = kind == Kind::Path;
    let is_spaced = bytes.iter().any(u8::is_ascii_whitespace);
    let from = |at: usize| bytes.get(at..).unwrap_or_default();
    bytes.iter().enumerate().any(|(at, byte)| {
        let behind = from(at + 1);
        match byte {
            // Folders of some build systems are called so.
            b'$' if behind.starts_with(b"(") => !is_path || command(from(at + 2)) != Command::None,
            b'$' => ["IFS", "{IFS"].iter().any(|name| behind.starts_with(name.as_bytes())),
            b'`' => command(behind) != Command::None && behind.contains(&b'`'),
            b';' | b'|' | b'&' | b'\n' | b'\r' => {
                let doubled = behind.first() == Some(byte);
                let found = command(from(at + 1 + usize::from(doubled)));
                let joins = *byte == b'&' && !doubled;
                match found {
                    Command::None => false,
                    Command::Given => true,
                    // `Wash & sort` is a name, and `?a=1;id` has two parameters.
                    Command::Bare => !joins && (kind != Kind::Url || is_spaced),
                }
            }
            _ => false,
        }
    })
}

/// What stands where a shell looks for a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    None,
    /// The name of one.
    Bare,
    /// One with what prose does not have behind it: a path, an option, a variable, or one that is given by its path.
    Given,
}

/// The command at the start of a text.
fn command(text: &[u8]) -> Command {
    let is_open =
        |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\'' | b'"' | b'(' | b'{' | b'\\');
    let (opened, text) = text.split_at(text.iter().take_while(|byte| is_open(byte)).count());
    if starts(text, &["/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/", "./"]) {
        return Command::Given;
    }
    let len =
        text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let (word, behind) = text.split_at(len);
    if !families::is_command(word) {
        return Command::None;
    }
    match behind {
        [] | [b'\n' | b'\r' | b';' | b'|' | b'&' | b')' | b'`' | b'"' | b'\'' | b'#' | b'}', ..] => {
            Command::Bare
        }
        [b'$' | b'<' | b'>', ..] => Command::Given,
        [b',', ..] if opened.contains(&b'{') => Command::Given,
        [b' ' | b'\t', argument @ ..] => match argument.trim_ascii_start() {
            [b'-' | b'/' | b'~' | b'$' | b'>' | b'<' | b'|' | b';' | b'&', ..]
            | [b'.', b'/' | b'.', ..]
            | [b'\'' | b'"', b'/' | b'$' | b'~', ..] => Command::Given,
            argument => {
                let end = argument.iter().position(u8::is_ascii_whitespace).unwrap_or(argument.len());
                let first = argument.get(..end).unwrap_or_default();
                if first.contains(&b'/') || starts(first, &["http:", "https:"]) {
                    Command::Given
                } else {
                    Command::Bare
                }
            }
        },
        _ => Command::None,
    }
}

/// Whether a shell would run a part of a value: a substitution, or a command behind a separator.
fn runs(text: &[u8]) -> bool {
    let from = |at: usize| text.get(at..).unwrap_or_default();
    text.iter().enumerate().any(|(at, byte)| match byte {
        b'$' => from(at + 1).first() == Some(&b'('),
        b'`' => memchr::memchr(b'`', from(at + 1)).is_some_and(|end| end > 0),
        b'\n' | b'\r' => true,
        b'&' | b'|' | b';' => {
            let doubled = *byte != b';' && from(at + 1).first() == Some(byte);
            let behind = from(at + 1 + usize::from(doubled)).trim_ascii_start();
            let len = behind
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                .count();
            let word = behind.get(..len).unwrap_or_default();
            // `^17 || ^18` are versions.
            doubled
                && !behind.first().is_some_and(|first| first.is_ascii_digit() || b"^~<>=*".contains(first))
                || families::is_command(word)
                || matches!(behind, [b'/' | b'$' | b'.', b'/' | b'(' | b'a'..=b'z', ..])
        }
        // To a file, and no version, arrow or generic type.
        b'>' => {
            let behind = from(at + 1).trim_ascii_start();
            matches!(behind, [b'/' | b'~', ..] | [b'.', b'.' | b'/', ..])
        }
        _ => false,
    })
}

/// Whether a name breaks out of a statement: quotes that do not pair up, a comment, a second statement, a condition.
fn breaks_out(text: &[u8]) -> bool {
    let odd = |quote: u8| memchr::memchr_iter(quote, text).count() % 2 == 1;
    let has = |part: &[u8]| memchr::memmem::find(text, part).is_some();
    text.contains(&b';')
        || text.contains(&b'=')
        || odd(b'\'')
        || odd(b'"')
        || odd(b'`')
        || [&b"--"[..], b"/*", b"\n", b"\\"].into_iter().any(has)
        || ["union", "select", "where", "or", "and", "having", "sleep", "from", "into"].iter().any(|word| {
            text.contains(&b' ')
                && text.split(|byte| !byte.is_ascii_alphanumeric()).skip(1).any(|part| {
                    // A table may have any word in its name; in a statement these are small or all capitals.
                    part == word.as_bytes() || part == word.to_ascii_uppercase().as_bytes()
                })
        })
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
    fn guesses() {
        for (kind, text) in [
            (Kind::Identifier, "Order Details"),
            (Kind::Identifier, "my-project.ds.t"),
            (Kind::Identifier, "gr\u{f6}\u{df}e"),
            (Kind::Identifier, "Terms And Conditions"),
            (Kind::Identifier, "\"Order Details\""),
            (Kind::Identifier, "`proj.ds.t`"),
            (Kind::Identifier, "2024_sales"),
            (Kind::Identifier, "-created_at"),
            (Kind::Identifier, ""),
            (Kind::Word, "feat#123"),
            (Kind::Word, "HEAD~1"),
            (Kind::Word, "v1^{}"),
            (Kind::Word, "numpy>=1.20"),
            (Kind::Word, "react@^18"),
            (Kind::Word, "hello world"),
            (Kind::Word, "R&D"),
            (Kind::Word, "O'Brien"),
            (Kind::Word, "a -> b"),
            (Kind::Word, "-5"),
            (Kind::Ref, "feat(x): y"),
            (Kind::Ref, "a & b"),
            (Kind::Ref, "react@^17 || ^18"),
            (Kind::Ref, "a - b"),
            (Kind::Ref, "a -- b"),
            (Kind::Ref, "fix what the option --help says of all the others"),
        ] {
            assert_eq!(guessed(kind, text), None, "{text}");
        }
        for (kind, text, rule) in [
            (Kind::Word, "--upload-pack=x", Rule::InjectionArgument),
            (Kind::Word, "-oProxyCommand=x", Rule::InjectionArgument),
            (Kind::Identifier, "--x", Rule::InjectionArgument),
            (Kind::Ref, "-x", Rule::InjectionArgument),
            (Kind::Ref, "-abc", Rule::InjectionArgument),
            (Kind::Ref, " --x", Rule::InjectionArgument),
            (Kind::Word, "\t--exec=id", Rule::InjectionArgument),
            (Kind::Ref, "main --output=/tmp/x", Rule::InjectionArgument),
            (Kind::Ref, "main -c core.pager=id", Rule::InjectionArgument),
            (Kind::Ref, "main --help", Rule::InjectionArgument),
            (Kind::Word, "a\0b", Rule::PathNul),
            (Kind::Word, "x;touch p", Rule::InjectionShell),
            (Kind::Word, "x && y", Rule::InjectionShell),
            (Kind::Word, "x | sh", Rule::InjectionShell),
            (Kind::Word, "$(id)", Rule::InjectionShell),
            (Kind::Ref, "`id`", Rule::InjectionShell),
            (Kind::Ref, "x > /etc/y", Rule::InjectionShell),
            (Kind::Ref, "a\nb", Rule::InjectionShell),
            (Kind::Identifier, "users; DROP TABLE x", Rule::InjectionIdentifier),
            (Kind::Identifier, "users WHERE 1=1", Rule::InjectionIdentifier),
            (Kind::Identifier, "x UNION SELECT a FROM b", Rule::InjectionIdentifier),
            (Kind::Identifier, "a' or 'b", Rule::InjectionIdentifier),
            (Kind::Identifier, "a--", Rule::InjectionIdentifier),
        ] {
            assert_eq!(guessed(kind, text).map(|(found, _)| found), Some(rule), "{text}");
        }
    }

    #[test]
    fn guessed_addresses() {
        for text in [
            "https://example.com/a;b=c?d=1&id=5",
            "https://example.com/?titles=Cat|Dog",
            "https://example.com/-x",
            "git@example.com:a/b.git",
            "ssh://git@example.com/a.git",
            "-",
            "- item",
            "example.com",
            "https://example.com/$filter=(a)",
            "https://example.com/`x`",
            "https://example.com/search?q=cats & dogs",
            "",
        ] {
            assert_eq!(guessed_address(text), None, "{text}");
        }
        for (text, rule) in [
            ("--upload-pack=x", Rule::InjectionArgument),
            (" --x", Rule::InjectionArgument),
            ("-oProxyCommand=id", Rule::InjectionArgument),
            ("-u", Rule::InjectionArgument),
            ("ssh://-oProxyCommand=id/x", Rule::InjectionArgument),
            ("git@-oProxyCommand=id:x", Rule::InjectionArgument),
            ("https://example.com/a.git --upload-pack=id", Rule::InjectionArgument),
            ("https://example.com/$(id)", Rule::InjectionShell),
            ("https://example.com/`id`", Rule::InjectionShell),
            ("https://example.com/; touch /tmp/x", Rule::InjectionShell),
            ("https://example.com/;touch${IFS}/tmp/x", Rule::InjectionShell),
            ("ext::sh -c id", Rule::InjectionShell),
            ("\"ext::sh -c id\"", Rule::InjectionShell),
            (" 'ext::id'", Rule::InjectionShell),
        ] {
            assert_eq!(guessed_address(text).map(|(rule, _)| rule), Some(rule), "{text}");
        }
    }

    #[test]
    fn what_nobody_means() {
        for (kind, text) in [
            (Kind::Ref, "main"),
            (Kind::Ref, "`main`"),
            (Kind::Ref, "a & b"),
            (Kind::Ref, "search & find"),
            (Kind::Ref, "Wash & sort things"),
            (Kind::Ref, "^17 || ^18"),
            (Kind::Ref, "feat;fix"),
            (Kind::Word, "R&D"),
            (Kind::Url, "https://example.com/?a=1;id"),
            (Kind::Url, "https://example.com/?a=1&id=5&sort=x"),
            (Kind::Url, "https://example.com/?titles=Bash|Cat"),
            (Kind::Path, "a; b.txt"),
            (Kind::Path, "What? Why; How.md"),
            (Kind::Path, "R&D/q|a.txt"),
            (Kind::Path, "$(SolutionDir)/x"),
            (Kind::Path, "a`b`.txt"),
            (Kind::Path, "Wash & sort.txt"),
            (Kind::Path, "ext::x"),
        ] {
            assert!(!surely_runs(kind, text), "{text}");
        }
        for kind in [Kind::Ref, Kind::Word, Kind::Url, Kind::Path] {
            for text in [
                "main; touch /tmp/x",
                "main;touch /tmp/x",
                "main; rm -rf x",
                "main && curl https://example.com/x",
                "main || id",
                "main | sh",
                "main & touch /tmp/x",
                "main\ntouch /tmp/x",
                "main; id",
                "main;touch$IFS/tmp/x",
                "x;{touch,/tmp/x}",
                "$(touch /tmp/x)",
                "a$(id)b",
                "a`id`b",
                "x\" ; touch /tmp/x; \"",
                "x' | cat /etc/x #",
                "; /bin/touch x",
                "; ./x.sh",
            ] {
                assert!(surely_runs(kind, text), "{kind:?} {text}");
            }
        }
        assert!(surely_runs(Kind::Ref, "$(anything)") && surely_runs(Kind::Url, "ext::sh -c x"));
    }

    #[test]
    fn paths() {
        for text in [
            "src/lib.rs",
            "./-rf",
            "a & b.txt",
            "x;y.txt",
            "it's \"x\".txt",
            "(group)/[slug]/page.tsx",
            "routes/$id.tsx",
            "R&D/q|a.txt",
            "-",
            "a - b.md",
            "report --draft.md",
            "$RECYCLE.BIN",
            "a`b.txt",
            "What? Why; How.md",
        ] {
            assert_eq!(path(text), None, "{text}");
        }
        for (text, rule) in [
            ("--help", Rule::InjectionArgument),
            ("-o/etc/x", Rule::InjectionArgument),
            (" --x", Rule::InjectionArgument),
            ("clone --upload-pack=id", Rule::InjectionArgument),
            ("x\" && id && \"", Rule::InjectionShell),
            ("$(id)", Rule::InjectionShell),
            ("a/`id`/b", Rule::InjectionShell),
            ("x;id", Rule::InjectionShell),
            ("x; cat /etc/passwd", Rule::InjectionShell),
            ("x|sh", Rule::InjectionShell),
            ("a || b", Rule::InjectionShell),
            ("a\nb", Rule::InjectionShell),
            ("x > /etc/y", Rule::InjectionShell),
        ] {
            assert_eq!(path(text).map(|(found, _)| found), Some(rule), "{text}");
        }
    }
}
