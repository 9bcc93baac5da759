//! The number of files that one origin serves at the same time: as many as add throughput, and fewer once the origin objects.

use core::time::Duration;

use crate::border::time::Instant;

/// Files at first: as many as the connections that the engine chooses for large files, so that a list of large files opens no more, because
/// common servers limit a client to about as many.
pub(super) const START: u32 = 16;

/// Most files at the same time, because origins commonly accept 100 streams of HTTP/2, and curl opens 50 connections by default.
const MOST: u32 = 64;

/// Files that one answer for a small file adds, so that the way from [`START`] to [`MOST`] takes one round trip.
const STEP: u32 = 4;

/// Length in bytes up to which a file is small, because its round trips take longer than its bytes: more files at once add throughput.
const SMALL: u64 = 1 << 20;

/// Answers in one look at the latency. The fastest of them counts, because a new connection takes up to three round trips more.
const LOOK: u32 = 8;

/// Factor above the lowest latency at which answers wait for each other. It is above three, because a new TLS connection takes three round
/// trips before the answer, which is no such wait.
const WAITING: u32 = 4;

/// Latency that is never a wait, because the engine's own work is most of it.
const SLACK: Duration = Duration::from_millis(1);

/// Answers after a rejected attempt at one more file before the next attempt, so that the origin rejects few requests; doubled by each
/// rejected attempt up to [`MOST_CALM`].
const CALM: u32 = 64;
const MOST_CALM: u32 = 1024;

#[derive(Clone, Debug)]
pub(super) struct Level {
    allowed: u32,
    /// The lowest latency so far.
    lowest: Duration,
    /// The fastest answer of the present look, and the number of answers until its end.
    look: (Duration, u32),
    is_waiting: bool,
    /// Answers have waited for each other, so the number only grows by one for as many answers.
    has_waited: bool,
    /// Small files since the number last changed.
    answers: u32,
    /// Time until which a lower number has not shown its effect.
    lowered_until: Instant,
    bound: Option<Bound>,
}

/// The state after an objection: the number only grows by single attempts.
#[derive(Clone, Copy, Debug)]
struct Bound {
    /// Time of the last objection. An objection to an earlier request tells nothing about the present number.
    since: Instant,
    /// Answers since the number last changed.
    answers: u32,
    /// Answers that justify an attempt at one more file.
    calm: u32,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            allowed: START,
            lowest: Duration::MAX,
            look: (Duration::MAX, LOOK),
            is_waiting: false,
            has_waited: false,
            answers: 0,
            lowered_until: Instant::default(),
            bound: None,
        }
    }
}

impl Level {
    pub const fn allowed(&self) -> u32 {
        self.allowed
    }

    /// Whether the origin has objected to the number of exchanges.
    pub const fn is_bound(&self) -> bool {
        self.bound.is_some()
    }

    /// The origin accepted a request `latency` ago for a file of this length in bytes, while it served `files`.
    pub fn answered(&mut self, now: Instant, latency: Duration, length: Option<u64>, files: u32) {
        self.observe(now, latency);
        let is_used = files >= self.allowed;
        match &mut self.bound {
            Some(bound) => {
                bound.answers += 1;
                if is_used && self.allowed < MOST && bound.answers >= bound.calm.max(2 * self.allowed) {
                    bound.answers = 0;
                    self.allowed += 1;
                }
            }
            None => {
                let is_small = length.is_some_and(|length| length <= SMALL);
                // Files that are done make the number of those that are served vary.
                if is_small && 2 * files >= self.allowed && !self.is_waiting {
                    self.grow();
                }
            }
        }
    }

    fn grow(&mut self) {
        self.answers += 1;
        let step = match self.has_waited {
            false => STEP,
            true => u32::from(self.answers >= self.allowed),
        };
        if step > 0 {
            self.answers = 0;
            self.allowed = (self.allowed + step).min(MOST);
        }
    }

    /// Compares the fastest of some answers with the fastest of all, and lowers the number if answers wait for each other.
    fn observe(&mut self, now: Instant, latency: Duration) {
        self.lowest = self.lowest.min(latency);
        let (fastest, left) = self.look;
        let fastest = fastest.min(latency);
        self.look = (fastest, left - 1);
        if left > 1 {
            return;
        }
        self.look = (Duration::MAX, LOOK);
        let most = self.lowest * WAITING + SLACK;
        self.is_waiting = fastest > most;
        if self.is_waiting && self.bound.is_none() && now >= self.lowered_until {
            let share = most.as_secs_f64() / fastest.as_secs_f64();
            self.allowed = ((f64::from(self.allowed) * share) as u32).max(START.min(self.allowed));
            self.lowered_until = now + fastest;
            (self.has_waited, self.answers) = (true, 0);
        }
    }

    /// The origin objected to a request that was sent at `sent`, while it had `others` of this engine's exchanges.
    pub fn objected(&mut self, now: Instant, sent: Instant, others: u32) {
        self.allowed = others.clamp(1, self.allowed);
        let calm = match self.bound {
            None => 0,
            Some(bound) if sent < bound.since => return self.bound = Some(Bound { answers: 0, ..bound }),
            Some(bound) => (bound.calm * 2).clamp(CALM, MOST_CALM),
        };
        self.bound = Some(Bound { since: now, answers: 0, calm });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::default() + Duration::from_millis(millis)
    }

    fn answer(level: &mut Level, millis: u64, latency: u64, length: u64) {
        level.answered(at(millis), Duration::from_millis(latency), Some(length), level.allowed());
    }

    #[test]
    fn answers_for_small_files_open_the_way_for_more() {
        let mut level = Level::default();
        (0..100).for_each(|time| answer(&mut level, time, 40, 4096));
        assert_eq!(level.allowed(), MOST);
    }

    #[test]
    fn large_files_keep_their_few_connections() {
        let mut level = Level::default();
        (0..100).for_each(|time| answer(&mut level, time, 40, 1 << 30));
        assert_eq!(level.allowed(), START);
    }

    #[test]
    fn an_unused_number_does_not_grow() {
        let mut level = Level::default();
        (0..100).for_each(|time| level.answered(at(time), Duration::from_millis(40), Some(9), START / 2 - 1));
        assert_eq!(level.allowed(), START);
    }

    #[test]
    fn answers_that_wait_for_each_other_lower_the_number() {
        let mut level = Level::default();
        (0..100).for_each(|time| answer(&mut level, time, 10, 4096));
        for time in 0..2000 {
            let latency = 2 * u64::from(level.allowed());
            answer(&mut level, 100 + time, latency, 4096);
        }
        assert!((START..=24).contains(&level.allowed()), "{}", level.allowed());
    }

    #[test]
    fn objections_to_one_burst_lower_the_number_to_what_is_served() {
        let mut level = Level::default();
        (0..100).for_each(|time| answer(&mut level, time, 10, 4096));
        (8..64).rev().for_each(|others| level.objected(at(200), at(190), others));
        assert_eq!(level.allowed(), 8);
    }

    #[test]
    fn each_rejected_attempt_is_followed_by_a_longer_calm() {
        let mut level = Level::default();
        let mut rejected = 0;
        for time in 0..1900 {
            answer(&mut level, time, 1, 4096);
            if level.allowed() > 8 {
                level.objected(at(time), at(time), 8);
                rejected += 1;
            }
        }
        assert_eq!((level.allowed(), rejected), (8, 6));
    }
}
