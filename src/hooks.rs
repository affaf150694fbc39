//! An allocator that counts, for the tests of memory. In test builds only.
#![expect(unsafe_code, reason = "a global allocator that counts; test builds only")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the heap was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heap {
    /// Calls that took memory.
    pub calls: u64,
    /// Bytes in use. Below zero for a thread that freed what another one took.
    pub live: i64,
    /// The most bytes that were in use at one time since the last reset.
    pub peak: i64,
}

static CALLS: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static OWN: Cell<Heap> = const { Cell::new(Heap { calls: 0, live: 0, peak: 0 }) };
}

/// The heap as this thread used it.
#[must_use]
pub fn of_thread() -> Heap {
    OWN.get()
}

/// Starts the peak of this thread anew from what is live.
pub fn reset_peak_of_thread() {
    let own = OWN.get();
    OWN.set(Heap { peak: own.live, ..own });
}

/// The heap of the process.
#[must_use]
pub fn of_process() -> Heap {
    let [live, peak] = [&LIVE, &PEAK].map(|counter| signed(counter.load(Ordering::Relaxed)));
    Heap { calls: CALLS.load(Ordering::Relaxed), live, peak }
}

/// Starts the peak of the process anew from what is live.
pub fn reset_peak_of_process() {
    PEAK.store(LIVE.load(Ordering::Relaxed), Ordering::Relaxed);
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn taken(bytes: usize) {
    CALLS.fetch_add(1, Ordering::Relaxed);
    let live = LIVE.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
    PEAK.fetch_max(live, Ordering::Relaxed);
    let own = OWN.get();
    let live = own.live + signed(bytes as u64);
    OWN.set(Heap { calls: own.calls + 1, live, peak: own.peak.max(live) });
}

fn given_back(bytes: usize) {
    LIVE.fetch_sub(bytes as u64, Ordering::Relaxed);
    let own = OWN.get();
    OWN.set(Heap { live: own.live - signed(bytes as u64), ..own });
}

#[derive(Debug)]
struct Counting;

// SAFETY: every call goes to the system's allocator unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: the caller's duties are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        given_back(layout.size());
        // SAFETY: the caller's duties are those of `System`, from which the memory came.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        given_back(layout.size());
        taken(bytes);
        // SAFETY: the caller's duties are those of `System`, from which the memory came.
        unsafe { System.realloc(memory, layout, bytes) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
