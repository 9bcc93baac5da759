//! What surrounds the component: its directories, its limits, its clock for runaway code.

mod advice;
mod body_errors;
mod census;
mod epoch;
mod fields;
mod file_stream;
mod files;
mod request_handler;
mod requests;
mod space;
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
use self::census::{Census, Resources};
use self::epoch::TICK;
pub use self::epoch::{rests, resumes, runtime};
use self::requests::Requests;
use self::space::Space;
use self::watchdog::Watchdog;
use crate::clock;
use crate::digest::RunningDigests;
use crate::grants::Grants;
use crate::http::Outgoing;
use crate::limits::Limits;
use crate::locks::Locks;
use crate::state_directory::Identity;

/// Most bytes kept of what the component says before it traps.
const LAST_WORDS: usize = 4096;

/// What the rest of an engine's thread gets at each tick while its component runs.
const TURN: Duration = Duration::from_millis(1);

/// Most random bytes of one call.
const MAX_RANDOM: u64 = 64 << 10;

/// What the store holds for the component.
pub struct Surroundings {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    requests: Requests,
    table: ResourceTable,
    space: Space,
    last_words: MemoryOutputPipe,
    watchdog: Watchdog,
    advice: FileAdvice,
    locks: Locks,
    open_files: Census<File>,
    listings: Resources<DirectoryEntryStream>,
    fields: Resources<FieldMap>,
    limits: Limits,
    digests: Arc<RunningDigests>,
    /// The state directory.
    private: Option<Identity>,
}

impl Surroundings {
    /// What the component wrote to its standard error.
    pub fn last_words(&self) -> String {
        String::from_utf8_lossy(&self.last_words.contents()).trim().into()
    }

    /// Whether the component wanted more memory than its limit.
    pub const fn is_out_of_memory(&self) -> bool {
        self.space.is_out_of_memory()
    }

    /// Digests of files that the component writes.
    pub fn digests(&self) -> Arc<RunningDigests> {
        self.digests.clone()
    }
}

impl WasiView for Surroundings {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.watchdog.heard();
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Surroundings {
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
) -> Result<Store<Surroundings>> {
    let last_words = MemoryOutputPipe::new(LAST_WORDS);
    let mut wasi = WasiCtx::builder();
    wasi.allow_blocking_current_thread(true).stderr(last_words.clone()).max_random_size(MAX_RANDOM);
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
    let surroundings = Surroundings {
        wasi: wasi.build(),
        http,
        requests: Requests::new(outgoing, limits),
        table,
        space: Space::new(limits),
        last_words,
        watchdog: Watchdog::new(silence / TICK.as_secs()),
        advice,
        locks,
        open_files: Census::new(limits.open_files),
        listings: Resources::new(limits.listings),
        fields: Resources::new(limits.fields),
        limits: limits.clone(),
        digests: Arc::default(),
        private: grants.private(),
    };
    let mut store = Store::new(engine, surroundings);
    store.limiter(|surroundings| &mut surroundings.space);
    store.set_hostcall_fuel(limits.call_bytes);
    store.set_max_component_handles(limits.handles);
    store.set_epoch_deadline(1);
    // Whoever waits for the component gets a turn at each tick, so that it can lose its patience. A task that merely yields is polled
    // again before the time is looked at; one that sleeps is not.
    store.epoch_deadline_callback(move |mut store| match store.data_mut().watchdog.tick() {
        true => Err(format_err!("it ran for {silence} s without calling its host")),
        false => Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::time::sleep(TURN)))),
    });
    Ok(store)
}

/// The imports that the component gets: those of WASI that the component of this crate has, and no sockets.
pub fn linker(engine: &Engine) -> Result<Linker<Surroundings>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(&mut linker)?;
    cli::environment::add_to_linker::<_, WasiCli>(&mut linker, Surroundings::cli)?;
    filesystem::types::add_to_linker::<_, WasiFilesystem>(&mut linker, Surroundings::filesystem)?;
    filesystem::preopens::add_to_linker::<_, WasiFilesystem>(&mut linker, Surroundings::filesystem)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    request_handler::add_to_linker(&mut linker)?;
    body_errors::add_to_linker(&mut linker)?;
    fields::add_to_linker(&mut linker)?;
    files::add_to_linker(&mut linker)?;
    Ok(linker)
}
