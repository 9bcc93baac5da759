//! What is told of jobs and files. The fields' names are those of the JSON lines.

use std::path::PathBuf;
use std::time::SystemTime;

use haul::{Failure, FileDescription, JobDescription, JobFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::problem::Cause;
use super::proxy_list;
use super::words::{Context, CostPolicy, FileState, JobState, Notification, Priority, ProxyUsage};
use crate::exit::Outcome;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobView {
    pub id: String,
    pub display_name: String,
    pub description: String,
    pub state: JobState,
    pub priority: Priority,
    pub files: u32,
    pub files_transferred: u32,
    pub bytes: u64,
    /// `None` while the size of one of the files is not known.
    pub total: Option<u64>,
    pub created: Timestamp,
    pub changed: Timestamp,
    pub transferred: Option<Timestamp>,
    /// Seconds; zero where the engine chooses.
    pub retry_interval: u64,
    /// Seconds.
    pub retry_timeout: u64,
    /// `None` for costs that no policy names.
    pub cost_policy: Option<CostPolicy>,
    pub proxy_usage: ProxyUsage,
    /// Without passwords.
    pub proxy_list: Option<String>,
    /// Without passwords, which may be here by mistake.
    pub proxy_bypass: Option<String>,
    pub keep_going: bool,
    /// Bytes per second of all files together.
    pub limit_rate: Option<u64>,
    pub notify: Vec<Notification>,
    /// How often it was stopped by a failure.
    pub error_count: u32,
    pub error: Option<ErrorView>,
}

/// Why a job has failed, or waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErrorView {
    pub context: Context,
    /// The file that it is about.
    pub url: Option<String>,
    pub path: Option<PathBuf>,
    #[serde(flatten)]
    pub cause: Cause,
    /// What a run ends with that cannot go on for it.
    pub outcome: Outcome,
    /// Only the network, or its cost, is in the way.
    pub blocked: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileView {
    /// The job's id.
    pub job: String,
    pub url: Option<String>,
    pub path: Option<PathBuf>,
    pub state: FileState,
    pub bytes: u64,
    pub total: Option<u64>,
    pub error: Option<Cause>,
}

/// What a job is told and does not tell at a glance.
pub struct Told {
    pub cost_policy: Option<CostPolicy>,
    pub proxy: haul::ProxySettings,
    pub options: haul::JobOptions,
}

impl JobView {
    /// `file` is the one that the job's error is about.
    pub fn new(job: JobDescription, told: Told, file: Option<FileDescription>) -> Self {
        Self {
            id: job.id,
            display_name: job.display_name,
            description: job.description,
            state: job.state.into(),
            priority: job.priority.into(),
            files: job.progress.files_total,
            files_transferred: job.progress.files_transferred,
            bytes: job.progress.bytes_transferred,
            total: job.progress.bytes_total,
            created: timestamp(job.times.creation),
            changed: timestamp(job.times.modification),
            transferred: job.times.transfer_completion.map(timestamp),
            retry_interval: job.minimum_retry_delay.as_secs(),
            retry_timeout: job.no_progress_timeout.as_secs(),
            cost_policy: told.cost_policy,
            proxy_usage: told.proxy.usage.into(),
            proxy_list: told.proxy.proxy_list.map(|list| proxy_list::redact(list.expose())),
            proxy_bypass: told.proxy.proxy_bypass_list.map(|list| proxy_list::redact(list.expose())),
            keep_going: told.options.keep_going,
            limit_rate: told.options.max_rate,
            notify: Notification::of(job.notify_flags),
            error_count: job.error_count,
            error: job.error.map(|error| ErrorView::new(&error, file)),
        }
    }

    /// What people see it as.
    pub fn title(&self) -> &str {
        if self.display_name.is_empty() { &self.id } else { &self.display_name }
    }

    /// Whether it was completed or cancelled.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, JobState::Acknowledged | JobState::Cancelled)
    }

    /// Whether something happens to it without anybody's doing.
    pub fn is_under_way(&self) -> bool {
        match self.state {
            JobState::Queued | JobState::Connecting | JobState::Transferring => true,
            JobState::TransientError => !self.error.as_ref().is_some_and(|error| error.blocked),
            _ => false,
        }
    }
}

/// DO_E_BLOCKED_BY_NO_NETWORK
const NO_NETWORK: u32 = 0x80D0_3805;

impl ErrorView {
    fn new(error: &JobFailure, file: Option<FileDescription>) -> Self {
        let (url, path) = file.map_or((None, None), |file| (file.remote_name, file.local_name));
        Self { context: error.context.into(), url, path, ..Self::of(&error.cause) }
    }

    /// Of the job as a whole.
    pub fn of(failure: &Failure) -> Self {
        let outcome = Outcome::of_failure(failure);
        let blocked = outcome == Outcome::RefusedByPolicy || failure.code == NO_NETWORK;
        Self { context: Context::None, url: None, path: None, cause: failure.into(), outcome, blocked }
    }
}

impl FileView {
    pub fn new(job: &str, file: FileDescription) -> Self {
        Self {
            job: job.into(),
            url: file.remote_name,
            path: file.local_name,
            state: file.state.into(),
            bytes: file.progress.bytes_transferred,
            total: file.progress.bytes_total,
            error: file.error.as_ref().map(Into::into),
        }
    }
}

/// Times that no clock shows become the beginning of time.
fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MIN)
}
