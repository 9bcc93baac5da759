//! The position in an enumeration.

use std::ops::Range;

/// A position among a fixed number of items.
#[derive(Clone, Debug)]
pub struct Cursor {
    count: usize,
    at: usize,
}

impl Cursor {
    pub const fn new(count: usize) -> Self {
        Self { count, at: 0 }
    }

    /// Moves over `count` items, or over the rest if that is less, and returns the indices of these items.
    pub fn advance(&mut self, count: usize) -> Range<usize> {
        let from = self.at;
        self.at = from.saturating_add(count).min(self.count);
        from..self.at
    }

    /// Moves over `count` items; `false` if fewer were left.
    pub fn skip(&mut self, count: usize) -> bool {
        self.advance(count).len() == count
    }

    pub const fn reset(&mut self) {
        self.at = 0;
    }

    /// All items, wherever the cursor is.
    pub const fn count(&self) -> usize {
        self.count
    }

    pub const fn is_at_end(&self) -> bool {
        self.at == self.count
    }
}
