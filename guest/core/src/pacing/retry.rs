//! Exponential back-off with jitter, reset by progress.

use core::time::Duration;

use crate::border::time::Instant;
use crate::failure::Cause;

/// Delays after the first failure and after many, so that a short outage costs little time and a long one few requests.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);

/// Counts failures since the last progress.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Continues after this number of failures.
    pub const fn after(failures: u32) -> Self {
        Self { failures }
    }

    /// Bytes arrived, so the next failure counts as the first.
    pub const fn progress(&mut self) {
        self.failures = 0;
    }

    /// Consecutive failures without progress, including the last one.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Records a failure and returns the delay: the origin's Retry-After if given, otherwise a random value between half and all of a limit
    /// that doubles with every failure.
    pub fn failure(&mut self, retry_after: Option<Duration>, random: &mut fastrand::Rng) -> Duration {
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        if let Some(delay) = retry_after {
            // Without a minimum, an origin that always answers `Retry-After: 0` would cause a busy loop.
            return delay.max(FIRST);
        }
        let limit = FIRST.saturating_mul(1 << doublings).min(LONGEST);
        limit.mul_f64(0.5 + random.f64() / 2.0)
    }
}

/// The failures of a transfer since its last byte, for which it waits. A later transfer of the same file continues to count them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    pub cause: Cause,
    /// Time of the retry.
    pub at: Instant,
    /// Time of the last byte, or of the first request if none arrived.
    pub silent_since: Instant,
    /// Failures since then.
    pub failures: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_a_limit_and_progress_resets_them() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut backoff = Backoff::default();
        let mut limit = FIRST;
        for _ in 0..40 {
            let delay = backoff.failure(None, &mut random);
            assert!(delay >= limit / 2 && delay <= limit, "{delay:?} of {limit:?}");
            limit = (limit * 2).min(LONGEST);
        }
        backoff.progress();
        assert!(backoff.failure(None, &mut random) <= FIRST);
    }

    #[test]
    fn the_origins_word_counts_more_than_the_schedule() {
        let mut random = fastrand::Rng::with_seed(7);
        let retry_after = Some(Duration::from_secs(120));
        assert_eq!(Backoff::default().failure(retry_after, &mut random), Duration::from_secs(120));
        assert_eq!(Backoff::default().failure(Some(Duration::ZERO), &mut random), FIRST);
    }
}
