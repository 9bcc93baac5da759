//! The speed of a download.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The time over which the speed is measured. The engine reports progress twice a second at most, and a shorter time would make the speed
/// jump.
const WINDOW: Duration = Duration::from_secs(5);

/// The present values of a download that the journal does not need.
#[derive(Debug, Default)]
pub struct Progress {
    samples: VecDeque<(Instant, u64)>,
    /// Bytes of the whole file; `None` while unknown.
    pub total: Option<u64>,
    /// Exchanges in flight.
    pub connections: u32,
    /// The URL of the present source, after redirects; empty if unknown.
    pub source: String,
}

impl Progress {
    /// Records the bytes that have arrived by `now`. Fewer than before mean that the file starts again.
    pub fn record(&mut self, now: Instant, bytes: u64) {
        if self.samples.back().is_some_and(|(_, before)| *before > bytes) {
            self.samples.clear();
        }
        self.samples.push_back((now, bytes));
        // One sample from before the window stays, so that the window is covered.
        while self.samples.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            self.samples.pop_front();
        }
    }

    /// Bytes that had arrived at the last record.
    pub fn bytes(&self) -> Option<u64> {
        self.samples.back().map(|(_, bytes)| *bytes)
    }

    /// Bytes per second.
    pub fn speed(&self, now: Instant) -> u64 {
        let (Some((first, from)), Some((last, to))) = (self.samples.front(), self.samples.back()) else { return 0 };
        if now.duration_since(*last) >= WINDOW {
            return 0;
        }
        let milliseconds = u64::try_from(now.duration_since(*first).as_millis()).unwrap_or(u64::MAX).max(1);
        to.saturating_sub(*from).saturating_mul(1000) / milliseconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_that_of_the_last_seconds() {
        let begun = Instant::now();
        let at = |milliseconds| begun + Duration::from_millis(milliseconds);
        let mut progress = Progress::default();
        assert_eq!(progress.speed(begun), 0);
        for step in 0..=20 {
            progress.record(at(step * 500), step * 1000);
        }
        assert_eq!(progress.speed(at(10_000)), 2000);
        assert_eq!(progress.speed(at(12_500)), 1333);
        assert_eq!(progress.speed(at(15_000)), 0);
        progress.record(at(15_500), 100);
        assert_eq!(progress.speed(at(15_500)), 0);
    }
}
