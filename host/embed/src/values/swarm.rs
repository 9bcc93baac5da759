//! Sources of a file's bytes, as DO counts them.

use std::time::Duration;

use crate::bindings::types;
use crate::mirror::{Milliseconds, mirrored_enum, mirrored_record};

mirrored_enum! {
    /// DownloadMode: the sources that DO would use for a file.
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

mirrored_record! {
    /// The sources of the bytes of a file: DOSwarmStats. haul has no peers.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    SwarmStats = types::SwarmStats {
        file_id: String,
        source_url: String,
        /// In bytes; zero while it is not known.
        file_size: u64,
        /// All received bytes, those included that were dropped.
        total_bytes_downloaded: u64,
        bytes_from_lan_peers: u64,
        bytes_from_group_peers: u64,
        bytes_from_internet_peers: u64,
        bytes_from_http: u64,
        /// Internal to DO.
        bytes_from_doinc: u64,
        bytes_to_lan_peers: u64,
        bytes_to_group_peers: u64,
        bytes_to_internet_peers: u64,
        /// Exchanges in flight.
        http_connection_count: u32,
        /// Internal to DO.
        doinc_connection_count: u32,
        lan_connection_count: u32,
        group_connection_count: u32,
        internet_connection_count: u32,
        /// Time in which the file had its turn.
        download_duration: Duration as Milliseconds,
        download_mode: DownloadMode,
        status: SwarmStatus,
        is_background: bool,
    }
}
