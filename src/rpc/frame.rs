//! Messages in lines: what MCP speaks over standard input and output.
//!
//! Chunks come in any size. A line that lies wholly in one is judged where it is; what is left of a chunk is kept,
//! up to the longest message that may be. Of a longer line nothing is kept but what names its request. Lines end with
//! `\n`; what other readers take for an end does not get through.

use super::line::one_line;
use super::repair::BYTE_ORDER_MARK;
use super::scan::Scan;
use super::{Judged, MessageVerdict};
use crate::policy::Mode;
use crate::{Action, Gate, Rule};
use std::borrow::Cow;
use std::ops::Range;

/// The longest line that is passed on where the policy only observes (bytes).
const MOST_OBSERVED: usize = 64 << 20;
/// Memory above this is given back behind the line that took it (bytes).
const KEEP: usize = 1 << 18;

/// The messages of one stream, as chunks of it come in.
///
/// One a connection and direction. It holds what came of the line that is not at its end: at most
/// `limits.messageBytes` of the policy, of an answer `results.limits.messageBytes`, or 64 MiB where the policy only
/// observes, so that a longer line is passed on there, with a flag. Lines end with `\n` or `\r\n`; empty ones are passed over.
///
/// ```
/// use callgate::{Gate, MessageReader};
/// let gate = Gate::default();
/// let mut reader = MessageReader::default();
/// let mut methods = Vec::new();
/// for chunk in [&b"{\"jsonrpc\":\"2.0\",\"id\":1,\"met"[..], b"hod\":\"ping\"}\n"] {
///     reader.read(&gate, chunk, |message| {
///         methods.push(message.verdict().method().map(str::to_owned));
///     });
/// }
/// assert_eq!(methods, [Some("ping".to_owned())]);
/// ```
#[derive(Debug, Default)]
pub struct MessageReader {
    /// The start of a line that goes on in the next chunk.
    held: Vec<u8>,
    /// What is held is longer than messages may be, and is an answer.
    answers: bool,
    /// A line that is too long: what was seen of it, and how many bytes.
    long: Option<(Scan, u64)>,
}

/// The most bytes that a message may have.
#[derive(Debug, Clone, Copy)]
struct Most {
    message: usize,
    answer: usize,
}

impl Most {
    fn of(gate: &Gate) -> Self {
        let policy = gate.policy();
        let least = if policy.mode == Mode::Observe { MOST_OBSERVED } else { 0 };
        Self {
            message: least.max(policy.limits.message_bytes as usize),
            answer: least.max(policy.results.limits.message_bytes as usize),
        }
    }

    /// Whether a whole line can be judged: it is not longer than such a message may be.
    fn admits(self, line: &[u8]) -> bool {
        line.len() <= self.message || line.len() <= self.answer && self.is_answer(&[], line)
    }

    /// Whether a line that begins with these two pieces is an answer, by what stands before what makes it long.
    fn is_answer(self, held: &[u8], piece: &[u8]) -> bool {
        let rest = self.message.saturating_add(1).saturating_sub(held.len());
        let mut scan = Scan::default();
        scan.feed(held);
        scan.feed(piece.get(..rest).unwrap_or(piece));
        scan.is_answer()
    }
}

/// A message of a stream.
#[derive(Debug)]
pub struct ReadMessage<'a> {
    bytes: Option<Cow<'a, [u8]>>,
    end: &'static [u8],
    range: Option<Range<usize>>,
    judged: Judged<'a>,
}

impl ReadMessage<'_> {
    /// The message as it may be passed on, without the end of its line: one line for every reader
    /// ([`one_line`](crate::one_line)). `None` for one that was too long and is gone.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// The end of its line: `\n` or `\r\n`.
    ///
    /// ```
    /// use callgate::{Gate, MessageReader};
    /// let mut lines = Vec::new();
    /// MessageReader::default().read(&Gate::default(), b"{\"jsonrpc\":\"2.0\",\"id\":1,\r\"method\":\"ping\"}\r\n", |message| {
    ///     lines.extend_from_slice(message.bytes().unwrap_or_default());
    ///     lines.extend_from_slice(message.end());
    /// });
    /// assert_eq!(lines, b"{\"jsonrpc\":\"2.0\",\"id\":1, \"method\":\"ping\"}\r\n");
    /// ```
    pub fn end(&self) -> &'static [u8] {
        self.end
    }

    /// Where its bytes lie in the chunk; `None` where they do not lie in it as they may be passed on.
    pub fn range(&self) -> Option<Range<usize>> {
        self.range.clone()
    }

    /// What it is, and the verdict on it.
    pub fn verdict(self) -> MessageVerdict {
        MessageVerdict::new(self.judged)
    }
}

#[cfg(all(feature = "node", not(test)))]
impl<'a> ReadMessage<'a> {
    pub(crate) fn judged(&self) -> &Judged<'a> {
        &self.judged
    }
}

impl MessageReader {
    /// Reads a chunk; `each` is told every message that ends in it, in their order.
    pub fn read(&mut self, gate: &Gate, chunk: &[u8], mut each: impl FnMut(ReadMessage<'_>)) {
        self.read_until(gate, chunk, |message| {
            each(message);
            true
        });
    }

    /// The same until `each` answers false; answers how many bytes of the chunk were read.
    pub(crate) fn read_until(
        &mut self,
        gate: &Gate,
        chunk: &[u8],
        mut each: impl FnMut(ReadMessage<'_>) -> bool,
    ) -> usize {
        let limit = Most::of(gate);
        let mut from = 0;
        while let Some(rest) = chunk.get(from..)
            && let Some(length) = memchr::memchr(b'\n', rest)
        {
            let line = rest.get(..length).unwrap_or_default();
            let start = from;
            from += length + 1;
            if !self.line(gate, limit, line, start, &mut each) {
                return from;
            }
        }
        self.hold(limit, chunk.get(from..).unwrap_or_default());
        chunk.len()
    }

    /// The end of a line.
    fn line(
        &mut self,
        gate: &Gate,
        limit: Most,
        line: &[u8],
        start: usize,
        each: &mut impl FnMut(ReadMessage<'_>) -> bool,
    ) -> bool {
        if self.held.is_empty() && self.long.is_none() && limit.admits(without_return(line).0) {
            return whole(gate, line, Some(start), each);
        }
        self.hold(limit, line);
        self.answers = false;
        if let Some((scan, bytes)) = self.long.take() {
            let judged = gate.judge().too_long(bytes, scan.end());
            return each(ReadMessage { bytes: None, end: b"\n", range: None, judged });
        }
        let held = std::mem::take(&mut self.held);
        let goes_on = whole(gate, &held, None, each);
        self.held = held;
        self.held.clear();
        if self.held.capacity() > KEEP {
            self.held = Vec::new();
        }
        goes_on
    }

    /// Keeps a piece of a line, or looks through it where the line is too long.
    fn hold(&mut self, limit: Most, piece: &[u8]) {
        let needed = self.held.len() + piece.len();
        let mut most = if self.answers { limit.answer } else { limit.message }.saturating_add(1);
        if self.long.is_none() && needed > most {
            if needed <= limit.answer.saturating_add(1) && limit.is_answer(&self.held, piece) {
                self.answers = true;
                most = limit.answer.saturating_add(1);
            } else {
                let mut scan = Scan::default();
                scan.feed(&self.held);
                self.long = Some((scan, self.held.len() as u64));
                self.held = Vec::new();
            }
        }
        if let Some((scan, bytes)) = &mut self.long {
            scan.feed(piece);
            *bytes += piece.len() as u64;
            return;
        }
        // Twice as much as before, but never more than a message may have.
        if needed > self.held.capacity() {
            let room = needed.max(self.held.capacity() * 2).min(most.max(needed));
            self.held.reserve_exact(room - self.held.len());
        }
        self.held.extend_from_slice(piece);
    }
}

/// A whole line, which starts at this byte of the chunk, or in an earlier one.
fn whole(
    gate: &Gate,
    line: &[u8],
    start: Option<usize>,
    each: &mut impl FnMut(ReadMessage<'_>) -> bool,
) -> bool {
    let (line, end) = without_return(line);
    // Where the policy only observes nothing is mended, but a message stays one line: others would be told nothing of
    // what is behind its end.
    let mends = gate.policy().mode == Mode::Enforce;
    let text = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| mends).unwrap_or(line);
    if text.is_empty() {
        return true;
    }
    let mut judged = gate.judge().message(text);
    if text.len() < line.len() {
        judged = judged.and_told(gate, Rule::JsonSyntax, "a byte order mark, which is left out");
    }
    // What is refused is not passed on.
    let refused = |judged: &Judged<'_>| judged.verdict.action() == Action::Deny;
    let mended = if mends && !refused(&judged) { judged.repairs.mended(text) } else { None };
    let given = mended.as_deref().unwrap_or(text);
    if mended.is_some() {
        let again = gate.judge().message(given);
        if refused(&again) {
            judged.verdict = again.verdict;
        }
    }
    let bytes = if refused(&judged) { Cow::Borrowed(text) } else { one_line(given) };
    let as_given = mended.is_none() && matches!(bytes, Cow::Borrowed(_));
    let range = start.filter(|_| as_given).map(|start| start + line.len() - text.len()..start + line.len());
    each(ReadMessage { bytes: Some(bytes), end, range, judged })
}

/// A line without the carriage return before its end, and its end.
fn without_return(line: &[u8]) -> (&[u8], &'static [u8]) {
    line.strip_suffix(b"\r").map_or((line, b"\n"), |line| (line, b"\r\n"))
}
