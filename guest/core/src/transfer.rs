//! The transfer of one file: from the state of the disk, over requests and checkpoints, to a verified and renamed file.
//!
//! ```text
//! Idle ──start──▶ Opening ─▶ [CheckingTarget] ─▶ Fetching ─▶ Finishing ─▶ Complete ──publish──▶ Published
//!   ▲                │              │              │  │          │
//!   └── Stopping ◀───┴── failure ───┴──── pause ───┘  └─ restart ┘
//! ```
//!
//! Each step has a file in `transfer/`; this file holds the state and the entry points.

mod ahead;
mod attempt;
mod changed;
mod checkpoint;
mod connections;
mod context;
mod fetching;
mod finishing;
mod naming;
mod opening;
mod options;
mod pieces;
mod plan;
mod progress;
mod ranges_ignored;
mod redirect;
mod refusal;
mod response;
mod sealing;
mod size_limit;
mod sources;
mod stopping;

pub use attempt::Step;
pub(crate) use context::Context;
pub(crate) use options::RetryPolicy;
pub use options::{History, Options};

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use self::attempt::{Attempt, Speed};
use self::checkpoint::Sidecar;
use self::connections::Connections;
use self::naming::Naming;
use self::pieces::PieceCheck;
use self::plan::Plan;
use self::progress::Progress;
use self::sealing::Sealing;
use self::sources::Sources;
use crate::border::identity::{AttemptId, OperationId};
use crate::border::input::DiskDone;
use crate::border::output::DiskOperation;
use crate::border::time::Instant;
use crate::content::pieces::Pieces;
use crate::failure::{Cause, Fault};
use crate::http::representation::Representation;
use crate::layout::Wanted;
use crate::pacing::retry::{Backoff, Wait};
use crate::parse::url::Url;
use crate::store::key::Key;

/// A timer that fires later than this means that the machine was suspended, because no busy machine delays a timer for so long.
const SLEEP: Duration = Duration::from_secs(10);

/// Interval at which the transfer looks for slow segments while a connection is free, so that the search costs nothing measurable.
const REFILL: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Opening,
    /// A file exists at the target; its digests decide whether it is the wanted one.
    CheckingTarget,
    Fetching,
    /// No more bytes are moved; the written bytes are being saved. `Some` for a failure.
    Stopping(Option<Cause>),
    /// All bytes are present and are being synced and verified.
    Finishing,
    Complete,
    Publishing,
    Published,
    Aborted,
}

/// Use of ranges. It is only ever lowered, so that the transfer can complete with any origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    /// No ranges: one body from the first byte.
    Plain,
    /// One body at a time; a range requests the rest.
    Sequential,
    #[default]
    Segmented,
}

/// State of the partial file in this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Partial {
    #[default]
    None,
    /// Unusable files of an earlier run exist. They are removed before a new partial file is created.
    Stale,
    /// Open for writing.
    Open,
}

/// The purpose of a disk operation, which selects the handler of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Open,
    Begin,
    CheckpointSync,
    CheckpointRecord,
    FinalSync,
    VerifiedRecord,
    CheckTarget(usize),
    Name,
    Piece(usize),
    Seal,
    SealRest,
    VerifySeal,
    Decrypt,
    Verify(usize),
    Retract,
    MakeRoom,
    /// The journal record of a clean end.
    CloseRecord,
    Publish,
    DropPartial,
    Close,
}

/// Statistics of the exchanges so far.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub requests: u64,
    /// Bytes received and written in this run.
    pub fetched: u64,
    /// Bytes of the file kept from an earlier run.
    pub resumed: u64,
    pub restarts: u32,
    /// A run interrupted now could be resumed.
    pub resumable: bool,
    pub last_status: Option<u16>,
    pub last_fields: Option<String>,
    /// The URL of the last response, if it differs from the source's URL.
    pub redirected_to: Option<String>,
    /// The address of the server that sent the last response, if the driver reports it.
    pub server_address: Option<String>,
    /// The target was already the wanted file before the download started.
    pub present: bool,
}

impl Report {
    /// Stored bytes of the last response head.
    fn head_bytes(&self) -> usize {
        let texts = [&self.last_fields, &self.redirected_to, &self.server_address];
        texts.into_iter().flatten().map(String::len).sum()
    }
}

/// A file at the target that may be the wanted one.
#[derive(Clone, Debug)]
struct Probe {
    /// Length of the file in bytes.
    length: u64,
    /// Its version according to its record.
    recorded: Option<Representation>,
}

impl Probe {
    /// Whether `served` is the version of the file.
    fn is_met_by(&self, served: &Representation) -> bool {
        let is_recorded = self.recorded.as_ref().is_some_and(|known| known.is_still(served));
        is_recorded && served.complete == Some(self.length)
    }
}

#[derive(Debug)]
pub struct Transfer {
    phase: Phase,
    options: Options,
    sources: Sources,
    /// Index of the source that decided the version.
    leader: usize,
    /// The only source to use while the transfer finds out which source sends wrong bytes.
    only: Option<usize>,
    wanted: Wanted,
    local_path: String,
    report: Report,

    /// The engine's key, which authenticates the journal.
    key: Key,
    representation: Option<Representation>,
    plan: Plan,
    sidecar: Sidecar,
    partial: Partial,
    /// A response in this run has established the origin's current version.
    confirmed: bool,
    /// Bytes received in this run, or kept by an earlier one, are not an HTML page.
    is_no_page: bool,
    /// Number of bodies used since the last restart.
    bodies: u32,
    /// The bytes of this run failed verification once.
    was_wrong: bool,
    /// The origin has challenged; requests to it now carry the authentication fields.
    challenged: bool,
    /// The transfer must not use the network.
    suspended: bool,
    /// Length of the decrypted file in bytes, once it exists.
    decrypted: Option<u64>,
    /// The file includes bytes whose version only a digest can prove.
    relies_on_digest: bool,
    style: Style,
    naming: Naming,
    piece_check: PieceCheck,
    sealing: Sealing,
    /// Length of the prefix whose digests the driver may have started.
    ahead: u64,
    /// Unusable responses to range requests.
    unusable_answers: u32,
    /// Consecutive responses with another validator and the same length.
    other_validators: u32,
    /// The file at the target, while a response head or digests are to decide whether it is the wanted one.
    probing: Option<Probe>,

    attempts: BTreeMap<AttemptId, Attempt>,
    connections: Connections,
    last_failure: Option<Cause>,
    progress: Progress,
    /// Time of the last attempt to start exchanges.
    filled_at: Instant,
    pending: BTreeMap<OperationId, Purpose>,
    /// The cause of the last run's failure or of a failed rename; `None` after a pause.
    failure: Option<Cause>,
}

impl Transfer {
    /// Memory of a transfer in bytes.
    pub(crate) const SIZE: usize = size_of::<Self>();

    /// Stored bytes of the last response head.
    pub(crate) fn head_bytes(&self) -> usize {
        self.report.head_bytes()
    }

    /// Drops the stored head of the last response.
    pub(crate) fn forget_head(&mut self) {
        (self.report.last_fields, self.report.redirected_to) = (None, None);
    }

    pub(crate) fn new(source: Url, local_path: String, wanted: Wanted, options: Options) -> Self {
        let piece = options.chosen.pieces.as_ref().filter(|_| wanted == Wanted::Whole).map(Pieces::length);
        Self {
            phase: Phase::Idle,
            connections: Connections::new(options.chosen.connections),
            sources: Sources::new(source, &options.chosen.mirrors),
            leader: 0,
            only: None,
            options,
            wanted,
            local_path,
            report: Report::default(),
            key: Key::default(),
            representation: None,
            plan: Plan::new(piece),
            sidecar: Sidecar::default(),
            partial: Partial::default(),
            confirmed: false,
            is_no_page: false,
            bodies: 0,
            was_wrong: false,
            challenged: false,
            suspended: false,
            decrypted: None,
            relies_on_digest: false,
            style: Style::default(),
            naming: Naming::default(),
            piece_check: PieceCheck::default(),
            sealing: Sealing::default(),
            ahead: 0,
            unusable_answers: 0,
            other_validators: 0,
            probing: None,
            attempts: BTreeMap::new(),
            last_failure: None,
            progress: Progress::default(),
            filled_at: Instant::default(),
            pending: BTreeMap::new(),
            failure: None,
        }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    pub fn report(&self) -> Report {
        let by_another_engine = self.key.lasts() || self.is_provable();
        Report { resumable: self.can_be_resumed() && by_another_engine, ..self.report.clone() }
    }

    /// The origin's name for the file, if the caller asked for it and it differs from the caller's.
    pub fn origin_name(&self) -> Option<&str> {
        self.naming.name()
    }

    /// The URL of a source, by index.
    pub fn source_url(&self, index: usize) -> Option<&Url> {
        self.sources.urls().nth(index)
    }

    /// Length of the local file in bytes; `None` while it is unknown.
    pub fn total(&self) -> Option<u64> {
        self.plan.total()
    }

    /// Written bytes of the local file.
    pub fn transferred(&self) -> u64 {
        if self.report.present { self.total().unwrap_or(0) } else { self.plan.written().total() }
    }

    /// Exchanges in flight.
    pub fn connections(&self) -> usize {
        self.attempts.len()
    }

    /// The failure after which the transfer waits for a retry.
    pub fn waiting_after(&self) -> Option<Cause> {
        self.last_failure
            .filter(|_| self.phase == Phase::Fetching && self.attempts.is_empty())
            .filter(|_| self.sources.next_resume().is_some())
    }

    pub(crate) fn wait(&self) -> Option<Wait> {
        self.waiting_after()?;
        self.trouble(self.sources.next_resume()?)
    }

    /// The failures since the last byte, for another transfer that continues at `at`.
    pub(crate) fn trouble(&self, at: Instant) -> Option<Wait> {
        let failures = self.sources.get(0).backoff.failures();
        Some(Wait { cause: self.last_failure?, at, silent_since: self.progress.since(), failures })
    }

    /// Ends a wait for a retry and sends the request at once.
    pub(crate) fn ask_at_once(&mut self, cx: &mut Context<'_>) {
        if self.waiting_after().is_some() {
            self.sources.forgive();
            self.progress.excuse_until(cx.now);
            self.fill(cx);
        }
    }

    /// Whether an interruption would lose bytes, or a computation of digests.
    pub(crate) fn is_better_left_alone(&self) -> bool {
        match self.phase {
            Phase::CheckingTarget | Phase::Finishing => true,
            Phase::Fetching => self.awaits_digests() || !(self.plan.written().is_empty() || self.can_be_resumed()),
            _ => false,
        }
    }

    /// Whether the target was already the wanted file.
    pub(crate) const fn is_present(&self) -> bool {
        self.report.present
    }

    /// Applies a changed retry policy.
    pub(crate) const fn set_retry_policy(&mut self, policy: RetryPolicy) {
        self.options.no_progress_timeout = policy.no_progress_timeout;
        self.options.chosen.retries = policy.retries;
        self.options.history.minimum_retry_delay = policy.minimum_retry_delay;
    }

    /// The cause of the last run's failure or of a failed rename.
    pub fn failure(&self) -> Option<Cause> {
        self.failure
    }

    /// The scheduler has a free place: starts, or continues after a suspension.
    pub(crate) fn start_or_go_on(&mut self, cx: &mut Context<'_>) {
        if self.phase == Phase::Idle {
            return self.start(cx);
        }
        self.suspended = false;
        self.progress.excuse_until(cx.now);
        self.fill(cx);
    }

    /// Saves written bytes and sends no requests until the transfer continues. Returns `false` if the phase makes no requests.
    pub(crate) fn suspend(&mut self, cx: &mut Context<'_>) -> bool {
        match self.phase {
            Phase::Opening | Phase::CheckingTarget | Phase::Fetching | Phase::Finishing => {}
            _ => return false,
        }
        self.suspended = true;
        self.cancel_all_but(cx, None);
        if self.phase == Phase::Fetching && self.has_unsaved() && !self.sidecar.is_saving() {
            self.save(cx);
        }
        true
    }

    /// Clears the failure before another rename.
    pub(crate) const fn forget_failure(&mut self) {
        self.failure = None;
    }

    pub(crate) const fn is_suspended(&self) -> bool {
        self.suspended
    }

    /// Whether a journal exists next to the partial file.
    pub(crate) const fn has_journal(&self) -> bool {
        self.sidecar.exists()
    }

    /// Inspects the disk and continues from there.
    pub(crate) fn start(&mut self, cx: &mut Context<'_>) {
        self.forget_run();
        self.key = cx.key;
        self.phase = Phase::Opening;
        let silent_since = self.options.history.silent_since.unwrap_or(cx.now);
        self.progress = Progress::new(silent_since, self.options.chosen.min_rate);
        self.sources.get_mut(0).backoff = Backoff::after(self.options.history.failures);
        let (local_path, durability) = (self.local_path.clone(), self.options.chosen.durability);
        self.ask_disk(cx, Purpose::Open, DiskOperation::Open { local_path, durability });
    }

    fn forget_run(&mut self) {
        self.representation = None;
        self.plan.reset();
        self.sidecar = Sidecar::default();
        self.partial = Partial::None;
        self.confirmed = false;
        self.is_no_page = false;
        self.bodies = 0;
        self.was_wrong = false;
        (self.challenged, self.suspended, self.decrypted) = (false, false, None);
        self.relies_on_digest = false;
        self.probing = None;
        self.connections = Connections::new(self.options.chosen.connections);
        let urls: Vec<_> = self.sources.urls().skip(1).cloned().collect();
        self.sources = Sources::new(self.sources.first().clone(), &urls);
        (self.leader, self.only) = (0, None);
        self.naming = Naming::default();
        self.forget_pieces();
        self.forget_seals();
        self.ahead = 0;
        self.piece_check = PieceCheck::default();
        (self.unusable_answers, self.other_validators) = (0, 0);
        self.last_failure = None;
        self.failure = None;
        self.report.resumed = 0;
        self.report.restarts = 0;
        self.style = Style::default();
    }

    fn ask_disk(&mut self, cx: &mut Context<'_>, purpose: Purpose, operation: DiskOperation) {
        let id = cx.disk(operation);
        self.pending.insert(id, purpose);
    }

    pub(crate) fn handle_disk(&mut self, cx: &mut Context<'_>, id: OperationId, done: DiskDone) {
        let Some(purpose) = self.pending.remove(&id).filter(|_| self.phase != Phase::Aborted) else { return };
        match (purpose, done) {
            (Purpose::Open, DiskDone::Opened(found)) => self.opened(cx, found),
            (Purpose::CheckTarget(index), DiskDone::Digested(value)) => self.target_digested(cx, index, &value),
            (Purpose::Begin, DiskDone::Begun { now }) => self.reopened(cx, now),
            (Purpose::Name, DiskDone::Named(found)) => self.named(cx, found),
            (Purpose::Piece(index), DiskDone::Digested(value)) => self.piece_digested(cx, index, &value),
            (Purpose::Seal, DiskDone::Digested(value)) => self.seal_made(cx, id, &value),
            (Purpose::SealRest, DiskDone::Checksums(crcs)) => self.rest_sealed(cx, &crcs),
            (Purpose::VerifySeal, DiskDone::Digested(value)) => self.seal_verified(cx, id, &value),
            // A range that cannot be read has no checksum.
            (Purpose::Seal, DiskDone::Failed(_)) => self.seal_made(cx, id, &[]),
            (Purpose::SealRest, DiskDone::Failed(_)) => self.rest_sealed(cx, &[]),
            (Purpose::VerifySeal, DiskDone::Failed(_)) => self.seal_verified(cx, id, &[]),
            (Purpose::CheckpointSync, DiskDone::Synced { modified }) => self.checkpoint_synced(cx, modified),
            (Purpose::CheckpointRecord, DiskDone::JournalWritten) => self.checkpoint_recorded(cx),
            (Purpose::FinalSync, DiskDone::Synced { modified }) => {
                self.sidecar.modified = modified;
                self.verify_from(cx, 0);
            }
            (Purpose::Verify(index), DiskDone::Digested(value)) => self.verified(cx, index, &value),
            (Purpose::Decrypt, DiskDone::Decrypted { length }) => self.decrypted(cx, length),
            (Purpose::Decrypt, DiskDone::Failed(cause)) if cause.fault() == Fault::Content => {
                self.content_is_wrong(cx, cause);
            }
            (Purpose::VerifiedRecord, DiskDone::JournalWritten) => self.completed(),
            (Purpose::Publish, DiskDone::Published) => self.phase = Phase::Published,
            // A journal that could not be removed would describe bytes that are about to be replaced.
            (Purpose::DropPartial, DiskDone::Failed(cause)) => self.stop(cx, Some(cause)),
            (Purpose::DropPartial, _) => {}
            (Purpose::Retract, DiskDone::JournalWritten) => self.retracted(),
            (Purpose::MakeRoom, DiskDone::Cut) => self.save(cx),
            (Purpose::CloseRecord, _) => self.close(cx),
            (Purpose::Close, _) => self.closed(),
            (_, DiskDone::Failed(cause)) => self.disk_failed(cx, purpose, cause),
            _ => {}
        }
    }

    pub(crate) fn handle_time(&mut self, cx: &mut Context<'_>) {
        if self.phase != Phase::Fetching || self.suspended {
            return;
        }
        if let Some(late) = self.deadline().map(|due| cx.now.since(due)).filter(|late| *late > SLEEP) {
            self.progress.slept(late);
        }
        if self.awaits_digests() {
            self.progress.excuse_until(cx.now);
        }
        if cx.now >= self.progress.over_at(self.options.no_progress_timeout) {
            return self.stop(cx, Some(Cause::NoProgress));
        }
        self.cut_stalled(cx);
        self.fill(cx);
        self.checkpoint_if_due(cx);
    }

    /// The next time that [`Self::handle_time`] has work; `None` if the transfer only waits for inputs.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        if self.phase != Phase::Fetching {
            return None;
        }
        let limit = self.exchange_timeout();
        let least = self.least_rate();
        let stalled = self.attempts.values().map(|attempt| attempt.given_up_at(limit, least)).min();
        let no_progress = self.progress.over_at(self.options.no_progress_timeout);
        let no_progress = (!self.awaits_digests() && !self.suspended).then_some(no_progress);
        let look = (!self.attempts.is_empty()).then(|| self.connections.next_look()).flatten();
        let spare = !self.attempts.is_empty() && self.fetching() < self.connection_limit();
        let refill = spare.then(|| self.filled_at + REFILL);
        let waits = [no_progress, look, refill, self.sources.next_resume(), self.checkpoint_at()];
        waits.into_iter().chain([stalled]).flatten().min()
    }

    /// The rate limits delay `attempt`, which could otherwise continue. This is not silence of the origin.
    pub(crate) fn held(&mut self, now: Instant, attempt: AttemptId) {
        if let Some(attempt) = self.attempts.get_mut(&attempt) {
            attempt.active_at = now;
            attempt.speed = Speed::from(now);
            self.progress.excuse_until(now);
        }
    }

    /// Whether the transfer only waits for checksums, which may take any time.
    fn awaits_digests(&self) -> bool {
        self.attempts.is_empty() && (self.piece_check.is_computing() || self.sealing.is_verifying())
    }

    /// Minimum rate of each of the exchanges that share the file, in bytes per second.
    pub(crate) fn least_rate(&self) -> Option<u64> {
        self.options.chosen.min_rate.map(|rate| rate / self.fetching().max(1) as u64)
    }

    /// Silence after which an exchange is given up. Several such intervals fit into the no-progress timeout.
    pub(crate) fn exchange_timeout(&self) -> Duration {
        (self.options.no_progress_timeout / 4).clamp(Duration::from_millis(500), Duration::from_secs(30))
    }
}
