//! Messages of a server in which there is something to clean.

use super::audit::json;
use super::error::{Result, thrown};
use super::handle::Handle;
use super::hot::with_bytes;
use crate::clean::About;
use crate::one_line;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;
use std::borrow::Cow;

/// What is known of a message besides its bytes.
#[napi(object, object_to_js = false)]
pub struct AboutMessage {
    /// Texts of an error are cut behind so many units of UTF-16.
    pub most: Option<u32>,
    /// Its `params` are text for reading.
    pub tells: Option<bool>,
    /// The JSON Schema of its structured content.
    pub schema: Option<String>,
    /// The tool whose call it answers.
    pub tool: Option<String>,
}

/// A message that was looked through.
#[napi(object, object_from_js = false)]
pub struct CleanedMessage {
    /// The message, where anything of it changed.
    pub text: Option<String>,
    /// The JSON of the verdict.
    pub verdict: String,
}

/// Cleans a message of a server. Answers `null` where it is no JSON.
#[napi(catch_unwind)]
pub fn clean_message(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    #[napi(ts_arg_type = "Uint8Array")] bytes: Unknown<'_>,
    about: AboutMessage,
) -> Result<Option<CleanedMessage>> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let tool = about.tool.as_deref().map(|tool| gate.index_of(tool)).unwrap_or_default();
    let known = About {
        most: about.most.and_then(|most| usize::try_from(most).ok()),
        tells: about.tells.unwrap_or_default(),
        schema: about.schema.as_deref(),
    };
    let cleaned = with_bytes(&env, &bytes, None, |bytes| {
        let cleaned = gate.cleaner(tool).clean(bytes, known)?;
        let text = match cleaned.text {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(String::from_utf8_lossy(&one_line(&text)).into_owned()),
        };
        Some((text, cleaned.verdict))
    });
    match cleaned.map_err(|error| thrown(&error))? {
        None => Ok(None),
        Some((text, verdict)) => Ok(Some(CleanedMessage { text, verdict: json(&verdict)? })),
    }
}
