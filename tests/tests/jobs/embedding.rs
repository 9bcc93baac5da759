//! The crate `haul` in a program: states, properties, callbacks, closing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use haul::{
    Clock, Download, DownloadState, DownloadStatus, Engine, Error, Happening, JobState, Limits, Network, NewFile,
    Property, PropertyId, RequestedRange, StartMode, StatusCallback, TransferOptions,
};
use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use tempfile::{TempDir, tempdir};

const MIB: u64 = 1 << 20;

struct World {
    origin: Origin,
    folder: TempDir,
    engine: Engine,
    content: Content,
}

async fn world(faults: Vec<(When, Fault)>) -> World {
    let content = Content::new(3, 6 * MIB);
    let resource = Resource::new(Representation::new(content.clone()).strong_etag("v1"));
    let resource = faults.into_iter().fold(resource, |resource, (when, fault)| resource.fault(when, fault));
    let folder = tempdir().unwrap();
    let engine = with_records(folder.path()).open().await.unwrap();
    World { origin: Origin::start(Site::new().resource("/file", resource)), folder, engine, content }
}

/// An engine that trusts the kept bytes of another one, because both use the same records directory.
fn with_records(folder: &Path) -> haul::Builder {
    Engine::builder().policy(haul::Policy::allow_all()).grant(folder).records_directory(haul_tests::subject::records())
}

impl World {
    fn path(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    async fn download(&self) -> Download {
        let download = self.engine.create_download().await.unwrap();
        download.set_uri(&self.origin.url("/file")).await.unwrap();
        download.set_local_path(self.path()).await.unwrap();
        download
    }

    fn file_is_whole(&self) -> bool {
        std::fs::read(self.path()).is_ok_and(|bytes| bytes == self.content.bytes(0..self.content.length()))
    }
}

/// Asserts that `result` failed with the HRESULT of that name.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, name: &str) {
    match result {
        Err(Error::Failed(failure)) => assert_eq!(failure.name, name),
        other => panic!("{other:?} instead of {name}"),
    }
}

async fn state(download: &Download) -> DownloadState {
    download.status().await.unwrap().state
}

#[tokio::test]
async fn a_download_goes_through_its_states() {
    let world = world(vec![]).await;
    let download = world.download().await;
    assert_eq!(state(&download).await, DownloadState::Created);
    refused(download.finalize().await, "DO_E_INVALID_STATE");
    refused(download.start(StartMode::Resume).await, "DO_E_DOWNLOAD_RANGES_EXPECTED");
    download.pause().await.unwrap();
    assert_eq!(state(&download).await, DownloadState::Created);
    download.start(StartMode::WholeFile).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    let status = download.ended().await.unwrap();
    assert_eq!((status.state, status.bytes_total), (DownloadState::Transferred, 6 * MIB));
    assert!(!world.path().exists(), "named before finalize");
    download.finalize().await.unwrap();
    download.finalize().await.unwrap();
    assert_eq!(state(&download).await, DownloadState::Finalized);
    assert!(world.file_is_whole());
    refused(download.start(StartMode::WholeFile).await, "DO_E_INVALID_STATE");
    refused(download.pause().await, "DO_E_INVALID_STATE");
    refused(download.abort().await, "DO_E_INVALID_STATE");
}

#[tokio::test]
async fn a_paused_download_resumes_where_it_was() {
    let world = world(vec![(When::Nth(0), Fault::hold_until_released(2 * MIB, "go"))]).await;
    let download = world.download().await;
    download.set_property(Property::CallbackFreqSeconds(0)).await.unwrap();
    download.set_options(TransferOptions { connections: Some(1), ..TransferOptions::default() }).await.unwrap();
    let mut events = download.events();
    download.start(StartMode::WholeFile).await.unwrap();
    loop {
        if let Happening::StatusChanged(status) = events.recv().await.unwrap()
            && status.bytes_transferred == 2 * MIB
        {
            break;
        }
    }
    download.pause().await.unwrap();
    assert_eq!(state(&download).await, DownloadState::Paused);
    assert_eq!(download.status().await.unwrap().error, None);
    download.start(StartMode::Resume).await.unwrap();
    download.ended().await.unwrap();
    assert_eq!(download.report().await.unwrap().bytes_resumed, 2 * MIB);
    download.finalize().await.unwrap();
    assert!(world.file_is_whole());
}

#[tokio::test]
async fn an_aborted_download_leaves_nothing() {
    let world = world(vec![(When::Nth(0), Fault::hold_until_released(2 * MIB, "go"))]).await;
    let download = world.download().await;
    download.start(StartMode::WholeFile).await.unwrap();
    world.origin.until(|requests| requests.iter().any(|request| request.body_sent == 2 * MIB)).await;
    download.abort().await.unwrap();
    assert_eq!(state(&download).await, DownloadState::Aborted);
    download.abort().await.unwrap();
    assert_eq!(std::fs::read_dir(world.folder.path()).unwrap().count(), 0);
    refused(download.start(StartMode::Resume).await, "DO_E_INVALID_STATE");
}

#[tokio::test]
async fn other_ranges_can_be_fetched_after_transferred() {
    let world = world(vec![]).await;
    let download = world.download().await;
    let ranges = |offset| StartMode::Ranges(vec![RequestedRange::Bounded { offset, length: 100 }]);
    download.start(ranges(0)).await.unwrap();
    download.ended().await.unwrap();
    download.start(ranges(5000)).await.unwrap();
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    assert_eq!(std::fs::read(world.path()).unwrap(), world.content.bytes(5000..5100));
}

#[tokio::test]
async fn bad_arguments_have_their_codes_and_change_nothing() {
    let world = world(vec![]).await;
    let download = world.engine.create_download().await.unwrap();
    refused(download.start(StartMode::WholeFile).await, "DO_E_DOWNLOAD_NO_URI");
    refused(download.set_uri("ftp://example.com/a").await, "INET_E_INVALID_URL");
    download.set_uri(&world.origin.url("/file")).await.unwrap();
    refused(download.start(StartMode::WholeFile).await, "DO_E_FILE_DOWNLOADSINK_UNSPECIFIED");
    refused(download.set_property(Property::Id("x".into())).await, "DO_E_READ_ONLY_PROPERTY");
    refused(download.set_property(Property::NoProgressTimeoutSeconds(59)).await, "E_INVALIDARG");
    refused(download.set_property(Property::HttpCustomHeaders("Range: bytes=0-1".into())).await, "E_INVALIDARG");
    refused(download.property(PropertyId::HttpStatusCode).await, "E_NOT_SET");
    download.set_local_path(world.path()).await.unwrap();
    let range = |offset, length| RequestedRange::Bounded { offset, length };
    refused(download.start(StartMode::Ranges(vec![range(0, 0)])).await, "DO_E_INVALID_RANGE");
    refused(download.start(StartMode::Ranges(vec![range(0, 9), range(5, 9)])).await, "DO_E_OVERLAPPING_RANGES");
    let zero = TransferOptions { connections: Some(0), ..TransferOptions::default() };
    refused(download.set_options(zero).await, "E_INVALIDARG");
    assert_eq!(state(&download).await, DownloadState::Created);
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    assert_eq!(download.property(PropertyId::HttpStatusCode).await.unwrap(), Property::HttpStatusCode(200));
    refused(download.set_local_path(world.folder.path().join("other")).await, "DO_E_INVALID_STATE");
}

#[tokio::test]
async fn a_path_outside_the_grants_is_refused_and_may_be_set_again() {
    let (world, outside) = (world(vec![]).await, tempdir().unwrap());
    let download = world.download().await;
    for path in [outside.path().join("file"), world.folder.path().join("../file"), PathBuf::from("/etc/haul")] {
        download.set_local_path(path).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, "E_ACCESSDENIED");
        assert_eq!(state(&download).await, DownloadState::Created);
    }
    download.set_local_path(world.path()).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
}

#[tokio::test]
async fn a_link_in_a_granted_directory_leads_nowhere_else() {
    let (world, outside) = (world(vec![]).await, tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), world.folder.path().join("link")).unwrap();
    let download = world.download().await;
    download.set_local_path(world.folder.path().join("link/file")).await.unwrap();
    assert!(download.start(StartMode::WholeFile).await.is_err());
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<DownloadState>>>);

impl StatusCallback for Recorder {
    async fn on_status_change(&mut self, download: &Download, status: &DownloadStatus) {
        self.0.lock().unwrap().push(status.state);
        if status.state == DownloadState::Transferred {
            download.finalize().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_callback_is_told_the_state_it_comes_late_for_and_may_use_the_download() {
    let world = world(vec![]).await;
    let download = world.download().await;
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    let recorder = Recorder::default();
    download.on_status_change(recorder.clone()).await.unwrap().await.unwrap();
    let states = recorder.0.lock().unwrap().clone();
    assert_eq!(states.first(), Some(&DownloadState::Transferred));
    assert_eq!(states.last(), Some(&DownloadState::Finalized));
    assert!(world.file_is_whole());
}

#[tokio::test]
async fn closing_saves_what_arrived_and_ends_every_handle() {
    let world = world(vec![(When::Nth(0), Fault::hold_until_released(3 * MIB, "go"))]).await;
    let download = world.download().await;
    download.start(StartMode::WholeFile).await.unwrap();
    world.origin.until(|requests| requests.iter().any(|request| request.body_sent == 3 * MIB)).await;
    while download.status().await.unwrap().bytes_transferred < 3 * MIB {
        tokio::task::yield_now().await;
    }
    let waiting = tokio::spawn({
        let download = download.clone();
        async move { download.ended().await }
    });
    world.engine.clone().close().await;
    assert!(matches!(download.status().await, Err(Error::Closed)));
    let told = waiting.await.unwrap();
    assert!(told.is_err() || told.is_ok_and(|status| status.state == DownloadState::Paused));
    let again = with_records(world.folder.path()).open().await.unwrap();
    let report = again.fetch(&world.origin.url("/file"), world.path()).await.unwrap();
    assert_eq!(report.bytes_resumed, 3 * MIB);
    assert!(world.file_is_whole());
}

#[tokio::test]
async fn several_engines_and_many_downloads_work_side_by_side() {
    let world = world(vec![]).await;
    let other = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(world.folder.path())
        .max_running(2)
        .open()
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let engine = if number % 2 == 0 { world.engine.clone() } else { other.clone() };
        let (url, path) = (world.origin.url("/file"), world.folder.path().join(format!("file.{number}")));
        tasks.spawn(async move { engine.fetch(&url, path).await });
    }
    while let Some(report) = tasks.join_next().await {
        assert_eq!(report.unwrap().unwrap().bytes, 6 * MIB);
    }
    let whole = world.content.bytes(0..6 * MIB);
    for number in 0..20 {
        assert!(std::fs::read(world.folder.path().join(format!("file.{number}"))).unwrap() == whole);
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let world = world(vec![]).await;
    for number in 0..10 {
        let path = world.folder.path().join(number.to_string());
        world.engine.fetch(&world.origin.url("/file"), path).await.unwrap();
    }
    assert!(world.origin.connections() <= 2, "{} connections", world.origin.connections());
}

#[tokio::test]
async fn a_download_goes_through_the_proxy_of_its_host() {
    let mut world = world(vec![]).await;
    let builder = Engine::builder().policy(haul::Policy::allow_all()).grant(world.folder.path());
    world.engine = builder.proxy(world.origin.address().to_string(), "").open().await.unwrap();
    let download = world.download().await;
    download.set_uri("http://files.test/file").await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    assert!(world.file_is_whole());
    assert!(world.origin.requests().iter().all(|request| request.target == "http://files.test/file"));
}

#[tokio::test]
async fn a_list_of_proxies_that_cannot_be_read_is_refused() {
    let opened =
        Engine::builder().policy(haul::Policy::allow_all()).proxy("ftp://me:secret@proxy:443", "").open().await;
    let error = opened.expect_err("no engine");
    assert!(
        matches!(error, Error::Setting { setting: "proxy", .. }) && !error.to_string().contains("secret"),
        "{error}"
    );
}

#[tokio::test]
async fn a_directory_that_is_not_there_cannot_be_granted() {
    let opened = Engine::builder().policy(haul::Policy::allow_all()).grant("/nowhere/at/all").open().await;
    assert!(matches!(opened, Err(Error::Grant { .. })));
}

/// A clock in days that the test advances.
#[derive(Clone, Default)]
struct Days(Arc<Mutex<u64>>);

impl Days {
    fn passed(&self) -> Duration {
        Duration::from_secs(*self.0.lock().unwrap() * 24 * 3600)
    }
}

impl Clock for Days {
    fn monotonic(&self) -> Duration {
        self.passed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) + self.passed()
    }
}

#[tokio::test]
async fn a_clock_of_the_hosts_own_is_the_one_that_counts() {
    let (folder, days) = (tempdir().unwrap(), Days::default());
    let engine = Engine::builder().clock(days.clone()).grant(folder.path()).open().await.unwrap();
    let job = engine.create_job("old").await.unwrap();
    *days.0.lock().unwrap() = 29;
    engine.set_network(Network::default()).await.unwrap();
    assert_eq!(job.state().await.unwrap(), JobState::Suspended);
    *days.0.lock().unwrap() = 31;
    engine.set_network(Network::default()).await.unwrap();
    while job.state().await.unwrap() == JobState::Suspended {
        tokio::task::yield_now().await;
    }
    assert_eq!(job.state().await.unwrap(), JobState::Cancelled);
}

/// A queue that exceeds the memory of an engine is an error and not a trap; an engine with more memory opens it.
#[tokio::test]
async fn a_queue_that_is_too_large_for_the_memory_is_told_and_opens_with_more() {
    let folder = tempdir().unwrap();
    let builder = || Engine::builder().grant(folder.path()).state_directory(folder.path().join("state"));
    let engine = builder().open().await.unwrap();
    let job = engine.create_job("large").await.unwrap();
    for set in 0..20 {
        let url = format!("http://origin.example/{}", "x".repeat(2000));
        let file = |number: u32| NewFile::new(&url, folder.path().join(format!("{set}-{number}")));
        job.add_files((0..500).map(file)).await.unwrap();
    }
    engine.close().await;
    let limit = 16 << 20;
    let refused = builder().limits(Limits::default().memory(limit)).open().await.map(drop);
    assert!(matches!(refused, Err(Error::OutOfMemory { limit: told }) if told == limit), "{refused:?}");
    let engine = builder().open().await.unwrap();
    assert_eq!(engine.jobs(true).await.unwrap().count(), 1);
}
