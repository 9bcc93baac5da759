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

mod properties;
mod telling;

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::failure::Cause;
use crate::layout::{RequestedRange, Wanted};
use crate::property::default_no_progress_timeout;
use crate::request_fields;
use crate::time::Instant;
pub use crate::transfer::TransferOptions;
use crate::transfer::{Context, Options, Phase, Report, Transfer};
use crate::url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
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

#[derive(Debug)]
pub struct Download {
    id: String,
    uri: Option<Url>,
    /// The URL was replaced while files of an earlier start were here.
    uri_renewed: bool,
    display_name: Option<String>,
    local_path: Option<String>,
    custom_headers: Option<String>,
    callback_seconds: u32,
    no_progress_seconds: u32,
    foreground: bool,
    announced_size: Option<u64>,
    allow_insecure_redirect: bool,
    options: TransferOptions,

    state: State,
    wanted: Option<Wanted>,
    /// State and wish before the last start, for one that turns out to be none.
    before_start: (State, Option<Wanted>),
    /// The transfer before the last start, which a taken back start goes back to.
    before_transfer: Option<Transfer>,
    transfer: Option<Transfer>,
    /// Started, and waiting for a place among the running ones.
    queued: bool,
    error: Option<Cause>,
    /// The status that the caller was told last, and when.
    told: Option<(Status, Instant)>,
}

impl Download {
    pub(crate) fn new(id: String) -> Self {
        Self {
            id,
            uri: None,
            uri_renewed: false,
            display_name: None,
            local_path: None,
            custom_headers: None,
            callback_seconds: 1,
            no_progress_seconds: 0,
            foreground: false,
            announced_size: None,
            allow_insecure_redirect: false,
            options: TransferOptions::default(),
            state: State::Created,
            wanted: None,
            before_start: (State::Created, None),
            before_transfer: None,
            transfer: None,
            queued: false,
            error: None,
            told: None,
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub const fn is_foreground(&self) -> bool {
        self.foreground
    }

    pub const fn is_queued(&self) -> bool {
        self.queued
    }

    pub(crate) const fn status_state(&self) -> State {
        self.state
    }

    pub const fn max_rate(&self) -> Option<u64> {
        self.options.max_rate
    }

    pub(crate) const fn transfer(&self) -> Option<&Transfer> {
        self.transfer.as_ref()
    }

    pub(crate) const fn transfer_mut(&mut self) -> Option<&mut Transfer> {
        self.transfer.as_mut()
    }

    pub fn report(&self) -> Report {
        self.transfer.as_ref().map(Transfer::report).unwrap_or_default()
    }

    pub(crate) fn local_path(&self) -> Option<&str> {
        self.local_path.as_deref()
    }

    /// Whether the download's files are being written or wait for their name.
    pub(crate) const fn holds_files(&self) -> bool {
        matches!(self.state, State::Transferring | State::Transferred)
    }

    /// Its part of a rate that downloads share.
    pub(crate) const fn weight(&self) -> u64 {
        if self.foreground { 4 } else { 1 }
    }

    /// The URL of one of the download's sources.
    pub fn source_url(&self, index: usize) -> Option<&Url> {
        self.transfer.as_ref()?.source_url(index)
    }

    /// Exchanges in flight.
    pub fn connections(&self) -> usize {
        self.transfer.as_ref().map_or(0, Transfer::connections)
    }

    /// Why the last finalize did not give the file its name.
    pub fn publish_failure(&self) -> Option<Cause> {
        self.transfer.as_ref().filter(|transfer| transfer.phase() == Phase::Complete)?.failure()
    }

    pub fn status(&self) -> Status {
        let transfer = self.transfer.as_ref();
        let waiting = transfer.and_then(Transfer::waiting_after).filter(|_| self.state == State::Transferring);
        Status {
            bytes_total: transfer.and_then(Transfer::total).or(self.announced_size).unwrap_or(0),
            bytes_transferred: transfer.map_or(0, Transfer::transferred),
            state: if waiting.is_some() { State::Paused } else { self.state },
            error: self.error,
            extended_error: waiting,
        }
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] once the download was started.
    pub(crate) fn set_options(&mut self, options: TransferOptions) -> Result<(), Cause> {
        self.require(self.state == State::Created)?;
        self.options = options;
        Ok(())
    }

    /// Checks everything that can be checked before a request, and queues the download.
    pub(crate) fn start(&mut self, mode: StartMode) -> Result<(), Cause> {
        match self.state {
            State::Finalized | State::Aborted => return Err(Cause::InvalidState),
            State::Transferring => return Ok(()),
            State::Created | State::Paused | State::Transferred => {}
        }
        let wanted = match mode {
            StartMode::WholeFile => Wanted::Whole,
            StartMode::Ranges(ranges) if ranges.is_empty() => Wanted::Whole,
            StartMode::Ranges(ranges) => Wanted::Ranges(ranges),
            StartMode::Resume => self.wanted.clone().ok_or(Cause::RangesExpected)?,
        };
        wanted.check()?;
        let source = self.uri.clone().ok_or(Cause::NoUri)?;
        let local_path = self.local_path.clone().ok_or(Cause::NoLocalPath)?;
        if self.state == State::Transferred && self.wanted.as_ref() == Some(&wanted) {
            return Ok(());
        }
        let options = self.transfer_options(&source)?;
        self.before_start = (self.state, self.wanted.replace(wanted.clone()));
        self.before_transfer = self.transfer.replace(Transfer::new(source, local_path, wanted, options));
        self.state = State::Transferring;
        self.queued = true;
        self.error = None;
        Ok(())
    }

    fn transfer_options(&self, source: &Url) -> Result<Options, Cause> {
        let property = match self.no_progress_seconds {
            0 => default_no_progress_timeout(self.foreground),
            seconds => Duration::from_secs(seconds.into()),
        };
        let fields = self.custom_headers.as_deref().unwrap_or_default();
        let mut chosen = self.options.clone();
        chosen.refreshed |= self.uri_renewed;
        Ok(Options {
            no_progress_timeout: chosen.no_progress_timeout.unwrap_or(property),
            allow_insecure_redirect: self.allow_insecure_redirect,
            fields: request_fields::complete(request_fields::parse(fields)?, source),
            chosen,
        })
    }

    /// A place among the running downloads is free for this one.
    pub(crate) fn admit(&mut self, cx: &mut Context<'_>) {
        self.queued = false;
        if let Some(transfer) = &mut self.transfer {
            transfer.start(cx);
        }
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after the end. In Created, Paused and Transferred nothing happens.
    pub(crate) fn pause(&mut self, cx: &mut Context<'_>) -> Result<(), Cause> {
        self.require(!matches!(self.state, State::Finalized | State::Aborted))?;
        if self.state == State::Transferring {
            if let Some(transfer) = &mut self.transfer {
                transfer.stop(cx, None);
            }
            if self.queued {
                self.queued = false;
                self.state = State::Paused;
            }
        }
        Ok(())
    }

    /// # Errors
    ///
    /// [`Cause::InvalidState`] after Finalize. Aborting twice is no error.
    pub(crate) fn abort(&mut self, cx: &mut Context<'_>) -> Result<(), Cause> {
        self.require(self.state != State::Finalized)?;
        if self.state != State::Aborted {
            self.state = State::Aborted;
            self.queued = false;
            if let Some(transfer) = &mut self.transfer {
                transfer.abort(cx);
            }
        }
        Ok(())
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

    /// Follows the transfer's phase.
    pub(crate) fn settle(&mut self) {
        let Some(transfer) = &self.transfer else { return };
        match (transfer.phase(), self.state) {
            (Phase::Complete, State::Transferring) => self.state = State::Transferred,
            (Phase::Published, _) => self.state = State::Finalized,
            (Phase::Idle, State::Transferring) if !self.queued => {
                self.state = State::Paused;
                self.error = transfer.failure();
            }
            _ => {}
        }
    }

    /// A start that met an unusable path was no start: the path may be set again.
    pub(crate) fn take_back_start(&mut self) -> Option<Cause> {
        let never_fetched = self.transfer.as_ref().is_some_and(|transfer| transfer.report().requests == 0);
        let cause = self.error.filter(|cause| matches!(cause, Cause::Disk(_)) && never_fetched)?;
        (self.state, self.wanted) = core::mem::replace(&mut self.before_start, (State::Created, None));
        self.transfer = self.before_transfer.take();
        self.error = None;
        Some(cause)
    }

    fn require(&self, allowed: bool) -> Result<(), Cause> {
        if allowed { Ok(()) } else { Err(Cause::InvalidState) }
    }
}
