//! A DO download: its properties, its states, and the calls that move it from one to the next.
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

/// What `start` is to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartMode {
    WholeFile,
    Ranges(Vec<RequestedRange>),
    /// What the last start asked for.
    Resume,
}

/// DO_DOWNLOAD_STATUS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Bytes of the local file when complete; zero while that is not known.
    pub bytes_total: u64,
    pub bytes_transferred: u64,
    pub state: State,
    /// Why the download is paused and will not go on by itself.
    pub error: Option<Cause>,
    /// Why the download waits to go on by itself.
    pub extended_error: Option<Cause>,
}

/// The work of an earlier engine on a download that this engine has restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inherited {
    Nothing,
    /// It was started, and may have left files.
    Begun,
    /// It was transferred, and its file is looked at again.
    Transferred,
}

impl Inherited {
    /// The second look has come to its end.
    fn end_second_look(&mut self) {
        if *self == Self::Transferred {
            *self = Self::Begun;
        }
    }
}

#[derive(Debug)]
pub struct Download {
    id: String,
    /// Whose it is, by the host's name.
    caller: String,
    properties: Properties,
    options: TransferOptions,
    /// The URL was replaced while files of an earlier start were here.
    uri_renewed: bool,

    state: State,
    wanted: Option<Wanted>,
    /// State, wish and whether there was a partial file before the last start, for one that turns out to be none.
    before_start: (State, Option<Wanted>, bool),
    /// The transfer before the last start, which a taken back start goes back to.
    before_transfer: Option<Box<Transfer>>,
    /// What is found out before there is a transfer.
    preparation: Option<Box<Preparation>>,
    transfer: Option<Box<Transfer>>,
    /// Started, and waiting for a place among the running ones.
    queued: bool,
    /// Why the network may not be used.
    blocked: Option<Cause>,
    /// What the present run needs of an earlier one.
    expects_partial: bool,
    error: Option<Cause>,
    /// The last run left a partial file that a resume goes on with.
    has_partial: bool,
    /// Bytes in total and written, as an earlier engine has left them.
    left: (u64, u64),
    inherited: Inherited,
    /// The file is getting its name.
    publishing: bool,
    /// Something that is kept across restarts of the engine is not what it was.
    changed: bool,
    /// Set for a download that fetches a file of a job; no caller sees it.
    job: Option<JobContext>,
    /// Bytes that its caller's account has for it.
    pub(crate) charged: usize,
    /// Bytes of its last response's head that the account has for it.
    pub(crate) charged_head: usize,
    /// The engine has locked its path for it.
    pub(crate) locks_path: bool,
    /// The state directory has a record of it, with these secrets.
    stored: Option<Secrets>,
    /// The status in the last notice to the caller, and when that was.
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

    /// Whether its caller waits in `start` until it has ended.
    pub const fn is_blocking(&self) -> bool {
        self.properties.blocking
    }

    /// Whether it is to outlive its engine.
    pub const fn is_non_volatile(&self) -> bool {
        self.properties.non_volatile
    }

    pub const fn is_queued(&self) -> bool {
        self.queued
    }

    /// Started, and neither at its end nor paused.
    pub fn is_started(&self) -> bool {
        self.state == State::Transferring
    }

    /// Finalized or aborted.
    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Finalized | State::Aborted)
    }

    /// Whether it waits for a place and may use the network.
    pub(crate) const fn can_be_admitted(&self) -> bool {
        self.queued && self.blocked.is_none()
    }

    /// Bytes that are kept of the last response's head.
    pub(crate) fn head_bytes(&self) -> usize {
        self.transfer.as_deref().map_or(0, |transfer| transfer.head_bytes())
    }

    /// The head of the last response is not kept.
    pub(crate) fn forget_head(&mut self) {
        if let Some(transfer) = &mut self.transfer {
            transfer.forget_head();
        }
    }

    /// How its transfer waits to try again.
    pub(crate) fn wait(&self) -> Option<Wait> {
        self.transfer.as_deref().filter(|_| self.is_started()).and_then(Transfer::wait)
    }

    /// What has failed since the last byte came, where another download of the same file is to go on at `now`.
    pub(crate) fn trouble(&self, now: Instant) -> Option<Wait> {
        self.wait().or_else(|| self.transfer.as_deref()?.trouble(now))
    }

    /// What it waits for is not waited for any more.
    pub(crate) fn ask_at_once(&mut self, cx: &mut Context<'_>) {
        if let Some(transfer) = self.transfer.as_deref_mut().filter(|_| self.state == State::Transferring) {
            transfer.ask_at_once(cx);
        }
    }

    /// Whether an interruption would lose bytes, or work that no bytes are fetched for.
    pub(crate) fn is_better_left_alone(&self) -> bool {
        self.transfer.as_deref().is_some_and(Transfer::is_better_left_alone)
    }

    /// Whether the file was at the target before.
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

    /// Whether the download's files are being written or wait for their name.
    pub(crate) const fn holds_files(&self) -> bool {
        matches!(self.state, State::Transferring | State::Transferred)
    }

    /// Its part of a rate that downloads share.
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

    /// Why the last finalize did not give the file its name.
    pub fn publish_failure(&self) -> Option<Cause> {
        self.transfer.as_deref().filter(|transfer| transfer.phase() == Phase::Complete)?.failure()
    }

    /// Length of the local file in bytes, where a response or an earlier engine has told it.
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
    /// [`Cause::InvalidState`] once the download was started.
    pub(crate) fn set_options(&mut self, options: TransferOptions) -> Result<Replaced, Cause> {
        self.require(self.state == State::Created)?;
        let replaced = Replaced::Options(Box::new(mem::replace(&mut self.options, options)));
        self.changed = true;
        Ok(replaced)
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after the end. In Created, Paused and Transferred nothing happens.
    pub(crate) fn pause(&mut self, cx: &mut Context<'_>) -> Result<(), Cause> {
        self.require(!self.is_over())?;
        if self.state == State::Transferring {
            self.stop(cx, None);
        }
        Ok(())
    }

    /// Ends a run before its time; with a cause, it has failed.
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

    /// Removes what was written, by this run or by one of an earlier engine.
    fn drop_files(&mut self, cx: &mut Context<'_>) {
        match (&mut self.transfer, &self.properties.local_path) {
            (Some(transfer), _) => transfer.abort(cx),
            (None, Some(local_path)) if self.has_partial || self.inherited != Inherited::Nothing => {
                // Nobody waits for the answers.
                cx.disk(DiskOperation::open(local_path.clone()));
                cx.disk(DiskOperation::Discard);
            }
            (None, _) => {}
        }
    }

    /// The file is about to get its name.
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
            // An earlier engine may have given the file its name.
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

    /// The network is another one, or what this download may use of it.
    pub(crate) fn obey(&mut self, cx: &mut Context<'_>, network: &Network) {
        self.blocked = network.blocks(self.cost_policy(), self.properties.disallow_on_cellular);
        if self.blocked.is_some() {
            self.give_place_back(cx);
        }
    }

    /// Stops moving bytes until it is admitted again, if it can; what arrived is kept.
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
