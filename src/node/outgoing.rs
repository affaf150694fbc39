//! Messages on their way out, most of which need no cleaning: their JSON is put together and looked through in one
//! call.

use super::error::Result;
use super::handle::{Handle, Slot};
use super::hot::{Args, Hot, function, misuse};
use crate::Error;
use crate::json::push_string;
use crate::one_line;
use crate::redact::Seen;
use napi::Env;
use napi::bindgen_prelude::Unknown;
use napi_derive::napi;
use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::CStr;
use std::rc::Rc;

/// Pieces of a message.
const PIECES: usize = 63;
/// Numbers of a table: how many pieces, and how many bytes each has.
const TABLE: usize = PIECES + 1;
/// Memory above this is given back (bytes).
const KEEP: usize = 1 << 20;

/// Looks through messages.
struct Outgoing {
    slot: Rc<Slot>,
    /// Taken for the time of a call.
    state: Cell<Option<Box<State>>>,
}

#[derive(Default)]
struct State {
    line: Vec<u8>,
    seen: Seen,
}

/// Makes a hot call of a gate: `(source, table, out)` puts the JSON of a message together and writes it to `out`, with
/// a line feed. Of the pieces in `source`, whose lengths `table` has behind their number, every second one is a text
/// that is put into JSON here. Afterwards the first number of the table is how many bytes were written: 0 where `out` is
/// too small, where the text is no JSON, and where it has something to clean. `(source, length)` looks through a message
/// that is there already as the first bytes of `source`; answers the empty text where it has something to clean, and the
/// message where it must be written anew, as one line for every reader.
#[napi(
    catch_unwind,
    ts_return_type = "(source: Uint8Array, table: Uint32Array | number, out?: Uint8Array) => string | undefined"
)]
pub fn outgoing_function<'env>(
    env: &'env Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
) -> Result<Unknown<'env>> {
    function(env, Rc::new(Outgoing { slot: Rc::clone(handle), state: Cell::default() }))
}

impl Hot for Outgoing {
    const NAME: &'static CStr = c"outgoing";

    fn call(&self, args: &mut Args) -> std::result::Result<Option<String>, Error> {
        #[cfg(feature = "test-hooks")]
        super::hooks::checkpoint();
        let mut state = self.state.take().unwrap_or_default();
        let State { line, seen } = &mut *state;
        let answer = if args.count() == 2 {
            let length = usize::try_from(args.number(1)?).ok();
            let bytes = args.bytes(0)?;
            let message = length.and_then(|length| bytes.get(..length)).ok_or_else(misuse)?;
            let plain = self.slot.with(|gate| gate.leaves_alone(message, seen))?;
            if plain { rewritten(message) } else { Some(String::new()) }
        } else {
            let [pieces, lengths @ ..] = args.numbers::<TABLE>(1)?;
            let lengths = usize::try_from(pieces).ok().and_then(|pieces| lengths.get(..pieces));
            line.clear();
            let whole = put_together(args.bytes(0)?, lengths.ok_or_else(misuse)?, line)?;
            let mut written = 0;
            if whole && self.slot.with(|gate| gate.leaves_alone(line, seen))? {
                if let Cow::Owned(rewritten) = one_line(line) {
                    *line = rewritten;
                }
            } else {
                line.clear();
            }
            if !line.is_empty() && line.len() < args.bytes(2)?.len() {
                line.push(b'\n');
                written = u32::try_from(line.len()).unwrap_or_default();
                args.write(2, line)?;
            }
            args.write(1, &[written])?;
            None
        };
        if state.line.capacity() > KEEP {
            state.line = Vec::new();
        }
        self.state.set(Some(state));
        Ok(answer)
    }
}

/// The message as one line for every reader, where it is none.
fn rewritten(message: &[u8]) -> Option<String> {
    match one_line(message) {
        Cow::Borrowed(_) => None,
        Cow::Owned(line) => Some(String::from_utf8_lossy(&line).into_owned()),
    }
}

/// Whether the message could be put together: its texts are UTF-8.
fn put_together(mut source: &[u8], lengths: &[u32], line: &mut Vec<u8>) -> std::result::Result<bool, Error> {
    for (index, length) in lengths.iter().enumerate() {
        let length = usize::try_from(*length).unwrap_or(usize::MAX);
        let (piece, rest) = source.split_at_checked(length).ok_or_else(misuse)?;
        source = rest;
        if index % 2 == 0 {
            line.extend_from_slice(piece);
        } else if !push_string(line, piece) {
            return Ok(false);
        }
    }
    Ok(true)
}

const _: () = assert!(TABLE == 64, "as the facade has it");
