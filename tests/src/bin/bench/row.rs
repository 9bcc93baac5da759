//! One thing that is measured.

use std::time::Duration;

use crate::contender::Contender;
use crate::place::Place;
use crate::target::Target;

/// Rows that belong together on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Large,
    Durable,
    Verified,
    Secure,
    Small,
    Capped,
    Delayed,
    Chunked,
}

impl Group {
    /// In the order of the page.
    pub const ALL: [Self; 8] = [
        Self::Large,
        Self::Durable,
        Self::Verified,
        Self::Secure,
        Self::Small,
        Self::Capped,
        Self::Delayed,
        Self::Chunked,
    ];
}

/// A workload, who takes part, and what is to be reached.
pub struct Row {
    pub name: String,
    pub title: String,
    pub group: Group,
    pub files: Files,
    pub place: Place,
    pub server: Server,
    pub transfers: Transfers,
    /// The files have to survive a loss of power.
    pub durable: bool,
    /// The files have to be verified by their SHA-256.
    pub verified: bool,
    pub contenders: Vec<Contender>,
    pub targets: Vec<Target>,
}

/// What is fetched: files of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Files {
    pub count: usize,
    pub length: u64,
}

/// What lies between nginx and the programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Server {
    pub secure: bool,
    /// The most that a connection gets in a second, as nginx is told.
    pub rate: Option<&'static str>,
    pub round_trip: Option<Duration>,
    /// Bytes of each chunk, from a server in the place of nginx.
    pub chunk: Option<usize>,
}

/// How much goes on at once.
#[derive(Clone, Copy, Debug)]
pub struct Transfers {
    pub files: u32,
    /// Connections for each file, as haul is told; it chooses for `None`.
    pub connections: Option<u32>,
    /// The same for its peers, which do not choose.
    pub connections_of_peers: u32,
}

impl Transfers {
    /// One file over so many connections.
    pub const fn one(connections: u32) -> Self {
        Self { files: 1, connections: Some(connections), connections_of_peers: connections }
    }
}
