//! The rates of jobs, from the progress that their descriptions show.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::view::JobView;
use crate::vocabulary::JobState;

/// The time over which a rate is measured, so that bursts of several connections even out and a change still shows within seconds.
const WINDOW: Duration = Duration::from_secs(5);

/// The least time between two kept samples, so that a follower that asks without pause keeps 20 of them.
const SPACING: Duration = Duration::from_millis(250);

/// Samples of all transferring jobs, by id.
#[derive(Default)]
pub struct Rates(Mutex<BTreeMap<String, Samples>>);

/// Bytes of one job at several times, the oldest first.
#[derive(Default)]
struct Samples(VecDeque<(Instant, u64)>);

impl Rates {
    /// Takes a sample of the job, and sets its rate.
    pub fn measure(&self, job: &mut JobView, now: Instant) {
        let mut rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if job.state == JobState::Transferring {
            job.rate = rates.entry(job.id.clone()).or_default().add(now, job.bytes);
        } else {
            rates.remove(&job.id);
        }
    }

    /// Forgets a job that is gone.
    pub fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

impl Samples {
    /// Adds a sample; returns bytes per second once two samples are far enough apart.
    fn add(&mut self, now: Instant, bytes: u64) -> Option<u64> {
        if self.0.back().is_some_and(|(_, last)| *last > bytes) {
            self.0.clear();
        }
        if self.0.back().is_none_or(|(last, _)| now - *last >= SPACING) {
            self.0.push_back((now, bytes));
        }
        while self.0.len() > 2 && self.0.front().is_some_and(|(first, _)| now - *first > WINDOW) {
            self.0.pop_front();
        }
        let (first, before) = self.0.front()?;
        let seconds = (now - *first).as_secs_f64();
        (now - *first >= SPACING).then(|| ((bytes - before) as f64 / seconds) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_that_of_the_last_seconds_and_starts_anew_with_the_file() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        assert_eq!(samples.add(at(0), 1000), None);
        assert_eq!(samples.add(at(1), 1100), Some(100));
        for second in 2..20 {
            samples.add(at(second), 1100 + (second - 1) * 500);
        }
        assert_eq!(samples.add(at(20), 1100 + 19 * 500), Some(500));
        assert_eq!(samples.add(at(21), 50), None);
        assert_eq!(samples.add(at(22), 80), Some(30));
    }
}
