//! Handling of a response head: use of the body, or the rule for rejecting it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::border::identity::AttemptId;
use crate::border::output::{DiskOperation, Passing};
use crate::failure::{Cause, NetworkCause};
use crate::http::exchange_fields;
use crate::http::head::Head;
use crate::http::representation::Agreement;
use crate::layout::{Layout, Wanted};
use crate::verdict::{Asked, Body, Verdict, judge};

use super::attempt::Stage;
use super::changed::MOST_OTHER_VALIDATORS;
use super::{Context, Partial, Phase, Probe, Purpose, Style, Transfer};

/// Bytes that the transfer reads and discards rather than sending another request, because they take about as long as one.
const WORTH_ASKING: u64 = 1 << 20;

impl Transfer {
    pub(crate) fn handle_head(&mut self, cx: &mut Context<'_>, attempt: AttemptId, head: &Head) {
        let Some(known) = self.attempts.get_mut(&attempt) else { return };
        known.active_at = cx.now;
        let (asked, url, source) = (known.asked, known.url.clone(), known.source);
        self.report.last_status = Some(head.status);
        self.report.server_address = exchange_fields::server_address(head);
        self.report.last_fields = Some(head.to_text());
        self.report.redirected_to = (url != self.sources.get(source).url).then(|| url.as_str().into());
        match judge(asked, head) {
            Verdict::Body(body) => {
                if head.refuses_ranges() && self.wanted == Wanted::Whole && self.report.resumed == 0 {
                    self.style = Style::Plain;
                }
                self.meet_body(cx, attempt, source, *body);
            }
            Verdict::Redirect { location } => self.redirect(cx, attempt, &location),
            Verdict::Unsatisfiable { complete } => self.unsatisfiable(cx, attempt, complete),
            Verdict::RangesUnusable(cause) => self.ranges_unusable(cx, attempt, cause),
            Verdict::Refused { .. } if self.can_answer(attempt, head.status) => self.answer(cx, attempt),
            Verdict::Refused { cause, retry_after } => self.attempt_failed(cx, attempt, cause, retry_after),
        }
        self.fill(cx);
    }

    fn meet_body(&mut self, cx: &mut Context<'_>, attempt: AttemptId, source: usize, body: Body) {
        if let Some(probe) = self.probing.take() {
            return self.compare_with_target(cx, attempt, &probe, &body);
        }
        if body.representation.complete.is_some_and(|complete| self.contradicts_description(complete)) {
            return self.drop_source(cx, source, Cause::LengthDiffers);
        }
        if self.sources.get(source).learned {
            return self.meet_learned(cx, attempt, source, body);
        }
        let displaced = self.is_no_page && body.representation.is_page();
        let Some(known) = &self.representation else {
            return match displaced {
                true => self.attempt_failed(cx, attempt, Cause::PageInstead, None),
                false => self.adopt(cx, attempt, body),
            };
        };
        let agreement = match source == self.leader {
            true => known.agreement(&body.representation),
            false => known.agreement_elsewhere(&body.representation),
        };
        match agreement {
            Agreement::Same => {
                self.relies_on_digest |= source != self.leader;
                self.accept(cx, attempt, source, body);
            }
            _ if displaced => self.attempt_failed(cx, attempt, Cause::PageInstead, None),
            Agreement::Different if self.can_be_wrong_source() => self.drop_source(cx, source, Cause::LengthDiffers),
            Agreement::OtherValidator | Agreement::Unproven if self.is_provable() => {
                self.relies_on_digest = true;
                self.accept(cx, attempt, source, body);
            }
            Agreement::OtherValidator => self.validator_changed(cx, attempt, body),
            Agreement::Different => self.content_changed(cx, attempt, body),
            Agreement::Unproven => self.cannot_prove(cx, attempt, body),
        }
    }

    /// A response of a source that an origin named never decides the version.
    fn meet_learned(&mut self, cx: &mut Context<'_>, attempt: AttemptId, source: usize, body: Body) {
        let agreement = self.representation.as_ref().map(|known| known.agreement_elsewhere(&body.representation));
        match agreement {
            Some(Agreement::Same | Agreement::OtherValidator | Agreement::Unproven) if self.is_provable() => {
                self.relies_on_digest = true;
                self.accept(cx, attempt, source, body);
            }
            _ => self.drop_source(cx, source, Cause::AnotherVersion),
        }
    }

    /// The first body of a run decides the version.
    pub(super) fn adopt(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        self.leader = self.attempts.get(&attempt).map_or(0, |known| known.source);
        self.representation = Some(body.representation.clone());
        self.accept(cx, attempt, self.leader, body);
    }

    /// Uses a body of the right version, or one that a digest will verify.
    fn accept(&mut self, cx: &mut Context<'_>, attempt: AttemptId, source: usize, body: Body) {
        self.is_no_page |= !body.representation.is_page();
        let validator = body.representation.if_range();
        let seen = self.sources.get_mut(source).seen.replace(body.representation.clone());
        let outdated = seen.is_some_and(|seen| seen.is_strong() && seen.if_range() != validator);
        if outdated && !body.partial && self.can_ask_again() {
            // The origin did not ignore the range: the request's validator is out of date.
            self.other_validators += 1;
            return self.attempt_failed(cx, attempt, Cause::AnotherVersion, None);
        }
        self.other_validators = 0;
        // Bytes already passed to a stream can no longer be digested.
        let can_be_digested = !self.options.in_order || self.partial != Partial::Open;
        if let Some(known) = &mut self.representation
            && known.digest.is_none()
            && can_be_digested
        {
            known.digest = body.representation.digest.clone();
        }
        self.learn_mirrors(attempt, &body.offers.duplicates);
        self.take_body(cx, attempt, body);
    }

    /// Whether to repeat a range request with the validator of the response rather than read the whole body.
    fn can_ask_again(&self) -> bool {
        let saves_much = self.plan.written().total() > WORTH_ASKING && self.other_validators < MOST_OTHER_VALIDATORS;
        self.wanted != Wanted::Whole || (self.is_provable() && saves_much)
    }

    /// Other locations that an origin names are used only if a digest can prove their bytes (RFC 6249).
    fn learn_mirrors(&mut self, attempt: AttemptId, duplicates: &[String]) {
        let Some(from) = self.attempts.get(&attempt).map(|known| known.url.clone()) else { return };
        if self.is_provable() {
            let targets = duplicates.iter().filter_map(|reference| self.target_of(&from, reference).ok());
            let targets: Vec<_> = targets.collect();
            targets.into_iter().for_each(|target| self.sources.learn(target));
        }
    }

    /// Starts to use a body of the right version, if it covers the bytes that the segment needs.
    fn take_body(&mut self, cx: &mut Context<'_>, attempt: AttemptId, body: Body) {
        if let Some(complete) = body.representation.complete {
            if let Some(known) = &mut self.representation {
                known.complete = Some(complete);
            }
            if self.contradicts_layout(complete) {
                return self.content_changed(cx, attempt, body);
            }
            if let Err(cause) = self.resolve_layout(complete) {
                return self.refuse(cx, attempt, cause);
            }
            if self.is_too_large() {
                return self.stop(cx, Some(Cause::FileTooLarge));
            }
            if self.plan.total().is_some_and(|total| total < self.plan.written().end()) {
                return self.content_changed(cx, attempt, body);
            }
        }
        self.decide_name(cx, body.offers.name.as_deref());
        if self.phase != Phase::Fetching {
            return;
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
            return self.refuse(cx, attempt, Cause::RangesNotSupported);
        }
        if !nothing_wanted && !body.range.contains(needed) {
            return self.ranges_unusable(cx, attempt, Cause::Network(NetworkCause::ProtocolViolated));
        }
        self.confirmed = true;
        self.bodies += 1;
        self.open_partial(cx);
        if let Some(known) = self.attempts.get_mut(&attempt) {
            known.stage = match nothing_wanted {
                true if body.range.is_empty() => Stage::Ending,
                true => Stage::Draining,
                false => Stage::Body { at: body.range.start, end: body.range.end },
            };
        }
    }

    fn open_partial(&mut self, cx: &mut Context<'_>) {
        let before = core::mem::replace(&mut self.partial, Partial::Open);
        if before == Partial::Stale {
            self.ask_disk(cx, Purpose::DropPartial, DiskOperation::Discard);
        }
        if before != Partial::Open {
            self.begin_partial(cx, true);
        }
    }

    pub(super) fn begin_partial(&mut self, cx: &mut Context<'_>, fresh: bool) {
        let passing = if self.options.in_order { self.passing() } else { Passing::default() };
        let (durability, length) = (self.options.chosen.durability, self.plan.total());
        self.ask_disk(cx, Purpose::Begin, DiskOperation::Begin { fresh, durability, passing, length });
    }

    /// Whether the present layout belongs to content of another length.
    fn contradicts_layout(&self, complete: u64) -> bool {
        let resolved = || Layout::resolve(&self.wanted, complete).ok();
        self.plan.layout().is_some_and(|layout| resolved().as_ref() != Some(layout))
    }

    /// Sets the layout once the length of the representation is known.
    pub(super) fn resolve_layout(&mut self, complete: u64) -> Result<(), Cause> {
        if self.options.decryption.as_ref().is_some_and(|info| info.plain_length(complete).is_none()) {
            return Err(Cause::EncryptionExpected);
        }
        if self.plan.layout().is_none() {
            self.plan.set_layout(Layout::resolve(&self.wanted, complete)?);
        }
        Ok(())
    }

    /// Whether the file at the target is the served version.
    fn compare_with_target(&mut self, cx: &mut Context<'_>, attempt: AttemptId, probe: &Probe, body: &Body) {
        self.cancel(cx, attempt);
        if probe.is_met_by(&body.representation) {
            self.target_is_wanted(probe.length);
        } else {
            self.stop(cx, Some(Cause::TargetDiffers));
        }
    }
}
