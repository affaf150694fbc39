//! The one scanner: characters that do not show, direction controls, control characters and terminal escapes.

#![forbid(unsafe_code)]

use super::context;
use super::terminal;
use crate::rules::Rule;
use std::ops::Range;

/// Reports what of a text does not show or steers what shows it: `text.invisible`, `text.bidi` and `text.control`,
/// each with its range in bytes and a few words on what it is, in the order of the text. Neighbours of the same
/// sort are one report; a terminal escape sequence is reported whole.
///
/// Takes time linear in the length of `text`, and allocates nothing.
///
/// Legal are `\n`, `\t` and `\r\n`; emoji sequences (families, skin tones, keycaps, the flags of England, Scotland
/// and Wales); variation selectors after a character that takes one; one joiner (`U+200C`, `U+200D`) after a
/// letter of a script that uses them, such as Arabic or Devanagari; `U+200B` between letters of Thai, Lao, Khmer
/// or Myanmar; the marks `U+200E`, `U+200F` and `U+061C`, one at a time, where the text has letters that are
/// written from right to left; a byte order mark at the very start. Embeddings, overrides and isolates
/// (`U+202A` to `U+202E`, `U+2066` to `U+2069`) never are.
///
/// What is legal for each character by itself can still carry a message to a reader who knows: one selector after
/// every ideograph, one joiner after every letter. No rule can tell these from writing.
///
/// ```
/// let mut found = Vec::new();
/// callgate::text::scan("a\u{200B}b \u{1B}[31mred", |rule, range, what| found.push((rule.id(), range, what)));
/// assert_eq!(found, [
///     ("text.invisible", 1..4, "a zero-width character"),
///     ("text.control", 6..11, "a terminal escape sequence"),
/// ]);
/// ```
pub fn scan(text: &str, mut report: impl FnMut(Rule, Range<usize>, &'static str)) {
    let mut open: Option<Piece> = None;
    for piece in Pieces::new(text, false) {
        match &mut open {
            Some(last) if last.range.end == piece.range.start && last.what == piece.what => {
                last.range.end = piece.range.end;
            }
            _ => {
                if let Some(last) = open.replace(piece) {
                    report(last.rule, last.range, last.what);
                }
            }
        }
    }
    if let Some(last) = open {
        report(last.rule, last.range, last.what);
    }
}

/// Whether a character with this first byte in UTF-8 may be reported by [`scan`]: a filter that leaves
/// out whatever has none of these bytes loses nothing. Of ASCII these are the control characters other than `\t`
/// and `\n`.
///
/// ```
/// use callgate::text::starts_finding;
/// assert!(starts_finding(0x1B));
/// assert!(!starts_finding(b'a'));
/// assert!("caf\u{e9} \u{41f}\u{440}\u{438}".bytes().all(|byte| !starts_finding(byte)));
/// ```
pub const fn starts_finding(byte: u8) -> bool {
    matches!(
        byte,
        0x00..=0x08
            | 0x0B..=0x1F
            | 0x7F
            // U+0080 to U+00BF, U+034F, U+061C.
            | 0xC2 | 0xCD | 0xD8
            // U+1000 to U+3FFF, U+F000 to U+1FFFF, U+E0000 to U+E0FFF.
            | 0xE1..=0xE3 | 0xEF | 0xF0 | 0xF3
    )
}

/// One character, or one escape sequence, that is not legal where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) rule: Rule,
    pub(super) range: Range<usize>,
    pub(super) what: &'static str,
}

/// What a terminal escape sequence is called.
pub(super) const ESCAPE: &str = "a terminal escape sequence";

/// The pieces of a text, in order.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// No neighbour makes a character legal.
    strict: bool,
    right_to_left: Option<bool>,
}

enum Judged {
    /// So many bytes are legal.
    Legal(usize),
    Found(Rule, &'static str, usize),
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str, strict: bool) -> Self {
        Self { text, at: 0, strict, right_to_left: None }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let start = candidate(self.text.as_bytes(), self.at)?;
            let rest = self.text.get(start..)?;
            match self.judge(start, rest)? {
                Judged::Legal(len) => self.at = start + len,
                Judged::Found(rule, what, len) => {
                    self.at = start + len;
                    return Some(Piece { rule, range: start..self.at, what });
                }
            }
        }
    }
}

/// The first byte from `at` on that may start a finding.
fn candidate(bytes: &[u8], mut at: usize) -> Option<usize> {
    /// So many bytes are judged at once, in a way that compilers turn into vector instructions.
    const STEP: usize = 32;
    loop {
        let chunk = bytes.get(at..)?;
        let chunk = chunk.get(..STEP).unwrap_or(chunk);
        if chunk.is_empty() {
            return None;
        }
        let odd = |byte: u8| byte.wrapping_sub(b' ') >= 0x7F - b' ' && byte != b'\n' && byte != b'\t';
        if chunk.iter().fold(false, |any, byte| any | odd(*byte))
            && let Some(offset) = chunk.iter().position(|byte| starts_finding(*byte))
        {
            return Some(at + offset);
        }
        at += chunk.len();
    }
}

impl Pieces<'_> {
    /// Judges the character at `start`, which is the first of `rest`; `None` at the end of the text.
    fn judge(&mut self, start: usize, rest: &str) -> Option<Judged> {
        let mut chars = rest.chars();
        let c = chars.next()?;
        let next = chars.next();
        let len = c.len_utf8();
        let found = |rule, what| Some(Judged::Found(rule, what, len));
        let invisible = |what| found(Rule::TextInvisible, what);
        let legal_if = |legal: bool, what| {
            if legal && !self.strict { Some(Judged::Legal(len)) } else { invisible(what) }
        };
        match c {
            '\r' if next == Some('\n') => Some(Judged::Legal(len)),
            '\r' => found(Rule::TextControl, "a carriage return without a line feed"),
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Some(match terminal::sequence_len(rest) {
                Some(len) => Judged::Found(Rule::TextControl, ESCAPE, len),
                None => Judged::Found(Rule::TextControl, "a control character", len),
            }),
            '\u{AD}' => invisible("a soft hyphen"),
            '\u{34F}' => {
                legal_if(self.before(start).is_some_and(context::is_hebrew_point), "a grapheme joiner")
            }
            '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' => invisible("a Hangul filler"),
            '\u{17B4}' | '\u{17B5}' => invisible("an invisible vowel"),
            '\u{180E}' => legal_if(self.follows_mongolian(start), "a zero-width character"),
            '\u{200B}' => legal_if(
                self.before(start).is_some_and(context::takes_break)
                    && next.is_some_and(context::takes_break),
                "a zero-width character",
            ),
            '\u{200C}' | '\u{200D}' => legal_if(self.joins(start, c, next), "a zero-width character"),
            '\u{200E}' | '\u{200F}' | '\u{61C}' => {
                let first = !self.before(start).is_some_and(is_direction_mark);
                if first && !self.strict && self.right_to_left() {
                    Some(Judged::Legal(len))
                } else {
                    found(Rule::TextBidi, "a direction mark")
                }
            }
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => found(Rule::TextBidi, "a direction control"),
            '\u{FEFF}' if start == 0 && !self.strict => Some(Judged::Legal(len)),
            '\u{2060}' | '\u{FEFF}' => invisible("a zero-width character"),
            '\u{2061}'..='\u{2065}'
            | '\u{206A}'..='\u{206F}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' => invisible("an invisible character"),
            '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
                legal_if(
                    self.before(start).is_some_and(|base| context::takes_selector(base, c, next)),
                    "a variation selector",
                )
            }
            '\u{E0000}'..='\u{E0FFF}' => match self.flag(start, rest) {
                Some(len) => Some(Judged::Legal(len)),
                None => invisible("a tag character"),
            },
            _ => Some(Judged::Legal(len)),
        }
    }

    /// The character in front of a place.
    fn before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// Whether a joiner at `at` has a use there.
    fn joins(&self, at: usize, joiner: char, next: Option<char>) -> bool {
        let Some(mut last) = self.before(at) else { return false };
        // A selector that is legal itself stands between.
        if matches!(last, '\u{FE0F}' | '\u{180B}'..='\u{180D}' | '\u{180F}') {
            let base = self.before(at - last.len_utf8());
            match base.filter(|base| context::takes_selector(*base, last, Some(joiner))) {
                Some(base) => last = base,
                None => return false,
            }
        }
        context::takes_joiner(last)
            || context::is_mongolian(last)
            || (joiner == '\u{200D}'
                && context::is_pictographic(last)
                && next.is_some_and(context::is_pictographic))
    }

    /// Whether a vowel separator at `at` follows a Mongolian letter, with or without its selector.
    fn follows_mongolian(&self, at: usize) -> bool {
        match self.before(at) {
            Some(last @ ('\u{180B}'..='\u{180D}' | '\u{180F}')) => {
                self.before(at - last.len_utf8()).is_some_and(context::is_mongolian)
            }
            last => last.is_some_and(context::is_mongolian),
        }
    }

    /// The bytes of the tags at the start of `rest` where they make the flag in front of them one that Unicode
    /// recommends: England, Scotland or Wales.
    fn flag(&self, at: usize, rest: &str) -> Option<usize> {
        const REGIONS: [&str; 3] = [
            "\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
            "\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
        ];
        if self.strict || self.before(at) != Some('\u{1F3F4}') {
            return None;
        }
        REGIONS.iter().find(|tags| rest.starts_with(**tags)).map(|tags| tags.len())
    }

    fn right_to_left(&mut self) -> bool {
        *self.right_to_left.get_or_insert_with(|| context::has_right_to_left(self.text))
    }
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}')
}
