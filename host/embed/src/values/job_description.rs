//! The description of a job, which one call returns.

use std::time::Duration;

use super::{ErrorContext, JobPriority, JobProgress, JobState, JobTimes, NotifyFlags};
use crate::bindings::engine;
use crate::error::Failure;

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
