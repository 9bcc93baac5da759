//! The next time at which each job has work without an input.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::border::identity::JobId;
use crate::border::time::Instant;

#[derive(Debug, Default)]
pub(super) struct Timers {
    by_time: BTreeSet<(Instant, JobId)>,
    by_job: BTreeMap<JobId, Instant>,
}

impl Timers {
    /// Sets the timer of `job` and replaces an earlier one; `None` stops it.
    pub fn set(&mut self, job: JobId, at: Option<Instant>) {
        if let Some(before) = self.by_job.remove(&job) {
            self.by_time.remove(&(before, job));
        }
        if let Some(at) = at {
            self.by_time.insert((at, job));
            self.by_job.insert(job, at);
        }
    }

    /// Removes and returns a job whose timer is due at `now`.
    pub fn pop_due(&mut self, now: Instant) -> Option<JobId> {
        let (_, job) = self.by_time.first().copied().filter(|(at, _)| *at <= now)?;
        self.set(job, None);
        Some(job)
    }

    pub fn next(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }
}
