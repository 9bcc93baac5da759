//! The guard between the writer of a file and the hasher behind it.
//!
//! After each write the writer compares its offset with the bytes that the hasher has claimed; the hasher claims bytes before it reads
//! them. So either the hasher reads the written bytes, or the writer finds that it may not have, and the digest is spoiled.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[derive(Default)]
pub struct Guard {
    /// Bytes from the start of the file that a hasher has read or may be reading; zero without a hasher.
    claimed: AtomicU64,
    spoiled: AtomicBool,
}

impl Guard {
    /// Claims the first `length` bytes, before they are read.
    pub fn claim(&self, length: u64) {
        self.claimed.store(length, Ordering::SeqCst);
    }

    /// Bytes from `offset` on were written, or cut off.
    pub fn changed(&self, offset: u64) {
        if offset < self.claimed.load(Ordering::SeqCst) {
            self.spoil();
        }
    }

    /// The digest is of no use any more: its hasher stops.
    pub fn spoil(&self) {
        self.spoiled.store(true, Ordering::SeqCst);
    }

    pub fn is_spoiled(&self) -> bool {
        self.spoiled.load(Ordering::SeqCst)
    }

    /// A new digest begins.
    pub fn reset(&self) {
        self.spoiled.store(false, Ordering::SeqCst);
    }
}
