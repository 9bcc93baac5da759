//! Does what the core asks for, with WASI, and tells it what happened.
//!
//! One place waits: [`Shell::drive`]. Everything else returns at once, but for work on the disk, which WASI does in place.

mod clock;
mod decryption;
mod digests;
mod disk;
mod drive;
mod exchange;
mod hashing;
mod paths;
mod publish;
mod watch;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::download::{StartMode, State, Status, TransferOptions};
use haul_core::engine::{Engine, Settings};
use haul_core::failure::Cause;
use haul_core::identity::{AttemptId, DownloadId, OperationId};
use haul_core::input::{DiskDone, Input};
use haul_core::output::{DiskOperation, Happening, Output};
use haul_core::property::{Property, PropertyId};
use haul_core::transfer::Report;
use haul_core::url::redact;
use wasip2::random::random::get_random_u64;

use self::clock::Timer;
use self::digests::Digests;
use self::disk::Files;
use self::exchange::Exchange;
use self::paths::Grants;

pub use self::digests::DigestRequest;
pub use self::drive::PauseReason;
pub use self::paths::read_file;

/// Something for the caller, in the order in which it happened.
#[derive(Debug)]
pub enum Event {
    Happened { download: DownloadId, what: Happening },
    DigestWanted { download: DownloadId, request: DigestRequest },
}

/// What whoever drives does for the engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Driver {
    pub computes_digests: bool,
    pub locks_files: bool,
}

pub struct Shell {
    core: Engine,
    driver: Driver,
    grants: Rc<Grants>,
    files: BTreeMap<DownloadId, Files>,
    exchanges: BTreeMap<AttemptId, Exchange>,
    digests: Digests,
    events: VecDeque<Event>,
    timer: Option<Timer>,
    /// Downloads that no caller holds any more; forgotten when they end.
    let_go: Vec<DownloadId>,
}

impl Shell {
    pub fn new(settings: Settings, driver: Driver) -> Self {
        Self {
            core: Engine::new(settings, get_random_u64(), clock::now()),
            grants: Rc::new(Grants::of_this_instance()),
            files: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            digests: Digests::new(driver.computes_digests),
            driver,
            events: VecDeque::new(),
            timer: None,
            let_go: Vec::new(),
        }
    }

    pub fn create(&mut self) -> DownloadId {
        let (high, low) = (get_random_u64(), get_random_u64());
        let id = format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 48) & 0x3fff,
            low & 0xffff_ffff_ffff
        );
        self.core.create(id)
    }

    /// The caller holds `download` no more.
    pub fn let_go(&mut self, download: DownloadId) {
        self.let_go.push(download);
        self.forget_ended();
    }

    fn forget_ended(&mut self) {
        let (core, files) = (&mut self.core, &mut self.files);
        self.let_go.retain(|download| {
            let status = core.download(*download).map(|known| known.status());
            let busy =
                status.is_some_and(|status| status.state == State::Transferring || status.extended_error.is_some());
            if !busy {
                core.forget(*download);
                files.remove(download);
            }
            busy
        });
    }

    pub fn id(&self, download: DownloadId) -> String {
        self.core.download(download).map(|known| known.id().into()).unwrap_or_default()
    }

    pub fn status(&self, download: DownloadId) -> Option<Status> {
        self.core.download(download).map(|known| known.status())
    }

    /// The URL of one of a download's sources, without secrets.
    pub fn source(&self, download: DownloadId, index: usize) -> String {
        let url = self.core.download(download).and_then(|known| known.source_url(index));
        url.map(|url| redact(url.as_str())).unwrap_or_default()
    }

    pub fn report(&self, download: DownloadId) -> (Report, usize) {
        let known = self.core.download(download);
        known.map(|known| (known.report(), known.connections())).unwrap_or_default()
    }

    pub fn property(&self, download: DownloadId, id: PropertyId) -> Result<Property, Cause> {
        self.core.download(download).ok_or(Cause::InvalidState)?.property(id)
    }

    pub fn set_property(&mut self, download: DownloadId, property: Property) -> Result<(), Cause> {
        self.core.set_property(download, property)
    }

    pub fn set_options(&mut self, download: DownloadId, options: TransferOptions) -> Result<(), Cause> {
        self.core.set_options(download, options)
    }

    pub fn start(&mut self, download: DownloadId, mode: StartMode) -> Result<(), Cause> {
        self.core.start(clock::now(), download, mode)?;
        self.drain();
        self.core.take_back_start(download).map_or(Ok(()), Err)
    }

    pub fn pause(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.core.pause(clock::now(), download)?;
        self.drain();
        Ok(())
    }

    pub fn abort(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.core.abort(clock::now(), download)?;
        self.drain();
        self.forget_ended();
        Ok(())
    }

    pub fn finalize(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.core.finalize(clock::now(), download)?;
        self.drain();
        let known = self.core.download(download).ok_or(Cause::InvalidState)?;
        match (known.status().state, known.publish_failure()) {
            (State::Finalized, _) => Ok(()),
            (_, cause) => Err(cause.unwrap_or(Cause::Engine)),
        }
    }

    /// Pauses everything, so that what arrived is kept.
    pub fn close(mut self) {
        for download in self.core.unfinished() {
            let _ = self.core.pause(clock::now(), download);
        }
        self.drain();
    }

    /// Does everything that the core asks for.
    fn drain(&mut self) {
        while let Some(output) = self.core.poll_output() {
            match output {
                Output::Disk { download, id, operation } => self.do_disk(download, id, operation),
                Output::Request { attempt, request, .. } => match Exchange::send(&request) {
                    Ok(exchange) => {
                        self.exchanges.insert(attempt, exchange);
                    }
                    Err(cause) => self.core.handle(clock::now(), exchange::failed(attempt, cause)),
                },
                Output::Cancel { attempt } => {
                    self.exchanges.remove(&attempt);
                }
                Output::Event(event) => {
                    self.events.push_back(Event::Happened { download: event.download, what: event.what });
                }
            }
        }
    }

    fn do_disk(&mut self, download: DownloadId, id: OperationId, operation: DiskOperation) {
        let locking = self.driver.locks_files;
        let files = self.files.entry(download).or_insert_with(|| Files::new(self.grants.clone(), locking));
        let done = match operation {
            DiskOperation::Digest { subject, checksum, range } => {
                match self.digests.begin((download, id), files, subject, checksum, range) {
                    Ok(None) => return,
                    Ok(Some(request)) => {
                        self.events.push_back(Event::DigestWanted { download, request });
                        return;
                    }
                    Err(cause) => DiskDone::Failed(cause),
                }
            }
            DiskOperation::Close | DiskOperation::Discard | DiskOperation::Publish(_) => {
                self.digests.cancel(download);
                files.do_operation(operation)
            }
            operation => files.do_operation(operation),
        };
        self.core.handle(clock::now(), Input::Disk { download, id, done });
    }

    /// The driver's answer to a [`DigestRequest`]; `None` where it could not read the file.
    pub fn digest_computed(&mut self, number: u64, value: Option<Vec<u8>>) {
        if let Some(input) = self.digests.answered(number, value) {
            self.core.handle(clock::now(), input);
            self.drain();
        }
    }
}
