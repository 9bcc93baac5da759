//! One download.

use std::collections::BTreeMap;
use std::path::PathBuf;

use haul_queue::file::{Digest, PieceDigests};
use serde::{Deserialize, Serialize};

use super::lists::List;
use crate::gid::Gid;

/// A download, as the journal holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub gid: Gid,
    /// Whole URLs of the same content; may hold secrets.
    pub uris: Vec<String>,
    /// The options that differ from the defaults; may hold secrets.
    pub options: BTreeMap<String, String>,
    /// Facts from a document that described the file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub metadata: Option<Metadata>,
    /// The path of the finished file, once it is chosen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path: Option<PathBuf>,
    /// The job of the queue that works for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub job: Option<JobLink>,
    /// The state.
    pub state: State,
    /// Bytes that had arrived at the last change of the state.
    #[serde(default)]
    pub bytes: u64,
    /// Bytes of the whole file; `None` while unknown.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub total: Option<u64>,
    /// The downloads that a document behind this URL led to.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub followed_by: Vec<Gid>,
    /// The download of the document that led to this one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub following: Option<Gid>,
}

/// Facts about a file that a Metalink document states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// A relative path of harmless components.
    pub name: String,
    /// Bytes of the file.
    pub length: Option<u64>,
    /// Digests of the file.
    pub digests: Vec<Digest>,
    /// Digests of its pieces.
    pub pieces: Option<PieceDigests>,
}

/// The job of a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLink {
    /// The id of the job in the queue.
    pub id: String,
    /// How far both sides have agreed about it.
    pub stage: Stage,
    /// Whether `haul jobs` or another client of the queue made the job. Such a job keeps its own order.
    #[serde(default)]
    pub foreign: bool,
}

/// The state of the agreement between list and queue. The list records each stage before the queue is called, so that after a kill the
/// stage says how to read a job that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The job is about to be kept. If it is missing, the download has not begun.
    Drafted,
    /// The queue has the job. If it is missing, another client of the queue cancelled it.
    Kept,
    /// The job is about to be completed. If it is missing, it was, and the file has its name.
    Completing,
}

/// The state of a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waits for a place.
    Waiting,
    /// Waits for its user.
    Paused,
    /// Has a place.
    Active,
    /// Is over.
    Stopped(Stop),
}

/// How a download ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// The file has its name.
    Complete,
    /// It failed.
    Error {
        /// aria2's number for the kind of failure.
        code: u8,
        /// The failure in words, and a remedy.
        message: String,
    },
    /// A user removed it.
    Removed,
}

impl Entry {
    /// A new download that waits.
    pub fn new(gid: Gid, uris: Vec<String>, options: BTreeMap<String, String>) -> Self {
        Self {
            gid,
            uris,
            options,
            metadata: None,
            path: None,
            job: None,
            state: State::Waiting,
            bytes: 0,
            total: None,
            followed_by: Vec::new(),
            following: None,
        }
    }

    /// Whether it is over.
    pub const fn is_stopped(&self) -> bool {
        matches!(self.state, State::Stopped(_))
    }

    /// The job, as far as the queue has it.
    pub fn job_id(&self) -> Option<&str> {
        self.job.as_ref().map(|job| job.id.as_str())
    }

    /// Whether another client of the queue made its job.
    pub fn is_foreign(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.foreign)
    }
}

impl State {
    /// The list that holds downloads in this state.
    pub const fn list(&self) -> List {
        match self {
            Self::Waiting | Self::Paused => List::Waiting,
            Self::Active => List::Active,
            Self::Stopped(_) => List::Stopped,
        }
    }
}
