//! Words without which a document has no sign, and what must stand around them.

mod near;
mod prompt;
mod speech;

use super::affix::starts;
use super::families::Families;
use crate::helper::Grams;
use std::sync::LazyLock;

/// What stands before and behind a word.
type Around = fn(&[u8], &[u8]) -> bool;

/// A word, in any case; the families that may have a sign where it stands; and what tells at once that none has.
struct Word(&'static str, Families, Around);

const SQL: Families = Families::SQL;
const SHELL: Families = Families::SHELL;
const TEMPLATE: Families = Families::TEMPLATE;
const XML: Families = Families::XML;
const HEADERS: Families = Families::HEADERS;
/// Where only signs of short texts have the word.
const SHORT_SQL: Families = Families::SQL.and(Families::SHORT);
const SHORT_MARKUP: Families = Families::MARKUP.and(Families::SHORT);
const SHORT_NOSQL: Families = Families::NOSQL.and(Families::SHORT);
const SHORT_TEMPLATE: Families = Families::TEMPLATE.and(Families::SHORT);
const SHORT_SHELL: Families = Families::SHELL.and(Families::SHORT);

/// The word before the credentials of HTTP, which may be shorter than other tokens.
pub(super) const CREDENTIALS: &str = "basic ";

const WORDS: [&[Word]; 3] = [PROGRAMS, prompt::WORDS, speech::WORDS];

const PROGRAMS: &[Word] = &[
    Word(CREDENTIALS, Families::CREDENTIALS, |_, behind| is_encoded(behind)),
    Word("-----begin", Families::KEY_BLOCK, any),
    Word("-----end", Families::KEY_BLOCK, any),
    Word("password=", Families::CONNECTION, any),
    Word("passwd=", Families::CONNECTION, any),
    Word("pwd=", Families::CONNECTION, any),
    Word("jdbc:oracle:", Families::CONNECTION, any),
    // Another question, or functions and tables that lead out of the question.
    Word("union", SQL, |_, behind| {
        // White space of other scripts is one too, also where it is escaped.
        let next = skip(behind, b"(+-@!~/*0123456789");
        next.first().is_none_or(|byte| *byte >= 0x80 || *byte == b'\\')
            || starts(next, &["a", "d", "s", "v", "t", "%", "#"])
    }),
    Word("select", SQL, |before, behind| ends_in(before, b"(/+%") || starts(skip(behind, b""), &["top "])),
    Word("order", SHORT_SQL, |before, behind| (closes(before) || trimmed(before).len() <= 16) && by(behind)),
    Word("group", SHORT_SQL, |before, behind| (closes(before) || trimmed(before).len() <= 16) && by(behind)),
    Word("having", SHORT_SQL, |before, _| closes(before)),
    Word("sleep", SHORT_SQL, calls),
    Word("case", SHORT_SQL, |_, behind| {
        let next = skip(behind, b"+/*");
        next.len() < behind.len()
            && (starts(next, &["when"]) || matches!(next, [b'\'' | b'0'..=b'9' | b'%', ..]))
    }),
    Word("version(", SHORT_SQL, any),
    Word("user(", SHORT_SQL, any),
    Word("database(", SHORT_SQL, any),
    Word("schema(", SHORT_SQL, any),
    Word("load data", SQL, any),
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
    Word("/dev/tcp/", SHORT_SHELL, any),
    Word("mkfifo ", SHORT_SHELL, any),
    Word(".download", SHORT_SHELL, any),
    Word("powershell", SHORT_SHELL, any),
    // Markup.
    Word("-moz-binding", SHORT_MARKUP, any),
    Word("@import", SHORT_MARKUP, any),
    Word("+adw-", SHORT_MARKUP, any),
    Word("firefoxurl", SHORT_MARKUP, any),
    // Templates.
    Word("jndi:", TEMPLATE, inside_braces),
    Word("lower:", TEMPLATE, inside_braces),
    Word("upper:", TEMPLATE, inside_braces),
    Word("::-", TEMPLATE, inside_braces),
    Word("${env:", TEMPLATE, inside_braces),
    Word("${sys:", TEMPLATE, inside_braces),
    Word("${date:", TEMPLATE, inside_braces),
    Word("${main:", TEMPLATE, inside_braces),
    Word("${ctx:", TEMPLATE, inside_braces),
    Word("${script:", TEMPLATE, any),
    Word("${dns:", TEMPLATE, any),
    Word("${url:", TEMPLATE, any),
    Word("freemarker.template", SHORT_TEMPLATE, any),
    // Documents.
    Word("<!doctype", XML, any),
    Word("<!entity", XML, any),
    Word("<xi:include", XML, any),
    Word("xmlns:xi", XML, any),
    Word("db.", SHORT_NOSQL, begins),
    // Headers.
    Word("%0d", HEADERS, any),
    Word("%0a", HEADERS, any),
    Word("%e5%98%8", HEADERS, any),
    Word("http/", HEADERS, behind_a_break),
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

/// A name and a password in base64 follow, rather than another word.
fn is_encoded(behind: &[u8]) -> bool {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let len = behind.iter().take_while(|byte| inside(byte)).count();
    let odd = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    len >= 4
        && (behind.get(len) == Some(&b'=') || behind.get(1..len).is_some_and(|rest| rest.iter().any(odd)))
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
        // Shorter ones are followed by anything in print, and by the first bytes of other letters.
        short => (b' '..0x7F)
            .chain(0xC3..0xF0)
            .filter(|last| !last.is_ascii_uppercase())
            .map(|last| {
                let mut gram = [last; 4];
                gram.iter_mut().zip(short).for_each(|(byte, of)| *byte = *of);
                gram
            })
            .collect(),
    }
}

const FOLD: u32 = 0x2020_2020;

fn folded(gram: [u8; 4]) -> u32 {
    u32::from_le_bytes(gram) | FOLD
}

/// What a gram stands for.
struct Entry {
    gram: u32,
    /// What follows of the word, up to four bytes, and which bits of them count.
    next: (u32, u32),
    /// `None` for an encoded letter.
    word: Option<&'static Word>,
}

impl Entry {
    fn new(gram: [u8; 4], word: Option<&'static Word>) -> Self {
        let mut next = ([0; 4], [0; 4]);
        let rest = word.and_then(|word| word.0.as_bytes().get(4..)).unwrap_or_default();
        for ((byte, mask), of) in next.0.iter_mut().zip(&mut next.1).zip(rest) {
            (*byte, *mask) = (*of | 0x20, 0xFF);
        }
        Self { gram: folded(gram), next: (u32::from_le_bytes(next.0), u32::from_le_bytes(next.1)), word }
    }

    /// Whether the word may be here.
    fn is_at(&self, gram: u32, behind: u32) -> bool {
        self.gram == gram && behind & self.next.1 == self.next.0
    }
}

/// Words by a hash of their first four bytes.
struct ByGram {
    entries: Vec<Entry>,
    /// Where the entries of each hash start.
    starts: Vec<usize>,
}

const HASHES: usize = 4096;

fn hash(gram: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> 20) as usize
}

static BY_GRAM: LazyLock<ByGram> = LazyLock::new(|| {
    let words = WORDS
        .into_iter()
        .flatten()
        .flat_map(|word| first_bytes(word).into_iter().map(move |gram| Entry::new(gram, Some(word))));
    let mut entries: Vec<Entry> = words.chain(encodings().map(|gram| Entry::new(gram, None))).collect();
    entries.sort_unstable_by_key(|entry| hash(entry.gram));
    let starts = (0..=HASHES).map(|of| entries.partition_point(|entry| hash(entry.gram) < of)).collect();
    ByGram { entries, starts }
});

/// What [`crate::helper::marks`] looks for.
pub(super) static GRAMS: LazyLock<Grams> =
    LazyLock::new(|| Grams::new(BY_GRAM.entries.iter().map(|entry| entry.gram.to_le_bytes())));

/// Builds the tables.
pub(super) fn warm() {
    LazyLock::force(&GRAMS);
}

/// The families that may have a sign at `at` in a short or long text, where four bytes look like a gram; `None` where
/// none has.
pub(super) fn meaning(text: &[u8], at: usize, is_short: bool) -> Option<Families> {
    let (before, here) = text.split_at_checked(at)?;
    let gram = folded(*here.first_chunk()?);
    let rest = here.get(4..).unwrap_or_default();
    let behind = folded(rest.first_chunk().copied().unwrap_or_else(|| {
        let mut short = [0; 4];
        short.iter_mut().zip(rest).for_each(|(byte, of)| *byte = *of);
        short
    }));
    let table = &*BY_GRAM;
    let (from, to) = (table.starts.get(hash(gram))?, table.starts.get(hash(gram) + 1)?);
    let known = table.entries.get(*from..*to)?.iter().filter(|entry| entry.is_at(gram, behind));
    let families = known.fold(Families::NONE, |families, entry| {
        families
            | match entry.word {
                None => Families::ENCODED,
                Some(Word(word, of, around))
                    if (is_short || !of.has(Families::SHORT))
                        && starts(here, &[word])
                        && around(before, here.get(word.len()..).unwrap_or_default()) =>
                {
                    *of
                }
                Some(_) => Families::NONE,
            }
    });
    (families != Families::NONE).then_some(families)
}
