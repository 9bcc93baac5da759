//! A place in an enumeration that the component holds.

use super::object::Object;

/// The enumerator of the component is shared by all clones, each of which has a place of its own.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    enumerator: Object,
    count: u32,
    at: u32,
}

impl Place {
    pub const fn new(enumerator: Object, count: u32) -> Self {
        Self { enumerator, count, at: 0 }
    }

    pub const fn enumerator(&self) -> &Object {
        &self.enumerator
    }

    /// Where it was and how far it went: `count` items, or as many as are left.
    pub fn advance(&mut self, count: usize) -> (u32, u32) {
        let from = self.at;
        let count = u32::try_from(count).unwrap_or(u32::MAX).min(self.count - from);
        self.at += count;
        (from, count)
    }

    /// Passes over `count` items; `false` where there were not as many.
    pub fn skip(&mut self, count: usize) -> bool {
        let (_, passed) = self.advance(count);
        passed as usize == count
    }

    pub const fn reset(&mut self) {
        self.at = 0;
    }

    /// All items, wherever the place is.
    pub const fn count(&self) -> usize {
        self.count as usize
    }

    pub const fn is_at_end(&self) -> bool {
        self.at == self.count
    }
}
