//! A rate limit for sending.

use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The number of writes per second, if the rate allows that many.
const WRITES_PER_SECOND: u64 = 50;

/// The time that a late sender may catch up. Without it, every late timer would lower the rate.
const CREDIT: Duration = Duration::from_millis(100);

/// The time of the next write, and its size.
#[derive(Debug)]
pub(super) struct Pace {
    bytes_per_second: Option<u64>,
    next: Instant,
}

impl Pace {
    /// A pace at this rate; unlimited if `None`.
    pub(super) fn new(bytes_per_second: Option<u64>) -> Self {
        Self { bytes_per_second: bytes_per_second.map(|rate| rate.max(1)), next: Instant::now() }
    }

    /// Waits for the next write; returns how many of `wanted` bytes it may have.
    pub(super) async fn turn(&self, wanted: usize) -> usize {
        let Some(rate) = self.bytes_per_second else {
            return wanted;
        };
        sleep_until(self.next).await;
        let most = (rate / WRITES_PER_SECOND).max(1);
        usize::try_from(most).map_or(wanted, |most| wanted.min(most))
    }

    /// Accounts for sent bytes.
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
        // The test does not wait after the last write, so the minimum is 80 ms and not 100.
        assert!(started.elapsed() >= Duration::from_millis(79));
    }
}
