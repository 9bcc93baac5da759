//! The inputs of the engine: facts about the network, the disk and the time.

use alloc::vec::Vec;

use super::identity::{AttemptId, DownloadId, OperationId};
use crate::content::digest::ExpectedDigest;
use crate::content::pieces::Pieces;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::parse::url::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Time has passed.
    Time,
    /// The head of the response to `attempt`.
    Head { attempt: AttemptId, head: Head },
    /// `bytes` of the body went where [`crate::engine::Engine::step`] said.
    Moved { attempt: AttemptId, bytes: u64 },
    /// These bytes of the body were collected, as [`crate::transfer::Step::Collect`] says.
    Collected { attempt: AttemptId, bytes: Vec<u8> },
    /// The exchange is over.
    Ended { attempt: AttemptId, end: End },
    /// An operation is done.
    Disk { download: DownloadId, id: OperationId, done: DiskDone },
    /// The content with the requested id; `None` if the driver does not know it.
    Content { download: DownloadId, id: OperationId, content: Option<Content> },
}

/// The content that an id stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The best first.
    pub urls: Vec<Url>,
    pub digests: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    /// In bytes.
    pub length: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The body ended as HTTP says it does.
    Complete,
    /// Bytes came after the last one that [`crate::transfer::Step::Drain`] leaves to be expected.
    TooLong,
    Failed(Cause),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskDone {
    Opened(Opened),
    /// `now` is the present time, in nanoseconds since 1970-01-01 UTC.
    Begun {
        now: Option<u64>,
    },
    /// `modified` is when the partial file was last written to, in nanoseconds since 1970-01-01 UTC.
    Synced {
        modified: Option<u64>,
    },
    JournalWritten,
    Digested(Vec<u8>),
    /// One for each range.
    Checksums(Vec<u32>),
    /// The file at the path with the new name; `None` if there is none.
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

/// The three files as they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub target: Option<TargetFacts>,
    pub partial: Option<PartialFacts>,
    /// The journal's bytes; empty if there is none.
    pub journal: Vec<u8>,
    /// Another user owns the partial file or the journal, or can write to it: neither is of use.
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
    /// The record that [`crate::border::output::Publish`] had when this very file got its name, if the file has not changed since.
    pub record: Option<Vec<u8>>,
}
