//! The component, running: one method for each call that it takes.

mod downloads;
mod files;
mod jobs;
mod known;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::time::{sleep, timeout};
use wasmtime::component::types::Type;
use wasmtime::component::{self, Resource, ResourceAny, ResourceTableError, Val};
use wasmtime::{Store, Trap};
use wasmtime_wasi::WasiView;
use wasmtime_wasi::p2::{DynPollable, subscribe};

pub(crate) use self::jobs::ErrorParts;
pub(crate) use self::known::DownloadRef;
use self::known::Known;
use super::link::Dropped;
use super::notifications::Notifications;
use super::text_size::{MOST_ID, TextSize};
use super::wake::{Wake, WakePollable};
use crate::bindings::{EngineComponent, EngineComponentPre, engine as wit};
use crate::builder::Builder;
use crate::component as own;
use crate::digest::StreamingDigests;
use crate::error::Error;
use crate::grants::Grants;
use crate::http::{Outgoing, TokenCallers};
use crate::limits::Limits;
use crate::policy::Guard;
use crate::sandbox::{self, StoreState};
use crate::values::{Content, DecryptionInfo, DescribedFile, Explanation, IntegrityCheckInfo, Network, PieceHashFile};

pub(crate) struct Instance {
    store: Store<StoreState>,
    component: EngineComponent,
    /// The same component, for calls by name.
    raw: component::Instance,
    /// Stands for `wake` in the component.
    pollable: Resource<DynPollable>,
    wake: Arc<Wake>,
    limits: Limits,
    downloads: HashMap<String, Known>,
    /// A call trapped: the component must not be entered again.
    trapped: Option<String>,
    closed: bool,
}

/// The value of a call. If it fails or takes too long, the caller returns the error.
macro_rules! called {
    ($self:ident, $call:expr) => {
        match tokio::time::timeout($self.limits.call_time, $call).await {
            Ok(Ok(value)) => value,
            Ok(Err(trap)) => return Err($self.trap(&trap)),
            Err(_) => return Err($self.overdue()),
        }
    };
}

use called;

impl Instance {
    pub async fn open(
        builder: &Builder,
        grants: &Grants,
        wake: Arc<Wake>,
        token_callers: TokenCallers,
    ) -> Result<Self, Error> {
        let unsupported = |error: wasmtime::Error| Error::Unsupported(format!("{error:#}"));
        let guard = Guard::new(&builder.policy, grants)?;
        let outgoing = Outgoing::new(&builder.http, guard, token_callers)?;
        let limits = builder.limits.clone();
        let engine = sandbox::runtime().map_err(unsupported)?;
        let component = own::load(engine, builder.component.as_ref()).map_err(unsupported)?;
        let linker = sandbox::linker(engine).map_err(unsupported)?;
        let linked = linker.instantiate_pre(&component).map_err(unsupported)?;
        // Before any of its code runs.
        EngineComponentPre::new(linked.clone()).map_err(unsupported)?;
        let mut store = sandbox::store(engine, grants, outgoing, builder.clock.as_ref(), &limits, builder.locks())
            .map_err(unsupported)?;
        let started = timeout(limits.call_time, linked.instantiate_async(&mut store)).await;
        let raw = started.map_err(|_| Error::Unsupported("it took too long to start".into()))?.map_err(unsupported)?;
        let component = EngineComponent::new(&mut store, &raw).map_err(unsupported)?;
        let table = store.data_mut().ctx().table;
        let source = table.push(WakePollable(wake.clone())).map_err(|error| unsupported(error.into()))?;
        let pollable = subscribe(table, source).map_err(unsupported)?;
        let downloads = HashMap::new();
        let mut instance =
            Self { store, component, raw, pollable, wake, limits, downloads, trapped: None, closed: false };
        let unusable = |error| Error::Unsupported(format!("the state directory cannot be used: {error}"));
        let state = builder.state_directory_in(grants).map_err(unusable)?;
        let records = builder.records_directory_in(grants).map_err(unusable)?;
        match instance.open_engine(builder, state, records).await {
            Err(Error::Trapped(_)) if instance.store.data().is_out_of_memory() => {
                Err(Error::OutOfMemory { limit: instance.limits.memory })
            }
            opened => opened.map(|()| instance),
        }
    }

    async fn open_engine(
        &mut self,
        builder: &Builder,
        state: Option<String>,
        records: Option<String>,
    ) -> Result<(), Error> {
        let settings = wit::Settings {
            driver: wit::Driver {
                computes_digests: true,
                locks_files: true,
                takes_exchange_fields: true,
                resolves_content: builder.resolver.is_some(),
                waits_for_callers: true,
            },
            state_directory: state,
            records_directory: records,
            network: builder.network.map(Into::into),
            max_running: builder.max_running,
            max_rate: builder.max_rate,
            max_per_origin: builder.max_per_origin,
        };
        let engine = self.component.haul_delivery_optimization_engine();
        called!(self, engine.call_open(&mut self.store, &settings))?;
        Ok(())
    }

    /// Digests of files that the component writes.
    pub fn streaming_digests(&self) -> Arc<StreamingDigests> {
        self.store.data().digests()
    }

    fn trap(&mut self, error: &wasmtime::Error) -> Error {
        let stderr = self.store.data().captured_stderr();
        let full = matches!(error.downcast_ref(), Some(ResourceTableError::Full));
        let reason = match error.downcast_ref() {
            Some(Trap::UnreachableCodeReached) if self.store.data().is_out_of_memory() => {
                format!("it needed more than {} bytes of memory", self.limits.memory)
            }
            // The component panicked, and wrote its reason to standard error.
            Some(Trap::UnreachableCodeReached) if !stderr.is_empty() => stderr,
            _ if full => format!("it held more than {} resources of its host", self.limits.resources),
            _ => error.root_cause().to_string(),
        };
        self.stop(reason)
    }

    fn overdue(&mut self) -> Error {
        self.stop(format!("a call took longer than {:?}", self.limits.call_time))
    }

    /// The component must not be entered again.
    pub fn stop(&mut self, reason: String) -> Error {
        tracing::error!(reason, "the component trapped");
        self.trapped = Some(reason.clone());
        Error::Trapped(reason)
    }

    /// # Errors
    ///
    /// [`Error::Trapped`] once a call has trapped.
    pub fn check(&self) -> Result<(), Error> {
        self.trapped.clone().map_or(Ok(()), |reason| Err(Error::Trapped(reason)))
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Makes a call by name.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if there is no such function, or it takes other parameters.
    pub async fn call_raw(&mut self, interface: &str, function: &str, params: &[Val]) -> Result<Vec<Val>, Error> {
        let name = || format!("{interface}#{function}");
        let unknown = || Error::Unsupported(format!("the component has no {}", name()));
        let instance = self.raw.get_export_index(&mut self.store, None, interface).ok_or_else(unknown)?;
        let index = self.raw.get_export_index(&mut self.store, Some(&instance), function).ok_or_else(unknown)?;
        let func = self.raw.get_func(&mut self.store, index).ok_or_else(unknown)?;
        let ty = func.ty(&self.store);
        let wanted: Vec<Type> = ty.params().map(|(_, ty)| ty).collect();
        if !values::fit(params, &wanted) {
            return Err(Error::Unsupported(format!("{} takes other parameters", name())));
        }
        let mut results = vec![Val::Bool(false); ty.results().len()];
        called!(self, func.call_async(&mut self.store, params, &mut results));
        Ok(results)
    }

    /// Lets the component work until it has events or a command waits.
    pub async fn drive(&mut self) -> Result<Vec<wit::Event>, Error> {
        let pollable = Resource::new_borrow(self.pollable.rep());
        let engine = self.component.haul_delivery_optimization_engine();
        let overdue = async {
            self.wake.woken().await;
            sleep(self.limits.wake_time).await;
        };
        let progress = tokio::select! {
            biased;
            progress = engine.call_drive(&mut self.store, Some(pollable), None) => Some(progress),
            () = overdue => None,
        };
        let progress = match progress {
            Some(Ok(progress)) => progress?,
            Some(Err(trap)) => return Err(self.trap(&trap)),
            None => {
                return Err(self.stop(format!("it worked for {:?} while a command waited", self.limits.wake_time)));
            }
        };
        self.check_events(&progress.events)?;
        Ok(progress.events)
    }

    /// Bounds the events, which are kept for their listeners.
    fn check_events(&mut self, events: &[wit::Event]) -> Result<(), Error> {
        if events.len() > self.limits.events {
            return Err(self.stop(format!("it reported {} events at once", events.len())));
        }
        let is_small =
            |event: &wit::Event| event.subject.id().len() <= MOST_ID && event.text_size() <= self.limits.event_bytes;
        if !events.iter().all(is_small) {
            return Err(self.stop(format!("an event has more than {} bytes", self.limits.event_bytes)));
        }
        Ok(())
    }

    pub async fn close(&mut self) {
        if self.trapped.is_none() && !self.closed {
            let _ = self.close_engine().await;
        }
        self.closed = true;
    }

    async fn close_engine(&mut self) -> Result<(), Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        called!(self, engine.call_close(&mut self.store));
        Ok(())
    }

    pub async fn digest_computed(&mut self, number: u64, value: Option<Vec<u8>>) -> Result<(), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        called!(self, driver.call_digest_computed(&mut self.store, number, value.as_deref()));
        Ok(())
    }

    pub async fn content_resolved(&mut self, number: u64, content: Option<Content>) -> Result<(), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let content = content.map(Into::into);
        called!(self, driver.call_content_resolved(&mut self.store, number, content.as_ref()));
        Ok(())
    }

    pub async fn set_network(&mut self, network: Network) -> Result<(), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        Ok(called!(self, driver.call_set_network(&mut self.store, network.into()))?)
    }

    async fn drop_resource(&mut self, resource: ResourceAny) -> Result<(), Error> {
        called!(self, resource.resource_drop_async(&mut self.store));
        Ok(())
    }

    /// Releases a thing that the host refers to no longer. A trap on the way is remembered.
    pub async fn release(&mut self, dropped: Dropped, notifications: &Notifications) {
        if self.trapped.is_some() {
            return;
        }
        match dropped {
            Dropped::Download(id) => self.release_download(&id).await,
            Dropped::Abandoned(id) => self.forget_abandoned(&id).await,
            Dropped::Object(resource) => {
                let _ = self.drop_resource(resource).await;
            }
            Dropped::Callback { job, id } if !notifications.has(&id) => {
                let _ = self.job(job).set_notify_interface(false).await;
            }
            Dropped::Callback { .. } => {}
        }
    }

    pub async fn explain(&mut self, code: u32) -> Result<Option<Explanation>, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_explain(&mut self.store, code)).map(Into::into))
    }

    pub async fn explanations(&mut self) -> Result<Vec<Explanation>, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        let known = called!(self, engine.call_list_explanations(&mut self.store));
        Ok(known.into_iter().map(Into::into).collect())
    }

    pub async fn read_integrity_check_info(&mut self, text: &str) -> Result<IntegrityCheckInfo, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_read_integrity_check_info(&mut self.store, text))?.into())
    }

    pub async fn read_decryption_info(&mut self, text: &str) -> Result<DecryptionInfo, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_read_decryption_info(&mut self.store, text))?.into())
    }

    pub async fn suggest_file_name(&mut self, url: &str) -> Result<String, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_suggest_file_name(&mut self.store, url)))
    }

    pub async fn read_metalink(&mut self, document: &[u8]) -> Result<Vec<DescribedFile>, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        let files = called!(self, engine.call_read_metalink(&mut self.store, document))?;
        Ok(files.into_iter().map(Into::into).collect())
    }

    pub async fn read_piece_hash_file(&mut self, document: &[u8]) -> Result<PieceHashFile, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_read_piece_hash_file(&mut self.store, document))?.into())
    }
}
