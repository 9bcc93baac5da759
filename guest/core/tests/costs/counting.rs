//! A counting allocator.

#![expect(unsafe_code, reason = "an allocator can be had in no other way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts allocated bytes.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Currently allocated bytes.
pub fn held() -> usize {
    HELD.load(Relaxed)
}

/// Resets the peak.
pub fn forget_peak() {
    PEAK.store(held(), Relaxed);
}

/// Peak of allocated bytes since the last reset.
pub fn peak() -> usize {
    PEAK.load(Relaxed)
}

// SAFETY: all calls are delegated to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(held, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
