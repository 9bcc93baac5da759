//! Calls on jobs, from creation until completion or cancellation.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use super::path_locks::Owner;
use super::rates::Spender;
use super::run_queue::Waiter;
use super::undo::Undo;
use crate::border::identity::JobId;
use crate::border::output::{Happening, Subject};
use crate::border::time::Instant;
use crate::download::Download;
use crate::failure::Cause;
use crate::job::file::{Special, check_path, check_url};
use crate::job::{Job, JobFile, NewFile, Phase, Refused, Setting, Settings, Stage};
use crate::parse::decryption_info::DecryptionInfo;
use crate::parse::integrity_check_info::IntegrityCheckInfo;
use crate::settings::transfer_options::TransferOptions;

/// Limit on the files of one job, so that a job fits in its caller's memory. The default of BITS's policy MaxFilesPerJob is 200.
const MOST_FILES: usize = 200_000;

/// A setting of one file.
#[derive(Clone, Debug, PartialEq)]
pub enum FileSetting {
    LocalName(String),
    /// Length of the content in bytes.
    Size(u64),
    IntegrityCheckInfo(IntegrityCheckInfo),
    IntegrityCheckMandatory(bool),
    DecryptionInfo(DecryptionInfo),
    Options(Box<TransferOptions>),
}

impl Engine {
    /// A new job in the state Suspended; `id` is its GUID as a number.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for a name of more than 256 characters, [`Cause::TooManyJobs`], [`Cause::TooManyJobsOfAll`],
    /// [`Cause::TooManyDownloads`].
    pub fn create_job(&mut self, now: Instant, id: u128, owner: String, name: String) -> Result<JobId, Cause> {
        let number = self.make_job(now, id, owner, name, false)?;
        self.book.undo = Some(Undo::Create(number));
        self.record_job(number, true);
        self.reconcile(now);
        Ok(number)
    }

    /// A draft: a job that can get its settings and files before it is visible. Until [`Self::keep_job`] it cannot be found, fetches
    /// nothing, and does not outlive its engine.
    ///
    /// # Errors
    ///
    /// Those of [`Self::create_job`].
    pub fn draft_job(&mut self, now: Instant, id: u128, owner: String, name: String) -> Result<JobId, Cause> {
        self.make_job(now, id, owner, name, true)
    }

    fn make_job(
        &mut self,
        now: Instant,
        id: u128,
        owner: String,
        name: String,
        is_draft: bool,
    ) -> Result<JobId, Cause> {
        self.tenants.require_room_for_job(&owner)?;
        let mut job = Job::new(id, owner, name, self.book.wall_clock.at(now))?;
        self.tenants.require_room(job.owner(), 0, job.footprint_of_settings())?;
        job.is_draft = is_draft;
        let number = self.book.new_number();
        self.put_job(number, job);
        Ok(number)
    }

    /// Turns a draft into an ordinary job. The ledger stores all of it or nothing.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] if the job is over.
    pub fn keep_job(&mut self, now: Instant, id: JobId) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        if core::mem::take(&mut job.is_draft) {
            self.book.undo = Some(Undo::Keep(id));
            self.book.touched.insert(id);
            self.record_new_job(id);
            self.reconcile(now);
        }
        Ok(())
    }

    /// Adds the job, and locks the paths of its files.
    pub(super) fn put_job(&mut self, number: JobId, mut job: Job) {
        job.charged = job.footprint();
        self.tenants.count_job(job.owner(), job.charged);
        for (index, file) in (0..).zip(job.files()) {
            if let Some(path) =
                file.local_name.as_ref().filter(|_| !matches!(file.stage, Stage::Named | Stage::Dropped))
            {
                self.tenants.path_locks.lock(path, Owner::File(number, index));
            }
        }
        self.book.insert(number, job);
    }

    pub(super) fn remove_job(&mut self, number: JobId) {
        let Some(job) = self.book.remove(number) else { return };
        self.tenants.path_locks.unlock_all(number, 0, job.files());
        self.tenants.uncount_job(job.owner(), job.charged);
        self.scheduler.run_queue.leave(Waiter::Job(number));
        self.scheduler.rates.forget(Spender::Job(number));
    }

    /// Forgets a job that is over or still a draft.
    pub fn forget_job(&mut self, job: JobId) {
        let is_done = self.book.jobs.get(&job).is_some_and(|job| job.is_over() || job.is_draft);
        if is_done && !self.book.cleanup.sweeping.contains(&job) {
            self.remove_job(job);
        }
    }

    pub fn job(&self, job: JobId) -> Option<&Job> {
        self.book.jobs.get(&job)
    }

    /// Exchanges in flight for a file.
    pub fn connections_of_file(&self, job: JobId, index: u32) -> usize {
        let turn = self.book.jobs.get(&job).and_then(|job| job.turns.get(&index));
        turn.and_then(|turn| self.downloads.get(&turn.download)).map_or(0, Download::connections)
    }

    /// The job, if `caller` may use it.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] if there is none, [`Cause::NotOwner`] if it belongs to another caller.
    pub fn job_of(&self, caller: &str, job: JobId) -> Result<&Job, Cause> {
        let job = self.book.jobs.get(&job).ok_or(Cause::InvalidState)?;
        if may_use(caller, job) { Ok(job) } else { Err(Cause::NotOwner) }
    }

    /// # Errors
    ///
    /// [`Cause::JobNotFound`] if there is none or it is over, [`Cause::NotOwner`] if it belongs to another caller.
    pub fn find_job(&self, caller: &str, id: u128) -> Result<JobId, Cause> {
        let (number, job) = self.book.find(id).ok_or(Cause::JobNotFound)?;
        if may_use(caller, job) { Ok(number) } else { Err(Cause::NotOwner) }
    }

    /// The jobs of `caller`, or of all callers, that are not over, in order of creation.
    ///
    /// # Errors
    ///
    /// [`Cause::NotOwner`] if `all` is set and the caller is not the host.
    pub fn jobs_of(&self, caller: &str, all: bool) -> Result<Vec<JobId>, Cause> {
        if all && !is_host(caller) {
            return Err(Cause::NotOwner);
        }
        let its = self.book.jobs.iter().filter(|(_, job)| job.is_found() && (all || job.owner() == caller));
        Ok(its.map(|(number, _)| *number).collect())
    }

    /// Adds all files, or none.
    ///
    /// # Errors
    ///
    /// Those of `JobFile::new`; [`Cause::TooManyFiles`], [`Cause::TooManyDownloads`], [`Cause::FileIdTaken`], and
    /// [`Cause::LocalNameTaken`].
    pub fn add_files(&mut self, now: Instant, id: JobId, files: Vec<NewFile>) -> Result<(), Refused> {
        let job = self.book.open(id)?;
        let (from, phase, owner) = (job.files_total(), job.phase, String::from(job.owner()));
        if files.is_empty() {
            return Ok(());
        }
        if from as usize + files.len() > MOST_FILES {
            return Err(Cause::TooManyFiles.into());
        }
        let make = |file: NewFile| JobFile::new(&file).map_err(|cause| Refused { cause, local_name: file.local_name });
        let files = files.into_iter().map(make).collect::<Result<Vec<_>, _>>()?;
        let bytes = files.iter().map(JobFile::footprint).sum::<usize>();
        self.tenants.require_room(&owner, 0, bytes)?;
        let Some(job) = self.book.jobs.get_mut(&id) else { return Ok(()) };
        job.add(files)?;
        let added = job.files().get(from as usize..).unwrap_or_default();
        if let Err(taken) = self.tenants.path_locks.lock_all(id, from, added) {
            let refused = taken.refused(Cause::LocalNameTaken);
            job.take_back_files(from as usize);
            return Err(refused);
        }
        job.charged += bytes;
        if phase == Phase::Transferred {
            job.phase = Phase::Suspended;
        }
        self.tenants.count_bytes(&owner, 0, bytes);
        self.book.modified(now, id);
        self.book.undo = Some(Undo::Files(id, from, phase));
        self.record_files(id, from);
        self.record_job(id, true);
        self.reconcile(now);
        Ok(())
    }

    /// # Errors
    ///
    /// Those of the setting, and [`Cause::TooManyDownloads`] if the caller's data exceeds its limit.
    pub fn set_job(&mut self, now: Instant, id: JobId, setting: Setting) -> Result<(), Cause> {
        let is_for_requests = matches!(setting, Setting::Proxy(_) | Setting::Options(_));
        let needs_host = matches!(&setting, Setting::Proxy(proxy) if proxy.needs_host());
        if needs_host && !self.settings.abilities.exchange_fields {
            self.book.open(id)?;
            return Err(Cause::NotSupported);
        }
        let job = self.book.open(id)?;
        let before = job.settings.clone();
        let mut settings = before.clone();
        settings.set(setting)?;
        let (owner, less, more) = (String::from(job.owner()), before.footprint(), settings.footprint());
        self.tenants.require_room(&owner, less, more)?;
        if before.has_secrets_other_than(&settings) {
            self.ledger.leave_secrets();
        }
        self.book.undo = Some(Undo::Settings(id, Box::new(before)));
        self.put_settings(now, id, settings);
        if is_for_requests {
            self.scheduler.rates.forget(Spender::Job(id));
            self.stop_turns(now, id);
        }
        self.record_job(id, true);
        self.reconcile(now);
        Ok(())
    }

    pub(super) fn put_settings(&mut self, now: Instant, id: JobId, settings: Settings) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let (less, more) = (job.settings.footprint(), settings.footprint());
        job.settings = settings;
        job.charged = job.charged - less + more;
        let owner = String::from(job.owner());
        self.tenants.count_bytes(&owner, less, more);
        self.change_turns(id);
        self.book.modified(now, id);
        self.obey_network_with_job(now, id);
    }

    /// Sets whether the owner has a callback. A new callback is called for the end of the job even if that came earlier.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] if the job is over.
    pub fn set_job_callback(&mut self, now: Instant, id: JobId, calls_back: bool) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        job.calls_back = calls_back;
        if calls_back {
            job.repeat_ending_notice(now);
        }
        self.book.touched.insert(id);
        self.reconcile(now);
        Ok(())
    }

    /// Handles the answer of the callback.
    pub fn job_notified(&mut self, now: Instant, id: u128, accepted: bool) {
        let Some(number) = self.book.by_guid.get(&id).copied() else { return };
        if let Some(job) = self.book.jobs.get_mut(&number) {
            job.notices.answered(accepted, now);
            self.book.touched.insert(number);
            self.reconcile(now);
        }
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] if the job is over.
    pub fn suspend_job(&mut self, now: Instant, id: JobId) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        if job.phase == Phase::Running {
            job.phase = Phase::Suspended;
            self.stop_turns(now, id);
            if let Some(job) = self.book.jobs.get_mut(&id) {
                job.line.retry_all();
            }
            self.book.modified(now, id);
            self.record_job(id, true);
        }
        self.reconcile(now);
        Ok(())
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] if the job is over, [`Cause::JobEmpty`], [`Cause::NoLocalPath`] if a file has no path.
    pub fn resume_job(&mut self, now: Instant, id: JobId) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        if job.files().is_empty() {
            return Err(Cause::JobEmpty);
        }
        if job.lacks_a_path() {
            return Err(Cause::NoLocalPath);
        }
        let renamed = core::mem::take(&mut job.renamed);
        match job.phase {
            Phase::Running => {
                job.line.retry_all();
                self.retry_now(now, id);
            }
            _ if job.has_everything() => {
                if job.phase != Phase::Transferred {
                    self.book.transferred(now, id);
                }
            }
            _ => {
                job.phase = Phase::Running;
                job.failure = None;
                job.line.retry_all();
                let failed = job.forgive_failed();
                failed.into_iter().for_each(|index| self.record_step(id, index));
            }
        }
        renamed.into_iter().for_each(|index| self.record_file(id, index));
        self.book.modified(now, id);
        self.obey_network_with_job(now, id);
        self.record_job(id, true);
        self.reconcile(now);
        Ok(())
    }

    /// Sets another URL of the same content.
    ///
    /// # Errors
    ///
    /// [`Cause::RemoteNameInvalid`], [`Cause::InvalidState`] if the job is over.
    pub fn set_remote_name(&mut self, now: Instant, id: JobId, index: u32, url: &str) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        let url = check_url(url)?;
        if job.file(index).is_none_or(|file| file.stage.is_here()) {
            return Ok(());
        }
        let turn = job.turns.get(&index).map(|turn| turn.download);
        let Some(mut file) = job.file(index).cloned() else { return Ok(()) };
        let special = Special { renewed: job.may_have_left_files(index), ..file.special() };
        file.set_special(special);
        if file.id.is_none() {
            file.id = file.remote_name.take().map(Into::into);
        }
        file.remote_name = Some(url);
        job.renamed.insert(index);
        if job.line.retry_of(index).is_some() {
            job.line.come_back(index);
        }
        if job.file(index).is_some_and(|before| before.has_secrets_other_than(&file)) {
            self.ledger.leave_secrets();
        }
        self.put_file(id, index, file);
        // A transfer in progress starts again with the new URL.
        if let Some(download) = turn {
            self.end_turn(now, download);
        }
        self.book.modified(now, id);
        self.reconcile(now);
        Ok(())
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] once the file had a turn, [`Cause::SinkAlreadySet`] for a second path, [`Cause::LocalNameInvalid`],
    /// [`Cause::NotSupported`] if the origin is to choose the name, [`Cause::TooManyDownloads`], [`Cause::LocalNameTaken`].
    pub fn set_file(&mut self, now: Instant, id: JobId, index: u32, setting: FileSetting) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        let before = job.file(index).ok_or(Cause::InvalidState)?.clone();
        if !matches!(before.stage, Stage::Waiting | Stage::Failed(_)) || job.turns.contains_key(&index) {
            return Err(Cause::InvalidState);
        }
        let owner = String::from(job.owner());
        let mut file = before.clone();
        let mut special = file.special();
        match setting {
            FileSetting::LocalName(_) if file.local_name.is_some() => return Err(Cause::SinkAlreadySet),
            FileSetting::LocalName(path) => file.local_name = Some(check_path(&path)?),
            FileSetting::Size(size) => special.size = Some(size),
            FileSetting::IntegrityCheckInfo(info) => special.integrity = Some(info),
            FileSetting::IntegrityCheckMandatory(mandatory) => special.integrity_mandatory = mandatory,
            FileSetting::DecryptionInfo(info) => special.decryption = Some(info),
            FileSetting::Options(options) if options.origin_names => return Err(Cause::NotSupported),
            FileSetting::Options(options) => special.options = *options,
        }
        file.set_special(special);
        self.tenants.require_room(&owner, before.footprint(), file.footprint())?;
        if let Some(path) = file.local_name.as_ref().filter(|_| before.local_name.is_none()) {
            if self.tenants.path_locks.is_taken(path, None) {
                return Err(Cause::LocalNameTaken);
            }
            self.tenants.path_locks.lock(path, Owner::File(id, index));
        }
        if before.has_secrets_other_than(&file) {
            self.ledger.leave_secrets();
        }
        let gets_path = before.local_name.is_none() && file.local_name.is_some();
        self.book.undo = Some(Undo::File(id, index, Box::new(before)));
        self.put_file(id, index, file);
        if gets_path && let Some(job) = self.book.jobs.get_mut(&id) {
            job.reconsider(index);
        }
        self.book.modified(now, id);
        self.record_file(id, index);
        self.reconcile(now);
        Ok(())
    }

    pub(super) fn put_file(&mut self, id: JobId, index: u32, file: JobFile) {
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let owner = String::from(job.owner());
        let more = file.footprint();
        let less = job.update(index, |known| core::mem::replace(known, file).footprint()).unwrap_or(0);
        job.charged = job.charged - less + more;
        self.tenants.count_bytes(&owner, less, more);
    }

    /// Makes `caller` the owner. Drops the request fields, and the callback of another owner.
    ///
    /// # Errors
    ///
    /// [`Cause::NotOwner`] unless the caller is the host or already the owner.
    pub fn take_job(&mut self, now: Instant, id: JobId, caller: &str) -> Result<(), Cause> {
        let job = self.book.open(id)?;
        if !may_use(caller, job) {
            return Err(Cause::NotOwner);
        }
        let (before, charged) = (String::from(job.owner()), job.charged);
        let less = job.settings.footprint();
        let had_secrets = job.settings.has_secrets();
        job.give_to(caller.into());
        job.charged = charged - less + job.settings.footprint();
        let charged_now = job.charged;
        if had_secrets {
            self.ledger.leave_secrets();
        }
        self.tenants.uncount_job(&before, charged);
        self.tenants.count_job(caller, charged_now);
        if before != caller {
            self.outbox.event(Subject::Job(id), Happening::OwnerChanged);
        }
        self.book.modified(now, id);
        self.record_job(id, true);
        self.reconcile(now);
        Ok(())
    }

    /// Applies a changed network, or changed cost flags of the job.
    pub(super) fn obey_network_with_job(&mut self, now: Instant, id: JobId) {
        let network = self.scheduler.network;
        let Some(job) = self.book.jobs.get_mut(&id) else { return };
        let blocked = network.blocks_job(job.cost_flags()).filter(|_| job.phase == Phase::Running);
        if blocked == job.blocked {
            return;
        }
        job.blocked = blocked;
        self.book.touched.insert(id);
        if blocked.is_some() {
            self.stop_turns(now, id);
        }
    }
}

/// Whether the caller is the host, which may use the jobs of every caller.
const fn is_host(caller: &str) -> bool {
    caller.is_empty()
}

fn may_use(caller: &str, job: &Job) -> bool {
    job.owner() == caller || is_host(caller)
}
