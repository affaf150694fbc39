//! What stands for a secret that a result lost, in a call: whoever writes it back writes it over the secret.

use super::Auditor;
use crate::json::{Flow, Place, Text};
use crate::redact::PART;
use crate::rules::Rule;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Builds what looks for it.
pub(super) fn warm() {
    LazyLock::force(&MARKER);
}

static MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(PART));

/// Whether a document has any.
pub(super) fn is_in(document: &[u8]) -> bool {
    MARKER.find(document).is_some()
}

impl<const VALUES: bool> Auditor<'_, VALUES> {
    #[cold]
    pub(super) fn marker(&mut self, place: &Place<'_>, value: Text<'_>) -> Flow {
        let (document, inside) = value.inside();
        let found = document.get(inside.clone()).and_then(|text| MARKER.find(text));
        if let Some(at) = found.filter(|_| !self.soft) {
            let start = inside.start + at;
            let what = "the mark that stands for a secret which a result lost";
            self.mismatch(Rule::SecretMarker, place.pointer(), what, start..start + PART.len());
        }
        self.stop_if_refused()
    }
}
