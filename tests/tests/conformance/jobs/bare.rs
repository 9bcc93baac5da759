//! The component without the crate `haul`, called by the names in `wit/`: for calls that the crate does not expose, and for tests
//! that advance the clock by days.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime};

use tempfile::{TempDir, tempdir};
use wasmtime::component::{Component, Instance, Linker, ResourceTable, Val};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{FsPerms, HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView, default_hooks};

use crate::codes::Code;

struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: default_hooks() }
    }
}

/// Both clocks, which a test can advance.
#[derive(Clone)]
struct Clock {
    began: Instant,
    /// In seconds.
    ahead: Arc<AtomicU64>,
}

impl Clock {
    fn ahead(&self) -> Duration {
        Duration::from_secs(self.ahead.load(Ordering::SeqCst))
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        SystemTime::UNIX_EPOCH.elapsed().expect("a time after 1970") + self.ahead()
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from((self.began.elapsed() + self.ahead()).as_nanos()).expect("less than 500 years")
    }
}

fn runtime() -> &'static (Engine, Component) {
    static RUNTIME: OnceLock<(Engine, Component)> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let engine = Engine::default();
        let component = Component::new(&engine, haul::WASM).expect("the component");
        (engine, component)
    })
}

/// An instance of the component with its own folder.
pub struct Bare {
    store: Store<State>,
    instance: Instance,
    clock: Clock,
    pub folder: TempDir,
}

impl Bare {
    /// An open engine.
    pub async fn new() -> Self {
        let mut bare = Self::closed().await;
        let abilities =
            ["computes-digests", "locks-files", "takes-exchange-fields", "resolves-content", "waits-for-callers"];
        let driver = abilities.map(|name| (name.to_owned(), Val::Bool(false))).to_vec();
        let unset = ["state-directory", "records-directory", "network", "max-running", "max-rate", "max-per-origin"];
        let unset = unset.map(|name| (name.to_owned(), Val::Option(None)));
        let settings = [("driver".to_owned(), Val::Record(driver))].into_iter().chain(unset).collect();
        succeeded(bare.call("engine", "open", &[Val::Record(settings)]).await);
        bare
    }

    /// An engine that is not open.
    pub async fn closed() -> Self {
        let (engine, component) = runtime();
        let folder = tempdir().expect("a folder");
        let clock = Clock { began: Instant::now(), ahead: Arc::default() };
        let mut wasi = WasiCtx::builder();
        wasi.wall_clock(clock.clone()).monotonic_clock(clock.clone());
        wasi.preopened_dir(folder.path(), "/", FsPerms::ReadWrite).expect("a directory");
        let state = State { wasi: wasi.build(), http: WasiHttpCtx::new(), table: ResourceTable::new() };
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("WASI");
        wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker).expect("HTTP");
        let mut store = Store::new(engine, state);
        let instance = linker.instantiate_async(&mut store, component).await.expect("an instance");
        Self { store, instance, clock, folder }
    }

    /// Calls a function of an interface; returns its result.
    pub async fn call(&mut self, interface: &str, function: &str, arguments: &[Val]) -> Option<Val> {
        let name = format!("haul:delivery-optimization/{interface}@0.1.0");
        let found = self.instance.get_export_index(&mut self.store, None, &name).expect("an interface");
        let found = self.instance.get_export_index(&mut self.store, Some(&found), function).expect("a function");
        let function = self.instance.get_func(&mut self.store, found).expect("a function");
        let mut results = vec![Val::Bool(false); function.ty(&self.store).results().len()];
        function.call_async(&mut self.store, arguments, &mut results).await.expect("an answer");
        results.pop()
    }

    /// Calls a method of a job.
    pub async fn on_job(&mut self, job: &Val, method: &str) -> Option<Val> {
        self.call("background-copy-job", &format!("[method]job.{method}"), std::slice::from_ref(job)).await
    }

    /// A job without files.
    pub async fn job(&mut self) -> Val {
        let arguments = [string("job"), Val::Enum("download".into())];
        succeeded(self.call("background-copy-manager", "create-job", &arguments).await).expect("a job")
    }

    /// A file of the job without URL and path.
    pub async fn file_of(&mut self, job: &Val) -> Val {
        let arguments = [job.clone(), string("content"), Val::Option(None), Val::List(Vec::new())];
        succeeded(self.call("delivery-optimization-job", "add-file", &arguments).await).expect("a file")
    }

    /// Adds a file with the target `/file`.
    pub async fn add_file(&mut self, job: &Val, url: &str) {
        let arguments = [job.clone(), string(url), string("/file")];
        succeeded(self.call("background-copy-job", "[method]job.add-file", &arguments).await);
    }

    /// The error of a job that waits for a network.
    pub async fn error_of_no_file(&mut self) -> Val {
        let unrestricted = Val::Enum("unrestricted".into());
        let network = [("connected", Val::Bool(false)), ("cost", unrestricted)].into_iter();
        let network = network.chain(["roaming", "cellular"].map(|name| (name, Val::Bool(false))));
        let network = network.map(|(name, value)| (name.to_owned(), value)).collect();
        succeeded(self.call("driver", "set-network", &[Val::Record(network)]).await);
        let job = self.job().await;
        self.add_file(&job, "http://127.0.0.1:1/file").await;
        succeeded(self.on_job(&job, "resume").await);
        succeeded(self.on_job(&job, "get-error").await).expect("an error")
    }

    pub async fn state(&mut self, job: &Val) -> String {
        match self.on_job(job, "get-state").await {
            Some(Val::Enum(state)) => state,
            other => panic!("{other:?} is no state"),
        }
    }

    /// Drives the engine for 10 ms at most.
    pub async fn drive(&mut self) {
        let moment = Val::Option(Some(Box::new(Val::U64(10_000_000))));
        succeeded(self.call("engine", "drive", &[Val::Option(None), moment]).await);
    }

    /// Advances the clock by days.
    pub async fn pass(&mut self, days: u64) {
        self.clock.ahead.fetch_add(days * 24 * 60 * 60, Ordering::SeqCst);
        self.drive().await;
    }
}

pub fn string(text: &str) -> Val {
    Val::String(text.into())
}

/// A case of a variant with a text.
pub fn text(case: &str, value: &str) -> Val {
    Val::Variant(case.into(), Some(Box::new(string(value))))
}

/// # Panics
///
/// If the call failed.
#[track_caller]
pub fn succeeded(answer: Option<Val>) -> Option<Val> {
    match answer {
        Some(Val::Result(Ok(value))) => value.map(|value| *value),
        other => panic!("{other:?}"),
    }
}

/// # Panics
///
/// If the call did not fail with this code.
#[track_caller]
pub fn refused(answer: Option<Val>, code: Code) {
    let Some(Val::Result(Err(Some(failure)))) = answer else { panic!("{answer:?} instead of {}", code.name) };
    let Val::Record(fields) = *failure else { panic!("{failure:?} is no failure") };
    let of = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    assert_eq!((of("code"), of("name")), (Some(Val::U32(code.number)), Some(string(code.name))));
}
