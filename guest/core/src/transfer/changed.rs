//! Change of the content during a transfer: the kept bytes are dropped and the new version is fetched, a limited number of times.

use crate::border::identity::AttemptId;
use crate::border::output::{DiskOperation, Happening, RestartReason};
use crate::failure::Cause;
use crate::layout::{RequestedRange, Wanted};
use crate::verdict::{Asked, Body};

use super::{Context, Partial, Phase, Purpose, Sidecar, Style, Transfer};

/// Restarts after which a run fails, so that a file that changes faster than it transfers ends with an error.
const MOST_RESTARTS: u32 = 8;

/// Restarts after which the transfer requests one body at a time, because servers of one origin may disagree on validators.
const MOST_SEGMENTED_CHANGES: u32 = 2;

/// Consecutive responses with another validator and the same length that are ignored while bytes are present, because the next request may
/// reach the server that sent those bytes.
pub(super) const MOST_OTHER_VALIDATORS: u32 = 2;

impl Transfer {
    /// Handles a response with another validator and the same length.
    pub(super) fn validator_changed(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        self.other_validators += 1;
        if self.plan.written().is_empty() || self.other_validators > MOST_OTHER_VALIDATORS {
            return self.content_changed(cx, attempt, body);
        }
        self.attempt_failed(cx, attempt, Cause::AnotherVersion, None);
    }

    /// The origin now serves another version. If this body starts at the first wanted byte, it becomes the first body of the new version.
    pub(super) fn content_changed(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        self.start_over_with(cx, attempt, body, RestartReason::ContentChanged);
    }

    /// Nothing proves that this body belongs to the same version as the present bytes.
    pub(super) fn cannot_prove(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        if self.plan.written().is_empty() && self.attempts.len() == 1 && !self.sidecar.exists() {
            self.plan.reset();
            self.plan.assign_everything(attempt, cx.now);
            self.representation = None;
            return self.adopt(cx, attempt, body);
        }
        let other_source = self.attempts.get(&attempt).is_some_and(|known| known.source != self.leader);
        match &self.wanted {
            Wanted::Whole => self.style = Style::Plain,
            Wanted::Ranges(ranges) if ranges.len() > 1 && other_source => {
                return self.restart(cx, RestartReason::NotProven);
            }
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
            if let Some(known) = self.attempts.get_mut(&attempt).filter(|_| !body.partial) {
                // The origin did not ignore the range: the range belonged to the version that is gone.
                known.asked = Asked::Whole;
            }
            self.plan.assign_everything(attempt, cx.now);
            self.adopt(cx, attempt, body);
        }
    }

    /// Drops all bytes and starts again from the first.
    pub(super) fn restart(&mut self, cx: &mut Context<'_>, reason: RestartReason) {
        self.forget_bytes(cx, None, reason);
    }

    fn forget_bytes(&mut self, cx: &mut Context<'_>, spared: Option<AttemptId>, reason: RestartReason) {
        self.cancel_all_but(cx, spared);
        self.report.restarts += 1;
        if self.report.restarts > MOST_RESTARTS {
            let changes = matches!(reason, RestartReason::ContentChanged | RestartReason::DigestMismatch);
            // If the version is unproven, restarts repeat because every body ends early, so the failure that ended the last one is the
            // cause.
            let ended_by = self.last_failure.filter(|_| !changes);
            return self.stop(cx, Some(ended_by.unwrap_or(Cause::ContentKeepsChanging)));
        }
        if self.report.restarts > MOST_SEGMENTED_CHANGES && self.wanted == Wanted::Whole {
            self.style = self.style.min(Style::Sequential);
        }
        cx.notify(Happening::Restarted(reason));
        self.end_ahead(cx);
        self.plan.reset();
        self.sources.forget_bytes();
        self.sources.leave_learned();
        self.forget_pieces();
        self.forget_seals();
        self.representation = None;
        self.report.resumed = 0;
        self.relies_on_digest = false;
        self.confirmed = false;
        self.bodies = 0;
        self.other_validators = 0;
        if self.partial == Partial::Open || self.sidecar.exists() {
            self.partial = Partial::None;
            self.sidecar = Sidecar::default();
            self.ask_disk(cx, Purpose::DropPartial, DiskOperation::Discard);
        }
        if self.sources.usable() == 0 {
            self.stop(cx, self.sources.why_none());
        }
    }
}
