//! Telling the ledger what outlives the engine, and taking up what an earlier one has left.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::Engine;
use crate::download::Download;
use crate::identity::{DownloadId, JobId};
use crate::job::{Job, Phase, Stage};
use crate::ledger::{self, Change, Ledger, Record, Step};
use crate::output::Output;
use crate::time::Instant;

/// How taking up a ledger went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Everything is there again.
    All,
    /// Something in the ledger cannot be read. These bytes are a sound ledger of the rest.
    Damaged(Vec<u8>),
}

impl Engine {
    /// Takes up what the ledger of an earlier engine says, once, before anything else. A damaged ledger is not taken up.
    pub fn restore(&mut self, now: Instant, bytes: &[u8]) -> Restored {
        let read = ledger::read(bytes);
        if read.damaged {
            let downloads = read.downloads.into_iter().map(|kept| Record::Kept(Box::new(kept)));
            let jobs: BTreeMap<_, _> =
                read.jobs.into_iter().map(|(id, (kept, files))| (id, Job::restore(kept, files))).collect();
            let jobs = jobs.iter().flat_map(|(id, job)| ledger::records_of(*id, job));
            return Restored::Damaged(ledger::write(downloads.chain(jobs)));
        }
        // What was begun and not ended goes with the next word.
        self.ledger = if read.is_cut { Ledger::default() } else { Ledger::of(read.length) };
        for kept in read.downloads {
            let download = Download::restore(kept, self.settings.abilities);
            let id = self.add(download);
            self.follow(id);
        }
        for (id, (kept, files)) in read.jobs {
            self.take_up_job(now, id, Job::restore(kept, files));
        }
        self.set_network(now, self.network);
        Restored::All
    }

    fn take_up_job(&mut self, now: Instant, id: JobId, mut job: Job) {
        self.next_job = self.next_job.max(id.0);
        if job.is_over() {
            self.sweeping.insert(id);
        }
        for index in 0..job.files_total() {
            // What was decrypted is lost; what was fetched is not.
            if job.file(index).is_some_and(|file| file.is_encrypted() && file.stage == Stage::Transferred) {
                job.update(index, |file| file.stage = Stage::Begun);
                if job.phase == Phase::Transferred {
                    job.phase = Phase::Running;
                }
            }
        }
        // The ledger has heard of the failure of a file, and not of what that meant for the job.
        if job.phase == Phase::Running && !job.settings.options.keep_going {
            job.forgive_failed();
        }
        // What was told of its end may not have been heard.
        job.tell_ending_again(now);
        if job.phase == Phase::Running && job.has_everything() {
            job.phase = Phase::Transferred;
            job.times.transfer_completion = Some(self.time_of_day.at(now));
        }
        self.put_job(id, job);
        self.fail_if_stuck(now, id);
    }

    /// A job that the ledger has to know.
    fn kept_job(&self, id: JobId) -> Option<&Job> {
        self.jobs.get(&id).filter(|job| !job.is_draft)
    }

    /// Tells the ledger of a job's settings and phase.
    pub(super) fn record_job(&mut self, id: JobId, safe: bool) {
        if let Some(job) = self.kept_job(id) {
            let record = Record::Job(id, Box::new(job.kept()));
            self.tell_ledger(&record, safe);
        }
    }

    /// Tells it of a job and its files, so that all of it counts or nothing.
    pub(super) fn record_new_job(&mut self, id: JobId) {
        let Some(job) = self.kept_job(id) else { return };
        let adding = Record::Adding(id, 0, job.files_total());
        let records: Vec<_> = core::iter::once(adding).chain(ledger::records_of(id, job)).collect();
        records.iter().for_each(|record| self.tell_ledger(record, true));
    }

    /// Tells it of the files from number `from` on, so that all of them count or none.
    pub(super) fn record_files(&mut self, id: JobId, from: u32) {
        let Some(job) = self.kept_job(id) else { return };
        let adding = Record::Adding(id, from, job.files_total());
        let records: Vec<_> = core::iter::once(adding).chain(ledger::files_of(id, job, from)).collect();
        records.iter().for_each(|record| self.tell_ledger(record, true));
    }

    /// Tells it what is set for one file.
    pub(super) fn record_file(&mut self, id: JobId, index: u32) {
        if let Some(file) = self.kept_job(id).and_then(|job| job.file(index)) {
            let record = Record::Files(id, index, vec![file.clone()]);
            self.tell_ledger(&record, true);
        }
    }

    /// Tells it how far a file is. Where that is lost the file is looked at again.
    pub(super) fn record_step(&mut self, id: JobId, index: u32) {
        if let Some(file) = self.kept_job(id).and_then(|job| job.file(index)) {
            let record = Record::Step(id, index, Step::of(file));
            self.tell_ledger(&record, false);
        }
    }

    pub(super) fn record_job_gone(&mut self, id: JobId) {
        if self.kept_job(id).is_some() {
            self.tell_ledger(&Record::JobGone(id), true);
        }
    }

    /// Tells the ledger what has changed of `download`, where it cares.
    pub(super) fn keep_change(&mut self, download: DownloadId) {
        let record = self.downloads.get_mut(&download).and_then(Download::take_change);
        if let Some(record) = record {
            self.tell_ledger(&record, true);
        }
    }

    /// The ledger forgets a download that is forgotten.
    pub(super) fn keep_no_more(&mut self, forgotten: &Download) {
        self.discharge(forgotten);
        if forgotten.is_kept() {
            self.tell_ledger(&Record::Gone { id: forgotten.id().to_string() }, true);
        }
    }

    /// A change of the ledger could not be written: the next one is to be everything anew.
    pub fn distrust_ledger(&mut self) {
        self.ledger = Ledger::default();
    }

    /// Everything that the ledger has to say, after a change could not be written.
    pub fn whole_ledger(&mut self) -> Change {
        let bytes = everything(&self.downloads, &self.jobs, &self.sweeping);
        self.ledger = Ledger::of(bytes.len() as u64);
        Change::Replace(bytes)
    }

    fn tell_ledger(&mut self, record: &Record, safe: bool) {
        if !self.settings.abilities.keeps_downloads {
            return;
        }
        let all = || everything(&self.downloads, &self.jobs, &self.sweeping);
        let change: Change = self.ledger.add(record, safe, all);
        self.outputs.push_back(Output::Ledger(change));
    }
}

fn everything(
    downloads: &BTreeMap<DownloadId, Download>,
    jobs: &BTreeMap<JobId, Job>,
    sweeping: &BTreeSet<JobId>,
) -> Vec<u8> {
    let downloads = downloads.values().filter(|download| download.is_kept());
    let downloads = downloads.map(|download| Record::Kept(Box::new(download.kept())));
    let jobs = jobs.iter().filter(|(_, job)| !job.is_draft);
    let jobs = jobs.filter(|(id, job)| !job.is_over() || job.is_unswept() || sweeping.contains(id));
    ledger::write(downloads.chain(jobs.flat_map(|(id, job)| ledger::records_of(*id, job))))
}
