//! What is said of one string, in a form that can be compared: words in lower case and in the singular.

#![forbid(unsafe_code)]

use super::evidence::Siblings;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Characters of a name, and of a description, that are looked at.
const MAX_NAME: usize = 128;
const MAX_TEXT: usize = 800;
/// Values that are looked at, and the length of one that is quoted in a description (bytes).
const MAX_EXAMPLES: usize = 16;
const MAX_QUOTED: usize = 120;

/// Whose value it is: the name, and what was said further out.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject<'s> {
    name: &'s str,
    texts: Vec<&'s str>,
}

impl<'s> Subject<'s> {
    pub(super) fn named(name: &'s str) -> Self {
        Self { name, texts: Vec::new() }
    }

    /// The subject with what its schemas say of it in front.
    pub(super) fn described(&self, parts: &[&'s Map<String, Value>]) -> Self {
        let own = parts.iter().flat_map(|part| [part.get("description"), part.get("title")]);
        let texts =
            own.flatten().filter_map(Value::as_str).chain(self.texts.iter().copied()).take(4).collect();
        Self { name: self.name, texts }
    }
}

/// What is known of a string.
#[derive(Debug)]
pub(super) struct Facts<'s> {
    name: Vec<String>,
    /// The words of the descriptions with a space before and after each.
    text: String,
    words: HashSet<String>,
    /// The descriptions as they are, in lower case.
    pub(super) raw: String,
    /// Values that the schema shows.
    pub(super) examples: Vec<String>,
    pub(super) siblings: Siblings,
    parts: Vec<&'s Map<String, Value>>,
}

impl<'s> Facts<'s> {
    pub(super) fn new(parts: &[&'s Map<String, Value>], subject: &Subject<'s>, siblings: Siblings) -> Self {
        let texts: Vec<String> =
            subject.texts.iter().map(|text| text.chars().take(MAX_TEXT).collect()).collect();
        let words: Vec<String> = texts.iter().flat_map(|text| words_of_text(text)).collect();
        let mut examples: Vec<String> =
            texts.iter().flat_map(|text| quoted(text)).map(str::to_owned).collect();
        examples.truncate(MAX_EXAMPLES);
        for part in parts {
            let shown = part.get("examples").and_then(Value::as_array).into_iter().flatten();
            let shown = shown.chain(part.get("example")).chain(part.get("default"));
            examples.extend(shown.filter_map(Value::as_str).take(MAX_EXAMPLES).map(str::to_owned));
        }
        Self {
            name: words_of_name(subject.name),
            text: format!(" {} ", words.join(" ")),
            words: words.into_iter().collect(),
            raw: texts.join(" ").to_lowercase(),
            examples,
            siblings,
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

    /// Whether nothing is said but the name, perhaps once more as a title.
    pub(super) fn is_bare(&self) -> bool {
        self.words.iter().all(|word| self.name.contains(word))
    }

    /// Whether the descriptions hold one of these words or phrases, which are in the singular.
    pub(super) fn says(&self, phrases: &str) -> bool {
        phrases.split(", ").any(|phrase| self.at(phrase).is_some())
    }

    /// The same within the first `count` words.
    pub(super) fn opens_with(&self, phrases: &str, count: usize) -> bool {
        let before = |at: usize| self.text.get(..at).map_or(0, |text| text.matches(' ').count());
        phrases.split(", ").any(|phrase| self.at(phrase).is_some_and(|at| before(at) < count))
    }

    fn at(&self, phrase: &str) -> Option<usize> {
        match phrase.split_once(' ') {
            None if !self.words.contains(phrase) => None,
            Some((first, _)) if !self.words.contains(first) => None,
            _ => self.text.find(&format!(" {phrase} ")),
        }
    }
}

/// Whether a list, written with commas between, has this word.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split(", ").any(|known| known == word)
}

/// The words of a name: `imageURLs`, `image_urls` and `IMAGE-URL2` are all `image url`.
pub(super) fn words_of_name(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().take(MAX_NAME).collect();
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(|before| !before.is_uppercase())
                || after.is_some_and(|after| after.is_lowercase() && !is_plural(&chars, at)));
        if starts || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    let without_number = |word: String| {
        let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if plain.len() > 2 { singular(plain) } else { word }
    };
    words.into_iter().map(without_number).filter(|word| !word.is_empty()).collect()
}

/// Whether the capital at `at` is the last of an abbreviation in the plural: `URLs`.
fn is_plural(chars: &[char], at: usize) -> bool {
    chars.get(at + 1) == Some(&'s') && chars.get(at + 2).is_none_or(|next| !next.is_lowercase())
}

fn words_of_text(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| singular(&word.to_lowercase()))
}

/// A word without the ending of a plural; short ones and those that only look like one lose it too, here as in what
/// they are compared with.
pub(super) fn singular(word: &str) -> String {
    let cut = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 2);
    if let Some(stem) = cut("ies") {
        return format!("{stem}y");
    }
    if let Some(stem) = cut("es").filter(|stem| ["ch", "sh", "ss", "x"].iter().any(|end| stem.ends_with(end)))
    {
        return stem.to_owned();
    }
    let is_plural = |stem: &&str| !["s", "u", "si"].iter().any(|end| stem.ends_with(end));
    cut("s").filter(is_plural).unwrap_or(word).to_owned()
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
    fn names_are_their_words() {
        for (name, words) in [
            ("file_path", "file path"),
            ("filePath", "file path"),
            ("FILE-PATH", "file path"),
            ("imageURLs", "image url"),
            ("URLName", "url name"),
            ("HTMLFile", "html file"),
            ("websiteId", "website id"),
            ("url2", "url"),
            ("s3Bucket", "s3 bucket"),
            ("directories", "directory"),
            ("branches", "branch"),
            ("ip_addresses", "ip address"),
            ("_from", "from"),
            ("__proto__", "proto"),
            ("größen", "größen"),
            ("", ""),
            ("~/*", ""),
        ] {
            assert_eq!(words_of_name(name).join(" "), words, "{name}");
        }
        assert!(words_of_name(&"aB".repeat(1 << 16)).len() <= MAX_NAME);
    }

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
