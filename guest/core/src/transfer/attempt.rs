//! One HTTP exchange for one segment: its request, and the destination of its body.

use core::time::Duration;

use super::Transfer;
use crate::border::identity::AttemptId;
use crate::border::time::Instant;
use crate::content::range::ByteRange;
use crate::parse::url::Url;
use crate::verdict::Asked;

#[derive(Clone, Debug)]
pub(super) struct Attempt {
    /// URL of this exchange: the source, or its redirect target.
    pub url: Url,
    /// Index of the source.
    pub source: usize,
    pub redirects: u8,
    /// The request carried the authentication fields.
    pub introduced: bool,
    pub asked: Asked,
    pub stage: Stage,
    /// Time of the last activity.
    pub active_at: Instant,
    pub speed: Speed,
    /// Bytes of the local file that came from this exchange.
    pub given: Option<ByteRange>,
}

/// Bytes of a body since a point in time, to detect a slow body.
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
    /// The next body byte is byte `at` of the representation. The body ends before `end`, which is open if the origin states no length.
    Body {
        at: u64,
        end: u64,
    },
    /// All declared bytes have arrived; the end of the body is still to come.
    Ending,
    /// The engine needs nothing from the body and only waits for its end, so that the connection can be reused.
    Draining,
}

impl Stage {
    /// Whether the exchange may still deliver bytes of the file.
    pub const fn is_fetching(self) -> bool {
        matches!(self, Self::AwaitingHead | Self::Body { .. })
    }
}

/// Limit on the wait for the end of a body after its last declared byte, so that a connection can be used again. An origin that keeps the
/// stream open longer violates nothing.
const ENDING: Duration = Duration::from_secs(2);

/// Framing violations at which the engine drops a source. It tolerates fewer, because a proxy may be at fault.
pub(super) const MOST_VIOLATIONS: u32 = 3;

/// Limit on the wait for a response head, in exchange timeouts, because an origin may have to generate the content first.
pub(super) const HEAD_TIMEOUTS: u32 = 2;

impl Attempt {
    /// The time at which the engine gives up the exchange: after `exchange_timeout` without a byte of the body, later before the head, and
    /// after an interval of that length with fewer than `min_rate` bytes per second.
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

    /// Records that `range` of the local file came from this exchange. Ranges arrive in ascending order.
    pub fn gave(&mut self, range: ByteRange) {
        self.given = Some(self.given.map_or(range, |known| ByteRange::new(known.start, range.end)));
    }

    /// Records that `bytes` of the body moved.
    pub fn moved(&mut self, now: Instant, bytes: u64, exchange_timeout: Duration) {
        self.active_at = now;
        if now >= self.speed.since + exchange_timeout {
            self.speed = Speed::from(now);
        }
        self.speed.moved = self.speed.moved.saturating_add(bytes);
    }
}

/// The use of the available body bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write at most `limit` bytes at `offset` of the partial file.
    Write { offset: u64, limit: u64 },
    /// Drop at most `limit` bytes.
    Skip { limit: u64 },
    /// Read at most `limit` bytes into memory and pass them on with [`crate::border::input::Input::Collected`].
    Collect { limit: u64 },
    /// No more bytes are expected; wait for the end.
    Drain,
    /// Do nothing now; ask again at the engine's deadline.
    Wait,
}

impl Transfer {
    /// The use of the next bytes of `attempt`'s body.
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
        // A body cannot go back; another exchange has to fetch the bytes before it.
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

    /// The end of the local range whose part includes the byte at `local`.
    fn part_end(&self, local: u64) -> u64 {
        self.plan.layout().and_then(|layout| layout.part_at(local)).map_or(u64::MAX, |part| part.extent().end)
    }

    /// The offset in the representation of the byte at `local` in the file.
    pub(super) fn source_offset(&self, local: u64) -> u64 {
        match self.plan.layout().and_then(|layout| layout.part_at(local)) {
            Some(part) => part.source.start + (local - part.local),
            None => local,
        }
    }
}
