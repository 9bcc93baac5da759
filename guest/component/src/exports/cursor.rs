//! A place in a snapshot: what the enumerators have in common.

use core::cell::Cell;
use core::ops::Range;

#[derive(Clone)]
pub struct Cursor {
    at: Cell<u32>,
    total: u32,
}

impl Cursor {
    pub const fn new(total: u32) -> Self {
        Self { at: Cell::new(0), total }
    }

    /// Goes on by at most `count`; returns what is passed over.
    pub fn advance(&self, count: u32) -> Range<u32> {
        let from = self.at.get();
        let to = from.saturating_add(count).min(self.total);
        self.at.set(to);
        from..to
    }

    /// Whether there were `count` to pass over.
    pub fn skip(&self, count: u32) -> bool {
        self.advance(count).len() == count as usize
    }

    pub fn reset(&self) {
        self.at.set(0);
    }

    pub const fn total(&self) -> u32 {
        self.total
    }
}
