//! Letters that pass for others, in names.

#![forbid(unsafe_code)]

use super::context;
use super::lookalikes::{ALPHABETS, Alphabet, LOOKALIKES, STYLED};
use crate::rules::Rule;
use std::ops::Range;

/// Reports words of a name that read as other letters than they hold (`text.homoglyph`), each with its range in bytes. For
/// identifiers, hosts and paths: prose mixes alphabets for good reasons. Of a host give the form with Unicode
/// letters, not `xn--`.
///
/// A word is a run of letters. It is reported when
///
/// - it mixes Latin with another alphabet, and all neighbouring letters of that alphabet look like Latin ones
///   (`p` + Cyrillic `а` + `ypal`), or letters that look Cyrillic stand in a Cyrillic word;
/// - all of it looks Latin but is not, while the rest of the name has Latin letters and no other letter of that alphabet
///   (a host of Cyrillic look-alikes under `.com`);
/// - it has letters that only fold to ASCII ones: mathematical, full-width, phonetic, Roman numerals.
///
/// Not reported are scripts side by side (`отчёт_2024_final`), abbreviations inside a word (`PDFфайл`), a Greek letter in a
/// formula (`TNFα`), full-width letters in Chinese, Japanese and Korean names, and look-alikes within Latin
/// (`l` and `I`, Turkish `ı`). A name that is nothing but a word of look-alikes is one of its own language.
///
/// Takes time linear in the length of `text`, allocates nothing, and is done at once with ASCII.
///
/// ```
/// let mut found = Vec::new();
/// callgate::text::homoglyph("p\u{430}ypal.com", |rule, range, _| found.push((rule.id(), range)));
/// assert_eq!(found, [("text.homoglyph", 0..7)]);
/// ```
pub fn homoglyph(text: &str, mut report: impl FnMut(Rule, Range<usize>, &'static str)) {
    if text.is_ascii() {
        return;
    }
    let name = Name::of(text);
    if !(name.has_styled || (name.has_latin && name.seen != 0)) {
        return;
    }
    let mut rest = 0;
    while let Some(range) = next_word(text, rest) {
        rest = range.end;
        if let Some(what) = text.get(range.clone()).and_then(|word| judge(word, &name)) {
            report(Rule::TextHomoglyph, range, what);
        }
    }
}

/// The next run of letters from `from` on.
fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let start = from + rest.find(is_letter)?;
    let rest = text.get(start..)?;
    Some(start..start + rest.find(|c| !is_letter(c)).unwrap_or(rest.len()))
}

/// A letter, or a mark on one.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36F}')
}

fn alphabet(c: char) -> Option<Alphabet> {
    let index = ALPHABETS.partition_point(|(_, last, _)| *last < c);
    ALPHABETS.get(index).filter(|(first, ..)| *first <= c).map(|(.., alphabet)| *alphabet)
}

fn is_in(ranges: &[(char, char)], c: char) -> bool {
    let index = ranges.partition_point(|(_, last)| *last < c);
    ranges.get(index).is_some_and(|(first, _)| *first <= c)
}

/// ASCII letters that a letter of Cyrillic looks like.
fn looks_cyrillic(c: char) -> bool {
    "ABCEHIJKMOPSTXYaceijopsxy".contains(c)
}

/// What the words of a name are judged by together.
struct Name {
    has_latin: bool,
    has_styled: bool,
    has_east_asian: bool,
    /// Alphabets, of those that have look-alikes, that the name has letters of.
    seen: u128,
    /// Those with a letter that looks like no Latin one: they are written here.
    written: u128,
}

impl Name {
    fn of(text: &str) -> Self {
        let mut name =
            Self { has_latin: false, has_styled: false, has_east_asian: false, seen: 0, written: 0 };
        for c in text.chars() {
            if is_latin(c) {
                name.has_latin = true;
            } else if let Some(alphabet) = alphabet(c) {
                name.seen |= bit(alphabet);
                if name.written & bit(alphabet) == 0 && !is_in(LOOKALIKES, c) {
                    name.written |= bit(alphabet);
                }
            } else {
                name.has_east_asian |=
                    context::is_han(c) || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}');
            }
            name.has_styled |= !c.is_ascii() && is_in(STYLED, c);
        }
        name
    }
}

fn bit(alphabet: Alphabet) -> u128 {
    1_u128.checked_shl(alphabet as u32).unwrap_or(0)
}

/// The letters of one alphabet that follow each other in a word.
struct Run {
    /// `None`: Latin.
    alphabet: Option<Alphabet>,
    letters: usize,
    /// Every letter passes for one of the other alphabet.
    passes: bool,
    /// Small letters of Latin stand on either side.
    touches_small: bool,
    is_small: bool,
}

impl Run {
    /// Whether a reader takes these letters for Latin ones. A small Greek letter by itself is a symbol, unless it stands
    /// among small letters.
    fn passes_for_latin(&self) -> bool {
        let symbol = self.alphabet == Some(Alphabet::Greek) && self.letters == 1 && self.is_small;
        self.alphabet.is_some() && self.passes && (!symbol || self.touches_small)
    }
}

/// What is wrong with a word.
fn judge(word: &str, name: &Name) -> Option<&'static str> {
    if word.is_ascii() {
        return None;
    }
    let styled = |c: char| is_in(STYLED, c) && !(name.has_east_asian && matches!(c, '\u{FF21}'..='\u{FF5A}'));
    if word.chars().nth(1).is_some() && word.chars().any(styled) {
        return Some("letters that only fold to ASCII ones");
    }
    let has_latin = word.chars().any(is_latin);
    let has_cyrillic = word.chars().any(|c| alphabet(c) == Some(Alphabet::Cyrillic));
    let mut all_pass = true;
    let mut letters = 0;
    for run in runs(word) {
        letters += run.letters;
        let mixed = match run.alphabet {
            Some(_) => has_latin && run.passes_for_latin(),
            None => has_cyrillic && run.passes,
        };
        if mixed {
            return Some("letters of two alphabets that look alike in one word");
        }
        let written = run.alphabet.is_some_and(|alphabet| name.written & bit(alphabet) != 0);
        let symbol = run.alphabet == Some(Alphabet::Greek) && run.letters == 1;
        all_pass &= run.alphabet.is_some() && run.passes && !written && !symbol;
    }
    (letters > 0 && all_pass && name.has_latin).then_some("a word of another alphabet that reads as Latin")
}

/// The runs of a word; letters of other scripts and marks belong to none, and end none.
fn runs(word: &str) -> impl Iterator<Item = Run> {
    let mut letters = word
        .chars()
        .filter_map(|c| if is_latin(c) { Some((c, None)) } else { alphabet(c).map(|own| (c, Some(own))) })
        .peekable();
    let mut before = None;
    std::iter::from_fn(move || {
        let (first, alphabet) = letters.next()?;
        let mut run = Run {
            alphabet,
            letters: 0,
            passes: true,
            touches_small: before.is_some_and(|c: char| c.is_ascii_lowercase()),
            is_small: first.is_lowercase(),
        };
        let mut last = first;
        let mut next = Some(first);
        while let Some(c) = next {
            run.letters += 1;
            run.passes &= if alphabet.is_none() { looks_cyrillic(c) } else { is_in(LOOKALIKES, c) };
            last = c;
            next = letters.next_if(|(_, own)| *own == alphabet).map(|(c, _)| c);
        }
        before = Some(last);
        run.touches_small |= letters.peek().is_some_and(|(c, _)| c.is_ascii_lowercase());
        Some(run)
    })
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') && c.is_alphabetic())
}
