//! One file on its way: from looking at the disk, over requests and checkpoints, to a verified file under its name.
//!
//! ```text
//! Idle ──start──▶ Opening ─▶ [CheckingTarget] ─▶ Fetching ─▶ Finishing ─▶ Complete ──publish──▶ Published
//!   ▲                │              │              │  │          │
//!   └── Stopping ◀───┴── failure ───┴──── pause ───┘  └─ restart ┘
//! ```
//!
//! Each step of that road has its file below; this one holds the state and the calls from outside.

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

/// Being this late for a deadline means that the machine slept.
const SLEEP: Duration = Duration::from_secs(10);

/// With a connection to spare, slow segments are looked for this often.
const REFILL: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Opening,
    /// A file is at the target; its digests tell whether it is the wanted one.
    CheckingTarget,
    Fetching,
    /// No more bytes are moved; what is written is being saved. `Some` for a failure.
    Stopping(Option<Cause>),
    /// All bytes are here; they are being synced and verified.
    Finishing,
    Complete,
    Publishing,
    Published,
    Aborted,
}

/// How boldly ranges are used; only ever lowered, so that no origin is a dead end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    /// No ranges: one body from the first byte on.
    Plain,
    /// One body at a time; a range asks for what is left.
    Sequential,
    #[default]
    Segmented,
}

/// The partial file, as this run has found or left it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Partial {
    #[default]
    None,
    /// Files of an earlier run lie beside the target and are of no use: they go before a new partial file is begun.
    Stale,
    /// It is open for writing.
    Open,
}

/// What an operation on the disk was asked for, so that its answer is understood.
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
    /// The journal says that the run ended in order.
    CloseRecord,
    Publish,
    DropPartial,
    Close,
}

/// Facts about the exchanges so far, for callers.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub requests: u64,
    /// Bytes received and written in this run.
    pub fetched: u64,
    /// Bytes of the file that were kept from an earlier run.
    pub resumed: u64,
    pub restarts: u32,
    /// A run that is interrupted now could be resumed.
    pub resumable: bool,
    pub last_status: Option<u16>,
    pub last_fields: Option<String>,
    /// Where the last response came from, when that is not the URL that was asked.
    pub redirected_to: Option<String>,
    /// The address of the server that gave the last response, where the driver tells it.
    pub server_address: Option<String>,
    /// The file was at the target before the download started.
    pub present: bool,
}

impl Report {
    /// Bytes that are kept of the last response's head.
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
    /// Its version, from its record.
    recorded: Option<Representation>,
}

impl Probe {
    /// Whether `served` is the version that the file is.
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
    /// The source that said which version is fetched.
    leader: usize,
    /// The one source that may be asked, while it is to be found out who sends wrong bytes.
    only: Option<usize>,
    wanted: Wanted,
    local_path: String,
    report: Report,

    /// That of the engine; it authenticates the journal.
    key: Key,
    representation: Option<Representation>,
    plan: Plan,
    sidecar: Sidecar,
    partial: Partial,
    /// A response of this run has shown which version the origin serves.
    confirmed: bool,
    /// What was taken in this run, or kept by an earlier one, is no page for people.
    is_no_page: bool,
    /// Bodies that bytes were taken from since the first one.
    bodies: u32,
    /// The bytes of this run were wrong once.
    was_wrong: bool,
    /// The origin asked who is there, and is told from then on.
    challenged: bool,
    /// The network may not be used.
    suspended: bool,
    /// Length of the decrypted file, in bytes, once there is one.
    decrypted: Option<u64>,
    /// Bytes are taken whose version only a digest can prove.
    relies_on_digest: bool,
    style: Style,
    naming: Naming,
    piece_check: PieceCheck,
    sealing: Sealing,
    /// Bytes from the start whose digests may have been begun.
    ahead: u64,
    /// Answers to range requests that made no sense.
    unusable_answers: u32,
    /// Answers in a row that spoke of another version of the same length.
    other_validators: u32,
    /// While a response head, or digests, are to tell whether the file at the target is the wanted one.
    probing: Option<Probe>,

    attempts: BTreeMap<AttemptId, Attempt>,
    connections: Connections,
    last_failure: Option<Cause>,
    progress: Progress,
    /// When it was last considered to open another connection.
    filled_at: Instant,
    pending: BTreeMap<OperationId, Purpose>,
    /// Why the last run stopped, or the last publishing failed; `None` after a pause.
    failure: Option<Cause>,
}

impl Transfer {
    /// Bytes of memory that a transfer takes.
    pub(crate) const SIZE: usize = size_of::<Self>();

    /// Bytes that are kept of the last response's head.
    pub(crate) fn head_bytes(&self) -> usize {
        self.report.head_bytes()
    }

    /// The head of the last response is not kept.
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

    /// The name that the origin gave to the file, where it was asked for one and gave another than the caller's.
    pub fn origin_name(&self) -> Option<&str> {
        self.naming.name()
    }

    /// The URL of a source, by its number.
    pub fn source_url(&self, index: usize) -> Option<&Url> {
        self.sources.urls().nth(index)
    }

    /// Length of the local file in bytes; `None` while it is not known.
    pub fn total(&self) -> Option<u64> {
        self.plan.total()
    }

    /// Bytes of the local file that are written.
    pub fn transferred(&self) -> u64 {
        if self.report.present { self.total().unwrap_or(0) } else { self.plan.written().total() }
    }

    /// Requests in flight or bodies being received.
    pub fn connections(&self) -> usize {
        self.attempts.len()
    }

    /// The failure after which this transfer waits to try again.
    pub fn waiting_after(&self) -> Option<Cause> {
        self.last_failure
            .filter(|_| self.phase == Phase::Fetching && self.attempts.is_empty())
            .filter(|_| self.sources.next_resume().is_some())
    }

    pub(crate) fn wait(&self) -> Option<Wait> {
        self.waiting_after()?;
        self.trouble(self.sources.next_resume()?)
    }

    /// What has failed since the last byte came, where another transfer is to go on at `at`.
    pub(crate) fn trouble(&self, at: Instant) -> Option<Wait> {
        let failures = self.sources.get(0).backoff.failures();
        Some(Wait { cause: self.last_failure?, at, silent_since: self.progress.since(), failures })
    }

    /// What it waits for is not waited for any more.
    pub(crate) fn ask_at_once(&mut self, cx: &mut Context<'_>) {
        if self.waiting_after().is_some() {
            self.sources.forgive();
            self.progress.excuse_until(cx.now);
            self.fill(cx);
        }
    }

    /// Whether an interruption would lose bytes, or work that no bytes are fetched for.
    pub(crate) fn is_better_left_alone(&self) -> bool {
        match self.phase {
            Phase::CheckingTarget | Phase::Finishing => true,
            Phase::Fetching => self.awaits_digests() || !(self.plan.written().is_empty() || self.can_be_resumed()),
            _ => false,
        }
    }

    /// Whether the file was at the target before.
    pub(crate) const fn is_present(&self) -> bool {
        self.report.present
    }

    /// Applies a changed retry policy.
    pub(crate) const fn set_retry_policy(&mut self, policy: RetryPolicy) {
        self.options.no_progress_timeout = policy.no_progress_timeout;
        self.options.chosen.retries = policy.retries;
        self.options.history.minimum_retry_delay = policy.minimum_retry_delay;
    }

    /// Why the last run stopped, or the last publishing failed.
    pub fn failure(&self) -> Option<Cause> {
        self.failure
    }

    /// A place is free: begins, or goes on after a suspension.
    pub(crate) fn start_or_go_on(&mut self, cx: &mut Context<'_>) {
        if self.phase == Phase::Idle {
            return self.start(cx);
        }
        self.suspended = false;
        self.progress.excuse_until(cx.now);
        self.fill(cx);
    }

    /// The network may not be used any more: saves what is written and asks for nothing until it goes on. `false` where nothing
    /// is asked for anyway.
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

    /// The file is to get its name once more.
    pub(crate) const fn forget_failure(&mut self) {
        self.failure = None;
    }

    pub(crate) const fn is_suspended(&self) -> bool {
        self.suspended
    }

    /// Whether there is a journal beside the partial file.
    pub(crate) const fn has_journal(&self) -> bool {
        self.sidecar.exists()
    }

    /// Looks at the disk and goes on from what is there.
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
            // What cannot be read has no checksum.
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
            // What could not be removed would vouch for bytes that are to come.
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

    /// When [`Self::handle_time`] has something to do; `None` while only answers are awaited.
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

    /// `attempt` could go on, but the rates hold it back: that is no silence of the origin.
    pub(crate) fn held(&mut self, now: Instant, attempt: AttemptId) {
        if let Some(attempt) = self.attempts.get_mut(&attempt) {
            attempt.active_at = now;
            attempt.speed = Speed::from(now);
            self.progress.excuse_until(now);
        }
    }

    /// Only checksums are awaited, which take as long as they take.
    fn awaits_digests(&self) -> bool {
        self.attempts.is_empty() && (self.piece_check.is_computing() || self.sealing.is_verifying())
    }

    /// What is asked of one exchange of those that share the file, in bytes per second.
    pub(crate) fn least_rate(&self) -> Option<u64> {
        self.options.chosen.min_rate.map(|rate| rate / self.fetching().max(1) as u64)
    }

    /// Silence after which one exchange is given up: several of them fit into the no-progress timeout.
    pub(crate) fn exchange_timeout(&self) -> Duration {
        (self.options.no_progress_timeout / 4).clamp(Duration::from_millis(500), Duration::from_secs(30))
    }
}
