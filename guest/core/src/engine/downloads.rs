//! Calls on DO downloads.

use super::Engine;
use super::path_locks::Owner;
use super::rates::Spender;
use crate::border::identity::DownloadId;
use crate::border::time::Instant;
use crate::download::{Download, Replaced, StartMode};
use crate::failure::Cause;
use crate::settings::property::Property;
use crate::settings::transfer_options::TransferOptions;
use crate::transfer::Transfer;

impl Engine {
    /// Forgets a download. The caller must abort it first unless it has ended.
    pub fn forget(&mut self, download: DownloadId) {
        if let Some(forgotten) = self.downloads.remove(&download) {
            if let Some(path) = forgotten.local_path() {
                self.tenants.path_locks.unlock(path, Owner::Download(download));
            }
            if !forgotten.is_for_job() {
                self.persist_removal(&forgotten);
            }
        }
        for attempt in self.outbox.exchanges_of(download) {
            self.outbox.end(attempt);
            self.scheduler.origins.closed(attempt);
        }
        self.scheduler.forget(download);
    }

    pub fn download(&self, download: DownloadId) -> Option<&Download> {
        self.downloads.get(&download)
    }

    /// # Errors
    ///
    /// Those of the property, see `download/properties.rs`, and [`Cause::TooManyDownloads`] if the caller's data exceeds its limit.
    pub fn set_property(&mut self, now: Instant, download: DownloadId, property: Property) -> Result<(), Cause> {
        let abilities = self.settings.abilities;
        self.set(download, |download| download.set_property(property, abilities))?;
        self.obey_network(now, download)
    }

    /// Calls a setter and rolls it back if the caller's data exceeds its limit.
    fn set(
        &mut self,
        download: DownloadId,
        set: impl FnOnce(&mut Download) -> Result<Replaced, Cause>,
    ) -> Result<(), Cause> {
        let replaced = set(self.known(download)?)?;
        if let Err(cause) = self.charge(download, 0) {
            self.known(download)?.put_back(replaced);
            return Err(cause);
        }
        self.replaced = Some((download, replaced));
        Ok(())
    }

    /// Rolls back the last setter.
    pub fn take_back_setting(&mut self, now: Instant, download: DownloadId) {
        let Some((_, replaced)) = self.replaced.take_if(|(known, _)| *known == download) else { return };
        if let Ok(known) = self.known(download) {
            known.put_back(replaced);
            let _ = self.charge(download, 0);
            let _ = self.obey_network(now, download);
        }
    }

    fn obey_network(&mut self, now: Instant, download: DownloadId) -> Result<(), Cause> {
        let network = self.scheduler.network;
        self.mutate_and_reconcile(now, download, |download, cx| {
            download.obey(cx, &network);
            Ok(())
        })
    }

    /// Sends the bytes of `download` to a stream that the shell holds.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] after the start, [`Cause::SinkAlreadySet`] if a local path is set, [`Cause::NotSupported`] if the download
    /// is non-volatile.
    pub fn take_stream(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.known(download)?.take_stream()
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after the start.
    pub fn set_options(&mut self, download: DownloadId, options: TransferOptions) -> Result<(), Cause> {
        self.set(download, |download| download.set_options(options))?;
        self.persist_change(download);
        Ok(())
    }

    fn known(&mut self, download: DownloadId) -> Result<&mut Download, Cause> {
        self.downloads.get_mut(&download).ok_or(Cause::InvalidState)
    }

    /// # Errors
    ///
    /// Causes that are known before a request is sent; the download's state is then unchanged.
    pub fn start(&mut self, now: Instant, download: DownloadId, mode: StartMode) -> Result<(), Cause> {
        self.require_path_free(download)?;
        let ranges = if let StartMode::Ranges(ranges) = &mode { size_of_val(ranges.as_slice()) } else { 0 };
        self.charge(download, ranges + Transfer::SIZE)?;
        let (abilities, network) = (self.settings.abilities, self.scheduler.network);
        self.mutate_and_reconcile(now, download, |download, cx| {
            download.start(mode, abilities)?;
            download.obey(cx, &network);
            Ok(())
        })?;
        self.scheduler.rates.forget(Spender::Download(download));
        self.charge(download, 0)
    }

    /// Fails if another owner writes to the path, because two downloads must not write one file.
    fn require_path_free(&self, download: DownloadId) -> Result<(), Cause> {
        let path = self.downloads.get(&download).and_then(Download::local_path);
        let taken = path.is_some_and(|path| self.tenants.path_locks.is_taken(path, Some(Owner::Download(download))));
        if taken { Err(Cause::LocalNameTaken) } else { Ok(()) }
    }

    /// The error of a start that failed on an unusable path, once the disk has answered. The download returns to its state before the
    /// start.
    pub fn take_back_start(&mut self, now: Instant, download: DownloadId) -> Option<Cause> {
        let cause = self.downloads.get_mut(&download)?.take_back_start();
        self.update_indexes(now, download);
        cause
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after Finalize and Abort.
    pub fn pause(&mut self, now: Instant, download: DownloadId) -> Result<(), Cause> {
        self.mutate_and_reconcile(now, download, |download, cx| download.pause(cx))
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after Finalize.
    pub fn abort(&mut self, now: Instant, download: DownloadId) -> Result<(), Cause> {
        self.mutate_and_reconcile(now, download, |download, cx| download.abort(cx))
    }

    /// Starts the rename; the status reports its result.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] before Transferred and after Abort.
    pub fn finalize(&mut self, now: Instant, download: DownloadId) -> Result<(), Cause> {
        // Records the rename in the ledger first, because the engine may die after the rename and before its next record.
        self.mutate(now, download, |download, _| download.announce_publishing())?;
        self.mutate_and_reconcile(now, download, |download, cx| download.finalize(cx))
    }
}
