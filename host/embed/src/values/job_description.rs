//! The description of a job, which one call returns.

use std::time::Duration;

use super::{ErrorContext, JobPriority, JobProgress, JobState, JobTimes, NotifyFlags};
use crate::bindings::engine;
use crate::error::Failure;
use crate::mirror::{Seconds, mirrored_record};

mirrored_record! {
    /// Why a job is in [`JobState::Error`] or [`JobState::TransientError`].
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    JobFailure = engine::JobFailure {
        context: ErrorContext,
        cause: Failure,
        /// The number of the file that it happened to, counted from 0 in the order in which files were added.
        file: Option<u32>,
    }
}

mirrored_record! {
    /// A job at a glance.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    JobDescription = engine::JobDescription {
        id: String,
        display_name: String,
        description: String,
        /// The host's name for the caller that the job belongs to; empty for the host itself.
        owner: String,
        state: JobState,
        priority: JobPriority,
        progress: JobProgress,
        times: JobTimes,
        notify_flags: NotifyFlags,
        minimum_retry_delay: Duration as Seconds,
        no_progress_timeout: Duration as Seconds,
        error_count: u32,
        error: Option<JobFailure>,
    }
}
