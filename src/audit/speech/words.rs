//! A text as words with their senses.

use super::lexicon::{self, Senses, meaning};

/// Bytes of a word that count; what is longer is a token or an address, and no word of the lexicon.
pub(super) const LONGEST: usize = 40;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    None,
    /// Punctuation, a bracket, a quote: a clause may start.
    Clause,
    /// The end of a sentence, an empty line.
    Sentence,
}

/// What may stand between a word that obliges and "to": "needs you now to".
const CARRIED: Senses = lexicon::FILLER
    .and(lexicon::YOU)
    .and(lexicon::ME)
    .and(lexicon::MODEL)
    .and(lexicon::AGENT)
    .and(lexicon::LEAD);

/// A word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) senses: Senses,
    pub(super) before: Break,
}

/// The words of a text. What joins the words of a name (`_`, a change of case) parts words too.
pub(super) struct Words<'t> {
    text: &'t [u8],
    at: usize,
    /// The senses of the word before, for what depends on it.
    last: Senses,
    /// The word before asks for another one that says what is to be done.
    leads: bool,
    /// The words before say who has to do something: what follows "to" is that.
    asks: bool,
    /// The words since the start of the clause name a model.
    opens: bool,
    /// Words to come that belong to an example.
    example: u32,
    folded: [u8; LONGEST],
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            last: Senses::NONE,
            leads: false,
            asks: false,
            opens: false,
            example: 0,
            folded: [0; LONGEST],
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips what is no word; what it says of the next one.
    fn skip(&mut self) -> (Break, Senses) {
        let mut found = if self.at == 0 { Break::Sentence } else { Break::None };
        let mut senses = Senses::NONE;
        let mut lines = 0;
        loop {
            let rest = self.rest();
            let used = match rest {
                [] => break,
                // Line breaks and quotes that were escaped once more.
                [b'\\', b'n' | b'r' | b't', ..] | [0xC2, _, ..] => 2,
                [b'\n', ..] => {
                    lines += 1;
                    if lines > 1 {
                        found = Break::Sentence;
                    }
                    1
                }
                [b'.' | b'!' | b'?', rest @ ..] => {
                    let ends = rest.first().is_none_or(|next| !next.is_ascii_alphanumeric() && *next < 0x80);
                    found = found.max(if ends { Break::Sentence } else { Break::Clause });
                    1
                }
                [b'-', b' ' | b'-', ..] => {
                    found = found.max(Break::Clause);
                    2
                }
                [b' ' | b'\t' | b'\r' | b'\\' | b'_' | b'\'' | b'/' | b'+' | b'&' | b'-', ..] => 1,
                [b'@', ..] => {
                    senses = senses | lexicon::DESTINATION;
                    1
                }
                [0xE3, 0x80, 0x82, ..] | [0xEF, 0xBC, 0x81 | 0x9F, ..] => {
                    found = Break::Sentence;
                    3
                }
                // Punctuation, in all writings.
                [0xE2, 0x80, ..] | [0xE3, 0x80, _, ..] | [0xEF, 0xBC, _, ..] => {
                    found = found.max(Break::Clause);
                    3
                }
                [byte, ..] if byte.is_ascii_alphanumeric() || *byte >= 0x80 => break,
                _ => {
                    found = found.max(Break::Clause);
                    1
                }
            };
            self.at = (self.at + used).min(self.text.len());
        }
        (found, senses)
    }

    /// Whether these bytes stand right before a place.
    fn behind(&self, bytes: &[u8], at: usize) -> bool {
        self.text.get(..at).is_some_and(|before| before.ends_with(bytes))
    }

    /// Whether an `@` that belongs to no address stands right before a place.
    fn is_hailed(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(|before| before.strip_suffix(b"@"));
        before.is_some_and(|before| {
            before.last().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'(')
        })
    }

    /// The senses of the word that starts here, and how many bytes it has.
    fn word(&mut self) -> (Senses, usize) {
        let rest = self.rest();
        match rest {
            [b'e' | b'E', b'.', b'g' | b'G', ..] => return (lexicon::EXAMPLE, 3),
            [b'i' | b'I', b'.', b'e' | b'E', ..] => return (Senses::NONE, 3),
            _ => {}
        }
        if let [0xE3..=0xED, ..] = rest {
            return lexicon::written_without_spaces(rest);
        }
        let mut len = 0;
        let mut used = 0;
        while let Some(byte) = rest.get(used) {
            let folded = match byte {
                b'A'..=b'Z' => byte | 0x20,
                b'a'..=b'z' | b'0'..=b'9' => *byte,
                // Within a word an apostrophe says nothing.
                b'\'' if rest.get(used + 1).is_some_and(u8::is_ascii_alphabetic) => {
                    used += 1;
                    continue;
                }
                0xE2 if rest.get(used..used + 3) == Some(&[0xE2, 0x80, 0x99]) => {
                    used += 3;
                    continue;
                }
                0xC3..=0xE2 => {
                    let (bytes, size) = letter(rest.get(used..).unwrap_or_default());
                    if size == 0 {
                        break;
                    }
                    for byte in bytes.iter().take(size) {
                        if let Some(slot) = self.folded.get_mut(len) {
                            *slot = *byte;
                        }
                        len += 1;
                    }
                    used += size;
                    continue;
                }
                _ => break,
            };
            if let Some(slot) = self.folded.get_mut(len) {
                *slot = folded;
            }
            len += 1;
            used += 1;
        }
        let senses = self.folded.get(..len).map_or(Senses::NONE, meaning);
        (senses, used.max(1))
    }
}

/// What a colon behind a word says of it.
fn headed(senses: Senses, next: &[u8]) -> Senses {
    let is_headed =
        next.starts_with(b":") || next.starts_with(b" :") || next.starts_with("\u{FF1A}".as_bytes());
    let told = [
        (lexicon::TELL | lexicon::GRANTED, lexicon::SAYS),
        (lexicon::MODEL, lexicon::TITLED),
        (lexicon::TASK | lexicon::ORDERS, lexicon::ASSIGNS),
        (lexicon::JOB | lexicon::ORDERS, lexicon::DUTY),
    ];
    if !is_headed {
        return Senses::NONE;
    }
    let met = told.into_iter().filter(|(of, _)| senses.meets(*of));
    met.fold(lexicon::HEADED, |all, (_, sense)| all | sense)
}

/// A letter beyond ASCII in lower case, and its length; 0 where it is none.
fn letter(text: &[u8]) -> ([u8; 3], usize) {
    let size = match text {
        [0xC3..=0xDF, 0x80..=0xBF, ..] => 2,
        [0xE0..=0xE1, 0x80..=0xBF, 0x80..=0xBF, ..] => 3,
        // Punctuation and signs (0xE2 ..) end a word.
        _ => return ([0; 3], 0),
    };
    let mut bytes = [0; 3];
    bytes.iter_mut().zip(text).take(size).for_each(|(slot, byte)| *slot = *byte);
    let lower = match bytes {
        // Latin, Greek and Cyrillic capitals.
        [0xC3, 0x80..=0x9E, _] => [0xC3, bytes[1] | 0x20, 0],
        [0xD0, 0x90..=0x9F, _] => [0xD0, bytes[1] + 0x20, 0],
        [0xD0, 0xA0..=0xAF, _] => [0xD1, bytes[1] - 0x20, 0],
        [0xD0, 0x80..=0x8F, _] => [0xD1, bytes[1] + 0x10, 0],
        _ => bytes,
    };
    (lower, size)
}

impl Iterator for Words<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let (before, at_word) = self.skip();
        if self.rest().is_empty() {
            return None;
        }
        let start = self.at;
        let joined = start.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&b'_');
        let hidden = start.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&b'.')
            && start
                .checked_sub(2)
                .and_then(|at| self.text.get(at))
                .is_none_or(|byte| matches!(byte, b'/' | b' ' | b'`' | b'"' | b'\'' | b'\n' | b'('));
        let hidden = hidden || self.last.meets(lexicon::DOT);
        let (mut senses, used) = self.word();
        self.at = (self.at + used).min(self.text.len());
        senses = senses | at_word;
        // "approved by the user"; "notes by user"
        if senses.meets(lexicon::BY) && self.last.meets(lexicon::GRANTED) {
            senses = senses | lexicon::FROM;
        }
        let next = self.rest();
        if next.starts_with(b"://") {
            senses = senses | lexicon::DESTINATION;
        }
        if !joined && matches!(next, [b'_', byte, ..] if byte.is_ascii_alphanumeric()) {
            senses = senses | lexicon::IDENTIFIER;
        }
        if hidden && senses.meets(lexicon::DOTTED)
            || senses.meets(lexicon::KEYED) && self.last.meets(lexicon::OWNED)
        {
            senses = senses | lexicon::SECRET;
        }
        if hidden && senses.meets(lexicon::DOTTED) {
            senses = senses | lexicon::SECRET_FILE;
        }
        if next.starts_with(b"`") || start.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&b'`') {
            senses = senses | lexicon::ARGUMENT;
        }
        // An example is no order.
        if senses.meets(lexicon::EXAMPLE) {
            self.example = 6;
        } else if self.example > 0 {
            self.example -= 1;
            senses = senses.without(lexicon::SECRET | lexicon::SECRET_FILE);
        }
        // What is done: at the start of a clause, or behind a word that asks for it.
        let starts = before >= Break::Clause || self.leads;
        if starts && senses.meets(lexicon::ACT) {
            senses = senses | lexicon::DO;
        }
        let is_name = next.first().is_none_or(|byte| !matches!(byte, b'/' | b'-' | b'.' | b'_' | b'@'));
        if senses.meets(lexicon::MODEL)
            && is_name
            && (self.is_hailed(start) || self.behind(b"(", start) && next.starts_with(b": "))
        {
            senses = senses | lexicon::HAILED;
        }
        if senses.meets(lexicon::AGENT) && self.last.meets(lexicon::OF_LANGUAGE) && before == Break::None {
            senses = senses | lexicon::MODEL;
        }
        if before >= Break::Clause && senses.meets(lexicon::TO) {
            senses = senses | lexicon::FOR;
        }
        senses = senses | headed(senses, next);
        // "AI assistants:", "Assistant,"; a name before a colon alone is that of who speaks in a dialogue.
        let named = senses.meets(lexicon::MODEL | lexicon::AGENT);
        let of_model = self.last.meets(lexicon::MODEL) && self.opens && before == Break::None;
        if named && (before >= Break::Clause || of_model) {
            senses = senses
                | match next {
                    [b',', ..]
                        if of_model
                            || senses.meets(lexicon::MODEL)
                                && (before == Break::Sentence
                                    || self.behind(b", ", start) && !self.last.meets(lexicon::MODEL)) =>
                    {
                        lexicon::CALLED
                    }
                    [b':', ..] if self.behind(b"<!-- ", start) || self.behind(b"<!--", start) => {
                        lexicon::CALLED
                    }
                    [b':', b' ', ..] if of_model => lexicon::CALLED,
                    [b':', b' ', ..] => lexicon::LABEL,
                    _ => Senses::NONE,
                };
            self.opens = true;
        } else {
            self.opens = false;
        }
        self.leads = senses.meets(lexicon::LEAD)
            || (senses.meets(lexicon::TO) && self.asks)
            || (starts && senses.meets(lexicon::ADVERB));
        self.asks = senses.meets(lexicon::OBLIGES | lexicon::IS)
            || (self.asks && before == Break::None && senses.meets(CARRIED));
        self.last = senses;
        Some(Word { senses, before })
    }
}
