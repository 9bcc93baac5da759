//! Events of downloads and jobs.

use std::time::Duration;

use super::DownloadStatus;
use crate::bindings::engine;
use crate::error::Failure;
use crate::mirror::named_enum;

/// A change of a download, a job or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Event {
    pub subject: Subject,
    pub what: Happening,
}

/// The subject of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Subject {
    /// A download, by its `Id` property.
    Download(String),
    /// A job, by its id.
    Job(String),
    /// A file of a job, by the job's id and the file's number, counted from 0 in the order in which files were added.
    File { job: String, index: u32 },
}

impl Subject {
    /// The id of the download that it is about.
    pub fn download(&self) -> Option<&str> {
        match self {
            Self::Download(id) => Some(id),
            Self::Job(_) | Self::File { .. } => None,
        }
    }

    /// The id of the job that it is about, or one of whose files.
    pub fn job(&self) -> Option<&str> {
        match self {
            Self::Job(id) | Self::File { job: id, .. } => Some(id),
            Self::Download(_) => None,
        }
    }
}

impl From<engine::Subject> for Subject {
    fn from(subject: engine::Subject) -> Self {
        match subject {
            engine::Subject::Download(id) => Self::Download(id),
            engine::Subject::Job(id) => Self::Job(id),
            engine::Subject::File((job, index)) => Self::File { job, index },
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Happening {
    /// Of a download.
    StatusChanged(DownloadStatus),
    /// Of a job: its state, its progress, its files or its settings; for progress twice a second at most. Of a file: its state.
    /// [`Job::describe`](crate::Job::describe) and [`Job::describe_files`](crate::Job::describe_files) return the present values.
    Changed,
    /// Every file of a job is here, and its callback is called.
    JobTransferred,
    /// A job is in [`JobState::Error`](crate::JobState::Error), and its callback is called.
    JobError,
    /// The callback of a job is called for a modification.
    JobModification,
    /// A job belongs to another caller now, and the callback of the one before is not called any more.
    OwnerChanged,
    /// Bytes were dropped and the file is fetched again from its start.
    Restarted(RestartReason),
    /// An attempt failed; another is made after `after`.
    Retrying { cause: Failure, after: Duration },
    /// These bytes did not have their piece's digest, or were changed since an earlier run; they are fetched again.
    RangeDropped { offset: u64, length: u64 },
    /// A source is not asked any more; others are left.
    SourceDropped {
        /// Without user information and query.
        url: String,
        cause: Failure,
    },
    /// The digests that the integrity check info tells of cannot be had; the download goes on without them.
    Unchecked(Failure),
}

named_enum! {
    #[non_exhaustive]
    RestartReason = engine::RestartReason {
        /// The origin serves another version now.
        ContentChanged = "content-changed",
        /// Nothing proves that kept bytes belong to the version served now.
        NotProven = "not-proven",
        /// The origin's ranges cannot be used.
        RangesUnusable = "ranges-unusable",
        /// The partial file or its journal is not as it was left.
        PartialDamaged = "partial-damaged",
        /// The bytes did not have the expected digest.
        DigestMismatch = "digest-mismatch",
    }
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
