//! Values that the database stores or counts. The names of the fields are those of the JSON lines of `haul fleet --json`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Serialize;

/// The kind of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One machine does each job, into storage that all machines share.
    Once,
    /// Every machine that has the labels of a job does it, on its own disk.
    Each,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Once => "once",
            Self::Each => "each",
        })
    }
}

impl FromStr for Kind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "once" => Ok(Self::Once),
            "each" => Ok(Self::Each),
            _ => Err("write once or each"),
        }
    }
}

/// A queue to create.
#[derive(Clone, Copy, Debug)]
pub struct NewQueue {
    /// Its kind.
    pub kind: Kind,
    /// The length of a lease: a job of a dead machine goes to another one after it.
    pub lease: Duration,
    /// Attempts until a task has failed.
    pub max_attempts: u32,
}

/// A queue.
#[derive(Clone, Debug, Serialize)]
pub struct QueueInfo {
    /// Its kind.
    pub kind: Kind,
    /// Whether it is paused: workers claim nothing, and suspend the tasks that they hold.
    pub paused: bool,
    /// Seconds of a lease.
    pub lease: f64,
    /// Attempts until a task has failed.
    pub max_attempts: i32,
    /// Counts the calls that added jobs.
    #[serde(skip)]
    pub added: i64,
}

/// A job and the number of its tasks in each state.
#[derive(Clone, Debug, Serialize)]
pub struct JobSummary {
    /// The id, a UUIDv7.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Jobs of higher priority are claimed first.
    pub priority: i32,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Seconds since it was added.
    pub age: f64,
    /// Tasks that wait for a worker.
    pub ready: i64,
    /// Tasks that a worker holds.
    pub held: i64,
    /// Tasks that are done.
    pub done: i64,
    /// Tasks that failed.
    pub failed: i64,
}

/// The tasks of a queue in one state.
#[derive(Clone, Debug, Serialize)]
pub struct Totals {
    /// The state.
    pub state: String,
    /// Their number.
    pub tasks: i64,
    /// Bytes that arrived, as of their last renewals.
    pub bytes: i64,
}

/// A machine and the number of its tasks in each state.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Its name.
    pub host: String,
    /// The version of its worker; `None` if it never had one.
    pub version: Option<String>,
    /// Seconds since its worker was heard of.
    pub seen: Option<f64>,
    /// Tasks that wait for it.
    pub ready: i64,
    /// Tasks that it holds.
    pub held: i64,
    /// Tasks that it did.
    pub done: i64,
    /// Tasks that failed.
    pub failed: i64,
    /// Bytes that arrived.
    pub bytes: i64,
}

/// A task of a job.
#[derive(Clone, Debug, Serialize)]
pub struct MachineTask {
    /// The machine; empty if no machine had it.
    pub host: String,
    /// The state.
    pub state: String,
    /// Attempts so far.
    pub attempts: i32,
    /// Its generation: the number of its claims.
    pub generation: i64,
    /// Bytes that arrived, as of the last renewal.
    pub bytes: i64,
    /// Bytes of all files; `None` while unknown.
    pub total: Option<i64>,
    /// The error of the last attempt.
    pub error: Option<String>,
}

/// A task that failed.
#[derive(Clone, Debug, Serialize)]
pub struct Failed {
    /// The id of the job.
    pub job: String,
    /// The name of the job.
    pub name: String,
    /// The machine; empty in a queue of kind once.
    pub host: String,
    /// Attempts.
    pub attempts: i32,
    /// The error of the last attempt.
    pub error: Option<String>,
}

/// The budget of an origin.
#[derive(Clone, Debug, Serialize)]
pub struct OriginUse {
    /// Scheme, host and port.
    pub origin: String,
    /// Exchanges of the whole fleet at a time; `None` is unlimited.
    pub slots: Option<i32>,
    /// Bytes per second of the whole fleet; `None` is unlimited.
    pub rate: Option<i64>,
    /// Slots that workers have leased.
    pub used: i64,
    /// Seconds until workers may send requests to it again.
    pub held: f64,
}

/// A task that a worker holds.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub job: String,
    pub generation: i64,
    pub name: String,
    pub spec: String,
}

/// A held task as a renewal reports it.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub job: String,
    pub generation: i64,
    pub bytes: u64,
    pub total: Option<u64>,
}

/// A task that a worker knows and may have lost.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub job: String,
    pub generation: i64,
    pub mine: bool,
    pub state: String,
    pub name: String,
    pub spec: String,
}

/// The share of an origin that a worker has. An origin without a limit has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub slots: u32,
    /// The slots of the whole fleet.
    pub total: u32,
    /// Bytes per second for each slot.
    pub rate: Option<u64>,
}
