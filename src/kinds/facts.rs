//! What is said of one string.

#![forbid(unsafe_code)]

use super::evidence::Siblings;
use super::foreign::{in_english, name_in_english};
use super::intent::intent_of_tool;
use super::phrase::Phrase;
use super::setting::Setting;
use super::words::{Text, has, words_of_name};
use crate::policy::{Argument, Intent, Kind, Statements};
use serde_json::{Map, Value};

/// Characters of a description that are looked at.
const MAX_TEXT: usize = 800;
/// Values that are looked at, and the length of one that is quoted in a description (bytes).
const MAX_EXAMPLES: usize = 16;
const MAX_QUOTED: usize = 120;

/// Whose value it is: the name, the name of what it is a part of, and what was said further out.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject<'s> {
    name: &'s str,
    owner: &'s str,
    texts: Vec<&'s str>,
}

impl<'s> Subject<'s> {
    pub(super) fn named(name: &'s str, owner: &'s str) -> Self {
        Self { name, owner, texts: Vec::new() }
    }

    pub(super) fn name(&self) -> &'s str {
        self.name
    }

    /// The subject with what its schemas say of it in front.
    pub(super) fn described(&self, parts: &[&'s Map<String, Value>]) -> Self {
        let own = parts.iter().flat_map(|part| [part.get("description"), part.get("title")]);
        let texts =
            own.flatten().filter_map(Value::as_str).chain(self.texts.iter().copied()).take(4).collect();
        Self { texts, ..*self }
    }
}

/// What is known of a string.
#[derive(Debug)]
pub(super) struct Facts<'s> {
    /// The name as it is.
    called: &'s str,
    /// Its words.
    name: Vec<String>,
    owner: Vec<String>,
    text: Text,
    /// What the first description that says more than the name is about.
    pub(super) about: Phrase,
    /// The descriptions as they are, in lower case.
    pub(super) raw: String,
    /// Values that the schema shows.
    pub(super) examples: Vec<String>,
    pub(super) siblings: Siblings,
    pub(super) tool: &'s Setting,
    /// Whether nothing is said but the name, perhaps once more as a title.
    pub(super) is_bare: bool,
    parts: Vec<&'s Map<String, Value>>,
}

impl<'s> Facts<'s> {
    pub(super) fn new(
        parts: &[&'s Map<String, Value>],
        subject: &Subject<'s>,
        siblings: Siblings,
        tool: &'s Setting,
    ) -> Self {
        let name = name_in_english(words_of_name(subject.name));
        let texts: Vec<String> =
            subject.texts.iter().map(|text| text.chars().take(MAX_TEXT).collect()).collect();
        let mut examples: Vec<String> =
            texts.iter().flat_map(|text| quoted(text)).map(str::to_owned).collect();
        examples.truncate(MAX_EXAMPLES);
        for part in parts {
            let shown = part.get("examples").and_then(Value::as_array).into_iter().flatten();
            let shown = shown.chain(part.get("example")).chain(part.get("default"));
            examples.extend(shown.filter_map(Value::as_str).take(MAX_EXAMPLES).map(str::to_owned));
        }
        // For an optional argument the empty string means that there is none.
        examples.retain(|example| !example.is_empty());
        let raw = texts.join(" ").to_lowercase();
        let texts: Vec<_> = texts.iter().map(|text| in_english(text)).collect();
        let text = Text::of(texts.iter().map(|text| &**text));
        let telling = texts.iter().find(|text| !Text::of(std::iter::once(&***text)).is_made_of(&name));
        Self {
            called: subject.name,
            is_bare: text.is_made_of(&name),
            about: telling.map(|text| Phrase::of(text)).unwrap_or_default(),
            owner: name_in_english(words_of_name(subject.owner)),
            raw,
            name,
            text,
            examples,
            siblings,
            tool,
            parts: parts.to_vec(),
        }
    }

    /// The value of a keyword that is text, in any of the schemas.
    pub(super) fn keyword(&self, key: &str) -> Option<&'s str> {
        self.parts.iter().find_map(|part| part.get(key)?.as_str())
    }

    /// Whether one of the schemas has a keyword.
    pub(super) fn has(&self, key: &str) -> bool {
        self.parts.iter().any(|part| part.contains_key(key))
    }

    /// How a value of this kind is to be judged, as a guess.
    pub(super) fn argument(&self, kind: Kind) -> Argument {
        let statements = (kind == Kind::Sql && self.reads_only()).then_some(Statements::Read);
        Argument { statements, inferred: true, ..Argument::new(kind, self.intent(kind)) }
    }

    /// Whether the statements of a tool are expected to read, as its words or those of the argument say.
    fn reads_only(&self) -> bool {
        let reads = "read only, readonly, select only, select query, select statement, only select, only read, only allow select, \
            non destructive, cannot modify, no modification";
        let writes = "insert, update, delete, ddl, dml, drop, alter, create table, write, any sql, modify data, execute any";
        let is_named = self.tool.named("read, readonly, select") || self.named("select, readonly");
        let says = self.tool.says(reads) || self.says(reads);
        (is_named || says)
            && !(self.tool.named("write, ddl, dml, insert, update, delete")
                || !says && self.tool.says(writes))
    }

    /// What the tool will do at a path: what the description says of the file, then what the names say.
    fn intent(&self, kind: Kind) -> Intent {
        let written = "to save, save to, where to save, write to, to write, to create, output file, output path, will be saved, \
            will be written, to store";
        match kind {
            Kind::Path if self.says(written) => Intent::Write,
            Kind::Path => intent_of_tool(&self.tool.called, self.tool.changes, self.called),
            _ => Intent::Read,
        }
    }

    /// The words of the name.
    pub(super) fn words(&self) -> Vec<&str> {
        self.name.iter().map(String::as_str).collect()
    }

    /// The noun of the name: its last word.
    pub(super) fn head(&self) -> &str {
        self.name.last().map_or("", String::as_str)
    }

    /// Whether the name has one of these words.
    pub(super) fn named(&self, words: &str) -> bool {
        self.name.iter().any(|word| has(words, word))
    }

    /// Whether what the value is a part of has one of these words in its name.
    pub(super) fn is_part_of(&self, words: &str) -> bool {
        self.owner.iter().any(|word| has(words, word))
    }

    /// Whether the descriptions hold one of these words or phrases, which are in the singular.
    pub(super) fn says(&self, phrases: &str) -> bool {
        self.text.says(phrases)
    }

    /// Whether the descriptions or the tool's words do.
    pub(super) fn all_say(&self, phrases: &str) -> bool {
        self.says(phrases) || self.tool.says(phrases)
    }
}

/// What stands in quotes: no apostrophes.
fn quoted(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(open) = text.get(rest..).and_then(|tail| tail.find(['\'', '"', '`'])).map(|at| rest + at) {
        rest = open + 1;
        let (Some(head), Some(tail)) = (text.get(..open), text.get(rest..)) else { break };
        if head.ends_with(char::is_alphanumeric) {
            continue;
        }
        let Some(quote) = text.get(open..).and_then(|tail| tail.chars().next()) else { break };
        let within = tail.char_indices().take_while(|(at, _)| *at <= MAX_QUOTED);
        let mut ends = within.filter(|(_, c)| *c == quote).map(|(at, _)| at);
        let is_end =
            |at: &usize| !tail.get(at + 1..).is_some_and(|behind| behind.starts_with(char::is_alphanumeric));
        if let Some(end) = ends.find(is_end) {
            found.extend(tail.get(..end));
            rest += end + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_no_apostrophe() {
        for (text, found) in [
            ("such as 'a.txt' or \"b c\"", &["a.txt", "b c"] as &[&str]),
            ("the server's name and the user's", &[]),
            ("'it's' and `x`", &["it's", "x"]),
            ("'open", &[]),
            ("''", &[""]),
            ("'é'", &["é"]),
        ] {
            assert_eq!(quoted(text), found, "{text}");
        }
    }
}
