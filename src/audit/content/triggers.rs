//! The places of a text where a sign can be: anchors that every sign of a family needs one of.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use std::iter;
use std::ops::Range;
use std::sync::LazyLock;

/// Bytes judged before and behind an anchor: a sign is shorter than both.
const BEFORE: usize = 96;
const BEHIND: usize = 256;

/// Each is met, in any case, by whatever a family finds. `decoded` may change the text, so that what starts an
/// encoding is one too.
const ANCHORS: &[&str] = &[
    // Encodings.
    "%0",
    "%1",
    "%2",
    "%3",
    "%5",
    "%6",
    "%7",
    "%u",
    "&#",
    "&lt",
    "\\x",
    "\\u00",
    // SQL: words.
    "union",
    "select",
    "insert ",
    "update ",
    "delete ",
    "drop ",
    "create ",
    "alter ",
    "truncate ",
    "exec",
    "declare ",
    "grant ",
    "shutdown",
    "waitfor",
    "sleep",
    "benchmark",
    "randomblob",
    "extractvalue",
    "updatexml",
    "load_file",
    "xp_",
    "sp_",
    "outfile",
    "dumpfile",
    "information_schema",
    "sysobjects",
    "syscolumns",
    "sysusers",
    "sys.",
    "master..",
    "mysql.",
    "pg_",
    "all_tables",
    "user_tables",
    "sqlite_master",
    "msysaccess",
    "procedure",
    "utl_",
    "dbms_",
    "openrowset",
    "openquery",
    "opendatasource",
    "srvrolemember",
    "dbaccess",
    "infile",
    "having",
    "order by",
    "group by",
    "@@",
    "rlike",
    "regexp",
    // SQL: operators and comments behind a value.
    " or ",
    " and ",
    "'or",
    "\"or",
    ")or",
    "'and",
    "\"and",
    ")and",
    "xor ",
    "||",
    "&&",
    "'--",
    "' --",
    "\"--",
    "\" --",
    ")--",
    ") --",
    "'#",
    "' #",
    "\"#",
    "'/*",
    "\"/*",
    "';",
    "' ;",
    "\";",
    ");",
    "--",
    "#",
    "/*",
    "'=",
    "' =",
    "\"=",
    "\" =",
    "'<",
    "' <",
    "'>",
    "'!",
    "' !",
    "'^",
    "'*",
    "' *",
    "\"*",
    "'%",
    "'+",
    "' +",
    "\"+",
    "\" +",
    "'-",
    "' -",
    "' is",
    "' like",
    "' in",
    "' limit",
    "' div",
    "' mod",
    "' between",
    "' into",
    "' not",
    "or(",
    "and(",
    "or'",
    "and'",
    "or\"",
    "and\"",
    "or\t",
    "and\t",
    "or\n",
    "and\n",
    "+or+",
    "+and+",
    "or\r",
    "and\r",
    "or+",
    "or~",
    "or!",
    "or-",
    // Shells.
    ";",
    "|",
    "&",
    "\n",
    "`",
    "$(",
    "$ifs",
    "${ifs",
    "${@",
    "{",
    "nc ",
    "bash",
    "/dev/tcp",
    "mkfifo",
    "python",
    "perl",
    "ruby",
    "php",
    "sh -c",
    "base64",
    "cat ",
    "type ",
    "more ",
    "less ",
    "head ",
    "tail ",
    "%comspec",
    "%system",
    "%windir",
    "/bin/",
    "system",
    "passthru",
    "popen",
    "proc_open",
    "eval",
    "wget ",
    "curl ",
    "ls ",
    "ping ",
    "net ",
    "dir ",
    "\\n",
    "\\r",
    "id ",
    "chmod ",
    "rm ",
    "useradd ",
    "ifconfig",
    "nslookup",
    "uname",
    "whoami",
    "echo ",
    // Markup.
    "<",
    "script",
    "on",
    ":",
    "expression",
    "-moz-binding",
    "@import",
    "behaviour",
    "behavior",
    "filter",
    "+adw-",
    // Templates, documents, databases, headers.
    "{{",
    "${",
    "#{",
    "{%",
    "*{",
    "~{",
    "@(",
    "freemarker",
    "$class",
    "[$",
    "$where",
    "return true",
    "return this",
    "db.",
    "this.",
    "\r",
    // Prompts.
    "instruc",
    "prompt",
    "directi",
    "directive",
    "guideline",
    "safeguard",
    "programming",
    "rules",
    "command",
    "istruzioni",
    "anweisung",
    "инструкци",
    "忽略",
    "无视",
    "無視",
    "무시",
    "[inst",
    "[/inst",
    "the user",
    "developer mode",
    "jailbreak",
    "you are now",
    "dan mode",
    "debug mode",
    "god mode",
    "### ",
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(ANCHORS)
        .ok()
});

/// A part of a text, and whether the text starts and ends with it.
type Segment<'t> = (&'t str, (bool, bool));

/// The parts of a text in which a sign can be, in order, none overlapping another. A text without an anchor has
/// none.
pub(super) fn segments(text: &str) -> impl Iterator<Item = Segment<'_>> {
    let mut from = 0;
    iter::from_fn(move || {
        let range = match &*FINDER {
            Some(finder) => {
                let first = finder.find(text.get(from..)?)?;
                grow(finder, text, from, from + first.start())
            }
            // Without a finder every text is judged whole.
            None if from == 0 => 0..text.len(),
            None => return None,
        };
        from = range.end.max(1);
        Some((text.get(range.clone())?, (range.start == 0, range.end == text.len())))
    })
}

/// From the anchor at `at` on to where no other one is near.
fn grow(finder: &AhoCorasick, text: &str, from: usize, at: usize) -> Range<usize> {
    let start = boundary(text, at.saturating_sub(BEFORE).max(from));
    let mut end = boundary(text, at + BEHIND);
    let mut seen = at + 1;
    // The last anchor in what is covered so far moves the end on.
    while let Some(next) = text.get(boundary(text, seen)..end).and_then(|rest| finder.find(rest)) {
        let next = boundary(text, seen) + next.start();
        seen = next + 1;
        end = boundary(text, next + BEHIND);
        if end == text.len() {
            break;
        }
    }
    start..end
}

/// The first boundary of a character at or behind `at`.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}
