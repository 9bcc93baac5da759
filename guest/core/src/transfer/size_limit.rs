//! The caller's limit on the file length.
//!
//! If the origin declares a length, the engine compares it with the limit before it reads the body. Otherwise it reads the body up to the
//! limit, and the next byte shows that the file is too large.

use crate::border::identity::AttemptId;
use crate::layout::Wanted;

use super::Transfer;

impl Transfer {
    /// Whether the file is known to exceed the limit.
    pub(super) fn is_too_large(&self) -> bool {
        let described = || self.options.chosen.length.filter(|_| self.wanted == Wanted::Whole);
        let length = self.plan.total().or_else(described);
        length.zip(self.options.chosen.max_length).is_some_and(|(length, most)| length > most)
    }

    /// Bytes left up to the limit from the position of `attempt`'s segment.
    pub(super) fn room(&self, attempt: AttemptId) -> u64 {
        let most = self.options.chosen.max_length.filter(|_| self.plan.total().is_none());
        let position = self.plan.segment(attempt).map_or(0, |segment| segment.position);
        most.map_or(u64::MAX, |most| most.saturating_sub(position))
    }
}
