//! Progress of a transfer: the time of the last sufficient progress.

use core::time::Duration;

use crate::border::time::Instant;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// Time up to which enough bytes had arrived.
    at: Instant,
    /// Bytes since then.
    bytes: u64,
    /// Minimum rate in bytes per second; a slower transfer counts as no progress.
    least: u64,
    /// Highest offset of the representation up to which bytes were skipped before.
    passed_to: u64,
}

impl Progress {
    pub fn new(now: Instant, least: Option<u64>) -> Self {
        Self { at: now, least: least.unwrap_or(0), ..Self::default() }
    }

    pub fn arrived(&mut self, now: Instant, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        let enough = self.least as f64 * now.since(self.at).as_secs_f64();
        if self.bytes as f64 >= enough {
            self.excuse_until(now);
        }
    }

    /// Records that `bytes` from `from` on were skipped. Skipping the same bytes repeatedly is no progress.
    pub fn passed(&mut self, now: Instant, from: u64, bytes: u64) {
        if from >= self.passed_to {
            self.passed_to = from.saturating_add(bytes);
            self.arrived(now, bytes);
        }
    }

    /// Excludes the time up to `until` from the no-progress timeout.
    pub fn excuse_until(&mut self, until: Instant) {
        self.at = self.at.max(until);
        self.bytes = 0;
    }

    /// Excludes `time`, during which the machine was suspended.
    pub fn slept(&mut self, time: Duration) {
        self.at = self.at + time;
    }

    /// The time since which no progress is counted.
    pub const fn since(&self) -> Instant {
        self.at
    }

    /// The time at which the no-progress `timeout` expires.
    pub fn over_at(&self, timeout: Duration) -> Instant {
        self.at + timeout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn any_byte_is_progress_where_no_rate_is_asked_for() {
        let mut progress = Progress::new(at(0), None);
        progress.arrived(at(50), 1);
        assert_eq!(progress.over_at(Duration::from_secs(60)), at(110));
    }

    #[test]
    fn a_trickle_is_no_progress_where_a_rate_is() {
        let mut progress = Progress::new(at(0), Some(1000));
        (1..50).for_each(|second| progress.arrived(at(second), 1));
        assert_eq!(progress.over_at(Duration::from_secs(60)), at(60));
        progress.arrived(at(50), 50_000);
        assert_eq!(progress.over_at(Duration::from_secs(60)), at(110));
    }

    #[test]
    fn passing_over_the_same_bytes_again_is_no_progress() {
        let mut progress = Progress::new(at(0), None);
        progress.passed(at(1), 0, 10);
        progress.passed(at(2), 0, 10);
        assert_eq!(progress.over_at(Duration::ZERO), at(1));
    }
}
