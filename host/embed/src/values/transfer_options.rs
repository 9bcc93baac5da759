//! haul's own options of a transfer.

use std::fmt;
use std::time::Duration;

use super::{ExpectedDigest, Pieces};
use crate::bindings::engine;
use crate::mirror::{Milliseconds, mirrored_enum, mirrored_record};

mirrored_enum! {
    /// The event that kept bytes survive.
    #[derive(Default)]
    Durability = engine::Durability {
        /// Loss of power.
        #[default]
        Power,
        /// The death of the process only.
        Process,
    }
}

mirrored_record! {
    /// Options that haul adds to the properties of Delivery Optimization; `wit/engine.wit` has the details.
    #[derive(Clone, Default)]
    #[cfg_attr(feature = "serde", serde(default))]
    TransferOptions = engine::TransferOptions {
        /// Segments in flight at most; `None` lets the engine choose.
        connections: Option<u32>,
        /// A file at the local path may be replaced.
        overwrite: bool,
        /// Bytes that an earlier run kept are not used.
        fresh: bool,
        expected: Vec<ExpectedDigest>,
        /// Failures in a row before the download fails; `None` leaves it to the no-progress timeout.
        retries: Option<u32>,
        /// Bytes per second.
        max_rate: Option<u64>,
        /// In place of the property of that name, without its lower limit.
        no_progress_timeout: Option<Duration> as Milliseconds,
        durability: Durability,
        /// Other URLs for the same content. With digests or pieces several are asked at the same time.
        mirrors: Vec<String>,
        /// Digests of the pieces of the whole file: a bad piece alone is fetched again.
        pieces: Option<Pieces>,
        /// Bytes that the content must have.
        length: Option<u64>,
        /// Most bytes that the local file may have; a larger one fails with ERROR_FILE_TOO_LARGE.
        max_length: Option<u64>,
        /// Bytes per second below which arriving counts as no progress.
        min_rate: Option<u64>,
        /// The URL is a new one for the content that an earlier run began.
        refreshed: bool,
        /// The origin may name the file.
        origin_names: bool,
    }
}

/// Mirrors may hold passwords, and are counted only.
impl fmt::Debug for TransferOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferOptions")
            .field("connections", &self.connections)
            .field("overwrite", &self.overwrite)
            .field("expected", &self.expected)
            .field("mirrors", &self.mirrors.len())
            .finish_non_exhaustive()
    }
}
