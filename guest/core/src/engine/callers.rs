//! Whose downloads there are, and finding them again.

use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use crate::border::identity::DownloadId;
use crate::download::Download;
use crate::failure::Cause;
use crate::parse::url::Url;
use crate::settings::property::{Property, PropertyId};

/// Most downloads of one caller, and of all callers.
const MOST_DOWNLOADS: usize = 10_000;
const MOST_DOWNLOADS_OF_ALL: usize = 40_000;

/// Most bytes that one caller's downloads may have set, and those of all callers.
const MOST_BYTES: usize = 16 << 20;
const MOST_BYTES_OF_ALL: usize = 48 << 20;

/// Most bytes of the last responses' heads that are kept for one caller's downloads, and for those of all callers.
const MOST_HEADS: usize = 4 << 20;
const MOST_HEADS_OF_ALL: usize = 16 << 20;

/// Most jobs of one caller, and of all callers.
const MOST_JOBS: usize = 20_000;
const MOST_JOBS_OF_ALL: usize = 40_000;

/// Most bytes that one caller's jobs may have set, their files included, and those of all callers.
const MOST_BYTES_OF_JOBS: usize = 64 << 20;
const MOST_BYTES_OF_ALL_JOBS: usize = 96 << 20;

/// What one caller has, or all of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Account {
    downloads: usize,
    bytes: usize,
    /// Bytes of heads of responses.
    heads: usize,
    jobs: usize,
    bytes_of_jobs: usize,
}

impl Account {
    const fn is_empty(&self) -> bool {
        self.downloads == 0 && self.jobs == 0
    }
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
    /// [`Cause::TooManyDownloads`] where the caller has 10,000 already, or all callers have 40,000.
    pub fn create(&mut self, id: String, caller: String) -> Result<DownloadId, Cause> {
        let own = self.accounts.get(&caller).map_or(0, |account| account.downloads);
        if own >= MOST_DOWNLOADS || self.of_all.downloads >= MOST_DOWNLOADS_OF_ALL {
            return Err(Cause::TooManyDownloads);
        }
        Ok(self.add(Download::new(id, caller)))
    }

    pub(super) fn add(&mut self, mut download: Download) -> DownloadId {
        let account = self.accounts.entry(download.caller().into()).or_default();
        download.charged = download.footprint();
        for account in [account, &mut self.of_all] {
            account.downloads += 1;
            account.bytes += download.charged;
        }
        let id = self.outbox.new_download();
        self.downloads.insert(id, download);
        id
    }

    /// Counts what is set for a download now, and `more` bytes that are to come.
    ///
    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] where that is more than its caller, or all of them, may have; nothing is counted then.
    pub(super) fn charge(&mut self, download: DownloadId, more: usize) -> Result<(), Cause> {
        let Some(known) = self.downloads.get_mut(&download) else { return Ok(()) };
        let (charged, due) = (known.charged, known.footprint() + more);
        let account = self.accounts.entry(known.caller().into()).or_default();
        let (bytes, all) = (account.bytes - charged + due, self.of_all.bytes - charged + due);
        if due > charged && (bytes > MOST_BYTES || all > MOST_BYTES_OF_ALL) {
            return Err(Cause::TooManyDownloads);
        }
        (account.bytes, self.of_all.bytes, known.charged) = (bytes, all, due);
        Ok(())
    }

    /// Counts the head of the last response to `download`. A head for which its caller, or all of them, have no room left is not kept:
    /// an origin may send 1 MiB of it to every download.
    pub(super) fn charge_head(&mut self, download: DownloadId) {
        let Some(known) = self.downloads.get_mut(&download) else { return };
        let account = self.accounts.entry(known.caller().into()).or_default();
        let (charged, due) = (known.charged_head, known.head_bytes());
        let fits =
            account.heads - charged + due <= MOST_HEADS && self.of_all.heads - charged + due <= MOST_HEADS_OF_ALL;
        if !fits {
            known.forget_head();
        }
        known.charged_head = known.head_bytes();
        for account in [account, &mut self.of_all] {
            account.heads = account.heads - charged + known.charged_head;
        }
    }

    pub(super) fn discharge(&mut self, forgotten: &Download) {
        if let Some(account) = self.accounts.get_mut(forgotten.caller()) {
            for account in [&mut *account, &mut self.of_all] {
                account.downloads -= 1;
                account.bytes -= forgotten.charged;
                account.heads -= forgotten.charged_head;
            }
            if account.is_empty() {
                self.accounts.remove(forgotten.caller());
            }
        }
    }

    /// # Errors
    ///
    /// [`Cause::TooManyJobs`], [`Cause::TooManyJobsOfAll`].
    pub(super) fn require_room_for_job(&self, owner: &str) -> Result<(), Cause> {
        if self.accounts.get(owner).is_some_and(|account| account.jobs >= MOST_JOBS) {
            Err(Cause::TooManyJobs)
        } else if self.of_all.jobs >= MOST_JOBS_OF_ALL {
            Err(Cause::TooManyJobsOfAll)
        } else {
            Ok(())
        }
    }

    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] where `more` bytes in the place of `less` are more than the jobs of `owner`, or of all, may have.
    pub(super) fn require_room(&self, owner: &str, less: usize, more: usize) -> Result<(), Cause> {
        let own = self.accounts.get(owner).map_or(0, |account| account.bytes_of_jobs);
        let all = self.of_all.bytes_of_jobs;
        let is_too_much = own + more > MOST_BYTES_OF_JOBS + less || all + more > MOST_BYTES_OF_ALL_JOBS + less;
        if more > less && is_too_much { Err(Cause::TooManyDownloads) } else { Ok(()) }
    }

    pub(super) fn count_job(&mut self, owner: &str, bytes: usize) {
        let account = self.accounts.entry(owner.into()).or_default();
        for account in [account, &mut self.of_all] {
            account.jobs += 1;
            account.bytes_of_jobs += bytes;
        }
    }

    pub(super) fn uncount_job(&mut self, owner: &str, bytes: usize) {
        let Some(account) = self.accounts.get_mut(owner) else { return };
        for account in [&mut *account, &mut self.of_all] {
            account.jobs -= 1;
            account.bytes_of_jobs -= bytes;
        }
        if account.is_empty() {
            self.accounts.remove(owner);
        }
    }

    pub(super) fn count_bytes(&mut self, owner: &str, less: usize, more: usize) {
        let Some(account) = self.accounts.get_mut(owner) else { return };
        for account in [account, &mut self.of_all] {
            account.bytes_of_jobs = account.bytes_of_jobs + more - less;
        }
    }

    /// The downloads of one caller that have not ended, in the order of their creation.
    ///
    /// # Errors
    ///
    /// [`Cause::NoDownloads`] where there is none.
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
