//! A resource of the component, as handles share it.

use std::sync::Arc;

use wasmtime::component::ResourceAny;

use crate::engine::{Engine, Gone, Instance};
use crate::error::Error;

/// Clones stand for the same resource, which is dropped with the last of them.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    engine: Engine,
    resource: ResourceAny,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.engine.let_go(Gone::Object(self.resource));
    }
}

impl Object {
    pub fn new(engine: Engine, resource: ResourceAny) -> Self {
        Self { shared: Arc::new(Shared { engine, resource }) }
    }

    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    pub fn resource(&self) -> ResourceAny {
        self.shared.resource
    }

    /// Does `work` with the resource on the engine's thread.
    pub async fn call<R, F>(&self, work: F) -> Result<R, Error>
    where
        R: Send + 'static,
        F: for<'a> AsyncFnOnce(&'a mut Instance, ResourceAny) -> Result<R, Error> + Send + 'static,
    {
        let resource = self.resource();
        self.engine().call(async move |instance| work(instance, resource).await).await
    }
}
