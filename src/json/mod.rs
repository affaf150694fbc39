//! Bytes to events: one forward pass over a JSON document (RFC 8259) without a tree.
//!
//! `walk` goes through the windows of the structural index, `grammar` reads their tokens, `text` and
//! `number` judge single ones, `keys` finds duplicate members and, with `fold`, those that
//! differ in case only, `place` tells where a token lies as a JSON
//! Pointer, and `items` where those of a list do. For schemas `tape` keeps the tokens of a pass, and `value` reads
//! them in any order.

#![forbid(unsafe_code)]

mod fold;
mod grammar;
mod items;
mod keys;
mod number;
mod place;
mod tape;
mod text;
mod value;
mod walk;
mod write;

#[cfg(test)]
pub(crate) use value::tests::any_json;
#[cfg(test)]
mod tests;

pub(crate) use fold::{folds_to, plain as plain_name};
pub(crate) use items::InItems;
pub(crate) use number::is_number;
pub(crate) use place::{Place, Step};
pub(crate) use tape::{Noted, Tape, Token, tape_of};
pub(crate) use text::{Text, Written, mend_surrogates, unescape};
pub(crate) use value::{Document, Indexed};
pub(crate) use walk::{Events, Fault, Flow, Stop, walk};
pub(crate) use write::push_string;
