//! Bytes to events: one forward pass over a JSON document (RFC 8259) without a tree.
//!
//! `walk` goes through the windows of the structural index, `grammar` reads their tokens, `text` and
//! `number` judge single ones, `keys` finds duplicate members, `place` tells where a token lies as a JSON
//! Pointer. For schemas `tape` keeps the tokens of a pass, and `value` reads them in any order.

#![forbid(unsafe_code)]

mod grammar;
mod keys;
mod number;
mod place;
mod tape;
mod text;
mod value;
mod walk;
#[cfg(any(feature = "node", test))]
mod write;

#[cfg(test)]
pub(crate) use tape::testing::tape as tape_of;
#[cfg(test)]
pub(crate) use value::tests::any_json;
#[cfg(test)]
mod tests;

pub(crate) use place::{Place, Step};
pub(crate) use tape::{Noted, Tape, Token};
pub(crate) use text::{Text, Written, unescape};
pub(crate) use value::{Document, Indexed};
pub(crate) use walk::{Events, Fault, Flow, Stop, walk};
#[cfg(all(feature = "node", not(test)))]
pub(crate) use write::push_string;
