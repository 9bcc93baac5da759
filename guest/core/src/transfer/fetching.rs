//! Exchanges in flight: starting them, counting their bytes, ending them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::failure::{Cause, NetworkCause};
use crate::http::request::{range_field, requested_range_field};
use crate::identity::AttemptId;
use crate::input::End;
use crate::layout::{RequestedRange, Wanted};
use crate::output::{Output, Request};
use crate::range::ByteRange;
use crate::url::Url;
use crate::verdict::Asked;

use super::attempt::{Attempt, HEAD_PATIENCE, Stage, Step};
use super::{Context, Phase, Style, Transfer};

impl Transfer {
    /// Starts as many exchanges as are allowed and useful; finishes where every byte is here.
    pub(super) fn fill(&mut self, cx: &mut Context<'_>) {
        if self.phase != Phase::Fetching {
            return;
        }
        if self.plan.is_complete() && self.confirmed_or_whole() {
            return self.finish(cx);
        }
        self.connections.observe(cx.now, self.report.fetched);
        if self.resume_at.is_some_and(|at| at > cx.now) {
            return;
        }
        self.resume_at = None;
        while self.fetching() < self.connection_limit() {
            let attempt = cx.new_attempt();
            let Some(extent) = self.assign(cx, attempt) else { break };
            let asked = self.ask_for(extent);
            self.launch(cx, attempt, self.source.clone(), 0, asked);
        }
    }

    /// A file kept whole by an earlier run needs no answer from the origin.
    fn confirmed_or_whole(&self) -> bool {
        self.confirmed || self.report.resumed > 0
    }

    /// Exchanges that fetch, those that only drain not counted.
    fn fetching(&self) -> usize {
        self.attempts.values().filter(|attempt| attempt.stage != Stage::Draining).count()
    }

    fn connection_limit(&self) -> usize {
        let strong = self.representation.as_ref().is_some_and(|known| known.is_strong());
        let parallel =
            self.confirmed && self.style == Style::Segmented && (strong || !self.options.expected.is_empty());
        if parallel { self.connections.allowed() as usize } else { 1 }
    }

    fn assign(&mut self, cx: &Context<'_>, attempt: AttemptId) -> Option<ByteRange> {
        match self.style {
            Style::Segmented => self.plan.assign(attempt, cx.now),
            Style::Plain => {
                self.plan.assign_everything(attempt, cx.now);
                self.plan.segment(attempt).map(|segment| segment.extent)
            }
        }
    }

    /// How to ask for `extent` of the local file.
    fn ask_for(&self, extent: ByteRange) -> Asked {
        let untouched = self.plan.written().is_empty() && extent.start == 0;
        match (&self.wanted, self.plan.layout()) {
            _ if self.style == Style::Plain => Asked::Whole,
            (Wanted::Whole, _) if untouched && self.representation.is_none() => Asked::Whole,
            (Wanted::Ranges(ranges), None) => match ranges.first() {
                Some(RequestedRange::Suffix { length }) => Asked::Suffix(*length),
                Some(RequestedRange::Bounded { offset, length }) => {
                    Asked::Range(ByteRange::new(*offset, offset.saturating_add(*length)))
                }
                Some(RequestedRange::From { offset }) => Asked::Range(ByteRange::open(*offset)),
                None => Asked::Whole,
            },
            _ => {
                let start = self.source_offset(extent.start);
                let end = if extent.is_open() { u64::MAX } else { start + extent.len() };
                Asked::Range(ByteRange::new(start, end))
            }
        }
    }

    /// Sends a request for what `attempt` was assigned.
    pub(super) fn launch(&mut self, cx: &mut Context<'_>, attempt: AttemptId, url: Url, redirects: u8, asked: Asked) {
        let request = Request {
            scheme: url.scheme(),
            authority: url.authority(),
            path_and_query: url.path_and_query(),
            fields: self.request_fields(&url, asked),
            timeout: self.stall_limit() * HEAD_PATIENCE,
        };
        self.report.requests += 1;
        let stage = Stage::AwaitingHead;
        self.attempts.insert(attempt, Attempt { url, redirects, asked, stage, active_at: cx.now });
        cx.outputs.push_back(Output::Request { download: cx.download, attempt, request });
    }

    fn request_fields(&self, url: &Url, asked: Asked) -> Vec<(String, String)> {
        let mut fields = self.caller_fields(url);
        fields.push(("accept-encoding".into(), "identity".into()));
        let range = match asked {
            Asked::Whole => return fields,
            Asked::Range(range) => range_field(range),
            Asked::Suffix(length) => requested_range_field(RequestedRange::Suffix { length }),
        };
        fields.push(("range".into(), range));
        if let Some(validator) = self.representation.as_ref().and_then(|known| known.if_range()) {
            fields.push(("if-range".into(), validator.into()));
        }
        fields
    }

    /// `bytes` of the body went where [`Self::step`] said.
    pub(crate) fn moved(&mut self, cx: &mut Context<'_>, attempt: AttemptId, bytes: u64) {
        let step = self.step(attempt);
        let Some(Attempt { stage: Stage::Body { at, end }, active_at, .. }) = self.attempts.get_mut(&attempt) else {
            return;
        };
        if bytes == 0 {
            return;
        }
        *active_at = cx.now;
        let (from, end) = (*at, *end);
        *at = at.saturating_add(bytes);
        let exhausted = *at >= end;
        match step {
            Step::Write { .. } => {
                self.plan.advance(attempt, bytes);
                self.report.fetched += bytes;
                self.progress(cx);
            }
            Step::Skip { .. } => {
                let position = self.plan.segment(attempt).map_or(0, |segment| segment.position);
                if from >= self.source_offset(position) {
                    self.plan.pass_over(attempt, bytes);
                }
                // Passing over the same bytes again and again is no progress.
                if from >= self.passed_to {
                    self.passed_to = from + bytes;
                    self.progress_at = cx.now;
                }
            }
            Step::Drain | Step::Wait => {}
        }
        let done = self.plan.segment(attempt).is_none_or(|segment| segment.position >= segment.extent.end);
        if done || exhausted {
            self.segment_over(cx, attempt, exhausted);
        }
        if self.phase == Phase::Fetching {
            self.checkpoint_if_due(cx);
        }
    }

    fn progress(&mut self, cx: &Context<'_>) {
        self.progress_at = cx.now;
        self.backoff.progress();
        self.last_failure = None;
    }

    /// The segment needs no more of this body: its end is awaited where it is due, else the exchange is dropped.
    fn segment_over(&mut self, cx: &mut Context<'_>, attempt: AttemptId, exhausted: bool) {
        self.plan.release(attempt, cx.now);
        if exhausted {
            if let Some(known) = self.attempts.get_mut(&attempt) {
                known.stage = Stage::Draining;
            }
        } else {
            self.cancel(cx, attempt);
        }
        self.fill(cx);
    }

    pub(crate) fn ended(&mut self, cx: &mut Context<'_>, attempt: AttemptId, end: End) {
        let Some(known) = self.attempts.get(&attempt) else { return };
        let stage = known.stage;
        match (stage, end) {
            (Stage::Draining, _) => self.cancel(cx, attempt),
            (Stage::Body { end: u64::MAX, at }, End::Complete) => self.open_body_ended(cx, attempt, at),
            (Stage::Body { .. }, End::Complete) => {
                self.attempt_failed(cx, attempt, Cause::BodyLengthMismatch, None);
            }
            (Stage::AwaitingHead, End::Complete) => {
                self.attempt_failed(cx, attempt, Cause::Network(NetworkCause::ProtocolViolated), None);
            }
            (_, End::Failed(cause)) => self.attempt_failed(cx, attempt, cause, None),
        }
        self.fill(cx);
    }

    /// A body without a declared length ended: what arrived is the whole.
    fn open_body_ended(&mut self, cx: &mut Context<'_>, attempt: AttemptId, complete: u64) {
        if self.plan.layout().is_some() || complete < self.plan.written().end() {
            return self.attempt_failed(cx, attempt, Cause::BodyLengthMismatch, None);
        }
        self.attempts.remove(&attempt);
        self.plan.release(attempt, cx.now);
        if let Some(known) = &mut self.representation {
            known.complete = Some(complete);
        }
        if let Err(cause) = self.resolve_layout(complete) {
            self.stop(cx, Some(cause));
        }
    }

    /// Drops the exchange and gives its segment back.
    pub(super) fn cancel(&mut self, cx: &mut Context<'_>, attempt: AttemptId) {
        if self.attempts.remove(&attempt).is_some() {
            self.plan.release(attempt, cx.now);
            cx.outputs.push_back(Output::Cancel { attempt });
        }
    }

    pub(super) fn cancel_all_but(&mut self, cx: &mut Context<'_>, spared: Option<AttemptId>) {
        let others: Vec<_> = self.attempts.keys().copied().filter(|attempt| Some(*attempt) != spared).collect();
        others.into_iter().for_each(|attempt| self.cancel(cx, attempt));
    }

    /// Gives up exchanges that have been silent for too long.
    pub(super) fn cut_stalled(&mut self, cx: &mut Context<'_>) {
        let limit = self.stall_limit();
        let silent = |attempt: &Attempt| cx.now >= attempt.active_at + attempt.patience(limit);
        let stalled: Vec<_> = self.attempts.iter().filter(|(_, attempt)| silent(attempt)).map(|(id, _)| *id).collect();
        for attempt in stalled {
            self.ended(cx, attempt, End::Failed(Cause::Network(NetworkCause::TimedOut)));
        }
    }
}
