//! Exchanges in flight: start, accounting of bytes, end.

use alloc::string::String;
use alloc::vec::Vec;

use crate::border::identity::AttemptId;
use crate::border::input::End;
use crate::border::output::Request;
use crate::content::range::ByteRange;
use crate::failure::{Cause, NetworkCause};
use crate::http::request::{range_field, requested_range_field};
use crate::layout::{RequestedRange, Wanted};
use crate::parse::url::Url;
use crate::verdict::Asked;

use super::attempt::{Attempt, HEAD_TIMEOUTS, MOST_VIOLATIONS, Speed, Stage, Step};
use super::{Context, Phase, Style, Transfer};

/// Limit on concurrent sources if the caller sets no number of connections, so that a Metalink with 64 URLs does not open 64 connections.
const MOST_SOURCES_AT_ONCE: usize = 8;

impl Transfer {
    /// Starts as many exchanges as are allowed and useful; finishes if all bytes are present.
    pub(super) fn fill(&mut self, cx: &mut Context<'_>) {
        if self.phase != Phase::Fetching {
            return;
        }
        if self.is_too_large() {
            return self.stop(cx, Some(Cause::FileTooLarge));
        }
        self.filled_at = cx.now;
        self.connections.observe(cx.now, self.report.fetched, self.all_flow());
        self.sources.end_waits(cx.now);
        if self.plan.is_complete() && self.confirmed_or_whole() {
            let is_ending = self.attempts.values().any(|attempt| attempt.stage == Stage::Ending);
            if !is_ending {
                self.finish_or_verify(cx);
            }
            return;
        }
        while self.fetching() < self.connection_limit() && !self.suspended {
            let Some(source) = self.sources.pick(cx.now, self.only_source(), |index| self.in_use(index)) else { break };
            let chosen = self.options.chosen.connections.is_none();
            let authority = self.sources.get(source).url.authority();
            if self.fetching() > 0 && !cx.origins.has_room(&authority, chosen) {
                break;
            }
            let attempt = cx.new_attempt();
            let Some(extent) = self.assign(cx, attempt) else { break };
            let asked = self.ask_for(extent);
            self.launch(cx, attempt, source, self.sources.get(source).url.clone(), 0, asked);
        }
    }

    /// All bytes are present. Finishes once the pieces or seals that need it are verified.
    fn finish_or_verify(&mut self, cx: &mut Context<'_>) {
        if self.has_unverified_pieces() {
            self.verify_rest(cx);
        } else if !self.sealing.has_unverified() {
            self.finish(cx);
        }
    }

    /// A file that an earlier run kept whole needs no response from the origin.
    fn confirmed_or_whole(&self) -> bool {
        self.confirmed || self.report.resumed > 0
    }

    /// The only source to use, if nothing can prove that bytes of several sources are the same content.
    pub(super) fn only_source(&self) -> Option<usize> {
        let first = || self.sources.first_usable();
        self.only.or_else(|| if self.is_provable() { None } else { first() })
    }

    /// Number of exchanges with a source that fetch.
    pub(super) fn in_use(&self, source: usize) -> u32 {
        let its = |attempt: &&Attempt| attempt.source == source && attempt.stage.is_fetching();
        u32::try_from(self.attempts.values().filter(its).count()).unwrap_or(u32::MAX)
    }

    /// Number of exchanges that fetch; those that only drain do not count.
    pub(super) fn fetching(&self) -> usize {
        self.attempts.values().filter(|attempt| attempt.stage.is_fetching()).count()
    }

    /// Whether bytes are arriving and no exchange waits for its head.
    fn all_flow(&self) -> bool {
        let mut stages = self.attempts.values().map(|attempt| attempt.stage);
        stages.clone().any(|stage| matches!(stage, Stage::Body { .. }))
            && stages.all(|stage| stage != Stage::AwaitingHead)
    }

    pub(super) fn connection_limit(&self) -> usize {
        let strong = self.representation.as_ref().is_some_and(|known| known.is_strong());
        let parallel = self.confirmed
            && self.style == Style::Segmented
            && (strong || self.is_provable())
            && !self.options.in_order;
        if !parallel {
            return 1;
        }
        let sources = match (self.options.chosen.connections, self.only_source()) {
            (None, None) => self.sources.usable().min(MOST_SOURCES_AT_ONCE),
            _ => 1,
        };
        sources.max(self.connections.allowed() as usize)
    }

    /// Whether a known digest can prove bytes without a validator.
    pub(super) fn is_provable(&self) -> bool {
        let stated = self.representation.as_ref().is_some_and(|known| known.has_telling_digest());
        // For an encrypted stream the origin's digest is not computed, because the driver digests only the decrypted output.
        let will_be_verified =
            self.wanted == Wanted::Whole && !(self.options.in_order && self.options.decryption.is_some());
        stated && will_be_verified || self.is_described_by_digest()
    }

    /// Whether the caller gave a digest that can prove bytes.
    pub(super) fn is_described_by_digest(&self) -> bool {
        !self.options.chosen.expected.is_empty() || self.has_pieces()
    }

    fn assign(&mut self, cx: &mut Context<'_>, attempt: AttemptId) -> Option<ByteRange> {
        match self.style {
            Style::Segmented | Style::Sequential => {
                let assigned = self.plan.assign(attempt, cx.now)?;
                if let Some(loser) = assigned.instead_of {
                    self.cancel(cx, loser);
                }
                Some(assigned.extent)
            }
            Style::Plain => {
                self.plan.assign_everything(attempt, cx.now);
                self.plan.segment(attempt).map(|segment| segment.extent)
            }
        }
    }

    /// The range to request for `extent` of the local file.
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
                let end = if extent.is_open() { u64::MAX } else { self.source_offset(extent.end - 1) + 1 };
                Asked::Range(ByteRange::new(self.source_offset(extent.start), end))
            }
        }
    }

    /// Sends a request for the segment of `attempt`.
    pub(super) fn launch(
        &mut self,
        cx: &mut Context<'_>,
        attempt: AttemptId,
        source: usize,
        url: Url,
        redirects: u8,
        asked: Asked,
    ) {
        let request = Request {
            scheme: url.scheme(),
            authority: url.authority(),
            path_and_query: url.path_and_query(),
            fields: self.request_fields(source, &url, asked),
            timeout: self.exchange_timeout() * HEAD_TIMEOUTS,
        };
        self.report.requests += 1;
        let stage = Stage::AwaitingHead;
        let (active_at, speed) = (cx.now, Speed::from(cx.now));
        let introduced = self.challenged && self.is_home(&url);
        let attempted = Attempt { url, source, redirects, introduced, asked, stage, active_at, speed, given: None };
        self.attempts.insert(attempt, attempted);
        cx.send(attempt, request);
    }

    fn request_fields(&self, source: usize, url: &Url, asked: Asked) -> Vec<(String, String)> {
        let mut fields = self.caller_fields(url);
        fields.push(("accept-encoding".into(), "identity".into()));
        let range = match asked {
            Asked::Whole => return fields,
            Asked::Range(range) => range_field(range),
            Asked::Suffix(length) => requested_range_field(RequestedRange::Suffix { length }),
        };
        fields.push(("range".into(), range));
        let seen = self.sources.get(source).seen.as_ref();
        if let Some(validator) = seen.and_then(|seen| seen.if_range()) {
            fields.push(("if-range".into(), validator.into()));
        }
        fields
    }

    /// `bytes` of the body were moved as [`Self::step`] asked.
    pub(crate) fn moved(&mut self, cx: &mut Context<'_>, attempt: AttemptId, bytes: u64) {
        if bytes > 0 && self.room(attempt) == 0 {
            return self.stop(cx, Some(Cause::FileTooLarge));
        }
        let step = self.step(attempt);
        let exchange_timeout = self.exchange_timeout();
        let Some(known) = self.attempts.get_mut(&attempt) else { return };
        let Stage::Body { at: from, end } = known.stage else { return };
        if bytes == 0 {
            return;
        }
        known.moved(cx.now, bytes, exchange_timeout);
        let at = from.saturating_add(bytes);
        known.stage = Stage::Body { at, end };
        let (source, exhausted) = (known.source, at >= end);
        match step {
            Step::Write { offset, .. } => {
                let written = ByteRange::new(offset, offset.saturating_add(bytes));
                known.gave(written);
                self.plan.advance(attempt, bytes);
                self.sources.gave(source, written);
                self.report.fetched += bytes;
                self.has_progressed(cx, source, bytes);
                self.look_for_whole_pieces(cx, written);
            }
            Step::Skip { .. } => {
                let position = self.plan.segment(attempt).map_or(0, |segment| segment.position);
                if from >= self.source_offset(position) {
                    self.plan.pass_over(attempt, bytes);
                }
                self.progress.passed(cx.now, from, bytes);
            }
            Step::Collect { .. } | Step::Drain | Step::Wait => {}
        }
        let done = self.plan.segment(attempt).is_none_or(|segment| segment.position >= segment.extent.end);
        if done || exhausted {
            self.segment_over(cx, attempt, exhausted);
        }
        if self.phase == Phase::Fetching {
            self.checkpoint_if_due(cx);
            self.hint_ahead(cx);
        }
    }

    fn has_progressed(&mut self, cx: &Context<'_>, source: usize, bytes: u64) {
        self.progress.arrived(cx.now, bytes);
        self.sources.get_mut(source).backoff.progress();
        self.last_failure = None;
    }

    /// Releases the segment of an exchange with `source`.
    pub(super) fn release(&mut self, cx: &Context<'_>, source: usize, attempt: AttemptId) {
        if let Some(rate) = self.plan.release(attempt, cx.now) {
            self.sources.measured(source, rate);
        }
    }

    /// The segment needs no more of this body. Waits for the end of the body if it is due, otherwise drops the exchange.
    fn segment_over(&mut self, cx: &mut Context<'_>, attempt: AttemptId, exhausted: bool) {
        match self.attempts.get_mut(&attempt) {
            Some(known) if exhausted => {
                known.stage = Stage::Ending;
                let source = known.source;
                self.release(cx, source, attempt);
            }
            _ => self.cancel(cx, attempt),
        }
        self.fill(cx);
    }

    pub(crate) fn ended(&mut self, cx: &mut Context<'_>, attempt: AttemptId, end: End) {
        let Some(known) = self.attempts.get(&attempt) else { return };
        let stage = known.stage;
        match (stage, end) {
            (_, End::TooLong) => self.framing_broken(cx, attempt),
            (Stage::Ending, End::Failed(cause)) if cause.is_broken_framing() => self.framing_broken(cx, attempt),
            (Stage::Ending | Stage::Draining, _) => self.cancel(cx, attempt),
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

    /// The body continues after its declared end, or does not end as it should, so its bytes are not trustworthy ([RFC 9112 section
    /// 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3)).
    fn framing_broken(&mut self, cx: &mut Context<'_>, attempt: AttemptId) {
        let Some(known) = self.attempts.get(&attempt) else { return };
        let (index, stage) = (known.source, known.stage);
        if stage == Stage::Draining {
            return self.cancel(cx, attempt);
        }
        let cause = Cause::Network(NetworkCause::FramingBroken);
        match known.given {
            Some(given) if !self.options.in_order => self.retract(cx, given),
            // A stream cannot take bytes back, and an empty or already present file has no bytes to fetch again.
            _ => return self.stop(cx, Some(cause)),
        }
        let source = self.sources.get_mut(index);
        source.violations += 1;
        match source.violations < MOST_VIOLATIONS {
            true => self.attempt_failed(cx, attempt, cause, None),
            false => self.drop_source(cx, index, cause),
        }
    }

    /// A body without a declared length ended, so the bytes received are the whole representation.
    fn open_body_ended(&mut self, cx: &mut Context<'_>, attempt: AttemptId, complete: u64) {
        if self.plan.layout().is_some() || complete < self.plan.written().end() {
            return self.attempt_failed(cx, attempt, Cause::BodyLengthMismatch, None);
        }
        if self.contradicts_description(complete) {
            return self.attempt_failed(cx, attempt, Cause::BodyLengthMismatch, None);
        }
        if let Some(ended) = self.attempts.remove(&attempt) {
            self.release(cx, ended.source, attempt);
        }
        if let Some(known) = &mut self.representation {
            known.complete = Some(complete);
        }
        if let Err(cause) = self.resolve_layout(complete) {
            return self.stop(cx, Some(cause));
        }
        self.look_for_whole_pieces(cx, ByteRange::new(0, complete));
    }

    /// Drops the exchange and releases its segment.
    pub(super) fn cancel(&mut self, cx: &mut Context<'_>, attempt: AttemptId) {
        if let Some(known) = self.attempts.remove(&attempt) {
            self.release(cx, known.source, attempt);
            cx.drop_exchange(attempt);
        }
    }

    pub(super) fn cancel_all_but(&mut self, cx: &mut Context<'_>, spared: Option<AttemptId>) {
        let others: Vec<_> = self.attempts.keys().copied().filter(|attempt| Some(*attempt) != spared).collect();
        others.into_iter().for_each(|attempt| self.cancel(cx, attempt));
    }

    /// Gives up exchanges without progress.
    pub(super) fn cut_stalled(&mut self, cx: &mut Context<'_>) {
        let limit = self.exchange_timeout();
        let least = self.least_rate();
        let silent = |attempt: &Attempt| cx.now >= attempt.given_up_at(limit, least);
        let stalled: Vec<_> = self.attempts.iter().filter(|(_, attempt)| silent(attempt)).map(|(id, _)| *id).collect();
        for attempt in stalled {
            self.ended(cx, attempt, End::Failed(Cause::Network(NetworkCause::TimedOut)));
        }
    }
}
