//! Whether bytes arrive: when they last did, and whether that is fast enough.

use core::time::Duration;

use crate::border::time::Instant;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// The last moment up to which enough has arrived.
    at: Instant,
    /// Bytes since then.
    bytes: u64,
    /// Bytes per second below which arriving is no progress.
    least: u64,
    /// Bytes of the representation up to here were passed over before.
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

    /// `bytes` from `from` on were passed over. Passing over the same ones again and again is no progress.
    pub fn passed(&mut self, now: Instant, from: u64, bytes: u64) {
        if from >= self.passed_to {
            self.passed_to = from.saturating_add(bytes);
            self.arrived(now, bytes);
        }
    }

    /// Silence up to `until` does not count against the origin.
    pub fn excuse_until(&mut self, until: Instant) {
        self.at = self.at.max(until);
        self.bytes = 0;
    }

    /// The machine was suspended for `time`, which does not count as silence.
    pub fn slept(&mut self, time: Duration) {
        self.at = self.at + time;
    }

    /// Start of the silence that counts.
    pub const fn since(&self) -> Instant {
        self.at
    }

    /// When there has been no progress for `timeout`.
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
