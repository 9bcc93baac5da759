//! The counts of a download.

use crate::bindings::engine;
use crate::mirror::mirrored_record;

mirrored_record! {
    /// Counts of one download since its last start.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    #[non_exhaustive]
    Report = engine::Report {
        requests: u64,
        /// Bytes received and written.
        bytes_fetched: u64,
        /// Bytes that an earlier run had kept.
        bytes_resumed: u64,
        /// Times that everything was dropped and fetched again.
        restarts: u32,
        /// Exchanges in flight.
        connections: u32,
        /// The file was at the local path before, and is the wanted one.
        present: bool,
        /// A run that is interrupted now can be resumed.
        resumable: bool,
    }
}

/// How [`Engine::fetch`](crate::Engine::fetch) went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FetchReport {
    /// Length of the local file.
    pub bytes: u64,
    /// Bytes of it that an earlier run had kept.
    pub bytes_resumed: u64,
    /// All counts.
    pub counts: Report,
}
