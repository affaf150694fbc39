//! Audits that are not the hot call: on the thread pool, of ill-formed strings, and verdicts on what
//! never becomes bytes.

use super::boundary::caught;
use super::error::{Result, thrown};
use super::handle::{Handle, Slot};
use super::hot::{Args, Hot, function, misuse};
use crate::error::ErrorKind;
use crate::policy::Actions;
use crate::{Error, Gate, Rule, Verdict};
use napi::bindgen_prelude::{AsyncTask, Unknown};
use napi::{Env, Task};
use napi_derive::napi;
use serde::Serialize;
use std::ffi::CStr;
use std::rc::Rc;
use std::sync::Arc;

/// The JSON of an answer.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|_| thrown(&Error::new(ErrorKind::Internal, "an answer could not be written")))
}

/// The JSON of a verdict, or nothing for one without findings.
pub(crate) fn report(verdict: &Verdict) -> Result<Option<String>> {
    if verdict.findings().is_empty() { Ok(None) } else { json(verdict).map(Some) }
}

/// The audit behind every export. A test build can be told to panic here.
pub(crate) fn run(gate: &Gate, tool: u32, args: &[u8]) -> Verdict {
    #[cfg(feature = "test-hooks")]
    super::hooks::checkpoint();
    gate.audit_index(tool, args)
}

impl Hot for Slot {
    const NAME: &'static CStr = c"audit";

    fn call(&self, args: &mut Args) -> std::result::Result<Option<String>, Error> {
        let tool = args.number(0)?;
        let mut bytes = args.bytes(1)?;
        if args.count() > 2 {
            let length = usize::try_from(args.number(2)?).ok();
            bytes = length.and_then(|length| bytes.get(..length)).ok_or_else(misuse)?;
        }
        let report = self.with(|gate| report(&run(gate, tool, bytes)))?;
        report.map_err(|_| Error::new(ErrorKind::Internal, "the verdict could not be written"))
    }
}

/// Makes the hot call of a gate: `(tool, bytes, length?)` audits the first `length` bytes and answers
/// `undefined` when there is nothing to report, otherwise the JSON of the verdict.
#[napi(
    catch_unwind,
    ts_return_type = "(tool: number, bytes: Uint8Array, length?: number) => string | undefined"
)]
pub fn gate_auditor<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
) -> Result<Unknown<'env>> {
    function(env, Rc::clone(handle))
}

pub(crate) const ILL_FORMED: &str = "the text is not well-formed UTF-16";

/// Audits a string that was not well-formed UTF-16, given with U+FFFD in place of each lone surrogate.
/// Answers the JSON of the verdict, or `null` when there is nothing to report.
#[napi(catch_unwind)]
pub fn audit_ill_formed(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    tool: u32,
    args: String,
) -> Result<Option<String>> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let surrogate = gate.verdict_on(Some(tool), Rule::JsonSurrogate, String::new(), ILL_FORMED, None);
    let rest = run(&gate, tool, args.as_bytes());
    report(&Verdict::from_findings([surrogate.findings(), rest.findings()].concat()))
}

/// The verdict on what was found before there were bytes to audit, as JSON. `null` when the rule is off, and
/// for a limit that does not deny: what never becomes bytes is not audited, and must not pass as a flag.
/// `length`, with `limit.bytes`: how many bytes there would be, where that is known.
/// Without a tool the verdict is that on a path.
#[napi(catch_unwind)]
pub fn verdict_on(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    tool: Option<u32>,
    #[napi(
        ts_arg_type = "'limit.bytes' | 'limit.depth' | 'limit.elements' | 'limit.nodes' | 'json.surrogate'"
    )]
    rule: String,
    pointer: String,
    length: Option<u32>,
) -> Result<Option<String>> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let limits = gate.limits(tool.unwrap_or_default());
    // The words of the audit, so that an object and its bytes have one verdict.
    let (rule, what) = match rule.as_str() {
        "limit.bytes" => (Rule::LimitBytes, format!("more bytes than {}", limits.message_bytes)),
        "limit.depth" => (Rule::LimitDepth, format!("containers nested deeper than {}", limits.depth)),
        "limit.elements" => {
            (Rule::LimitElements, format!("a container with more elements than {}", limits.elements))
        }
        "limit.nodes" => (Rule::LimitNodes, format!("more values than {}", limits.nodes)),
        "json.surrogate" => (Rule::JsonSurrogate, ILL_FORMED.to_owned()),
        _ => return Err(thrown(&Error::new(ErrorKind::Internal, "no bytes are needed for this rule"))),
    };
    if rule != Rule::JsonSurrogate && !gate.denies(rule) {
        return Ok(None);
    }
    let range = length.map(|length| (limits.message_bytes, length));
    report(&gate.verdict_on(tool, rule, pointer, &what, range))
}

/// The verdict on what a surface found by itself, as JSON; `null` when the rule is off. `what` says what was wrong.
/// With the name of a tool what holds for it decides, its mode too.
#[napi(catch_unwind)]
pub fn verdict_by_surface(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    tool: Option<String>,
    #[napi(ts_arg_type = "'tool.changed' | 'tool.poisoned' | 'rate.exceeded'")] rule: String,
    pointer: String,
    what: String,
) -> Result<Option<String>> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let surface = [Rule::ToolChanged, Rule::ToolPoisoned, Rule::RateExceeded];
    let Some(rule) = surface.into_iter().find(|known| known.id() == rule) else {
        return Err(thrown(&Error::new(ErrorKind::Internal, "no surface finds this by itself")));
    };
    let tool = tool.map(|name| gate.index_of(&name));
    report(&gate.verdict_on(tool, rule, pointer, &what, None))
}

/// The JSON of the finding that refuses a path that is no text, which no action of the rule lifts: the path
/// cannot be asked for.
#[napi(catch_unwind)]
pub fn ill_formed_path() -> Result<String> {
    json(&Actions::refusal(Rule::JsonSurrogate, ILL_FORMED))
}

/// An audit on the thread pool. It owns its input, so that the caller may change the buffer meanwhile.
pub struct AuditTask {
    gate: Arc<Gate>,
    tool: u32,
    args: Vec<u8>,
}

#[napi]
impl Task for AuditTask {
    type Output = Option<String>;
    type JsValue = Option<String>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        // napi catches nothing here: a panic on a thread of the pool would abort the process.
        match caught(|| report(&run(&self.gate, self.tool, &self.args))) {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(_)) | Err(_) => Err(napi::Error::from_reason("the audit failed")),
        }
    }

    fn resolve(&mut self, _env: Env, report: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(report)
    }
}

/// Copies the bytes and audits them on the thread pool. Resolves to the JSON of the verdict, or to `null`
/// when there is nothing to report.
#[napi(catch_unwind)]
pub fn audit_async(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    tool: u32,
    #[napi(ts_arg_type = "Uint8Array")] args: Unknown<'_>,
) -> Result<AsyncTask<AuditTask>> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let args = super::hot::copied(&env, &args).map_err(|error| thrown(&error))?;
    Ok(AsyncTask::new(AuditTask { gate, tool, args }))
}
