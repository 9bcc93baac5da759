//! haul's own options of a job.

use std::fmt;

use crate::bindings::engine;
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
