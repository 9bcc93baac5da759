//! How a file is to be fetched.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::decryption_info::DecryptionInfo;
use crate::digest::ExpectedDigest;
use crate::durability::Durability;
use crate::exchange_fields::ExchangeFields;
use crate::pieces::Pieces;
use crate::time::Instant;
use crate::url::Url;

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

/// Everything that a transfer must know to begin.
#[derive(Clone, Debug)]
pub struct Options {
    pub chosen: TransferOptions,
    pub no_progress_timeout: Duration,
    pub allow_insecure_redirect: bool,
    /// The caller's request fields; they go to the URL's own origin only, but for harmless ones.
    pub fields: Vec<(String, String)>,
    /// Fields that go to the URL's own origin once that has asked who is there.
    pub auth_fields: Vec<(String, String)>,
    pub(crate) exchange: ExchangeFields,
    /// Bytes go where they cannot be taken back from: one exchange at a time, from the first byte on.
    pub in_order: bool,
    /// The file may wait for its name until another engine comes: a journal then says that it is whole.
    pub non_volatile: bool,
    /// An earlier engine was giving the file its name, when it had this length.
    pub may_be_published: Option<u64>,
    /// An earlier run left a partial file, and without it this one fails.
    pub expects_partial: bool,
    pub decryption: Option<DecryptionInfo>,
    pub history: History,
}

/// What earlier turns of the same file have come to.
#[derive(Clone, Copy, Debug, Default)]
pub struct History {
    /// Shortest wait after a failure.
    pub minimum_retry_delay: Duration,
    /// When the last byte came, where that was in an earlier turn.
    pub silent_since: Option<Instant>,
    /// Failures since then.
    pub failures: u32,
}

/// How long a transfer that has begun goes on trying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub no_progress_timeout: Duration,
    /// Failures in a row without progress before a source is given up.
    pub retries: Option<u32>,
    /// Shortest wait after a failure.
    pub minimum_retry_delay: Duration,
}
