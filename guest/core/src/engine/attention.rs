//! Detection of time in which the engine did not run: the process was stopped, the machine was suspended, a disk operation took long, or the
//! host did not drive the engine. Such time is no silence of an origin.

use alloc::vec::Vec;
use core::time::Duration;

use super::Engine;
use crate::border::time::Instant;
use crate::download::Download;

/// Longest time between two calls while exchanges are open, so that a stop is noticed however long the deadlines are, and two calls a second
/// cost nothing measurable.
const TICK: Duration = Duration::from_millis(500);

/// Number of such times in the silence after which an exchange is given up, if that is short, because a stop can hide in one of them.
const TICKS: u32 = 4;

/// Delay of a call that is no stop, because a busy machine causes it.
const SLACK: Duration = Duration::from_millis(100);

/// Delay after which connections may break because of it: the shortest timers of the host are of 1 s.
const BREAK: Duration = Duration::from_millis(500);

/// Difference between the progress of the wall clock and of the monotonic clock that means that the machine was suspended, because a clock
/// that is adjusted gradually differs by less between two calls.
const SUSPENDED: Duration = Duration::from_secs(2);

/// The time at which the engine is to be called next.
#[derive(Debug, Default)]
pub(super) struct Attention {
    due: Option<Instant>,
}

impl Attention {
    /// The delay of a call at `now`, if it is too long. Each delay is returned once.
    fn delay(&mut self, now: Instant) -> Option<Duration> {
        let delay = now.since(self.due?);
        let is_long = delay > SLACK;
        is_long.then(|| {
            self.due = Some(now);
            delay
        })
    }
}

impl Engine {
    /// Sets the time of the next call, which is near while an exchange is open.
    pub(super) fn expect_call(&mut self, now: Instant, next: Option<Instant>) -> Option<Instant> {
        let shortest = || self.downloads_with_a_place().filter_map(Download::exchange_timeout).min();
        let tick = self.outbox.has_exchanges().then(|| now + shortest().map_or(TICK, |time| TICK.min(time / TICKS)));
        let due = next.into_iter().chain(tick).min();
        self.attention.due = due.map(|due| due.max(now));
        due
    }

    /// The engine is called at `now`.
    pub(super) fn attend(&mut self, now: Instant) {
        if let Some(delay) = self.attention.delay(now) {
            self.excuse(delay, delay >= BREAK);
        }
    }

    /// The wall clock has advanced by `wall` while the monotonic clock advanced by `monotonic`. The latter stops while the machine is
    /// suspended, but connections break.
    pub(super) fn compare_clocks(&mut self, wall: Duration, monotonic: Duration) {
        if wall.saturating_sub(monotonic) > SUSPENDED {
            self.excuse(Duration::ZERO, true);
        }
    }

    fn excuse(&mut self, time: Duration, breaks: bool) {
        let running: Vec<_> = self.scheduler.running.keys().copied().collect();
        for id in running {
            if let Some(download) = self.downloads.get_mut(&id) {
                download.slept(time, breaks);
                self.scheduler.set_alarm(id, download);
            }
        }
    }
}
