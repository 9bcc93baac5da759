//! The sandbox of the component: its directories, its imports, its limits.

mod advice;
mod body_errors;
mod epoch;
mod fields;
mod file_stream;
mod files;
mod memory_limit;
mod request_handler;
mod requests;
mod resource_count;
mod watchdog;

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Result, Store, UpdateDeadline, format_err};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::filesystem::types::DirectoryEntryStream;
use wasmtime_wasi::p2::bindings::{cli, filesystem};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{FieldMap, WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use self::advice::FileAdvice;
use self::epoch::TICK;
pub use self::epoch::{rests, resumes, runtime};
use self::memory_limit::MemoryLimit;
use self::requests::Requests;
use self::resource_count::{ResourceCount, SharedCount};
use self::watchdog::Watchdog;
use crate::clock;
use crate::digest::StreamingDigests;
use crate::grants::Grants;
use crate::http::Outgoing;
use crate::limits::Limits;
use crate::locks::Locks;
use crate::state_directory::Identity;

/// Bytes of standard error that are kept, because a panic of the component writes its message there before it traps.
const MAX_STDERR: usize = 4096;

/// The time that other tasks of an engine's thread get at each tick while its component runs, so that a busy component does not stop its
/// timers.
const TURN: Duration = Duration::from_millis(1);

/// Most random bytes of one call, so that a hostile component cannot have the host allocate more.
const MAX_RANDOM: u64 = 64 << 10;

/// The state that the store holds for the component.
pub struct StoreState {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    requests: Requests,
    table: ResourceTable,
    memory_limit: MemoryLimit,
    captured_stderr: MemoryOutputPipe,
    watchdog: Watchdog,
    advice: FileAdvice,
    locks: Locks,
    open_files: SharedCount<File>,
    listings: ResourceCount<DirectoryEntryStream>,
    fields: ResourceCount<FieldMap>,
    limits: Limits,
    digests: Arc<StreamingDigests>,
    /// The state directory.
    private: Option<Identity>,
}

impl StoreState {
    /// The text that the component wrote to its standard error.
    pub fn captured_stderr(&self) -> String {
        String::from_utf8_lossy(&self.captured_stderr.contents()).trim().into()
    }

    /// Whether the component wanted more memory than its limit.
    pub const fn is_out_of_memory(&self) -> bool {
        self.memory_limit.is_out_of_memory()
    }

    /// Digests of files that the component writes.
    pub fn digests(&self) -> Arc<StreamingDigests> {
        self.digests.clone()
    }
}

impl WasiView for StoreState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.watchdog.heard();
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for StoreState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.watchdog.heard();
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.requests }
    }
}

/// A store with everything that a component may touch.
pub fn store(
    engine: &Engine,
    grants: &Grants,
    outgoing: Outgoing,
    clock: Option<&clock::Shared>,
    limits: &Limits,
    locks: Locks,
) -> Result<Store<StoreState>> {
    let captured_stderr = MemoryOutputPipe::new(MAX_STDERR);
    let mut wasi = WasiCtx::builder();
    wasi.allow_blocking_current_thread(true).stderr(captured_stderr.clone()).max_random_size(MAX_RANDOM);
    if let Some(clock) = clock {
        wasi.monotonic_clock(clock.clone()).wall_clock(clock.clone());
    }
    for (directory, permissions) in grants.directories() {
        let name = directory.to_str().ok_or_else(|| format_err!("a directory's name is not valid Unicode"))?;
        wasi.preopened_dir(directory, name, permissions)?;
    }
    let mut table = ResourceTable::new();
    table.set_max_capacity(limits.resources);
    let mut http = WasiHttpCtx::new();
    http.set_field_size_limit(limits.header_bytes);
    let advice = FileAdvice::new(!outgoing.keeps_room_free());
    let silence = limits.compute_time.as_secs().max(TICK.as_secs());
    let state = StoreState {
        wasi: wasi.build(),
        http,
        requests: Requests::new(outgoing, limits),
        table,
        memory_limit: MemoryLimit::new(limits),
        captured_stderr,
        watchdog: Watchdog::new(silence / TICK.as_secs()),
        advice,
        locks,
        open_files: SharedCount::new(limits.open_files),
        listings: ResourceCount::new(limits.listings),
        fields: ResourceCount::new(limits.fields),
        limits: limits.clone(),
        digests: Arc::default(),
        private: grants.private(),
    };
    let mut store = Store::new(engine, state);
    store.limiter(|state| &mut state.memory_limit);
    store.set_hostcall_fuel(limits.call_bytes);
    store.set_max_component_handles(limits.handles);
    store.set_epoch_deadline(1);
    // At each tick other tasks of the thread run, so that the timeout of a call can fire. tokio polls a task that merely yields again
    // before it looks at its timers; it does not poll one that sleeps.
    store.epoch_deadline_callback(move |mut store| match store.data_mut().watchdog.tick() {
        true => Err(format_err!("it ran for {silence} s without calling its host")),
        false => Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::time::sleep(TURN)))),
    });
    Ok(store)
}

/// The imports that the component gets: those of WASI that the component of this crate has, and no sockets.
pub fn linker(engine: &Engine) -> Result<Linker<StoreState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(&mut linker)?;
    cli::environment::add_to_linker::<_, WasiCli>(&mut linker, StoreState::cli)?;
    filesystem::types::add_to_linker::<_, WasiFilesystem>(&mut linker, StoreState::filesystem)?;
    filesystem::preopens::add_to_linker::<_, WasiFilesystem>(&mut linker, StoreState::filesystem)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    request_handler::add_to_linker(&mut linker)?;
    body_errors::add_to_linker(&mut linker)?;
    fields::add_to_linker(&mut linker)?;
    files::add_to_linker(&mut linker)?;
    Ok(linker)
}
