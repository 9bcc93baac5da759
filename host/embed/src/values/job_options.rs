//! haul's own options of a job.

use std::fmt;

use crate::bindings::engine;
use crate::mirror::mirrored_secrets;
use crate::secret::Secret;

mirrored_secrets! {
    /// Options that haul adds to the properties of BITS and DO for a job.
    #[derive(Clone, Default, PartialEq, Eq)]
    JobOptions = engine::JobOptions {
        /// Request fields for all files of the job, one a line. They outlive the engine.
        custom_headers: Secret<String>,
        /// Request fields that an origin gets once it has asked for credentials, one a line. They outlive the engine.
        auth_headers: Secret<String>,
        /// A file that cannot be fetched does not stop the others: the job is in [`JobState::Error`](crate::JobState::Error) when
        /// nothing else is left to do.
        keep_going: bool,
        /// Bytes per second of all files of the job together.
        max_rate: Option<u64>,
    }
}

/// Fields may hold passwords, and are not shown.
impl fmt::Debug for JobOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("JobOptions");
        shown.field("keep_going", &self.keep_going).field("max_rate", &self.max_rate).finish_non_exhaustive()
    }
}
