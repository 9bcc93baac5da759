//! Accounts of the callers: limits on the data that each may store in one engine, and locks on the paths of their files.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::path_locks::PathLocks;
use crate::download::Download;
use crate::failure::Cause;

/// Limits on downloads of one caller, and of all callers, so that no caller takes the room of the others.
const MOST_DOWNLOADS: usize = 10_000;
const MOST_DOWNLOADS_OF_ALL: usize = 40_000;

/// Limits on the data set for one caller's downloads, and for those of all callers, in bytes, so that all limits together fit in the
/// component's memory.
const MOST_BYTES: usize = 16 << 20;
const MOST_BYTES_OF_ALL: usize = 48 << 20;

/// Limits on the stored response heads of one caller's downloads, and of those of all callers, in bytes, so that origins cannot use up a
/// caller's account.
const MOST_HEADS: usize = 4 << 20;
const MOST_HEADS_OF_ALL: usize = 16 << 20;

/// Limits on jobs of one caller, and of all callers, so that no caller takes the room of the others. The default of BITS's policy
/// MaxJobsPerUser is 300.
const MOST_JOBS: usize = 20_000;
const MOST_JOBS_OF_ALL: usize = 40_000;

/// Limits on the data set for one caller's jobs and their files, and for those of all callers, in bytes, so that all limits together fit in
/// the component's memory.
const MOST_BYTES_OF_JOBS: usize = 64 << 20;
const MOST_BYTES_OF_ALL_JOBS: usize = 96 << 20;

/// The usage of one caller, or of all callers.
#[derive(Clone, Copy, Debug, Default)]
struct Account {
    downloads: usize,
    bytes: usize,
    /// Bytes of response heads.
    heads: usize,
    jobs: usize,
    bytes_of_jobs: usize,
}

impl Account {
    const fn is_empty(&self) -> bool {
        self.downloads == 0 && self.jobs == 0
    }
}

#[derive(Debug, Default)]
pub(super) struct Tenants {
    pub path_locks: PathLocks,
    accounts: BTreeMap<String, Account>,
    of_all: Account,
}

impl Tenants {
    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] if the caller already has 10,000, or all callers together have 40,000.
    pub fn require_room_for_download(&self, caller: &str) -> Result<(), Cause> {
        let own = self.accounts.get(caller).map_or(0, |account| account.downloads);
        let is_full = own >= MOST_DOWNLOADS || self.of_all.downloads >= MOST_DOWNLOADS_OF_ALL;
        if is_full { Err(Cause::TooManyDownloads) } else { Ok(()) }
    }

    /// Counts a new download.
    pub fn count_download(&mut self, download: &mut Download) {
        download.charged = download.footprint();
        let account = self.accounts.entry(download.caller().into()).or_default();
        for account in [account, &mut self.of_all] {
            account.downloads += 1;
            account.bytes += download.charged;
        }
    }

    /// Charges the current settings of a download, plus `more` bytes.
    ///
    /// # Errors
    ///
    /// [`Cause::TooManyDownloads`] if a limit would be exceeded; nothing is charged then.
    pub fn charge(&mut self, download: &mut Download, more: usize) -> Result<(), Cause> {
        let (charged, due) = (download.charged, download.footprint() + more);
        let account = self.accounts.entry(download.caller().into()).or_default();
        let (bytes, all) = (account.bytes - charged + due, self.of_all.bytes - charged + due);
        if due > charged && (bytes > MOST_BYTES || all > MOST_BYTES_OF_ALL) {
            return Err(Cause::TooManyDownloads);
        }
        (account.bytes, self.of_all.bytes, download.charged) = (bytes, all, due);
        Ok(())
    }

    /// Charges the last response head of `download`. Drops a head that would exceed a limit, because an origin may send 1 MiB of it to
    /// every download.
    pub fn charge_head(&mut self, download: &mut Download) {
        let account = self.accounts.entry(download.caller().into()).or_default();
        let (charged, due) = (download.charged_head, download.head_bytes());
        let fits =
            account.heads - charged + due <= MOST_HEADS && self.of_all.heads - charged + due <= MOST_HEADS_OF_ALL;
        if !fits {
            download.forget_head();
        }
        download.charged_head = download.head_bytes();
        for account in [account, &mut self.of_all] {
            account.heads = account.heads - charged + download.charged_head;
        }
    }

    /// Removes a forgotten download from the accounts.
    pub fn discharge(&mut self, forgotten: &Download) {
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
    pub fn require_room_for_job(&self, owner: &str) -> Result<(), Cause> {
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
    /// [`Cause::TooManyDownloads`] if replacing `less` bytes by `more` would exceed the limit of `owner` or of all owners.
    pub fn require_room(&self, owner: &str, less: usize, more: usize) -> Result<(), Cause> {
        let own = self.accounts.get(owner).map_or(0, |account| account.bytes_of_jobs);
        let all = self.of_all.bytes_of_jobs;
        let is_too_much = own + more > MOST_BYTES_OF_JOBS + less || all + more > MOST_BYTES_OF_ALL_JOBS + less;
        if more > less && is_too_much { Err(Cause::TooManyDownloads) } else { Ok(()) }
    }

    pub fn count_job(&mut self, owner: &str, bytes: usize) {
        let account = self.accounts.entry(owner.into()).or_default();
        for account in [account, &mut self.of_all] {
            account.jobs += 1;
            account.bytes_of_jobs += bytes;
        }
    }

    pub fn uncount_job(&mut self, owner: &str, bytes: usize) {
        let Some(account) = self.accounts.get_mut(owner) else { return };
        for account in [&mut *account, &mut self.of_all] {
            account.jobs -= 1;
            account.bytes_of_jobs -= bytes;
        }
        if account.is_empty() {
            self.accounts.remove(owner);
        }
    }

    /// Replaces `less` bytes of the jobs of `owner` by `more`.
    pub fn count_bytes(&mut self, owner: &str, less: usize, more: usize) {
        let Some(account) = self.accounts.get_mut(owner) else { return };
        for account in [account, &mut self.of_all] {
            account.bytes_of_jobs = account.bytes_of_jobs + more - less;
        }
    }
}
