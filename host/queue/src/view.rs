//! Jobs and files as a queue describes them. The names of the fields are those of the JSON lines of `haul jobs --json`.

use std::path::PathBuf;
use std::time::SystemTime;

use haul::{Failure, FileDescription, JobDescription, JobFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Cause;
use crate::outcome::Outcome;
use crate::redaction::proxy_list;
use crate::vocabulary::{Context, CostPolicy, FileState, JobState, Notification, Priority, ProxyUsage};

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobView {
    /// The id of the job, a GUID in lower case without braces.
    pub id: String,
    /// The name for people; may be empty.
    pub display_name: String,
    /// The text for people; may be empty.
    pub description: String,
    /// The state.
    pub state: JobState,
    /// The priority.
    pub priority: Priority,
    /// The number of files.
    pub files: u32,
    /// The number of files that arrived completely.
    pub files_transferred: u32,
    /// Bytes that arrived, of all files together.
    pub bytes: u64,
    /// Bytes of all files together; `None` while the size of one of them is unknown.
    pub total: Option<u64>,
    /// The time of its creation.
    pub created: Timestamp,
    /// The time of its last change.
    pub changed: Timestamp,
    /// The time at which the last file arrived.
    pub transferred: Option<Timestamp>,
    /// Seconds until a failed file is retried, at least; 0 if the engine chooses.
    pub retry_interval: u64,
    /// Seconds without a byte until the job fails.
    pub retry_timeout: u64,
    /// The networks on which the job may run; `None` for a set that no policy names.
    pub cost_policy: Option<CostPolicy>,
    /// The source of the proxy.
    pub proxy_usage: ProxyUsage,
    /// The proxies, without passwords.
    pub proxy_list: Option<String>,
    /// The hosts without a proxy. Passwords that were set here by mistake are removed.
    pub proxy_bypass: Option<String>,
    /// Whether a file that fails leaves the others running.
    pub keep_going: bool,
    /// Bytes per second of all files together; `None` is unlimited.
    pub limit_rate: Option<u64>,
    /// The notifications for which the engine calls the job's callback.
    pub notify: Vec<Notification>,
    /// How many failures stopped the job.
    pub error_count: u32,
    /// The failure that stopped the job, or for which it waits.
    pub error: Option<ErrorView>,
}

/// The failure of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErrorView {
    /// The part of the transfer that failed.
    pub context: Context,
    /// The URL of the file that failed; `None` for a failure of the job as a whole.
    pub url: Option<String>,
    /// The path of the file that failed.
    pub path: Option<PathBuf>,
    /// The failure.
    #[serde(flatten)]
    pub cause: Cause,
    /// The outcome of a run in which the job cannot go on.
    pub outcome: Outcome,
    /// Whether the job goes on only after a change of the network or of the cost policy.
    pub blocked: bool,
}

/// A file of a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileView {
    /// The id of the job.
    pub job: String,
    /// The URL.
    pub url: Option<String>,
    /// The path of the finished file.
    pub path: Option<PathBuf>,
    /// The state.
    pub state: FileState,
    /// Bytes that arrived.
    pub bytes: u64,
    /// Bytes of the whole file, or of the requested ranges; `None` while unknown.
    pub total: Option<u64>,
    /// The failure that stopped the file, or for which it waits.
    pub error: Option<Cause>,
}

/// The values that a description of the engine does not include.
pub(crate) struct Details {
    pub cost_policy: Option<CostPolicy>,
    pub proxy: haul::ProxySettings,
    pub options: haul::JobOptions,
}

impl JobView {
    /// `file` is the file that the job's error concerns.
    pub(crate) fn new(job: JobDescription, details: Details, file: Option<FileDescription>) -> Self {
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
            cost_policy: details.cost_policy,
            proxy_usage: details.proxy.usage.into(),
            proxy_list: details.proxy.proxy_list.map(|list| proxy_list::redact(list.expose())),
            proxy_bypass: details.proxy.proxy_bypass_list.map(|list| proxy_list::redact(list.expose())),
            keep_going: details.options.keep_going,
            limit_rate: details.options.max_rate,
            notify: Notification::of(job.notify_flags),
            error_count: job.error_count,
            error: job.error.map(|error| ErrorView::new(&error, file)),
        }
    }

    /// The display name, or the id of a job without one.
    pub fn title(&self) -> &str {
        if self.display_name.is_empty() { &self.id } else { &self.display_name }
    }

    /// Whether the job was completed or cancelled.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, JobState::Acknowledged | JobState::Cancelled)
    }

    /// Whether the job goes on without a request. A job that waits for a change of the network does not.
    pub fn is_under_way(&self) -> bool {
        match self.state {
            JobState::Queued | JobState::Connecting | JobState::Transferring => true,
            JobState::TransientError => !self.error.as_ref().is_some_and(|error| error.blocked),
            _ => false,
        }
    }
}

impl ErrorView {
    fn new(error: &JobFailure, file: Option<FileDescription>) -> Self {
        let (url, path) = file.map_or((None, None), |file| (file.remote_name, file.local_name));
        Self { context: error.context.into(), url, path, ..Self::of(&error.cause) }
    }

    /// A failure of the job as a whole.
    pub fn of(failure: &Failure) -> Self {
        let outcome = Outcome::of_failure(failure);
        let blocked = outcome == Outcome::RefusedByPolicy || failure.is_offline();
        Self { context: Context::None, url: None, path: None, cause: failure.into(), outcome, blocked }
    }
}

impl FileView {
    pub(crate) fn new(job: &str, file: FileDescription) -> Self {
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

/// `Timestamp::MIN` for times before the year -9999 and after 9999.
fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MIN)
}
