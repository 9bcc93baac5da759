//! The most bytes that the caller takes.
//!
//! A length that an origin declares is held against the limit before a byte of the body is taken. A body without one is taken up to
//! the limit, and the next byte shows that the file is larger.

use crate::border::identity::AttemptId;
use crate::layout::Wanted;

use super::Transfer;

impl Transfer {
    /// Whether the file is known to be larger than the caller takes.
    pub(super) fn is_too_large(&self) -> bool {
        let described = || self.options.chosen.length.filter(|_| self.wanted == Wanted::Whole);
        let length = self.plan.total().or_else(described);
        length.zip(self.options.chosen.max_length).is_some_and(|(length, most)| length > most)
    }

    /// Bytes that the caller takes beyond the position of `attempt`'s segment.
    pub(super) fn room(&self, attempt: AttemptId) -> u64 {
        let most = self.options.chosen.max_length.filter(|_| self.plan.total().is_none());
        let position = self.plan.segment(attempt).map_or(0, |segment| segment.position);
        most.map_or(u64::MAX, |most| most.saturating_sub(position))
    }
}
