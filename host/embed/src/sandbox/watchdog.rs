//! Tells code that runs on and on from code that works with its host.

/// Counts the ticks of the epoch in which the component did not call its host.
#[derive(Debug)]
pub struct Watchdog {
    host_calls: u64,
    seen: u64,
    silent_ticks: u64,
    most_ticks: u64,
}

impl Watchdog {
    /// One that lets `most_ticks` pass in silence.
    pub const fn new(most_ticks: u64) -> Self {
        Self { host_calls: 0, seen: 0, silent_ticks: 0, most_ticks }
    }

    /// The component has called its host.
    pub const fn heard(&mut self) {
        self.host_calls += 1;
    }

    /// Whether the code has gone too long without calling the host.
    pub const fn tick(&mut self) -> bool {
        self.silent_ticks = if self.seen == self.host_calls { self.silent_ticks + 1 } else { 0 };
        self.seen = self.host_calls;
        self.silent_ticks >= self.most_ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 20;

    #[test]
    fn code_that_calls_its_host_now_and_then_is_left_alone() {
        let mut watchdog = Watchdog::new(MOST);
        for _ in 0..10 * MOST {
            watchdog.heard();
            assert!(!watchdog.tick());
        }
    }

    #[test]
    fn code_that_runs_on_and_on_is_stopped() {
        let mut watchdog = Watchdog { host_calls: 7, ..Watchdog::new(MOST) };
        let ticks = (0..).take_while(|_| !watchdog.tick()).count();
        assert_eq!(ticks as u64, MOST);
    }
}
