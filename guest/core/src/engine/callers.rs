//! Creation and enumeration of callers' downloads.

use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use crate::border::identity::DownloadId;
use crate::download::Download;
use crate::failure::Cause;
use crate::parse::url::Url;
use crate::settings::property::{Property, PropertyId};

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
    /// A new download in the state Created; `id` identifies it to callers.
    ///
    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] if the caller already has 10,000, or all callers together have 40,000.
    pub fn create(&mut self, id: String, caller: String) -> Result<DownloadId, Cause> {
        self.tenants.require_room_for_download(&caller)?;
        Ok(self.add(Download::new(id, caller)))
    }

    pub(super) fn add(&mut self, mut download: Download) -> DownloadId {
        self.tenants.count_download(&mut download);
        let id = self.outbox.new_download();
        self.downloads.insert(id, download);
        id
    }

    /// [`Tenants::charge`](super::tenants::Tenants::charge) for a download that may already be forgotten.
    pub(super) fn charge(&mut self, download: DownloadId, more: usize) -> Result<(), Cause> {
        let known = self.downloads.get_mut(&download);
        known.map_or(Ok(()), |known| self.tenants.charge(known, more))
    }

    /// The open downloads of one caller, in order of creation.
    ///
    /// # Errors
    ///
    /// [`Cause::NoDownloads`] if there is none.
    pub fn downloads_of(&self, caller: &str, category: Option<&Category>) -> Result<Vec<DownloadId>, Cause> {
        let its = self
            .downloads
            .iter()
            .filter(|(_, known)| known.caller() == caller && !known.is_over() && !known.is_for_job());
        let found = its.filter(|(_, download)| category.is_none_or(|category| category.holds(download)));
        let found: Vec<_> = found.map(|(id, _)| *id).collect();
        if found.is_empty() { Err(Cause::NoDownloads) } else { Ok(found) }
    }
}
