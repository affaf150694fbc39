//! Text that does not show what it holds: invisible characters, direction controls, terminal escapes and letters
//! that pass for others; and [`Gate::sanitize`](crate::Gate::sanitize), which takes them out.
//!
//! [`scan`] judges any text, [`homoglyph`] what is a name: an identifier, a host or a path.

#![forbid(unsafe_code)]

mod context;
mod homoglyph;
mod letters;
mod lookalikes;
mod markup;
mod sanitize;
mod scan;
mod terminal;

pub use homoglyph::homoglyph;
pub use sanitize::{Removed, RemovedKind, Sanitized};
pub use scan::{scan, starts_finding};

pub(crate) use letters::folded;
pub(crate) use sanitize::stays;
pub(crate) use sanitize::{sanitize, visible};

#[cfg(test)]
mod tests;
