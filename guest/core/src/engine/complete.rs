//! Completion of a job: transferred files are renamed one after the other, and the others are dropped.

use alloc::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::path_locks::Owner;
use crate::border::identity::{DownloadId, JobId, OperationId};
use crate::border::input::{DiskDone, Opened};
use crate::border::output::{DiskOperation, Passing, Publish};
use crate::border::time::Instant;
use crate::download::State;
use crate::failure::Cause;
use crate::job::{JobFailure, JobFile, Phase, Stage};
use crate::store::finished::Finished;
use crate::store::journal;
use crate::store::key::Key;
use crate::store::seals::Seals;

/// The rename of one file of a job.
#[derive(Debug)]
struct Publication {
    download: DownloadId,
    job: JobId,
    index: u32,
    /// The pending operation.
    awaited: OperationId,
    /// The operation to request once the partial file is open.
    publish: Option<Publish>,
    /// Seals of an earlier engine, to verify first.
    seals: Seals,
    outcome: Option<Result<(), Cause>>,
}

/// Renames of transferred files.
#[derive(Debug, Default)]
pub(super) struct Publishing {
    /// The rename in progress.
    current: Option<Publication>,
    /// Complete downloads of encrypted files, which hold the decrypted bytes until the rename.
    pub held: BTreeMap<(JobId, u32), DownloadId>,
    /// Transferred files that an earlier engine verified and this one has not.
    pub unverified: BTreeSet<(JobId, u32)>,
}

/// The result of a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    Complete,
    Partial,
    UnableToDeleteFiles,
}

impl Engine {
    /// Starts to complete a job and ends its turns. [`Self::publish_next`] then renames the files.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] if the job is over.
    pub fn begin_completion(&mut self, now: Instant, id: JobId) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        job.is_ending = true;
        job.was_completing = job.completing;
        job.swept = 0;
        self.stop_turns(now, id);
        self.book.touched.insert(id);
        self.reconcile(now);
        Ok(())
    }

    /// Starts the rename of the next transferred file; `false` if all are renamed. The caller drains the outputs between two calls.
    ///
    /// # Errors
    ///
    /// The failure of the last file; the job is then as it was before [`Self::begin_completion`].
    pub fn publish_next(&mut self, now: Instant, id: JobId) -> Result<bool, Cause> {
        if let Some(publication) = self.book.publishing.current.take_if(|publication| publication.job == id)
            && let Err(cause) = self.end_publication(publication)
        {
            if let Some(job) = self.book.jobs.get_mut(&id) {
                job.is_ending = false;
            }
            self.book.touched.insert(id);
            self.reconcile(now);
            return Err(cause);
        }
        loop {
            let Some(job) = self.book.jobs.get_mut(&id) else { return Ok(false) };
            let index = job.swept;
            let Some(stage) = job.file(index).map(|file| file.stage) else { return Ok(false) };
            job.swept += 1;
            if matches!(stage, Stage::Transferred | Stage::Present) {
                self.announce_completion(id);
                self.begin_publication(now, id, index);
                return Ok(true);
            }
        }
    }

    /// Records the completion before the first rename, because the engine may die before it can record anything else.
    fn announce_completion(&mut self, id: JobId) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        if !core::mem::replace(&mut job.completing, true) {
            self.record_job(id, true);
        }
    }

    fn begin_publication(&mut self, now: Instant, id: JobId, index: u32) {
        if let Some(download) = self.book.publishing.held.get(&(id, index)).copied() {
            let asked = self.mutate(now, download, |download, cx| download.finalize(cx));
            let outcome = asked.and_then(|asked| asked).err().map(Err);
            let awaited = self.outbox.last_operation();
            self.book.publishing.current = Some(Publication {
                download,
                job: id,
                index,
                awaited,
                publish: None,
                seals: Seals::default(),
                outcome,
            });
            return;
        }
        let path = self.book.jobs.get(&id).and_then(|job| job.file(index)?.local_name.clone()).unwrap_or_default();
        let download = self.outbox.new_download();
        let awaited = self.outbox.disk(download, DiskOperation::open((*path).into()));
        let (publish, seals) = (None, Seals::default());
        self.book.publishing.current =
            Some(Publication { download, job: id, index, awaited, publish, seals, outcome: None });
    }

    pub(super) fn go_on_publishing(&mut self, download: DownloadId, id: OperationId, done: DiskDone) {
        let Some(mut publication) =
            self.book.publishing.current.take_if(|it| it.download == download && it.awaited == id)
        else {
            return;
        };
        let file = self
            .book
            .jobs
            .get(&publication.job)
            .and_then(|job| Some((job.file(publication.index)?, job.was_completing)));
        let next = match (done, file) {
            (DiskDone::Opened(found), Some((file, was_completing))) => {
                match plan_publication(file, &found, was_completing, &self.settings.key) {
                    Ok((publish, _)) if publish.present => Some(DiskOperation::Publish(publish)),
                    Ok((publish, seals)) => {
                        publication.publish = Some(publish);
                        if self.book.publishing.unverified.remove(&(publication.job, publication.index)) {
                            publication.seals = seals;
                        }
                        let durability = file.options().map(|options| options.durability).unwrap_or_default();
                        Some(DiskOperation::Begin {
                            fresh: false,
                            durability,
                            passing: Passing::default(),
                            length: None,
                        })
                    }
                    Err(cause) => {
                        publication.outcome = Some(Err(cause));
                        None
                    }
                }
            }
            (DiskDone::Begun { .. }, Some(_)) => {
                let ranges = publication.seals.iter().map(|seal| seal.range).collect();
                Some(DiskOperation::Checksums { ranges })
            }
            (DiskDone::Checksums(crcs), Some(_)) if crcs.iter().eq(publication.seals.iter().map(|seal| &seal.crc)) => {
                publication.publish.take().map(DiskOperation::Publish)
            }
            (DiskDone::Checksums(_), _) => {
                publication.outcome = Some(Err(Cause::PartialGone));
                None
            }
            (DiskDone::Published, _) => {
                publication.outcome = Some(Ok(()));
                None
            }
            (DiskDone::Failed(cause), _) => {
                publication.outcome = Some(Err(cause));
                None
            }
            _ => None,
        };
        if let Some(operation) = next {
            publication.awaited = self.outbox.disk(download, operation);
        }
        self.book.publishing.current = Some(publication);
    }

    fn end_publication(&mut self, publication: Publication) -> Result<(), Cause> {
        let Publication { download, job: id, index, outcome, .. } = publication;
        let held = self.book.publishing.held.contains_key(&(id, index));
        let outcome = match self.downloads.get(&download).filter(|_| held) {
            Some(known) if known.status().state == State::Finalized => Ok(()),
            Some(known) => Err(known.publish_failure().unwrap_or(Cause::Engine)),
            None => outcome.unwrap_or(Err(Cause::Engine)),
        };
        if outcome.is_ok() || !held {
            self.book.publishing.held.remove(&(id, index));
            self.release(download);
        }
        match outcome {
            Ok(()) => {
                let path = self.book.jobs.get_mut(&id).and_then(|job| {
                    job.update(index, |file| file.stage = Stage::Named);
                    job.file(index)?.local_name.clone()
                });
                if let Some(path) = path {
                    self.tenants.path_locks.unlock(&path, Owner::File(id, index));
                }
                self.record_step(id, index);
                self.notify_file(id, index);
            }
            Err(cause @ Cause::PartialGone) => self.miss_file(id, index, cause),
            Err(_) => {}
        }
        outcome
    }

    /// A transferred file is missing: the job fails, and fetches the file again once it is resumed.
    fn miss_file(&mut self, id: JobId, index: u32, cause: Cause) {
        self.give_file_up(id, index, cause);
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        job.phase = Phase::Error;
        job.failure = Some(JobFailure { cause, file: Some(index) });
        self.record_job(id, true);
    }

    /// Ends a job whose transferred files are all renamed; [`Self::sweep_job`] removes the others.
    pub fn finish_completion(&mut self, now: Instant, id: JobId) {
        self.drop_turns(now, id);
        self.end_job(now, id, Phase::Acknowledged);
        self.record_job(id, true);
        self.reconcile(now);
    }

    /// The result of a completion, valid once the job is swept.
    pub fn completion(&self, id: JobId) -> Completion {
        let is_whole = self.book.jobs.get(&id).is_some_and(|job| job.counts().files_named() == job.files_total());
        match (is_whole, self.book.cleanup.has_failed) {
            (true, _) => Completion::Complete,
            (false, false) => Completion::Partial,
            (false, true) => Completion::UnableToDeleteFiles,
        }
    }
}

/// The operation for the files at a target, and the seals of the partial file.
fn plan_publication(
    file: &JobFile,
    found: &Opened,
    was_completing: bool,
    key: &Key,
) -> Result<(Publish, Seals), Cause> {
    let length = file.total().unwrap_or_default();
    let is_at_target = found.target.as_ref().is_some_and(|target| target.length == length);
    match (file.stage, &found.partial) {
        (Stage::Present, _) if is_at_target => Ok((Publish::LEFTOVERS, Seals::default())),
        // An earlier completion may have renamed the file.
        (_, None) if was_completing && is_at_target => Ok((Publish::LEFTOVERS, Seals::default())),
        (Stage::Present, _) | (_, None) => Err(Cause::PartialGone),
        (_, Some(partial)) => {
            let recovered = journal::read(&found.journal, key).map_err(|_| Cause::PartialGone)?;
            let is_it = recovered.authentic
                && recovered.verified
                && recovered.wanted == file.wanted()
                && partial.length >= length
                && !recovered.was_edited(partial.modified);
            if !is_it {
                return Err(Cause::PartialGone);
            }
            let modified = recovered.representation.strong_date_of(&recovered.wanted);
            let record = Finished::recovered(&recovered).map(|finished| finished.encode()).unwrap_or_default();
            let publish = Publish { overwrite: file.overwrites(), present: false, modified, length, record };
            Ok((publish, recovered.seals))
        }
    }
}
