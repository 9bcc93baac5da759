//! A single download in an engine, and a disk without faults.

use std::convert::Infallible;

use haul_core::border::identity::{AttemptId, DownloadId, OperationId};
use haul_core::border::input::{DiskDone, End, Input, Opened, PartialFacts, TargetFacts};
use haul_core::border::output::{DiskOperation, LedgerChange, Output, Request};
use haul_core::border::time::Instant;
use haul_core::content::digest::Checksum;
use haul_core::download::{Abilities, StartMode, Status};
use haul_core::engine::{Engine, Settings};
use haul_core::failure::Cause;
use haul_core::http::head::Head;
use haul_core::settings::property::Property;
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::store::key::Key;
use haul_core::store::ledger::Reader;
use haul_core::transfer::Step;

pub struct Lone {
    pub engine: Engine,
    pub download: DownloadId,
    pub now: Instant,
    pub ledger: Vec<u8>,
    /// Requested operations in order.
    pub asked: Vec<DiskOperation>,
    /// Prefix lengths of all digest hints.
    pub ahead: Vec<u64>,
    pub requests: Vec<(AttemptId, Request)>,
    /// Selects operations that are not answered automatically.
    pub held: fn(&DiskOperation) -> bool,
    pub waiting: Vec<OperationId>,
    /// The error for opening the files.
    pub open_fails: Option<Cause>,
    /// Length of a file at the target.
    pub target: Option<u64>,
    /// The record of that file.
    pub record: Option<Vec<u8>>,
    pub partial: bool,
    /// Another user can write to the partial file.
    pub foreign: bool,
    /// CRC-32 of every part of the partial file.
    pub crc: u32,
    journal: Vec<u8>,
}

fn engine(key: Key) -> Engine {
    let abilities = Abilities { exchange_fields: true, resolves_content: true, keeps_downloads: true };
    Engine::new(Settings { abilities, key, ..Settings::default() }, 1, Instant::default())
}

impl Lone {
    /// A download with these properties.
    pub fn new(properties: impl IntoIterator<Item = Property>) -> Self {
        let mut engine = engine(Key::default());
        let download = engine.create("id".into(), "caller".into()).unwrap();
        let mut lone = Self {
            engine,
            download,
            now: Instant::default(),
            ledger: Vec::new(),
            asked: Vec::new(),
            ahead: Vec::new(),
            requests: Vec::new(),
            held: |_| false,
            waiting: Vec::new(),
            open_fails: None,
            target: None,
            record: None,
            partial: false,
            foreign: false,
            crc: 0,
            journal: Vec::new(),
        };
        properties.into_iter().for_each(|property| lone.set(property));
        lone
    }

    /// A download from a URL to a file.
    pub fn file(properties: impl IntoIterator<Item = Property>) -> Self {
        let own = [Property::Uri("http://origin/file".into()), Property::LocalPath("file".into())];
        Self::new(own.into_iter().chain(properties))
    }

    pub fn set(&mut self, property: Property) {
        self.engine.set_property(self.now, self.download, property).unwrap();
        self.drain();
    }

    pub fn options(&mut self, options: TransferOptions) {
        self.engine.set_options(self.download, options).unwrap();
    }

    pub fn start(&mut self, mode: StartMode) {
        self.engine.start(self.now, self.download, mode).unwrap();
        self.drain();
    }

    pub fn status(&self) -> Status {
        self.engine.download(self.download).unwrap().status()
    }

    /// Starts another engine with the same ledger.
    pub fn restart(&mut self) {
        self.engine = engine(Key::default());
        self.engine.restore(self.now, Reader::of(&self.ledger));
        self.download = self.engine.downloads_of("caller", None).unwrap()[0];
        self.asked.clear();
        self.requests.clear();
        self.held = |_| false;
        self.drain();
    }

    /// Starts another engine with `key` on the same disk, and creates an equal download.
    pub fn again(&mut self, key: Key, properties: impl IntoIterator<Item = Property>) {
        self.engine = engine(key);
        self.download = self.engine.create("id".into(), "caller".into()).unwrap();
        self.asked.clear();
        self.requests.clear();
        properties.into_iter().for_each(|property| self.set(property));
    }

    /// Responds to the oldest request with a head.
    pub fn respond(&mut self, status: u16, fields: &[(&str, &str)]) -> AttemptId {
        let (attempt, _) = self.requests.remove(0);
        let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        self.handle(Input::Head { attempt, head: Head { status, fields } });
        attempt
    }

    /// Moves all available bytes of a body, at most `most`. The body ends with its last declared byte.
    pub fn flow(&mut self, attempt: AttemptId, most: u64) {
        self.flow_without_end(attempt, most);
        if self.engine.step(self.now, attempt) == Step::Drain {
            self.end(attempt, End::Complete);
        }
    }

    pub fn flow_without_end(&mut self, attempt: AttemptId, most: u64) {
        if let Step::Write { limit, .. } = self.engine.step(self.now, attempt) {
            self.handle(Input::Moved { attempt, bytes: limit.min(most) });
        }
    }

    pub fn end(&mut self, attempt: AttemptId, end: End) {
        self.handle(Input::Ended { attempt, end });
    }

    pub fn wait_for_deadline(&mut self) {
        self.now = self.engine.deadline(self.now).unwrap();
        self.handle(Input::Time);
    }

    pub fn handle(&mut self, input: Input) {
        self.engine.handle(self.now, input);
        self.drain();
    }

    pub fn drain(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Disk { id, operation, .. } => self.take(id, operation),
                Output::Request { attempt, request, .. } => self.requests.push((attempt, request)),
                Output::Cancel { attempt } => self.requests.retain(|(known, _)| *known != attempt),
                Output::Ledger(LedgerChange::Replace) => {
                    self.ledger.clear();
                    let write = |part: &[u8]| {
                        self.ledger.extend_from_slice(part);
                        Ok::<_, Infallible>(())
                    };
                    self.engine.write_ledger(write).unwrap();
                }
                Output::Ledger(LedgerChange::Append { bytes, .. }) => self.ledger.extend(bytes),
                Output::WantContent { id, .. } => self.waiting.push(id),
                Output::DigestAhead { length, .. } => self.ahead.push(length),
                Output::Released { .. } | Output::Event(_) => {}
            }
        }
    }

    fn take(&mut self, id: OperationId, operation: DiskOperation) {
        if (self.held)(&operation) {
            self.waiting.push(id);
        } else {
            let done = self.perform(&operation);
            self.engine.handle(self.now, Input::Disk { download: self.download, id, done });
        }
        self.asked.push(operation);
    }

    fn perform(&mut self, operation: &DiskOperation) -> DiskDone {
        match operation {
            DiskOperation::Open { .. } => match self.open_fails {
                Some(cause) => DiskDone::Failed(cause),
                None => DiskDone::Opened(Opened {
                    target: self.target.map(|length| TargetFacts { length, record: self.record.clone() }),
                    partial: self.partial.then_some(PartialFacts { length: 1 << 40, modified: None }),
                    journal: self.journal.clone(),
                    foreign: self.foreign,
                }),
            },
            DiskOperation::Begin { .. } => {
                self.partial = true;
                DiskDone::Begun { now: None }
            }
            DiskOperation::Sync => DiskDone::Synced { modified: None },
            DiskOperation::ReplaceJournal { bytes } => {
                self.journal = bytes.clone();
                DiskDone::JournalWritten
            }
            DiskOperation::AppendJournal { offset, bytes } => {
                self.journal.truncate(*offset as usize);
                self.journal.extend(bytes);
                DiskDone::JournalWritten
            }
            DiskOperation::Digest { checksum: Checksum::Crc32, .. } => {
                DiskDone::Digested(self.crc.to_be_bytes().to_vec())
            }
            DiskOperation::Digest { .. } => DiskDone::Digested(vec![0; 32]),
            DiskOperation::Checksums { ranges } => DiskDone::Checksums(vec![self.crc; ranges.len()]),
            DiskOperation::Name { .. } => DiskDone::Named(None),
            DiskOperation::Cut { .. } => DiskDone::Cut,
            DiskOperation::Decrypt { .. } => DiskDone::Decrypted { length: 0 },
            DiskOperation::Publish(publish) => {
                (self.partial, self.journal) = (false, Vec::new());
                if !publish.present {
                    (self.target, self.record) = (Some(publish.length), Some(publish.record.clone()));
                }
                DiskDone::Published
            }
            DiskOperation::Discard => {
                (self.partial, self.journal) = (false, Vec::new());
                DiskDone::Discarded
            }
            DiskOperation::Close => DiskDone::Closed,
        }
    }
}
