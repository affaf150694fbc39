//! Words of names and of sentences, in a form that can be compared: in lower case and in the singular.

#![forbid(unsafe_code)]

use std::collections::HashSet;

/// Characters of a name that are looked at.
const MAX_NAME: usize = 128;

/// Sentences as their words.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The words with a space before and after each.
    joined: String,
    words: HashSet<String>,
}

impl Text {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let words: Vec<String> = texts.flat_map(words_of_text).collect();
        Self { joined: format!(" {} ", words.join(" ")), words: words.into_iter().collect() }
    }

    /// Whether it holds one of these words or phrases, which are in the singular, with commas between.
    pub(super) fn says(&self, phrases: &str) -> bool {
        !self.words.is_empty() && phrases.split(", ").any(|phrase| self.holds(phrase))
    }

    /// Whether it has no words but these.
    pub(super) fn is_made_of(&self, words: &[String]) -> bool {
        self.words.iter().all(|word| words.contains(word))
    }

    fn holds(&self, phrase: &str) -> bool {
        match phrase.split_once(' ') {
            None => self.words.contains(phrase),
            Some((first, _)) => self.words.contains(first) && self.joined.contains(&format!(" {phrase} ")),
        }
    }
}

/// Whether a list, written with commas between, has this word.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split(", ").any(|known| known == word)
}

/// The words of a name: `imageURLs`, `image_urls` and `IMAGE-URL2` are all `image url`.
pub(crate) fn words_of_name(name: &str) -> Vec<String> {
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

pub(super) fn words_of_text(text: &str) -> impl Iterator<Item = String> {
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
}
