//! The record of a non-volatile download, from which the next engine continues.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::layout::Wanted;
use crate::parse::url::{Url, may_hold_secrets};
use crate::settings::property::Properties;
use crate::settings::transfer_options::TransferOptions;

/// The record of a download in the state directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredDownload {
    pub id: String,
    pub caller: String,
    pub properties: Properties,
    pub options: TransferOptions,
    pub uri_renewed: bool,
    pub stage: Stage,
    pub wanted: Option<Wanted>,
    pub has_partial: bool,
    /// Length of the local file in bytes; zero while it is unknown.
    pub total: u64,
    /// Written bytes of it.
    pub transferred: u64,
}

/// Progress of the download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    Created,
    /// Transferring or paused.
    Begun,
    Transferred,
    /// The rename has begun or is done.
    Publishing,
}

impl StoredDownload {
    pub fn secrets(&self) -> Secrets {
        let set = &self.properties;
        let urls = || set.uri.iter().chain(&self.options.mirrors).chain(set.integrity.iter().map(|info| &info.url));
        let in_fields = !set.custom_headers.expose().is_empty() || !set.auth_headers.expose().is_empty();
        let is_key = !set.security_context.expose().is_empty() || set.decryption.is_some();
        let holds_some = in_fields || is_key || urls().any(|url| may_hold_secrets(url.as_str()));
        let texts = (&set.custom_headers, &set.auth_headers, &set.security_context, &set.decryption);
        let urls: Vec<_> = urls().map(Url::as_str).collect();
        let checksum = || crc32fast::hash(&postcard::to_allocvec(&(texts, urls)).unwrap_or_default());
        Secrets(holds_some.then(checksum))
    }
}

/// A checksum of the secrets in a record's headers, URLs and keys; `None` if it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets(Option<u32>);

impl Secrets {
    pub const fn is_empty(self) -> bool {
        self.0.is_none()
    }

    /// Whether replacing a record with these secrets by one with `new` leaves a secret in the file.
    pub fn are_left_by(self, new: Self) -> bool {
        !self.is_empty() && self != new
    }
}
