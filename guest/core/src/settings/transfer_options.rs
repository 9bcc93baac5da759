//! Options of a download that have no DO property.

use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::durability::Durability;
use crate::content::digest::ExpectedDigest;
use crate::content::pieces::Pieces;
use crate::parse::url::Url;

/// The caller's choices beyond DO's properties.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransferOptions {
    /// Segments in flight; `None` lets the engine decide.
    pub connections: Option<u32>,
    /// Whether a file at the target may be replaced.
    pub overwrite: bool,
    /// Whether to discard bytes that an earlier run kept.
    pub fresh: bool,
    /// Digests that the local file must have.
    pub expected: Vec<ExpectedDigest>,
    /// Consecutive failures without progress before the engine gives up a source; `None` leaves that to the no-progress timeout.
    pub retries: Option<u32>,
    /// Bytes per second.
    pub max_rate: Option<u64>,
    /// Replaces the property, whose smallest value is 60 seconds.
    pub no_progress_timeout: Option<Duration>,
    pub durability: Durability,
    /// Other URLs of the same content.
    pub mirrors: Vec<Url>,
    /// Digests of the pieces of the whole file.
    pub pieces: Option<Pieces>,
    /// Length that the content must have, in bytes.
    pub length: Option<u64>,
    /// Limit on the length of the local file, in bytes.
    pub max_length: Option<u64>,
    /// Bytes per second; a slower transfer counts as no progress.
    pub min_rate: Option<u64>,
    /// Whether the URL replaces the one under which an earlier run kept bytes.
    pub refreshed: bool,
    /// Whether the origin may name the file.
    pub origin_names: bool,
}
