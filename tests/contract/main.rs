//! What the repository promises: the C interface, the generated files, the boundary of every export, the shared
//! vectors and the manifest. One program, because all of it reads the same tree.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic is how a test fails, also in the functions that tests share"
)]

mod answers;
mod boundary;
mod capi;
mod cases;
#[path = "../../codegen/src/difference.rs"]
mod difference;
#[cfg(unix)]
mod files;
mod generated;
mod kinds;
mod lookalikes;
mod manifest;
#[cfg(unix)]
mod members;
mod messages;
#[cfg(unix)]
mod paths;
mod redact;
mod redact_cases;
mod rules;
mod rungs;
mod schema;
mod steps;
mod support;
mod text_cases;
mod tree;
mod url_cases;
mod urls;
mod vectors;
mod wpt_urls;
