//! Options of a transfer.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use crate::border::time::Instant;
use crate::http::exchange_fields::ExchangeFields;
use crate::parse::decryption_info::DecryptionInfo;
use crate::settings::transfer_options::TransferOptions;

/// Everything that a transfer needs to start.
#[derive(Clone)]
pub struct Options {
    pub chosen: TransferOptions,
    pub no_progress_timeout: Duration,
    pub allow_insecure_redirect: bool,
    /// The caller's request fields. Other origins than the URL's own get only the harmless ones.
    pub fields: Vec<(String, String)>,
    /// Authentication fields, sent only to the URL's own origin and only after it has challenged.
    pub auth_fields: Vec<(String, String)>,
    pub(crate) exchange: ExchangeFields,
    /// The output cannot be taken back, so the transfer uses one exchange at a time, from the first byte on.
    pub in_order: bool,
    /// Another engine may rename the file later, so the journal must record that the file is complete.
    pub non_volatile: bool,
    /// An earlier engine was renaming the file, which then had this length.
    pub may_be_published: Option<u64>,
    /// An earlier run left a partial file. If it is missing, this run fails.
    pub expects_partial: bool,
    pub decryption: Option<DecryptionInfo>,
    pub history: History,
}

/// Omits fields, which may hold passwords.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("chosen", &self.chosen).finish_non_exhaustive()
    }
}

/// The outcome of earlier turns of the same file.
#[derive(Clone, Copy, Debug, Default)]
pub struct History {
    /// Shortest wait after a failure.
    pub minimum_retry_delay: Duration,
    /// Time of the last byte, if it arrived in an earlier turn.
    pub silent_since: Option<Instant>,
    /// Failures since then.
    pub failures: u32,
}

/// The conditions under which a transfer gives up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    pub no_progress_timeout: Duration,
    /// Consecutive failures without progress before the engine drops a source.
    pub retries: Option<u32>,
    /// Shortest wait after a failure.
    pub minimum_retry_delay: Duration,
}
