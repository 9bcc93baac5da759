//! The workload of a row: files, network, parallelism.

use std::time::Duration;

/// The downloaded files, all of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Files {
    pub count: usize,
    pub length: u64,
}

/// The network between nginx and the programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Server {
    pub secure: bool,
    /// The rate limit of a connection, in nginx's notation.
    pub rate: Option<&'static str>,
    pub round_trip: Option<Duration>,
    /// The size of each chunk in bytes; a chunking server replaces nginx.
    pub chunk: Option<usize>,
}

/// The parallelism of a row.
#[derive(Clone, Copy, Debug)]
pub struct Transfers {
    pub files: u32,
    /// Connections per file for haul; it chooses if `None`.
    pub connections: Option<u32>,
    /// Connections per file for its peers, which do not choose.
    pub connections_of_peers: u32,
}

impl Transfers {
    /// One file over this many connections.
    pub const fn one(connections: u32) -> Self {
        Self { files: 1, connections: Some(connections), connections_of_peers: connections }
    }
}
