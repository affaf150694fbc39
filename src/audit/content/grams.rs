//! Words without which a document has no sign, and what must stand around them.

use super::families::Families;
use crate::helper::Grams;
use std::sync::LazyLock;

/// What stands before and behind a word.
type Around = fn(&[u8], &[u8]) -> bool;

/// A word, in any case; the families that may have a sign where it stands; and what tells at once that none has.
struct Word(&'static str, Families, Around);

const SQL: Families = Families::SQL;
const SHELL: Families = Families::SHELL;
const MARKUP: Families = Families::MARKUP;
const TEMPLATE: Families = Families::TEMPLATE;
const XML: Families = Families::XML;
const NOSQL: Families = Families::NOSQL;
const HEADERS: Families = Families::HEADERS;
const PROMPT: Families = Families::PROMPT;

/// The word before the credentials of HTTP, which may be shorter than other tokens.
pub(super) const CREDENTIALS: &str = "basic ";

const WORDS: &[Word] = &[
    Word(CREDENTIALS, Families::CREDENTIALS, any),
    Word("-----begin", Families::KEY_BLOCK, any),
    // Another question, or functions and tables that lead out of the question.
    Word("union", SQL, |_, behind| {
        starts(skip(behind, b"(+-@!~/*0123456789"), &["a", "d", "s", "v", "t", "%"])
    }),
    Word("select", SQL, |before, _| ends_in(before, b"(/+%")),
    Word("order", SQL, |before, behind| closes(before) && by(behind)),
    Word("group", SQL, |before, behind| closes(before) && by(behind)),
    Word("having", SQL, |before, _| closes(before)),
    Word("sleep", SQL, calls),
    Word("benchmark", SQL, calls),
    Word("pg_sleep", SQL, calls),
    Word("waitfor", SQL, any),
    Word("dbms_pipe", SQL, any),
    Word("dbms_lock", SQL, any),
    Word("randomblob", SQL, calls),
    Word("extractvalue", SQL, calls),
    Word("updatexml", SQL, calls),
    Word("load_file", SQL, calls),
    Word("xp_", SQL, begins),
    Word("sp_", SQL, begins),
    Word("outfile", SQL, any),
    Word("dumpfile", SQL, any),
    Word("infile", SQL, any),
    Word("information_schema", SQL, any),
    Word("sysobjects", SQL, any),
    Word("syscolumns", SQL, any),
    Word("sysusers", SQL, any),
    Word("sys.", SQL, |before, behind| {
        begins(before, behind) && starts(behind, &["tables", "databases", "user", "all"])
    }),
    Word("master..", SQL, begins),
    Word("mysql.", SQL, |before, behind| begins(before, behind) && starts(behind, &["user", "db"])),
    Word("pg_catalog", SQL, begins),
    Word("pg_shadow", SQL, begins),
    Word("pg_user", SQL, begins),
    Word("pg_read_file", SQL, begins),
    Word("pg_ls_dir", SQL, begins),
    Word("all_tables", SQL, begins),
    Word("user_tables", SQL, begins),
    Word("sqlite_master", SQL, begins),
    Word("msysaccessobjects", SQL, any),
    Word("analyse", SQL, any),
    Word("utl_", SQL, begins),
    Word("@@version", SQL, any),
    Word("@@datadir", SQL, any),
    Word("@@hostname", SQL, any),
    Word("@@servername", SQL, any),
    Word("@@basedir", SQL, any),
    Word("@@tmpdir", SQL, any),
    Word("openrowset", SQL, any),
    Word("openquery", SQL, any),
    Word("opendatasource", SQL, any),
    Word("is_srvrolemember", SQL, any),
    Word("has_dbaccess", SQL, any),
    // Shells.
    Word("%comspec", SHELL, any),
    Word("%systemroot", SHELL, any),
    Word("%windir", SHELL, any),
    Word("%programfiles", SHELL, any),
    Word("%appdata", SHELL, any),
    Word("%temp", SHELL, any),
    Word("/dev/tcp/", SHELL, any),
    Word("mkfifo ", SHELL, any),
    // Markup.
    Word("-moz-binding", MARKUP, any),
    Word("@import", MARKUP, any),
    Word("+adw-", MARKUP, any),
    Word("firefoxurl", MARKUP, any),
    // Templates.
    Word("jndi", TEMPLATE, inside_braces),
    Word("lower:", TEMPLATE, inside_braces),
    Word("upper:", TEMPLATE, inside_braces),
    Word("env:", TEMPLATE, inside_braces),
    Word("sys:", TEMPLATE, inside_braces),
    Word("::-", TEMPLATE, inside_braces),
    Word("freemarker.template", TEMPLATE, any),
    // Documents.
    Word("<!doctype", XML, any),
    Word("<!entity", XML, any),
    Word("<xi:include", XML, any),
    Word("xmlns:xi", XML, any),
    Word("db.", NOSQL, begins),
    // Headers.
    Word("set-cookie", HEADERS, behind_a_break),
    Word("location", HEADERS, behind_a_break),
    Word("content-length", HEADERS, behind_a_break),
    Word("content-type", HEADERS, behind_a_break),
    Word("transfer-encoding", HEADERS, behind_a_break),
    Word("access-control-allow", HEADERS, behind_a_break),
    Word("x-xss-protection", HEADERS, behind_a_break),
    Word("refresh", HEADERS, behind_a_break),
    Word("link", HEADERS, behind_a_break),
    Word("clear-site-data", HEADERS, behind_a_break),
    Word("http/", HEADERS, behind_a_break),
    // Words to a model.
    Word("ignor", PROMPT, begins),
    Word("disregard", PROMPT, begins),
    Word("forget", PROMPT, begins),
    Word("override", PROMPT, begins),
    Word("bypass", PROMPT, begins),
    Word("neglect", PROMPT, begins),
    Word("stop following", PROMPT, begins),
    Word("vergiss", PROMPT, begins),
    Word("olvida", PROMPT, begins),
    Word("oublie", PROMPT, begins),
    Word("esque\u{e7}a", PROMPT, begins),
    Word("dimentica", PROMPT, begins),
    Word("\u{438}\u{433}\u{43d}\u{43e}\u{440}\u{438}\u{440}\u{443}\u{439}", PROMPT, any),
    Word("\u{5ffd}\u{7565}", PROMPT, any),
    Word("\u{65e0}\u{89c6}", PROMPT, any),
    Word("\u{7121}\u{8996}", PROMPT, any),
    Word("\u{bb34}\u{c2dc}", PROMPT, any),
    Word(" not ", PROMPT, |_, behind| orders(behind)),
    Word("n't ", PROMPT, |_, behind| orders(behind)),
    Word("never ", PROMPT, |_, behind| orders(behind)),
    Word("without ", PROMPT, |_, behind| starts(behind, &["telling", "informing", "notifying", "asking"])),
    Word("<|im_", PROMPT, any),
    Word("<|user", PROMPT, any),
    Word("<|endoftext", PROMPT, any),
    Word("<|eot_id", PROMPT, any),
    Word("<|start_header", PROMPT, any),
    Word("[inst]", PROMPT, any),
    Word("[/inst]", PROMPT, any),
    Word("<<sys>>", PROMPT, any),
    Word("<</sys>>", PROMPT, any),
    Word("system", PROMPT, |before, behind| ends_in(before, b"</#|") || speaks(behind)),
    Word("assistant", PROMPT, |before, behind| ends_in(before, b"</#|") || speaks(behind)),
    Word("human", PROMPT, |_, behind| speaks(behind)),
    Word("important>", PROMPT, |before, _| before.ends_with(b"<")),
    Word("secret>", PROMPT, |before, _| before.ends_with(b"<")),
    Word("hidden>", PROMPT, |before, _| before.ends_with(b"<")),
    Word("instruction", PROMPT, |before, behind| {
        ends_in(before, b"<#") || is_of_model(before) || is_new(before, behind)
    }),
    Word("prompt", PROMPT, |before, _| is_of_model(before)),
    Word("message", PROMPT, |before, _| is_of_model(before)),
    Word("you are now", PROMPT, begins),
    Word(" mode", PROMPT, |before, _| ends(before, &["developer", "dan", "jailbreak", "god", "debug"])),
];

fn any(_: &[u8], _: &[u8]) -> bool {
    true
}

/// A word starts here.
fn begins(before: &[u8], _: &[u8]) -> bool {
    // The letter of an escape may stand before it: \n.
    before.last().is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
        || before.get(before.len().saturating_sub(2)) == Some(&b'\\')
}

/// A call, or a comment or encoding that may hide one.
fn calls(_: &[u8], behind: &[u8]) -> bool {
    matches!(skip(behind, b"").first(), Some(b'(' | b'/' | b'%'))
}

/// `${` or the like is open.
fn inside_braces(before: &[u8], _: &[u8]) -> bool {
    before.iter().rev().take(96).any(|byte| *byte == b'{')
}

/// A line break, raw or encoded, is right before.
fn behind_a_break(before: &[u8], _: &[u8]) -> bool {
    before.iter().rev().take(16).any(|byte| matches!(byte, b'%' | b'\r' | b'\\'))
}

/// Nothing, or what may end a value, is right before.
fn closes(before: &[u8]) -> bool {
    let end = trimmed(before);
    end.last().is_none_or(|byte| matches!(byte, b'\'' | b'"' | b')' | b'/' | b'+' | b'0'..=b'9'))
}

/// `by` follows, perhaps behind a comment.
fn by(behind: &[u8]) -> bool {
    starts(skip(behind, b"+"), &["by", "/*", "%"])
}

/// What a model is told not to do.
fn orders(behind: &[u8]) -> bool {
    starts(skip(behind, b""), &["follow", "tell", "inform", "mention", "notify", "reveal", "show", "let"])
}

/// A role speaks.
fn speaks(behind: &[u8]) -> bool {
    skip(behind, b"").starts_with(b":")
}

/// The prompt of a model is meant.
fn is_of_model(before: &[u8]) -> bool {
    ends(trimmed(before), &["system", "hidden", "initial", "original", "secret", "confidential"])
}

/// New ones are given.
fn is_new(before: &[u8], behind: &[u8]) -> bool {
    ends(trimmed(before), &["new", "system"]) && behind.iter().take(8).any(|byte| *byte == b':')
}

/// The text behind white space, also as JSON writes it, and the bytes of `also`.
fn skip<'t>(mut text: &'t [u8], also: &[u8]) -> &'t [u8] {
    loop {
        text = match text {
            [b'\\', b'n' | b'r' | b't', rest @ ..] => rest,
            [byte, rest @ ..] if byte.is_ascii_whitespace() || also.contains(byte) => rest,
            _ => return text,
        };
    }
}

/// The text before white space, also as JSON writes it.
fn trimmed(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [rest @ .., b'\\', b'n' | b'r' | b't'] => rest,
            [rest @ .., byte] if byte.is_ascii_whitespace() => rest,
            _ => return text,
        };
    }
}

fn starts(text: &[u8], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
}

fn ends(text: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.len()
            .checked_sub(word.len())
            .and_then(|from| text.get(from..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
    })
}

fn ends_in(before: &[u8], set: &[u8]) -> bool {
    trimmed(before).last().is_some_and(|byte| set.contains(byte))
}

/// Letters that are written as percent, backslash or entity codes: `%41%`, `\x41`, `\u0041`, `&#65`, `&#x4`.
fn encodings() -> impl Iterator<Item = [u8; 4]> {
    let hex = || *b"0123456789abcdef";
    let first = b"4567";
    let percent = first.iter().flat_map(move |high| hex().map(|low| [b'%', *high, low, b'%']));
    let backslash = first.iter().flat_map(move |high| hex().map(|low| [b'\\', b'x', *high, low]));
    let decimal = (b'1'..=b'9').flat_map(|tens| (b'0'..=b'9').map(move |ones| [b'&', b'#', tens, ones]));
    let entity = first.iter().map(|high| [b'&', b'#', b'x', *high]);
    percent.chain(backslash).chain(decimal).chain(entity).chain([*b"\\u00", *b"&#00", *b"&#x0", *b"%u00"])
}

/// What the first four bytes of a word can be.
fn first_bytes(word: &Word) -> Vec<[u8; 4]> {
    match word.0.as_bytes() {
        [a, b, c, d, ..] => vec![[*a, *b, *c, *d]],
        // Shorter ones are followed by anything a name or number has, or the signs that end them.
        short => (b' '..0x7F)
            .filter(|last| !last.is_ascii_uppercase())
            .map(|last| {
                let mut gram = [last; 4];
                gram.iter_mut().zip(short).for_each(|(byte, of)| *byte = *of);
                gram
            })
            .collect(),
    }
}

fn folded(gram: [u8; 4]) -> u32 {
    u32::from_le_bytes(gram) | 0x2020_2020
}

/// Words by their first four bytes, for a search.
static BY_GRAM: LazyLock<Vec<(u32, Option<&'static Word>)>> = LazyLock::new(|| {
    let words = WORDS
        .iter()
        .flat_map(|word| first_bytes(word).into_iter().map(move |gram| (folded(gram), Some(word))));
    let mut all: Vec<_> = words.chain(encodings().map(|gram| (folded(gram), None))).collect();
    all.sort_unstable_by_key(|(gram, _)| *gram);
    all
});

/// What [`crate::helper::marks`] looks for.
pub(super) static GRAMS: LazyLock<Grams> =
    LazyLock::new(|| Grams::new(BY_GRAM.iter().map(|(gram, _)| gram.to_le_bytes())));

/// The families that may have a sign at `at`, where four bytes look like a gram; `None` where none has.
pub(super) fn meaning(text: &[u8], at: usize) -> Option<Families> {
    let (before, here) = text.split_at_checked(at)?;
    let gram = folded(*here.first_chunk()?);
    let from = BY_GRAM.partition_point(|(known, _)| *known < gram);
    let known = BY_GRAM.get(from..)?.iter().take_while(|(known, _)| *known == gram);
    let families = known.fold(Families::NONE, |families, (_, word)| {
        families
            | match word {
                None => Families::ENCODED,
                Some(Word(word, of, around))
                    if starts(here, &[word])
                        && around(before, here.get(word.len()..).unwrap_or_default()) =>
                {
                    *of
                }
                Some(_) => Families::NONE,
            }
    });
    (families != Families::NONE).then_some(families)
}
