//! The options of a download that DO has no properties for.

use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::durability::Durability;
use crate::content::digest::ExpectedDigest;
use crate::content::pieces::Pieces;
use crate::parse::url::Url;

/// What a caller may choose beside DO's properties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransferOptions {
    /// Segments in flight; `None` leaves it to the engine.
    pub connections: Option<u32>,
    /// A file at the target may be replaced.
    pub overwrite: bool,
    /// What an earlier run kept is not used.
    pub fresh: bool,
    /// Digests that the local file must have.
    pub expected: Vec<ExpectedDigest>,
    /// Failures in a row without progress before a source is given up; `None` leaves it to the no-progress timeout.
    pub retries: Option<u32>,
    /// Bytes per second.
    pub max_rate: Option<u64>,
    /// In place of the property, whose shortest value is 60 seconds.
    pub no_progress_timeout: Option<Duration>,
    pub durability: Durability,
    /// Other URLs for the same content.
    pub mirrors: Vec<Url>,
    /// Digests of the pieces of the whole file.
    pub pieces: Option<Pieces>,
    /// Length that the content must have, in bytes.
    pub length: Option<u64>,
    /// Most bytes that the local file may have.
    pub max_length: Option<u64>,
    /// Bytes per second below which arriving is no progress.
    pub min_rate: Option<u64>,
    /// The URL is a new one for what an earlier run kept.
    pub refreshed: bool,
    /// The origin may name the file.
    pub origin_names: bool,
}
