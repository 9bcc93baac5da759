//! How a file is to be fetched.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::border::time::Instant;
use crate::http::exchange_fields::ExchangeFields;
use crate::parse::decryption_info::DecryptionInfo;
use crate::settings::transfer_options::TransferOptions;

/// Everything that a transfer must know to begin.
#[derive(Clone)]
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

/// Fields may hold passwords.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("chosen", &self.chosen).finish_non_exhaustive()
    }
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

/// When a transfer stops trying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    pub no_progress_timeout: Duration,
    /// Failures in a row without progress before a source is given up.
    pub retries: Option<u32>,
    /// Shortest wait after a failure.
    pub minimum_retry_delay: Duration,
}
