//! Whose turn it is, when more downloads are started than may run.

use haul_core::download::StartMode;
use haul_core::engine::{Engine, Settings};
use haul_core::http::head::Head;
use haul_core::identity::DownloadId;
use haul_core::input::{DiskDone, Input, Opened};
use haul_core::output::{DiskOperation, Output};
use haul_core::property::Property;
use haul_core::time::Instant;

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

/// The downloads in the order in which they ask their origin, which refuses every one.
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
