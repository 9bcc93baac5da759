//! The rule for a 200 to a range request, and for unusable range responses.
//!
//! The body starts at byte 0 and carries the whole representation. The engine never writes it at the requested offset: it reads the body
//! from its start and skips bytes that are already written. For a caller that asked for ranges, the engine does not silently fetch the
//! whole file: unless the only range starts at byte 0, the result is DO_E_INSUFFICIENT_RANGE_SUPPORT.

use crate::border::identity::AttemptId;
use crate::border::output::RestartReason;
use crate::failure::{Cause, NetworkCause};
use crate::layout::{Layout, Wanted};
use crate::verdict::Body;

use super::{Context, Style, Transfer};

/// Unusable responses to range requests before the engine gives up ranges, because one may come from a single faulty server of many.
const TOLERATED: u32 = 1;

impl Transfer {
    /// A body with the whole representation, of the right version, arrived for a range request.
    pub(super) fn ranges_ignored(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        if !self.serves_from_its_start() {
            return self.refuse(cx, attempt, Cause::RangesNotSupported);
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

    /// The response to a range request is unusable. The engine retries once; then it requests the whole file in one body and skips bytes
    /// that it already has.
    pub(super) fn ranges_unusable(&mut self, cx: &mut Context<'_>, attempt: AttemptId, cause: Cause) {
        self.unusable_answers += 1;
        if self.style == Style::Plain || self.unusable_answers <= TOLERATED {
            return self.attempt_failed(cx, attempt, cause, None);
        }
        if self.wanted != Wanted::Whole {
            return self.refuse(cx, attempt, Cause::RangesNotSupported);
        }
        self.style = Style::Plain;
        self.cancel_all_but(cx, None);
    }

    /// Handles a 416: according to the origin, no byte of the range exists.
    pub(super) fn unsatisfiable(&mut self, cx: &mut Context<'_>, attempt: AttemptId, complete: Option<u64>) {
        let known = self.representation.as_ref().and_then(|known| known.complete);
        let nothing_here = self.plan.written().is_empty() && self.representation.is_none();
        let changed = complete.is_some() && complete != known;
        match &self.wanted {
            Wanted::Ranges(_) if nothing_here => self.refuse(cx, attempt, Cause::InvalidRange),
            _ if changed && self.can_be_wrong_source() => self.refuse(cx, attempt, Cause::LengthDiffers),
            _ if changed => {
                if self.wanted == Wanted::Whole {
                    self.style = Style::Plain;
                }
                self.cancel(cx, attempt);
                self.restart(cx, RestartReason::ContentChanged);
            }
            _ => self.ranges_unusable(cx, attempt, Cause::Network(NetworkCause::ProtocolViolated)),
        }
    }
}
