//! The engine: all downloads and jobs. Each field owns one concern: scheduler, tenants, job book, outbox, ledger.

mod active;
mod callers;
mod cancel_cleanup;
mod complete;
mod downloads;
mod headers;
mod inputs;
mod job_book;
mod jobs;
mod path_locks;
mod persist;
mod rates;
mod reconcile;
mod run_queue;
mod scheduler;
mod sharing;
mod step;
mod tenants;
mod timers;
mod undo;
mod wall_clock;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

pub use self::callers::Category;
pub use self::complete::Completion;
use self::job_book::JobBook;
pub use self::jobs::FileSetting;
use self::path_locks::Owner;
pub use self::persist::Restored;
use self::scheduler::Scheduler;
use self::tenants::Tenants;
use crate::border::identity::{AttemptId, DownloadId};
use crate::border::outbox::Outbox;
use crate::border::output::{Output, Subject};
use crate::border::time::Instant;
use crate::download::{Abilities, Download, Replaced};
use crate::failure::Cause;
use crate::settings::network::Network;
use crate::store::key::Key;
use crate::store::ledger::Ledger;
use crate::transfer::Context;

#[derive(Clone, Debug)]
pub struct Settings {
    /// Number of downloads that transfer at the same time; the others wait.
    pub max_running: usize,
    /// Bytes per second of all downloads together.
    pub max_rate: Option<u64>,
    /// Limit on exchanges with one origin, over all downloads. Each download may exceed it by one; a file of a job gets a turn only if its
    /// origin has room.
    pub max_per_origin: Option<u32>,
    pub abilities: Abilities,
    /// Number of the last download of an earlier engine. This engine continues after it.
    pub last_download: u64,
    /// Journals tagged with another key are not trusted.
    pub key: Key,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_running: 5,
            max_rate: None,
            max_per_origin: None,
            abilities: Abilities::default(),
            last_download: 0,
            key: Key::default(),
        }
    }
}

/// The state machine. See the crate's documentation for how to run it.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    downloads: BTreeMap<DownloadId, Download>,
    scheduler: Scheduler,
    /// Downloads whose status may differ from the last one reported to the caller.
    mutated: BTreeSet<DownloadId>,
    tenants: Tenants,
    book: JobBook,
    /// Set by [`Self::close`]; nothing starts any more.
    closing: bool,
    /// The previous properties or options after the last setter, for a rollback.
    replaced: Option<(DownloadId, Replaced)>,
    outbox: Outbox,
    ledger: Ledger,
}

impl Engine {
    /// `seed` seeds the jitter of the back-off.
    pub fn new(settings: Settings, seed: u64, now: Instant) -> Self {
        Self {
            downloads: BTreeMap::new(),
            scheduler: Scheduler::new(&settings, now),
            mutated: BTreeSet::new(),
            tenants: Tenants::default(),
            book: JobBook::default(),
            closing: false,
            replaced: None,
            outbox: Outbox::new(seed, DownloadId(settings.last_download)),
            settings,
            ledger: Ledger::default(),
        }
    }

    /// Applies a change of the network: downloads that must not use it stop, others continue.
    pub fn set_network(&mut self, now: Instant, network: Network) {
        self.scheduler.network = network;
        let jobs: Vec<_> = self.book.jobs.keys().copied().collect();
        for job in jobs {
            self.obey_network_with_job(now, job);
        }
        let all: Vec<_> = self.downloads.iter().filter(|(_, known)| !known.is_for_job()).map(|(id, _)| *id).collect();
        for download in all {
            let _ = self.mutate(now, download, |download, cx| download.obey(cx, &network));
        }
        self.reconcile(now);
    }

    /// Sets the rate of all downloads together, in bytes per second; `None` removes the limit.
    pub fn set_max_rate(&mut self, now: Instant, rate: Option<u64>) {
        self.settings.max_rate = rate;
        self.scheduler.rates.set_shared(rate, now);
    }

    /// [`Self::mutate`], then [`Self::reconcile`], which may give the download's place to a waiter and notifies the caller.
    fn mutate_and_reconcile<R>(
        &mut self,
        now: Instant,
        download: DownloadId,
        act: impl FnOnce(&mut Download, &mut Context<'_>) -> Result<R, Cause>,
    ) -> Result<R, Cause> {
        let result = self.mutate(now, download, act)?;
        self.reconcile(now);
        result
    }

    /// Changes one download, and the indexes that depend on it.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] if there is no such download.
    fn mutate<R>(
        &mut self,
        now: Instant,
        download: DownloadId,
        act: impl FnOnce(&mut Download, &mut Context<'_>) -> R,
    ) -> Result<R, Cause> {
        let subject = self.subject(download);
        let known = self.downloads.get_mut(&download).ok_or(Cause::InvalidState)?;
        let mut cx = Context {
            now,
            key: self.settings.key,
            download,
            subject,
            outbox: &mut self.outbox,
            origins: &mut self.scheduler.origins,
        };
        let result = act(known, &mut cx);
        known.reconcile();
        self.update_indexes(now, download);
        self.update_active_file(now, download);
        Ok(result)
    }

    /// The subject of events of `download`.
    pub fn subject(&self, download: DownloadId) -> Subject {
        let active = self.book.active_files.get(&download);
        active.map_or(Subject::Download(download), |active| Subject::File(active.job, active.index))
    }

    /// Updates the queue, the set of running downloads, the locked paths and the ledger from the state of one download.
    fn update_indexes(&mut self, now: Instant, download: DownloadId) {
        let Some(known) = self.downloads.get_mut(&download) else { return };
        self.scheduler.update(now, download, known);
        let locks_path = known.holds_files() && !known.is_for_job();
        if core::mem::replace(&mut known.locks_path, locks_path) != locks_path
            && let Some(path) = known.local_path()
        {
            let owner = Owner::Download(download);
            match locks_path {
                true => self.tenants.path_locks.lock(&path.into(), owner),
                false => self.tenants.path_locks.unlock(path, owner),
            }
        }
        self.mutated.insert(download);
        self.persist_change(download);
    }

    /// The next output. Drain the outputs after every input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outbox.pop()
    }

    /// Time at which [`Input::Time`](crate::border::input::Input::Time) is due; `None` if the engine only waits for other inputs.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        let running = || self.scheduler.running.keys().filter_map(|id| self.downloads.get(id));
        let transfers = running().filter_map(Download::deadline);
        let statuses = running().filter(|known| !known.is_for_job()).filter_map(Download::next_notice);
        let held = self.scheduler.rates.next(now).filter(|_| self.outbox.has_exchanges());
        let sweep = (!self.book.cleanup.sweeping.is_empty()).then_some(now).or(self.ledger.next_sweep());
        transfers
            .chain(statuses)
            .chain(held)
            .chain(self.book.timers.next())
            .chain(self.next_end_of_turn())
            .chain(self.next_share())
            .chain(sweep)
            .min()
    }

    /// Whether the driver has to wait for anything. A download that only waits for another network does not count.
    pub fn is_busy(&self) -> bool {
        let queues = [
            self.scheduler.running.is_empty(),
            self.scheduler.run_queue.is_empty(),
            self.book.retrying.is_empty(),
            self.book.cleanup.sweeping.is_empty(),
        ];
        queues.contains(&false)
    }

    /// The download that owns `attempt`.
    pub fn owner(&self, attempt: AttemptId) -> Option<DownloadId> {
        self.outbox.owner(attempt)
    }

    /// Number of the last created download.
    pub const fn last_download(&self) -> u64 {
        self.outbox.last_download().0
    }

    /// Stops all downloads, keeps received bytes and starts nothing more. Jobs continue in the next engine.
    pub fn close(&mut self, now: Instant) {
        self.closing = true;
        let unfinished: Vec<_> =
            self.downloads.iter().filter(|(_, known)| !known.is_over()).map(|(id, _)| *id).collect();
        for download in unfinished {
            let _ = self.pause(now, download);
        }
        self.sweep_ledger();
    }
}
