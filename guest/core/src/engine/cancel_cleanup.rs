//! Cancellation of a job, and removal of the files that it leaves next to its targets.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::Engine;
use super::path_locks::Owner;
use crate::border::identity::{DownloadId, JobId, OperationId};
use crate::border::input::DiskDone;
use crate::border::output::DiskOperation;
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::job::{JobFile, Phase, Stage};

/// Files that one step cleans up, so that a job with 200,000 files does not stall other work.
const SWEEP: u32 = 64;

/// The removal of leftovers of jobs that are over.
#[derive(Debug, Default)]
pub(super) struct Cleanup {
    /// Jobs whose cleanup no call waits for.
    pub sweeping: BTreeSet<JobId>,
    /// Pending removals.
    removals: BTreeSet<OperationId>,
    /// A file could not be removed since the last job ended.
    pub has_failed: bool,
}

impl Engine {
    /// Cancels the job; [`Self::sweep_job`] then removes its files, step by step.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] if the job is over.
    pub fn cancel_job(&mut self, now: Instant, id: JobId) -> Result<(), Cause> {
        self.book.open(id)?;
        self.drop_turns(now, id);
        self.end_job(now, id, Phase::Cancelled);
        self.record_job(id, true);
        self.reconcile(now);
        Ok(())
    }

    /// Aborts the downloads of the job's files.
    pub(super) fn drop_turns(&mut self, now: Instant, id: JobId) {
        self.book.turns_of(id).into_iter().for_each(|download| self.drop_turn(now, download));
        let held: Vec<_> = self
            .book
            .publishing
            .held
            .range((id, 0)..=(id, u32::MAX))
            .map(|(file, download)| (*file, *download))
            .collect();
        for (file, download) in held {
            self.book.publishing.held.remove(&file);
            let _ = self.mutate(now, download, |download, cx| download.abort(cx));
            self.release(download);
        }
    }

    pub(super) fn end_job(&mut self, now: Instant, id: JobId, phase: Phase) {
        if let Some(job) = self.book.jobs.get_mut(&id) {
            job.phase = phase;
            job.swept = 0;
            (job.is_ending, job.completing, job.failure) = (false, false, None);
            self.book.cleanup.has_failed = false;
            self.book.modified(now, id);
        }
    }

    /// Removes the leftovers of some files of a job that is over; whether there may be more. After the last file the job leaves the
    /// ledger.
    pub fn sweep_job(&mut self, now: Instant, id: JobId) -> bool {
        let Some(job) = self.book.jobs.get_mut(&id).filter(|job| job.is_over()) else { return false };
        let (from, total) = (job.swept, job.files_total());
        let to = from.saturating_add(SWEEP).min(total);
        job.swept = to;
        for index in from..to {
            let Some(job) = self.book.jobs.get(&id) else { continue };
            let Some(JobFile { stage, local_name: Some(path), .. }) = job.file(index) else { continue };
            let (stage, path) = (*stage, path.clone());
            if job.may_have_left_files(index) {
                self.remove_leftovers(&path);
            }
            self.tenants.path_locks.unlock(&path, Owner::File(id, index));
            if stage != Stage::Named
                && let Some(job) = self.book.jobs.get_mut(&id)
            {
                job.update(index, |file| file.stage = Stage::Dropped);
            }
        }
        if to < total {
            return true;
        }
        self.book.cleanup.sweeping.remove(&id);
        self.record_job_gone(id);
        if let Some(job) = self.book.jobs.get_mut(&id) {
            // The shell may now forget the job.
            job.notices.change(true);
        }
        self.book.touched.insert(id);
        self.reconcile(now);
        false
    }

    fn remove_leftovers(&mut self, path: &str) {
        let download = self.outbox.new_download();
        for operation in [DiskOperation::open(path.into()), DiskOperation::Discard] {
            let id = self.outbox.disk(download, operation);
            self.book.cleanup.removals.insert(id);
        }
        self.outbox.released(download);
    }

    /// Whether a file could not be removed since the last job ended.
    pub const fn has_left_files(&self) -> bool {
        self.book.cleanup.has_failed
    }

    /// Handles the result of an operation that the engine requested itself, outside any download.
    pub(super) fn handle_disk_of_job(&mut self, download: DownloadId, id: OperationId, done: DiskDone) {
        if self.book.cleanup.removals.remove(&id) {
            self.book.cleanup.has_failed |= matches!(done, DiskDone::Failed(_));
        } else {
            self.go_on_publishing(download, id, done);
        }
    }

    /// Cleans up after a job that ended outside a call.
    pub(super) fn sweep_some(&mut self, now: Instant) {
        if let Some(id) = self.book.cleanup.sweeping.first().copied() {
            self.sweep_job(now, id);
        }
    }
}
