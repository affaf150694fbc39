//! What a whole SQL text is: how many statements, and what they do besides asking.

mod tokens;

use super::affix::starts;
use crate::policy::Statements;
use crate::rules::Rule;
use tokens::{Token, Tokens, is_verb};

/// What is wrong with a text, and by which rule.
type Fault = (Rule, &'static str);

/// What a statement does, the more the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Read,
    Write,
    Other,
}

/// Tells `report` what a text of kind `sql` holds, each rule once.
pub(in crate::audit) fn judge(text: &str, statements: Statements, mut report: impl FnMut(Fault)) {
    let text = text.as_bytes();
    let plain = Reading::of(text, false);
    // Dialects differ on what a backslash is in a string; with one in it both readings count.
    let escaped = text.contains(&b'\\').then(|| Reading::of(text, true));
    let either = |is: fn(&Reading) -> bool| is(&plain) || escaped.as_ref().is_some_and(is);
    if let (Some(what), true) = (plain.open, escaped.as_ref().is_none_or(|reading| reading.open.is_some())) {
        report((Rule::InjectionSql, what));
    }
    let stacked = |reading: &Reading| reading.stacked.is_some();
    if either(|reading| reading.hides || reading.stacked == Some(true))
        || (stacked(&plain) && escaped.as_ref().is_none_or(stacked))
    {
        report((Rule::SqlStacked, "more than one statement"));
    }
    if either(|reading| reading.reaches) {
        report((
            Rule::SqlReach,
            "a statement that reads or writes files, runs programs or connects elsewhere",
        ));
    }
    if either(|reading| reading.destroys) {
        report((Rule::SqlDestroy, "a statement that takes away tables or all their rows"));
    }
    if either(|reading| reading.waits) {
        report((Rule::InjectionSql, "a function that makes the database wait"));
    }
    if either(|reading| reading.comment) {
        report((Rule::SqlComment, "a comment in the statement"));
    }
    let admitted = match statements {
        Statements::Read => Class::Read,
        Statements::Write => Class::Write,
        Statements::Any => return,
    };
    let reaches = either(|reading| reading.reaches);
    if reaches || plain.class.max(escaped.map_or(Class::Read, |reading| reading.class)) > admitted {
        report((
            Rule::SqlStatement,
            if admitted == Class::Read {
                "a statement that does more than read; expected SELECT or another that only reads"
            } else {
                "a statement that does more than read and change rows"
            },
        ));
    }
}

/// Whether a text is a statement from its first word to its end, and no value or part that a statement is put around.
pub(in crate::audit) fn is_statement(text: &[u8]) -> bool {
    let mut tokens = Tokens::new(text, false);
    let (Some(Token::Word(first)), second) = (tokens.next(), tokens.next()) else { return false };
    let takes = |words: &[&str]| is_any(first, words);
    let begins = match second {
        Some(Token::Word(second)) => {
            (takes(&["insert", "replace", "merge"]) && is_any(second, &["into", "or", "ignore", "overwrite"]))
                || (takes(&["delete"]) && is(second, "from"))
                || (takes(&["create", "alter", "drop"]) && is_any(second, OBJECTS))
                || takes(&["with", "update", "select"])
        }
        Some(_) => takes(&["select"]),
        None => false,
    };
    if !begins {
        return false;
    }
    let last = tokens.by_ref().last().or(second);
    let dangles = match last {
        Some(Token::Word(last)) => is_any(last, JOINING),
        Some(Token::Sign(sign)) => !matches!(sign, b';' | b')' | b'*' | b']'),
        _ => false,
    };
    // A comment up to the end is there for what is put behind it.
    let line = text.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let cut = memchr::memmem::find(line, b"--").is_some();
    !dangles && !cut && tokens.open.is_none()
}

/// Words that something follows.
const JOINING: &[&str] = &[
    "where", "and", "or", "not", "from", "by", "having", "on", "select", "set", "values", "into", "union",
    "all", "like", "in", "is", "between", "when", "then", "join",
];

/// What statements create, change and drop.
const OBJECTS: &[&str] = &[
    "table",
    "view",
    "index",
    "unique",
    "schema",
    "database",
    "function",
    "procedure",
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
    "if",
];

/// What one reading of a text says.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what was found, each by itself")]
struct Reading {
    open: Option<&'static str>,
    comment: bool,
    hides: bool,
    /// A second statement, and whether it starts with a word that one starts with.
    stacked: Option<bool>,
    reaches: bool,
    destroys: bool,
    waits: bool,
    class: Class,
}

/// A statement while it is read.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what was read so far, each by itself")]
struct Statement<'t> {
    /// Its first word, lower case in no way.
    verb: &'t [u8],
    begun: bool,
    /// What EXPLAIN explains, and whether it runs it.
    explained: &'t [u8],
    analyzes: bool,
    /// A part of it changes rows, or more.
    writes: bool,
    /// It makes a routine, whose own statements have semicolons.
    routine: bool,
    /// A DELETE that no WHERE was seen of.
    deletes_all: bool,
}

/// How many dollar quotes inside one another are read.
const MAX_BODIES: usize = 2;

impl Reading {
    fn of(text: &[u8], escapes: bool) -> Self {
        let mut reading = Self {
            open: None,
            comment: false,
            hides: false,
            stacked: None,
            reaches: false,
            destroys: false,
            waits: false,
            class: Class::Read,
        };
        reading.read(text, escapes, MAX_BODIES);
        reading
    }

    fn read(&mut self, text: &[u8], escapes: bool, bodies: usize) {
        let is_body = bodies < MAX_BODIES;
        let mut tokens = Tokens::new(text, escapes);
        let mut statement = Statement::default();
        let (mut count, mut blocks, mut ended) = (0_usize, 0_usize, false);
        let (mut before, mut last): (Option<Token<'_>>, Option<Token<'_>>) = (None, None);
        while let Some(token) = tokens.next() {
            if std::mem::take(&mut ended) {
                // `END IF` and the like end what was not counted.
                let other = matches!(token, Token::Word(word) if is_any(word, &["if", "loop", "while", "repeat", "for"]));
                blocks = blocks.saturating_sub(usize::from(!other));
            }
            if token == Token::Sign(b';') {
                if blocks == 0 {
                    self.finish(&std::mem::take(&mut statement));
                } else {
                    self.destroys |= std::mem::take(&mut statement.deletes_all);
                }
            } else {
                if !statement.begun && token != Token::Sign(b'(') {
                    statement.begun = true;
                    count += 1;
                    let verb = if let Token::Word(word) = token { word } else { b"" };
                    statement.verb = verb;
                    if count > 1 && !is_body && self.stacked != Some(true) {
                        self.stacked = Some(is_verb(verb));
                    }
                }
                match token {
                    Token::Word(word) => {
                        let is_call = tokens.clone().next() == Some(Token::Sign(b'('));
                        self.word(&mut statement, word, (before, last), is_call);
                        let opens = is(word, "case")
                            || (is(word, "begin")
                                && (statement.routine
                                    || is_any(statement.verb, &["declare", "begin", "do"])));
                        if opens && !is_transaction(word, statement.verb, &tokens) {
                            blocks += 1;
                        }
                        ended = blocks > 0 && is(word, "end");
                    }
                    Token::Name(name) => {
                        let is_call = tokens.clone().next() == Some(Token::Sign(b'('));
                        self.reaches |= is_call && is_reaching(name);
                    }
                    Token::Body(body) if bodies > 0 => self.read(body, escapes, bodies - 1),
                    Token::Text
                        if is(statement.verb, "copy")
                            && matches!(last, Some(Token::Word(word)) if is_any(word, &["to", "from"])) =>
                    {
                        self.reaches = true;
                    }
                    Token::Sign(b'=') if is(statement.verb, "pragma") => statement.writes = true,
                    Token::Text | Token::Body(_) | Token::Sign(_) => {}
                }
            }
            (before, last) = (last, Some(token));
        }
        self.finish(&statement);
        if !is_body {
            (self.open, self.comment, self.hides) = (tokens.open, tokens.comment, tokens.hides);
        }
    }

    fn word(
        &mut self,
        statement: &mut Statement<'_>,
        word: &[u8],
        (before, last): (Option<Token<'_>>, Option<Token<'_>>),
        is_call: bool,
    ) {
        let behind = |words: &[&str]| matches!(last, Some(Token::Word(last)) if is_any(last, words));
        let behind_sign = |sign: u8| last == Some(Token::Sign(sign));
        let is_first =
            last.is_none() || behind_sign(b';') || behind(&["begin", "then", "else", "loop", "do"]);
        let verb = statement.verb;
        self.waits |= (is_call && is_any(word, WAITING)) || (is(word, "delay") && behind(&["waitfor"]));
        if is_call && is_reaching(word) {
            self.reaches = true;
        } else if is_call && (starts(word, &["lo_"]) || is_any(word, CHANGING)) {
            statement.writes = true;
        }
        // What a program of a server is called by, with brackets or without.
        self.reaches |=
            starts(word, &["xp_", "sp_oa", "utl_http", "utl_file", "utl_tcp", "utl_smtp", "utl_inaddr"])
                || (is_any(word, &["outfile", "dumpfile"]) && behind(&["into"]))
                || (is_any(word, &["attach", "install"]) && is_first)
                || (is(word, "load") && is_first && !is_call)
                || (is(word, "program") && is(verb, "copy"))
                || (is(word, "into") && is(verb, "vacuum"))
                || (is(word, "insert") && behind(&["bulk"]))
                || (is_any(word, &["server", "subscription"]) && behind(&["create", "alter"]))
                || (is_any(word, &["c", "plpythonu", "plpython2u", "plpython3u", "plperlu", "pltclu"])
                    && behind(&["language"]))
                || is(word, "soname")
                || (is(word, "system") && behind(&["alter"]))
                || (is_any(word, &["general_log_file", "slow_query_log_file", "local_infile"])
                    && is(verb, "set"))
                || (is(verb, "pragma") && is_any(word, PRAGMAS_OUT));
        if is(word, "where") {
            statement.deletes_all = false;
        }
        let starts_part = is_first || behind_sign(b'(') || behind_sign(b')') || behind(&["as"]);
        match () {
            () if is(word, "delete")
                && (starts_part || behind(&["analyze", "analyse", "verbose"]))
                && !is_call =>
            {
                statement.writes = true;
                statement.deletes_all = true;
            }
            () if is_any(word, &["insert", "update", "merge"])
                && !behind(&["for", "on", "do", "key", "before", "after", "or", "of"])
                && !is_call =>
            {
                statement.writes = true;
            }
            () if is(word, "into") => statement.writes = true,
            () if is(word, "truncate") && is_first && !is_call => self.destroys = true,
            () if is_any(word, DROPPED) && behind(&["drop"]) => {
                let at_start = before.is_none_or(|token| {
                    token == Token::Sign(b';')
                        || matches!(token, Token::Word(word) if is_any(word, &["begin", "then", "else", "loop", "do"]))
                });
                self.destroys |= at_start || is(word, "column");
            }
            () if is_any(word, ROUTINES) && is_any(verb, &["create", "alter"]) => statement.routine = true,
            () if is(verb, "explain") || is_any(verb, &["desc", "describe"]) => {
                statement.analyzes |= is_any(word, &["analyze", "analyse"]);
                if statement.explained.is_empty() && is_any(word, EXPLAINED) {
                    statement.explained = b"x";
                    if !is_any(word, READING) {
                        statement.writes = true;
                    }
                }
            }
            () if is(verb, "pragma") && !is(word, "pragma") && behind(&["pragma"]) => {
                statement.writes |= is_call && !is_any(word, PRAGMAS_ASKED);
            }
            () => {}
        }
    }

    fn finish(&mut self, statement: &Statement<'_>) {
        if !statement.begun {
            return;
        }
        self.destroys |= statement.deletes_all;
        let verb = statement.verb;
        let class = if is_any(verb, &["explain", "desc", "describe"]) {
            match (statement.analyzes, statement.writes) {
                (true, true) => Class::Write,
                _ => Class::Read,
            }
        } else if is_any(verb, READING) {
            if statement.writes { Class::Write } else { Class::Read }
        } else if is_any(verb, CONTROL) {
            Class::Read
        } else if is_any(verb, &["insert", "update", "delete", "merge", "replace", "upsert"]) {
            Class::Write
        } else {
            Class::Other
        };
        self.class = self.class.max(class);
    }
}

/// `BEGIN` that starts a transaction and no block.
fn is_transaction(word: &[u8], verb: &[u8], tokens: &Tokens<'_>) -> bool {
    is(word, "begin")
        && is(verb, "begin")
        && match tokens.clone().next() {
            None | Some(Token::Sign(b';')) => true,
            Some(Token::Word(next)) => is_any(
                next,
                &[
                    "transaction",
                    "work",
                    "tran",
                    "deferred",
                    "immediate",
                    "exclusive",
                    "isolation",
                    "read",
                    "concurrent",
                ],
            ),
            Some(_) => false,
        }
}

fn is(word: &[u8], name: &str) -> bool {
    word.eq_ignore_ascii_case(name.as_bytes())
}

fn is_any(word: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| is(word, name))
}

const READING: &[&str] =
    &["select", "with", "values", "table", "show", "from", "pivot", "unpivot", "summarize", "pragma", "help"];
const CONTROL: &[&str] = &["begin", "start", "commit", "rollback", "end", "abort", "savepoint", "release"];
/// What EXPLAIN may be followed by.
const EXPLAINED: &[&str] = &[
    "select", "with", "values", "table", "insert", "update", "delete", "merge", "replace", "create",
    "execute", "refresh", "declare",
];
/// What takes data or access with it when it is dropped.
const DROPPED: &[&str] = &[
    "table",
    "database",
    "schema",
    "user",
    "role",
    "login",
    "owned",
    "tablespace",
    "keyspace",
    "catalog",
    "column",
];
const ROUTINES: &[&str] = &["function", "procedure", "trigger", "event", "package"];
/// Functions that change something and answer it.
const CHANGING: &[&str] = &[
    "nextval",
    "setval",
    "set_config",
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_notify",
    "pg_switch_wal",
    "pg_create_restore_point",
    "pg_promote",
];
/// What `PRAGMA name(argument)` asks and does not change.
const PRAGMAS_ASKED: &[&str] = &[
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "foreign_key_check",
    "integrity_check",
    "quick_check",
    "database_list",
    "function_list",
    "collation_list",
    "module_list",
    "pragma_list",
    "compile_options",
];
/// Settings of `SQLite` that open the way to the schema, to other files, or to libraries.
const PRAGMAS_OUT: &[&str] =
    &["writable_schema", "trusted_schema", "temp_store_directory", "data_store_directory", "key", "rekey"];

/// Functions whose answer is how long they take.
const WAITING: &[&str] = &["sleep", "pg_sleep", "pg_sleep_for", "benchmark", "randomblob", "receive_message"];

/// Functions that leave the database: files, programs, connections.
const REACHING: &[&str] = &[
    // MySQL
    "load_file",
    "sys_exec",
    "sys_eval",
    "sys_get",
    "sys_set",
    // PostgreSQL
    "pg_read_file",
    "pg_read_binary_file",
    "pg_ls_dir",
    "pg_ls_logdir",
    "pg_ls_waldir",
    "pg_ls_tmpdir",
    "pg_stat_file",
    "pg_file_write",
    "pg_file_read",
    "pg_file_unlink",
    "pg_file_rename",
    "lo_import",
    "lo_export",
    "dblink",
    "pg_logfile_rotate",
    "pg_execute_server_program",
    // SQLite
    "load_extension",
    "readfile",
    "writefile",
    "edit",
    "fts3_tokenizer",
    // SQL Server
    "openrowset",
    "openquery",
    "opendatasource",
    "sp_configure",
    "sp_addlinkedserver",
    // Oracle
    "httpuritype",
    "dbms_ldap",
    // DuckDB and ClickHouse
    "read_csv",
    "read_csv_auto",
    "read_text",
    "read_blob",
    "read_parquet",
    "read_json",
    "read_json_auto",
    "read_ndjson",
    "parquet_scan",
    "sqlite_scan",
    "postgres_scan",
    "mysql_scan",
    "sniff_csv",
    "s3",
    "hdfs",
    "remote",
    "remotesecure",
    "executable",
];

fn is_reaching(name: &[u8]) -> bool {
    is_any(name, REACHING) || starts(name, &["dblink_"])
}

#[cfg(test)]
mod tests;
