//! Texts that speak to the model: who is addressed, who claims to speak, what is ordered, what is kept from whom.
//!
//! No single word makes an order. A text is read once as words of sentences ([`words`]); each word has senses, whatever
//! its language ([`lexicon`]); senses in a row make cues ([`phrases`]); and cues that stand together weigh enough, or do
//! not. What weighs how much depends on where a text comes from: a description of a tool may ask for things that a
//! page or a mail may not.
//!
//! Time is linear in the text, and nothing is allocated.

#![forbid(unsafe_code)]

mod lexicon;
mod phrases;
#[cfg(test)]
mod tests;
mod words;

use lexicon::Senses;
use phrases::{Cue, PHRASES, Phrase};
use words::{Break, Words};

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A result, a document, an argument.
    Data,
    /// What a server says of its tools, prompts and resources, and of itself.
    Definition,
    /// A name in such a definition, or one of the values that an argument may have.
    Name,
}

/// Cues weigh together where no more words than these are between them.
const SPAN: u32 = 60;
/// An order behind a cue is directed at the model where no more words than these are between them.
const SHORT_SPAN: u32 = 16;
/// The weight of an order.
const ORDER: u32 = 4;
/// What cues of weight 1 weigh at most together.
const MOST_WEAK: u32 = 2;
/// The most steps of a phrase.
const STEPS: usize = 5;

/// Builds what the first look at a text would build.
pub(super) fn warm() {
    lexicon::warm();
}

/// What a text says to the model that it should not say, if so.
pub(crate) fn order(text: &[u8], source: Source) -> Option<&'static str> {
    let mut reader = Reader::new(source);
    for word in Words::new(text) {
        if let Some(what) = reader.word(word.senses, word.before) {
            return Some(what);
        }
    }
    None
}

/// How far one phrase has come: where each of its steps was taken last, counted from 1.
type Taken = [u32; STEPS];

/// Reads words in their order.
struct Reader {
    source: Source,
    /// The number of the word, from 1.
    at: u32,
    /// The first word of the sentence.
    sentence: u32,
    /// The last word that is more than an article or the like.
    full: u32,
    /// The last word that denies what follows.
    denied: u32,
    taken: [Taken; PHRASES.len()],
    /// Where each cue was heard last.
    heard: [u32; Cue::COUNT],
}

impl Reader {
    fn new(source: Source) -> Self {
        Self {
            source,
            at: 0,
            sentence: 1,
            full: 0,
            denied: 0,
            taken: [[0; STEPS]; PHRASES.len()],
            heard: [0; Cue::COUNT],
        }
    }

    fn word(&mut self, senses: Senses, before: Break) -> Option<&'static str> {
        self.at = self.at.saturating_add(1);
        if before == Break::Sentence {
            self.sentence = self.at;
        }
        // "do not skip the confirmation"
        let is_denied = self.denied >= self.sentence && self.at - self.denied <= 2;
        let senses = if is_denied { senses.without(lexicon::SKIPS) } else { senses };
        if senses.meets(lexicon::NOT) {
            self.denied = self.at;
        }
        let mut told = None;
        let mut ordered = false;
        let place = Place { at: self.at, sentence: self.sentence, full: self.full };
        for index in phrases::with(senses) {
            let (Some(phrase), Some(taken)) = (PHRASES.get(index), self.taken.get_mut(index)) else {
                continue;
            };
            if advance(phrase, taken, senses, place) {
                if let Some(heard) = self.heard.get_mut(phrase.cue as usize) {
                    *heard = self.at;
                }
                told = Some(phrase.cue);
                ordered |= phrase.cue == Cue::Order;
            }
        }
        // An order right behind what says to whom, or in whose name.
        if ordered
            && self.weight(SHORT_SPAN).0 > 0
            && let Some(heard) = self.heard.get_mut(Cue::Directed as usize)
        {
            *heard = self.at;
        }
        if !senses.meets(lexicon::FILLER) {
            self.full = self.at;
        }
        let cue = told?;
        let (strong, weak) = self.weight(SPAN);
        let directed =
            self.heard.get(Cue::Directed as usize).is_some_and(|heard| self.is_recent(*heard, SPAN));
        let weight = strong + weak.min(MOST_WEAK) + u32::from(directed && self.source == Source::Data);
        (weight >= ORDER).then(|| cue.says())
    }

    fn is_recent(&self, heard: u32, span: u32) -> bool {
        heard > 0 && self.at - heard <= span
    }

    /// What the cues in the last words weigh together: those that weigh more than one, and the others. In data one of
    /// those about secrecy counts, the heaviest.
    fn weight(&self, span: u32) -> (u32, u32) {
        let (mut strong, mut weak, mut secrecy) = (0, 0, 0);
        for (_, cue) in self.heard.iter().zip(Cue::ALL).filter(|(heard, _)| self.is_recent(**heard, span)) {
            match cue.weight(self.source) {
                weight if self.source == Source::Data && cue.is_of_secrecy() => secrecy = weight.max(secrecy),
                weight if weight > 1 => strong += weight,
                weight => weak += weight,
            }
        }
        if secrecy > 1 { (strong + secrecy, weak) } else { (strong, weak + secrecy) }
    }
}

/// Where a word stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: u32,
    sentence: u32,
    full: u32,
}

/// Takes the steps of a phrase that this word can be; whether the last one was taken. The last ones first, so that one
/// word is one step. What was taken latest leaves most room for what is to come, so that nothing else is remembered.
fn advance(phrase: &Phrase, taken: &mut Taken, senses: Senses, place: Place) -> bool {
    let mut whole = false;
    for (index, step) in phrase.steps.iter().enumerate().rev() {
        if !step.senses.meets(senses) {
            continue;
        }
        let follows = match index.checked_sub(1).and_then(|before| taken.get(before)) {
            None => index == 0,
            Some(before) => {
                *before >= place.sentence
                    && place.at - before <= step.within
                    && (!step.closely || place.full <= *before)
            }
        };
        if follows {
            if let Some(slot) = taken.get_mut(index) {
                *slot = place.at;
            }
            whole |= index + 1 == phrase.steps.len();
        }
    }
    whole
}
