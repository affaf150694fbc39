//! Taking out of a text what does not show, and making harmless what a renderer would act on.

#![forbid(unsafe_code)]

use super::markup;
use super::scan::{ESCAPE, Pieces};
use crate::policy::Sanitize;
use crate::rules::Rule;

/// A text that was cleaned, and what was taken out of it.
///
/// ```
/// use callgate::{Gate, RemovedKind};
/// let clean = Gate::default().sanitize("pay\u{200B}load \u{1B}[31mred");
/// assert_eq!(clean.text, "payload red");
/// assert_eq!(clean.removed.len(), 2);
/// assert_eq!((clean.removed[0].kind, clean.removed[0].count), (RemovedKind::Invisible, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Sanitized {
    /// What is left.
    pub text: String,
    /// What was taken out or changed: each kind once, in the order of [`RemovedKind`]; empty where the text stayed
    /// as it was.
    pub removed: Vec<Removed>,
}

/// How often one kind was taken out or changed.
///
/// ```
/// let clean = callgate::Gate::default().sanitize("a\0b\0");
/// assert_eq!(clean.removed[0].count, 2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Removed {
    /// What it was.
    pub kind: RemovedKind,
    /// How many: characters, or what [`RemovedKind`] says.
    pub count: u64,
}

/// What a sanitiser takes out or changes.
///
/// ```
/// assert_eq!(callgate::RemovedKind::CodeFence.as_str(), "code-fence");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RemovedKind {
    /// Characters that do not show (`text.invisible`).
    Invisible,
    /// Direction controls and marks (`text.bidi`).
    Bidi,
    /// Control characters (`text.control`).
    Control,
    /// Terminal escape sequences (`text.control`), each removed whole.
    Escape,
    /// Images that a renderer would load from elsewhere, turned into text or links.
    RemoteImage,
    /// Links that carry data out, which no longer lead anywhere.
    DataLink,
    /// Wiki links, whose `[[` became `[ [`.
    WikiLink,
    /// Code fences, which became apostrophes.
    CodeFence,
    /// Characters behind the limit, cut off.
    Truncated,
}

impl RemovedKind {
    /// Every kind, in the order of reports.
    pub const ALL: &'static [Self] = &[
        Self::Invisible,
        Self::Bidi,
        Self::Control,
        Self::Escape,
        Self::RemoteImage,
        Self::DataLink,
        Self::WikiLink,
        Self::CodeFence,
        Self::Truncated,
    ];

    /// The name that all surfaces share.
    ///
    /// ```
    /// assert_eq!(callgate::RemovedKind::Truncated.as_str(), "truncated");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::Bidi => "bidi",
            Self::Control => "control",
            Self::Escape => "escape",
            Self::RemoteImage => "remote-image",
            Self::DataLink => "data-link",
            Self::WikiLink => "wiki-link",
            Self::CodeFence => "code-fence",
            Self::Truncated => "truncated",
        }
    }
}

/// How often each kind was seen, in the order of [`RemovedKind::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts([u64; RemovedKind::ALL.len()]);

impl Counts {
    pub(super) fn add(&mut self, kind: RemovedKind, count: usize) {
        if let Some(slot) = self.0.get_mut(kind as usize) {
            *slot = slot.saturating_add(count as u64);
        }
    }

    fn removed(&self) -> Vec<Removed> {
        let counted = RemovedKind::ALL.iter().zip(self.0).filter(|(_, count)| *count > 0);
        counted.map(|(kind, count)| Removed { kind: *kind, count }).collect()
    }
}

/// What is removed once may leave behind what is no longer legal: a direction mark whose Hebrew was part of an
/// escape sequence. After so many rounds no neighbour makes anything legal any more, and the next one
/// is the last.
const ROUNDS: usize = 3;

/// Cleans a text. `is_off` says which rules the policy switched off: what they name stays.
pub(crate) fn sanitize(text: &str, policy: Sanitize, is_off: impl Fn(Rule) -> bool) -> Sanitized {
    let mut counts = Counts::default();
    let mut current: Option<String> = None;
    for round in 0..=ROUNDS + 1 {
        let before = current.as_deref().unwrap_or(text);
        let strict = round >= ROUNDS;
        let stripped = strip(before, strict, &is_off, &mut counts);
        let shown = stripped.as_deref().unwrap_or(before);
        let neutral = markup::neutralise(shown, policy, &mut counts);
        let shown = neutral.as_deref().unwrap_or(shown);
        let cut = cut(shown, policy.max_chars, &mut counts);
        let next = cut.map(str::to_owned).or(neutral).or(stripped);
        match next {
            Some(next) => current = Some(next),
            None => break,
        }
    }
    Sanitized { text: current.unwrap_or_else(|| text.to_owned()), removed: counts.removed() }
}

/// Whether [`sanitize`] leaves a text as it is.
pub(crate) fn stays(text: &str, policy: Sanitize, is_off: impl Fn(Rule) -> bool) -> bool {
    let counts = &mut Counts::default();
    Pieces::new(text, false).all(|piece| is_off(piece.rule))
        && markup::neutralise(text, policy, counts).is_none()
        && cut(text, policy.max_chars, counts).is_none()
}

/// The text without what does not show; `None` where all of it does.
pub(crate) fn visible(text: &str) -> Option<String> {
    strip(text, false, &|_| false, &mut Counts::default())
}

/// The text without what the rules name; `None` where there is nothing. What moved the words around it apart leaves a
/// line break or a space.
fn strip(text: &str, strict: bool, is_off: &impl Fn(Rule) -> bool, counts: &mut Counts) -> Option<String> {
    let mut pieces = Pieces::new(text, strict).filter(|piece| !is_off(piece.rule)).peekable();
    pieces.peek()?;
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for piece in pieces {
        counts.add(
            match piece.rule {
                Rule::TextBidi => RemovedKind::Bidi,
                Rule::TextControl if piece.what == ESCAPE => RemovedKind::Escape,
                Rule::TextControl => RemovedKind::Control,
                _ => RemovedKind::Invisible,
            },
            1,
        );
        out.push_str(text.get(from..piece.range.start).unwrap_or_default());
        from = piece.range.end;
        let taken = text.get(piece.range).unwrap_or_default();
        let next = text.get(from..).and_then(|rest| rest.chars().next());
        if let Some(apart) = apart(taken).filter(|apart| !is_apart(*apart, out.chars().next_back(), next)) {
            out.push(apart);
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Some(out)
}

/// What keeps the words around a control apart that moves what comes next elsewhere: a line break, or a space within the
/// line.
fn apart(taken: &str) -> Option<char> {
    if matches!(taken, "\r" | "\u{B}" | "\u{C}" | "\u{85}") {
        return Some('\n');
    }
    let body = taken.strip_prefix("\u{1B}[").or_else(|| taken.strip_prefix('\u{9B}'))?;
    match (body.bytes().last()?, body) {
        // To the first column, and to other lines.
        (b'G' | b'`', "G" | "1G" | "`" | "1`")
        | (b'A' | b'B' | b'E' | b'F' | b'H' | b'J' | b'd' | b'e' | b'f', _) => Some('\n'),
        (b'C' | b'G' | b'`' | b'a' | b'I', _) => Some(' '),
        _ => None,
    }
}

/// Whether what stands before and behind is apart as it is.
fn is_apart(apart: char, before: Option<char>, next: Option<char>) -> bool {
    let is = |c: char| if apart == ' ' { c.is_whitespace() } else { matches!(c, '\n' | '\r') };
    // Nothing is kept apart from the start and the end of the text.
    before.is_none_or(is) || next.is_none_or(is)
}

/// The first `max` characters, where there are more.
fn cut<'a>(text: &'a str, max: u32, counts: &mut Counts) -> Option<&'a str> {
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    if text.len() <= max {
        return None;
    }
    let (end, _) = text.char_indices().nth(max)?;
    counts.add(RemovedKind::Truncated, text.get(end..)?.chars().count());
    text.get(..end)
}
