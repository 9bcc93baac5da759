//! Hostile client components beside an honest one: plugins of one host, served by one engine.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use haul::client::{self, Client};
use haul::{Engine, Limits};
use haul_tests::origin::Origin;
use haul_tests::scene::{assert_holds, content, origin};
use tempfile::{TempDir, tempdir};
use tokio::time::timeout;
use wasmtime::component::{Component, Linker};
use wasmtime::{Result, Store};
use wasmtime_wasi::WasiCtx;

use super::forged;
use super::world::LIMIT;
use crate::client_state::State;

fn runtime() -> &'static wasmtime::Engine {
    static RUNTIME: OnceLock<wasmtime::Engine> = OnceLock::new();
    RUNTIME.get_or_init(wasmtime::Engine::default)
}

struct World {
    origin: Origin,
    folder: TempDir,
    engine: Engine,
}

impl World {
    async fn new() -> Self {
        let folder = tempdir().unwrap();
        let limits = Limits::default().client_handles(15_000);
        let engine = Engine::builder()
            .policy(haul::Policy::allow_all())
            .grant(folder.path())
            .limits(limits)
            .open()
            .await
            .unwrap();
        Self { origin: origin(vec![]), folder, engine }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a step of a client with this name.
    async fn step(&self, name: &str, step: &str, url: &str, path: &Path) -> Result<Result<String, String>> {
        static COMPONENT: OnceLock<Component> = OnceLock::new();
        let component = COMPONENT.get_or_init(|| Component::from_file(runtime(), env!("HAUL_TEST_CLIENT")).unwrap());
        let (mut store, linker) = self.store(name);
        let instance = linker.instantiate_async(&mut store, component).await?;
        let run = instance.get_typed_func::<(&str, &str, &str), (Result<String, String>,)>(&mut store, "run")?;
        let path = path.to_str().unwrap();
        let stepped = timeout(LIMIT, run.call_async(&mut store, (step, url, path))).await;
        Ok(stepped.expect("a step ends")?.0)
    }

    fn store(&self, name: &str) -> (Store<State>, Linker<State>) {
        let mut linker = Linker::new(runtime());
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).unwrap();
        client::add_to_linker(&mut linker).unwrap();
        let client = Client::new(self.engine.for_caller(name));
        let state = State::new(client, WasiCtx::builder().build());
        (Store::new(runtime(), state), linker)
    }

    /// Runs a step of the hostile client.
    async fn hostile(&self, step: &str) -> Result<Result<String, String>> {
        self.step("hostile", step, &self.origin.url("/file"), &self.path("hostile")).await
    }

    /// Asserts that another client of the same engine gets its file.
    async fn assert_serves_others(&self) {
        let fetched = self.step("other", "fetch", &self.origin.url("/file"), &self.path("other")).await.unwrap();
        assert_eq!(fetched, Ok(content().length().to_string()));
        assert_holds(&self.path("other"), &content());
    }
}

#[tokio::test]
async fn downloads_and_jobs_without_end_come_to_one() {
    let world = World::new().await;
    assert_eq!(world.hostile("hostile-downloads").await.unwrap(), Ok("10000 E_OUTOFMEMORY".into()));
    world.assert_serves_others().await;
}

#[tokio::test]
async fn handles_without_end_end_the_client() {
    let world = World::new().await;
    for step in ["hostile-jobs", "hostile-enumerators"] {
        let told = format!("{:?}", world.hostile(step).await.unwrap_err());
        assert!(told.contains("the client holds more than 15000 handles"), "{told}");
        world.assert_serves_others().await;
        std::fs::remove_file(world.path("other")).unwrap();
    }
}

#[tokio::test]
async fn huge_values_are_refused_before_the_engine_gets_them() {
    let world = World::new().await;
    let refused = ["E_OUTOFMEMORY"; 7].join(" ");
    assert_eq!(world.hostile("hostile-huge").await.unwrap(), Ok(refused));
    world.assert_serves_others().await;
}

#[tokio::test]
async fn what_others_have_is_not_found_by_its_id() {
    let world = World::new().await;
    let other = world.engine.for_caller("other");
    let (download, job) = (other.create_download().await.unwrap(), other.create_job("").await.unwrap());
    for (id, expected) in [
        (download.id(), "DO_E_NO_DOWNLOADS DO_E_JOB_NOT_FOUND"),
        (job.id(), "DO_E_NO_DOWNLOADS E_ACCESSDENIED"),
        ("", "DO_E_NO_DOWNLOADS E_INVALIDARG"),
    ] {
        let guessed = world.step("hostile", "hostile-guess", id, Path::new("")).await.unwrap();
        assert_eq!(guessed, Ok(expected.into()));
    }
    world.assert_serves_others().await;
}

#[tokio::test]
async fn a_handle_that_was_dropped_ends_the_client() {
    let world = World::new().await;
    assert!(world.hostile("hostile-dropped").await.is_err());
    world.assert_serves_others().await;
}

#[tokio::test]
async fn who_never_listens_holds_up_nobody() {
    let world = World::new().await;
    assert_eq!(world.hostile("hostile-unread").await.unwrap(), Ok("100".into()));
    world.assert_serves_others().await;
}

/// Clients whose imports have other types than the interfaces. The linker adds functions by name, which does not check their
/// types.
#[tokio::test]
async fn imports_of_other_types_end_the_client_and_nothing_else() {
    let world = World::new().await;
    let calls = [
        ("engine", "open", false),
        ("engine", "drive", false),
        ("engine", "close", true),
        ("engine", "explain", true),
        ("engine", "list-explanations", true),
        ("engine", "suggest-file-name", true),
        ("do-manager", "create-download", false),
        ("do-manager", "enum-downloads", false),
        ("background-copy-manager", "enum-jobs", false),
        ("background-copy-manager", "get-error-description", true),
    ];
    for (interface, function, returns) in calls {
        let mistyped = forged::calling("haul:delivery-optimization@0.1.0", interface, function, returns);
        let component = Component::from_binary(runtime(), &mistyped).unwrap();
        let (mut store, linker) = world.store("hostile");
        let instance = linker.instantiate_async(&mut store, &component).await.unwrap();
        let run = instance.get_func(&mut store, "run").unwrap();
        let ended = timeout(LIMIT, run.call_async(&mut store, &[], &mut [])).await.expect("a call ends");
        // `close` with a result has no value to return.
        assert!(ended.is_err(), "{interface}#{function}");
        world.engine.explain(1).await.unwrap();
    }
    world.assert_serves_others().await;
}
