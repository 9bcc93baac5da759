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
        let count = self.counts.entry(caller.clone()).or_default();
        if *count >= MOST_DOWNLOADS {
            return Err(Cause::TooManyDownloads);
        }
        *count += 1;
        Ok(self.add(Download::new(id, caller)))
    }

    pub(super) fn add(&mut self, download: Download) -> DownloadId {
        self.next_download += 1;
        let id = DownloadId(self.next_download);
        self.downloads.insert(id, download);
        id
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
