//! The record of a job in the state directory. Its files have separate records.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Job, JobFailure, JobFile, JobTimes, Phase, Settings, Stage};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredJob {
    id: u128,
    owner: String,
    settings: Settings,
    phase: Phase,
    completing: bool,
    is_unsure: bool,
    failure: Option<JobFailure>,
    error_count: u32,
    times: JobTimes,
}

impl StoredJob {
    /// Whether the record holds a secret, such as a password.
    pub fn has_secrets(&self) -> bool {
        self.settings.has_secrets()
    }

    /// Whether replacing this record with `new` leaves a secret in the old one.
    pub fn has_secrets_other_than(&self, new: &Self) -> bool {
        self.settings.has_secrets_other_than(&new.settings)
    }
}

impl Job {
    pub(crate) fn to_stored(&self) -> StoredJob {
        StoredJob {
            id: self.id,
            owner: self.owner.clone(),
            settings: self.settings.clone(),
            phase: self.phase,
            completing: self.completing,
            is_unsure: self.is_unsure,
            failure: self.failure,
            error_count: self.error_count,
            times: self.times,
        }
    }

    pub(crate) fn restore(record: StoredJob, files: Vec<JobFile>) -> Self {
        let mut job = Self::with(record.id, record.owner, record.settings, record.times);
        job.phase = record.phase;
        job.completing = record.completing;
        // A power failure may have lost the last steps of a running job.
        job.is_unsure = record.is_unsure || record.phase == Phase::Running;
        job.failure = record.failure;
        job.error_count = record.error_count;
        job.ids = files.iter().filter_map(|file| file.id.clone()).collect();
        job.files.reserve_exact(files.len());
        files.into_iter().for_each(|file| job.put(file));
        let failed = (0..).zip(&job.files).filter(|(_, file)| matches!(file.stage, Stage::Failed(_)));
        job.failed = failed.map(|(index, _)| index).collect();
        job.seen = job.state();
        job
    }
}
