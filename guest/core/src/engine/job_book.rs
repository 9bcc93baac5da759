//! The jobs of an engine, and their pending work.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::time::Duration;

use super::active::ActiveFile;
use super::cancel_cleanup::Cleanup;
use super::complete::Publishing;
use super::headers::Headers;
use super::timers::Timers;
use super::undo::Undo;
use super::wall_clock::WallClock;
use crate::border::identity::{DownloadId, JobId};
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::job::{Job, Phase};

/// Time after the last modification at which the engine cancels a job, in units of 100 ns: 30 days, as Delivery Optimization's
/// documentation says at JobTransferred.
const TOO_OLD: u64 = 30 * 24 * 60 * 60 * 10_000_000;

#[derive(Debug, Default)]
pub(super) struct JobBook {
    pub jobs: BTreeMap<JobId, Job>,
    pub by_guid: BTreeMap<u128, JobId>,
    /// Jobs whose state may have changed since they were last reconciled.
    pub touched: BTreeSet<JobId>,
    pub timers: Timers,
    /// The files with a turn, by the download that fetches each.
    pub active_files: BTreeMap<DownloadId, ActiveFile>,
    pub publishing: Publishing,
    pub cleanup: Cleanup,
    pub headers: Headers,
    /// Jobs with a file that waits for a retry.
    pub retrying: BTreeSet<JobId>,
    /// The rollback of the last call's change.
    pub undo: Option<Undo>,
    pub wall_clock: WallClock,
    /// Number of the last created job.
    pub last: u64,
}

impl JobBook {
    /// An unused number.
    pub fn new_number(&mut self) -> JobId {
        loop {
            self.last = self.last.wrapping_add(1);
            let number = JobId(self.last);
            if !self.jobs.contains_key(&number) {
                return number;
            }
        }
    }

    pub fn insert(&mut self, number: JobId, job: Job) {
        self.by_guid.insert(job.id(), number);
        self.jobs.insert(number, job);
        self.touched.insert(number);
    }

    pub fn remove(&mut self, number: JobId) -> Option<Job> {
        let job = self.jobs.remove(&number)?;
        self.by_guid.remove(&job.id());
        self.touched.remove(&number);
        self.retrying.remove(&number);
        self.timers.set(number, None);
        self.headers.forget_job(number);
        Some(job)
    }

    /// The job with the GUID `id`, unless it is over or a draft.
    pub fn find(&self, id: u128) -> Option<(JobId, &Job)> {
        let number = *self.by_guid.get(&id)?;
        Some((number, self.jobs.get(&number).filter(|job| job.is_found())?))
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] if there is no such job, or it is over.
    pub fn open(&mut self, job: JobId) -> Result<&mut Job, Cause> {
        let job = self.jobs.get_mut(&job).ok_or(Cause::InvalidState)?;
        job.require_open()?;
        Ok(job)
    }

    /// Records a change of a job other than one of its state.
    pub fn modified(&mut self, now: Instant, id: JobId) {
        let time = self.wall_clock.at(now);
        if let Some(job) = self.jobs.get_mut(&id) {
            job.times.modification = time;
            job.notices.change(false);
            job.notices.modify();
            self.touched.insert(id);
        }
    }

    /// Records that all files of a job are transferred.
    pub fn transferred(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.phase = Phase::Transferred;
        job.failure = None;
        job.times.transfer_completion = Some(self.wall_clock.at(now));
        self.touched.insert(id);
    }

    /// The downloads of the active files of `job`.
    pub fn turns_of(&self, job: JobId) -> Vec<DownloadId> {
        let turns = self.jobs.get(&job).into_iter().flat_map(|job| job.turns.values());
        turns.map(|turn| turn.download).collect()
    }

    /// Whether the job was last modified so long ago that the engine cancels it.
    pub fn is_expired(&self, now: Instant, id: JobId) -> bool {
        let expiry = |job: &Job| job.times.modification.saturating_add(TOO_OLD);
        self.jobs.get(&id).is_some_and(|job| !job.is_over() && self.wall_clock.at(now) >= expiry(job))
    }

    /// Sets the timer of the job to its next retry, notice or expiry.
    pub fn set_timer(&mut self, now: Instant, id: JobId) {
        let Some(job) = self.jobs.get(&id) else { return };
        let expiry = (!job.is_over()).then(|| {
            let left = job.times.modification.saturating_add(TOO_OLD).saturating_sub(self.wall_clock.at(now));
            now + Duration::from_nanos(left.saturating_mul(100))
        });
        let retry = job.line.next_retry().filter(|_| job.may_run());
        match retry {
            Some(_) => self.retrying.insert(id),
            None => self.retrying.remove(&id),
        };
        let next = [retry, job.notices.next(job.audience()), expiry].into_iter().flatten().min();
        self.timers.set(id, next);
    }
}
