//! How a file is to be fetched.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::digest::ExpectedDigest;
use crate::durability::Durability;
use crate::pieces::Pieces;
use crate::url::Url;

#[derive(Clone, Debug)]
pub struct Options {
    /// Segments in flight; `None` leaves it to the engine.
    pub connections: Option<u32>,
    /// A file at the target may be replaced.
    pub overwrite: bool,
    /// What an earlier run kept is not used.
    pub fresh: bool,
    pub expected: Vec<ExpectedDigest>,
    /// Failures in a row without progress before giving up; `None` leaves it to `no_progress_timeout`.
    pub retries: Option<u32>,
    pub no_progress_timeout: Duration,
    pub allow_insecure_redirect: bool,
    /// The caller's request fields; they go to the URL's own origin only, but for harmless ones.
    pub fields: Vec<(String, String)>,
    pub durability: Durability,
    /// Other URLs for the same content.
    pub mirrors: Vec<Url>,
    pub pieces: Option<Pieces>,
    /// Length that the representation must have, in bytes.
    pub length: Option<u64>,
    /// Bytes per second below which arriving is no progress.
    pub min_rate: Option<u64>,
    /// The URL is a new one for what an earlier run kept: a strong validator may prove those bytes.
    pub refreshed: bool,
    /// The origin may name the file.
    pub origin_names: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections: None,
            overwrite: false,
            fresh: false,
            expected: Vec::new(),
            retries: None,
            no_progress_timeout: Duration::from_secs(30 * 60),
            allow_insecure_redirect: false,
            fields: Vec::new(),
            durability: Durability::default(),
            mirrors: Vec::new(),
            pieces: None,
            length: None,
            min_rate: None,
            refreshed: false,
            origin_names: false,
        }
    }
}
