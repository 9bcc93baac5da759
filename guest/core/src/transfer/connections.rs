//! Number of connections for a file: the caller's number, or as many as increase throughput. `sources.rs` lowers it for a source that
//! objects.

use core::time::Duration;

use crate::border::time::Instant;

/// Limit on connections if the engine chooses, because common servers limit a client to about as many. aria2's own limit for one server is
/// 16.
const MOST: u32 = 16;

/// Limit on connections if the caller chooses, so that a wrong number is no attack on an origin.
const LIMIT: u32 = 64;

/// Duration of a throughput measurement, which starts once every connection has its response head. Measured: shorter ones vary by more than
/// the gain to detect.
const WINDOW: Duration = Duration::from_millis(50);

/// Rate in bytes per second above which further connections cost more than they gain, as measured on loopback: `docs/reference/bench.md`.
const FAST_ENOUGH: f64 = 200e6;

/// Growth of throughput that justifies more connections, so that noise of a line does not.
const WORTHWHILE: f64 = 1.3;

#[derive(Clone, Debug)]
pub(super) struct Connections {
    allowed: u32,
    trial: Trial,
}

#[derive(Clone, Copy, Debug)]
enum Trial {
    /// Until every connection delivers bytes.
    Waiting {
        before: f64,
    },
    Measuring {
        since: Instant,
        moved: u64,
        before: f64,
    },
    Settled,
}

impl Connections {
    pub const fn new(fixed: Option<u32>) -> Self {
        match fixed {
            Some(0) => Self { allowed: 1, trial: Trial::Settled },
            Some(count) => Self { allowed: if count > LIMIT { LIMIT } else { count }, trial: Trial::Settled },
            None => Self { allowed: 1, trial: Trial::Waiting { before: 0.0 } },
        }
    }

    pub const fn allowed(&self) -> u32 {
        self.allowed
    }

    /// Stops growth, because a source objected.
    pub const fn settle(&mut self) {
        self.trial = Trial::Settled;
    }

    /// Evaluates the bytes moved so far, and adds connections while that increases throughput. `all_flow`: no connection waits for its
    /// response head.
    pub fn observe(&mut self, now: Instant, moved: u64, all_flow: bool) {
        match self.trial {
            Trial::Settled => {}
            Trial::Waiting { before } if all_flow => self.trial = Trial::Measuring { since: now, moved, before },
            Trial::Waiting { .. } => {}
            Trial::Measuring { since, moved: then, before } => {
                let elapsed = now.since(since);
                if elapsed < WINDOW {
                    return;
                }
                let rate = moved.saturating_sub(then) as f64 / elapsed.as_secs_f64();
                if rate < before * WORTHWHILE || rate > FAST_ENOUGH || self.allowed >= MOST {
                    self.trial = Trial::Settled;
                } else if rate > 0.0 {
                    self.allowed = (self.allowed * 4).min(MOST);
                    self.trial = Trial::Waiting { before: rate };
                } else {
                    self.trial = Trial::Measuring { since: now, moved, before };
                }
            }
        }
    }

    /// Time of the next evaluation.
    pub fn next_look(&self) -> Option<Instant> {
        match self.trial {
            Trial::Measuring { since, .. } => Some(since + WINDOW),
            Trial::Waiting { .. } | Trial::Settled => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grow(rates: &[u64]) -> u32 {
        let mut connections = Connections::new(None);
        let (mut now, mut moved) = (Instant::default(), 0);
        for rate in rates {
            connections.observe(now, moved, true);
            now = now + WINDOW;
            moved += rate / 20;
            connections.observe(now, moved, true);
        }
        connections.allowed()
    }

    #[test]
    fn more_connections_while_they_bring_more() {
        assert_eq!(grow(&[10_000_000]), 4);
        assert_eq!(grow(&[10_000_000, 40_000_000]), 16);
        assert_eq!(grow(&[10_000_000, 11_000_000, 90_000_000]), 4);
        assert_eq!(grow(&[900_000_000]), 1);
    }

    #[test]
    fn connections_that_wait_for_their_answers_are_not_judged() {
        let mut connections = Connections::new(None);
        let start = Instant::default();
        connections.observe(start, 0, true);
        connections.observe(start + WINDOW, 500_000, true);
        assert_eq!(connections.allowed(), 4);
        let answered = start + WINDOW * 10;
        connections.observe(answered, 5_000_000, false);
        assert_eq!(connections.next_look(), None);
        connections.observe(answered, 5_000_000, true);
        connections.observe(answered + WINDOW, 7_000_000, true);
        assert_eq!(connections.allowed(), 16);
    }

    #[test]
    fn the_callers_number_stands() {
        let mut connections = Connections::new(Some(3));
        connections.observe(Instant::default(), 0, true);
        connections.observe(Instant::default() + WINDOW, 1000, true);
        assert_eq!((connections.allowed(), connections.next_look()), (3, None));
    }
}
