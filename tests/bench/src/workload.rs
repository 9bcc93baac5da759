//! The workload of a row: files, network, parallelism.

use std::time::Duration;

/// The downloaded files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Files {
    pub count: usize,
    pub lengths: Lengths,
}

/// Lengths of files in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lengths {
    Equal(u64),
    /// Log-uniform between two lengths, in an order that mixes them.
    Between(u64, u64),
}

impl Files {
    pub fn length(&self, file: usize) -> u64 {
        match self.lengths {
            Lengths::Equal(length) => length,
            Lengths::Between(shortest, longest) => {
                // The factor and the number of files have no common divisor, so each length occurs once.
                let place = (file * 73) % self.count;
                let part = place as f64 / (self.count - 1).max(1) as f64;
                (shortest as f64 * (longest as f64 / shortest as f64).powf(part)) as u64
            }
        }
    }

    /// The place of a file in the content, which has one file after the other.
    pub fn begin(&self, file: usize) -> u64 {
        match self.lengths {
            Lengths::Equal(length) => file as u64 * length,
            Lengths::Between(..) => (0..file).map(|earlier| self.length(earlier)).sum(),
        }
    }

    pub fn total(&self) -> u64 {
        self.begin(self.count)
    }
}

/// The network between nginx and the programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Server {
    pub secure: bool,
    /// The rate limit of a connection, in nginx's notation.
    pub rate: Option<&'static str>,
    pub round_trip: Option<Duration>,
    /// Requests at the same time beyond which nginx answers 429.
    pub most: Option<u32>,
    /// The size of each chunk in bytes; a chunking server replaces nginx.
    pub chunk: Option<usize>,
}

/// The parallelism of a row.
#[derive(Clone, Copy, Debug)]
pub struct Transfers {
    /// Files at the same time; each program has its default if `None`.
    pub files: Option<u32>,
    /// Connections per file for haul; it chooses if `None`.
    pub connections: Option<u32>,
    /// Connections per file for its peers, which do not choose.
    pub connections_of_peers: u32,
}

impl Transfers {
    /// One file over this many connections.
    pub const fn one(connections: u32) -> Self {
        Self { files: Some(1), connections: Some(connections), connections_of_peers: connections }
    }

    /// All choices are the program's own.
    pub const DEFAULT: Self = Self { files: None, connections: None, connections_of_peers: 1 };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Files, Lengths};

    #[test]
    fn mixed_lengths_are_spread_over_their_range() {
        let files = Files { count: 200, lengths: Lengths::Between(1 << 10, 64 << 20) };
        let lengths: BTreeSet<_> = (0..200).map(|file| files.length(file)).collect();
        assert_eq!((lengths.len(), lengths.first(), lengths.last()), (200, Some(&(1 << 10)), Some(&(64 << 20))));
        assert_eq!(files.begin(2), files.length(0) + files.length(1));
    }
}
