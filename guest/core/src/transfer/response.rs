//! From a response head to a body that flows, or to the rule that says why not.

use crate::failure::Cause;
use crate::http::head::Head;
use crate::identity::AttemptId;
use crate::layout::{Layout, Wanted};
use crate::output::DiskOperation;
use crate::representation::Agreement;
use crate::verdict::{Asked, Body, Verdict, judge};

use super::attempt::Stage;
use super::{Context, Probe, Purpose, Style, Transfer};

impl Transfer {
    pub(crate) fn handle_head(&mut self, cx: &mut Context<'_>, attempt: AttemptId, head: &Head) {
        let Some(known) = self.attempts.get_mut(&attempt) else { return };
        known.active_at = cx.now;
        let (asked, url) = (known.asked, known.url.clone());
        self.report.last_status = Some(head.status);
        self.report.last_fields = Some(head.to_text());
        self.report.redirected_to = (url != self.source).then(|| url.as_str().into());
        match judge(asked, head) {
            Verdict::Body(body) => self.meet_body(cx, attempt, body, head),
            Verdict::Redirect { location } => self.redirect(cx, attempt, &location),
            Verdict::Unsatisfiable { complete } => self.unsatisfiable(cx, attempt, complete),
            Verdict::RangesUnusable(cause) => self.ranges_unusable(cx, cause),
            Verdict::Refused { cause, retry_after } => self.attempt_failed(cx, attempt, cause, retry_after),
        }
        self.fill(cx);
    }

    fn meet_body(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body, head: &Head) {
        if let Some(probe) = self.probing.take() {
            return self.compare_with_target(cx, attempt, probe, &body);
        }
        if head.refuses_ranges() && self.wanted == Wanted::Whole && self.report.resumed == 0 {
            self.style = Style::Plain;
        }
        let Some(known) = &self.representation else { return self.adopt(cx, attempt, body) };
        match known.agreement(&body.representation) {
            Agreement::Same => self.take_body(cx, attempt, body),
            Agreement::Different => self.content_changed(cx, attempt, body),
            Agreement::Unproven if !self.options.expected.is_empty() => {
                self.relies_on_digest = true;
                self.take_body(cx, attempt, body);
            }
            Agreement::Unproven => self.cannot_prove(cx, attempt, body),
        }
    }

    /// The first body of a run says which version is fetched.
    pub(super) fn adopt(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        let complete = body.representation.complete;
        let kept_has_other_length = matches!((self.plan.total(), complete), (Some(_), Some(complete))
            if Layout::resolve(&self.wanted, complete).map(|layout| layout.total()).ok() != self.plan.total());
        if kept_has_other_length {
            return self.content_changed(cx, attempt, body);
        }
        self.representation = Some(body.representation.clone());
        self.take_body(cx, attempt, body);
    }

    /// Lets a body flow whose version is right, if it covers the bytes that the segment waits for.
    fn take_body(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        if let Some(complete) = body.representation.complete {
            if let Some(known) = &mut self.representation {
                known.complete = Some(complete);
            }
            if let Err(cause) = self.resolve_layout(complete) {
                return self.stop(cx, Some(cause));
            }
            if self.plan.total().is_some_and(|total| total < self.plan.written().end()) {
                return self.content_changed(cx, attempt, body);
            }
        }
        let asked = self.attempts.get(&attempt).map_or(Asked::Whole, |known| known.asked);
        if asked != Asked::Whole && !body.partial {
            return self.ranges_ignored(cx, attempt, body);
        }
        self.place_body(cx, attempt, body);
    }

    pub(super) fn place_body(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        let Some(segment) = self.plan.segment(attempt) else { return self.cancel(cx, attempt) };
        let needed = self.source_offset(segment.position);
        let nothing_wanted = segment.extent.is_empty();
        let unplaceable = self.plan.layout().is_none() && self.wanted != Wanted::Whole;
        if unplaceable {
            return self.stop(cx, Some(Cause::RangesNotSupported));
        }
        if !nothing_wanted && !body.range.contains(needed) {
            return self.ranges_unusable(cx, Cause::RangesNotSupported);
        }
        self.confirmed = true;
        self.open_partial(cx);
        if let Some(known) = self.attempts.get_mut(&attempt) {
            known.stage = match nothing_wanted {
                true => Stage::Draining,
                false => Stage::Body { at: body.range.start, end: body.range.end },
            };
        }
    }

    fn open_partial(&mut self, cx: &mut Context<'_>) {
        if !self.begun {
            self.begun = true;
            if core::mem::take(&mut self.stale_files) {
                self.ask_disk(cx, Purpose::DropPartial, DiskOperation::Discard);
            }
            let durability = self.options.durability;
            self.ask_disk(cx, Purpose::Begin, DiskOperation::Begin { fresh: true, durability });
        }
    }

    /// Fixes where each byte goes, once the length of the representation is known.
    pub(super) fn resolve_layout(&mut self, complete: u64) -> Result<(), Cause> {
        if self.plan.layout().is_none() {
            self.plan.set_layout(Layout::resolve(&self.wanted, complete)?);
        }
        Ok(())
    }

    /// A file at the target is the wanted one when the lengths agree and a validator says so: the one that a journal recorded,
    /// or the modification time that an earlier run gave the file, which is the origin's strong Last-Modified.
    fn compare_with_target(&mut self, cx: &mut Context<'_>, attempt: AttemptId, probe: Probe, body: &Body) {
        self.cancel(cx, attempt);
        let served = &body.representation;
        let recorded = probe.recorded.is_some_and(|recorded| recorded.agreement(served) == Agreement::Same);
        let modified = served.last_modified.as_ref().filter(|modified| modified.strong);
        let same_time = modified.is_some_and(|modified| Some(modified.seconds) == probe.target.modified);
        if (recorded || same_time) && served.complete == Some(probe.target.length) {
            self.target_is_wanted(probe.target.length);
        } else {
            self.stop(cx, Some(Cause::TargetDiffers));
        }
    }
}
