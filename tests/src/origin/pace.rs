//! Sending at a limited rate.

use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A second is divided into this many writes, as far as bytes divide.
const WRITES_PER_SECOND: u64 = 50;

/// How far a sender that was late may catch up; without it, every late timer would cost rate.
const CREDIT: Duration = Duration::from_millis(100);

/// When the next bytes may be sent, and how many.
#[derive(Debug)]
pub(super) struct Pace {
    bytes_per_second: Option<u64>,
    next: Instant,
}

impl Pace {
    /// At this rate, or without a limit.
    pub(super) fn new(bytes_per_second: Option<u64>) -> Self {
        Self { bytes_per_second: bytes_per_second.map(|rate| rate.max(1)), next: Instant::now() }
    }

    /// Waits until something may be sent; the result is how many of `wanted` bytes.
    pub(super) async fn turn(&self, wanted: usize) -> usize {
        let Some(rate) = self.bytes_per_second else {
            return wanted;
        };
        sleep_until(self.next).await;
        let most = (rate / WRITES_PER_SECOND).max(1);
        usize::try_from(most).map_or(wanted, |most| wanted.min(most))
    }

    /// Accounts for bytes that were sent.
    pub(super) fn spend(&mut self, sent: usize) {
        let Some(rate) = self.bytes_per_second else {
            return;
        };
        let now = Instant::now();
        let earliest = now.checked_sub(CREDIT).unwrap_or(now);
        let cost = Duration::from_secs_f64(sent as f64 / rate as f64);
        self.next = self.next.max(earliest) + cost;
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::Duration;
    use tokio::time::Instant;

    fn run<T>(future: impl Future<Output = T>) -> T {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_time().build().expect("a runtime");
        runtime.block_on(future)
    }

    #[test]
    fn without_a_limit_there_is_no_wait() {
        assert_eq!(run(async { Pace::new(None).turn(1 << 30).await }), 1 << 30);
    }

    #[test]
    fn bytes_take_their_time() {
        let started = Instant::now();
        let mut sent = 0;
        run(async {
            let mut pace = Pace::new(Some(100_000));
            while sent < 10_000 {
                let turn = pace.turn(10_000 - sent).await;
                assert_eq!(turn, 2_000);
                pace.spend(turn);
                sent += turn;
            }
        });
        // The last write is not waited for, hence 80 ms and not 100.
        assert!(started.elapsed() >= Duration::from_millis(79));
    }
}
