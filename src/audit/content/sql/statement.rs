//! A statement while it is read.

use super::condition::Condition;
use super::is_any;
use super::tokens::Token;

/// What the tokens in one pair of brackets belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Clause {
    #[default]
    Other,
    /// A list of tables.
    Tables,
    /// The condition that joins one.
    Joined,
}

/// One pair of brackets.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what was read so far, each by itself")]
pub(super) struct Level {
    pub(super) clause: Clause,
    /// Something was read in it.
    pub(super) begun: bool,
    pub(super) selects: bool,
    /// Its texts are run as statements.
    pub(super) runs: bool,
    /// The dots of the name that is read.
    pub(super) dots: usize,
    /// That name has the schema that tells of the others.
    pub(super) informs: bool,
}

/// Brackets inside one another that are told apart.
const MAX_LEVELS: usize = 256;

/// Words of a statement that are kept.
const MAX_WORDS: usize = 8;

/// A statement while it is read.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "what was read so far, each by itself")]
pub(super) struct Statement<'t> {
    /// Its first words.
    pub(super) words: [&'t [u8]; MAX_WORDS],
    pub(super) len: usize,
    pub(super) begun: bool,
    pub(super) levels: Vec<Level>,
    /// Brackets inside of these.
    pub(super) deeper: usize,
    /// What EXPLAIN explains was read, and whether it is run.
    pub(super) explained: bool,
    pub(super) analyzes: bool,
    /// A part of it changes rows, or more.
    pub(super) writes: bool,
    /// It makes a routine, whose own statements have semicolons.
    pub(super) routine: bool,
    /// The main part of WITH was read.
    pub(super) main: bool,
    /// Rows of one table are held against those of another: which, a condition says.
    pub(super) merges: bool,
    /// What starts a transaction does something else.
    pub(super) acts: bool,
    /// A name that was not read.
    pub(super) coded: bool,
    /// ON was read.
    pub(super) on: bool,
    pub(super) destroys: bool,
    /// How deep the part lies that changes rows, one that deletes them of a table that is not named yet, and one of
    /// which no WHERE was seen.
    pub(super) changes: Option<usize>,
    pub(super) deleting: Option<usize>,
    pub(super) deletes: Option<usize>,
    pub(super) condition: Option<(usize, Condition<'t>)>,
    /// DROP was read, and whether it takes away a part of a table.
    pub(super) drop: Option<bool>,
    /// CASCADE makes a loss of what is dropped.
    pub(super) cascades: bool,
}

impl<'t> Statement<'t> {
    pub(super) fn verb(&self) -> &'t [u8] {
        self.words.first().copied().unwrap_or_default()
    }

    pub(super) fn words(&self) -> &[&'t [u8]] {
        self.words.get(..self.len).unwrap_or_default()
    }

    pub(super) fn keep(&mut self, word: &'t [u8]) {
        if let Some(place) = self.words.get_mut(self.len) {
            *place = word;
            self.len += 1;
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.levels.len() + self.deeper
    }

    pub(super) fn open(&mut self, level: Level) {
        if self.levels.len() < MAX_LEVELS {
            self.levels.push(level);
        } else {
            self.deeper += 1;
        }
    }

    pub(super) fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if self.levels.len() > 1 {
            self.levels.pop();
        }
    }

    pub(super) fn clause(&self) -> Clause {
        self.levels.last().map_or(Clause::Other, |level| level.clause)
    }

    pub(super) fn level(&mut self) -> Option<&mut Level> {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        self.levels.last_mut()
    }

    pub(super) fn end_condition(&mut self) {
        if let Some((_, condition)) = self.condition.take() {
            self.destroys |= condition.holds();
        }
    }

    /// What a semicolon in a block ends.
    pub(super) fn end_part(&mut self) {
        self.end_condition();
        self.destroys |= self.deletes.take().is_some();
        (self.changes, self.deleting, self.drop) = (None, None, None);
    }
}

/// The tokens around one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'t> {
    /// The one before the last.
    pub(super) former: Option<Token<'t>>,
    pub(super) last: Option<Token<'t>>,
    pub(super) next: Option<Token<'t>>,
}

impl Around<'_> {
    pub(super) fn behind(&self, words: &[&str]) -> bool {
        matches!(self.last, Some(Token::Word(last)) if is_any(last, words))
    }

    pub(super) fn before(&self, words: &[&str]) -> bool {
        matches!(self.next, Some(Token::Word(next)) if is_any(next, words))
    }

    pub(super) fn behind_sign(&self, sign: u8) -> bool {
        self.last == Some(Token::Sign(sign))
    }

    pub(super) fn is_call(&self) -> bool {
        self.next == Some(Token::Sign(b'('))
    }

    /// Whether a statement or a part of a block starts here.
    pub(super) fn is_first(&self) -> bool {
        self.last.is_none()
            || self.behind_sign(b';')
            || self.behind(&["begin", "then", "else", "loop", "do", "end", "atomic"])
    }
}
