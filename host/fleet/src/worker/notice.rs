//! News for the operator.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// One news of a worker.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "notice", rename_all = "kebab-case")]
pub enum Notice {
    /// It is connected to the database.
    Connected {
        /// The id of the worker.
        worker: String,
        /// The name of its machine.
        host: String,
    },
    /// The connection ended. Held tasks go on until their leases end.
    Disconnected {
        /// The reason.
        reason: String,
        /// Seconds until the next attempt.
        seconds: f64,
    },
    /// It claimed a task.
    Claimed {
        /// The id of the job.
        job: String,
        /// The name of the job.
        name: String,
        /// The number of claims of the task.
        generation: i64,
    },
    /// A task is done.
    Done {
        /// The id of the job.
        job: String,
        /// The name of the job.
        name: String,
        /// Bytes of all its files.
        bytes: u64,
    },
    /// An attempt failed.
    Failed {
        /// The id of the job.
        job: String,
        /// The name of the job.
        name: String,
        /// The reason.
        error: String,
        /// Whether the task will be claimed again.
        again: bool,
    },
    /// A lease was lost: the job was cancelled, or another worker has the task. The task moves no bytes here.
    Lost {
        /// The id of the job.
        job: String,
        /// The name of the job.
        name: String,
    },
    /// An origin asked for a wait; the whole fleet sends it no request until then.
    Held {
        /// The origin.
        origin: String,
        /// Seconds.
        seconds: f64,
    },
}

impl Notice {
    pub(crate) fn held(origin: &str, time: Duration) -> Self {
        Self::Held { origin: origin.into(), seconds: time.as_secs_f64() }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected { worker, host } => write!(f, "connected as {host}, worker {worker}"),
            Self::Disconnected { reason, seconds } => write!(f, "{reason}; next attempt in {seconds:.1} s"),
            Self::Claimed { job, name, generation: 1 } => write!(f, "claimed {name} ({job})"),
            Self::Claimed { job, name, generation } => write!(f, "claimed {name} ({job}), claim {generation}"),
            Self::Done { job, name, bytes } => write!(f, "done {name} ({job}), {bytes} bytes"),
            Self::Failed { job, name, error, again: true } => {
                write!(f, "failed {name} ({job}), to be tried again: {error}")
            }
            Self::Failed { job, name, error, again: false } => write!(f, "failed {name} ({job}): {error}"),
            Self::Lost { job, name } => write!(f, "lost {name} ({job})"),
            Self::Held { origin, seconds } => write!(f, "{origin} asked for a wait of {seconds:.0} s"),
        }
    }
}
