//! The state of a download.

use crate::bindings::types;
use crate::error::Failure;

/// What the engine's states mean is in `wit/types.wit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DownloadState {
    Created,
    Transferring,
    /// All bytes are here; the file has its name only after finalize.
    Transferred,
    Finalized,
    Aborted,
    Paused,
}

/// A snapshot of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadStatus {
    /// Bytes of the local file when it is complete; zero while that is not known.
    pub bytes_total: u64,
    /// Bytes of the local file that are written.
    pub bytes_transferred: u64,
    pub state: DownloadState,
    /// With `Paused`: the error that stopped the download for good.
    pub error: Option<Failure>,
    /// With `Paused`: the error after which the engine goes on by itself.
    pub extended_error: Option<Failure>,
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

impl From<types::DownloadStatus> for DownloadStatus {
    fn from(status: types::DownloadStatus) -> Self {
        Self {
            bytes_total: status.bytes_total,
            bytes_transferred: status.bytes_transferred,
            state: match status.state {
                types::DownloadState::Created => DownloadState::Created,
                types::DownloadState::Transferring => DownloadState::Transferring,
                types::DownloadState::Transferred => DownloadState::Transferred,
                types::DownloadState::Finalized => DownloadState::Finalized,
                types::DownloadState::Aborted => DownloadState::Aborted,
                types::DownloadState::Paused => DownloadState::Paused,
            },
            error: status.error.map(Failure::from),
            extended_error: status.extended_error.map(Failure::from),
        }
    }
}
