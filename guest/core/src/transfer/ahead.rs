//! Hints that let the driver digest the whole file while the rest of it is still being fetched.

use alloc::vec::Vec;

use crate::content::digest::Algorithm;
use crate::content::range::ByteRange;

use super::{Context, Transfer};

/// Bytes by which the prefix grows between two hints, because a hint is a call across the border. A smaller file is digested at the end.
const STEP: u64 = 4 << 20;

impl Transfer {
    /// Sends a hint if the prefix without a gap has grown by a step, or is the whole file.
    pub(super) fn hint_ahead(&mut self, cx: &mut Context<'_>) {
        let length = self.plan.written().run_at(0).map_or(0, |run| run.end);
        let is_last = length > self.ahead && self.plan.total() == Some(length);
        if length < STEP || !(is_last || length - self.ahead.min(length) >= STEP) || self.options.in_order {
            return;
        }
        let algorithms = self.due_algorithms();
        if !algorithms.is_empty() {
            self.ahead = length;
            cx.digest_ahead(algorithms, length);
        }
    }

    fn due_algorithms(&self) -> Vec<Algorithm> {
        (0..).map_while(|index| self.due_digest(index)).map(|digest| digest.algorithm).collect()
    }

    /// The bytes of `range` will change, so withdraws an earlier hint that includes them.
    pub(super) fn take_ahead_back(&mut self, cx: &mut Context<'_>, range: ByteRange) {
        if range.start < self.ahead {
            self.ahead = range.start;
            cx.digest_ahead(self.due_algorithms(), self.ahead);
        }
    }

    /// Withdraws all hints, because no digest of the partial file is needed any more.
    pub(super) fn end_ahead(&mut self, cx: &mut Context<'_>) {
        self.take_ahead_back(cx, ByteRange::open(0));
    }
}
