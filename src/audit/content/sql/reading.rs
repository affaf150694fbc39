//! What one reading of a text says.

use super::dialect::Dialect;
use super::list::List;
use super::statement::{Around, Clause, Level, Statement};
use super::tables::PLACES;
use super::tokens::{Token, Tokens};
use super::verbs::{self, Sort};
use super::{functions, is, is_any, starts};
use super::{parts, tables};

/// What a statement does, the more the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Read,
    Write,
    Other,
}

/// What one reading of a text says.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what was found, each by itself")]
pub(super) struct Reading {
    pub(super) open: Option<&'static str>,
    pub(super) comment: bool,
    /// A second statement, of whatever kind.
    pub(super) more: bool,
    /// One that starts with a word that one starts with.
    pub(super) stacked: bool,
    /// A statement that is given as a text.
    pub(super) dynamic: bool,
    pub(super) reaches: bool,
    pub(super) administers: bool,
    /// A command of a client.
    pub(super) client: bool,
    pub(super) destroys: bool,
    pub(super) waits: bool,
    pub(super) class: Class,
    /// A statement that starts with no word that one starts with.
    pub(super) unknown: bool,
}

/// How many programs inside one another are read.
const MAX_BODIES: usize = 2;

impl Reading {
    /// Reads a text as a dialect does; `juxtaposed`: as one in which a statement needs no semicolon before it.
    pub(super) fn of(text: &[u8], dialect: Dialect, juxtaposed: bool) -> Self {
        let mut reading = Self {
            open: None,
            comment: false,
            more: false,
            stacked: false,
            dynamic: false,
            reaches: false,
            administers: false,
            client: false,
            destroys: false,
            waits: false,
            class: Class::Read,
            unknown: false,
        };
        reading.read(text, dialect, juxtaposed, MAX_BODIES);
        reading
    }

    fn read(&mut self, text: &[u8], dialect: Dialect, juxtaposed: bool, bodies: usize) {
        let is_body = bodies < MAX_BODIES;
        let mut tokens = Tokens::new(text, dialect);
        let mut next = tokens.next();
        let mut statement = Statement::default();
        let (mut count, mut blocks, mut ended, mut declares) = (0_usize, 0_usize, false, false);
        let (mut former, mut last): (Option<Token<'_>>, Option<Token<'_>>) = (None, None);
        while let Some(token) = next {
            next = tokens.next();
            if std::mem::take(&mut ended) {
                // `END IF` and the like end what was not counted.
                let other = matches!(token, Token::Word(word) if is_any(word, &["if", "loop", "while", "repeat", "for"]));
                blocks = blocks.saturating_sub(usize::from(!other));
            }
            if juxtaposed && blocks == 0 && begins_another(&statement, token, last, next) {
                self.finish(std::mem::take(&mut statement));
                (former, last) = (None, None);
            }
            if token == Token::Sign(b';') {
                if blocks == 0 {
                    self.finish(std::mem::take(&mut statement));
                } else {
                    statement.end_part();
                }
            } else {
                if !statement.begun && token != Token::Sign(b'(') {
                    statement.begun = true;
                    count += 1;
                    let verb = if let Token::Word(word) = token { word } else { b"" };
                    // What only declares belongs to the statement behind it.
                    count -= usize::from(declares && verbs::sort(verb) == Sort::Reads);
                    declares = count == 1 && is(verb, "declare");
                    if count > 1 && !is_body {
                        self.more = true;
                        self.stacked |= verbs::is_verb(verb);
                    }
                    if verb.is_empty() {
                        statement.keep(verb);
                        self.client |= match token {
                            Token::Sign(b'.') => matches!(next, Some(Token::Word(_))),
                            Token::Sign(b'!') => true,
                            _ => false,
                        };
                    }
                }
                let around = Around { former, last, next };
                if let Token::Word(word) = token {
                    let opens = is(word, "case")
                        || (is(word, "begin")
                            && (statement.routine
                                || is_any(statement.verb(), &["declare", "do"])
                                || statement.len == 0
                                || is(statement.verb(), "begin"))
                            && !around.behind(&["function", "procedure", "trigger", "event", "exists"])
                            && !around.is_call());
                    let transaction = is(word, "begin") && statement.len == 0 && starts_transaction(next);
                    blocks += usize::from(opens && !transaction);
                    ended = blocks > 0 && is(word, "end");
                }
                self.token(&mut statement, token, around);
                if let Token::Text(body) | Token::Body(body) = token
                    && bodies > 0
                    && is_program(&statement, token, around)
                {
                    let unknown = self.unknown;
                    self.read(body, dialect, false, bodies - 1);
                    self.unknown = unknown;
                }
            }
            (former, last) = (last, Some(token));
        }
        self.finish(statement);
        if !is_body {
            (self.open, self.comment) = (tokens.open, tokens.comment);
        }
    }

    fn token<'t>(&mut self, statement: &mut Statement<'t>, token: Token<'t>, around: Around<'t>) {
        if verbs::sort(statement.verb()) == Sort::Controls && statement.len > 0 {
            statement.acts |= !verbs::is_of_transaction(token, around.last);
        }
        parts::condition(statement, token);
        self.reaches |= tables::reaches(statement, token, around);
        match token {
            Token::Word(word) => {
                statement.keep(word);
                self.word(statement, word, around);
            }
            Token::Name(name) => {
                if statement.len > 0 {
                    statement.keep(b"");
                }
                let package = around.is_call() || around.next == Some(Token::Sign(b'.'));
                self.reaches |= (around.is_call() && functions::reaches(name))
                    || (package && functions::is_package(name));
                if around.is_call() && functions::changes(name) {
                    statement.writes = true;
                }
                parts::delete_target(statement, None);
                parts::drop_target(statement, None);
            }
            Token::Coded => {
                statement.coded = true;
                self.reaches |= around.is_call() || around.before(&["uescape"]);
            }
            Token::Text(text) | Token::Body(text) => {
                self.reaches |= (is(statement.verb(), "copy") && around.behind(&["to", "from", "into"]))
                    || (around.behind_sign(b'(') && is_xml(around.former) && has_entity(text))
                    || (around.behind_sign(b'(')
                        && matches!(around.former, Some(Token::Word(word)) if is(word, "file"))
                        && verbs::sort(statement.verb()) == Sort::Reads);
                self.dynamic |= around.behind(&["exec", "execute", "immediate"])
                    || (is(statement.verb(), "prepare") && around.behind(&["from"]));
            }
            Token::Sign(sign) => self.sign(statement, sign, around),
        }
        if let Some(level) = statement.level() {
            level.begun |= token != Token::Sign(b'(');
        }
    }

    fn sign(&mut self, statement: &mut Statement<'_>, sign: u8, around: Around<'_>) {
        match sign {
            b'(' => {
                let tables = statement.clause() == Clause::Tables
                    && (around.behind(PLACES) || around.behind_sign(b',') || around.behind_sign(b'('));
                let runs = matches!(around.last, Some(Token::Word(name) | Token::Name(name)) if functions::runs_text(name));
                let inherits = statement.level().is_some_and(|level| level.runs && level.begun);
                self.dynamic |=
                    around.behind(&["exec", "execute"]) && !is_any(statement.verb(), &["create", "grant"]);
                if statement.drop == Some(true) && around.behind(&["drop"]) {
                    statement.destroys = true;
                }
                let clause = if tables { Clause::Tables } else { Clause::Other };
                statement.open(Level { clause, runs: runs || inherits, ..Level::default() });
            }
            b')' => {
                statement.close();
                let depth = statement.depth();
                if statement.deletes.is_some_and(|deletes| deletes > depth) {
                    statement.destroys = true;
                    statement.deletes = None;
                }
                if statement.changes.is_some_and(|changes| changes > depth) {
                    statement.changes = None;
                }
            }
            b'=' if is(statement.verb(), "pragma") => statement.writes = true,
            // `ON *.*`
            b'*' if is(statement.verb(), "grant") && around.behind(&["on"]) => self.administers = true,
            // A text that is put together before it is run.
            b'|' | b'+' if statement.level().is_some_and(|level| level.runs) => self.dynamic = true,
            b'\\' => {
                self.client |= matches!(around.next, Some(Token::Word(_) | Token::Sign(b'!')));
            }
            _ => {}
        }
    }

    fn word<'t>(&mut self, statement: &mut Statement<'t>, word: &'t [u8], around: Around<'t>) {
        if word.first().is_some_and(u8::is_ascii_digit) {
            return;
        }
        let verb = statement.verb();
        let elsewhere = is_any(word, &["openrowset", "openquery", "opendatasource"]);
        let is_call = around.is_call() && (elsewhere || !is_named(verb, around));
        let is_first = around.is_first();
        self.waits |=
            (is_call && functions::waits(word)) || (is(word, "delay") && around.behind(&["waitfor"]));
        if is_call && functions::reaches(word) {
            self.reaches = true;
        } else if (is_call && functions::changes(word)) || functions::is_changing_package(word) {
            statement.writes = true;
        }
        let called = is_call
            || is_first
            || around.behind(&["exec", "execute", "call"])
            || is_any(verb, &["exec", "execute"]);
        self.reaches |= functions::is_package(word)
            || (called && functions::is_extended(word))
            || (is_any(word, &["outfile", "dumpfile"]) && around.behind(&["into"]))
            || (is(word, "load") && is_first && !is_call)
            || (is(word, "attach") && is_first)
            || (is(word, "program") && is(verb, "copy"))
            || (is(word, "into") && is(verb, "vacuum"))
            || (is(word, "insert") && around.behind(&["bulk"]))
            || (is_any(
                word,
                &["c", "plpythonu", "plpython2u", "plpython3u", "plperlu", "pltclu", "plsh", "java"],
            ) && around.behind(&["language"]))
            || is(word, "soname")
            || (is(verb, "pragma") && PRAGMAS_OUT.has(word))
            || (is(verb, "copy") && around.behind(&["to", "from", "into"]) && starts(word, &["@"]))
            || (is(verb, "create")
                && around.behind(&["using"])
                && is_any(word, &["csv", "zipfile", "vsv", "fileio"]))
            || (is(word, "directory")
                && around.behind(&["data", "index"])
                && is_any(verb, &["create", "alter"]))
            || (is(word, "connection") && is(verb, "create") && around.next == Some(Token::Sign(b'=')))
            || (is_any(verb, &["create", "alter"]) && is_engine(word, around))
            || (is(word, "at") && around.behind_sign(b')') && is_any(verb, &["exec", "execute"]));
        self.administers |= (is_any(word, &["general_log_file", "slow_query_log_file", "local_infile"])
            && is(verb, "set"))
            || (is(word, "option") && is(verb, "grant") && around.behind(&["grant", "admin"]))
            || (is_any(
                word,
                &[
                    "mysql",
                    "pg_authid",
                    "pg_shadow",
                    "pg_proc",
                    "pg_auth_members",
                    "pg_class",
                    "sqlite_master",
                    "sqlite_schema",
                ],
            ) && around.behind(&["into", "update"])
                && (!is(word, "mysql") || around.next == Some(Token::Sign(b'.'))))
            || (is(word, "mysql")
                && is(verb, "delete")
                && around.behind(&["from"])
                && around.next == Some(Token::Sign(b'.')));
        self.dynamic |= is_dynamic(word, around, is_any(verb, &["do", "create", "begin", "declare"]))
            || (starts(word, &["@"]) && is(verb, "prepare") && around.behind(&["from"]));
        statement.on |= is(word, "on");
        parts::delete_target(statement, Some(word));
        parts::changing(statement, word, around);
        parts::drop_target(statement, Some((word, around)));
        match () {
            () if is(word, "into") => statement.writes = true,
            // `sequence.NEXTVAL`, `NEXT VALUE FOR sequence`
            () if (is(word, "nextval") && around.behind_sign(b'.'))
                || (is(word, "value") && around.behind(&["next"]) && around.before(&["for"])) =>
            {
                statement.writes = true;
            }
            () if is(word, "truncate") && !is_call => {
                statement.destroys |=
                    is_first || (is(verb, "alter") && around.before(&["partition", "subpartition"]));
            }
            () if is_any(word, &["switch", "exchange"]) && is(verb, "alter") => {
                statement.destroys |= around.before(&["to", "partition", "subpartition"]);
            }
            () if ROUTINES.has(word) && is_any(verb, &["create", "alter"]) => statement.routine = true,
            () if verbs::explains(verb) => {
                statement.analyzes |= is_any(word, &["analyze", "analyse"]);
                if !statement.explained && EXPLAINED.has(word) {
                    statement.explained = true;
                    statement.writes |= verbs::sort(word) != Sort::Reads;
                }
            }
            () if is(verb, "pragma") && around.behind(&["pragma"]) => {
                statement.writes |= (is_call && !PRAGMAS_ASKED.has(word)) || PRAGMAS_ACTING.has(word);
            }
            () => {}
        }
    }

    fn finish(&mut self, mut statement: Statement<'_>) {
        if !statement.begun {
            return;
        }
        statement.end_part();
        let verb = statement.verb();
        let words = statement.words();
        let planned = verbs::explains(verb) && !statement.analyzes;
        self.destroys |= !planned && (statement.destroys || verbs::replaces(words));
        self.reaches |= verbs::reaches(words);
        self.administers |= verbs::administers(words) || (is(verb, "grant") && !statement.on);
        let class = match verbs::sort(verb) {
            Sort::Reads if planned || !statement.writes => Class::Read,
            Sort::Controls if !statement.acts => Class::Read,
            Sort::Reads | Sort::Writes => Class::Write,
            Sort::Controls | Sort::Other => Class::Other,
            Sort::Unknown => {
                self.unknown = true;
                Class::Read
            }
        };
        self.class = self.class.max(if statement.coded { Class::Other } else { class });
    }
}

/// Whether a token starts another statement where none ended the one before.
fn begins_another(
    statement: &Statement<'_>,
    token: Token<'_>,
    last: Option<Token<'_>>,
    next: Option<Token<'_>>,
) -> bool {
    let (Token::Word(word), Some(last)) = (token, last) else { return false };
    let verb = statement.verb();
    // What EXPLAIN explains and what WITH leads to are parts of the statement.
    let inner = (verbs::explains(verb) && !statement.explained) || (is(verb, "with") && !statement.main);
    let behind_verb = statement.len == 1 && last == Token::Word(verb);
    statement.len > 0
        && !behind_verb
        && statement.depth() <= 1
        && !statement.routine
        && !inner
        // A table that is published no more.
        && !statement.words().get(1).is_some_and(|about| is(about, "publication"))
        && verbs::sort(verb) != Sort::Unknown
        && verbs::starts_another(verb, word, last, next)
}

/// Whether nothing but a transaction is started.
fn starts_transaction(next: Option<Token<'_>>) -> bool {
    match next {
        None | Some(Token::Sign(b';')) => true,
        Some(next @ Token::Word(_)) => verbs::is_of_transaction(next, None),
        Some(_) => false,
    }
}

/// Whether a text is a program that the statement runs or makes.
fn is_program(statement: &Statement<'_>, token: Token<'_>, around: Around<'_>) -> bool {
    let verb = statement.verb();
    let runs = statement.levels.last().is_some_and(|level| level.runs);
    runs || is(verb, "do")
        || is_any(verb, &["create", "alter"]) && matches!(token, Token::Body(_))
        || (statement.routine && around.behind(&["as"]))
}

/// Whether brackets stand behind a name because it is that of a table with its columns, or of a routine that is made,
/// dropped or granted.
fn is_named(verb: &[u8], around: Around<'_>) -> bool {
    around.behind(&["into", "table", "references", "view", "update", "with", "recursive"])
        || (is(verb, "create")
            && around.behind(&["on", "exists", "function", "procedure", "proc", "trigger"]))
        || is_any(verb, &["drop", "grant", "revoke", "comment"])
}

/// Whether a word runs a statement that nobody sees: one in a text or variable.
fn is_dynamic(word: &[u8], around: Around<'_>, in_program: bool) -> bool {
    if is_any(
        word,
        &["sp_executesql", "sp_prepare", "sp_prepexec", "sp_cursoropen", "dbms_sql", "dbms_sys_sql"],
    ) {
        return true;
    }
    if is_any(word, &["exec", "execute"]) && !around.behind(&["grant", "revoke", "as", "with"]) {
        return match around.next {
            Some(Token::Word(next)) => {
                is_any(next, &["immediate", "statement", "format", "concat", "concat_ws"])
                    || (in_program && around.is_first() && !is_any(next, &["function", "procedure"]))
            }
            _ => false,
        };
    }
    // `EXEC @name`, which is no `EXEC @result = name`.
    starts(word, &["@"])
        && around.behind(&["exec", "execute", "immediate"])
        && around.next != Some(Token::Sign(b'='))
}

/// Whether a word names where a table is that lies elsewhere.
fn is_engine(word: &[u8], around: Around<'_>) -> bool {
    let behind = around.behind(&["engine"])
        || (around.behind_sign(b'=')
            && matches!(around.former, Some(Token::Word(word)) if is(word, "engine")));
    behind && ENGINES.has(word)
}

/// Whether a function reads a document with all that it refers to.
fn is_xml(name: Option<Token<'_>>) -> bool {
    matches!(name, Some(Token::Word(name) | Token::Name(name)) if is_any(name, &["xmltype", "xmlparse", "xmldocument"]))
}

/// Whether a document refers to another one.
fn has_entity(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"<!")
        .any(|at| text.get(at + 2..).is_some_and(|rest| starts(rest, &["entity", "doctype"])))
}

/// What EXPLAIN may be followed by.
const EXPLAINED: List = List::new(&[
    "select", "with", "values", "table", "insert", "update", "delete", "merge", "replace", "create",
    "execute", "refresh", "declare", "from",
]);
const ROUTINES: List = List::new(&["function", "procedure", "proc", "trigger", "event", "package"]);
/// What `PRAGMA name(argument)` asks and does not change.
const PRAGMAS_ASKED: List = List::new(&[
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
    "storage_info",
    "show",
]);
/// What `PRAGMA name` does and does not ask.
const PRAGMAS_ACTING: List =
    List::new(&["optimize", "incremental_vacuum", "wal_checkpoint", "shrink_memory"]);
/// Settings of `SQLite` that open the way to the schema, to other files, or to libraries.
const PRAGMAS_OUT: List = List::new(&[
    "writable_schema",
    "trusted_schema",
    "temp_store_directory",
    "data_store_directory",
    "key",
    "rekey",
]);
/// Engines whose tables lie elsewhere.
const ENGINES: List = List::new(&[
    "federated",
    "federatedx",
    "connect",
    "spider",
    "url",
    "file",
    "s3",
    "s3queue",
    "hdfs",
    "mysql",
    "postgresql",
    "mongodb",
    "redis",
    "sqlite",
    "odbc",
    "jdbc",
    "kafka",
    "rabbitmq",
    "nats",
    "executable",
    "executablepool",
    "azureblobstorage",
    "azurequeue",
    "deltalake",
    "hudi",
    "iceberg",
    "remote",
]);
