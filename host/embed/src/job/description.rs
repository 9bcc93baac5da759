//! A job at a glance, and what haul offers for one beside the properties of BITS and DO.

use std::fmt;
use std::time::Duration;

use super::{ErrorContext, JobPriority, JobProgress, JobState, JobTimes, NotifyFlags};
use crate::bindings::engine;
use crate::error::Failure;
use crate::secret::Secret;

/// What haul offers for a job beside the properties of BITS and DO.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct JobOptions {
    /// Request fields for all files of the job, one a line. They outlive the engine.
    pub custom_headers: Secret<String>,
    /// Request fields that go to an origin once it has asked who is there, one a line. They outlive the engine.
    pub auth_headers: Secret<String>,
    /// A file that cannot be fetched does not stop the others: the job is in [`JobState::Error`] when nothing else is left to do.
    pub keep_going: bool,
    /// Bytes per second of all files of the job together.
    pub max_rate: Option<u64>,
}

impl fmt::Debug for JobOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("JobOptions");
        shown.field("keep_going", &self.keep_going).field("max_rate", &self.max_rate).finish_non_exhaustive()
    }
}

impl From<JobOptions> for engine::JobOptions {
    fn from(options: JobOptions) -> Self {
        let JobOptions { custom_headers, auth_headers, keep_going, max_rate } = options;
        let (custom_headers, auth_headers) = (custom_headers.into_exposed(), auth_headers.into_exposed());
        Self { custom_headers, auth_headers, keep_going, max_rate }
    }
}

impl From<engine::JobOptions> for JobOptions {
    fn from(options: engine::JobOptions) -> Self {
        let engine::JobOptions { custom_headers, auth_headers, keep_going, max_rate } = options;
        let (custom_headers, auth_headers) = (custom_headers.into(), auth_headers.into());
        Self { custom_headers, auth_headers, keep_going, max_rate }
    }
}

/// Why a job is in [`JobState::Error`] or [`JobState::TransientError`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobFailure {
    pub context: ErrorContext,
    pub cause: Failure,
    /// The number of the file that it happened to, counted from 0 in the order in which files were added.
    pub file: Option<u32>,
}

impl From<engine::JobFailure> for JobFailure {
    fn from(failure: engine::JobFailure) -> Self {
        Self { context: failure.context.into(), cause: failure.cause.into(), file: failure.file }
    }
}

/// A job at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobDescription {
    pub id: String,
    pub display_name: String,
    pub description: String,
    /// The host's name for the caller that the job belongs to; empty for the host itself.
    pub owner: String,
    pub state: JobState,
    pub priority: JobPriority,
    pub progress: JobProgress,
    pub times: JobTimes,
    pub notify_flags: NotifyFlags,
    pub minimum_retry_delay: Duration,
    pub no_progress_timeout: Duration,
    pub error_count: u32,
    pub error: Option<JobFailure>,
}

impl From<engine::JobDescription> for JobDescription {
    fn from(job: engine::JobDescription) -> Self {
        Self {
            id: job.id,
            display_name: job.display_name,
            description: job.description,
            owner: job.owner,
            state: job.state.into(),
            priority: job.priority.into(),
            progress: job.progress.into(),
            times: job.times.into(),
            notify_flags: job.notify_flags.into(),
            minimum_retry_delay: Duration::from_secs(job.minimum_retry_delay.into()),
            no_progress_timeout: Duration::from_secs(job.no_progress_timeout.into()),
            error_count: job.error_count,
            error: job.error.map(Into::into),
        }
    }
}
