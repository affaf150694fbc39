//! The parts of a statement that change or take away rows: which, and whether a condition tells them apart.

use super::condition::Condition;
use super::list::List;
use super::statement::{Around, Statement};
use super::tokens::Token;
use super::verbs::{self, Dropped, Sort};
use super::{is, is_any};

/// Follows the condition of what changes rows.
pub(super) fn condition<'t>(statement: &mut Statement<'t>, token: Token<'t>) {
    let depth = statement.depth().max(1);
    if let Some((at, condition)) = &mut statement.condition {
        let ends = depth == *at
            && match token {
                Token::Sign(b')') => depth > 1,
                Token::Word(word) => ENDING_CONDITION.has(word) && !condition.is_in_case(),
                _ => false,
            };
        if ends {
            statement.end_condition();
        } else {
            condition.take(token);
            return;
        }
    }
    let Token::Word(word) = token else { return };
    let merges = is(word, "on") && statement.merges;
    if (is(word, "where") && statement.changes == Some(depth)) || merges {
        statement.condition = Some((depth, Condition::new()));
        if statement.deletes == Some(depth) {
            statement.deletes = None;
        }
    }
}

/// Parts that change rows.
pub(super) fn changing(statement: &mut Statement<'_>, word: &[u8], around: Around<'_>) {
    let verb = statement.verb();
    let depth = statement.depth().max(1);
    if is(verb, "with")
        && depth == 1
        && is_any(word, &["select", "insert", "update", "delete", "merge", "values", "table", "from"])
    {
        statement.main = true;
    }
    let reads = verbs::sort(verb) == Sort::Reads && !verbs::explains(verb);
    let starts_part = around.is_first()
        || around.behind_sign(b'(')
        || around.behind_sign(b')')
        || (around.behind(&["as"]) && !reads)
        || (verbs::explains(verb) && !statement.explained)
        || (is(word, "delete") && around.before(&["from"]) && !is(verb, "revoke"));
    if is(verb, "alter") && is_any(word, &["delete", "update"]) {
        statement.changes = Some(depth);
        if is(word, "delete") && around.before(&["where"]) {
            statement.deletes = Some(depth);
        }
        return;
    }
    if !starts_part || around.is_call() {
        return;
    }
    let merges = is(word, "merge") && !around.before(&["join"]);
    statement.merges |= merges;
    if is_any(word, &["insert", "update", "delete"]) || merges {
        statement.writes = true;
        statement.end_condition();
    }
    let chosen = statement.merges && around.behind(&["then"]);
    if is_any(word, &["update", "delete"]) && !chosen {
        statement.changes = Some(depth);
    }
    if is(word, "delete") && !chosen {
        statement.destroys |= statement.deletes.take().is_some();
        statement.deleting = Some(depth);
    }
}

/// Follows which table DELETE names: where a comment follows in one dialect, it names none.
pub(super) fn delete_target(statement: &mut Statement<'_>, word: Option<&[u8]>) {
    let depth = statement.depth().max(1);
    let from = word.is_some_and(|word| is(word, "from"));
    if from && statement.deletes == Some(depth) {
        (statement.deleting, statement.deletes) = (statement.deletes, None);
    } else if statement.deleting == Some(depth)
        && !word.is_some_and(|word| is_any(word, &["from", "low_priority", "quick", "ignore", "only"]))
    {
        (statement.deletes, statement.deleting) = (statement.deleting, None);
    }
}

/// Follows what DROP takes away; `None` is a quoted name.
pub(super) fn drop_target(statement: &mut Statement<'_>, word: Option<(&[u8], Around<'_>)>) {
    if let Some((word, around)) = word {
        if is(word, "drop") {
            let verb = statement.verb();
            let about = statement.words().get(1).copied().unwrap_or_default();
            let second = statement.words().get(2).copied().unwrap_or_default();
            let of_table = is(verb, "alter")
                && (is_any(about, &["table", "type", "keyspace"])
                    || (is_any(about, &["foreign", "external", "online", "offline", "ignore"])
                        && is(second, "table")));
            statement.drop = match () {
                () if around.is_first() => Some(false),
                () if of_table => Some(true),
                () => None,
            };
            return;
        }
        if is(word, "cascade") && statement.cascades {
            statement.destroys = true;
        }
    }
    let Some(part) = statement.drop else { return };
    let dropped = match word {
        None => Dropped::Lost,
        Some((word, _)) if part => verbs::dropped_part(word),
        Some((word, _)) => verbs::dropped(word),
    };
    match dropped {
        Dropped::More => return,
        Dropped::Kept => {}
        Dropped::Cascades => statement.cascades = true,
        Dropped::Lost => statement.destroys = true,
    }
    statement.drop = None;
}

/// Words that end a condition.
const ENDING_CONDITION: List = List::new(&[
    "returning",
    "order",
    "limit",
    "group",
    "having",
    "union",
    "output",
    "when",
    "on",
    "window",
    "fetch",
    "option",
    "settings",
    "log",
    "end",
    "go",
]);
