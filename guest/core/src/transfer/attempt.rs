//! One HTTP exchange for one segment: what was asked, and where its body goes.

use core::time::Duration;

use super::Transfer;
use crate::border::identity::AttemptId;
use crate::border::time::Instant;
use crate::content::range::ByteRange;
use crate::parse::url::Url;
use crate::verdict::Asked;

#[derive(Clone, Debug)]
pub(super) struct Attempt {
    /// Where this exchange goes: the source, or what it redirected to.
    pub url: Url,
    /// The source that the file is asked from.
    pub source: usize,
    pub redirects: u8,
    /// It says who asks.
    pub introduced: bool,
    pub asked: Asked,
    pub stage: Stage,
    /// The last sign of life.
    pub active_at: Instant,
    pub speed: Speed,
    /// Bytes of the local file that it gave.
    pub given: Option<ByteRange>,
}

/// Bytes of a body since some moment, to notice one that hardly moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speed {
    pub since: Instant,
    pub moved: u64,
}

impl Speed {
    pub const fn from(now: Instant) -> Self {
        Self { since: now, moved: 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    AwaitingHead,
    /// The next body byte is byte `at` of the representation; the body ends before `end`, open where that is not told.
    Body {
        at: u64,
        end: u64,
    },
    /// Every declared byte is here; the end of the body has to follow.
    Ending,
    /// Nothing of the body is wanted; only its end is awaited, so that the connection can serve again.
    Draining,
}

impl Stage {
    /// Whether bytes of the file are expected.
    pub const fn is_fetching(self) -> bool {
        matches!(self, Self::AwaitingHead | Self::Body { .. })
    }
}

/// How long the end of a body is waited for once every declared byte is here. An origin that keeps the stream open is no violation.
const ENDING: Duration = Duration::from_secs(2);

/// Bodies of one source that may break the framing rules: a proxy may be at fault once.
pub(super) const MOST_VIOLATIONS: u32 = 3;

/// A response head may take this many times the exchange timeout: an origin may have to produce the content first.
pub(super) const HEAD_TIMEOUTS: u32 = 2;

impl Attempt {
    /// When the exchange is given up: after a silence of `exchange_timeout` within a body, after a longer one before it, and at the
    /// end of a stretch of that length with less than `min_rate` bytes per second.
    pub fn given_up_at(&self, exchange_timeout: Duration, min_rate: Option<u64>) -> Instant {
        if self.stage == Stage::AwaitingHead {
            return self.active_at + exchange_timeout * HEAD_TIMEOUTS;
        }
        if self.stage == Stage::Ending {
            return self.active_at + ENDING.min(exchange_timeout);
        }
        let silent = self.active_at + exchange_timeout;
        let least = min_rate.unwrap_or(0) as f64 * exchange_timeout.as_secs_f64();
        let crawls = (self.speed.moved as f64) < least;
        if crawls { silent.min(self.speed.since + exchange_timeout) } else { silent }
    }

    /// `range` of the local file came from it; a body never goes back.
    pub fn gave(&mut self, range: ByteRange) {
        self.given = Some(self.given.map_or(range, |known| ByteRange::new(known.start, range.end)));
    }

    /// `bytes` of the body moved.
    pub fn moved(&mut self, now: Instant, bytes: u64, exchange_timeout: Duration) {
        self.active_at = now;
        if now >= self.speed.since + exchange_timeout {
            self.speed = Speed::from(now);
        }
        self.speed.moved = self.speed.moved.saturating_add(bytes);
    }
}

/// What to do with the bytes of a body that are at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write at most `limit` bytes at `offset` of the partial file.
    Write { offset: u64, limit: u64 },
    /// Drop at most `limit` bytes.
    Skip { limit: u64 },
    /// Take at most `limit` bytes into memory and hand them over with [`crate::border::input::Input::Collected`].
    Collect { limit: u64 },
    /// No byte is wanted any more: wait for the end.
    Drain,
    /// Nothing for now; the engine's deadline tells when to ask again.
    Wait,
}

impl Transfer {
    /// What to do with the next bytes of `attempt`'s body.
    pub fn step(&self, attempt: AttemptId) -> Step {
        let Some(Attempt { stage, .. }) = self.attempts.get(&attempt) else { return Step::Wait };
        match *stage {
            Stage::AwaitingHead => Step::Wait,
            Stage::Ending | Stage::Draining => Step::Drain,
            Stage::Body { at, end } => self.body_step(attempt, at, end),
        }
    }

    fn body_step(&self, attempt: AttemptId, at: u64, end: u64) -> Step {
        let Some(segment) = self.plan.segment(attempt) else { return Step::Drain };
        let wanted_from = self.source_offset(segment.position);
        if at < wanted_from {
            return Step::Skip { limit: wanted_from - at };
        }
        // A body never goes back: what lies before it is left to another exchange.
        if at > wanted_from {
            return Step::Drain;
        }
        let part_left = self.part_end(segment.position) - segment.position;
        let ahead = self.plan.written_ahead(attempt);
        if ahead > 0 {
            return Step::Skip { limit: ahead.min(part_left) };
        }
        let limit = self.plan.wanted_ahead(attempt).min(end.saturating_sub(at)).min(part_left);
        match self.room(attempt) {
            0 => Step::Skip { limit: 1 },
            room => Step::Write { offset: segment.position, limit: limit.min(room) },
        }
    }

    /// One past the last byte of the local file that comes from the same part as the byte at `local`.
    fn part_end(&self, local: u64) -> u64 {
        self.plan.layout().and_then(|layout| layout.part_at(local)).map_or(u64::MAX, |part| part.extent().end)
    }

    /// Where in the representation the byte at `local` of the file comes from.
    pub(super) fn source_offset(&self, local: u64) -> u64 {
        match self.plan.layout().and_then(|layout| layout.part_at(local)) {
            Some(part) => part.source.start + (local - part.local),
            None => local,
        }
    }
}
