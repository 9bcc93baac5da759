//! Serving client components: components that import the interfaces of `wit/` and have no network of their own.
//!
//! A host gives a client what it wants it to have, one interface at a time:
//!
//! 1. the store's data implements [`ClientView`]: it has a [`Client`], made from an [`Engine`](crate::Engine) that knows the client
//!    by a name of the host's ([`Engine::for_caller`](crate::Engine::for_caller)), and the resource table of its WASI;
//! 2. [`add_to_linker`] adds all [`Interface`]s, [`add_interface_to_linker`] one;
//! 3. the host instantiates the client and calls its exports;
//! 4. where it exports `do-download-status-callback`, [`deliver_callbacks`] calls that when statuses change.
//!
//! The engine works on its own thread, whatever the client does. A client sees the downloads that were created under its name,
//! and no others; what it does not finish is found by the next client of that name.
//!
//! ```no_run
//! use haul::client::{self, Client, ClientCtxView, ClientView};
//! use wasmtime::component::{Component, Linker, ResourceTable};
//! use wasmtime::{Engine, Store};
//!
//! struct State {
//!     client: Client,
//!     table: ResourceTable,
//! }
//!
//! impl ClientView for State {
//!     fn client(&mut self) -> ClientCtxView<'_> {
//!         ClientCtxView { client: &mut self.client, table: &mut self.table }
//!     }
//! }
//!
//! async fn serve(haul: haul::Engine, component: &[u8]) -> wasmtime::Result<()> {
//!     let runtime = Engine::default();
//!     let mut linker = Linker::new(&runtime);
//!     client::add_to_linker(&mut linker)?;
//!     let client = Client::new(haul.for_caller("plugin-7"));
//!     let mut store = Store::new(&runtime, State { client, table: ResourceTable::new() });
//!     let component = Component::new(&runtime, component)?;
//!     let instance = linker.instantiate_async(&mut store, &component).await?;
//!     client::deliver_callbacks(&mut store, &instance, std::time::Duration::from_secs(5)).await
//! }
//! ```

mod callbacks;
mod downloads;
mod driving;
mod manager;
mod values;

use std::collections::BTreeMap;

use tokio::sync::broadcast;
use wasmtime::Result;
use wasmtime::component::{Linker, ResourceTable};

pub use self::callbacks::deliver_callbacks;
use crate::download::Download;
use crate::engine::Engine;
use crate::event::Event;

/// The package and version of the interfaces.
const PACKAGE: &str = "haul:delivery-optimization/";
const VERSION: &str = "@0.1.0";

/// What a store holds for one client component.
#[derive(Debug)]
pub struct Client {
    engine: Engine,
    events: broadcast::Receiver<Event>,
    /// The same events, for the callback.
    told: broadcast::Receiver<Event>,
    /// The downloads whose callback is the client's, by their ids, and whether its present status is still to be told.
    callbacks: BTreeMap<String, (Download, bool)>,
}

impl Client {
    /// A client whose downloads are those that `engine` finds.
    pub fn new(engine: Engine) -> Self {
        let (events, told) = (engine.events(), engine.events());
        Self { engine, events, told, callbacks: BTreeMap::new() }
    }
}

/// A client and the table of its resources.
pub struct ClientCtxView<'a> {
    pub client: &'a mut Client,
    pub table: &'a mut ResourceTable,
}

/// What the data of a store has where a client component is served.
pub trait ClientView: Send {
    fn client(&mut self) -> ClientCtxView<'_>;
}

/// What a client may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interface {
    /// To make downloads and to find them.
    DoManager,
    /// To use them.
    DoDownload,
    /// The deprecated properties.
    DoDownloadInternal,
    /// Waiting, options and reports. The engine is the host's: `open` fails with DO_E_INVALID_STATE, `drive` waits for events of the
    /// client's own downloads, and `close` pauses those.
    Engine,
}

impl Interface {
    const ALL: [Self; 4] = [Self::DoManager, Self::DoDownload, Self::DoDownloadInternal, Self::Engine];

    const fn name(self) -> &'static str {
        match self {
            Self::DoManager => "do-manager",
            Self::DoDownload => "do-download",
            Self::DoDownloadInternal => "do-download-internal",
            Self::Engine => "engine",
        }
    }

    fn import(self) -> String {
        format!("{PACKAGE}{}{VERSION}", self.name())
    }
}

/// Adds every interface.
///
/// # Errors
///
/// Those of the linker: an interface that it has already.
pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    Interface::ALL.into_iter().try_for_each(|interface| add_interface_to_linker(linker, interface))
}

/// Adds one interface. A component that imports another one cannot be instantiated.
///
/// # Errors
///
/// Those of the linker: an interface that it has already.
pub fn add_interface_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>, interface: Interface) -> Result<()> {
    match interface {
        Interface::DoManager => manager::add_to_linker(linker),
        Interface::DoDownload => downloads::add_to_linker(linker),
        Interface::DoDownloadInternal => downloads::add_functions(linker, interface, |_| true),
        Interface::Engine => {
            driving::add_to_linker(linker)?;
            downloads::add_functions(linker, interface, |name| !driving::FUNCTIONS.contains(&name))
        }
    }
}
