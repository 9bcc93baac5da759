//! A token bucket that limits a rate in bytes per second.

use core::time::Duration;

use crate::border::time::Instant;

const NANOS: u128 = 1_000_000_000;

/// Time for which unused allowance accumulates, so that a late timer loses no throughput and a pause allows no burst that a limiter beyond
/// would drop.
const BURST: Duration = Duration::from_millis(100);

#[derive(Clone, Debug)]
pub struct Bucket {
    bytes_per_second: u64,
    /// Accumulated byte-nanoseconds: bytes times [`NANOS`].
    tokens: u128,
    filled_at: Instant,
    /// Whether the bucket hands out allowance. It closes when little is left and opens when a useful amount has accumulated, so that the
    /// shell does not wake up for a few bytes.
    open: bool,
}

impl Bucket {
    /// Raises a rate of zero to one byte per second, so that no transfer stops forever.
    pub fn new(bytes_per_second: u64, now: Instant) -> Self {
        Self { bytes_per_second: bytes_per_second.max(1), tokens: 0, filled_at: now, open: false }
    }

    /// Bytes that may move at `now`.
    pub fn available(&mut self, now: Instant) -> u64 {
        let gained = now.since(self.filled_at).as_nanos().saturating_mul(u128::from(self.bytes_per_second));
        let most = (BURST.as_nanos() * u128::from(self.bytes_per_second)).max(NANOS);
        self.tokens = (self.tokens + gained).min(most);
        self.filled_at = self.filled_at.max(now);
        let useful = self.useful();
        self.open = self.tokens >= useful || (self.open && self.tokens >= useful / 8);
        if self.open { u64::try_from(self.tokens / NANOS).unwrap_or(u64::MAX) } else { 0 }
    }

    /// A tenth of the burst, at least one byte, in byte-nanoseconds.
    fn useful(&self) -> u128 {
        (BURST.as_nanos() * u128::from(self.bytes_per_second) / 10).max(NANOS)
    }

    pub fn take(&mut self, bytes: u64) {
        self.tokens = self.tokens.saturating_sub(u128::from(bytes) * NANOS);
    }

    /// Time at which a useful amount is available.
    pub fn next(&self, now: Instant) -> Instant {
        let gained = now.since(self.filled_at).as_nanos().saturating_mul(u128::from(self.bytes_per_second));
        let missing = self.useful().saturating_sub(self.tokens.saturating_add(gained));
        let wait = missing.div_ceil(u128::from(self.bytes_per_second));
        now + Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_more_than_the_rate_and_one_burst(rate in 1u64..1 << 40, steps in prop::collection::vec(0u64..200_000_000, 1..50)) {
            let start = Instant::from_nanos(5);
            let (mut bucket, mut now, mut moved) = (Bucket::new(rate, start), start, 0u128);
            for step in steps {
                now = now + Duration::from_nanos(step);
                let allowed = bucket.available(now);
                bucket.take(allowed);
                moved += u128::from(allowed);
                let ideal = now.since(start).as_nanos() * u128::from(rate) / NANOS;
                prop_assert!(moved <= ideal + 1, "{} of {}", moved, ideal);
            }
        }

        #[test]
        fn waiting_as_told_gives_an_allowance(rate in 1u64..1 << 40) {
            let now = Instant::from_nanos(9);
            let mut bucket = Bucket::new(rate, now);
            let next = bucket.next(now);
            prop_assert!(bucket.available(next) > 0);
        }
    }
}
