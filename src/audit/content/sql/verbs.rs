//! What a statement does by its first words.

use super::list::List;
use super::tokens::Token;
use super::{is, is_any, starts};

/// What a statement is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Reads,
    /// Starts, ends or marks a transaction.
    Controls,
    Writes,
    /// Something else that is known.
    Other,
    Unknown,
}

/// What a verb starts.
pub(super) fn sort(verb: &[u8]) -> Sort {
    match () {
        () if READING.has(verb) || explains(verb) => Sort::Reads,
        () if CONTROL.has(verb) => Sort::Controls,
        () if WRITING.has(verb) => Sort::Writes,
        () if is_verb(verb) => Sort::Other,
        () => Sort::Unknown,
    }
}

/// Whether a statement tells how another would be run.
pub(super) fn explains(verb: &[u8]) -> bool {
    is_any(verb, &["explain", "desc", "describe"])
}

/// Whether a word is one that a statement starts with.
pub(super) fn is_verb(word: &[u8]) -> bool {
    READING.has(word)
        || CONTROL.has(word)
        || WRITING.has(word)
        || OTHERS.has(word)
        || starts(word, &["xp_", "sp_"])
}

const READING: List = List::new(&[
    "select",
    "with",
    "values",
    "table",
    "show",
    "from",
    "pivot",
    "unpivot",
    "summarize",
    "pragma",
    "help",
]);
const CONTROL: List =
    List::new(&["begin", "start", "commit", "rollback", "end", "abort", "savepoint", "release"]);
const WRITING: List = List::new(&["insert", "update", "delete", "merge", "replace", "upsert"]);
const OTHERS: List = List::new(&[
    "drop",
    "create",
    "alter",
    "truncate",
    "grant",
    "revoke",
    "deny",
    "exec",
    "execute",
    "call",
    "copy",
    "attach",
    "detach",
    "set",
    "reset",
    "declare",
    "do",
    "load",
    "shutdown",
    "vacuum",
    "waitfor",
    "use",
    "if",
    "while",
    "kill",
    "backup",
    "restore",
    "rename",
    "install",
    "uninstall",
    "force",
    "explain",
    "desc",
    "describe",
    "prepare",
    "deallocate",
    "lock",
    "unlock",
    "flush",
    "purge",
    "change",
    "clone",
    "stop",
    "handler",
    "bulk",
    "dbcc",
    "reconfigure",
    "import",
    "export",
    "unload",
    "put",
    "system",
    "optimize",
    "reindex",
    "cluster",
    "refresh",
    "listen",
    "notify",
    "reassign",
    "security",
    "comment",
    "analyze",
    "undrop",
    "flashback",
    "checkpoint",
    "discard",
    "source",
    "runscript",
    "go",
]);

/// Words of a transaction.
const TRANSACTION: List = List::new(&[
    "transaction",
    "work",
    "tran",
    "deferred",
    "immediate",
    "exclusive",
    "concurrent",
    "isolation",
    "level",
    "read",
    "only",
    "write",
    "committed",
    "uncommitted",
    "repeatable",
    "serializable",
    "deferrable",
    "not",
    "with",
    "consistent",
    "snapshot",
    "and",
    "no",
    "chain",
    "release",
    "to",
    "savepoint",
]);

/// Whether a token may follow in a statement that starts, ends or marks a transaction and does nothing else.
pub(super) fn is_of_transaction(token: Token<'_>, last: Option<Token<'_>>) -> bool {
    let named = matches!(last, Some(Token::Word(last)) if is_any(last, &["savepoint", "to", "release", "tran", "transaction"]));
    match token {
        Token::Word(word) => TRANSACTION.has(word) || (named && !is_verb(word)),
        Token::Name(_) => named,
        Token::Sign(sign) => sign == b',',
        _ => false,
    }
}

/// Words in front of what is created or dropped.
const MODIFIERS: List = List::new(&[
    "or",
    "replace",
    "if",
    "not",
    "exists",
    "temporary",
    "temp",
    "global",
    "local",
    "private",
    "public",
    "transient",
    "volatile",
    "unlogged",
    "dynamic",
    "hybrid",
    "snapshot",
    "cached",
    "secure",
    "recursive",
    "trusted",
    "force",
    "editionable",
    "noneditionable",
    "pluggable",
    "and",
    "compile",
    "resolve",
    "definer",
    "shared",
    "shadow",
    "sharded",
    "immutable",
    "blockchain",
    "persistent",
]);

/// What a statement is about, and what follows.
fn subject<'w, 't>(words: &'w [&'t [u8]]) -> (&'t [u8], &'t [u8], &'w [&'t [u8]]) {
    let rest = words.get(1..).unwrap_or_default();
    let at = rest.iter().position(|word| !MODIFIERS.has(word)).unwrap_or(rest.len());
    let rest = rest.get(at..).unwrap_or_default();
    let word = |at: usize| rest.get(at).copied().unwrap_or_default();
    (word(0), word(1), rest.get(1..).unwrap_or_default())
}

/// Whether a statement that starts with these words leaves the database.
pub(super) fn reaches(words: &[&[u8]]) -> bool {
    let Some(verb) = words.first() else { return false };
    let (about, second, rest) = subject(words);
    if is(verb, "create") {
        return is_any(
            about,
            &[
                "assembly",
                "server",
                "foreign",
                "external",
                "subscription",
                "directory",
                "library",
                "java",
                "credential",
                "endpoint",
                "integration",
                "secret",
                "changefeed",
                "linked",
                "alias",
                "language",
                "plugin",
                "component",
            ],
        ) || (is(about, "database") && is_any(second, &["link", "scoped"]))
            || (is(about, "procedural") && is(second, "language"))
            || (is(about, "extension") && rest.iter().any(|name| is_reaching_extension(name)));
    }
    match () {
        () if is(verb, "alter") => {
            is_any(about, &["server", "subscription", "credential", "endpoint", "assembly"])
        }
        () if is(verb, "import") => {
            is_any(about, &["foreign", "database", "into", "table"]) || about.is_empty()
        }
        () if is(verb, "export") => true,
        () if is(verb, "get") => starts(about, &["@"]),
        () if is(verb, "put") => is(about, "file") || about.is_empty(),
        () if is(verb, "force") => is(about, "install"),
        () if is(verb, "insert") => {
            (is(about, "into") && is(second, "function"))
                || (is(about, "overwrite") && (is(second, "directory") || is(second, "local")))
        }
        () => is_any(
            verb,
            &["install", "uninstall", "unload", "backup", "restore", "source", "runscript", "attach"],
        ),
    }
}

/// Extensions with functions that leave the database, or languages without bounds.
fn is_reaching_extension(name: &[u8]) -> bool {
    is_any(
        name,
        &[
            "dblink",
            "adminpack",
            "http",
            "pg_net",
            "pg_cron",
            "pgsql_http",
            "plsh",
            "multicorn",
            "lo",
            "aws_s3",
            "aws_lambda",
            "file_textarray_fdw",
            "pljava",
            "plv8u",
            "plpythonu",
            "plpython3u",
            "plpython2u",
            "plperlu",
            "pltclu",
        ],
    ) || name.get(name.len().saturating_sub(4)..).is_some_and(|end| is(end, "_fdw"))
}

/// Whether a statement that starts with these words administers the server: accounts, rights, settings, replication.
pub(super) fn administers(words: &[&[u8]]) -> bool {
    const ACCOUNTS: List =
        List::new(&["user", "role", "login", "group", "account", "profile", "authentication"]);
    let Some(verb) = words.first() else { return false };
    let (about, second, _) = subject(words);
    match () {
        () if is_any(verb, &["create", "alter"]) => {
            ACCOUNTS.has(about)
                || is_any(about, &["tablespace", "system"])
                || (is(about, "event") && is(second, "trigger"))
                || (is(about, "resource") && is_any(second, &["governor", "group", "pool"]))
        }
        () if is(verb, "grant") => is(about, "all"),
        () if is(verb, "rename") => is(about, "user"),
        () if is(verb, "set") => {
            is_any(about, &["password", "persist", "persist_only"])
                || words
                    .get(1)
                    .is_some_and(|word| is(word, "global") || starts(word, &["@@global", "@@persist"]))
                || (is(about, "session") && is(second, "authorization"))
        }
        () if is(verb, "reset") => is_any(about, &["master", "slave", "replica", "binary", "persist"]),
        () if is(verb, "change") => is_any(about, &["master", "replication"]),
        () if is_any(verb, &["start", "stop"]) => {
            is_any(about, &["slave", "replica", "group_replication", "all"])
        }
        () if is(verb, "clone") => {
            is_any(about, &["instance", "local"]) || is(words.get(1).copied().unwrap_or_default(), "local")
        }
        () if is(verb, "kill") => true,
        () => is_any(verb, &["shutdown", "system", "purge", "reconfigure", "dbcc", "reassign"]),
    }
}

/// Whether a statement that starts with these words puts a table in the place of one that is there.
pub(super) fn replaces(words: &[&[u8]]) -> bool {
    let Some(verb) = words.first() else { return false };
    let (about, ..) = subject(words);
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    (is(verb, "create") && is(word(2), "replace") && is_any(about, &["table", "database", "schema"]))
        || (is(verb, "replace") && is(word(1), "table"))
        || (is(verb, "insert") && is(word(1), "overwrite"))
}

/// What a word after DROP says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    /// What is dropped comes next.
    More,
    /// Neither rows nor accounts.
    Kept,
    /// The same, but for what uses it: CASCADE takes columns.
    Cascades,
    Lost,
}

/// What DROP takes away.
pub(super) fn dropped(word: &[u8]) -> Dropped {
    match () {
        () if MODIFIERS.has(word) || is_any(word, &["foreign", "external", "materialized"]) => Dropped::More,
        () if is_any(
            word,
            &[
                "view",
                "index",
                "trigger",
                "rule",
                "policy",
                "constraint",
                "statistics",
                "publication",
                "prepare",
                "default",
                "comment",
                "alias",
                "synonym",
                "macro",
                "event",
                "task",
                "pipe",
                "stream",
                "tag",
                "masking",
                "row",
                "cache",
                "access",
                "resource",
                "secret",
                "search",
                "projection",
            ],
        ) =>
        {
            Dropped::Kept
        }
        () if is_any(
            word,
            &[
                "function",
                "procedure",
                "proc",
                "routine",
                "aggregate",
                "sequence",
                "type",
                "domain",
                "extension",
                "operator",
                "cast",
                "collation",
                "conversion",
                "text",
                "transform",
                "language",
                "subscription",
                "package",
            ],
        ) =>
        {
            Dropped::Cascades
        }
        () => Dropped::Lost,
    }
}

/// What DROP takes away from a table.
pub(super) fn dropped_part(word: &[u8]) -> Dropped {
    match () {
        () if is_any(word, &["if", "exists"]) => Dropped::More,
        () if is_any(
            word,
            &[
                "constraint",
                "index",
                "key",
                "primary",
                "foreign",
                "unique",
                "check",
                "default",
                "not",
                "identity",
                "expression",
                "projection",
                "statistics",
                "clustering",
                "sort",
                "feature",
                "tag",
                "tags",
                "row",
                "masking",
                "period",
                "system",
                "supplemental",
                "ttl",
                "partitioning",
            ],
        ) =>
        {
            Dropped::Kept
        }
        () => Dropped::Lost,
    }
}

/// Whether a word starts another statement where SQL Server needs no semicolon: `verb` started the one before, `last`
/// and `next` stand around it.
pub(super) fn starts_another(verb: &[u8], word: &[u8], last: Token<'_>, next: Option<Token<'_>>) -> bool {
    let ends = match last {
        Token::Text(_) | Token::Name(_) | Token::Body(_) | Token::Coded => true,
        Token::Sign(sign) => matches!(sign, b')' | b']' | b'*' | b'}'),
        Token::Word(last) => !JOINING.has(last),
    };
    let named = match next {
        Some(Token::Word(next)) => Some(next),
        Some(Token::Name(_)) => Some(&b""[..]),
        _ => None,
    };
    let next_is = |words: &[&str]| named.is_some_and(|next| is_any(next, words));
    let ended = next.is_none() || next == Some(Token::Sign(b';')) || next_is(&["with"]);
    let changes = is_any(verb, &["alter", "create", "merge"]);
    ends && match () {
        () if is(word, "drop") => next_is(if is(verb, "alter") {
            &["table", "database", "schema", "login", "user", "procedure"]
        } else {
            OBJECTS
        }),
        () if is_any(word, &["create", "alter"]) => {
            next_is(OBJECTS) && !(is(verb, "alter") && next_is(&["index"]))
        }
        () if is(word, "truncate") => next_is(&["table"]),
        () if is(word, "delete") => {
            if changes {
                next_is(&["from", "top"])
            } else {
                named.is_some() && !next_is(&["where"])
            }
        }
        () if is(word, "insert") => {
            if changes {
                next_is(&["into"])
            } else {
                named.is_some()
            }
        }
        () if is(word, "update") => !changes && named.is_some() && !next_is(&["set"]),
        () if is(word, "merge") => !changes && named.is_some() && !next_is(&["join"]),
        () if is_any(word, &["exec", "execute"]) => {
            !is(verb, "insert")
                && !next_is(&["function", "procedure", "on"])
                && (named.is_some() || matches!(next, Some(Token::Sign(b'(') | Token::Text(_))))
        }
        () if is_any(word, &["grant", "revoke", "deny"]) => {
            named.is_some() && !next_is(&["from", "option", "on"]) && !is(verb, "alter")
        }
        () if is_any(word, &["shutdown", "reconfigure", "checkpoint"]) => ended,
        () if is_any(word, &["backup", "restore"]) => next_is(&[
            "database",
            "log",
            "certificate",
            "master",
            "service",
            "filelistonly",
            "headeronly",
            "labelonly",
            "verifyonly",
            "symmetric",
        ]),
        () if is(word, "kill") => {
            named.is_some_and(|next| next.first().is_some_and(u8::is_ascii_digit) || is(next, "query"))
        }
        () if is(word, "dbcc") => named.is_some(),
        () if is(word, "bulk") => next_is(&["insert"]),
        () if is(word, "waitfor") => next_is(&["delay", "time"]),
        () if is(word, "use") => named.is_some() && !next_is(&["index", "key", "keys", "from"]) && !changes,
        () if is_any(word, &["disable", "enable"]) => next_is(&["trigger"]) && !changes,
        () if is_any(word, &["writetext", "updatetext", "setuser"]) => named.is_some(),
        () => false,
    }
}

/// Words that something follows which is no statement of its own.
const JOINING: List = List::new(&[
    "for",
    "on",
    "do",
    "key",
    "before",
    "after",
    "or",
    "of",
    "as",
    "by",
    "with",
    "grant",
    "instead",
    "also",
    "when",
    "in",
    "and",
    "not",
    "is",
    "from",
    "select",
    "set",
    "join",
    "where",
    "having",
    "like",
    "between",
    "case",
    "distinct",
    "all",
    "union",
    "except",
    "intersect",
    "into",
    "values",
    "using",
    "limit",
    "offset",
    "option",
    "show",
    "to",
    "explain",
    "analyze",
    "analyse",
    "verbose",
    "extended",
    "plan",
    "ignore",
]);

/// What is created, changed and dropped.
const OBJECTS: &[&str] = &[
    "table",
    "view",
    "index",
    "unique",
    "clustered",
    "nonclustered",
    "schema",
    "database",
    "function",
    "procedure",
    "proc",
    "trigger",
    "type",
    "sequence",
    "extension",
    "policy",
    "materialized",
    "temporary",
    "temp",
    "or",
    "user",
    "role",
    "login",
    "server",
    "assembly",
    "synonym",
    "event",
    "external",
    "credential",
    "endpoint",
    "certificate",
    "application",
    "if",
    "foreign",
    "global",
    "rule",
    "default",
    "statistics",
    "queue",
    "service",
    "contract",
    "master",
    "symmetric",
    "asymmetric",
    "security",
    "authorization",
];
