//! Bytes to events: one forward pass over a JSON document (RFC 8259) without a tree.
//!
//! `walk` goes through the windows of the structural index, `grammar` reads their tokens, `text` and
//! `number` judge single ones, `keys` finds duplicate members, `place` tells where a token lies as a JSON
//! Pointer.

#![forbid(unsafe_code)]

mod grammar;
mod keys;
mod number;
mod place;
mod text;
mod walk;

#[cfg(test)]
mod tests;

pub(crate) use place::{Place, Step};
pub(crate) use text::{Text, Written, unescape};
pub(crate) use walk::{Events, Fault, Flow, Stop, walk};
