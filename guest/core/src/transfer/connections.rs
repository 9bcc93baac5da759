//! How many connections a file gets: as many as the caller says, or as many as make it faster. A source that objects gets
//! fewer, see `sources.rs`.

use core::time::Duration;

use crate::time::Instant;

/// Most connections that the engine opens by its own choice.
const MOST: u32 = 16;

/// Most connections that a caller may ask for.
const LIMIT: u32 = 64;

/// Time over which throughput is measured.
const WINDOW: Duration = Duration::from_millis(100);

/// Beyond this rate, in bytes per second, more connections cost more than they bring.
const FAST_ENOUGH: f64 = 200e6;

/// Growth of throughput that justifies growing again.
const WORTHWHILE: f64 = 1.3;

#[derive(Clone, Debug)]
pub(super) struct Connections {
    allowed: u32,
    trial: Trial,
}

#[derive(Clone, Copy, Debug)]
enum Trial {
    /// No measurement yet.
    Waiting,
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
            None => Self { allowed: 1, trial: Trial::Waiting },
        }
    }

    pub const fn allowed(&self) -> u32 {
        self.allowed
    }

    /// A source objected: there is no growing any more.
    pub const fn settle(&mut self) {
        self.trial = Trial::Settled;
    }

    /// Looks at the bytes moved so far, and grows while that pays.
    pub fn observe(&mut self, now: Instant, moved: u64) {
        match self.trial {
            Trial::Settled => {}
            Trial::Waiting => self.trial = Trial::Measuring { since: now, moved, before: 0.0 },
            Trial::Measuring { since, moved: then, before } => {
                let elapsed = now.since(since);
                if elapsed < WINDOW {
                    return;
                }
                let rate = moved.saturating_sub(then) as f64 / elapsed.as_secs_f64();
                if rate < before * WORTHWHILE || rate > FAST_ENOUGH || self.allowed >= MOST {
                    self.trial = Trial::Settled;
                } else {
                    let grown = if rate > 0.0 { self.allowed * 4 } else { self.allowed };
                    self.allowed = grown.min(MOST);
                    self.trial = Trial::Measuring { since: now, moved, before: rate };
                }
            }
        }
    }

    /// When [`Self::observe`] has something to say again.
    pub fn next_look(&self) -> Option<Instant> {
        match self.trial {
            Trial::Measuring { since, .. } => Some(since + WINDOW),
            Trial::Waiting | Trial::Settled => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grow(rates: &[u64]) -> u32 {
        let mut connections = Connections::new(None);
        let (mut now, mut moved) = (Instant::default(), 0);
        connections.observe(now, moved);
        for rate in rates {
            now = now + WINDOW;
            moved += rate / 10;
            connections.observe(now, moved);
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
    fn the_callers_number_stands() {
        let mut connections = Connections::new(Some(3));
        connections.observe(Instant::default(), 0);
        connections.observe(Instant::default() + WINDOW, 1000);
        assert_eq!((connections.allowed(), connections.next_look()), (3, None));
    }
}
