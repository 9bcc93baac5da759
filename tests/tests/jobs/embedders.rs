//! The crate as the one to fetch a file with: ends, errors, progress, streams, paths.

use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_core::Stream;
use haul::{
    Category, CostFlags, CostPolicy, Ended, Engine, Error, EventsError, ExpectedDigest, FailureKind, Happening,
    JobEnded, Network, NetworkCost, Policy, Property, RequestedRange, StartMode, codes,
};
use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::scene::names;
use tempfile::{TempDir, tempdir};
use tokio::io::{AsyncWrite, AsyncWriteExt};

const MIB: u64 = 1 << 20;

/// The engine answers within this time, or not at all.
const PATIENCE: Duration = Duration::from_secs(60);

struct World {
    origin: Origin,
    folder: TempDir,
    engine: Engine,
    content: Content,
}

async fn world(faults: Vec<(When, Fault)>) -> World {
    let content = Content::new(11, 3 * MIB);
    let resource = Resource::new(Representation::new(content.clone()).strong_etag("v1"));
    let resource = faults.into_iter().fold(resource, |resource, (when, fault)| resource.fault(when, fault));
    let folder = tempdir().unwrap();
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    World { origin: Origin::start(Site::new().resource("/file", resource)), folder, engine, content }
}

impl World {
    fn url(&self) -> String {
        self.origin.url("/file")
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn is_whole(&self, name: &str) -> bool {
        std::fs::read(self.path(name)).is_ok_and(|bytes| bytes == self.content.bytes(0..self.content.length()))
    }

    async fn download(&self, name: &str) -> haul::Download {
        let download = self.engine.create_download().await.unwrap();
        download.set_uri(&self.url()).await.unwrap();
        download.set_local_path(self.path(name)).await.unwrap();
        download
    }
}

async fn next<T>(stream: &mut (impl Stream<Item = T> + Unpin)) -> Option<T> {
    std::future::poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

/// A port at which nothing listens.
fn dead() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/file", listener.local_addr().unwrap())
}

/// An https URL of a server that does not speak TLS.
async fn without_tls() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/file", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    url
}

#[tokio::test]
async fn a_fetch_from_a_dead_port_ends_and_says_why() {
    let world = world(vec![]).await;
    let began = Instant::now();
    let fetch = world.engine.fetch(dead(), world.path("file")).first_byte_timeout(Duration::from_secs(3));
    let error = fetch.await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!((error.kind(), error.is_retryable()), (FailureKind::Connection, true), "{error}");
    assert_eq!(error.failure().unwrap().code, codes::ERROR_INTERNET_CANNOT_CONNECT);
    assert_eq!(names(world.folder.path()), [""; 0]);
}

#[tokio::test]
async fn retries_end_a_fetch() {
    let world = world(vec![(When::Every, Fault::status(503))]).await;
    let error = world.engine.fetch(world.url(), world.path("file")).retries(1).await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.is_retryable()), (FailureKind::HttpStatus, Some(503), true));
    assert_eq!(world.origin.requests().len(), 2);
}

#[tokio::test]
async fn a_fetch_returns_at_once_if_the_network_is_forbidden() {
    let world = world(vec![]).await;
    let metered = Network { cost: NetworkCost::OverCapCharged, ..Network::default() };
    for network in [metered, Network { connected: false, ..Network::default() }] {
        world.engine.set_network(network).await.unwrap();
        let fetch = world.engine.fetch(world.url(), world.path("file"));
        let fetched = fetch.property(Property::CostPolicy(CostPolicy::Standard)).into_future();
        let error = tokio::time::timeout(Duration::from_secs(10), fetched).await.expect("at once").unwrap_err();
        assert_eq!(error.kind(), FailureKind::NoNetwork, "{error}");
    }
    assert_eq!(world.origin.requests().len(), 0);
}

#[tokio::test]
async fn a_fetch_has_a_time_limit_and_continues() {
    let world = world(vec![(When::Nth(0), Fault::hold_until_released(2 * MIB, "held"))]).await;
    let fetch = || world.engine.fetch(world.url(), world.path("file")).options(|set| set.connections = Some(1));
    let error = fetch().timeout(Duration::from_millis(1500)).await.unwrap_err();
    assert!(matches!(error, Error::OutOfTime(limit) if limit == Duration::from_millis(1500)), "{error}");
    assert_eq!((error.kind(), error.is_retryable()), (FailureKind::Timeout, true));
    let report = fetch().await.unwrap();
    assert_eq!((report.bytes, report.bytes_resumed), (3 * MIB, 2 * MIB));
    assert!(world.is_whole("file"));
}

#[tokio::test]
async fn a_fetch_tells_its_progress_and_checks_a_digest() {
    let world = world(vec![]).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = seen.clone();
    let digest: ExpectedDigest = format!("sha256:{}", world.content.sha256()).parse().unwrap();
    let fetch = world.engine.fetch(world.url(), world.path("file")).digest(digest).foreground(true);
    let report = fetch.on_progress(move |status| told.lock().unwrap().push(status.bytes_transferred)).await.unwrap();
    assert_eq!(report.bytes, 3 * MIB);
    let seen = seen.lock().unwrap();
    assert!(seen.is_sorted() && seen.last() == Some(&(3 * MIB)), "{seen:?}");
    let wrong: ExpectedDigest = format!("sha256:{}", "0".repeat(64)).parse().unwrap();
    let error = world.engine.fetch(world.url(), world.path("wrong")).digest(wrong).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (FailureKind::Verification, false));
    assert_eq!(names(world.folder.path()), ["file"]);
}

#[tokio::test]
async fn a_fetch_takes_ranges() {
    let world = world(vec![]).await;
    let ranges = [RequestedRange::Bounded { offset: 5, length: 10 }, RequestedRange::Suffix { length: 3 }];
    world.engine.fetch(world.url(), world.path("file")).ranges(ranges).await.unwrap();
    let expected = [world.content.bytes(5..15), world.content.bytes(3 * MIB - 3..3 * MIB)].concat();
    assert_eq!(std::fs::read(world.path("file")).unwrap(), expected);
}

#[tokio::test]
async fn failures_have_kinds() {
    let folder = tempdir().unwrap();
    let refusing = |status| Resource::new(Content::new(1, 10)).fault(When::Every, Fault::status(status));
    let site = [401, 403, 404, 410, 418]
        .into_iter()
        .fold(Site::new(), |site, status| site.resource(format!("/{status}"), refusing(status)));
    let origin = Origin::start(site.resource("/file", Resource::new(Content::new(1, 10))));
    let policy = Policy::allow_all();
    let builder = Engine::builder().policy(policy).grant(folder.path());
    let unknown = |_: String| async { Err(std::io::ErrorKind::NotFound.into()) };
    let engine = builder.clone().open().await.unwrap();
    std::fs::write(folder.path().join("there"), "another file").unwrap();
    let path = |name: &str| folder.path().join(name);
    let kind = async |engine: &Engine, url: &str, path: &Path| {
        let fetch = engine.fetch(url, path).retries(0).first_byte_timeout(Duration::from_secs(5));
        fetch.await.unwrap_err().kind()
    };
    for (status, expected) in [
        (401, FailureKind::Forbidden),
        (403, FailureKind::Forbidden),
        (404, FailureKind::NotFound),
        (410, FailureKind::NotFound),
        (418, FailureKind::HttpStatus),
    ] {
        assert_eq!(kind(&engine, &origin.url(&format!("/{status}")), &path("file")).await, expected, "{status}");
    }
    let url = origin.url("/file");
    assert_eq!(kind(&engine, "no URL", &path("file")).await, FailureKind::InvalidArgument);
    assert_eq!(kind(&engine, &url, &path("there")).await, FailureKind::Exists);
    assert_eq!(kind(&engine, &url, Path::new("/somewhere/else")).await, FailureKind::Policy);
    assert_eq!(kind(&engine, &without_tls().await, &path("file")).await, FailureKind::Tls);
    let lost = builder.resolve_host(unknown).open().await.unwrap();
    assert_eq!(kind(&lost, "http://nowhere.example/file", &path("file")).await, FailureKind::Dns);
    let closed = Engine::builder().policy(Policy::deny_all()).grant(folder.path()).open().await.unwrap();
    assert_eq!(kind(&closed, &url, &path("file")).await, FailureKind::Policy);
}

#[tokio::test]
async fn a_path_outside_the_grants_is_an_error_that_says_grant() {
    let world = world(vec![]).await;
    let error = world.engine.fetch(world.url(), "/somewhere/else").await.unwrap_err().to_string();
    assert!(error.contains("grant") && error.contains("E_ACCESSDENIED"), "{error}");
}

#[tokio::test]
async fn a_second_engine_on_a_state_directory_is_told_so() {
    let folder = tempdir().unwrap();
    let builder = || Engine::builder().policy(Policy::deny_all()).state_directory(folder.path().join("state"));
    let first = builder().open().await.unwrap();
    let error = builder().open().await.unwrap_err();
    assert_eq!(error.failure().unwrap().code, codes::ERROR_SHARING_VIOLATION);
    assert!(error.to_string().contains("another engine uses the state directory"), "{error}");
    first.close().await;
    builder().open().await.unwrap();
}

#[tokio::test]
async fn a_path_is_found_again_as_it_was_given() {
    let world = world(vec![]).await;
    let real = world.folder.path().canonicalize().unwrap().join("file");
    std::fs::create_dir(world.path("a")).unwrap();
    for given in [world.path("file"), world.path("./file")] {
        let download = world.engine.create_download().await.unwrap();
        download.set_property(Property::LocalPath(given.to_str().unwrap().into())).await.unwrap();
        assert_eq!(download.local_path().await.unwrap(), Some(real.clone()), "{given:?}");
        let category = Category::LocalPath(given.to_str().unwrap().into());
        let mut found = world.engine.downloads(Some(category)).await.unwrap();
        assert_eq!(next(&mut found).await.unwrap().id(), download.id(), "{given:?}");
        download.abort().await.unwrap();
    }
}

#[tokio::test]
async fn the_end_of_a_download_says_which_end_it_is() {
    let world = world(vec![(When::Nth(0), Fault::hold_until_released(MIB, "held"))]).await;
    let download = world.download("file").await;
    assert!(matches!(download.ended().await.unwrap(), Ended::NotStarted(_)));
    download.start(StartMode::WholeFile).await.unwrap();
    download.pause().await.unwrap();
    assert!(matches!(download.ended().await.unwrap(), Ended::Paused(_)));
    world.origin.release("held");
    download.start(StartMode::Resume).await.unwrap();
    assert!(matches!(download.ended().await.unwrap(), Ended::Transferred(status) if status.bytes_total == 3 * MIB));
    download.finalize().await.unwrap();
    assert!(matches!(download.ended().await.unwrap(), Ended::Finalized(_)));
}

#[tokio::test]
async fn the_end_of_a_job_can_be_awaited() {
    let world = world(vec![]).await;
    let job = world.engine.create_job("job").await.unwrap();
    let mut events = job.events();
    assert!(matches!(job.ended().await.unwrap(), JobEnded::Suspended));
    let file = job.add_file(&world.url(), world.path("file")).await.unwrap();
    assert_eq!(file.local_name().await.unwrap(), world.folder.path().canonicalize().unwrap().join("file"));
    job.resume().await.unwrap();
    let other = world.engine.create_job("other").await.unwrap();
    let ended = tokio::time::timeout(PATIENCE, job.ended()).await.expect("an end").unwrap();
    assert!(matches!(ended, JobEnded::Transferred), "{ended:?}");
    other.cancel().await.unwrap();
    job.complete().await.unwrap();
    assert!(matches!(job.ended().await.unwrap(), JobEnded::Acknowledged));
    assert!(world.is_whole("file"));
    world.engine.close().await;
    let mut seen = Vec::new();
    while let Some(event) = next(&mut events).await {
        assert_eq!(event.subject.job(), Some(job.id()));
        seen.push(event.what);
    }
    assert!(seen.contains(&Happening::JobTransferred), "{seen:?}");
    assert_eq!(events.recv().await, Err(EventsError::Closed));
}

#[tokio::test]
async fn the_failure_of_a_job_can_be_awaited() {
    let world = world(vec![(When::Every, Fault::status(404))]).await;
    let job = world.engine.create_job("job").await.unwrap();
    job.add_file(&world.url(), world.path("file")).await.unwrap();
    job.resume().await.unwrap();
    let ended = tokio::time::timeout(PATIENCE, job.ended()).await.expect("an end").unwrap();
    let JobEnded::Failed(error) = ended else { panic!("{ended:?}") };
    assert_eq!((error.cause.kind, error.cause.status()), (FailureKind::NotFound, Some(404)));
}

#[tokio::test]
async fn enumerators_are_streams() {
    let world = world(vec![]).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let job = world.engine.create_job("job").await.unwrap();
        ids.push(job.id().to_owned());
    }
    let mut jobs = world.engine.jobs(false).await.unwrap();
    assert_eq!(next(&mut jobs).await.unwrap().unwrap().id(), ids[0]);
    // The stream has fetched more, and the cursor is behind the first all the same.
    assert_eq!(jobs.clone().next(1).await.unwrap()[0].id(), ids[1]);
    assert!(jobs.skip(1));
    assert_eq!(next(&mut jobs).await.unwrap().unwrap().id(), ids[2]);
    assert!(next(&mut jobs).await.is_none());
    let job = world.engine.job(&ids[0]).await.unwrap();
    for name in ["a", "b"] {
        job.add_file(&world.url(), world.path(name)).await.unwrap();
    }
    let mut files = job.files().await.unwrap();
    let mut found = Vec::new();
    while let Some(file) = next(&mut files).await {
        found.push(file.unwrap().local_name().await.unwrap().file_name().unwrap().to_owned());
    }
    assert_eq!(found, ["a", "b"]);
}

#[tokio::test]
async fn getters_have_the_types_of_their_properties() {
    let world = world(vec![]).await;
    let download = world.download("file").await;
    assert_eq!((download.display_name().await.unwrap(), download.non_volatile().await.unwrap()), (None, false));
    assert_eq!(download.uri().await.unwrap(), Some(world.url()));
    assert_eq!(download.cost_policy().await.unwrap(), CostPolicy::Standard);
    download.start(StartMode::WholeFile).await.unwrap();
    download.ended().await.unwrap();
    assert_eq!(download.http_status_code().await.unwrap(), Some(200));
    assert_eq!(download.total_size_bytes().await.unwrap(), Some(3 * MIB));
    let headers = download.http_response_headers().await.unwrap().unwrap();
    assert!(headers.contains("etag: \"v1\"\r\n") && !headers.contains("haul-"), "{headers}");
    let job = world.engine.create_job("job").await.unwrap();
    job.set_cost_flags(CostFlags::STANDARD - CostFlags::USAGE_BASED).await.unwrap();
    let flags = job.cost_flags().await.unwrap();
    assert_eq!(flags, CostFlags::from_bits(0x127).unwrap());
}

/// Counts bytes, and the calls that shut it down.
#[derive(Clone, Default)]
struct Sink(Arc<(AtomicU64, AtomicU64)>);

impl Sink {
    fn seen(&self) -> (u64, u64) {
        (self.0.0.load(Ordering::SeqCst), self.0.1.load(Ordering::SeqCst))
    }
}

impl AsyncWrite for Sink {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.0.0.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.0.1.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_stream_is_shut_down_at_its_end_and_only_there() {
    let world = world(vec![]).await;
    for (finalizes, shut_down) in [(true, 1), (false, 0)] {
        let (sink, download) = (Sink::default(), world.engine.create_download().await.unwrap());
        download.set_uri(&world.url()).await.unwrap();
        download.set_stream(sink.clone()).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        download.ended().await.unwrap();
        assert_eq!(sink.seen(), (3 * MIB, 0));
        match finalizes {
            true => download.finalize().await.unwrap(),
            false => download.abort().await.unwrap(),
        }
        assert_eq!(sink.seen(), (3 * MIB, shut_down));
    }
}

#[tokio::test]
async fn an_aborted_download_leaves_no_directory() {
    let world = world(vec![(When::Every, Fault::hold_until_released(MIB, "held"))]).await;
    std::fs::create_dir(world.path("own")).unwrap();
    let download = world.download("own/new/newer/file").await;
    download.start(StartMode::WholeFile).await.unwrap();
    world.origin.until(|requests| requests.iter().any(|request| request.body_sent == MIB)).await;
    while !world.path("own/new/newer/file.part").exists() {
        tokio::task::yield_now().await;
    }
    download.abort().await.unwrap();
    assert_eq!(names(world.folder.path()), ["own"]);
    assert_eq!(names(&world.path("own")), [""; 0]);
    world.origin.release("held");
    world.engine.fetch(world.url(), world.path("own/new/file")).await.unwrap();
    let other = world.download("own/new/other").await;
    other.start(StartMode::WholeFile).await.unwrap();
    other.ended().await.unwrap();
    other.abort().await.unwrap();
    assert!(world.is_whole("own/new/file"));
    assert_eq!(names(&world.path("own/new")), ["file"]);
}

#[tokio::test]
async fn a_refused_file_leaves_no_directory() {
    let world = world(vec![(When::Every, Fault::status(404))]).await;
    world.engine.fetch(world.url(), world.path("new/file")).await.unwrap_err();
    assert_eq!(names(world.folder.path()), [""; 0]);
}
