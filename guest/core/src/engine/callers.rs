//! Whose downloads there are, and finding them again.

use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use crate::download::Download;
use crate::failure::Cause;
use crate::identity::DownloadId;
use crate::property::{Property, PropertyId};
use crate::url::Url;

/// Most downloads of one caller.
const MOST_DOWNLOADS: usize = 100_000;

/// Most bytes that one caller's downloads may have set, and those of all callers.
const MOST_BYTES: usize = 16 << 20;
const MOST_BYTES_OF_ALL: usize = 48 << 20;

/// What one caller has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Account {
    downloads: usize,
    bytes: usize,
}

/// DO_DOWNLOAD_ENUM_CATEGORY: a property and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Category {
    Id(String),
    Uri(String),
    ContentId(String),
    DisplayName(String),
    LocalPath(String),
}

impl Category {
    fn holds(&self, download: &Download) -> bool {
        let is = |id, wanted: &str| match download.property(id) {
            Ok(
                Property::Id(found)
                | Property::Uri(found)
                | Property::ContentId(found)
                | Property::DisplayName(found)
                | Property::LocalPath(found),
            ) => found == wanted,
            _ => false,
        };
        match self {
            Self::Id(id) => is(PropertyId::Id, id),
            Self::Uri(url) => is(PropertyId::Uri, Url::parse(url).as_ref().map_or("", Url::as_str)),
            Self::ContentId(id) => is(PropertyId::ContentId, id),
            Self::DisplayName(name) => is(PropertyId::DisplayName, name),
            Self::LocalPath(path) => is(PropertyId::LocalPath, path),
        }
    }
}

impl Engine {
    /// A new download, Created; `id` is its identity for callers.
    ///
    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] where the caller has 100,000 already.
    pub fn create(&mut self, id: String, caller: String) -> Result<DownloadId, Cause> {
        if self.accounts.get(&caller).is_some_and(|account| account.downloads >= MOST_DOWNLOADS) {
            return Err(Cause::TooManyDownloads);
        }
        Ok(self.add(Download::new(id, caller)))
    }

    pub(super) fn add(&mut self, download: Download) -> DownloadId {
        let account = self.accounts.entry(download.caller().into()).or_default();
        account.downloads += 1;
        account.bytes += download.footprint();
        self.next_download += 1;
        let id = DownloadId(self.next_download);
        self.downloads.insert(id, download);
        id
    }

    /// Counts what was set for a download, which had `before` bytes.
    ///
    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] where that is more than its caller, or all of them, may have.
    pub(super) fn charge(&mut self, download: DownloadId, before: usize) -> Result<(), Cause> {
        let Some(known) = self.downloads.get(&download) else { return Ok(()) };
        let all: usize = self.accounts.values().map(|account| account.bytes).sum();
        let account = self.accounts.entry(known.caller().into()).or_default();
        let (bytes, footprint) = (account.bytes.saturating_sub(before), known.footprint());
        let grows = footprint > before;
        let too_many = bytes + footprint > MOST_BYTES || all - before.min(all) + footprint > MOST_BYTES_OF_ALL;
        if grows && too_many {
            return Err(Cause::TooManyDownloads);
        }
        account.bytes = bytes + footprint;
        Ok(())
    }

    pub(super) fn discharge(&mut self, forgotten: &Download) {
        if let Some(account) = self.accounts.get_mut(forgotten.caller()) {
            account.downloads = account.downloads.saturating_sub(1);
            account.bytes = account.bytes.saturating_sub(forgotten.footprint());
            if account.downloads == 0 {
                self.accounts.remove(forgotten.caller());
            }
        }
    }

    /// The downloads of one caller that have not ended, in the order of their creation.
    ///
    /// # Errors
    ///
    /// [`Cause::NoDownloads`] where there is none.
    pub fn downloads_of(&self, caller: &str, category: Option<&Category>) -> Result<Vec<DownloadId>, Cause> {
        let its = self.downloads.iter().filter(|(_, download)| download.caller() == caller && !download.is_over());
        let found = its.filter(|(_, download)| category.is_none_or(|category| category.holds(download)));
        let found: Vec<_> = found.map(|(id, _)| *id).collect();
        if found.is_empty() { Err(Cause::NoDownloads) } else { Ok(found) }
    }
}
