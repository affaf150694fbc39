//! Exports of test builds: a panic on demand, and the allocations of the process.

use crate::hooks::{self, Heap};
use napi_derive::napi;
use std::sync::atomic::{AtomicBool, Ordering};

static ARMED: AtomicBool = AtomicBool::new(false);

/// Panics once after `arm_panic`.
pub(crate) fn checkpoint() {
    assert!(!ARMED.swap(false, Ordering::SeqCst), "a panic that a test asked for");
}

/// Makes the next audit panic, on whichever thread it runs.
#[napi(catch_unwind)]
pub fn arm_panic() {
    ARMED.store(true, Ordering::SeqCst);
}

/// Panics.
#[napi(catch_unwind)]
pub fn panic_now() {
    arm_panic();
    checkpoint();
}

/// `[calls, live bytes, peak bytes]` of the native heap.
#[napi(catch_unwind)]
pub fn allocations() -> [f64; 3] {
    let Heap { calls, live, peak } = hooks::of_process();
    #[expect(clippy::cast_precision_loss, reason = "counts of a test stay far below 2^53")]
    [calls as f64, live as f64, peak as f64]
}

/// Starts the peak anew from what is live.
#[napi(catch_unwind)]
pub fn reset_peak() {
    hooks::reset_peak_of_process();
}
