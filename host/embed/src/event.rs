//! What happened to downloads, as it happens.

use std::time::Duration;

use crate::bindings::engine;
use crate::error::Failure;
use crate::types::DownloadStatus;

/// Something that happened to a download.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The download's `Id` property.
    pub download: String,
    pub what: Happening,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Happening {
    StatusChanged(DownloadStatus),
    /// Bytes were dropped and the file is fetched again from its start.
    Restarted(RestartReason),
    /// An attempt failed; another is made after `after`.
    Retrying {
        cause: Failure,
        after: Duration,
    },
    /// These bytes did not have their piece's digest, or were changed since an earlier run; they are fetched again.
    RangeDropped {
        offset: u64,
        length: u64,
    },
    /// A source is not asked any more; others are left.
    SourceDropped {
        /// Without user information and query.
        url: String,
        cause: Failure,
    },
    /// The digests that the integrity check info tells of cannot be had; the download goes on without them.
    Unchecked(Failure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RestartReason {
    /// The origin serves another version now.
    ContentChanged,
    /// Nothing proves that kept bytes belong to the version served now.
    NotProven,
    /// The origin's ranges cannot be used.
    RangesUnusable,
    /// The partial file or its journal is not as it was left.
    PartialDamaged,
    /// The bytes did not have the expected digest.
    DigestMismatch,
}

impl std::fmt::Display for RestartReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ContentChanged => "the origin serves another version now",
            Self::NotProven => "nothing proves that the kept bytes belong to this version",
            Self::RangesUnusable => "the origin's ranges cannot be used",
            Self::PartialDamaged => "the partial file is not as it was left",
            Self::DigestMismatch => "the content did not match the expected digest",
        })
    }
}

impl From<engine::RestartReason> for RestartReason {
    fn from(reason: engine::RestartReason) -> Self {
        match reason {
            engine::RestartReason::ContentChanged => Self::ContentChanged,
            engine::RestartReason::NotProven => Self::NotProven,
            engine::RestartReason::RangesUnusable => Self::RangesUnusable,
            engine::RestartReason::PartialDamaged => Self::PartialDamaged,
            engine::RestartReason::DigestMismatch => Self::DigestMismatch,
        }
    }
}
