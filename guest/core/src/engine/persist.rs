//! Persistence in the ledger of everything that outlives the engine, and its restoration.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::convert::Infallible;

use super::Engine;
use crate::border::identity::{DownloadId, JobId};
use crate::border::time::Instant;
use crate::download::{Download, RecordChange};
use crate::job::{Job, Phase, Stage};
use crate::store::ledger::{self, Ledger, Reader, Record, Step};

/// The result of restoring a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Everything is restored.
    All,
    /// The ledger is unreadable after its first `sound` bytes. Their contents are restored.
    Damaged { sound: u64 },
}

impl Engine {
    /// Restores the ledger of an earlier engine. Call it once, before anything else. Rewrites a ledger that is less than half live.
    pub fn restore(&mut self, now: Instant, ledger: Reader) -> Restored {
        let read = ledger.finish();
        let restored = if read.damaged { Restored::Damaged { sound: read.length } } else { Restored::All };
        self.ledger = Ledger::read(&read);
        for stored in read.downloads {
            let download = Download::restore(stored, self.settings.abilities);
            let id = self.add(download);
            self.update_indexes(now, id);
        }
        for (id, (stored, files)) in read.jobs {
            self.take_up_job(now, id, Job::restore(stored, files));
        }
        if self.ledger.wants_rewrite() {
            self.rewrite_ledger();
        }
        self.set_network(now, self.scheduler.network);
        restored
    }

    fn take_up_job(&mut self, now: Instant, id: JobId, mut job: Job) {
        self.book.last = self.book.last.max(id.0);
        if job.is_over() {
            self.book.cleanup.sweeping.insert(id);
        }
        for index in 0..job.files_total() {
            if job.file(index).is_some_and(|file| file.stage == Stage::Transferred) {
                self.book.publishing.unverified.insert((id, index));
            }
            // The decrypted file is lost; the encrypted one is still there.
            if job.file(index).is_some_and(|file| file.is_encrypted() && file.stage == Stage::Transferred) {
                job.update(index, |file| file.stage = Stage::Begun);
                if job.phase == Phase::Transferred {
                    job.phase = Phase::Running;
                }
            }
        }
        // The ledger may have the failure of a file without that of its job.
        if job.phase == Phase::Running && !job.settings.options.keep_going {
            job.forgive_failed();
        }
        // The callback may not have been called yet for the end of the job.
        job.repeat_ending_notice(now);
        if job.phase == Phase::Running && job.has_everything() {
            job.phase = Phase::Transferred;
            job.times.transfer_completion = Some(self.book.wall_clock.at(now));
        }
        self.put_job(id, job);
        self.fail_if_stuck(now, id);
    }

    /// The job, if it belongs in the ledger.
    fn stored_job(&self, id: JobId) -> Option<&Job> {
        self.book.jobs.get(&id).filter(|job| !job.is_draft)
    }

    /// Records a job's settings and phase.
    pub(super) fn record_job(&mut self, id: JobId, safe: bool) {
        if let Some(job) = self.stored_job(id) {
            let record = Record::Job(id, Box::new(job.to_stored()));
            self.append_record(&record, safe);
        }
    }

    /// Records a job and its files, so that a reader restores all of it or nothing.
    pub(super) fn record_new_job(&mut self, id: JobId) {
        let Some(job) = self.stored_job(id) else { return };
        let adding = Record::Adding(id, 0, job.files_total());
        let records: Vec<_> = core::iter::once(adding).chain(ledger::records_of(id, job)).collect();
        records.iter().for_each(|record| self.append_record(record, true));
    }

    /// Records the files from index `from` on, so that a reader restores all of them or none.
    pub(super) fn record_files(&mut self, id: JobId, from: u32) {
        let Some(job) = self.stored_job(id) else { return };
        let adding = Record::Adding(id, from, job.files_total());
        let records: Vec<_> = core::iter::once(adding).chain(ledger::files_of(id, job, from)).collect();
        records.iter().for_each(|record| self.append_record(record, true));
    }

    /// Records the settings of one file.
    pub(super) fn record_file(&mut self, id: JobId, index: u32) {
        if let Some(file) = self.stored_job(id).and_then(|job| job.file(index)) {
            let record = Record::Files(id, index, vec![file.clone()]);
            self.append_record(&record, true);
        }
    }

    /// Records the progress of a file. If the record is lost, the next engine checks the file again.
    pub(super) fn record_step(&mut self, id: JobId, index: u32) {
        if let Some(file) = self.stored_job(id).and_then(|job| job.file(index)) {
            let record = Record::Step(id, index, Step::of(file));
            self.append_record(&record, false);
        }
    }

    pub(super) fn record_job_gone(&mut self, id: JobId) {
        if let Some(job) = self.stored_job(id) {
            if job.has_secrets() {
                self.ledger.leave_secrets();
            }
            self.append_record(&Record::JobGone(id), true);
        }
    }

    /// Records `download` if it has changed and is non-volatile.
    pub(super) fn persist_change(&mut self, download: DownloadId) {
        let Some(known) = self.downloads.get_mut(&download) else { return };
        let Some((change, leaves_secrets)) = known.take_change() else { return };
        let record = match change {
            RecordChange::Store(stored) => Record::Download(stored),
            RecordChange::Remove => Record::DownloadGone { id: known.id().to_string() },
        };
        if leaves_secrets {
            self.ledger.leave_secrets();
        }
        self.append_record(&record, true);
    }

    /// Records that a download is forgotten.
    pub(super) fn persist_removal(&mut self, forgotten: &Download) {
        self.tenants.discharge(forgotten);
        if forgotten.is_stored() {
            if !forgotten.to_stored().secrets().is_empty() {
                self.ledger.leave_secrets();
            }
            self.append_record(&Record::DownloadGone { id: forgotten.id().to_string() }, true);
        }
    }

    /// Whether the next engine continues `download`: it is in the ledger, or fetches a file of a job.
    pub fn outlives_engine(&self, download: DownloadId) -> bool {
        self.downloads.get(&download).is_none_or(|known| known.is_for_job() || known.is_stored())
    }

    /// Whether no download and no job is in the ledger.
    pub fn stores_nothing(&self) -> bool {
        everything(&self.downloads, &self.book.jobs, &self.book.cleanup.sweeping).next().is_none()
    }

    /// A change of the ledger could not be written, so the next change is a rewrite.
    pub fn distrust_ledger(&mut self) {
        self.ledger = Ledger::default();
    }

    /// Passes the whole ledger to `write` in parts, in response to [`LedgerChange::Replace`](crate::border::output::LedgerChange::Replace).
    ///
    /// # Errors
    ///
    /// Those of `write`; the next change is then a rewrite again.
    pub fn write_ledger<E>(&mut self, write: impl FnMut(&[u8]) -> Result<(), E>) -> Result<u64, E> {
        let records = everything(&self.downloads, &self.book.jobs, &self.book.cleanup.sweeping);
        let written = ledger::write(records, write);
        self.ledger = written.as_ref().map_or_else(|_| Ledger::default(), |length| Ledger::written(*length));
        written
    }

    /// Queues a rewrite of the ledger if it is due at the end of an engine.
    pub(super) fn sweep_ledger(&mut self) {
        if self.ledger.is_to_be_measured() {
            let records = everything(&self.downloads, &self.book.jobs, &self.book.cleanup.sweeping);
            let Ok(live) = ledger::write(records, |_| Ok::<_, Infallible>(()));
            self.ledger.measured(live);
        }
        if self.ledger.wants_rewrite() {
            self.rewrite_ledger();
        }
    }

    /// Queues a rewrite if secrets have been in dead records for a minute.
    pub(super) fn sweep_ledger_in_time(&mut self, now: Instant) {
        if self.settings.abilities.keeps_downloads && self.ledger.is_sweep_due(now) {
            self.rewrite_ledger();
        }
    }

    fn rewrite_ledger(&mut self) {
        let change = self.ledger.replace();
        self.outbox.ledger(change);
    }

    fn append_record(&mut self, record: &Record, safe: bool) {
        if !self.settings.abilities.keeps_downloads {
            return;
        }
        let change = self.ledger.add(record, safe);
        self.outbox.ledger(change);
    }
}

fn everything<'a>(
    downloads: &'a BTreeMap<DownloadId, Download>,
    jobs: &'a BTreeMap<JobId, Job>,
    sweeping: &'a BTreeSet<JobId>,
) -> impl Iterator<Item = Record> + 'a {
    let downloads = downloads.values().filter(|download| download.is_stored());
    let downloads = downloads.map(|download| Record::Download(Box::new(download.to_stored())));
    let jobs = jobs.iter().filter(|(_, job)| !job.is_draft);
    let jobs = jobs.filter(|(id, job)| !job.is_over() || job.is_unswept() || sweeping.contains(id));
    downloads.chain(jobs.flat_map(|(id, job)| ledger::records_of(*id, job)))
}
