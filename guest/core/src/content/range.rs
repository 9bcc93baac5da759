//! A half-open range of bytes. Only `http/request.rs` and `http/content_range.rs` translate to HTTP's inclusive ranges.

use serde::{Deserialize, Serialize};

/// Bytes from `start`, inclusive, to `end`, exclusive; both are offsets in bytes.
///
/// # Invariants
///
/// `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ByteRange {
    pub start: u64,
    pub end: u64,
}

impl ByteRange {
    /// The range from `start` to `end`; empty if `end <= start`.
    pub const fn new(start: u64, end: u64) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end }
    }

    /// From `start` to the end of a file of unknown length.
    pub const fn open(start: u64) -> Self {
        Self { start, end: u64::MAX }
    }

    pub const fn len(&self) -> u64 {
        self.end - self.start
    }

    pub const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub const fn is_open(&self) -> bool {
        self.end == u64::MAX
    }

    pub const fn contains(&self, offset: u64) -> bool {
        self.start <= offset && offset < self.end
    }

    pub const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end && !self.is_empty() && !other.is_empty()
    }
}
