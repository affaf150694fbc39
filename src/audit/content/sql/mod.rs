//! What a whole SQL text is: how many statements, and what they do besides asking.

mod condition;
mod dialect;
mod functions;
mod list;
mod parts;
mod reading;
mod statement;
mod tables;
mod tokens;
mod verbs;

use super::affix::starts;
use crate::policy::Statements;
use crate::rules::Rule;
use dialect::Dialect;
use list::List;
use reading::{Class, Reading};
use tokens::{Token, Tokens};

/// What is wrong with a text, and by which rule.
type Fault = (Rule, &'static str);

/// Tells `report` what a text of kind `sql` holds, each rule once.
pub(in crate::audit) fn judge(text: &str, statements: Statements, report: impl FnMut(Fault)) {
    judge_as(text, statements, true, report);
}

/// The same for a text of which somebody guesses that it is SQL: where it starts with no word that a statement starts
/// with, it is none that its argument does not take.
pub(in crate::audit) fn judge_guess(text: &str, statements: Statements, report: impl FnMut(Fault)) {
    let first = Tokens::new(text.as_bytes(), Dialect::COMMON).find(|token| *token != Token::Sign(b'('));
    let is_statement = matches!(first, Some(Token::Word(word)) if verbs::is_verb(word));
    judge_as(text, if is_statement { statements } else { Statements::Any }, is_statement, report);
}

fn judge_as(text: &str, statements: Statements, is_statement: bool, mut report: impl FnMut(Fault)) {
    let text = text.as_bytes();
    // Where dialects differ each reading counts: nobody says which database it is.
    let readings: Vec<Reading> =
        Dialect::of(text).enumerate().map(|(at, dialect)| Reading::of(text, dialect, at == 0)).collect();
    let any = |is: fn(&Reading) -> bool| readings.iter().any(is);
    let all = |is: fn(&Reading) -> bool| readings.iter().all(is);
    if all(|reading| reading.open.is_some())
        && let Some(what) = readings.first().and_then(|reading| reading.open)
    {
        report((Rule::InjectionSql, what));
    }
    let dynamic = any(|reading| reading.dynamic);
    if any(|reading| reading.stacked) || (is_statement && all(|reading| reading.more)) {
        report((Rule::SqlStacked, "more than one statement"));
    } else if dynamic {
        report((Rule::SqlStacked, "a statement that runs another one out of a text"));
    }
    let reaches = any(|reading| reading.reaches) || all(|reading| reading.client);
    let administers = any(|reading| reading.administers);
    if reaches {
        report((
            Rule::SqlReach,
            "a statement that reads or writes files, runs programs or connects elsewhere",
        ));
    } else if administers {
        report((Rule::SqlReach, "a statement that changes the server, its accounts or their rights"));
    }
    if any(|reading| reading.destroys) {
        report((
            Rule::SqlDestroy,
            "a statement that takes away tables or all their rows, or changes all of them",
        ));
    }
    if any(|reading| reading.waits) {
        report((Rule::InjectionSql, "a function that makes the database wait"));
    }
    if any(|reading| reading.comment) {
        report((Rule::SqlComment, "a comment in the statement"));
    }
    let admitted = match statements {
        Statements::Read => Class::Read,
        Statements::Write => Class::Write,
        Statements::Any => return,
    };
    // A word that starts no statement counts where it is one in every dialect.
    let does_more = readings.iter().any(|reading| reading.class > admitted) || all(|reading| reading.unknown);
    if reaches || administers || dynamic || does_more {
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
    // Dialects differ on what a backslash is in a string.
    is_statement_of(text, Dialect::COMMON)
        || (text.contains(&b'\\') && is_statement_of(text, Dialect::COMMON_ESCAPED))
}

fn is_statement_of(text: &[u8], dialect: Dialect) -> bool {
    let mut tokens = Tokens::new(text, dialect);
    let (Some(Token::Word(first)), second) = (tokens.next(), tokens.next()) else { return false };
    let takes = |words: &[&str]| is_any(first, words);
    let begins = match second {
        Some(Token::Word(second)) => {
            (takes(&["insert", "replace", "merge"]) && is_any(second, &["into", "or", "ignore", "overwrite"]))
                || (takes(&["delete"]) && is(second, "from"))
                || (takes(&["create", "alter", "drop"]) && OBJECTS.has(second))
                || takes(&["with", "select"])
                || (takes(&["update"])
                    && tokens.clone().any(|token| matches!(token, Token::Word(word) if is(word, "set"))))
        }
        Some(_) => takes(&["select"]),
        None => false,
    };
    if !begins {
        return false;
    }
    let last = tokens.by_ref().last().or(second);
    let dangles = match last {
        Some(Token::Word(last)) => JOINING.has(last),
        Some(Token::Sign(sign)) => !matches!(sign, b';' | b')' | b'*' | b']'),
        _ => false,
    };
    // A comment up to the end is there for what is put behind it.
    let line = text.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let cut = tokens.comment && memchr::memmem::find(line, b"--").is_some();
    !dangles && !cut && tokens.open.is_none()
}

/// Words that something follows.
const JOINING: List = List::new(&[
    "where", "and", "or", "not", "from", "by", "having", "on", "select", "set", "values", "into", "union",
    "all", "like", "in", "is", "between", "when", "then", "join",
]);

/// What statements create, change and drop.
const OBJECTS: List = List::new(&[
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
]);

fn is(word: &[u8], name: &str) -> bool {
    word.eq_ignore_ascii_case(name.as_bytes())
}

fn is_any(word: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| is(word, name))
}

#[cfg(test)]
mod tests;
