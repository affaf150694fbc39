//! Messages: one, and those of a stream.

use super::audit::{ILL_FORMED, json};
use super::error::{Result, thrown};
use super::handle::{Handle, Slot};
use super::hot::{Args, Hot, function, with_bytes};
use crate::error::ErrorKind;
use crate::rpc::{MessageId, MessageKind, MessageReader, MessageVerdict, ReadMessage};
use crate::{Action, Error, Rule};
use napi::Env;
use napi::bindgen_prelude::{Buffer, External, Unknown};
use napi_derive::napi;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::VecDeque;
use std::ffi::CStr;
use std::rc::Rc;

/// Audits the first `length` bytes of a message. Answers the JSON of the verdict.
#[napi(catch_unwind)]
pub fn audit_message(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    #[napi(ts_arg_type = "Uint8Array")] bytes: Unknown<'_>,
    length: Option<u32>,
) -> Result<String> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let verdict = with_bytes(&env, &bytes, length, |bytes| {
        #[cfg(feature = "test-hooks")]
        super::hooks::checkpoint();
        gate.audit_message(bytes)
    });
    json(&verdict.map_err(|error| thrown(&error))?)
}

/// The same for a string that was not well-formed UTF-16, given with U+FFFD in place of each lone surrogate.
#[napi(catch_unwind)]
pub fn audit_ill_formed_message(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    message: String,
) -> Result<String> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let surrogate = gate.verdict_on(None, Rule::JsonSurrogate, String::new(), ILL_FORMED, None);
    json(&gate.audit_message(message.as_bytes()).with(surrogate.findings()))
}

/// Whether a tool belongs in the answer to `tools/list`.
#[napi(catch_unwind)]
pub fn is_visible(#[napi(ts_arg_type = "GateHandle")] handle: &Handle, tool: String) -> Result<bool> {
    handle.with(|gate| gate.is_visible(&tool)).map_err(|error| thrown(&error))
}

/// Numbers of the table before its rows: how many rows, how many bytes of the chunk were read.
const HEAD: usize = 2;
/// Numbers of a row: the first byte of the message in the chunk, one past its last, what it is; its id, as a number in
/// two halves or as the first byte of its text and how many there are; its method, as one more than its place in
/// `METHODS`; the same of the name of its tool as of an id that is a text.
const ROW: usize = 8;
/// Rows of a table.
const ROWS: usize = 512;

/// What a message is, as the third number of its row: the kind, from the order of these, and flags.
const KINDS: [MessageKind; 5] = [
    MessageKind::Request,
    MessageKind::Notification,
    MessageKind::Response,
    MessageKind::Batch,
    MessageKind::Invalid,
];
/// There is a report.
const REPORTED: u32 = 8;
/// It is refused.
const DENIED: u32 = 16;
/// Its line is not in the chunk but held: `reader_held`.
const HELD: u32 = 32;
/// It is ASCII.
const ASCII: u32 = 64;
/// It says itself which protocol it speaks, as messages do since 2026-07-28.
const MODERN: u32 = 128;
/// The row has its id, which is a number.
const ID_NUMBER: u32 = 256;
/// The row has its id, which is a text of ASCII without escapes.
const ID_TEXT: u32 = 512;
/// It has no id.
const NO_ID: u32 = 1024;
/// It is an answer that may ask for something in turn.
const ASKS: u32 = 2048;
/// Its line ends with a carriage return and a line feed.
const RETURN: u32 = 4096;

/// Methods that the row of a message names.
const METHODS: [&str; 12] = [
    "tools/call",
    "tools/list",
    "ping",
    "resources/read",
    "resources/list",
    "prompts/get",
    "prompts/list",
    "completion/complete",
    "notifications/initialized",
    "notifications/progress",
    "notifications/message",
    "notifications/cancelled",
];

/// The reader of one stream.
pub struct Reader {
    slot: Rc<Slot>,
    /// Taken for the time of a call: where one panics there is nothing left to go on with.
    state: Cell<Option<Box<State>>>,
}

#[derive(Default)]
struct State {
    messages: MessageReader,
    table: Vec<u32>,
    /// The lines of the last call that do not lie in its chunk as they may be passed on, with their ends.
    held: VecDeque<Vec<u8>>,
}

pub(crate) type ReaderHandle = External<Rc<Reader>>;

/// A reader of messages; a table for `readerFunction` has `2 + 8 * 512` numbers.
#[napi(catch_unwind, ts_return_type = "ReaderHandle")]
pub fn reader_new(#[napi(ts_arg_type = "GateHandle")] handle: &Handle) -> ReaderHandle {
    let state = Cell::new(Some(Box::default()));
    External::new(Rc::new(Reader { slot: Rc::clone(handle), state }))
}

/// Makes the hot call of a reader: `(chunk, from, table)` reads the chunk from a byte on and writes to the table
/// what it found; answers the JSON of the verdicts that there are, in an array, or `undefined`. `(message, length)` judges
/// a message that is the first bytes of memory, by itself; answers the JSON of the verdict, or `undefined`.
#[napi(
    catch_unwind,
    ts_return_type = "(chunk: Uint8Array, from: number, table?: Uint32Array) => string | undefined"
)]
pub fn reader_function<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "ReaderHandle")] handle: &ReaderHandle,
) -> Result<Unknown<'env>> {
    function(env, Rc::clone(handle))
}

/// The next of the lines of the last call that do not lie in its chunk as they may be passed on, with its end.
#[napi(catch_unwind)]
pub fn reader_held(#[napi(ts_arg_type = "ReaderHandle")] handle: &ReaderHandle) -> Result<Buffer> {
    let mut state = handle.take().map_err(|error| thrown(&error))?;
    let held = state.held.pop_front();
    handle.state.set(Some(state));
    let held = held.ok_or_else(|| Error::new(ErrorKind::Internal, "no line is held"));
    Ok(held.map_err(|error| thrown(&error))?.into())
}

/// A message with another number as its id; as it is where it has none.
#[napi(catch_unwind)]
pub fn with_id(message: String, id: String) -> String {
    let changed = crate::rpc::with_id(message.as_bytes(), &id);
    changed.map_or(message, |changed| String::from_utf8_lossy(&changed).into_owned())
}

/// A message as one line for every reader.
#[napi(catch_unwind)]
pub fn one_line(message: String) -> String {
    match crate::one_line(message.as_bytes()) {
        Cow::Borrowed(_) => message,
        Cow::Owned(line) => String::from_utf8_lossy(&line).into_owned(),
    }
}

impl Reader {
    fn take(&self) -> std::result::Result<Box<State>, Error> {
        self.state.take().ok_or_else(|| Error::new(ErrorKind::Internal, "the reader failed before"))
    }
}

impl Hot for Reader {
    const NAME: &'static CStr = c"read";

    fn call(&self, args: &mut Args) -> std::result::Result<Option<String>, Error> {
        let from = usize::try_from(args.number(1)?).unwrap_or(usize::MAX);
        let failed = |_| Error::new(ErrorKind::Internal, "a verdict could not be written");
        if args.count() == 2 {
            let message = args.bytes(0)?.get(..from).ok_or_else(super::hot::misuse)?;
            return self.slot.with(|gate| alone(gate, message))?.map_err(failed);
        }
        let chunk = args.bytes(0)?.get(from..).ok_or_else(super::hot::misuse)?;
        let mut state = self.take()?;
        let report = self.slot.with(|gate| {
            #[cfg(feature = "test-hooks")]
            super::hooks::checkpoint();
            state.read(gate, chunk, from)
        });
        let written = args.write(2, &state.table);
        self.state.set(Some(state));
        written?;
        report?.map_err(failed)
    }
}

/// The report on a message that is no part of a stream.
fn alone(gate: &crate::Gate, message: &[u8]) -> std::result::Result<Option<String>, serde_json::Error> {
    #[cfg(feature = "test-hooks")]
    super::hooks::checkpoint();
    let judged = gate.judge().message(message);
    if judged.verdict.findings().is_empty() {
        return Ok(None);
    }
    serde_json::to_string(&MessageVerdict::new(judged)).map(Some)
}

impl State {
    /// Reads a chunk that starts `from` bytes into what JavaScript calls one.
    fn read(
        &mut self,
        gate: &crate::Gate,
        chunk: &[u8],
        from: usize,
    ) -> std::result::Result<Option<String>, serde_json::Error> {
        let Self { messages, table, held } = self;
        let mut reports: Vec<MessageVerdict> = Vec::new();
        table.clear();
        held.clear();
        table.resize(HEAD, 0);
        let mut rows = 0;
        let read = messages.read_until(gate, chunk, |message| {
            table.extend_from_slice(&row(&message, from, held));
            rows += 1;
            if !message.judged().verdict.findings().is_empty() {
                reports.push(message.verdict());
            }
            rows < ROWS
        });
        let read = u32::try_from(from + read).unwrap_or(u32::MAX);
        if let [count, end, ..] = table.as_mut_slice() {
            *count = u32::try_from(rows).unwrap_or_default();
            *end = read;
        }
        if reports.is_empty() { Ok(None) } else { serde_json::to_string(&reports).map(Some) }
    }
}

fn row(message: &ReadMessage<'_>, from: usize, held: &mut VecDeque<Vec<u8>>) -> [u32; ROW] {
    let judged = message.judged();
    let kind = KINDS.iter().position(|kind| *kind == judged.kind).and_then(|kind| u32::try_from(kind).ok());
    let mut what = kind.unwrap_or_default();
    if !judged.verdict.findings().is_empty() {
        what |= REPORTED;
    }
    if judged.verdict.action() == Action::Deny {
        what |= DENIED;
    }
    match message.bytes() {
        Some(bytes) if message.range().is_some() && bytes.is_ascii() => what |= ASCII,
        Some(bytes) if message.range().is_none() && judged.verdict.action() != Action::Deny => {
            what |= HELD;
            held.push_back([bytes, message.end()].concat());
        }
        _ => {}
    }
    let place = |at: usize| u32::try_from(from + at).unwrap_or(u32::MAX);
    let (start, end) = message.range().map_or((0, 0), |range| (place(range.start), place(range.end)));
    // Where a text of the message stands in the chunk, if it does.
    let span = |text: &Cow<'_, str>| -> Option<(u32, u32)> {
        let (Cow::Borrowed(text), Some(bytes), Some(range)) = (text, message.bytes(), message.range()) else {
            return None;
        };
        let at = text.as_ptr().addr().checked_sub(bytes.as_ptr().addr())?;
        let lies = text.is_ascii() && at + text.len() <= bytes.len();
        lies.then_some((place(range.start + at), u32::try_from(text.len()).ok()?))
    };
    let mut id = (0, 0);
    match &judged.id {
        None => what |= NO_ID,
        Some(MessageId::Number(number)) => {
            let bits = number.cast_unsigned();
            let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or_default();
            id = (half(bits), half(bits >> 32));
            what |= ID_NUMBER;
        }
        Some(MessageId::Text(text)) => {
            if let Some(found) = span(text) {
                id = found;
                what |= ID_TEXT;
            }
        }
        // Its finding has a report.
        Some(MessageId::Written(_)) => {}
    }
    if judged.modern {
        what |= MODERN;
    }
    if judged.asks {
        what |= ASKS;
    }
    if message.end().len() > 1 {
        what |= RETURN;
    }
    let method =
        judged.method.as_deref().and_then(|method| METHODS.iter().position(|known| *known == method));
    let method = method.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or_default();
    let tool = judged.tool.as_ref().and_then(span).unwrap_or_default();
    [start, end, what, id.0, id.1, method, tool.0, tool.1]
}

const _: () = assert!(ROWS * ROW + HEAD == 4098, "as the facade and the documentation have it");
