//! All downloads of one engine: whose turn it is, which answer belongs to whom, how much may move.

mod active;
mod callers;
mod cancel_cleanup;
mod complete;
mod headers;
mod job_book;
mod jobs;
mod path_locks;
mod persist;
mod rates;
mod reconcile;
mod run_queue;
mod scheduler;
mod sharing;
mod tenants;
mod timers;
mod wall_clock;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

pub use self::callers::Category;
pub use self::complete::Completion;
use self::job_book::JobBook;
pub use self::jobs::FileSetting;
use self::path_locks::Owner;
pub use self::persist::Restored;
use self::rates::{Share, Spender};
use self::scheduler::Scheduler;
use self::tenants::Tenants;
use crate::border::identity::{AttemptId, DownloadId};
use crate::border::input::Input;
use crate::border::outbox::Outbox;
use crate::border::output::{Output, Subject};
use crate::border::time::Instant;
use crate::download::{Abilities, Download, Replaced, StartMode};
use crate::failure::Cause;
use crate::settings::network::Network;
use crate::settings::property::Property;
use crate::settings::transfer_options::TransferOptions;
use crate::store::key::Key;
use crate::store::ledger::Ledger;
use crate::transfer::{Context, Step, Transfer};

/// Bytes that one step moves at most, so that every exchange gets its turn.
const LARGEST_STEP: u64 = 1 << 20;

#[derive(Clone, Debug)]
pub struct Settings {
    /// Downloads that transfer at the same time; the others wait their turn.
    pub max_running: usize,
    /// Bytes per second of all downloads together.
    pub max_rate: Option<u64>,
    /// Exchanges with one origin, of everything together. Each download may have one beyond it; a file of a job has its turn only
    /// where its origin has room.
    pub max_per_origin: Option<u32>,
    pub abilities: Abilities,
    /// Number of the last download of an earlier engine, whose numbers are not used again.
    pub last_download: u64,
    /// Journals that another key made prove nothing.
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
    /// Downloads whose status may differ from the one that their caller knows.
    mutated: BTreeSet<DownloadId>,
    tenants: Tenants,
    book: JobBook,
    /// Nothing begins any more.
    closing: bool,
    /// What the last call that set something has replaced.
    replaced: Option<(DownloadId, Replaced)>,
    outbox: Outbox,
    ledger: Ledger,
}

impl Engine {
    /// `seed` makes back-off differ between engines.
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

    /// Forgets a download that has ended; one that has not is aborted by its caller first.
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
    /// Those of the property, see `download/properties.rs`, and [`Cause::TooManyDownloads`] where a caller has set too much.
    pub fn set_property(&mut self, now: Instant, download: DownloadId, property: Property) -> Result<(), Cause> {
        let abilities = self.settings.abilities;
        self.set(download, |download| download.set_property(property, abilities))?;
        self.obey_network(now, download)
    }

    /// Sets something, or changes nothing.
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

    /// Takes back what the last call has set.
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

    /// The bytes of `download` go to a stream, which whoever runs the engine has.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] once started, [`Cause::SinkAlreadySet`] beside a local path.
    pub fn take_stream(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.known(download)?.take_stream()
    }

    /// The network is `network` from now on: downloads that may not use it stop, others go on.
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

    /// Bytes per second of everything together from now on.
    pub fn set_max_rate(&mut self, now: Instant, rate: Option<u64>) {
        self.settings.max_rate = rate;
        self.scheduler.rates.set_shared(rate, now);
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] once the download was started.
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
    /// What can be said before a request is sent; the download's state is unchanged then.
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

    /// Two downloads must not write one file.
    fn require_path_free(&self, download: DownloadId) -> Result<(), Cause> {
        let path = self.downloads.get(&download).and_then(Download::local_path);
        let taken = path.is_some_and(|path| self.tenants.path_locks.is_taken(path, Some(Owner::Download(download))));
        if taken { Err(Cause::LocalNameTaken) } else { Ok(()) }
    }

    /// The error of a start whose path turned out to be unusable, once the disk has answered; the download is Created again.
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

    /// Asks for the file's own name; the status tells when it has it.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidState`] before Transferred and after Abort.
    pub fn finalize(&mut self, now: Instant, download: DownloadId) -> Result<(), Cause> {
        // The ledger hears of it first: the file may have its name when the engine ends before its next word.
        self.mutate(now, download, |download, _| download.announce_publishing())?;
        self.mutate_and_reconcile(now, download, |download, cx| download.finalize(cx))
    }

    /// [`Self::mutate`], then [`Self::reconcile`]: other waiters may get the download's place, and its caller is notified.
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

    /// What events of `download` are about.
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

    /// Takes one fact; [`Self::poll_output`] then gives what follows from it.
    pub fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Time => self.handle_time(now),
            Input::Disk { download, id, done } if !self.downloads.contains_key(&download) => {
                self.handle_disk_of_job(download, id, done);
            }
            Input::Disk { download, id, done } => {
                self.feed(now, download, |download, cx| download.handle_disk(cx, id, done));
            }
            Input::Content { download, id, content } => {
                self.feed(now, download, |download, cx| download.resolved(cx, id, content));
            }
            Input::Head { attempt, head } => {
                let owner = self.owner(attempt);
                self.feed_owner(now, attempt, |download, cx| download.handle_head(cx, attempt, &head));
                let download = owner.filter(|id| !self.book.active_files.contains_key(id));
                if let Some(known) = download.and_then(|id| self.downloads.get_mut(&id)) {
                    self.tenants.charge_head(known);
                }
            }
            Input::Moved { attempt, bytes } => {
                self.spend(attempt, bytes);
                self.feed_owner(now, attempt, |download, cx| download.moved(cx, attempt, bytes));
            }
            Input::Collected { attempt, bytes } => {
                self.spend(attempt, bytes.len() as u64);
                self.feed_owner(now, attempt, |download, cx| download.collected(cx, attempt, &bytes));
            }
            Input::Ended { attempt, end } => {
                self.feed_owner(now, attempt, |download, cx| download.ended(cx, attempt, end));
                self.outbox.end(attempt);
                self.scheduler.origins.closed(attempt);
            }
        }
    }

    fn handle_time(&mut self, now: Instant) {
        let running = self.scheduler.running();
        for download in running {
            let _ = self.mutate(now, download, |download, cx| download.handle_time(cx));
        }
        self.wake_jobs(now);
        self.sweep_ledger_in_time(now);
        self.end_turns(now);
        self.reconcile(now);
    }

    fn feed_owner(&mut self, now: Instant, attempt: AttemptId, act: impl FnOnce(&mut Download, &mut Context<'_>)) {
        if let Some(download) = self.outbox.owner(attempt) {
            self.feed(now, download, act);
        }
    }

    /// Hands a fact to the download that it is about. One that nobody waits for any more is dropped: the download was forgotten,
    /// or its start taken back.
    fn feed(&mut self, now: Instant, download: DownloadId, act: impl FnOnce(&mut Download, &mut Context<'_>)) {
        let _ = self.mutate_and_reconcile(now, download, |download, cx| {
            act(download, cx);
            Ok(())
        });
    }

    /// What follows from the inputs so far; drain it after every input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outbox.pop()
    }

    /// When [`Input::Time`] is due; `None` while only answers are awaited.
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

    /// Whether anything is under way that a driver can wait for. What only waits for another network is not.
    pub fn is_busy(&self) -> bool {
        let queues = [
            self.scheduler.running.is_empty(),
            self.scheduler.run_queue.is_empty(),
            self.book.retrying.is_empty(),
            self.book.cleanup.sweeping.is_empty(),
        ];
        queues.contains(&false)
    }

    /// The download that `attempt` fetches for.
    pub fn owner(&self, attempt: AttemptId) -> Option<DownloadId> {
        self.outbox.owner(attempt)
    }

    /// Number of the last download that was made.
    pub const fn last_download(&self) -> u64 {
        self.outbox.last_download().0
    }

    /// Stops everything, so that what arrived is kept; nothing begins any more. Jobs go on in the next engine.
    pub fn close(&mut self, now: Instant) {
        self.closing = true;
        let unfinished: Vec<_> =
            self.downloads.iter().filter(|(_, known)| !known.is_over()).map(|(id, _)| *id).collect();
        for download in unfinished {
            let _ = self.pause(now, download);
        }
        self.sweep_ledger();
    }

    /// What part of a shared rate is due to one exchange of `download`.
    fn share_of(&self, download: DownloadId) -> Share {
        let exchanges = self.outbox.exchanges();
        let weight = |id: &DownloadId| self.downloads.get(id).map_or(1, Download::weight);
        let job = self.book.active_files.get(&download).map(|active| active.job);
        let of_job = |id: &DownloadId| job.is_some() && self.book.active_files.get(id).map(|active| active.job) == job;
        Share {
            exchanges: exchanges.get(&download).copied().unwrap_or(1),
            exchanges_of_job: exchanges.iter().filter(|(id, _)| of_job(id)).map(|(_, count)| count).sum(),
            weight: weight(&download),
            all: exchanges.keys().map(weight).sum(),
        }
    }

    fn spend(&mut self, attempt: AttemptId, bytes: u64) {
        let download = self.owner(attempt);
        let active = download.and_then(|download| self.book.active_files.get_mut(&download));
        let job = active.map(|active| {
            active.received = active.received.saturating_add(bytes);
            active.job
        });
        let spenders = [download.map(Spender::Download), job.map(Spender::Job)];
        self.scheduler.rates.spend(spenders.into_iter().flatten(), bytes);
    }

    /// `attempt` could go on, but what takes its bytes has no room: that is no silence of the origin.
    pub fn wait_for_sink(&mut self, now: Instant, attempt: AttemptId) {
        let owner = self.outbox.owner(attempt).and_then(|download| self.downloads.get_mut(&download));
        if let Some(download) = owner {
            download.held(now, attempt);
        }
    }

    /// Whether a rate limits how much moves.
    pub fn is_rationed(&self) -> bool {
        self.scheduler.rates.are_rationed()
    }

    /// What to do with the next bytes of `attempt`'s body, within the rates.
    pub fn step(&mut self, now: Instant, attempt: AttemptId) -> Step {
        let Some(download) = self.outbox.owner(attempt) else { return Step::Wait };
        let step = self.downloads.get(&download).map_or(Step::Wait, |download| download.step(attempt));
        if !matches!(step, Step::Write { .. } | Step::Skip { .. } | Step::Collect { .. }) {
            return step;
        }
        let own_rate = self.downloads.get(&download).and_then(Download::max_rate);
        let job = self.book.active_files.get(&download).map(|active| active.job);
        let rate_of_job = job.and_then(|job| Some((job, self.book.jobs.get(&job)?.settings.options.max_rate?)));
        let allowed = match self.scheduler.rates.are_limited() || own_rate.is_some() || rate_of_job.is_some() {
            true => {
                let share = self.share_of(download);
                let own = own_rate.map(|rate| (Spender::Download(download), rate));
                let its_job = rate_of_job.map(|(job, rate)| (Spender::Job(job), rate));
                self.scheduler.rates.allowance(now, [own, its_job], share).min(LARGEST_STEP)
            }
            false => LARGEST_STEP,
        };
        if allowed == 0
            && let Some(held) = self.downloads.get_mut(&download)
        {
            held.held(now, attempt);
        }
        match step {
            _ if allowed == 0 => Step::Wait,
            Step::Write { offset, limit } => Step::Write { offset, limit: limit.min(allowed) },
            Step::Skip { limit } => Step::Skip { limit: limit.min(allowed) },
            Step::Collect { limit } => Step::Collect { limit: limit.min(allowed) },
            other => other,
        }
    }
}
