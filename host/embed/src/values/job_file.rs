//! A file of a job: how it is added, and how far it is.

use std::fmt;
use std::path::PathBuf;

use super::TransferOptions;
use crate::bindings::{engine, types};
use crate::error::Failure;
use crate::mirror::mirrored_enum;

/// A file to be added: BG_FILE_INFO.
#[derive(Clone, PartialEq, Eq)]
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
#[non_exhaustive]
pub struct NewFile {
    /// Any text of at most 4,096 visible characters that no other file of the job has; `None` for the URL.
    pub file_id: Option<String>,
    /// The URL.
    pub remote_name: String,
    /// The path that the file has once the job is completed, in a granted directory.
    pub local_name: PathBuf,
    /// The local file receives these in this order, back to back; none at all means the whole file.
    pub ranges: Vec<FileRange>,
    /// Bytes of the content, where they are known.
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

/// A part of a file, in bytes: BG_FILE_RANGE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileRange {
    pub initial_offset: u64,
    /// Not zero; `None` for everything up to the end.
    pub length: Option<u64>,
}

impl From<FileRange> for types::FileRange {
    fn from(range: FileRange) -> Self {
        Self { initial_offset: range.initial_offset, length: range.length }
    }
}

impl From<types::FileRange> for FileRange {
    fn from(range: types::FileRange) -> Self {
        Self { initial_offset: range.initial_offset, length: range.length }
    }
}

/// How far a file is: BG_FILE_PROGRESS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileProgress {
    /// Bytes of the file, or of its ranges; `None` while that is not known.
    pub bytes_total: Option<u64>,
    pub bytes_transferred: u64,
    /// The file has its name: the job was completed.
    pub completed: bool,
}

impl From<types::FileProgress> for FileProgress {
    fn from(progress: types::FileProgress) -> Self {
        let types::FileProgress { bytes_total, bytes_transferred, completed } = progress;
        Self { bytes_total, bytes_transferred, completed }
    }
}

mirrored_enum! {
    /// Where a file of a job stands.
    #[non_exhaustive]
    FileState = engine::FileState {
        /// Waits for its turn.
        Waiting,
        Transferring,
        /// Waits to be tried again.
        Retrying,
        Transferred,
        /// Cannot be fetched until somebody does something about it.
        Failed,
        /// Has its name, or was dropped at the end of the job.
        Over,
    }
}

/// A file of a job at a glance.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileDescription {
    /// The URL, with its password, for a file that was added without an id.
    pub file_id: String,
    /// The URL without user information and query.
    pub remote_name: Option<String>,
    pub local_name: Option<PathBuf>,
    pub state: FileState,
    pub progress: FileProgress,
    /// In [`FileState::Retrying`] and [`FileState::Failed`].
    pub error: Option<Failure>,
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

impl From<engine::FileDescription> for FileDescription {
    fn from(file: engine::FileDescription) -> Self {
        Self {
            file_id: file.file_id,
            remote_name: file.remote_name,
            local_name: file.local_name.map(Into::into),
            state: file.state.into(),
            progress: file.progress.into(),
            error: file.error.map(Into::into),
        }
    }
}
