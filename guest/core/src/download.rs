//! A DO download: its properties, its states, and the calls that change the state.
//!
//! ```text
//!            start                    all bytes                finalize
//!  Created ───────▶ Transferring ───────────────▶ Transferred ──────────▶ Finalized
//!     │              ▲   │ pause, failure             │ │
//!     │        start │   ▼                            │ └─ start (other ranges) ─▶ Transferring
//!     │             Paused                            │
//!     └─── abort ─────┴──────────── abort ────────────┴──▶ Aborted
//! ```

mod document;
mod facts;
mod job_context;
mod persist;
mod preparation;
mod properties;
mod starting;
mod status_notice;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use crate::border::output::DiskOperation;
use crate::border::time::Instant;
use crate::failure::Cause;
use crate::layout::{RequestedRange, Wanted};
use crate::pacing::retry::Wait;
use crate::parse::url::Url;
use crate::settings::network::Network;
use crate::settings::property::Properties;
use crate::settings::transfer_options::TransferOptions;
use crate::store::stored_download::Secrets;
use crate::transfer::{Context, Phase, Report, Transfer};

use self::job_context::JobContext;
pub(crate) use self::persist::RecordChange;
use self::preparation::Preparation;
pub use self::properties::Abilities;
pub(crate) use self::properties::Replaced;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Created,
    Transferring,
    Transferred,
    Finalized,
    Aborted,
    Paused,
}

/// The bytes that `start` fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartMode {
    WholeFile,
    Ranges(Vec<RequestedRange>),
    /// The same as the last start.
    Resume,
}

/// DO_DOWNLOAD_STATUS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Length of the complete local file in bytes; zero while it is unknown.
    pub bytes_total: u64,
    pub bytes_transferred: u64,
    pub state: State,
    /// The reason why the download is paused and will not continue by itself.
    pub error: Option<Cause>,
    /// The reason why the download waits; it will continue by itself.
    pub extended_error: Option<Cause>,
}

/// The work of an earlier engine on a download that this engine has restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inherited {
    Nothing,
    /// It was started and may have left files.
    Begun,
    /// It was transferred, and this engine checks its file again.
    Transferred,
}

impl Inherited {
    /// Ends the second check.
    fn end_second_look(&mut self) {
        if *self == Self::Transferred {
            *self = Self::Begun;
        }
    }
}

#[derive(Debug)]
pub struct Download {
    id: String,
    /// The owner, as the host names it.
    caller: String,
    properties: Properties,
    options: TransferOptions,
    /// The URL was replaced while an earlier start's files existed.
    uri_renewed: bool,

    state: State,
    wanted: Option<Wanted>,
    /// State, wanted bytes and presence of a partial file before the last start, for its rollback.
    before_start: (State, Option<Wanted>, bool),
    /// The transfer before the last start, for its rollback.
    before_transfer: Option<Box<Transfer>>,
    /// The steps before the transfer.
    preparation: Option<Box<Preparation>>,
    transfer: Option<Box<Transfer>>,
    /// The download is started and waits for the scheduler.
    queued: bool,
    /// The reason why the download must not use the network.
    blocked: Option<Cause>,
    /// The run fails if the partial file of an earlier run is missing.
    expects_partial: bool,
    error: Option<Cause>,
    /// The last run left a partial file that a resume continues.
    has_partial: bool,
    /// Total and written bytes when an earlier engine ended.
    left: (u64, u64),
    inherited: Inherited,
    /// The rename is in progress.
    publishing: bool,
    /// A stored part of the download has changed since it was stored.
    changed: bool,
    /// Set for a download that fetches a file of a job, which callers cannot see.
    job: Option<JobContext>,
    /// Bytes charged to the caller's account.
    pub(crate) charged: usize,
    /// Bytes charged to the account for the last response head.
    pub(crate) charged_head: usize,
    /// The engine holds the lock on its path.
    pub(crate) locks_path: bool,
    /// The secrets of its record in the state directory; `None` if it has no record.
    stored: Option<Secrets>,
    /// Status and time of the last notice to the caller.
    last_notice: Option<(Status, Instant)>,
}

impl Download {
    pub(crate) fn new(id: String, caller: String) -> Self {
        Self {
            id,
            caller,
            properties: Properties::default(),
            options: TransferOptions::default(),
            uri_renewed: false,
            state: State::Created,
            wanted: None,
            before_start: Default::default(),
            before_transfer: None,
            preparation: None,
            transfer: None,
            queued: false,
            blocked: None,
            expects_partial: false,
            error: None,
            has_partial: false,
            left: (0, 0),
            inherited: Inherited::Nothing,
            publishing: false,
            changed: false,
            job: None,
            charged: 0,
            charged_head: 0,
            locks_path: false,
            stored: None,
            last_notice: None,
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn caller(&self) -> &str {
        &self.caller
    }

    pub const fn is_foreground(&self) -> bool {
        self.properties.foreground
    }

    /// Whether the caller's `start` blocks until the download ends.
    pub const fn is_blocking(&self) -> bool {
        self.properties.blocking
    }

    /// Whether the download outlives its engine.
    pub const fn is_non_volatile(&self) -> bool {
        self.properties.non_volatile
    }

    pub const fn is_queued(&self) -> bool {
        self.queued
    }

    /// Whether the download is started and neither complete nor paused.
    pub fn is_started(&self) -> bool {
        self.state == State::Transferring
    }

    /// Finalized or aborted.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Finalized | State::Aborted)
    }

    /// Whether it waits for the scheduler and may use the network.
    pub(crate) const fn can_be_admitted(&self) -> bool {
        self.queued && self.blocked.is_none()
    }

    /// Stored bytes of the last response head.
    pub(crate) fn head_bytes(&self) -> usize {
        self.transfer.as_deref().map_or(0, |transfer| transfer.head_bytes())
    }

    /// Drops the stored head of the last response.
    pub(crate) fn forget_head(&mut self) {
        if let Some(transfer) = &mut self.transfer {
            transfer.forget_head();
        }
    }

    /// The pending retry of its transfer.
    pub(crate) fn wait(&self) -> Option<Wait> {
        self.transfer.as_deref().filter(|_| self.is_started()).and_then(Transfer::wait)
    }

    /// The failures since the last byte, for another download of the same file that continues at `now`.
    pub(crate) fn trouble(&self, now: Instant) -> Option<Wait> {
        self.wait().or_else(|| self.transfer.as_deref()?.trouble(now))
    }

    /// Ends a wait for a retry and sends the request at once.
    pub(crate) fn ask_at_once(&mut self, cx: &mut Context<'_>) {
        if let Some(transfer) = self.transfer.as_deref_mut().filter(|_| self.state == State::Transferring) {
            transfer.ask_at_once(cx);
        }
    }

    /// Whether an interruption would lose bytes, or a computation of digests.
    pub(crate) fn is_better_left_alone(&self) -> bool {
        self.transfer.as_deref().is_some_and(Transfer::is_better_left_alone)
    }

    /// Whether the target was already the wanted file.
    pub(crate) fn is_present(&self) -> bool {
        self.transfer.as_deref().is_some_and(Transfer::is_present)
    }

    pub const fn max_rate(&self) -> Option<u64> {
        self.options.max_rate
    }

    pub fn report(&self) -> Report {
        self.transfer.as_deref().map(Transfer::report).unwrap_or_default()
    }

    pub(crate) fn local_path(&self) -> Option<&str> {
        self.properties.local_path.as_deref()
    }

    /// Whether the download's files are being written or wait for the rename.
    pub(crate) const fn holds_files(&self) -> bool {
        matches!(self.state, State::Transferring | State::Transferred)
    }

    /// Its share of a common rate.
    pub(crate) const fn weight(&self) -> u64 {
        if self.is_foreground() { 4 } else { 1 }
    }

    /// The URL of one of the download's sources.
    pub fn source_url(&self, index: usize) -> Option<&Url> {
        self.transfer.as_deref()?.source_url(index)
    }

    /// Exchanges in flight.
    pub fn connections(&self) -> usize {
        self.transfer.as_deref().map_or(0, Transfer::connections)
    }

    /// The cause of a failed rename at the last finalize.
    pub fn publish_failure(&self) -> Option<Cause> {
        self.transfer.as_deref().filter(|transfer| transfer.phase() == Phase::Complete)?.failure()
    }

    /// Length of the local file in bytes, if a response or an earlier engine established it.
    fn total(&self) -> Option<u64> {
        let left = Some(self.left.0).filter(|total| *total > 0 && self.transfer.is_none());
        self.transfer.as_deref().and_then(Transfer::total).or(left)
    }

    /// [`Self::total`] of a download whose files are being written.
    pub(crate) fn found_total(&self) -> Option<u64> {
        self.total()
    }

    pub fn status(&self) -> Status {
        let transfer = self.transfer.as_deref();
        let waiting = transfer.and_then(Transfer::waiting_after).or(self.blocked.filter(|_| self.queued));
        let waiting = waiting.filter(|_| self.state == State::Transferring);
        Status {
            bytes_total: self.total().or(self.properties.announced_size).unwrap_or(0),
            bytes_transferred: transfer.map_or(self.left.1, Transfer::transferred),
            state: if waiting.is_some() { State::Paused } else { self.state },
            error: self.error,
            extended_error: waiting,
        }
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] once the download is started.
    pub(crate) fn set_options(&mut self, options: TransferOptions) -> Result<Replaced, Cause> {
        self.require(self.state == State::Created)?;
        let replaced = Replaced::Options(Box::new(mem::replace(&mut self.options, options)));
        self.changed = true;
        Ok(replaced)
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after the end. In Created, Paused and Transferred the call has no effect.
    pub(crate) fn pause(&mut self, cx: &mut Context<'_>) -> Result<(), Cause> {
        self.require(!self.is_over())?;
        if self.state == State::Transferring {
            self.stop(cx, None);
        }
        Ok(())
    }

    /// Ends a run early; a cause marks it as failed.
    fn stop(&mut self, cx: &mut Context<'_>, cause: Option<Cause>) {
        let never_began = self.transfer.as_deref().is_none_or(|transfer| transfer.phase() == Phase::Idle);
        self.queued = false;
        if let Some(mut preparation) = self.preparation.take() {
            preparation.cancel(cx);
        }
        match &mut self.transfer {
            Some(transfer) if !never_began => transfer.stop(cx, cause),
            _ => {
                self.state = State::Paused;
                self.error = cause;
                self.changed = true;
            }
        }
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after Finalize. Aborting twice is no error.
    pub(crate) fn abort(&mut self, cx: &mut Context<'_>) -> Result<(), Cause> {
        self.require(self.state != State::Finalized)?;
        if self.state != State::Aborted {
            self.state = State::Aborted;
            self.error = None;
            self.queued = false;
            self.changed = true;
            if let Some(mut preparation) = self.preparation.take() {
                preparation.cancel(cx);
            }
            self.drop_files(cx);
        }
        Ok(())
    }

    /// Removes the files of this run or of an earlier engine.
    fn drop_files(&mut self, cx: &mut Context<'_>) {
        match (&mut self.transfer, &self.properties.local_path) {
            (Some(transfer), _) => transfer.abort(cx),
            (None, Some(local_path)) if self.has_partial || self.inherited != Inherited::Nothing => {
                // Nothing depends on the results.
                cx.disk(DiskOperation::open(local_path.clone()));
                cx.disk(DiskOperation::Discard);
            }
            (None, _) => {}
        }
    }

    /// Records that the rename is about to start.
    pub(crate) fn announce_publishing(&mut self) {
        if let Some(transfer) =
            self.transfer.as_deref_mut().filter(|_| self.state == State::Transferred && self.stored.is_some())
        {
            transfer.forget_failure();
            self.publishing = true;
            self.changed = true;
        }
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] before Transferred and after Aborted. Finalizing twice is no error.
    pub(crate) fn finalize(&mut self, cx: &mut Context<'_>) -> Result<(), Cause> {
        match (self.state, &mut self.transfer) {
            (State::Finalized, _) => Ok(()),
            (State::Transferred, Some(transfer)) => {
                transfer.publish(cx);
                Ok(())
            }
            _ => Err(Cause::InvalidState),
        }
    }

    /// Derives the state from the transfer's phase.
    pub(crate) fn reconcile(&mut self) {
        let Some(transfer) = &self.transfer else { return };
        match (transfer.phase(), self.state) {
            (Phase::Complete, State::Transferring) => {
                self.state = State::Transferred;
                self.queued = false;
                self.inherited.end_second_look();
                self.has_partial = true;
                self.changed = true;
            }
            // An earlier engine may have renamed the file.
            (Phase::Published, State::Transferred | State::Transferring) => {
                self.state = State::Finalized;
                self.queued = false;
                self.changed = true;
            }
            (Phase::Complete, State::Transferred) if self.publishing && transfer.failure().is_some() => {
                self.publishing = false;
                self.changed = true;
            }
            (Phase::Idle, State::Transferring) if !self.queued || transfer.is_suspended() => {
                self.queued = false;
                self.state = State::Paused;
                self.inherited.end_second_look();
                self.publishing = false;
                self.error = transfer.failure();
                self.has_partial = transfer.has_journal();
                self.changed = true;
            }
            _ => {}
        }
    }

    /// Applies a change of the network or of this download's cost policy.
    pub(crate) fn obey(&mut self, cx: &mut Context<'_>, network: &Network) {
        self.blocked = network.blocks(self.cost_policy(), self.properties.disallow_on_cellular);
        if self.blocked.is_some() {
            self.give_place_back(cx);
        }
    }

    /// Stops moving bytes until the download is admitted again, if the phase allows that. Received bytes are kept.
    pub(crate) fn give_place_back(&mut self, cx: &mut Context<'_>) {
        if self.queued || self.state != State::Transferring {
            return;
        }
        if let Some(preparation) = &mut self.preparation {
            preparation.suspend(cx);
            self.queued = true;
        } else if let Some(transfer) = &mut self.transfer {
            self.queued = transfer.suspend(cx);
        }
    }

    fn require(&self, allowed: bool) -> Result<(), Cause> {
        if allowed { Ok(()) } else { Err(Cause::InvalidState) }
    }
}
