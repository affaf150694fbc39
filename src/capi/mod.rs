//! The C library: `extern "C"` exports over [`Gate`](crate::Gate), declared in `include/callgate.h`.
//!
//! An export checks its pointers, calls one safe method and hands the answer out; it decides nothing. Its
//! body is one call of `boundary`, which holds the only `catch_unwind` of this module, so that no panic
//! reaches C. What a C caller must know is documented once, at the exports themselves: cbindgen copies it
//! to the header.
#![expect(unsafe_code, reason = "DESIGN rule 4: pointers of C callers")]

mod answer;
mod boundary;
mod coverage;
mod gate;
#[cfg(feature = "test-hooks")]
pub mod hooks;
mod kinds;
mod last_error;
mod message;
mod path;
mod pointer;
mod redact;
mod status;
mod text;
mod url;
mod verdict;

pub use answer::*;
pub use coverage::*;
pub use gate::*;
pub use kinds::*;
pub use last_error::*;
pub use message::*;
pub use path::*;
pub use redact::*;
pub use status::*;
pub use text::*;
pub use url::*;
pub use verdict::*;
