//! The parts of a document in which a sign can be.

use super::families::Families;
use std::ops::Range;

/// Bytes judged before and behind a gram: a sign is shorter than both.
const BEFORE: usize = 96;
const BEHIND: usize = 256;
/// The same where what is looked for is in several sentences.
const AROUND_SPEECH: usize = super::SHORT;
/// The longest window (bytes).
const LONGEST: usize = 1024;
const LONGEST_SPEECH: usize = 2048;

/// The window that is being gathered.
#[derive(Debug, Default)]
pub(super) struct Windows {
    range: Range<usize>,
    families: Families,
}

impl Windows {
    /// Makes room for what may be around `at`; false where that is too far from what was gathered, which must be
    /// taken first. Grams come in rising order.
    pub(super) fn extend(&mut self, at: usize, len: usize, families: Families) -> bool {
        let (before, behind, longest) = if (self.families | families).has(Families::SPEECH) {
            (AROUND_SPEECH, AROUND_SPEECH, LONGEST_SPEECH)
        } else {
            (BEFORE, BEHIND, LONGEST)
        };
        let start = at.saturating_sub(before);
        let end = (at + behind).min(len);
        if self.families == Families::NONE {
            self.range = start..end;
        } else if at < self.range.end && end - self.range.start <= longest {
            self.range = start.min(self.range.start)..end;
        } else {
            return false;
        }
        self.families = self.families | families;
        true
    }

    pub(super) fn take(&mut self) -> Option<(Range<usize>, Families)> {
        let families = std::mem::take(&mut self.families);
        (families != Families::NONE).then(|| (self.range.clone(), families))
    }
}

/// The window, grown so that it cuts no character and, in a string as written, no escape.
pub(super) fn whole(text: &[u8], window: Range<usize>, written: bool) -> &[u8] {
    let continues = |at: &usize| text.get(*at).is_some_and(|byte| (0x80..0xC0).contains(byte));
    let mut start = window.start;
    while start > 0 && continues(&start) {
        start -= 1;
    }
    if written {
        // From the first of the backslashes in a row on: all of them pair up from there.
        while start > 0 && text.get(start - 1) == Some(&b'\\') {
            start -= 1;
        }
    }
    let mut end = window.end;
    while continues(&end) {
        end += 1;
    }
    // An escape that is cut stands for itself: a backslash.
    text.get(start..end).unwrap_or_default()
}
