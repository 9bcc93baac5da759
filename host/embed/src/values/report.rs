//! The counts of a download.

use crate::bindings::engine;

/// Counts of one download since its last start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    pub requests: u64,
    /// Bytes received and written.
    pub bytes_fetched: u64,
    /// Bytes that an earlier run had kept.
    pub bytes_resumed: u64,
    /// Times that everything was dropped and fetched again.
    pub restarts: u32,
    /// Exchanges in flight.
    pub connections: u32,
    /// The file was at the local path before, and is the wanted one.
    pub present: bool,
    /// A run that is interrupted now can be resumed.
    pub resumable: bool,
}

impl From<engine::Report> for Report {
    fn from(report: engine::Report) -> Self {
        Self {
            requests: report.requests,
            bytes_fetched: report.bytes_fetched,
            bytes_resumed: report.bytes_resumed,
            restarts: report.restarts,
            connections: report.connections,
            present: report.present,
            resumable: report.resumable,
        }
    }
}

/// How [`Engine::fetch`](crate::Engine::fetch) went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchReport {
    /// Length of the local file.
    pub bytes: u64,
    /// Bytes of it that an earlier run had kept.
    pub bytes_resumed: u64,
    /// All counts.
    pub counts: Report,
}
