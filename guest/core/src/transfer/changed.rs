//! Another version than the one that bytes are here of: what is here goes, and the new version is fetched, a bounded number
//! of times.

use crate::failure::Cause;
use crate::identity::AttemptId;
use crate::layout::{RequestedRange, Wanted};
use crate::output::{DiskOperation, Happening, RestartReason};
use crate::verdict::Body;

use super::{Context, Phase, Purpose, Sidecar, Style, Transfer};

/// How often one run starts over before it gives up.
const MOST_RESTARTS: u32 = 8;

impl Transfer {
    /// The origin serves another version now. Where this body starts at the first wanted byte it is the new first one.
    pub(super) fn content_changed(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        self.start_over_with(cx, attempt, body, RestartReason::ContentChanged);
    }

    /// Nothing proves that this body continues what is here.
    pub(super) fn cannot_prove(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        if self.plan.written().is_empty() && self.attempts.len() == 1 {
            self.plan.reset();
            self.plan.assign_everything(attempt, cx.now);
            self.representation = None;
            return self.adopt(cx, attempt, body);
        }
        match &self.wanted {
            Wanted::Whole => self.style = Style::Plain,
            Wanted::Ranges(ranges) if ranges.len() > 1 => return self.stop(cx, Some(Cause::VersionNotProven)),
            Wanted::Ranges(_) => {}
        }
        self.start_over_with(cx, attempt, body, RestartReason::NotProven);
    }

    fn start_over_with(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body, reason: RestartReason) {
        let reusable = match &self.wanted {
            Wanted::Whole => body.range.start == 0,
            Wanted::Ranges(ranges) => {
                matches!(ranges[..], [RequestedRange::Bounded { offset, .. } | RequestedRange::From { offset }, ..]
                    if body.partial && body.range.contains(offset) || ranges.len() == 1 && offset == 0)
            }
        };
        if !reusable {
            return self.restart(cx, reason);
        }
        self.forget_bytes(cx, Some(attempt), reason);
        if self.phase == Phase::Fetching {
            self.plan.assign_everything(attempt, cx.now);
            self.adopt(cx, attempt, body);
        }
    }

    /// Drops every byte and asks again from the first.
    pub(super) fn restart(&mut self, cx: &mut Context<'_>, reason: RestartReason) {
        self.forget_bytes(cx, None, reason);
    }

    fn forget_bytes(&mut self, cx: &mut Context<'_>, spared: Option<AttemptId>, reason: RestartReason) {
        self.cancel_all_but(cx, spared);
        self.report.restarts += 1;
        if self.report.restarts > MOST_RESTARTS {
            return self.stop(cx, Some(Cause::ContentKeepsChanging));
        }
        cx.tell(Happening::Restarted(reason));
        self.plan.reset();
        self.representation = None;
        self.report.resumed = 0;
        self.relies_on_digest = false;
        self.confirmed = false;
        if self.begun || self.sidecar.exists() {
            self.begun = false;
            self.sidecar = Sidecar::default();
            self.ask_disk(cx, Purpose::DropPartial, DiskOperation::Discard);
        }
    }

    /// 416: no byte of the range exists.
    pub(super) fn unsatisfiable(&mut self, cx: &mut Context<'_>, attempt: AttemptId, complete: Option<u64>) {
        let nothing_here = self.plan.written().is_empty() && self.representation.is_none();
        self.cancel(cx, attempt);
        match (&self.wanted, complete) {
            (Wanted::Ranges(_), _) if nothing_here => self.stop(cx, Some(Cause::InvalidRange)),
            (Wanted::Ranges(_), _) => self.restart(cx, RestartReason::ContentChanged),
            (Wanted::Whole, _) => {
                self.style = Style::Plain;
                self.restart(cx, RestartReason::ContentChanged);
            }
        }
    }
}
