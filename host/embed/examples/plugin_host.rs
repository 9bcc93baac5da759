//! A host for plugins without network access. Each plugin has an engine with its own policy and its own directory, named after
//! the plugin.
//!
//! `cargo run --example plugin_host -- PLUGIN.wasm URL NAME=ORIGIN...`, such as `plugin_host plugin.wasm
//! http://localhost:8080/map maps=http://localhost:8080 news=http://example.com`

use std::time::Duration;
use std::{fs, thread};

use haul::client::{self, Client, ClientCtxView, ClientView, Interface};
use haul::{Policy, Quota};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Result, Store, StoreContextMut};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// The time limit for one callback of a plugin.
const LIMIT: Duration = Duration::from_secs(5);

/// The longest time that a plugin computes before it yields to others.
const TURN: Duration = Duration::from_millis(20);

/// The data in a plugin's store.
struct Plugin {
    name: String,
    client: Client,
    wasi: WasiCtx,
    table: ResourceTable,
}

impl ClientView for Plugin {
    fn client(&mut self) -> ClientCtxView<'_> {
        ClientCtxView { client: &mut self.client, table: &mut self.table }
    }
}

impl WasiView for Plugin {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [plugin, url, rules @ ..] = &arguments[..] else { panic!("usage: plugin_host PLUGIN URL NAME=ORIGIN...") };
    let runtime = runtime()?;
    let component = Component::from_file(&runtime, plugin)?;
    let linker = linker(&runtime)?;
    for rule in rules {
        let (name, origin) = rule.split_once('=').expect("NAME=ORIGIN");
        let mut store = Store::new(&runtime, open(name, origin).await?);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let instance = linker.instantiate_async(&mut store, &component).await?;
        let fetch = instance.get_typed_func::<(&str, String), (Result<(), String>,)>(&mut store, "fetch")?;
        let path = fs::canonicalize(name)?.join("file");
        let (begun,) = fetch.call_async(&mut store, (url, path.display().to_string())).await?;
        match begun {
            Ok(()) => client::deliver_callbacks(&mut store, &instance, LIMIT).await?,
            Err(problem) => println!("{name}: {problem}"),
        }
    }
    Ok(())
}

/// A runtime that interrupts a plugin after its time slice.
fn runtime() -> Result<Engine> {
    let mut config = Config::new();
    config.epoch_interruption(true);
    let runtime = Engine::new(&config)?;
    let ticking = runtime.clone();
    thread::spawn(move || {
        loop {
            thread::sleep(TURN);
            ticking.increment_epoch();
        }
    });
    Ok(runtime)
}

/// The imports of plugins: WASI without any grants, two interfaces of the engine, and the host's `log`.
fn linker(runtime: &Engine) -> Result<Linker<Plugin>> {
    let mut linker = Linker::new(runtime);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    client::add_interface_to_linker(&mut linker, Interface::DoManager)?;
    client::add_interface_to_linker(&mut linker, Interface::DoDownload)?;
    linker.root().func_wrap("log", |store: StoreContextMut<'_, Plugin>, (line,): (String,)| {
        println!("{}: {line}", store.data().name);
        Ok(())
    })?;
    Ok(linker)
}

/// A plugin's engine: one origin, one directory, a gibibyte a day.
async fn open(name: &str, origin: &str) -> Result<Plugin> {
    fs::create_dir_all(name)?;
    let policy = Policy::deny_all()
        .allow_origin(origin)
        // Servers on this machine, to try the example.
        .allow_addresses("127.0.0.0/8")
        .allow_addresses("::1")
        .quota(Quota::per(1 << 30, Duration::from_secs(24 * 3600)));
    let engine = haul::Engine::builder().policy(policy).grant(name).open().await?;
    Ok(Plugin {
        name: name.into(),
        client: Client::new(engine),
        wasi: WasiCtx::builder().build(),
        table: ResourceTable::new(),
    })
}
