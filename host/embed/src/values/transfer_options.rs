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
    /// Options that haul adds to the properties of Delivery Optimization, for a download or a file of a job.
    #[derive(Clone, Default)]
    #[cfg_attr(feature = "serde", serde(default))]
    TransferOptions = engine::TransferOptions {
        /// Segments in flight at most, 1 to 64. Default: as many as make the transfer faster, 16 at most.
        connections: Option<u32>,
        /// A file at the local path may be replaced. Default: no.
        overwrite: bool,
        /// Bytes that an earlier run kept are not used. Default: they are.
        fresh: bool,
        /// Digests that the local file must have; otherwise the download fails and leaves no file. They also prove bytes that no validator
        /// proves, and an existing file at the local path.
        expected: Vec<ExpectedDigest>,
        /// Failures in a row, without a KiB from one exchange between them, before the download fails. Default: the no-progress timeout
        /// decides.
        retries: Option<u32>,
        /// Bytes per second at most. Default: no limit.
        max_rate: Option<u64>,
        /// Time without a byte after which the download fails with DO_E_DOWNLOAD_NO_PROGRESS: in place of the property of that name, and
        /// without its lower limit.
        no_progress_timeout: Option<Duration> as Milliseconds,
        /// The event that kept bytes survive. Default: loss of power.
        durability: Durability,
        /// Other URLs for the same content, at most 63. With digests or pieces several are used at the same time; without them another one
        /// is used only if one has failed for good.
        mirrors: Vec<String>,
        /// Digests of the pieces of the whole file: each piece is verified on arrival, and only a bad one is fetched again. Not used for
        /// ranges.
        pieces: Option<Pieces>,
        /// Bytes that the content must have; a source with another length is not used.
        length: Option<u64>,
        /// Most bytes that the local file may have; a larger one fails with ERROR_FILE_TOO_LARGE.
        max_length: Option<u64>,
        /// Bytes per second below which arriving counts as no progress.
        min_rate: Option<u64>,
        /// The URL is a new one for bytes that an earlier run kept. They are kept if a strong validator, a digest or pieces prove that the
        /// content is the same.
        refreshed: bool,
        /// The origin may name the file with Content-Disposition: the sanitised name replaces the last component of the local path, and never
        /// replaces a file.
        origin_names: bool,
        /// Time without a byte after which a run that has received none fails, with the failure of its last attempt. Default: the no-progress
        /// timeout. Not kept for a later engine, nor used for files of jobs.
        first_byte_timeout: Option<Duration> as Milliseconds,
        /// Digests that the origin states are neither verified nor used as proof.
        ignore_origin_digests: bool,
        /// Time after which a download fails whose host cannot be found or refuses connections, if no origin has answered and no bytes are
        /// kept from an earlier run; `None` leaves it to the no-progress timeout.
        unreachable_timeout: Option<Duration> as Milliseconds,
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
