//! haul's own options of a transfer.

use std::fmt;
use std::time::Duration;

use super::{ExpectedDigest, Pieces};
use crate::bindings::engine;

/// What *kept* survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Loss of power.
    #[default]
    Power,
    /// The death of the process only.
    Process,
}

/// What haul offers beside the properties of Delivery Optimization; `wit/engine.wit` has the details.
#[derive(Clone, Default)]
pub struct TransferOptions {
    /// Segments in flight at most; `None` lets the engine choose.
    pub connections: Option<u32>,
    /// A file at the local path may be replaced.
    pub overwrite: bool,
    /// What an earlier run kept is not used.
    pub fresh: bool,
    pub expected: Vec<ExpectedDigest>,
    /// Failures in a row before the download fails; `None` leaves it to the no-progress timeout.
    pub retries: Option<u32>,
    /// Bytes per second.
    pub max_rate: Option<u64>,
    /// In place of the property of that name, without its lower limit.
    pub no_progress_timeout: Option<Duration>,
    pub durability: Durability,
    /// Other URLs for the same content. With digests or pieces several are asked at the same time.
    pub mirrors: Vec<String>,
    /// Digests of the pieces of the whole file: a bad piece alone is fetched again.
    pub pieces: Option<Pieces>,
    /// Bytes that the content must have.
    pub length: Option<u64>,
    /// Most bytes that the local file may have; a larger one fails with ERROR_FILE_TOO_LARGE.
    pub max_length: Option<u64>,
    /// Bytes per second below which arriving counts as no progress.
    pub min_rate: Option<u64>,
    /// The URL is a new one for what an earlier run kept.
    pub refreshed: bool,
    /// The origin may name the file.
    pub origin_names: bool,
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

impl From<TransferOptions> for engine::TransferOptions {
    fn from(options: TransferOptions) -> Self {
        Self {
            connections: options.connections,
            overwrite: options.overwrite,
            fresh: options.fresh,
            expected: options.expected.into_iter().map(Into::into).collect(),
            retries: options.retries,
            max_rate: options.max_rate,
            no_progress_timeout: options
                .no_progress_timeout
                .map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)),
            durability: match options.durability {
                Durability::Power => engine::Durability::Power,
                Durability::Process => engine::Durability::Process,
            },
            mirrors: options.mirrors,
            pieces: options.pieces.map(Into::into),
            length: options.length,
            max_length: options.max_length,
            min_rate: options.min_rate,
            refreshed: options.refreshed,
            origin_names: options.origin_names,
        }
    }
}
