//! `background-copy-job`

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::identity::JobId;
use haul_core::engine;
use haul_core::failure::Cause;
use haul_core::job::{self, JobState, NewFile, Setting};
use haul_core::text::guid;

use super::background_copy_error::ErrorObject;
use super::enum_background_copy_files::Enumerator;
use super::{Component, convert, convert_job};
use crate::bindings::exports::haul::delivery_optimization::background_copy_job::{
    Cancellation, Completion, CopyError, FileEnumerator, FileInfo, Guest, GuestJob, JobPriority, JobProgress,
    JobState as WitState, JobTimes, JobType, NotifyFlags, ProxySettings,
};
use crate::instance;
use crate::shell::Shell;

/// A caller's hold on a job. [`Self::look`] and [`Self::act`] check that the job is still the caller's; all calls but those for public
/// facts go through them.
pub struct Handle {
    job: JobId,
    caller: Rc<str>,
}

impl Handle {
    /// A handle of a job whose hold is already counted.
    pub const fn of(job: JobId, caller: Rc<str>) -> Self {
        Self { job, caller }
    }

    /// Reads the job with `look`.
    ///
    /// # Errors
    ///
    /// [`Cause::NotOwner`] if the job is another caller's, [`Cause::InvalidState`] if the engine no longer has it, and [`Cause::NoService`]
    /// if no engine is open.
    pub fn look<R>(&self, look: impl FnOnce(&job::Job) -> R) -> Result<R, Cause> {
        self.act(|shell, job| shell.job(job).map(look).ok_or(Cause::InvalidState))
    }

    /// Acts on the job.
    ///
    /// # Errors
    ///
    /// Those of `act`, and those of [`Self::look`].
    pub fn act<R, E: From<Cause>>(&self, act: impl FnOnce(&mut Shell, JobId) -> Result<R, E>) -> Result<R, E> {
        let acted = instance::with(|shell| {
            shell.require_job_of(&self.caller, self.job)?;
            act(shell, self.job)
        });
        acted.unwrap_or_else(|| Err(Cause::NoService.into()))
    }

    /// Adds all files, or none.
    pub fn add(&self, files: Vec<NewFile>) -> Result<(), convert::Failure> {
        self.act(|shell, job| shell.add_files(job, files)).map_err(convert::refused)
    }

    /// Reads facts of the job that every caller may know.
    fn glance<R>(&self, look: impl FnOnce(&job::Job) -> R) -> Option<R> {
        instance::with(|shell| shell.job(self.job).map(look)).flatten()
    }

    fn call<R>(&self, act: impl FnOnce(&mut Shell, JobId) -> Result<R, Cause>) -> Result<R, convert::Failure> {
        self.act(act).map_err(convert::failure)
    }

    fn set(&self, setting: Setting) -> Result<(), convert::Failure> {
        self.call(|shell, job| shell.set_job(job, setting))
    }
}

impl Clone for Handle {
    fn clone(&self) -> Self {
        instance::with(|shell| shell.hold_job(self.job));
        Self { job: self.job, caller: self.caller.clone() }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        instance::with(|shell| shell.let_go_of_job(self.job));
    }
}

impl Guest for Component {
    type Job = Handle;
}

impl GuestJob for Handle {
    fn add_file_set(&self, files: Vec<FileInfo>) -> Result<(), convert::Failure> {
        let new = |file: FileInfo| NewFile {
            remote_name: Some(file.remote_name),
            local_name: Some(file.local_name),
            ..NewFile::default()
        };
        self.add(files.into_iter().map(new).collect())
    }

    fn add_file(&self, remote_name: String, local_name: String) -> Result<(), convert::Failure> {
        self.add_file_set([FileInfo { remote_name, local_name }].into())
    }

    fn enum_files(&self) -> Result<FileEnumerator, convert::Failure> {
        let total = self.look(job::Job::files_total).map_err(convert::failure)?;
        Ok(FileEnumerator::new(Enumerator::new(self.clone(), total)))
    }

    fn suspend(&self) -> Result<(), convert::Failure> {
        self.call(Shell::suspend_job)
    }

    fn resume(&self) -> Result<(), convert::Failure> {
        self.call(Shell::resume_job)
    }

    fn cancel(&self) -> Result<Cancellation, convert::Failure> {
        let is_clean = self.call(Shell::cancel_job)?;
        Ok(if is_clean { Cancellation::Cancelled } else { Cancellation::UnableToDeleteFiles })
    }

    fn complete(&self) -> Result<Completion, convert::Failure> {
        Ok(match self.call(Shell::complete_job)? {
            engine::Completion::Complete => Completion::Complete,
            engine::Completion::Partial => Completion::PartialComplete,
            engine::Completion::UnableToDeleteFiles => Completion::UnableToDeleteFiles,
        })
    }

    fn get_id(&self) -> String {
        guid::format(self.glance(job::Job::id).unwrap_or_default())
    }

    fn get_type(&self) -> JobType {
        JobType::Download
    }

    fn get_progress(&self) -> JobProgress {
        convert_job::progress(self.look(job::Job::progress).unwrap_or_default())
    }

    fn get_times(&self) -> JobTimes {
        convert_job::times(self.look(job::Job::times).unwrap_or_default())
    }

    /// Cancelled if the engine no longer has the job, or if another caller has taken it.
    fn get_state(&self) -> WitState {
        convert_job::state(self.look(job::Job::state).unwrap_or(JobState::Cancelled))
    }

    fn get_error(&self) -> Result<CopyError, convert::Failure> {
        let failure = self.look(job::Job::failure).and_then(|failure| failure.ok_or(Cause::NoErrorInformation));
        Ok(CopyError::new(ErrorObject::new(self.clone(), failure.map_err(convert::failure)?)))
    }

    fn get_owner(&self) -> String {
        self.glance(|job| job.owner().into()).unwrap_or_default()
    }

    fn set_display_name(&self, name: String) -> Result<(), convert::Failure> {
        self.set(Setting::DisplayName(name))
    }

    fn get_display_name(&self) -> String {
        self.look(|job| job.display_name().into()).unwrap_or_default()
    }

    fn set_description(&self, text: String) -> Result<(), convert::Failure> {
        self.set(Setting::Description(text))
    }

    fn get_description(&self) -> String {
        self.look(|job| job.description().into()).unwrap_or_default()
    }

    fn set_priority(&self, priority: JobPriority) -> Result<(), convert::Failure> {
        self.set(Setting::Priority(convert_job::priority_in(priority)))
    }

    fn get_priority(&self) -> JobPriority {
        convert_job::priority_out(self.look(job::Job::priority).unwrap_or_default())
    }

    fn set_notify_flags(&self, which: NotifyFlags) -> Result<(), convert::Failure> {
        self.set(Setting::NotifyFlags(convert_job::notify_flags_in(which)))
    }

    fn get_notify_flags(&self) -> NotifyFlags {
        convert_job::notify_flags_out(self.look(job::Job::notify_flags).unwrap_or_default())
    }

    fn set_notify_interface(&self, is_set: bool) -> Result<(), convert::Failure> {
        self.call(|shell, job| shell.set_job_callback(job, is_set))
    }

    fn get_notify_interface(&self) -> bool {
        self.look(job::Job::notify_interface).unwrap_or_default()
    }

    fn set_minimum_retry_delay(&self, seconds: u32) -> Result<(), convert::Failure> {
        self.set(Setting::MinimumRetryDelay(seconds))
    }

    fn get_minimum_retry_delay(&self) -> u32 {
        self.look(job::Job::minimum_retry_delay).unwrap_or_default()
    }

    fn set_no_progress_timeout(&self, seconds: u32) -> Result<(), convert::Failure> {
        self.set(Setting::NoProgressTimeout(seconds))
    }

    fn get_no_progress_timeout(&self) -> u32 {
        self.look(job::Job::no_progress_timeout).unwrap_or_default()
    }

    fn get_error_count(&self) -> u32 {
        self.look(job::Job::error_count).unwrap_or_default()
    }

    fn set_proxy_settings(&self, settings: ProxySettings) -> Result<(), convert::Failure> {
        let settings = convert_job::proxy_in(settings).map_err(convert::failure)?;
        self.set(Setting::Proxy(settings))
    }

    fn get_proxy_settings(&self) -> ProxySettings {
        convert_job::proxy_out(self.look(|job| job.proxy().clone()).unwrap_or_default())
    }

    fn take_ownership(&self) -> Result<(), convert::Failure> {
        self.call(|shell, job| shell.take_job(job, &self.caller))
    }
}
