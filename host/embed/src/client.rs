//! Serving client components: components that import the interfaces of `wit/` and have no network of their own.
//!
//! A host gives a client the interfaces that it chooses, one at a time:
//!
//! 1. the store's data implements [`ClientView`]: it has a [`Client`], made from an [`Engine`] that knows the client
//!    by a name of the host's ([`Engine::for_caller`](crate::Engine::for_caller)), and the resource table of its WASI;
//! 2. [`add_to_linker`] adds all [`Interface`]s, [`add_interface_to_linker`] one;
//! 3. the host instantiates the client and calls its exports;
//! 4. if it exports `do-download-status-callback` or `background-copy-callback`, [`deliver_callbacks`] calls those.
//!
//! The engine works on its own thread, whatever the client does. A client sees the downloads and jobs that were created under its
//! name, and no others; the next client of that name finds those that are not finished.
//!
//! A client may be hostile. Its parameters are checked before the engine gets them, and are bounded by the engine's
//! [`Limits`](crate::Limits). Its memory, its time and its table of resources are the host's own to bound, as for any component.
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
mod forward;
mod jobs;
mod manager;
mod subscriptions;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::broadcast;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Result, ensure};

pub use self::callbacks::deliver_callbacks;
use self::subscriptions::Subscriptions;
use crate::engine::Engine;
use crate::handles::Download;
use crate::handles::Registration;
use crate::runtime::Mailbox;
use crate::values::Event;

/// The package and version of the interfaces.
const PACKAGE: &str = "haul:delivery-optimization/";
const VERSION: &str = "@0.1.0";

/// The state that a store holds for one client component.
#[derive(Debug)]
pub struct Client {
    engine: Engine,
    events: broadcast::Receiver<Event>,
    /// The same events, for the callback.
    callback_events: broadcast::Receiver<Event>,
    /// The downloads whose callback is the client's, by their ids, and whether the callback has yet to get the present status.
    callbacks: BTreeMap<String, (Download, bool)>,
    /// The jobs whose callback is the client's, by their ids.
    jobs: BTreeMap<String, Registration>,
    /// Notifications of these jobs that the callback has not had.
    mailbox: Arc<Mailbox>,
    subscriptions: Subscriptions,
    /// Shared with everything that it holds.
    handles: One,
}

/// A share in the count of the handles that a client holds.
type One = Arc<()>;

impl Client {
    /// A client whose downloads and jobs are those that `engine` finds.
    pub fn new(engine: Engine) -> Self {
        let (events, callback_events) = (engine.events(), engine.events());
        Self {
            engine,
            events,
            callback_events,
            callbacks: BTreeMap::new(),
            jobs: BTreeMap::new(),
            mailbox: Arc::default(),
            subscriptions: Subscriptions::default(),
            handles: One::default(),
        }
    }

    /// Counts another handle of the client.
    fn count(&self) -> Result<One> {
        let most = self.engine.link().limits().client_handles;
        ensure!(Arc::strong_count(&self.handles) <= most, "the client holds more than {most} handles");
        Ok(self.handles.clone())
    }
}

/// A client and the table of its resources.
pub struct ClientCtxView<'a> {
    pub client: &'a mut Client,
    pub table: &'a mut ResourceTable,
}

/// The data of a store that serves a client component.
pub trait ClientView: Send {
    fn client(&mut self) -> ClientCtxView<'_>;
}

macro_rules! interfaces {
    ($($(#[$doc:meta])+ $name:ident = $text:literal,)+) => {
        /// An interface that a client may import.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Interface { $($(#[$doc])+ $name),+ }

        impl Interface {
            const ALL: &[Self] = &[$(Self::$name),+];

            const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

interfaces! {
    /// To make downloads and to find them.
    DoManager = "do-manager",
    /// To use them.
    DoDownload = "do-download",
    /// The deprecated properties.
    DoDownloadInternal = "do-download-internal",
    /// To make jobs and to find them. A client is a caller with a name: those of other callers are refused.
    BackgroundCopyManager = "background-copy-manager",
    /// To use them.
    BackgroundCopyJob = "background-copy-job",
    /// The properties of jobs.
    BackgroundCopyJob5 = "background-copy-job5",
    /// The files of jobs.
    BackgroundCopyFile = "background-copy-file",
    /// Their ranges, and other sources.
    BackgroundCopyFile2 = "background-copy-file2",
    /// The properties of files.
    BackgroundCopyFile5 = "background-copy-file5",
    /// Why jobs have stopped.
    BackgroundCopyError = "background-copy-error",
    /// Finding the files of a job.
    EnumBackgroundCopyFiles = "enum-background-copy-files",
    /// The functions that DO adds to jobs.
    DeliveryOptimizationJob = "delivery-optimization-job",
    /// The functions that DO adds to files.
    DeliveryOptimizationFile = "delivery-optimization-file",
    /// Waiting, options and reports. The engine is the host's: `open` fails with DO_E_INVALID_STATE, `drive` waits for events of the
    /// client's own downloads and jobs, and `close` pauses the downloads; jobs go on.
    Engine = "engine",
}

impl Interface {
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
    Interface::ALL.iter().try_for_each(|interface| add_interface_to_linker(linker, *interface))
}

/// Adds one interface. A component that imports another one cannot be instantiated.
///
/// # Errors
///
/// Those of the linker: an interface that it has already.
pub fn add_interface_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>, interface: Interface) -> Result<()> {
    match interface {
        Interface::DoManager => return manager::add_to_linker(linker),
        Interface::DoDownload => return downloads::add_to_linker(linker),
        Interface::BackgroundCopyManager => return jobs::add_manager_to_linker(linker),
        Interface::BackgroundCopyJob => return jobs::add_to_linker(linker),
        Interface::Engine => return driving::add_to_linker(linker),
        Interface::BackgroundCopyFile => forward::add_resource(linker, interface, "file")?,
        Interface::BackgroundCopyError => forward::add_resource(linker, interface, "copy-error")?,
        Interface::EnumBackgroundCopyFiles => forward::add_resource(linker, interface, "file-enumerator")?,
        Interface::DoDownloadInternal
        | Interface::BackgroundCopyJob5
        | Interface::BackgroundCopyFile2
        | Interface::BackgroundCopyFile5
        | Interface::DeliveryOptimizationJob
        | Interface::DeliveryOptimizationFile => {}
    }
    forward::add_functions(linker, interface, &[])
}
