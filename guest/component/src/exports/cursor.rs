//! A position in a snapshot, for all enumerators.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::{Deref, Range};

#[derive(Clone)]
pub struct Cursor {
    at: Cell<u32>,
    total: u32,
}

impl Cursor {
    pub const fn new(total: u32) -> Self {
        Self { at: Cell::new(0), total }
    }

    /// Advances by at most `count` and returns the range that it passed.
    pub fn advance(&self, count: u32) -> Range<u32> {
        let from = self.at.get();
        let to = from.saturating_add(count).min(self.total);
        self.at.set(to);
        from..to
    }

    /// Advances by at most `count`; `false` if fewer were left.
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

/// The held objects of an enumeration, and a position among them.
#[derive(Clone)]
pub struct Snapshot<H> {
    held: Rc<[H]>,
    cursor: Cursor,
}

impl<H: Clone> Snapshot<H> {
    pub fn new(held: Vec<H>) -> Self {
        let cursor = Cursor::new(u32::try_from(held.len()).unwrap_or(u32::MAX));
        Self { held: held.into(), cursor }
    }

    /// Returns at most `count` objects, with one more hold on each.
    pub fn next(&self, count: u32) -> impl Iterator<Item = H> {
        let Range { start, end } = self.cursor.advance(count);
        self.held[start as usize..end as usize].iter().cloned()
    }
}

impl<H> Deref for Snapshot<H> {
    type Target = Cursor;

    fn deref(&self) -> &Cursor {
        &self.cursor
    }
}
