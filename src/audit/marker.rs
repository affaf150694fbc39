//! What stands for a secret that a result lost, in a call: whoever writes it back writes it over the secret.

use super::Auditor;
use crate::json::{Flow, Place, Text, Written};
use crate::redact::PART;
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// Builds what looks for it.
pub(super) fn warm() {
    LazyLock::force(&MARKER);
}

static MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(PART));
/// How each escape begins that a character of the mark can have.
static ESCAPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\\u00"));

/// Whether a document has any that is written without escapes.
pub(super) fn is_in(document: &[u8]) -> bool {
    MARKER.find(document).is_some()
}

impl<const VALUES: bool> Auditor<'_, VALUES> {
    #[cold]
    pub(super) fn marker(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let found = if self.marked { plain(value) } else { None };
        let Some(range) = found.or_else(|| escaped(value)).filter(|_| !self.soft) else { return Ok(()) };
        let start = value.open + 1;
        let what = "the mark that stands for a secret which a result lost";
        self.mismatch(Rule::SecretMarker, place.pointer(), what, start + range.start..start + range.end);
        self.stop_if_refused()
    }
}

/// Where the mark is between the quotes of a string.
fn plain(value: Text<'_>) -> Option<Range<usize>> {
    let at = MARKER.find(value.raw())?;
    Some(at..at + PART.len())
}

/// The same for one with escapes in it.
fn escaped(value: Text<'_>) -> Option<Range<usize>> {
    ESCAPE.find(value.raw())?;
    let at = MARKER.find(&value.unescaped())?;
    let mut written = Written::new(&value);
    Some(written.offset(at)..written.offset(at + PART.len()))
}
