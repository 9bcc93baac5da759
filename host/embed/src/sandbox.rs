//! What surrounds the component: its directories, its limits, its clock for runaway code.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Engine, Result, Store, StoreLimits, StoreLimitsBuilder, UpdateDeadline, format_err};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::grants::Grants;
use crate::http::{Outgoing, handler};
use crate::locks;
use crate::runtime_config;

/// Most linear memory of one component, in bytes.
const MAX_MEMORY: usize = 256 << 20;

/// Most handles that the component may hold at once.
const MAX_HANDLES: usize = 10_000;

/// How often runaway code is looked for.
const TICK: Duration = Duration::from_secs(1);

/// Ticks that code may run without calling the host before it is stopped.
const MOST_TICKS: u32 = 20;

/// Most bytes kept of what the component says before it traps.
const LAST_WORDS: usize = 4096;

/// What the store holds for the component.
pub struct Surroundings {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outgoing: Outgoing,
    table: ResourceTable,
    limits: StoreLimits,
    last_words: MemoryOutputPipe,
    watchdog: Watchdog,
}

/// Tells code that runs on and on from code that works with its host.
#[derive(Default)]
struct Watchdog {
    host_calls: u64,
    seen: u64,
    silent_ticks: u32,
}

impl Watchdog {
    /// Whether the code has gone too long without calling the host.
    fn tick(&mut self) -> bool {
        self.silent_ticks = if self.seen == self.host_calls { self.silent_ticks + 1 } else { 0 };
        self.seen = self.host_calls;
        self.silent_ticks >= MOST_TICKS
    }
}

impl Surroundings {
    /// What the component wrote to its standard error.
    pub fn last_words(&self) -> String {
        String::from_utf8_lossy(&self.last_words.contents()).trim().into()
    }
}

impl WasiView for Surroundings {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.watchdog.host_calls += 1;
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Surroundings {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        self.watchdog.host_calls += 1;
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.outgoing }
    }
}

/// The wasmtime engine of this process; its epoch advances once a second while the process runs.
pub fn runtime() -> Result<&'static Engine> {
    static RUNTIME: OnceLock<Engine> = OnceLock::new();
    if let Some(engine) = RUNTIME.get() {
        return Ok(engine);
    }
    let engine = Engine::new(&runtime_config::running())?;
    if RUNTIME.set(engine.clone()).is_ok() {
        let ticker = move || {
            loop {
                thread::sleep(TICK);
                engine.increment_epoch();
            }
        };
        thread::Builder::new().name("haul-epoch".into()).spawn(ticker)?;
    }
    RUNTIME.get().ok_or_else(|| format_err!("no runtime"))
}

/// A store with everything that a component may touch.
pub fn store(engine: &Engine, grants: &Grants, outgoing: Outgoing) -> Result<Store<Surroundings>> {
    let last_words = MemoryOutputPipe::new(LAST_WORDS);
    let mut wasi = WasiCtx::builder();
    wasi.allow_blocking_current_thread(true).stderr(last_words.clone());
    for directory in grants.directories() {
        let name = directory.to_str().ok_or_else(|| format_err!("a directory's name is not valid Unicode"))?;
        wasi.preopened_dir(directory, name, FsPerms::ReadWrite)?;
    }
    let mut table = ResourceTable::new();
    table.set_max_capacity(MAX_HANDLES);
    let surroundings = Surroundings {
        wasi: wasi.build(),
        http: WasiHttpCtx::new(),
        outgoing,
        table,
        limits: StoreLimitsBuilder::new().memory_size(MAX_MEMORY).instances(64).memories(16).tables(64).build(),
        last_words,
        watchdog: Watchdog::default(),
    };
    let mut store = Store::new(engine, surroundings);
    store.limiter(|surroundings| &mut surroundings.limits);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| match store.data_mut().watchdog.tick() {
        true => Err(format_err!("it ran for {} s without calling its host", TICK.as_secs() * u64::from(MOST_TICKS))),
        false => Ok(UpdateDeadline::Continue(1)),
    });
    Ok(store)
}

/// The imports that the component gets.
pub fn linker(engine: &Engine) -> Result<Linker<Surroundings>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    handler::add_to_linker(&mut linker)?;
    locks::add_to_linker(&mut linker)?;
    Ok(linker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_calls_its_host_now_and_then_is_left_alone() {
        let mut watchdog = Watchdog::default();
        for _ in 0..10 * MOST_TICKS {
            watchdog.host_calls += 1;
            assert!(!watchdog.tick());
        }
    }

    #[test]
    fn code_that_runs_on_and_on_is_stopped() {
        let mut watchdog = Watchdog { host_calls: 7, ..Watchdog::default() };
        let ticks = (0..).take_while(|_| !watchdog.tick()).count();
        assert_eq!(ticks, MOST_TICKS as usize);
    }
}
