//! Exports of test builds: a panic on demand, and the allocations of the process.
#![expect(unsafe_code, reason = "a global allocator that counts; test builds only")]

use napi_derive::napi;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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

struct Counting;

static CALLS: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

fn grown(bytes: usize) {
    CALLS.fetch_add(1, Ordering::Relaxed);
    let live = LIVE.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

// SAFETY: every call goes to the system's allocator unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as u64, Ordering::Relaxed);
        // SAFETY: the caller's duties are those of `System`, from which the memory came.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_sub(layout.size() as u64, Ordering::Relaxed);
        grown(size);
        // SAFETY: the caller's duties are those of `System`, from which the memory came.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// `[calls, live bytes, peak bytes]` of the native heap.
#[napi(catch_unwind)]
pub fn allocations() -> [f64; 3] {
    #[expect(clippy::cast_precision_loss, reason = "counts of a test stay far below 2^53")]
    [&CALLS, &LIVE, &PEAK].map(|counter| counter.load(Ordering::Relaxed) as f64)
}

/// Starts the peak anew from what is live.
#[napi(catch_unwind)]
pub fn reset_peak() {
    PEAK.store(LIVE.load(Ordering::Relaxed), Ordering::Relaxed);
}
