//! What a description says that a value is: the noun that its first sentence turns around.
//!
//! "The absolute path to the HTML file, or its URL" is about a `path` or a `url`; that a file and HTML occur in it says
//! little of the value.

#![forbid(unsafe_code)]

use super::words::{has, singular};

/// Words of a sentence that are looked at, and those behind its first nouns.
const MAX_WORDS: usize = 40;
const MAX_AFTER: usize = 10;

/// Words that come before the nouns of a sentence and say nothing of what they stand for.
const OPENING: &str = "absolute, relative, a, an, the, thi, your, its, it, optional, optionally, required, must, be, should, is, i, can, may, if, specified, specify, \
    enter, provide, give, set, use, pas, pass, please, which, what, only, one, or, more, any, each, e, g, here, and, for, \
    when, to, with, of, in, on, by";

/// Words that end the nouns of a sentence.
const CLOSING: &str = "to, of, for, that, where, which, in, from, with, without, containing, contain, used, using, when, if, as, at, on, by, \
    within, under, below, above, beneath, among, into, onto, is, i, are, will, must, should, can, may, whose, including, inside, against, based, being, \
    you, it, the, a, an, per, via, like, between, before, after, than, given, read, written, defining, describing, pointing, specifying, representing, holding, having, e, because, so, since, through";

/// Nouns that stand for others: the list of paths, the name of a file.
const PARTITIVE: &str = "list, array, set, collection, sequence, sery, map, object, comma, string, value, item, element, group, pair, json";

/// The first nouns of a text.
#[derive(Debug, Default)]
pub(super) struct Phrase {
    /// The last word of each alternative: `file path or URL` has `path` and `url`.
    pub(super) heads: Vec<String>,
    /// All of its words.
    pub(super) words: Vec<String>,
    /// The words that follow it.
    pub(super) after: Vec<String>,
}

impl Phrase {
    pub(super) fn of(text: &str) -> Self {
        let tokens = tokens(text);
        let mut rest = tokens.as_slice();
        let mut phrase = Self::next(&mut rest);
        // The list of paths is about paths.
        while phrase.heads.iter().all(|head| has(PARTITIVE, head)) && !rest.is_empty() {
            let inner = Self::next(&mut rest);
            if inner.heads.is_empty() {
                break;
            }
            phrase = inner;
        }
        phrase.after = rest.iter().take(MAX_AFTER).map(|token| token.word.clone()).collect();
        phrase
    }

    fn next(rest: &mut &[Token]) -> Self {
        while let Some((first, tail)) = rest.split_first().filter(|(first, _)| has(OPENING, &first.word)) {
            let _ = first;
            *rest = tail;
        }
        let mut phrase = Self::default();
        while let Some((token, tail)) = rest.split_first() {
            let is_or = matches!(&*token.word, "or" | "and") && !phrase.words.is_empty();
            if !phrase.words.is_empty() && (token.is_broken || has(CLOSING, &token.word)) {
                break;
            }
            *rest = tail;
            if is_or {
                phrase.heads.extend(phrase.words.last().cloned());
            } else if !has(OPENING, &token.word) {
                phrase.words.push(token.word.clone());
            }
        }
        phrase.heads.extend(phrase.words.last().cloned());
        phrase
    }

    /// Whether one of the alternatives is one of these.
    pub(super) fn is(&self, nouns: &str) -> bool {
        self.heads.iter().any(|head| has(nouns, head))
    }

    /// Whether every alternative is one of these, and there is one.
    pub(super) fn is_only(&self, nouns: &str) -> bool {
        !self.heads.is_empty() && self.heads.iter().all(|head| has(nouns, head))
    }

    /// Whether one of these is among its words.
    pub(super) fn has(&self, words: &str) -> bool {
        self.words.iter().any(|word| has(words, word))
    }

    /// Whether one of these follows within some words.
    pub(super) fn is_of(&self, words: &str, within: usize) -> bool {
        self.after.iter().take(within).any(|word| has(words, word))
    }
}

/// A word, and whether a mark stands before it that ends what was said.
struct Token {
    word: String,
    is_broken: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut is_broken = false;
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() || (c == '_' && !word.is_empty()) {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            tokens.push(Token { word: singular(&std::mem::take(&mut word)), is_broken });
            is_broken = false;
            if tokens.len() >= MAX_WORDS {
                break;
            }
        }
        match c {
            '/' | '|' if !is_broken => tokens.push(Token { word: "or".to_owned(), is_broken: false }),
            // The plural of `path(s)` is cut off.
            ',' | '.' | ':' | ';' | '(' | ')' | '[' | '\n' | '\u{2013}' | '\u{2014}' => {
                is_broken = !tokens.is_empty();
            }
            _ => {}
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_about_their_first_nouns() {
        for (text, heads) in [
            ("Path to the file", "path"),
            ("The absolute path of the HTML file to read", "path"),
            ("Absolute or relative path", "path"),
            ("A path relative to the root", "path"),
            ("File path or URL", "path url"),
            ("Path/URL of the image", "path url"),
            ("Path(s) to the files", "path"),
            ("List of file paths", "path"),
            ("An array of paths to read", "path"),
            ("File to write to", "file"),
            ("(optional) The directory where results go", "directory"),
            ("Name of the file", "name"),
            ("Must be a valid URL", "url"),
            ("The content of the file", "content"),
            ("Pptx Path", "path"),
            ("", ""),
            ("of", ""),
            ("///", ""),
            ("\u{202e}größe der Datei", "datei"),
        ] {
            assert_eq!(Phrase::of(text).heads.join(" "), heads, "{text}");
        }
        assert!(Phrase::of(&"a b ".repeat(1 << 16)).words.len() <= MAX_WORDS);
    }
}
