//! An export that fails on purpose, so that the tests can watch the boundary hold. Never in a published build.

use super::boundary::boundary;

/// Panics inside the boundary.
///
/// Returns `CALLGATE_ERR_PANIC`.
#[unsafe(no_mangle)]
#[expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "the panic that the tests inject; the boundary catches it"
)]
pub extern "C" fn callgate_test_panic() -> i32 {
    boundary(|| panic!("injected"))
}
