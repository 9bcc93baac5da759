//! A file of a job: how it is added, and how far it is.

use std::fmt;
use std::path::PathBuf;

use super::TransferOptions;
use crate::bindings::{engine, types};
use crate::error::Failure;
use crate::mirror::{mirrored_enum, mirrored_record};

/// A file to be added: BG_FILE_INFO.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FileInfo {
    /// The URL.
    pub remote_name: String,
    /// The path that the file has once the job is completed, in a granted directory.
    pub local_name: PathBuf,
}

/// The URL may hold a password, and is not shown.
impl fmt::Debug for FileInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileInfo").field("local_name", &self.local_name).finish_non_exhaustive()
    }
}

impl FileInfo {
    pub fn new(remote_name: impl Into<String>, local_name: impl Into<PathBuf>) -> Self {
        Self { remote_name: remote_name.into(), local_name: local_name.into() }
    }
}

/// A file to be added, with all that can be said of it.
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NewFile {
    /// Any text of at most 4,096 visible characters that no other file of the job has; `None` for the URL.
    pub file_id: Option<String>,
    /// The URL.
    pub remote_name: String,
    /// The path that the file has once the job is completed, in a granted directory.
    pub local_name: PathBuf,
    /// The local file receives these in this order, back to back; none at all means the whole file.
    #[cfg_attr(feature = "serde", serde(default))]
    pub ranges: Vec<FileRange>,
    /// Bytes of the content, if they are known.
    pub file_size: Option<u64>,
    /// How it is fetched.
    pub options: Option<TransferOptions>,
}

/// The URL may hold a password, and is not shown; nor is the id, which may be the URL.
impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("NewFile");
        shown.field("local_name", &self.local_name).field("options", &self.options).finish_non_exhaustive()
    }
}

impl NewFile {
    /// A whole file, fetched as any.
    pub fn new(remote_name: impl Into<String>, local_name: impl Into<PathBuf>) -> Self {
        let (remote_name, local_name) = (remote_name.into(), local_name.into());
        Self { file_id: None, remote_name, local_name, ranges: Vec::new(), file_size: None, options: None }
    }

    /// `local_name`: as the component knows it.
    pub(crate) fn into_wit(self, local_name: String) -> engine::NewFile {
        engine::NewFile {
            file_id: self.file_id,
            remote_url: self.remote_name,
            local_name,
            ranges: self.ranges.into_iter().map(Into::into).collect(),
            file_size: self.file_size,
            options: self.options.map(Into::into),
        }
    }
}

mirrored_record! {
    /// A part of a file, in bytes: BG_FILE_RANGE.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    FileRange = types::FileRange {
        initial_offset: u64,
        /// Not zero; `None` for everything up to the end.
        length: Option<u64>,
    }
}

mirrored_record! {
    /// How far a file is: BG_FILE_PROGRESS.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    FileProgress = types::FileProgress {
        /// Bytes of the file, or of its ranges; `None` while that is not known.
        bytes_total: Option<u64>,
        bytes_transferred: u64,
        /// The file has its name: the job was completed.
        completed: bool,
    }
}

mirrored_enum! {
    /// The state of a file of a job.
    #[non_exhaustive]
    FileState = engine::FileState {
        /// Waits for its turn.
        Waiting,
        Transferring,
        /// Waits to be tried again.
        Retrying,
        Transferred,
        /// Stopped by a failure that the owner of the job has to mend.
        Failed,
        /// Has its name, or was dropped at the end of the job.
        Over,
    }
}

mirrored_record! {
    /// A file of a job at a glance.
    #[derive(Clone, PartialEq, Eq)]
    #[non_exhaustive]
    FileDescription = engine::FileDescription {
        /// The URL, with its password, for a file that was added without an id.
        file_id: String,
        /// The URL without user information and query.
        remote_name: Option<String>,
        local_name: Option<PathBuf>,
        state: FileState,
        progress: FileProgress,
        /// In [`FileState::Retrying`] and [`FileState::Failed`].
        error: Option<Failure>,
    }
}

/// Without the id, which may hold a password.
impl fmt::Debug for FileDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileDescription")
            .field("remote_name", &self.remote_name)
            .field("local_name", &self.local_name)
            .field("state", &self.state)
            .field("progress", &self.progress)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
