//! The wall clock, extrapolated from its last reading.

use super::Engine;
use crate::border::time::Instant;

/// 1970-01-01 as a FILETIME: in units of 100 ns since 1601-01-01.
const UNIX_EPOCH: u64 = 116_444_736_000_000_000;

/// The last reading of the wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WallClock {
    read_at: Instant,
    /// Units of 100 ns since 1601-01-01 UTC.
    ticks: u64,
}

impl WallClock {
    pub fn at(self, now: Instant) -> u64 {
        let passed = u64::try_from(now.since(self.read_at).as_nanos() / 100).unwrap_or(u64::MAX);
        self.ticks.saturating_add(passed)
    }
}

impl Engine {
    /// Records that the wall clock shows `nanos` since 1970-01-01 UTC at `now`.
    pub fn set_time_of_day(&mut self, now: Instant, nanos: u64) {
        self.book.wall_clock = WallClock { read_at: now, ticks: UNIX_EPOCH + nanos / 100 };
    }
}
