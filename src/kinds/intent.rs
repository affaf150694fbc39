//! What a tool will do at a path, told by its name.

#![forbid(unsafe_code)]

use super::foreign::words_in_english;
use crate::policy::Intent;

/// Verbs in the name of a tool, by what they do at a path.
const DELETES: &str = " del delete destroy discard erase purge remove rm rmdir trash unlink wipe ";
const WRITES: &str = " add append apply capture chmod chown compress configure convert copy cp create download dump edit \
    export extract fix generate init insert install make mkdir modify move mv overwrite patch prepend put record rename \
    render replace rewrite save scaffold set store touch truncate undo unpack untar unzip update upsert write zip ";
const READS: &str = " analyze analyse cat check compare count describe diff display explain fetch find get glob grep hash \
    head inspect lint list load lookup ls open parse peek preview query read scan search show stat summarize tail tree \
    validate view watch ";
/// Verbs that take what is at one path to another.
const MOVES: &str = " move mv rename ";

/// Names of arguments: where something is put, and where it comes from.
const TARGETS: &str = " dest destination dst new out output save target to ";
const SOURCES: &str = " from in input old origin original source src ";

fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// The words of a name, in lower case and in English: `readTextFile`, `read-text-file`, `fs.read_text_file`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if (starts || !c.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words_in_english(words)
}

/// What the name of a tool says that it does: the first verb tells, and any other that `and` or `or` joins to it. `None`
/// where there is no verb.
fn named(words: &[String]) -> Option<Intent> {
    let of = |word: &String| {
        if has(DELETES, word) {
            Some(Intent::Delete)
        } else if has(WRITES, word) {
            Some(Intent::Write)
        } else {
            has(READS, word).then_some(Intent::Read)
        }
    };
    let first = words.iter().find_map(of)?;
    let joined = words.iter().any(|word| matches!(word.as_str(), "and" | "or" | "then"));
    let changes = |intent: &Intent| *intent != Intent::Read;
    let other = words.iter().filter_map(of).find(changes).filter(|_| joined);
    Some(if first == Intent::Read { other.unwrap_or(first) } else { first })
}

/// What a tool will do at a path. `changes`: its annotations say that it changes something, which a name that says
/// otherwise outweighs. Unknown is reading: it is refused least.
///
/// `argument` is the name of the argument that holds the path. Listing is told as reading: whether there is a folder at
/// the path is the tool's affair.
pub(crate) fn intent_of_tool(name: &str, changes: bool, argument: &str) -> Intent {
    let tool = words(name);
    let unnamed = if changes { Intent::Write } else { Intent::Read };
    let intent = named(&tool).unwrap_or(unnamed);
    let argument = words(argument);
    let is = |list| argument.iter().any(|word| has(list, word));
    match intent {
        Intent::Write if is(TARGETS) => Intent::Write,
        Intent::Write if is(SOURCES) && tool.iter().any(|word| has(MOVES, word)) => Intent::Delete,
        Intent::Write if is(SOURCES) => Intent::Read,
        intent => intent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_tools_do() {
        for (name, intent) in [
            ("read_file", Intent::Read),
            ("readTextFile", Intent::Read),
            ("fs.get-file-info", Intent::Read),
            ("list_directory", Intent::Read),
            ("search_files", Intent::Read),
            ("directory_tree", Intent::Read),
            ("get_update_status", Intent::Read),
            ("write_file", Intent::Write),
            ("filesystem__edit_file", Intent::Write),
            ("createDirectory", Intent::Write),
            ("str_replace_editor", Intent::Write),
            ("search_and_replace", Intent::Write),
            ("download_image", Intent::Write),
            ("delete_note", Intent::Delete),
            ("removePath", Intent::Delete),
            ("eliminar_archivo", Intent::Delete),
            ("dateiSchreiben", Intent::Write),
            ("读取文件", Intent::Read),
            ("ファイルを削除する", Intent::Delete),
            ("git_status", Intent::Read),
            ("frobnicate", Intent::Read),
            ("", Intent::Read),
        ] {
            assert_eq!(intent_of_tool(name, false, "path"), intent, "{name}");
        }
    }

    #[test]
    fn a_hint_counts_where_the_name_says_nothing() {
        for (name, hint, intent) in [
            ("frobnicate", true, Intent::Write),
            ("frobnicate", false, Intent::Read),
            ("read_file", true, Intent::Read),
            ("write_file", false, Intent::Write),
        ] {
            assert_eq!(intent_of_tool(name, hint, "path"), intent, "{name} {hint:?}");
        }
    }

    #[test]
    fn both_ends_of_a_move_are_told() {
        for (name, argument, intent) in [
            ("move_file", "source", Intent::Delete),
            ("move_file", "destination", Intent::Write),
            ("rename", "old_path", Intent::Delete),
            ("rename", "newPath", Intent::Write),
            ("copy_file", "source", Intent::Read),
            ("copy_file", "destination", Intent::Write),
            ("convert", "input_path", Intent::Read),
            ("convert", "outputPath", Intent::Write),
            ("read_file", "source", Intent::Read),
        ] {
            assert_eq!(intent_of_tool(name, false, argument), intent, "{name} {argument}");
        }
    }
}
