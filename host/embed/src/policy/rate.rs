//! How fast all answers together may come.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A limit on bytes per second. After bytes that came too early the reader of the next ones waits.
#[derive(Debug)]
pub struct Rate {
    bytes_per_second: u64,
    paid_at: Mutex<Option<Instant>>,
}

impl Rate {
    /// No bytes at all count as one in each second.
    pub fn new(bytes_per_second: u64) -> Self {
        Self { bytes_per_second: bytes_per_second.max(1), paid_at: Mutex::new(None) }
    }

    /// `bytes` came.
    pub fn spend(&self, bytes: u64, now: Instant) {
        let cost = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second as f64);
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        *paid_at = Some(paid_at.map_or(now, |at| at.max(now)) + cost);
    }

    /// When the next bytes may come.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        self.paid_at.lock().unwrap_or_else(PoisonError::into_inner).filter(|at| *at > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_paid_for_with_waiting() {
        let (rate, now) = (Rate::new(1000), Instant::now());
        assert_eq!(rate.due(now), None);
        rate.spend(500, now);
        rate.spend(1000, now);
        assert_eq!(rate.due(now), Some(now + Duration::from_millis(1500)));
        assert_eq!(rate.due(now + Duration::from_secs(2)), None);
        rate.spend(1000, now + Duration::from_secs(9));
        assert_eq!(rate.due(now + Duration::from_secs(9)), Some(now + Duration::from_secs(10)));
    }
}
