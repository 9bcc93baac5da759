//! The properties that DO adds to a file of a job.

use std::path::PathBuf;

use super::values::{DecryptionInfo, IntegrityCheckInfo, Value};
use crate::bindings::delivery_optimization_file as file;

/// A property of a file: DOFilePropertyId.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FilePropertyId {
    DecryptionInfo,
    IntegrityCheckInfo,
    IntegrityCheckMandatory,
    DownloadSinkInterface,
    DownloadSinkFilePath,
    DownloadSinkMemoryStream,
    TotalSizeBytes,
}

/// A property of a file with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProperty {
    /// Write-only.
    DecryptionInfo(DecryptionInfo),
    /// Write-only.
    IntegrityCheckInfo(IntegrityCheckInfo),
    /// Default: false.
    IntegrityCheckMandatory(bool),
    /// Cannot be set: a job outlives its callers, and a stream does not.
    DownloadSinkInterface,
    /// Where the file goes, in a granted directory; set once.
    DownloadSinkFilePath(PathBuf),
    /// Cannot be set.
    DownloadSinkMemoryStream,
    /// Bytes of the content.
    TotalSizeBytes(u64),
}

impl From<FilePropertyId> for file::DoFilePropertyId {
    fn from(id: FilePropertyId) -> Self {
        match id {
            FilePropertyId::DecryptionInfo => Self::DecryptionInfo,
            FilePropertyId::IntegrityCheckInfo => Self::IntegrityCheckInfo,
            FilePropertyId::IntegrityCheckMandatory => Self::IntegrityCheckMandatory,
            FilePropertyId::DownloadSinkInterface => Self::DownloadSinkInterface,
            FilePropertyId::DownloadSinkFilePath => Self::DownloadSinkFilePath,
            FilePropertyId::DownloadSinkMemoryStream => Self::DownloadSinkMemoryStream,
            FilePropertyId::TotalSizeBytes => Self::TotalSizeBytes,
        }
    }
}

impl From<FileProperty> for file::DoFileProperty {
    fn from(property: FileProperty) -> Self {
        match property {
            FileProperty::DecryptionInfo(info) => Self::DecryptionInfo(info.to_wit()),
            FileProperty::IntegrityCheckInfo(info) => Self::IntegrityCheckInfo(info.to_wit()),
            FileProperty::IntegrityCheckMandatory(mandatory) => Self::IntegrityCheckMandatory(mandatory),
            FileProperty::DownloadSinkInterface => Self::DownloadSinkInterface,
            FileProperty::DownloadSinkFilePath(path) => Self::DownloadSinkFilePath(path.to_string_lossy().into()),
            FileProperty::DownloadSinkMemoryStream => Self::DownloadSinkMemoryStream,
            FileProperty::TotalSizeBytes(size) => Self::TotalSizeBytes(size),
        }
    }
}

impl From<file::DoFileProperty> for FileProperty {
    fn from(property: file::DoFileProperty) -> Self {
        match property {
            file::DoFileProperty::DecryptionInfo(info) => Self::DecryptionInfo(info.into()),
            file::DoFileProperty::IntegrityCheckInfo(info) => Self::IntegrityCheckInfo(info.into()),
            file::DoFileProperty::IntegrityCheckMandatory(mandatory) => Self::IntegrityCheckMandatory(mandatory),
            file::DoFileProperty::DownloadSinkInterface => Self::DownloadSinkInterface,
            file::DoFileProperty::DownloadSinkFilePath(path) => Self::DownloadSinkFilePath(path.into()),
            file::DoFileProperty::DownloadSinkMemoryStream => Self::DownloadSinkMemoryStream,
            file::DoFileProperty::TotalSizeBytes(size) => Self::TotalSizeBytes(size),
        }
    }
}
