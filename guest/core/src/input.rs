//! What the engine is told.

use alloc::vec::Vec;

use crate::failure::{Cause, DiskCause};
use crate::http::head::Head;
use crate::identity::{AttemptId, DownloadId, OperationId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing but time has passed.
    Time,
    /// The head of the response to `attempt`.
    Head { attempt: AttemptId, head: Head },
    /// `bytes` of the body went where [`crate::engine::Engine::step`] said.
    Moved { attempt: AttemptId, bytes: u64 },
    /// The exchange is over.
    Ended { attempt: AttemptId, end: End },
    /// An operation is done.
    Disk { download: DownloadId, id: OperationId, done: DiskDone },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The body ended as HTTP says it does.
    Complete,
    Failed(Cause),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskDone {
    Opened(Opened),
    Begun,
    Synced,
    JournalWritten,
    Digested(Vec<u8>),
    Published,
    Discarded,
    Closed,
    Failed(DiskCause),
}

/// The three files as they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub target: Option<TargetFacts>,
    /// Length of the partial file in bytes.
    pub partial: Option<u64>,
    /// The journal's bytes; empty where there is none.
    pub journal: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetFacts {
    pub length: u64,
    /// Seconds since 1970-01-01 UTC.
    pub modified: Option<u64>,
}
