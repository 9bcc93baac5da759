//! A client component without a network, served by an engine: `tests/components/client` uses only the interfaces.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use haul::client::{self, Client, Interface};
use haul::{Engine, Happening, JobState};
use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::scene::{MIB, assert_holds, content, names, origin, version};
use tempfile::{TempDir, tempdir};
use wasmtime::component::{Component, Instance, Linker};
use wasmtime::{Config, Store};
use wasmtime_wasi::{FsPerms, WasiCtx};

use super::client_state::State;

/// The time limit of a well-behaved callback.
const LIMIT: Duration = Duration::from_secs(60);

/// The time limit of a callback that misbehaves.
const SHORT_LIMIT: Duration = Duration::from_secs(2);

/// A runtime whose epoch advances, so that a busy loop yields.
fn runtime() -> &'static wasmtime::Engine {
    static RUNTIME: OnceLock<wasmtime::Engine> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut config = Config::new();
        config.epoch_interruption(true);
        let engine = wasmtime::Engine::new(&config).unwrap();
        let ticking = engine.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_millis(20));
                ticking.increment_epoch();
            }
        });
        engine
    })
}

fn component() -> &'static Component {
    static COMPONENT: OnceLock<Component> = OnceLock::new();
    COMPONENT.get_or_init(|| Component::from_file(runtime(), env!("HAUL_TEST_CLIENT")).unwrap())
}

/// The client without some of its callbacks, which are renamed.
fn component_without(callbacks: &[&str]) -> Component {
    let mut bytes = fs::read(env!("HAUL_TEST_CLIENT")).unwrap();
    for callback in callbacks {
        let name = format!("/{callback}@");
        let places: Vec<_> = bytes.windows(name.len()).enumerate().collect();
        let found = places.into_iter().filter(|(_, bytes)| *bytes == name.as_bytes());
        for at in found.map(|(at, _)| at).collect::<Vec<_>>() {
            bytes[at + callback.len()] = b'x';
        }
    }
    Component::from_binary(runtime(), &bytes).unwrap()
}

/// A running client.
struct Served {
    store: Store<State>,
    instance: Instance,
}

impl Served {
    /// `own` is a directory of the client.
    async fn new(engine: &Engine, name: &str, own: &Path) -> Self {
        Self::of(component(), engine, name, own).await
    }

    async fn of(component: &Component, engine: &Engine, name: &str, own: &Path) -> Self {
        let mut linker = Linker::new(runtime());
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).unwrap();
        client::add_to_linker(&mut linker).unwrap();
        let wasi = WasiCtx::builder().preopened_dir(own, "/", FsPerms::ReadWrite).unwrap().build();
        let client = Client::new(engine.for_caller(name));
        let mut store = Store::new(runtime(), State::new(client, wasi));
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let instance = linker.instantiate_async(&mut store, component).await.unwrap();
        Self { store, instance }
    }

    /// Runs a step; returns its result, or the name of its failure.
    async fn run(&mut self, step: &str, url: &str, path: &Path) -> Result<String, String> {
        let run = self.instance.get_typed_func::<(&str, &str, &str), (Result<String, String>,)>(&mut self.store, "run");
        let path = path.to_str().unwrap();
        run.unwrap().call_async(&mut self.store, (step, url, path)).await.unwrap().0
    }

    async fn deliver(&mut self) -> wasmtime::Result<()> {
        self.deliver_within(LIMIT).await
    }

    async fn deliver_within(&mut self, limit: Duration) -> wasmtime::Result<()> {
        client::deliver_callbacks(&mut self.store, &self.instance, limit).await
    }

    async fn told(&mut self) -> Vec<String> {
        let told = self.run("told", "", Path::new("")).await.unwrap();
        told.lines().map(String::from).collect()
    }
}

/// An engine, an origin, and the target folder.
struct World {
    origin: Origin,
    folder: TempDir,
    engine: Engine,
}

impl World {
    async fn new(faults: Vec<(When, Fault)>) -> Self {
        let folder = tempdir().unwrap();
        let engine = Self::open(folder.path()).await;
        Self { origin: origin(faults), folder, engine }
    }

    /// A world whose origin has `/part0`, `/part1` and `/part2`, the last one with faults.
    async fn with_parts(faults: Vec<(When, Fault)>) -> Self {
        let folder = tempdir().unwrap();
        let engine = Self::open(folder.path()).await;
        let last = Resource::new(version(&part(2), "v1"));
        let last = faults.into_iter().fold(last, |resource, (when, fault)| resource.fault(when, fault));
        let site = Site::new().resource("/part0", version(&part(0), "v1")).resource("/part1", version(&part(1), "v1"));
        Self { origin: Origin::start(site.resource("/part2", last)), folder, engine }
    }

    /// Runs a step of a client with the parts.
    async fn parts(&self, client: &mut Served, step: &str) -> Result<String, String> {
        client.run(step, &self.origin.url("/part"), &self.path("part")).await
    }

    fn assert_parts(&self, parts: &[u64]) {
        for number in parts {
            assert_holds(&self.path(&format!("part{number}")), &part(*number));
        }
        assert_eq!(names(self.folder.path()).len(), parts.len() + 1);
    }

    async fn open(folder: &Path) -> Engine {
        let engine =
            Engine::builder().policy(haul::Policy::allow_all()).grant(folder).state_directory(folder.join("state"));
        engine.open().await.unwrap()
    }

    async fn client(&self, name: &str) -> Served {
        Served::new(&self.engine, name, self.folder.path()).await
    }

    fn url(&self) -> String {
        self.origin.url("/file")
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn bytes(&self, ranges: &[std::ops::Range<u64>]) -> Vec<u8> {
        ranges.iter().flat_map(|range| content().bytes(range.clone())).collect()
    }
}

fn part(number: u64) -> Content {
    Content::new(number, MIB)
}

#[tokio::test]
async fn a_client_fetches_a_file_without_a_network_of_its_own() {
    let world = World::new(vec![]).await;
    let mut client = world.client("one").await;
    for (step, name) in [("fetch", "driven"), ("fetch-blocking", "blocking")] {
        let bytes = client.run(step, &world.url(), &world.path(name)).await;
        assert_eq!(bytes, Ok(content().length().to_string()), "{step}");
        assert_holds(&world.path(name), &content());
    }
}

#[tokio::test]
async fn a_client_gets_ranges_in_its_order() {
    let world = World::new(vec![]).await;
    let mut client = world.client("one").await;
    client.run("ranges", &world.url(), &world.path("parts")).await.unwrap();
    let end = content().length();
    assert_eq!(fs::read(world.path("parts")).unwrap(), world.bytes(&[1000..1500, 0..100, end - 50..end]));
}

#[tokio::test]
async fn a_client_pauses_and_resumes_from_what_was_kept() {
    let world = World::new(vec![(When::Nth(0), Fault::hold_until_released(3 * MIB, "go"))]).await;
    let mut client = world.client("one").await;
    let counts = client.run("pause-and-resume", &world.url(), &world.path("file")).await.unwrap();
    let (kept, resumed) = counts.split_once(' ').unwrap();
    assert_eq!(kept, resumed);
    assert_ne!(resumed, "0");
    assert_holds(&world.path("file"), &content());
}

#[tokio::test]
async fn a_client_finds_its_download_after_a_restart_of_the_host() {
    let mut world = World::new(vec![(When::Nth(0), Fault::hold_until_released(3 * MIB, "go"))]).await;
    let id = world.client("one").await.run("leave-behind", &world.url(), &world.path("file")).await.unwrap();
    world.engine.clone().close().await;
    world.engine = World::open(world.folder.path()).await;

    assert_eq!(world.client("two").await.run("count", "", Path::new("")).await, Err("DO_E_NO_DOWNLOADS".into()));
    let mut client = world.client("one").await;
    assert_eq!(client.run("count", "", Path::new("")).await, Ok("1".into()));
    let found = client.run("find-and-finish", "", Path::new("left behind")).await.unwrap();
    let words: Vec<_> = found.split(' ').collect();
    assert_eq!(words[0], id);
    assert!(words[1].contains("Paused"), "{found}");
    assert!(words[2].parse::<u64>().unwrap() > 0, "{found}");
    assert_holds(&world.path("file"), &content());
    assert_eq!(client.run("count", "", Path::new("")).await, Err("DO_E_NO_DOWNLOADS".into()));
}

#[tokio::test]
async fn an_enumerator_goes_on_skips_starts_again_and_is_cloned() {
    let world = World::new(vec![]).await;
    let mut client = world.client("one").await;
    let found = client.run("enumerate", "", Path::new("")).await;
    assert_eq!(found, Ok("true DO_E_NO_DOWNLOADS".into()));
}

#[tokio::test]
async fn a_client_streams_ranges_to_a_sink_of_its_own() {
    let world = World::new(vec![]).await;
    let own = tempdir().unwrap();
    let mut client = Served::new(&world.engine, "one", own.path()).await;
    assert_eq!(client.run("stream", &world.url(), Path::new("sink")).await, Ok("1100".into()));
    assert_eq!(fs::read(own.path().join("sink")).unwrap(), world.bytes(&[0..100, 200..1200]));
    assert_eq!(names(world.folder.path()), ["state"]);
}

#[tokio::test]
async fn the_deprecated_properties_are_those_of_today() {
    let world = World::new(vec![]).await;
    let found = world.client("one").await.run("internal", "", Path::new("")).await;
    assert_eq!(found, Ok("true DO_E_UNKNOWN_PROPERTY_ID DO_E_WRITE_ONLY_PROPERTY E_NOT_SET".into()));
}

#[tokio::test]
async fn the_engine_of_a_served_client_is_the_hosts() {
    let world = World::new(vec![]).await;
    let (mut one, mut two) = (world.client("one").await, world.client("two").await);
    assert_eq!(one.run("open", "", Path::new("")).await, Err("DO_E_INVALID_STATE".into()));
    assert_eq!(one.run("close", "", Path::new("")).await, Ok("closed".into()));
    assert!(two.run("fetch", &world.url(), &world.path("file")).await.is_ok());
}

#[tokio::test]
async fn a_callback_is_told_every_state_and_may_finalize() {
    let world = World::new(vec![]).await;
    let mut client = world.client("one").await;
    let id = client.run("callback", &world.url(), &world.path("file")).await.unwrap();
    client.deliver().await.unwrap();
    let told = client.told().await;
    assert!(told.iter().all(|call| call.starts_with(&id)), "{told:?}");
    assert!(told.last().unwrap().contains("Finalized"), "{told:?}");
    assert_holds(&world.path("file"), &content());
}

#[tokio::test]
async fn a_callback_that_is_registered_late_is_told_the_present_status() {
    let world = World::new(vec![]).await;
    let mut client = world.client("one").await;
    client.run("register-late", &world.url(), &world.path("file")).await.unwrap();
    client.deliver().await.unwrap();
    let told = client.told().await;
    assert!(told[0].contains("Transferred"), "{told:?}");
    assert_holds(&world.path("file"), &content());
}

#[tokio::test]
async fn a_callback_that_traps_or_hangs_harms_nobody() {
    for manner in ["trap", "hang"] {
        let world = World::new(vec![]).await;
        let (mut bad, mut good) = (world.client("bad").await, world.client("good").await);
        bad.run(manner, &world.url(), &world.path("bad")).await.unwrap();
        let (url, path) = (world.url(), world.path("good"));
        let (failed, fetched) = tokio::join!(bad.deliver_within(SHORT_LIMIT), good.run("fetch", &url, &path));
        assert!(failed.is_err(), "{manner}");
        assert!(fetched.is_ok(), "{manner}: {fetched:?}");
        let download = world.engine.for_caller("bad").downloads(None).await.unwrap().next(1).remove(0);
        download.ended().await.unwrap();
        download.finalize().await.unwrap();
        assert_holds(&world.path("bad"), &content());
    }
}

#[tokio::test]
async fn a_client_drives_a_job_of_its_own() {
    let world = World::with_parts(vec![]).await;
    let (mut one, mut two) = (world.client("one").await, world.client("two").await);
    two.run("job-create", &world.origin.url("/part"), &world.path("other")).await.unwrap();
    assert_eq!(world.parts(&mut one, "job-drive").await, Ok("Completion::Complete 3 true true 0".into()));
    world.assert_parts(&[0, 1, 2]);
}

#[tokio::test]
async fn a_callback_completes_a_job() {
    let world = World::with_parts(vec![]).await;
    let mut client = world.client("one").await;
    let id = world.parts(&mut client, "job-complete").await.unwrap();
    client.deliver().await.unwrap();
    assert_eq!(client.told().await, [format!("{id} transferred")]);
    world.assert_parts(&[0, 1, 2]);
    assert_eq!(client.run("job-list", "", Path::new("")).await, Ok(String::new()));
}

#[tokio::test]
async fn a_callback_that_refuses_a_job_is_called_again() {
    let world = World::with_parts(vec![]).await;
    let mut client = world.client("one").await;
    let id = world.parts(&mut client, "job-refuse-once").await.unwrap();
    client.deliver().await.unwrap();
    assert_eq!(client.told().await, [format!("{id} transferred"), format!("{id} transferred")]);
    world.assert_parts(&[0, 1, 2]);
}

#[tokio::test]
async fn a_callback_is_told_of_modifications() {
    let world = World::with_parts(vec![(When::Every, Fault::hold_until_released(100, "go"))]).await;
    let mut client = world.client("one").await;
    let mut events = world.engine.events();
    let id = world.parts(&mut client, "job-modify").await.unwrap();
    let release_once_modified = async {
        while events.recv().await.unwrap().what != Happening::JobModification {}
        world.origin.release("go");
    };
    tokio::join!(client.deliver(), release_once_modified).0.unwrap();
    assert!(client.told().await.contains(&format!("{id} modification")));
    world.assert_parts(&[0, 1, 2]);
}

#[tokio::test]
async fn a_callback_is_told_why_a_job_has_stopped_and_keeps_the_rest() {
    let world = World::with_parts(vec![(When::Every, Fault::status(404))]).await;
    let mut client = world.client("one").await;
    let id = world.parts(&mut client, "job-complete").await.unwrap();
    client.deliver().await.unwrap();
    let url = world.origin.url("/part2");
    assert_eq!(client.told().await, [format!("{id} error HTTP_E_STATUS {url}")]);
    world.assert_parts(&[0, 1]);
}

#[tokio::test]
async fn a_callback_that_traps_leaves_its_job_to_others() {
    let world = World::with_parts(vec![]).await;
    let mut bad = world.client("one").await;
    let id = world.parts(&mut bad, "job-trap").await.unwrap();
    assert!(bad.deliver().await.is_err());
    drop(bad);
    let job = world.engine.for_caller("one").job(&id).await.unwrap();
    while job.notify_interface().await.unwrap() {
        tokio::task::yield_now().await;
    }
    job.complete().await.unwrap();
    world.assert_parts(&[0, 1, 2]);
}

#[tokio::test]
async fn each_client_sees_its_own_jobs() {
    let world = World::with_parts(vec![]).await;
    let (mut one, mut two) = (world.client("one").await, world.client("two").await);
    let id = world.parts(&mut one, "job-create").await.unwrap();
    let none = Path::new("");
    assert_eq!(one.run("job-list", "", none).await, Ok(id.clone()));
    assert_eq!(two.run("job-list", "", none).await, Ok(String::new()));
    assert_eq!(one.run("job-find", &id, none).await, Ok("of a client".into()));
    assert_eq!(two.run("job-find", &id, none).await, Err("E_ACCESSDENIED".into()));
    assert_eq!(one.run("job-list-all", "", none).await, Err("E_ACCESSDENIED".into()));
    let all = world.engine.jobs(true).await.unwrap().rest().await.unwrap();
    all[0].take_ownership().await.unwrap();
    assert_eq!(one.run("job-take", &id, none).await, Err("E_ACCESSDENIED".into()));
}

#[tokio::test]
async fn a_client_hears_nothing_more_of_a_job_that_was_taken() {
    let hold = Fault::hold_until_released(0, "never");
    let world = World::with_parts(vec![(When::Every, hold)]).await;
    let mut client = world.client("one").await;
    let mut events = world.engine.events();
    let id = world.parts(&mut client, "job-complete").await.unwrap();
    while client.run("job-hear", "", Path::new("")).await == Ok("0".into()) {}
    let job = world.engine.job(&id).await.unwrap();
    job.take_ownership().await.unwrap();
    while events.recv().await.unwrap().what != Happening::OwnerChanged {}
    // The client still receives earlier events.
    while client.run("job-hear", "", Path::new("")).await != Ok("0".into()) {}
    job.suspend().await.unwrap();
    loop {
        let event = events.recv().await.unwrap();
        if event.what == Happening::Changed && job.state().await.unwrap() == JobState::Suspended {
            break;
        }
    }
    assert_eq!(client.run("job-hear", "", Path::new("")).await, Ok("0".into()));
    client.deliver().await.unwrap();
    assert_eq!(client.told().await, [""; 0]);
    assert!(!job.notify_interface().await.unwrap());
}

#[tokio::test]
async fn a_client_enumerates_the_files_of_a_job() {
    let world = World::with_parts(vec![]).await;
    let mut client = world.client("one").await;
    assert_eq!(world.parts(&mut client, "job-enumerate").await, Ok("true true false [3, 2, 3]".into()));
}

#[tokio::test]
async fn all_interfaces_of_jobs_reach_the_engine() {
    let world = World::with_parts(vec![]).await;
    let mut client = world.client("one").await;
    let found = world.parts(&mut client, "job-properties").await.unwrap();
    let words: Vec<_> = found.split(" | ").collect();
    assert_eq!(words[..2], ["DO_E_FILE_DOWNLOADSINK_UNSPECIFIED", "DO_E_UNKNOWN_PROPERTY_ID"]);
    assert_eq!(words[2], "etag: \"v1\"");
    assert_eq!(words[3], "[1000, 0] 510");
    let wanted = [part(0).bytes(1000..1500), part(0).bytes(0..10)].concat();
    assert_eq!(fs::read(world.path("part0")).unwrap(), wanted);
    assert_holds(&world.path("part1"), &part(1));
}

#[tokio::test]
async fn a_client_needs_only_one_of_the_callbacks() {
    const DOWNLOADS: &str = "do-download-status-callback";
    const JOBS: &str = "background-copy-callback";
    let world = World::with_parts(vec![]).await;
    let served = async |callbacks: &[&str], name: &str| {
        Served::of(&component_without(callbacks), &world.engine, name, world.folder.path()).await
    };
    let mut jobs = served(&[DOWNLOADS], "jobs").await;
    world.parts(&mut jobs, "job-complete").await.unwrap();
    jobs.deliver().await.unwrap();
    world.assert_parts(&[0, 1, 2]);

    let mut downloads = served(&[JOBS], "downloads").await;
    downloads.run("callback", &world.origin.url("/part0"), &world.path("file")).await.unwrap();
    downloads.deliver().await.unwrap();
    assert_holds(&world.path("file"), &part(0));

    assert!(served(&[DOWNLOADS, JOBS], "none").await.deliver().await.is_err());
}

#[tokio::test]
async fn a_client_is_given_interfaces_one_by_one() {
    let mut linker = Linker::<State>::new(runtime());
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).unwrap();
    for interface in [Interface::DoManager, Interface::DoDownload, Interface::Engine] {
        client::add_interface_to_linker(&mut linker, interface).unwrap();
    }
    let refused = linker.instantiate_pre(component()).err().map(|error| format!("{error:#}"));
    assert!(refused.is_some_and(|reason| reason.contains("do-download-internal")));
}

/// docs/reference/interfaces.md shows these functions.
#[tokio::test]
async fn the_examples_of_the_interfaces_run() {
    let world = World::new(vec![]).await;
    let mut client = world.client("one").await;
    let length = content().length();
    let at = |name: &str| world.path(name).display().to_string();
    for (interface, expected) in [
        ("do-manager", "1".to_owned()),
        ("do-download", length.to_string()),
        ("do-download-internal", "cV.1".into()),
        ("engine", format!("file {length} 0")),
        ("background-copy-manager", "nightly maps".into()),
        ("background-copy-job", length.to_string()),
        ("background-copy-job5", String::new()),
        ("enum-background-copy-files", at("enum-background-copy-files")),
        ("background-copy-file", "0 of ?".into()),
        ("background-copy-file2", "0".into()),
        ("background-copy-file5", "etag: \"v1\"".into()),
        ("background-copy-error", format!("HTTP_E_STATUS {}", at("background-copy-error"))),
        ("delivery-optimization-job", "1000".into()),
        ("delivery-optimization-file", length.to_string()),
    ] {
        let result = client.run(&format!("example-{interface}"), &world.url(), &world.path(interface)).await;
        assert_eq!(result, Ok(expected), "{interface}");
    }
    let whole = ["background-copy-file5", "background-copy-job", "delivery-optimization-file", "do-download", "engine"];
    for name in whole {
        assert_holds(&world.path(name), &content());
    }
    let first = fs::read(world.path("delivery-optimization-job")).unwrap();
    assert_eq!(first, content().bytes(0..1000));
    assert_eq!(
        names(world.folder.path()),
        [&whole[..2], &["delivery-optimization-file", "delivery-optimization-job"], &whole[3..], &["state"]].concat()
    );
}
