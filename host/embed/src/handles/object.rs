//! A resource of the component, as handles share it.

use std::sync::Arc;

use wasmtime::component::ResourceAny;

use crate::error::Error;
use crate::runtime::{Dropped, Instance, Link};

/// Clones refer to the same resource, which is dropped with the last of them.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    link: Link,
    resource: ResourceAny,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.link.release(Dropped::Object(self.resource));
    }
}

impl Object {
    pub fn new(link: Link, resource: ResourceAny) -> Self {
        Self { shared: Arc::new(Shared { link, resource }) }
    }

    pub fn link(&self) -> &Link {
        &self.shared.link
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
        self.link().call(async move |instance| work(instance, resource).await).await
    }
}
