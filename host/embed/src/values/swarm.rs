//! Sources of a file's bytes, as DO counts them.

use std::time::Duration;

use crate::bindings::types;
use crate::mirror::mirrored_enum;

mirrored_enum! {
    /// DownloadMode: where DO would look for the bytes of a file.
    #[non_exhaustive]
    DownloadMode = types::DownloadMode {
        CdnOnly,
        Lan,
        Group,
        Internet,
        /// No peers and no services, only the source.
        Simple,
        Bypass,
    }
}

mirrored_enum! {
    /// SwarmStatus.
    #[non_exhaustive]
    SwarmStatus = types::SwarmStatus {
        Downloading,
        Complete,
        Caching,
        Paused,
    }
}

/// Where the bytes of a file came from: DOSwarmStats. haul has no peers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SwarmStats {
    pub file_id: String,
    pub source_url: String,
    /// In bytes; zero while it is not known.
    pub file_size: u64,
    /// What was received, whatever became of it.
    pub total_bytes_downloaded: u64,
    pub bytes_from_lan_peers: u64,
    pub bytes_from_group_peers: u64,
    pub bytes_from_internet_peers: u64,
    pub bytes_from_http: u64,
    /// Internal to DO.
    pub bytes_from_doinc: u64,
    pub bytes_to_lan_peers: u64,
    pub bytes_to_group_peers: u64,
    pub bytes_to_internet_peers: u64,
    /// Exchanges in flight.
    pub http_connection_count: u32,
    /// Internal to DO.
    pub doinc_connection_count: u32,
    pub lan_connection_count: u32,
    pub group_connection_count: u32,
    pub internet_connection_count: u32,
    /// Time in which the file had its turn.
    pub download_duration: Duration,
    pub download_mode: DownloadMode,
    pub status: SwarmStatus,
    pub is_background: bool,
}

impl From<types::SwarmStats> for SwarmStats {
    fn from(stats: types::SwarmStats) -> Self {
        Self {
            file_id: stats.file_id,
            source_url: stats.source_url,
            file_size: stats.file_size,
            total_bytes_downloaded: stats.total_bytes_downloaded,
            bytes_from_lan_peers: stats.bytes_from_lan_peers,
            bytes_from_group_peers: stats.bytes_from_group_peers,
            bytes_from_internet_peers: stats.bytes_from_internet_peers,
            bytes_from_http: stats.bytes_from_http,
            bytes_from_doinc: stats.bytes_from_doinc,
            bytes_to_lan_peers: stats.bytes_to_lan_peers,
            bytes_to_group_peers: stats.bytes_to_group_peers,
            bytes_to_internet_peers: stats.bytes_to_internet_peers,
            http_connection_count: stats.http_connection_count,
            doinc_connection_count: stats.doinc_connection_count,
            lan_connection_count: stats.lan_connection_count,
            group_connection_count: stats.group_connection_count,
            internet_connection_count: stats.internet_connection_count,
            download_duration: Duration::from_millis(stats.download_duration.into()),
            download_mode: stats.download_mode.into(),
            status: stats.status.into(),
            is_background: stats.is_background,
        }
    }
}
