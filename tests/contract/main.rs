//! What the repository promises: the C interface, the generated files, the boundary of every export, the shared
//! vectors and the manifest. One program, because all of it reads the same tree.

mod boundary;
mod capi;
mod cases;
mod generated;
mod manifest;
mod rungs;
mod schema;
mod support;
mod vectors;
