//! Sanitised text.

use super::error::{Result, thrown};
use super::handle::Handle;
use napi_derive::napi;

/// What is left of a text, and what was taken out: two lists of the same length.
#[napi(object, object_from_js = false)]
pub struct SanitizedText {
    /// What is left.
    pub text: String,
    /// The kinds that were taken out or changed.
    pub kinds: Vec<&'static str>,
    /// How often, each.
    pub counts: Vec<f64>,
}

/// Cleans a text. Answers `null` where it stays as it is.
#[napi(catch_unwind)]
pub fn sanitize(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    text: String,
) -> Result<Option<SanitizedText>> {
    let clean = handle.with(|gate| gate.sanitize(&text)).map_err(|error| thrown(&error))?;
    if clean.removed.is_empty() {
        return Ok(None);
    }
    Ok(Some(SanitizedText {
        text: clean.text,
        kinds: clean.removed.iter().map(|removed| removed.kind.as_str()).collect(),
        // No string has 2^53 characters.
        #[expect(clippy::cast_precision_loss, reason = "counts of characters of one JavaScript string")]
        counts: clean.removed.iter().map(|removed| removed.count as f64).collect(),
    }))
}
