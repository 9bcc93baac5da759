//! Calls of the owners of jobs, each carried out to its end.

use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::identity::JobId;
use haul_core::border::time::Instant;
use haul_core::engine::{Completion, FileSetting};
use haul_core::failure::{Cause, DiskCause};
use haul_core::job::{Job, NewFile, Refused, Setting};
use haul_core::text::guid;
use wasip2::clocks::wall_clock;
use wasip2::random::random::get_random_u64;

use super::disk::nanoseconds;
use super::{Shell, clock};

impl Shell {
    /// The present instant. The core also gets the time of the wall clock.
    pub(super) fn now(&mut self) -> Instant {
        let now = clock::now();
        self.core.set_time_of_day(now, nanoseconds(wall_clock::now()));
        now
    }

    /// Creates a job, which its creator holds.
    pub fn create_job(&mut self, caller: &str, display_name: String) -> Result<JobId, Cause> {
        let now = self.now();
        let job = self.core.create_job(now, new_id(), caller.into(), display_name)?;
        self.keep_job_change()?;
        self.hold_job(job);
        Ok(job)
    }

    /// Creates a draft: no other caller sees it before [`Self::keep_job`], and it is removed if its creator drops it before.
    pub fn draft_job(&mut self, caller: &str, display_name: String) -> Result<JobId, Cause> {
        let now = self.now();
        let job = self.core.draft_job(now, new_id(), caller.into(), display_name)?;
        self.hold_job(job);
        Ok(job)
    }

    pub fn keep_job(&mut self, job: JobId) -> Result<(), Cause> {
        let now = self.now();
        self.core.keep_job(now, job)?;
        self.keep_job_change()
    }

    /// An existing job, with one more hold.
    pub fn find_job(&mut self, caller: &str, id: u128) -> Result<JobId, Cause> {
        self.core.find_job(caller, id).inspect(|job| self.hold_job(*job))
    }

    /// The jobs of `caller`, or of all callers, with one more hold on each.
    pub fn jobs_of(&mut self, caller: &str, all: bool) -> Result<Vec<JobId>, Cause> {
        let found = self.core.jobs_of(caller, all)?;
        found.iter().for_each(|job| self.hold_job(*job));
        Ok(found)
    }

    pub fn job(&self, job: JobId) -> Option<&Job> {
        self.core.job(job)
    }

    /// # Errors
    ///
    /// Those of [`Engine::job_of`](haul_core::engine::Engine::job_of).
    pub fn require_job_of(&self, caller: &str, job: JobId) -> Result<(), Cause> {
        self.core.job_of(caller, job).map(|_| ())
    }

    /// Adds a hold on `job`.
    pub fn hold_job(&mut self, job: JobId) {
        self.job_holds.hold(job);
    }

    /// Drops a hold on `job`.
    pub fn let_go_of_job(&mut self, job: JobId) {
        self.job_holds.let_go(job);
        self.remove_job_if_over(job);
    }

    /// Removes a job that has ended, and a draft, unless a caller still holds it.
    pub(super) fn remove_job_if_over(&mut self, job: JobId) {
        if !self.job_holds.has(&job) {
            self.core.forget_job(job);
        }
    }

    pub fn set_job(&mut self, job: JobId, setting: Setting) -> Result<(), Cause> {
        let now = self.now();
        self.core.set_job(now, job, setting)?;
        self.keep_job_change()
    }

    pub fn set_job_callback(&mut self, job: JobId, calls_back: bool) -> Result<(), Cause> {
        let now = self.now();
        self.core.set_job_callback(now, job, calls_back)?;
        self.drain();
        Ok(())
    }

    pub fn job_notified(&mut self, id: u128, accepted: bool) {
        let now = self.now();
        self.core.job_notified(now, id, accepted);
        self.drain();
    }

    pub fn take_job(&mut self, job: JobId, caller: &str) -> Result<(), Cause> {
        let now = self.now();
        self.core.take_job(now, job, caller)?;
        self.drain();
        self.written()
    }

    /// Adds all files, or none.
    pub fn add_files(&mut self, job: JobId, files: Vec<NewFile>) -> Result<(), Refused> {
        for path in files.iter().filter_map(|file| file.local_name.as_deref()) {
            self.require_usable(path).map_err(|cause| Refused { cause, local_name: Some(path.into()) })?;
        }
        let now = self.now();
        self.core.add_files(now, job, files)?;
        Ok(self.keep_job_change()?)
    }

    fn require_usable(&mut self, path: &str) -> Result<(), Cause> {
        self.writable.require(&self.grants, path).map_err(|cause| match cause {
            DiskCause::InvalidName => Cause::LocalNameInvalid,
            cause => Cause::Disk(cause),
        })
    }

    pub fn set_file(&mut self, job: JobId, index: u32, setting: FileSetting) -> Result<(), Cause> {
        if let FileSetting::LocalName(path) = &setting {
            self.require_usable(path)?;
        }
        let now = self.now();
        self.core.set_file(now, job, index, setting)?;
        self.keep_job_change()
    }

    pub fn set_remote_name(&mut self, job: JobId, index: u32, url: &str) -> Result<(), Cause> {
        let now = self.now();
        self.core.set_remote_name(now, job, index, url)?;
        self.drain();
        Ok(())
    }

    pub fn suspend_job(&mut self, job: JobId) -> Result<(), Cause> {
        let now = self.now();
        self.core.suspend_job(now, job)?;
        self.drain();
        self.written()
    }

    pub fn resume_job(&mut self, job: JobId) -> Result<(), Cause> {
        let now = self.now();
        self.core.resume_job(now, job)?;
        self.drain();
        self.written()
    }

    /// Cancels the job; `false` if some of its files are left.
    pub fn cancel_job(&mut self, job: JobId) -> Result<bool, Cause> {
        let now = self.now();
        self.core.cancel_job(now, job)?;
        self.sweep(job);
        self.written()?;
        Ok(!self.core.has_left_files())
    }

    /// Completes the job. If a file cannot get its name, the job stays as it was.
    pub fn complete_job(&mut self, job: JobId) -> Result<Completion, Cause> {
        let now = self.now();
        self.core.begin_completion(now, job)?;
        self.drain();
        loop {
            match self.core.publish_next(clock::now(), job) {
                Ok(true) => self.drain(),
                Ok(false) => break,
                Err(cause) => {
                    self.drain();
                    return Err(cause);
                }
            }
        }
        self.core.finish_completion(clock::now(), job);
        self.sweep(job);
        self.written()?;
        Ok(self.core.completion(job))
    }

    fn sweep(&mut self, job: JobId) {
        self.drain();
        while self.core.sweep_job(clock::now(), job) {
            self.drain();
        }
        self.drain();
    }

    pub fn headers_of_file(&self, job: JobId, index: u32) -> Option<String> {
        self.core.headers_of_file(job, index)
    }

    /// Exchanges in flight for a file.
    pub fn connections_of_file(&self, job: JobId, index: u32) -> usize {
        self.core.connections_of_file(job, index)
    }

    pub fn set_max_rate(&mut self, rate: Option<u64>) {
        self.core.set_max_rate(clock::now(), rate);
        self.drain();
    }

    /// Ends a call that changed a job. If the change belongs in the ledger and cannot be written, it is undone.
    fn keep_job_change(&mut self) -> Result<(), Cause> {
        self.drain();
        let written = self.written();
        if written.is_err() {
            self.core.take_back_job_change(clock::now());
            self.drain();
        } else {
            self.core.keep_job_change();
        }
        written
    }
}

fn new_id() -> u128 {
    guid::of_random(get_random_u64(), get_random_u64())
}
