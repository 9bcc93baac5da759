//! The engine's shell: carries out the core's requests with WASI, and reports the results to it.
//!
//! Only [`drive`] waits for events: for [`Shell::drive`], and for the start of a blocking download if the driver does not wait itself. All
//! other calls return at once, except for disk work, which WASI does in place.

mod clock;
mod decrypting;
mod decryption;
mod digests;
mod disk;
mod drive;
mod exchange;
mod hashing;
mod heartbeat;
mod holds;
mod jobs;
mod journal;
mod ledger;
mod paths;
mod publish;
mod records;
mod stream;
mod watch;
mod writable;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use haul_core::border::identity::{AttemptId, DownloadId, JobId, OperationId};
use haul_core::border::input::{Content, DiskDone, Input};
use haul_core::border::output::{DiskOperation, Happening, LedgerChange, Output, Subject};
use haul_core::content::digest::Algorithm;
use haul_core::download::{StartMode, State, Status};
use haul_core::engine::{Category, Engine, Restored, Settings};
use haul_core::failure::Cause;
use haul_core::parse::url::redact;
use haul_core::settings::network::Network;
use haul_core::settings::property::{Property, PropertyId};
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::store::ledger::Reader;
use haul_core::text::guid;
use haul_core::transfer::Report;
use wasip2::io::streams::OutputStream;
use wasip2::random::random::get_random_u64;

use self::clock::Timer;
use self::decrypting::Decrypting;
use self::digests::Digests;
use self::disk::{Files, Written};
use self::exchange::Exchange;
use self::holds::Holds;
use self::ledger::LedgerFile;
use self::paths::Grants;
use self::records::Records;
use self::stream::Stream;
use self::writable::Writable;

pub use self::clock::now;
pub use self::digests::DigestRequest;
pub use self::drive::PauseReason;
pub use self::paths::read_file;

/// Most partial files that are remembered, so that the memory is bounded. If there are more, all are forgotten: a file that was left a few
/// seconds ago needs no entry.
const MOST_LEFT: usize = 10_000;

/// Events for the caller, in the order in which they happened.
#[derive(Debug)]
pub enum Event {
    Happened { subject: Subject, what: Happening },
    DigestWanted { subject: Subject, request: DigestRequest },
    DigestAhead { subject: Subject, path: String, algorithms: Vec<Algorithm>, length: u64 },
    ContentWanted { subject: Subject, number: u64, content_id: String },
}

/// The work that the driver does for the engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Driver {
    pub computes_digests: bool,
    pub locks_files: bool,
    pub takes_exchange_fields: bool,
    pub resolves_content: bool,
    pub waits_for_callers: bool,
}

/// The engine's own directories. No download may use them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Directories<'a> {
    /// The directory of downloads and jobs that outlive the engine.
    pub state: Option<&'a str>,
    /// The directory of the key and of finished files; `None` for the state directory.
    pub records: Option<&'a str>,
}

pub struct Shell {
    core: Engine,
    driver: Driver,
    grants: Rc<Grants>,
    records: Option<Rc<Records>>,
    files: BTreeMap<DownloadId, Files>,
    /// The output streams of downloads that do not write to files.
    streams: BTreeMap<DownloadId, Stream>,
    exchanges: BTreeMap<AttemptId, Exchange>,
    /// The attempt whose bytes were moved last.
    last_turn: Option<AttemptId>,
    digests: Digests,
    decrypting: Decrypting,
    /// Requests to the driver to resolve a content id.
    contents: BTreeMap<u64, DownloadId>,
    events: VecDeque<Event>,
    timer: Option<Timer>,
    holds: Holds<DownloadId>,
    job_holds: Holds<JobId>,
    /// Partial files of jobs as this process left them, by their local names, so that they are not mistaken for another process's.
    left: BTreeMap<String, Written>,
    writable: Writable,
    ledger: Option<LedgerFile>,
    /// Ledger changes to write.
    changes: Vec<LedgerChange>,
    /// The cause if the last write of the ledger failed.
    unwritten: Option<Cause>,
}

impl Shell {
    pub fn open(
        mut settings: Settings,
        driver: Driver,
        network: Network,
        directories: Directories<'_>,
    ) -> Result<Self, Cause> {
        let Directories { state, records } = directories;
        settings.abilities.exchange_fields = driver.takes_exchange_fields;
        settings.abilities.resolves_content = driver.resolves_content;
        settings.abilities.keeps_downloads = state.is_some();
        let mut grants = Grants::of_this_instance();
        let ledger = state
            .map(|directory| LedgerFile::open(&grants, directory, driver.locks_files))
            .transpose()
            .map_err(Cause::Disk)?;
        let records = records.or(state).map(|directory| Records::open(&grants, directory)).transpose();
        let records = records.map_err(Cause::Disk)?;
        settings.key = match &records {
            Some(records) => records.key().map_err(Cause::Disk)?,
            None => Records::key_of_one_engine(),
        };
        [state, directories.records].into_iter().flatten().for_each(|directory| grants.reserve(directory));
        let mut shell = Self {
            core: Engine::new(settings, get_random_u64(), clock::now()),
            grants: Rc::new(grants),
            records: records.map(Rc::new),
            files: BTreeMap::new(),
            streams: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            digests: Digests::new(driver.computes_digests),
            decrypting: Decrypting::default(),
            contents: BTreeMap::new(),
            driver,
            events: VecDeque::new(),
            last_turn: None,
            timer: None,
            holds: Holds::new(),
            job_holds: Holds::new(),
            left: BTreeMap::new(),
            writable: Writable::default(),
            ledger: None,
            changes: Vec::new(),
            unwritten: None,
        };
        let now = shell.now();
        shell.core.set_network(now, network);
        if let Some((file, reader)) = ledger {
            shell.restore(file, reader)?;
        }
        Ok(shell)
    }

    fn restore(&mut self, mut file: LedgerFile, reader: Reader) -> Result<(), Cause> {
        if let Restored::Damaged { sound } = self.core.restore(clock::now(), reader) {
            file.set_aside(sound, &mut self.core).map_err(Cause::Disk)?;
            return Err(Cause::StateUnusable);
        }
        file.cut_tail().map_err(Cause::Disk)?;
        self.ledger = Some(file);
        self.drain();
        Ok(())
    }

    /// Creates a download, which its creator holds.
    pub fn create(&mut self, caller: String) -> Result<DownloadId, Cause> {
        let id = guid::format(guid::of_random(get_random_u64(), get_random_u64()));
        self.core.create(id, caller).inspect(|download| self.hold(*download))
    }

    /// The downloads of one caller, with one more hold on each.
    pub fn downloads_of(&mut self, caller: &str, category: Option<&Category>) -> Result<Vec<DownloadId>, Cause> {
        let found = self.core.downloads_of(caller, category)?;
        found.iter().for_each(|download| self.hold(*download));
        Ok(found)
    }

    /// Adds a hold on `download`.
    pub fn hold(&mut self, download: DownloadId) {
        self.holds.hold(download);
    }

    /// Drops a hold on `download`.
    pub fn let_go(&mut self, download: DownloadId) {
        self.holds.let_go(download);
        self.remove_if_over(download);
    }

    /// Removes a download that has ended, unless a caller still holds it.
    fn remove_if_over(&mut self, download: DownloadId) {
        let over = self.core.download(download).is_some_and(|known| known.is_over());
        if over && !self.holds.has(&download) {
            self.remove(download);
        }
    }

    fn remove(&mut self, download: DownloadId) {
        self.core.forget(download);
        self.files.remove(&download);
        self.streams.remove(&download);
        self.drain();
    }

    /// Forgets a download that does not transfer. Its files stay.
    pub fn forget(&mut self, download: DownloadId) -> Result<(), Cause> {
        if self.core.download(download).is_some_and(|known| known.is_started()) {
            return Err(Cause::InvalidState);
        }
        self.remove(download);
        Ok(())
    }

    pub fn id(&self, download: DownloadId) -> String {
        self.core.download(download).map(|known| known.id().into()).unwrap_or_default()
    }

    pub fn status(&self, download: DownloadId) -> Option<Status> {
        self.core.download(download).map(|known| known.status())
    }

    /// The URL of one of a file's sources, without secrets.
    pub fn source(&self, subject: Subject, index: usize) -> String {
        let url = match subject {
            Subject::Download(download) => {
                self.core.download(download).and_then(|known| Some(known.source_url(index)?.as_str().into()))
            }
            Subject::File(job, file) => self.core.job(job).and_then(|job| job.source(file, index)),
            Subject::Job(_) => None,
        };
        url.map(|url: String| redact(&url)).unwrap_or_default()
    }

    pub fn report(&self, download: DownloadId) -> (Report, usize) {
        let known = self.core.download(download);
        known.map(|known| (known.report(), known.connections())).unwrap_or_default()
    }

    pub fn property(&self, download: DownloadId, id: PropertyId) -> Result<Property, Cause> {
        self.core.download(download).ok_or(Cause::InvalidState)?.property(id)
    }

    pub fn set_property(&mut self, download: DownloadId, property: Property) -> Result<(), Cause> {
        let takes_stream_away = property == Property::StreamInterface(false);
        self.core.set_property(clock::now(), download, property)?;
        if takes_stream_away {
            self.streams.remove(&download);
        }
        self.keep_setting(download)
    }

    /// Sends the bytes of `download` to `output`.
    pub fn set_stream(&mut self, download: DownloadId, output: OutputStream) -> Result<(), Cause> {
        self.core.take_stream(download)?;
        self.streams.insert(download, Stream::new(output));
        Ok(())
    }

    /// Whether the stream of `download` failed because its reader closed it.
    pub fn reader_has_left(&self, download: DownloadId) -> bool {
        self.streams.get(&download).is_some_and(Stream::is_closed)
    }

    pub fn set_options(&mut self, download: DownloadId, options: TransferOptions) -> Result<(), Cause> {
        self.core.set_options(download, options)?;
        self.keep_setting(download)
    }

    pub fn set_network(&mut self, network: Network) {
        self.core.set_network(clock::now(), network);
        self.drain();
    }

    pub fn start(&mut self, download: DownloadId, mode: StartMode) -> Result<(), Cause> {
        self.core.start(clock::now(), download, mode)?;
        self.drain();
        if let Some(cause) = self.core.take_back_start(clock::now(), download) {
            self.drain();
            return Err(cause);
        }
        let blocks = self.core.download(download).is_some_and(|known| known.is_blocking());
        if blocks && !self.driver.waits_for_callers { self.wait_for(download) } else { Ok(()) }
    }

    pub fn pause(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.core.pause(clock::now(), download)?;
        self.drain();
        Ok(())
    }

    pub fn abort(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.core.abort(clock::now(), download)?;
        self.drain();
        self.streams.remove(&download);
        self.remove_if_over(download);
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

    /// Pauses all downloads, so that received bytes are kept.
    ///
    /// Returns the number of the last download, for the next engine of this instance.
    pub fn close(mut self) -> u64 {
        let now = self.now();
        self.core.close(now);
        self.drain();
        if self.unwritten.is_some() {
            self.changes = vec![LedgerChange::Replace];
            self.write_ledger();
        }
        self.core.last_download()
    }

    /// Carries out all outputs of the core.
    fn drain(&mut self) {
        while let Some(output) = self.core.poll_output() {
            match output {
                Output::Disk { download, id, operation } => match self.why_not_publish(download, &operation) {
                    Some(cause) => {
                        let done = DiskDone::Failed(cause);
                        self.core.handle(clock::now(), Input::Disk { download, id, done });
                    }
                    None => self.do_disk(download, id, operation),
                },
                Output::Request { attempt, request, .. } => {
                    match Exchange::send(&request, self.driver.takes_exchange_fields) {
                        Ok(exchange) => {
                            self.exchanges.insert(attempt, exchange);
                        }
                        Err(cause) => self.core.handle(clock::now(), exchange::failed(attempt, cause)),
                    }
                }
                Output::Cancel { attempt } => {
                    self.exchanges.remove(&attempt);
                }
                Output::DigestAhead { download, algorithms, length } => self.digest_ahead(download, algorithms, length),
                Output::WantContent { download, id, content_id } => {
                    self.contents.insert(id.0, download);
                    let subject = self.core.subject(download);
                    self.events.push_back(Event::ContentWanted { subject, number: id.0, content_id });
                }
                Output::Ledger(change) => self.changes.push(change),
                Output::Released { download } => self.release(download),
                Output::Event(event) => {
                    if let Subject::Job(job) = event.subject {
                        self.remove_job_if_over(job);
                    }
                    self.events.push_back(Event::Happened { subject: event.subject, what: event.what });
                }
            }
        }
        self.write_ledger();
    }

    /// The cause if a file of the queue must not be renamed. It gets its name only if the ledger records the permission: without the
    /// record, the next engine could not tell the file from a foreign one.
    fn why_not_publish(&mut self, download: DownloadId, operation: &DiskOperation) -> Option<Cause> {
        let DiskOperation::Publish(publish) = operation else { return None };
        self.write_ledger();
        self.unwritten.filter(|_| !publish.present && self.core.outlives_engine(download))
    }

    /// Tells a driver that computes digests which of them it can start during the transfer.
    fn digest_ahead(&mut self, download: DownloadId, algorithms: Vec<Algorithm>, length: u64) {
        let files = self.files.get(&download).filter(|_| self.driver.computes_digests);
        if let Some(path) = files.and_then(Files::partial_path) {
            let subject = self.core.subject(download);
            self.events.push_back(Event::DigestAhead { subject, path, algorithms, length });
        }
    }

    /// Releases a download that the core no longer needs, and remembers how its partial file was left.
    fn release(&mut self, download: DownloadId) {
        self.digests.cancel(download);
        self.decrypting.cancel(download);
        if let Some((path, written)) = self.files.remove(&download).and_then(Files::left) {
            if self.left.len() >= MOST_LEFT {
                self.left.clear();
            }
            self.left.insert(path, written);
        }
    }

    fn write_ledger(&mut self) {
        let mut changes = core::mem::take(&mut self.changes);
        let Some(ledger) = self.ledger.as_mut().filter(|_| !changes.is_empty()) else { return };
        if self.unwritten.is_some() {
            changes = vec![LedgerChange::Replace];
        }
        self.unwritten = ledger.change(&changes, &mut self.core).err();
        if self.unwritten.is_some() {
            self.core.distrust_ledger();
        }
    }

    /// An error if the last write of the ledger failed. The next change writes the ledger anew.
    fn written(&self) -> Result<(), Cause> {
        self.unwritten.map_or(Ok(()), Err)
    }

    /// Ends a call that changed a setting of `download`. If the setting belongs in the ledger and cannot be written, it is undone.
    fn keep_setting(&mut self, download: DownloadId) -> Result<(), Cause> {
        self.drain();
        let is_kept = self.core.download(download).is_some_and(|known| known.is_non_volatile());
        let written = self.written().or_else(|cause| if is_kept { Err(cause) } else { Ok(()) });
        if written.is_err() {
            self.core.take_back_setting(clock::now(), download);
            self.drain();
        }
        written
    }

    fn do_disk(&mut self, download: DownloadId, id: OperationId, operation: DiskOperation) {
        let done = match self.streams.get_mut(&download) {
            Some(stream) => {
                let over = matches!(operation, DiskOperation::Publish(_));
                let done = stream.do_operation(id, operation);
                if over {
                    self.streams.remove(&download);
                }
                done
            }
            None => self.do_with_files(download, id, operation),
        };
        if let Some(done) = done {
            self.core.handle(clock::now(), Input::Disk { download, id, done });
        }
    }

    /// `None` if a digest or a decryption answers later.
    fn do_with_files(&mut self, download: DownloadId, id: OperationId, operation: DiskOperation) -> Option<DiskDone> {
        let new = || Files::new(self.grants.clone(), self.records.clone(), self.driver.locks_files);
        let files = self.files.entry(download).or_insert_with(new);
        if let DiskOperation::Open { local_path, .. } = &operation {
            files.expect(self.left.remove(local_path));
        }
        let failed = |cause| Some(DiskDone::Failed(Cause::Disk(cause)));
        match operation {
            DiskOperation::Digest { subject, checksum, range } => {
                match self.digests.begin((download, id), files, subject, checksum, range) {
                    Ok(None) => None,
                    Ok(Some(request)) => {
                        let subject = self.core.subject(download);
                        self.events.push_back(Event::DigestWanted { subject, request });
                        None
                    }
                    Err(cause) => failed(cause),
                }
            }
            DiskOperation::Decrypt { info } => {
                self.decrypting.begin((download, id), files, &info).err().and_then(failed)
            }
            DiskOperation::Close | DiskOperation::Discard | DiskOperation::Publish(_) => {
                self.digests.cancel(download);
                self.decrypting.cancel(download);
                Some(files.do_operation(operation))
            }
            operation => Some(files.do_operation(operation)),
        }
    }

    /// The driver's answer to a [`DigestRequest`]; `None` if it could not read the file.
    pub fn digest_computed(&mut self, number: u64, value: Option<Vec<u8>>) {
        if let Some(input) = self.digests.answered(number, value) {
            self.core.handle(clock::now(), input);
            self.drain();
        }
    }

    /// The driver's answer to [`Event::ContentWanted`]; `None` if it does not know the id.
    pub fn content_resolved(&mut self, number: u64, content: Option<Content>) {
        if let Some(download) = self.contents.remove(&number) {
            self.core.handle(clock::now(), Input::Content { download, id: OperationId(number), content });
            self.drain();
        }
    }
}
