//! The rate of a transfer, and the time since its last byte.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The time over which a rate is measured, so that bursts even out and a change still shows within seconds.
const WINDOW: Duration = Duration::from_secs(5);

/// The least time between two samples, so that 20 of them cover the window.
const SPACING: Duration = Duration::from_millis(250);

/// A transfer without a byte for this long is stalled; not less, because a slow server leaves gaps of a second or two.
const STALL: Duration = Duration::from_secs(3);

#[derive(Clone, Debug)]
pub struct Meter {
    /// Bytes at several times, the oldest first; never empty.
    samples: VecDeque<(Instant, u64)>,
    bytes: u64,
    /// The time of the last byte, or of the start.
    moved: Instant,
}

impl Meter {
    pub fn new(now: Instant) -> Self {
        Self { samples: [(now, 0)].into(), bytes: 0, moved: now }
    }

    /// Adds bytes that an earlier run kept: they did not arrive at this rate.
    pub fn skip(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.samples.iter_mut().for_each(|(_, before)| *before = before.saturating_add(bytes));
    }

    /// Takes the present number of bytes; a smaller one starts anew.
    pub fn update(&mut self, now: Instant, bytes: u64) {
        if bytes < self.bytes {
            *self = Self { samples: [(now, bytes)].into(), bytes, moved: now };
            return;
        }
        if bytes > self.bytes {
            (self.bytes, self.moved) = (bytes, now);
        }
        if self.samples.back().is_some_and(|(last, _)| now - *last >= SPACING) {
            self.samples.push_back((now, bytes));
        }
        while self.samples.len() > 2 && self.samples.front().is_some_and(|(first, _)| now - *first > WINDOW) {
            self.samples.pop_front();
        }
    }

    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes per second; `None` while it is not known, and while the transfer is stalled.
    pub fn rate(&self, now: Instant) -> Option<u64> {
        let (first, before) = *self.samples.front()?;
        let time = now - first;
        let known = time >= SPACING && self.bytes > before && self.stalled(now).is_none();
        known.then(|| ((self.bytes - before) as f64 / time.as_secs_f64()).round() as u64)
    }

    /// The time since the last byte, if it is long.
    pub fn stalled(&self, now: Instant) -> Option<Duration> {
        Some(now - self.moved).filter(|time| *time >= STALL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_follows_the_last_seconds_and_ends_with_a_stall() {
        let start = Instant::now();
        let at = |tenths: u64| start + Duration::from_millis(tenths * 100);
        let mut meter = Meter::new(start);
        assert_eq!(meter.rate(at(10)), None);
        for tenth in 1..=100 {
            meter.update(at(tenth), tenth * 100);
        }
        assert_eq!((meter.rate(at(100)), meter.stalled(at(100))), (Some(1000), None));
        for tenth in 101..=200 {
            meter.update(at(tenth), 10_000 + (tenth - 100) * 10);
        }
        assert_eq!(meter.rate(at(200)), Some(100));
        assert_eq!((meter.rate(at(230)), meter.stalled(at(230))), (None, Some(Duration::from_secs(3))));
    }

    #[test]
    fn kept_bytes_have_no_rate_and_dropped_ones_start_anew() {
        let start = Instant::now();
        let mut meter = Meter::new(start);
        meter.skip(1_000_000);
        meter.update(start + Duration::from_secs(1), 1_000_100);
        assert_eq!(meter.rate(start + Duration::from_secs(1)), Some(100));
        meter.update(start + Duration::from_secs(2), 0);
        assert_eq!((meter.bytes(), meter.rate(start + Duration::from_secs(2))), (0, None));
    }
}
