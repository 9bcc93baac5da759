//! The calls of downloads.

use wasmtime::component::ResourceAny;
use wasmtime_wasi::WasiView;
use wasmtime_wasi::p2::DynOutputStream;

use super::known::{DownloadRef, Known};
use super::{Instance, called};
use crate::error::Error;
use crate::runtime::text_size::{MOST_ID, TextSize};
use crate::values::{
    Category, DownloadStatus, Happening, Property, PropertyEx, PropertyId, PropertyIdEx, Report, StartMode,
    TransferOptions,
};

impl Instance {
    pub async fn create_download(&mut self, caller: &str) -> Result<(DownloadRef, String), Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let resource = called!(self, driver.call_create_download(&mut self.store, caller))?;
        self.know(resource).await
    }

    /// The caller's downloads, or those of a category, by their ids.
    pub async fn downloads(
        &mut self,
        caller: &str,
        category: Option<Category>,
    ) -> Result<Vec<(DownloadRef, String)>, Error> {
        let driver = self.component.haul_delivery_optimization_driver();
        let category = category.map(Into::into);
        let enumerator = called!(self, driver.call_enum_downloads(&mut self.store, caller, category.as_ref()))?;
        let manager = self.component.haul_delivery_optimization_do_manager();
        let calls = manager.download_enumerator();
        let found = called!(self, calls.call_next(&mut self.store, enumerator, u32::MAX));
        self.drop_resource(enumerator).await?;
        let mut downloads = Vec::with_capacity(found.len());
        for resource in found {
            downloads.push(self.know(resource).await?);
        }
        Ok(downloads)
    }

    /// Another handle exists for the download of `resource`; one resource stands for all of them.
    async fn know(&mut self, resource: ResourceAny) -> Result<(DownloadRef, String), Error> {
        let id = match self.property(resource, PropertyId::Id).await {
            Ok(Property::Id(id)) if id.len() <= MOST_ID => id,
            Err(error @ Error::Trapped(_)) => return Err(error),
            // A download has an id, whatever its state.
            _ => return Err(self.stop("it has a download without an id".into())),
        };
        if let Some(known) = self.downloads.get_mut(&id) {
            known.handles += 1;
            let reference = known.reference();
            self.drop_resource(resource).await?;
            return Ok((reference, id));
        }
        let known = Known::new(resource, self.status(resource).await?);
        let reference = known.reference();
        self.downloads.insert(id.clone(), known);
        Ok((reference, id))
    }

    /// A handle on the download is gone.
    pub(super) async fn release_download(&mut self, id: &str) {
        let Some(known) = self.downloads.get_mut(id) else { return };
        known.handles = known.handles.saturating_sub(1);
        if known.handles == 0
            && let Some(known) = self.downloads.remove(id)
        {
            let _ = self.drop_resource(known.resource).await;
        }
    }

    pub(super) async fn forget_abandoned(&mut self, id: &str) {
        if let Some(resource) = self.downloads.get(id).map(|known| known.resource) {
            // One that does not transfer is not paused, and one that is over has gone already.
            let _ = self.pause(resource).await;
            let _ = self.forget(resource).await;
        }
    }

    /// The status of a download; `None` without a handle on it.
    pub async fn status_of(&mut self, id: &str) -> Result<Option<DownloadStatus>, Error> {
        match self.downloads.get(id).map(|known| known.resource) {
            Some(resource) => self.status(resource).await.map(Some),
            None => Ok(None),
        }
    }

    /// Tells the handles on a download.
    pub fn tell(&self, id: &str, what: &Happening) {
        if let Some(known) = self.downloads.get(id) {
            known.tell(what);
        }
    }

    pub async fn status(&mut self, download: ResourceAny) -> Result<DownloadStatus, Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        let status = called!(self, calls.download().call_get_status(&mut self.store, download));
        if status.text_size() > self.limits.event_bytes {
            return Err(self.stop(format!("a status has more than {} bytes", self.limits.event_bytes)));
        }
        Ok(status.into())
    }

    pub async fn report(&mut self, download: ResourceAny) -> Result<Report, Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_get_report(&mut self.store, download)).into())
    }

    pub async fn property(&mut self, download: ResourceAny, id: PropertyId) -> Result<Property, Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_get_property(&mut self.store, download, id.into()))?.into())
    }

    pub async fn set_property(&mut self, download: ResourceAny, property: Property) -> Result<(), Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_set_property(&mut self.store, download, &property.into()))?)
    }

    pub async fn property_ex(&mut self, download: ResourceAny, id: PropertyIdEx) -> Result<PropertyEx, Error> {
        let calls = self.component.haul_delivery_optimization_do_download_internal();
        Ok(called!(self, calls.call_get_property_ex(&mut self.store, download, id.into()))?.into())
    }

    pub async fn set_property_ex(&mut self, download: ResourceAny, property: PropertyEx) -> Result<(), Error> {
        let calls = self.component.haul_delivery_optimization_do_download_internal();
        Ok(called!(self, calls.call_set_property_ex(&mut self.store, download, &property.into()))?)
    }

    pub async fn set_options(&mut self, download: ResourceAny, options: TransferOptions) -> Result<(), Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_set_transfer_options(&mut self.store, download, &options.into()))?)
    }

    /// The bytes of the download go to `sink`.
    pub async fn set_stream(&mut self, download: ResourceAny, sink: DynOutputStream) -> Result<(), Error> {
        let sink = self.store.data_mut().ctx().table.push(sink);
        let sink = sink.map_err(|error| Error::Unsupported(error.to_string()))?;
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_set_stream_interface(&mut self.store, download, sink))?)
    }

    pub async fn start(&mut self, download: ResourceAny, mode: StartMode) -> Result<(), Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_start(&mut self.store, download, &mode.into()))?)
    }

    pub async fn pause(&mut self, download: ResourceAny) -> Result<(), Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_pause(&mut self.store, download))?)
    }

    pub async fn abort(&mut self, download: ResourceAny) -> Result<(), Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_abort(&mut self.store, download))?)
    }

    pub async fn finalize(&mut self, download: ResourceAny) -> Result<(), Error> {
        let calls = self.component.haul_delivery_optimization_do_download();
        Ok(called!(self, calls.download().call_finalize(&mut self.store, download))?)
    }

    /// The engine lets go of the download, and leaves its files.
    pub async fn forget(&mut self, download: ResourceAny) -> Result<(), Error> {
        let engine = self.component.haul_delivery_optimization_engine();
        Ok(called!(self, engine.call_forget(&mut self.store, download))?)
    }
}
