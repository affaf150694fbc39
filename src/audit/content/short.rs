//! Which families of signs a short text can have, by the signs of machines in it and what stands around them.
//!
//! Every sign that a family knows asks for one of the places here; most texts have none of them, and few have those
//! of more than one family. A test holds this against all families on each text.

use super::affix::{ends, has_word, is_word, starts};
use super::families::{self, Families};

const NONE: Families = Families::NONE;
const SQL: Families = Families::SQL;
const SHELL: Families = Families::SHELL;
const MARKUP: Families = Families::MARKUP;
const TEMPLATE: Families = Families::TEMPLATE;
const XML: Families = Families::XML;
const NOSQL: Families = Families::NOSQL;
const HEADERS: Families = Families::HEADERS;

/// Words that a statement starts with, by their first four letters.
const STATEMENTS: [&[u8; 4]; 12] = [
    b"sele", b"inse", b"upda", b"dele", b"drop", b"crea", b"alte", b"trun", b"exec", b"decl", b"gran",
    b"shut",
];

/// Operators that are words, which may follow a quote.
const OPERATORS: &[&str] = &[
    "or",
    "and",
    "xor",
    "having",
    "where",
    "not",
    "union",
    "order",
    "group",
    "like",
    "rlike",
    "regexp",
    "is",
    "in",
    "between",
    "div",
    "mod",
    "sounds",
    "collate",
    "glob",
    "limit",
    "into",
    "procedure",
];

/// Operators that are words and compare.
const COMPARISONS: &[&str] = &["like", "rlike", "regexp", "is", "in", "between", "sounds", "div", "glob"];

/// Commands that show a file.
const VIEWERS: &[&str] =
    &["cat", "type", "more", "less", "head", "tail", "nl", "tac", "vi", "strings", "rev", "xxd", "base64"];

/// Whether a text without any sign of a machine can have one of a family: as its first word, or as a comment that
/// ends it.
pub(super) fn is_statement(text: &[u8]) -> bool {
    starts_as_statement(text) || text.ends_with(b"--")
}

fn starts_as_statement(text: &[u8]) -> bool {
    let start = spaces_and(text, b"(");
    start.first_chunk::<4>().is_some_and(|word| STATEMENTS.contains(&&word.map(|byte| byte | 0x20)))
}

/// Bytes round which something is looked for; letters are where a word starts that joins two conditions.
const PLACES: [bool; 256] = {
    let mut table = [false; 256];
    let mut list: &[u8] = b"'\"`);|&\n\r${#*~@[%<>=:(\\/.-oOaAxXhHwWnN";
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    while let [byte, rest @ ..] = list {
        table[*byte as usize] = true;
        list = rest;
    }
    table
};

/// The families that can have a sign in a text whose encodings were undone.
pub(super) fn families(text: &[u8]) -> Families {
    let mut found = at_start(text);
    let mut last = b' ';
    for (at, byte) in text.iter().enumerate() {
        let inside_word = last.is_ascii_alphanumeric() && byte.is_ascii_alphabetic();
        last = *byte;
        if inside_word || !PLACES.get(usize::from(*byte)).is_some_and(|is| *is) {
            continue;
        }
        let (before, behind) = text.split_at(at);
        let behind = behind.get(1..).unwrap_or_default();
        found = found | around(*byte, before, behind);
    }
    found
}

fn at_start(text: &[u8]) -> Families {
    let statement = if starts_as_statement(text) { SQL } else { NONE };
    let number = match text {
        // A number before a comment.
        [b'0'..=b'9' | b'(' | b'-', ..] if text.contains(&b'-') => SQL,
        _ => NONE,
    };
    let start = spaces_and(text, b"'\"");
    let word = word(start);
    let behind = start.get(word.len()..).unwrap_or_default();
    let argument = spaces_and(behind, b"");
    let command = match (start, argument) {
        // The path of a program, or line breaks that were escaped before.
        ([b'/', ..], _) => text.contains(&b' ') || start.get(1).is_some_and(|byte| byte | 0x20 == b'n'),
        // A name between quotes.
        ([first, ..], _) if start.len() < text.len() && first.is_ascii_alphabetic() => true,
        // A name and an option, a path, an address or a number.
        (_, [b'-' | b'/' | b'~' | b'h' | b'H', ..] | [b'.', b'.', ..]) => {
            argument.len() < behind.len() && families::is_command(word)
        }
        (_, [b'0'..=b'9', ..]) => {
            argument.iter().all(|byte| byte.is_ascii_digit() || *byte == b' ') && families::is_command(word)
        }
        _ => false,
    };
    let windows = ["invoke", "start", "get", "remove", "new", "set", "iex", "iwr", "net", "net1"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    statement | number | if command || windows { SHELL } else { NONE }
}

fn around(byte: u8, before: &[u8], behind: &[u8]) -> Families {
    match byte {
        b'\'' | b'"' => quote(before, behind),
        b'`' => quote(before, behind) | command(behind),
        b')' => match spaces_and(behind, b");") {
            [b'-', b'-', ..] | [b'#', ..] | [b'/', b'*', ..] => SQL,
            _ => NONE,
        },
        b';' => command(behind) | statement(behind),
        b'|' | b'&' => {
            let doubled = behind.first() == Some(&byte);
            let entity = byte == b'&' && behind.first() == Some(&b'#');
            command(behind) | if doubled { SQL | NOSQL } else { NONE } | if entity { MARKUP } else { NONE }
        }
        b'\r' => command(behind) | HEADERS,
        b'\n' => command(behind),
        b'$' => variable(before, behind),
        b'{' => {
            let template = matches!(behind, [b'{' | b'%' | b'$', ..]) || starts(behind, &["php"]);
            let list = before.is_empty() || matches!(before.last(), Some(b';' | b'|' | b'&' | b'`' | b'('));
            command(behind) | if template { TEMPLATE } else { NONE } | if list { SHELL } else { NONE }
        }
        b'#' | b'*' | b'~' | b'@' | b'[' | b'%' => {
            let template = matches!((byte, behind), (_, [b'{', ..]) | (b'@', [b'(', ..]))
                || (byte == b'#' && starts(behind, &["set"]));
            let shown = if byte == b'~' { file(before) } else { NONE };
            shown | if template { TEMPLATE } else { NONE }
        }
        b'<' => element(behind),
        b'>' if behind.first() == Some(&b'(') => SHELL,
        b'=' => attribute(before),
        b':' if starts(behind, &["script"]) => MARKUP,
        b':' => scheme(before) | if behind.first() == Some(&b'\\') { SHELL } else { NONE },
        b'(' => call(before) | program(behind),
        b'\\' if matches!(behind, [b'n' | b'N' | b'r' | b'R' | b'x' | b'X', ..]) => SHELL | HEADERS,
        b'/' if behind.first() == Some(&b'*') => SQL | file(before),
        b'/' => file(before),
        b'.' if behind.first() == Some(&b'.') => file(before),
        b'-' => option(before, behind),
        b'o' | b'O' | b'a' | b'A' | b'x' | b'X' | b'h' | b'H' | b'w' | b'W' | b'n' | b'N' => {
            condition(byte, before, behind)
        }
        _ => NONE,
    }
}

/// A quote that ends a value early is followed by an operator, a comment, or a second statement.
fn quote(before: &[u8], behind: &[u8]) -> Families {
    let next = spaces_and(behind, b")");
    // Code behind the string of a script that ends early.
    let script = match next {
        [b';' | b'+' | b'-' | b'*' | b'|' | b'&' | b'^' | b',', ..] if before.len() <= 24 => MARKUP,
        _ => NONE,
    };
    script
        | match next {
            [
                b'=' | b'<' | b'>' | b'!' | b'|' | b'&' | b';' | b'*' | b'^' | b'%' | b'+' | b'-' | b'#'
                | b'/' | b'~' | b'\\' | 0,
                ..,
            ] => SQL,
            [first, ..]
                if first.is_ascii_alphabetic()
                    && OPERATORS.iter().any(|operator| {
                        operator.as_bytes().first() == Some(&(first | 0x20)) && is_word(next, operator)
                    }) =>
            {
                SQL
            }
            _ => NONE,
        }
}

/// A separator, or what else starts a command, is followed by its name or path, or by letters that are cut.
fn command(behind: &[u8]) -> Families {
    let next = spaces_and(behind, b"'\"({`");
    let is_command = match next.first() {
        Some(b'/' | b'\\' | b'?' | b'$') => true,
        Some(b'.') => next.get(1) == Some(&b'/'),
        Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_' => {
            let name = word(next);
            let brace =
                behind.get(..behind.len() - next.len()).is_some_and(|skipped| skipped.contains(&b'{'));
            match next.get(name.len()) {
                Some(b'\'' | b'"' | b'\\' | b'?' | b'$' | b'*' | b'@' | b'`' | b'[') => true,
                Some(b',') if brace => true,
                _ => families::is_command(name),
            }
        }
        _ => false,
    };
    if is_command { SHELL } else { NONE }
}

fn statement(behind: &[u8]) -> Families {
    match spaces_and(behind, b"(").first() {
        Some(byte) if byte.is_ascii_alphabetic() => SQL | NOSQL,
        _ => NONE,
    }
}

fn variable(before: &[u8], behind: &[u8]) -> Families {
    let sign = match behind.first() {
        Some(b'(' | b'@' | b'\'') => SHELL,
        Some(b'{') => SHELL | TEMPLATE,
        Some(b'i' | b'I') => SHELL | NOSQL,
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'$' => NOSQL | TEMPLATE,
        _ => NONE,
    };
    sign | file(before)
}

fn element(behind: &[u8]) -> Families {
    match behind.first() {
        Some(b'(') => SHELL,
        Some(b'!') => SHELL | XML | MARKUP,
        Some(b'?') => SHELL | MARKUP,
        Some(b'%') => TEMPLATE | MARKUP,
        Some(b'#') => TEMPLATE,
        Some(b'x' | b'X') => XML | MARKUP,
        _ => match spaces_and(behind, b"/").first() {
            Some(byte) if byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?' | b'%') => MARKUP,
            _ => NONE,
        },
    }
}

/// `onclick=`, `style=`.
fn attribute(before: &[u8]) -> Families {
    let name = last_letters(trimmed(before));
    if starts(name, &["on"]) || ends(name, &["style"]) { MARKUP } else { NONE }
}

/// The ends of `javascript:`, `data:` and others; white space and backslashes may stand between their letters.
fn scheme(before: &[u8]) -> Families {
    let mut letters =
        before.iter().rev().filter(|byte| **byte > b' ' && **byte != b'\\').map(u8::to_ascii_lowercase);
    let mut last = [0; 4];
    last.iter_mut().rev().for_each(|byte| *byte = letters.next().unwrap_or(0));
    match &last {
        b"ript"
        | b"ocha"
        | b"data"
        | b"feed"
        | b"urce"
        | b"vior"
        | b"iour"
        | b"lter"
        | [_, b'j', b'a', b'r'] => MARKUP,
        _ => NONE,
    }
}

/// The names of functions that run something.
fn call(before: &[u8]) -> Families {
    let name = last_letters(trimmed(before));
    if ends(name, &["expression", "url"]) {
        MARKUP
    } else if ends(name, &["system", "exec", "passthru", "open", "eval", "phpinfo"]) {
        SHELL | TEMPLATE
    } else {
        NONE
    }
}

/// What a shell of Windows runs, or a function that one takes from its environment, behind a bracket.
fn program(behind: &[u8]) -> Families {
    let next = spaces_and(behind, b"");
    let names = [
        "invoke-",
        "iex",
        "iwr",
        "start-",
        "get-",
        "remove-",
        "new-",
        "set-",
        "net",
        "reg ",
        "sc ",
        "powershell",
    ];
    if starts(next, &names) || (behind.first() == Some(&b')') && behind.contains(&b'{')) {
        SHELL
    } else {
        NONE
    }
}

/// A file behind a command that shows one.
fn file(before: &[u8]) -> Families {
    let quoted = before.strip_suffix(b"'").or(before.strip_suffix(b"\"")).unwrap_or(before);
    // The letter of a drive.
    let quoted = quoted
        .strip_suffix(b":")
        .map_or(quoted, |drive| drive.get(..drive.len().saturating_sub(1)).unwrap_or_default());
    let end = trimmed(quoted);
    if end.len() < quoted.len() && ends(end, VIEWERS) { SHELL } else { NONE }
}

/// ` -e`: a program that is given as an option, or a program to be connected to.
fn option(before: &[u8], behind: &[u8]) -> Families {
    let ends_there = |rest: &[u8]| rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric());
    match behind {
        [b'c' | b'e' | b'i' | b'r' | b'd' | b'C' | b'E' | b'I' | b'R' | b'D', rest @ ..]
            if ends_there(rest) && before.last().is_some_and(|byte| *byte <= b' ') =>
        {
            SHELL
        }
        [b'e' | b'E', ..] => SHELL,
        _ => NONE,
    }
}

/// A boolean operator: behind a value that ends, before a constant, or as the second word of a comparison.
fn condition(byte: u8, before: &[u8], behind: &[u8]) -> Families {
    if before.last().is_some_and(|last| last.is_ascii_alphanumeric() || *last == b'_') {
        return NONE;
    }
    let rest = match byte | 0x20 {
        b'o' => "r",
        b'a' => "nd",
        b'x' => "or",
        b'h' => "aving",
        b'w' => "here",
        _ => "ot",
    };
    if !is_word(behind, rest) {
        return NONE;
    }
    let behind = behind.get(rest.len()..).unwrap_or_default();
    let end = before_spaces_and(before, b")/*!+");
    let closes = end.last().is_none_or(|byte| matches!(byte, b'\'' | b'"' | b'`' | b'0'..=b'9'))
        || before_spaces_and(before, b"").ends_with(b")");
    let next = spaces_and(behind, b"(!~+-'\"/*");
    let opened = next.len() < behind.len()
        && behind
            .get(..behind.len() - next.len())
            .is_some_and(|skipped| skipped.contains(&b'\'') || skipped.contains(&b'"'));
    let called = {
        let next =
            if is_word(next, "not") { spaces_and(next.get(3..).unwrap_or_default(), b"") } else { next };
        let name = next
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
            .count();
        name > 0 && matches!(spaces_and(next.get(name..).unwrap_or_default(), b""), [b'(' | b'/', ..])
    };
    let constant = next.first().is_none_or(|byte| byte.is_ascii_digit() || *byte == b'@')
        || ["true", "false", "null", "pi", "char"].iter().any(|word| is_word(next, word));
    let second = !trimmed(before).contains(&b' ');
    let compares = || {
        behind.iter().any(|byte| matches!(byte, b'=' | b'<' | b'>' | b'!'))
            || COMPARISONS.iter().any(|word| has_word(behind, word))
    };
    if closes || opened || called || constant || (second && compares()) { SQL } else { NONE }
}

/// The text behind white space and the bytes of `also`.
fn spaces_and<'t>(text: &'t [u8], also: &[u8]) -> &'t [u8] {
    let skipped = text.iter().take_while(|byte| is_space(**byte) || also.contains(byte)).count();
    text.get(skipped..).unwrap_or_default()
}

fn before_spaces_and<'t>(text: &'t [u8], also: &[u8]) -> &'t [u8] {
    let skipped = text.iter().rev().take_while(|byte| is_space(**byte) || also.contains(byte)).count();
    text.get(..text.len() - skipped).unwrap_or_default()
}

fn trimmed(text: &[u8]) -> &[u8] {
    before_spaces_and(text, b"")
}

/// What a browser or a database takes for a space.
fn is_space(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7F || byte == 0xA0
}

fn word(text: &[u8]) -> &[u8] {
    let len = text.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    text.get(..len).unwrap_or_default()
}

fn last_letters(text: &[u8]) -> &[u8] {
    let len = text.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    text.get(text.len() - len..).unwrap_or_default()
}
