//! What stands where a table does: a file, an address, a table of another server.

use super::list::List;
use super::statement::{Around, Clause, Statement};
use super::tokens::Token;
use super::{functions, is, is_any, starts};

/// Whether what stands where a table does leads out of the database; follows which clause is read.
pub(super) fn reaches(statement: &mut Statement<'_>, token: Token<'_>, around: Around<'_>) -> bool {
    let verb = statement.verb();
    let depth = statement.depth();
    let Some(level) = statement.level() else { return false };
    let mut reaches = false;
    let begins = !level.begun;
    let tables = level.clause == Clause::Tables;
    let here = (tables
        && (around.behind(PLACES) || around.behind_sign(b',') || (begins && around.behind_sign(b'('))))
        || (depth <= 1
            && around.behind(&["summarize", "describe", "desc", "pivot", "unpivot", "exec", "execute"]));
    if here {
        (level.dots, level.informs) = (0, false);
    }
    let part = here
        || (tables && around.behind_sign(b'.'))
        || (around.behind_sign(b'.') && is_any(verb, &["exec", "execute"]));
    // `INSERT INTO file (name)` names columns.
    let calls = around.is_call() && !around.behind(&["into", "update"]);
    let within = tables || is_any(verb, &["exec", "execute", "call"]);
    match token {
        Token::Sign(b'.') if within => {
            level.dots += 1;
            // The names of the server, the database, the schema.
            reaches |= level.dots > 2 && !level.informs;
        }
        Token::Sign(b',') if level.clause == Clause::Joined => level.clause = Clause::Tables,
        Token::Text(text) | Token::Body(text) if here => {
            reaches |= is_file(text) && !is_any(verb, &["revoke", "exec", "execute"]);
        }
        Token::Name(name) if part => {
            reaches |= is_place(name);
            level.informs |= is(name, "information_schema");
            reaches |= calls && here && functions::is_table_from_elsewhere(name);
        }
        Token::Word(word) => {
            if part {
                level.informs |= is(word, "information_schema");
                reaches |= calls && functions::is_table_from_elsewhere(word);
            }
            // A table or routine of another database, as Oracle writes it: `users@link`.
            let linked = matches!(word, [b'@', first, ..] if *first != b'@')
                && match around.last {
                    Some(Token::Name(_)) => true,
                    Some(Token::Word(last)) => !is_any(last, &["of", "and", "between", "to", "as"]),
                    _ => false,
                };
            reaches |= linked && ((tables && !here) || around.is_call());
            let from = is(word, "from")
                && (level.selects || begins || depth <= 1)
                && !(around.behind(&["distinct"])
                    && matches!(around.former, Some(Token::Word(word)) if is_any(word, &["is", "not"])));
            match () {
                () if from
                    || is_any(word, &["join", "into"])
                    || (is(word, "update") && !around.behind(&["for", "key", "on"])) =>
                {
                    level.clause = Clause::Tables;
                }
                () if is(word, "using") && is_any(verb, &["delete", "merge"]) => {
                    level.clause = Clause::Tables;
                }
                () if is_any(word, &["on", "using"]) && tables => level.clause = Clause::Joined,
                () if is(word, "select") => (level.selects, level.clause) = (true, Clause::Other),
                () if ENDING_TABLES.has(word) => level.clause = Clause::Other,
                () => {}
            }
        }
        _ => {}
    }
    reaches
}

/// Whether a text that stands where a table does is a file or an address.
fn is_file(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'/' | b'\\' | b':' | b'*' | b'?' | b'.'))
}

/// Whether a name that stands where a table does is a file or an address.
fn is_place(name: &[u8]) -> bool {
    let ends = |end: &&str| {
        name.len().checked_sub(end.len()).and_then(|at| name.get(at..)).is_some_and(|tail| is(tail, end))
    };
    matches!(name, [b'/' | b'\\' | b'~', ..] | [b'.', b'.' | b'/', ..] | [_, b':', b'/' | b'\\', ..])
        || memchr::memmem::find(name, b"://").is_some()
        || starts(name, &["file:", "s3:", "gs:"])
        || FILES.iter().any(ends)
}

/// Words that a table stands behind.
pub(super) const PLACES: &[&str] = &[
    "from", "join", "into", "update", "using", "table", "only", "lateral", "apply", "function", "final",
    "asof",
];

/// Words that end a list of tables.
const ENDING_TABLES: List = List::new(&[
    "where",
    "group",
    "order",
    "having",
    "limit",
    "set",
    "values",
    "union",
    "except",
    "intersect",
    "returning",
    "window",
    "qualify",
    "prewhere",
    "connect",
    "start",
    "output",
    "when",
    "settings",
    "default",
    "offset",
]);

/// How files of data end.
const FILES: &[&str] = &[
    ".csv", ".tsv", ".psv", ".parquet", ".json", ".jsonl", ".ndjson", ".txt", ".log", ".xlsx", ".xls", ".db",
    ".sqlite", ".sqlite3", ".duckdb", ".gz", ".zst", ".zip", ".avro", ".orc", ".arrow", ".feather", ".xml",
    ".yaml", ".yml", ".env", ".shp", ".geojson", ".gpkg",
];
