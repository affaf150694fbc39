//! What a server says: its definitions, and text that gives the model orders.

use super::audit::report;
use super::error::{Result, thrown};
use super::handle::Handle;
use super::hot::with_bytes;
use crate::error::ErrorKind;
use crate::{AnswerVerdict, CleanOptions, Definition, Error};
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;

/// Judges the first `length` bytes of a definition. Answers the JSON of the verdict, or `null` where nothing was found.
#[napi(catch_unwind)]
pub fn audit_definition(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    #[napi(ts_arg_type = "'tool' | 'prompt' | 'resource' | 'server'")] of: String,
    #[napi(ts_arg_type = "Uint8Array")] json: Unknown<'_>,
    length: Option<u32>,
) -> Result<Option<String>> {
    let of = match of.as_str() {
        "tool" => Definition::Tool,
        "prompt" => Definition::Prompt,
        "resource" => Definition::Resource,
        "server" => Definition::Server,
        _ => return Err(thrown(&Error::new(ErrorKind::Internal, "no definition is called that"))),
    };
    let verdict = with_bytes(&env, &json, length, |json| handle.with(|gate| gate.audit_definition(of, json)));
    report(&verdict.and_then(|verdict| verdict).map_err(|error| thrown(&error))?)
}

/// The verdict on a message of a server, as JSON, and the message to be sent in its place.
#[napi(object, object_from_js = false)]
pub struct AuditedAnswer {
    /// The JSON of the verdict.
    pub report: Option<String>,
    /// Absent where the message stays as it is, and where nothing is sent.
    pub replacement: Option<String>,
}

/// Judges the first `length` bytes of a message of a server. Answers `null` where nothing was found.
#[napi(catch_unwind)]
pub fn audit_answer(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    #[napi(ts_arg_type = "Uint8Array")] message: Unknown<'_>,
    length: Option<u32>,
) -> Result<Option<AuditedAnswer>> {
    let answer = with_bytes(&env, &message, length, |message| handle.with(|gate| gate.audit_answer(message)));
    audited(&answer.and_then(|answer| answer).map_err(|error| thrown(&error))?)
}

/// Cleans the first `length` bytes of a message of a server. Answers `null` where nothing was found or changed.
#[napi(catch_unwind)]
pub fn clean_answer(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    #[napi(ts_arg_type = "Uint8Array")] message: Unknown<'_>,
    length: Option<u32>,
    tool: Option<String>,
    schema: Option<String>,
) -> Result<Option<AuditedAnswer>> {
    let options = CleanOptions { tool: tool.as_deref(), output_schema: schema.as_deref() };
    let clean = |message: &[u8]| handle.with(|gate| gate.clean_answer(message, &options));
    let answer = with_bytes(&env, &message, length, clean);
    audited(&answer.and_then(|answer| answer).map_err(|error| thrown(&error))?)
}

fn audited(answer: &AnswerVerdict) -> Result<Option<AuditedAnswer>> {
    if answer.verdict().findings().is_empty() && answer.replacement().is_none() {
        return Ok(None);
    }
    let replacement = answer.replacement().map(|text| String::from_utf8_lossy(text).into_owned());
    Ok(Some(AuditedAnswer { report: report(answer.verdict())?, replacement }))
}
