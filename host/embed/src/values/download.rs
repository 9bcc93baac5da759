//! The state of a download.

use crate::bindings::types;
use crate::error::Failure;
use crate::mirror::{mirrored_enum, mirrored_record};

mirrored_enum! {
    /// The state of a download; `wit/types.wit` has the meaning of each.
    #[non_exhaustive]
    DownloadState = types::DownloadState {
        Created,
        Transferring,
        /// All bytes are here; the file has its name only after finalize.
        Transferred,
        Finalized,
        Aborted,
        Paused,
    }
}

mirrored_record! {
    /// A snapshot of a download.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    DownloadStatus = types::DownloadStatus {
        /// Bytes of the local file when it is complete; zero while that is not known.
        bytes_total: u64,
        /// Bytes of the local file that are written.
        bytes_transferred: u64,
        state: DownloadState,
        /// With `Paused`: the error that stopped the download for good.
        error: Option<Failure>,
        /// With `Paused`: the error after which the engine goes on by itself.
        extended_error: Option<Failure>,
    }
}

impl DownloadStatus {
    /// Whether bytes move, or will move without a call.
    pub fn is_under_way(&self) -> bool {
        self.state == DownloadState::Transferring || self.extended_error.is_some()
    }

    /// Whether the download will not change any more by itself.
    pub fn is_ended(&self) -> bool {
        match self.state {
            DownloadState::Transferred | DownloadState::Finalized | DownloadState::Aborted => true,
            DownloadState::Paused => self.extended_error.is_none(),
            DownloadState::Created | DownloadState::Transferring => false,
        }
    }
}
