//! The properties that DO adds to a file of a job.

use std::path::PathBuf;

use super::values::{DecryptionInfo, IntegrityCheckInfo};
use crate::bindings::delivery_optimization_file as file;

properties! {
    /// A property of a file: DOFilePropertyId.
    FilePropertyId = file::DoFilePropertyId,
    /// A property of a file with its value.
    #[derive(Clone, Debug, PartialEq, Eq)]
    FileProperty = file::DoFileProperty,
    {
        /// Write-only.
        DecryptionInfo(DecryptionInfo),
        /// Write-only.
        IntegrityCheckInfo(IntegrityCheckInfo),
        /// Default: false.
        IntegrityCheckMandatory(bool),
        /// Cannot be set: a job outlives its callers, and a stream does not.
        DownloadSinkInterface,
        /// The path of the file, in a granted directory; set once.
        DownloadSinkFilePath(PathBuf),
        /// Cannot be set.
        DownloadSinkMemoryStream,
        /// Bytes of the content.
        TotalSizeBytes(u64),
    }
}
