//! Scheduling of more downloads than may run.

use std::time::Duration;

use haul_core::border::identity::DownloadId;
use haul_core::border::input::{DiskDone, Input, Opened};
use haul_core::border::output::{DiskOperation, Output};
use haul_core::border::time::Instant;
use haul_core::download::StartMode;
use haul_core::engine::{Engine, Settings};
use haul_core::http::head::Head;
use haul_core::settings::property::Property;

fn started(engine: &mut Engine, foreground: bool) -> DownloadId {
    let download = engine.create(String::new(), String::new()).unwrap();
    let path = format!("file-{}", download.0);
    for property in [
        Property::Uri("http://origin/file".into()),
        Property::LocalPath(path),
        Property::ForegroundPriority(foreground),
    ] {
        engine.set_property(Instant::default(), download, property).unwrap();
    }
    engine.start(Instant::default(), download, StartMode::WholeFile).unwrap();
    download
}

/// The downloads in the order of their first requests; the origin rejects every request.
fn order(engine: &mut Engine) -> Vec<DownloadId> {
    let mut order = Vec::new();
    while let Some(output) = engine.poll_output() {
        match output {
            Output::Disk { download, id, operation } => {
                let done = match operation {
                    DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
                    _ => DiskDone::Closed,
                };
                engine.handle(Instant::default(), Input::Disk { download, id, done });
            }
            Output::Request { download, attempt, .. } => {
                order.push(download);
                let head = Head { status: 404, fields: Vec::new() };
                engine.handle(Instant::default(), Input::Head { attempt, head });
            }
            Output::WantContent { .. }
            | Output::DigestAhead { .. }
            | Output::Ledger(_)
            | Output::Cancel { .. }
            | Output::Released { .. }
            | Output::Event(_) => {}
        }
    }
    order
}

fn engine() -> Engine {
    Engine::new(Settings { max_running: 1, ..Settings::default() }, 1, Instant::default())
}

#[test]
fn foreground_downloads_go_first() {
    let mut engine = engine();
    let first = started(&mut engine, false);
    let (background, foreground) = (started(&mut engine, false), started(&mut engine, true));
    assert_eq!(order(&mut engine), [first, foreground, background]);
}

#[test]
fn no_background_download_waits_for_ever() {
    let mut engine = engine();
    let first = started(&mut engine, true);
    let background = started(&mut engine, false);
    let others: Vec<_> = (0..10).map(|_| started(&mut engine, true)).collect();
    let order = order(&mut engine);
    assert_eq!(order.len(), 12);
    assert_eq!(order[0], first);
    assert_eq!(order.iter().position(|id| *id == background), Some(4), "{order:?}");
    assert!(others.iter().all(|id| order.contains(id)));
}

/// A slow origin that does not respond, and the downloads that send requests as time passes.
struct Slow {
    engine: Engine,
    now: Instant,
    asked: Vec<DownloadId>,
}

impl Slow {
    fn new(max_running: usize) -> Self {
        let settings = Settings { max_running, ..Settings::default() };
        Self { engine: Engine::new(settings, 1, Instant::default()), now: Instant::default(), asked: Vec::new() }
    }

    fn start(&mut self, caller: &str) -> DownloadId {
        let download = self.engine.create(String::new(), caller.into()).unwrap();
        let path = format!("file-{}", download.0);
        for property in [Property::Uri("http://origin/file".into()), Property::LocalPath(path)] {
            self.engine.set_property(self.now, download, property).unwrap();
        }
        self.engine.start(self.now, download, StartMode::WholeFile).unwrap();
        self.drain();
        download
    }

    fn drain(&mut self) {
        while let Some(output) = self.engine.poll_output() {
            match output {
                Output::Disk { download, id, operation } => {
                    let done = match operation {
                        DiskOperation::Open { .. } => DiskDone::Opened(Opened::default()),
                        _ => DiskDone::Closed,
                    };
                    self.engine.handle(self.now, Input::Disk { download, id, done });
                }
                Output::Request { download, .. } => self.asked.push(download),
                _ => {}
            }
        }
    }

    /// The downloads that send a request within `seconds`.
    fn asked_within(&mut self, seconds: u64) -> Vec<DownloadId> {
        let end = self.now + Duration::from_secs(seconds);
        self.asked.clear();
        let mut steps = 0;
        while let Some(at) = self.engine.deadline(self.now).filter(|at| *at <= end) {
            steps += 1;
            assert!(steps < 1000, "time stands still");
            self.now = self.now.max(at);
            self.engine.handle(self.now, Input::Time);
            self.drain();
        }
        self.now = end;
        std::mem::take(&mut self.asked)
    }
}

#[test]
fn a_caller_whose_downloads_are_slow_shares_its_places() {
    let mut slow = Slow::new(2);
    let many: Vec<_> = (0..10).map(|_| slow.start("many")).collect();
    assert_eq!(slow.asked, many[..2]);
    let few = slow.start("few");
    assert_eq!(slow.asked_within(29), []);
    assert_eq!(slow.asked_within(2), [few]);
    // Each caller has one place, so no place changes hands.
    assert_eq!(slow.asked_within(25), []);
}

#[test]
fn a_caller_keeps_its_places_while_no_other_waits() {
    let mut slow = Slow::new(2);
    let many: Vec<_> = (0..10).map(|_| slow.start("many")).collect();
    assert_eq!(slow.asked, many[..2]);
    assert_eq!(slow.asked_within(50), []);
}
