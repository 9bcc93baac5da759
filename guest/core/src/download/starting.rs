//! The start of a download: checks before the first request, the preparation, and the rollback of a failed start.

use alloc::boxed::Box;
use core::time::Duration;

use super::preparation::{Preparation, Progress, Wish};
use super::properties::Abilities;
use super::{Download, StartMode, State};
use crate::failure::Cause;
use crate::http::exchange_fields::ExchangeFields;
use crate::http::request_fields;
use crate::layout::Wanted;
use crate::parse::url::Url;
use crate::settings::durability::Durability;
use crate::settings::property::{SecurityFlags, default_no_progress_timeout};
use crate::settings::transfer_options::TransferOptions;
use crate::transfer::{Context, Options, Transfer};

impl Download {
    /// Makes all checks that need no request, and queues the download.
    pub(crate) fn start(&mut self, mode: StartMode, abilities: Abilities) -> Result<(), Cause> {
        match self.state {
            State::Finalized | State::Aborted => return Err(Cause::InvalidState),
            State::Transferring => return Ok(()),
            State::Created | State::Paused | State::Transferred => {}
        }
        let resumes = mode == StartMode::Resume;
        let wanted = match mode {
            StartMode::WholeFile => Wanted::Whole,
            StartMode::Ranges(ranges) if ranges.is_empty() => Wanted::Whole,
            StartMode::Ranges(ranges) => Wanted::Ranges(ranges),
            StartMode::Resume => self.wanted.clone().ok_or(Cause::RangesExpected)?,
        };
        wanted.check()?;
        self.check_properties(&wanted, abilities)?;
        if self.state == State::Transferred && self.wanted.as_ref() == Some(&wanted) {
            return Ok(());
        }
        self.begin(wanted, resumes && self.has_partial, abilities)?;
        self.changed = true;
        Ok(())
    }

    fn check_properties(&self, wanted: &Wanted, abilities: Abilities) -> Result<(), Cause> {
        let set = &self.properties;
        if set.uri.is_none() && !(set.content_id.is_some() && abilities.resolves_content) {
            return Err(Cause::NoUri);
        }
        if set.local_path.is_none() && !set.streams {
            return Err(Cause::NoLocalPath);
        }
        if set.integrity_mandatory && set.integrity.is_none() {
            return Err(Cause::IntegrityInfoUnspecified);
        }
        if set.decryption.is_some() && *wanted != Wanted::Whole {
            return Err(Cause::RangesUnexpected);
        }
        let asks_for_fields = set.network_token
            || !set.security_context.expose().is_empty()
            || set.security_flags != SecurityFlags::default();
        if asks_for_fields && !abilities.exchange_fields {
            return Err(Cause::NotSupported);
        }
        // The bytes of a stream can be neither read nor fetched again, so a mismatch could not be repaired.
        if set.streams && (set.integrity.is_some() || self.options.pieces.is_some()) {
            return Err(Cause::NotSupported);
        }
        Ok(())
    }

    fn begin(&mut self, wanted: Wanted, expects_partial: bool, abilities: Abilities) -> Result<(), Cause> {
        let content_id = self.properties.content_id.clone().filter(|_| abilities.resolves_content);
        let integrity = self.properties.integrity.clone().filter(|_| wanted == Wanted::Whole);
        let chosen = self.chosen();
        let (preparation, transfer) = match (&self.properties.uri, content_id, integrity) {
            (Some(source), None, None) => {
                (None, Some(self.transfer_of(source.clone(), wanted.clone(), chosen, expects_partial)?))
            }
            (source, content_id, integrity) => {
                let wish = Wish {
                    content_id,
                    integrity,
                    mandatory: self.properties.integrity_mandatory,
                    pieces_count: !self.properties.streams,
                    source: source.clone(),
                    chosen,
                    fields: request_fields::complete(self.exchange_fields().of(false).collect(), None),
                    allow_insecure_redirect: self.properties.allow_insecure_redirect,
                    timeout: self.no_progress_timeout(),
                };
                (Some(Preparation::new(wish)), None)
            }
        };
        self.expects_partial = expects_partial;
        self.before_start = (self.state, self.wanted.replace(wanted), self.has_partial);
        self.before_transfer = core::mem::replace(&mut self.transfer, transfer.map(Box::new));
        self.preparation = preparation.map(Box::new);
        self.state = State::Transferring;
        self.queued = true;
        self.error = None;
        Ok(())
    }

    fn transfer_of(
        &self,
        source: Url,
        wanted: Wanted,
        chosen: TransferOptions,
        expects_partial: bool,
    ) -> Result<Transfer, Cause> {
        let set = &self.properties;
        let mut fields = request_fields::parse(set.custom_headers.expose())?;
        fields.extend(set.correlation_vector.clone().map(|vector| ("ms-cv".into(), vector)));
        let options = Options {
            no_progress_timeout: self.no_progress_timeout(),
            allow_insecure_redirect: set.allow_insecure_redirect,
            fields: request_fields::complete(fields, Some(&source)),
            auth_fields: request_fields::parse(set.auth_headers.expose())?,
            exchange: self.exchange_fields(),
            in_order: set.streams,
            non_volatile: set.non_volatile || self.job.is_some(),
            expects_partial,
            may_be_published: self.publishing.then_some(self.left.0),
            decryption: set.decryption.clone(),
            history: self.job.as_ref().map(|job| job.history).unwrap_or_default(),
            chosen,
        };
        Ok(Transfer::new(source, set.local_path.clone().unwrap_or_default(), wanted, options))
    }

    fn chosen(&self) -> TransferOptions {
        let mut chosen = self.options.clone();
        chosen.refreshed |= self.uri_renewed;
        if self.properties.streams {
            // A stream can be neither synced nor read again.
            chosen.durability = Durability::Process;
        }
        chosen
    }

    fn exchange_fields(&self) -> ExchangeFields {
        let set = &self.properties;
        let proxy = self.job.as_ref().map(|job| job.proxy.clone()).unwrap_or_default();
        ExchangeFields::new(
            set.security_flags,
            set.security_context.expose(),
            set.network_token.then_some(self.caller.as_str()),
            &proxy,
        )
    }

    fn no_progress_timeout(&self) -> Duration {
        let property = match self.properties.no_progress_timeout_seconds {
            0 => default_no_progress_timeout(self.is_foreground()),
            seconds => Duration::from_secs(seconds.into()),
        };
        self.options.no_progress_timeout.unwrap_or(property)
    }

    /// The scheduler has a free place for this download.
    pub(crate) fn admit(&mut self, cx: &mut Context<'_>) {
        self.queued = false;
        match (&mut self.preparation, &mut self.transfer) {
            (Some(preparation), _) => {
                let progress = preparation.go_on(cx);
                self.prepared(cx, progress);
            }
            (None, Some(transfer)) => transfer.start_or_go_on(cx),
            (None, None) => {}
        }
    }

    /// Handles progress of the preparation, and starts the transfer when it is done.
    pub(super) fn prepared(&mut self, cx: &mut Context<'_>, progress: Progress) {
        match progress {
            Progress::NotYet => {}
            Progress::Failed(cause) => self.stop(cx, Some(cause)),
            Progress::Ready { source, chosen } => {
                self.preparation = None;
                let wanted = self.wanted.clone().unwrap_or_default();
                match self.transfer_of(source, wanted, *chosen, self.expects_partial) {
                    Ok(transfer) => self.transfer.insert(Box::new(transfer)).start_or_go_on(cx),
                    Err(cause) => self.stop(cx, Some(cause)),
                }
            }
        }
    }

    /// Rolls back a start that failed on an unusable path before any request, so that the caller can set the path again. Returns the cause.
    pub(crate) fn take_back_start(&mut self) -> Option<Cause> {
        let never_fetched = self.transfer.as_deref().is_some_and(|transfer| transfer.report().requests == 0);
        let cause = self.error.filter(|cause| matches!(cause, Cause::Disk(_)) && never_fetched)?;
        (self.state, self.wanted, self.has_partial) = core::mem::take(&mut self.before_start);
        self.transfer = self.before_transfer.take();
        self.error = None;
        self.changed = true;
        Some(cause)
    }
}
