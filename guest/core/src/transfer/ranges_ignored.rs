//! The rule for a 200 answer to a range request, and for ranges that cannot be used.
//!
//! The body starts at byte 0 and carries everything. It is never appended at the offset that was asked for: it is used from
//! its start, and what is written already is passed over. A caller who asked for ranges does not get a whole file fetched
//! behind their back: unless the only range starts at byte 0, that is DO_E_INSUFFICIENT_RANGE_SUPPORT.

use crate::failure::Cause;
use crate::identity::AttemptId;
use crate::layout::{Layout, Wanted};
use crate::output::RestartReason;
use crate::verdict::Body;

use super::{Context, Style, Transfer};

impl Transfer {
    /// A body with everything came for a part, of the very version that is wanted.
    pub(super) fn ranges_ignored(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        if !self.serves_from_its_start() {
            return self.stop(cx, Some(Cause::RangesNotSupported));
        }
        self.style = Style::Plain;
        self.cancel_all_but(cx, Some(attempt));
        self.plan.assign_everything(attempt, cx.now);
        self.place_body(cx, attempt, body);
    }

    fn serves_from_its_start(&self) -> bool {
        let one_part_from_zero = |layout: &Layout| matches!(layout.parts(), [part] if part.source.start == 0);
        self.wanted == Wanted::Whole || self.plan.layout().is_some_and(one_part_from_zero)
    }

    /// The origin's answers to range requests make no sense: the whole file is asked for, in one body.
    pub(super) fn ranges_unusable(&mut self, cx: &mut Context<'_>, cause: Cause) {
        if self.wanted != Wanted::Whole {
            return self.stop(cx, Some(Cause::RangesNotSupported));
        }
        if self.style == Style::Plain {
            return self.stop(cx, Some(cause));
        }
        self.style = Style::Plain;
        self.restart(cx, RestartReason::RangesUnusable);
    }
}
