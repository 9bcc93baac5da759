//! Facts that the shell reports to the engine.

use alloc::vec::Vec;

use super::identity::{AttemptId, DownloadId, OperationId};
use crate::content::digest::ExpectedDigest;
use crate::content::pieces::Pieces;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::parse::url::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Time has passed; nothing else happened.
    Time,
    /// The head of the response to `attempt`.
    Head { attempt: AttemptId, head: Head },
    /// `bytes` of the body were moved to the destination that [`crate::engine::Engine::step`] gave.
    Moved { attempt: AttemptId, bytes: u64 },
    /// Bytes of the body that were collected at [`crate::transfer::Step::Collect`].
    Collected { attempt: AttemptId, bytes: Vec<u8> },
    /// The exchange is over.
    Ended { attempt: AttemptId, end: End },
    /// The result of a disk operation.
    Disk { download: DownloadId, id: OperationId, done: DiskDone },
    /// The content behind a content id; `None` if the driver does not know it.
    Content { download: DownloadId, id: OperationId, content: Option<Content> },
}

/// The content behind a content id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The best one first.
    pub urls: Vec<Url>,
    pub digests: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    /// In bytes.
    pub length: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The body ended as its framing requires.
    Complete,
    /// More bytes arrived than [`crate::transfer::Step::Drain`] expects.
    TooLong,
    Failed(Cause),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskDone {
    Opened(Opened),
    /// `now` is the current time, in nanoseconds since 1970-01-01 UTC.
    Begun {
        now: Option<u64>,
    },
    /// `modified` is the modification time of the partial file, in nanoseconds since 1970-01-01 UTC.
    Synced {
        modified: Option<u64>,
    },
    JournalWritten,
    Digested(Vec<u8>),
    /// One for each range, in order.
    Checksums(Vec<u32>),
    /// The file at the path with the new name, if there is one.
    Named(Option<TargetFacts>),
    Cut,
    Published,
    Discarded,
    Closed,
    /// The decrypted file has `length` bytes.
    Decrypted {
        length: u64,
    },
    Failed(Cause),
}

/// The state of the three files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub target: Option<TargetFacts>,
    pub partial: Option<PartialFacts>,
    /// The journal's bytes; empty if there is no journal.
    pub journal: Vec<u8>,
    /// Another user owns the partial file or the journal, or can write to it. The engine must not use either.
    pub foreign: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartialFacts {
    pub length: u64,
    /// Nanoseconds since 1970-01-01 UTC.
    pub modified: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetFacts {
    pub length: u64,
    /// The record that [`crate::border::output::Publish`] had when this file got its name, if the file has not changed since.
    pub record: Option<Vec<u8>>,
}
