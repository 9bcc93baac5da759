//! One download on an empty disk, for targets that test one request or its response.

use haul_core::border::identity::{AttemptId, DownloadId};
use haul_core::border::input::{DiskDone, Input, Opened};
use haul_core::border::output::{DiskOperation, Event, Output, Request};
use haul_core::border::time::Instant;
use haul_core::download::{StartMode, Status};
use haul_core::engine::{Engine, Settings};
use haul_core::failure::Cause;
use haul_core::http::head::Head;
use haul_core::settings::property::Property;
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::transfer::Step;

const NOW: Instant = Instant::from_nanos(1_000_000_000);

/// An engine with a single download.
pub struct Single {
    engine: Engine,
    download: DownloadId,
}

/// Outputs of the engine other than disk operations.
#[derive(Debug, Default)]
pub struct Asked {
    pub requests: Vec<(AttemptId, Request)>,
    pub events: Vec<Event>,
}

impl Single {
    pub fn new() -> Self {
        let mut engine = Engine::new(Settings::default(), 7, NOW);
        let download = engine.create("id".into(), "caller".into()).expect("the first download");
        let mut single = Self { engine, download };
        single.set(Property::LocalPath("file".into())).expect("a sound path");
        let options = TransferOptions { connections: Some(1), ..TransferOptions::default() };
        single.engine.set_options(download, options).expect("options of a new download");
        single
    }

    /// # Errors
    ///
    /// Those of [`Engine::set_property`].
    pub fn set(&mut self, property: Property) -> Result<(), Cause> {
        self.engine.set_property(NOW, self.download, property)
    }

    /// # Errors
    ///
    /// Those of [`Engine::start`].
    pub fn start(&mut self, mode: StartMode) -> Result<Asked, Cause> {
        self.engine.start(NOW, self.download, mode)?;
        Ok(self.drain())
    }

    pub fn respond(&mut self, attempt: AttemptId, head: Head) -> Asked {
        self.engine.handle(NOW, Input::Head { attempt, head });
        self.drain()
    }

    pub fn step(&mut self, attempt: AttemptId) -> Step {
        self.engine.step(NOW, attempt)
    }

    pub fn status(&self) -> Status {
        self.engine.download(self.download).expect("the only download").status()
    }

    fn drain(&mut self) -> Asked {
        let mut asked = Asked::default();
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Disk { download, id, operation } => {
                    let done = empty_disk(&operation);
                    self.engine.handle(NOW, Input::Disk { download, id, done });
                }
                Output::Request { attempt, request, .. } => asked.requests.push((attempt, request)),
                Output::Cancel { attempt } => asked.requests.retain(|(known, _)| *known != attempt),
                Output::Event(event) => asked.events.push(event),
                Output::DigestAhead { .. } => {}
                Output::WantContent { .. } | Output::Ledger(_) | Output::Released { .. } => {
                    panic!("nobody asked for {output:?}")
                }
            }
        }
        asked
    }
}

impl Default for Single {
    fn default() -> Self {
        Self::new()
    }
}

fn empty_disk(operation: &DiskOperation) -> DiskDone {
    match operation {
        DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
        DiskOperation::Begin { .. } => DiskDone::Begun { now: None },
        DiskOperation::Sync => DiskDone::Synced { modified: None },
        DiskOperation::ReplaceJournal { .. } | DiskOperation::AppendJournal { .. } => DiskDone::JournalWritten,
        DiskOperation::Checksums { ranges } => DiskDone::Checksums(vec![0; ranges.len()]),
        DiskOperation::Digest { .. } => DiskDone::Digested(Vec::new()),
        DiskOperation::Name { .. } => DiskDone::Named(None),
        DiskOperation::Cut { .. } => DiskDone::Cut,
        DiskOperation::Decrypt { .. } => DiskDone::Decrypted { length: 0 },
        DiskOperation::Publish(_) => DiskDone::Published,
        DiskOperation::Discard => DiskDone::Discarded,
        DiskOperation::Close => DiskDone::Closed,
    }
}
