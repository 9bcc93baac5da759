//! Requests and replies: values inside one process, lines of JSON between two.

use serde::{Deserialize, Serialize};

use crate::error::CommandError;
use crate::file::NewFile;
use crate::settings::Settings;
use crate::view::{FileView, JobView};

/// One request to a queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// Creates jobs with their files, all of them or none. The reply is [`Reply::Jobs`].
    Create {
        /// The jobs, in the order of the reply.
        jobs: Vec<NewJob>,
    },
    /// Adds files to a job, all of them or none. The reply is [`Reply::Jobs`] with this one job.
    Add {
        /// A job id, a unique prefix of one (four characters or more), or a unique display name.
        job: String,
        /// The files, in the order in which they are numbered.
        files: Vec<NewFile>,
    },
    /// Describes jobs. The reply is [`Reply::Jobs`].
    Describe {
        /// The jobs to describe.
        jobs: Selection,
    },
    /// Describes at most [`FILES_PER_REPLY`] files of a job. The reply is [`Reply::Files`].
    Files {
        /// The job, as in [`Request::Add`].
        job: String,
        /// The number of the first file, counted from 0 in the order in which files were added.
        from: u32,
    },
    /// Changes settings of jobs. The reply is [`Reply::Jobs`].
    Set {
        /// The jobs to change.
        jobs: Selection,
        /// The settings to change; those that are `None` or empty stay as they are.
        settings: Settings,
    },
    /// Changes the state of jobs. The reply is [`Reply::Jobs`].
    Act {
        /// The jobs to change. [`Selection::All`] skips jobs that cannot do this.
        jobs: Selection,
        /// The change.
        action: Action,
    },
    /// Turns a connection into a stream of [`Event`](crate::Event)s. The reply is [`Reply::Subscribed`]. Without a connection of its
    /// own it is refused: programs call [`Queue::subscribe`](crate::Queue::subscribe) or
    /// [`Client::subscribe`](crate::Client::subscribe).
    Subscribe,
}

/// A job to create.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewJob {
    /// Its settings.
    pub settings: Settings,
    /// Its files; files can be added later too.
    pub files: Vec<NewFile>,
    /// Whether the job is queued at once. If not, it is suspended.
    pub resume: bool,
}

/// The most files in one [`Reply::Files`], so that it fits in a line: with URLs of 4 KiB the reply takes about 5 MiB, and a line has 64 MiB
/// at most.
pub const FILES_PER_REPLY: u32 = 1000;

/// A change of a job's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Stop the job and keep the bytes that arrived.
    Suspend,
    /// Queue the job.
    Resume,
    /// Rename the files of a transferred job to their final names. A job that is not transferred is an error.
    Complete,
    /// The same for any job: files that did not arrive completely are dropped.
    CompletePartially,
    /// Drop the job and its partial files.
    Cancel,
}

/// The jobs that a request concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Selection {
    /// Every job of the queue.
    All,
    /// These jobs, each as in [`Request::Add`]. A name without a job, or with several, fails alone.
    Named(Vec<String>),
}

/// The reply to a request.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// One answer for each job, in the order of the request.
    Jobs {
        /// The answers.
        jobs: Vec<Answer>,
    },
    /// Some files of a job.
    Files {
        /// The files, in the order of their numbers.
        files: Vec<FileView>,
    },
    /// Events follow, and no other reply.
    Subscribed,
    /// The request failed as a whole: nothing changed.
    Refused {
        /// The reason.
        error: CommandError,
    },
    /// The process closes the queue and did not read the request: nothing changed.
    Closing,
}

/// The result of a request for one job.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The job after the request.
    Job(Box<JobView>),
    /// The request failed for this job; others are not affected.
    Error(CommandError),
}

impl Request {
    /// Whether the request changes nothing, so that a client may repeat it when a process dies before it replies.
    pub const fn is_read_only(&self) -> bool {
        matches!(self, Self::Describe { .. } | Self::Files { .. } | Self::Subscribe)
    }
}

impl Reply {
    /// The reply to [`Request::Subscribe`] without a connection of its own.
    pub(crate) fn no_connection() -> Self {
        Self::Refused { error: CommandError::misuse("a subscription needs a connection of its own") }
    }

    /// The answers of [`Reply::Jobs`].
    ///
    /// # Errors
    ///
    /// The error of [`Reply::Refused`]; a failure for any other reply.
    pub fn jobs(self) -> Result<Vec<Answer>, CommandError> {
        match self {
            Self::Jobs { jobs } => Ok(jobs),
            other => Err(other.into_error()),
        }
    }

    /// The files of [`Reply::Files`].
    ///
    /// # Errors
    ///
    /// The error of [`Reply::Refused`]; a failure for any other reply.
    pub fn files(self) -> Result<Vec<FileView>, CommandError> {
        match self {
            Self::Files { files } => Ok(files),
            other => Err(other.into_error()),
        }
    }

    pub(crate) fn into_error(self) -> CommandError {
        match self {
            Self::Refused { error } => error,
            _ => CommandError::failed("the process that runs the queue has answered something else"),
        }
    }
}
