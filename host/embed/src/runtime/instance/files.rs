//! The calls of the files of jobs.

use wasmtime::component::ResourceAny;

use super::{Instance, called};
use crate::bindings::background_copy_file5 as file5;
use crate::error::Error;
use crate::values::{FileProgress, FileProperty, FilePropertyId, FileRange, SwarmStats, TransferOptions};

impl Instance {
    /// At most `count` files of an enumerator, behind the first `at`.
    pub async fn next_files(
        &mut self,
        enumerator: ResourceAny,
        at: u32,
        count: u32,
    ) -> Result<Vec<ResourceAny>, Error> {
        let calls = self.component.haul_delivery_optimization_enum_background_copy_files();
        let calls = calls.file_enumerator();
        called!(self, calls.call_reset(&mut self.store, enumerator));
        called!(self, calls.call_skip(&mut self.store, enumerator, at));
        let found = called!(self, calls.call_next(&mut self.store, enumerator, count));
        self.check_count(found.len(), count)?;
        Ok(found)
    }

    /// The calls that a file takes.
    pub fn file(&mut self, file: ResourceAny) -> FileCalls<'_> {
        FileCalls { instance: self, file }
    }
}

pub(crate) struct FileCalls<'a> {
    instance: &'a mut Instance,
    file: ResourceAny,
}

impl FileCalls<'_> {
    pub async fn remote_name(self) -> Result<String, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_file();
        Ok(called!(instance, calls.file().call_get_remote_name(&mut instance.store, file))?)
    }

    pub async fn local_name(self) -> Result<String, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_file();
        Ok(called!(instance, calls.file().call_get_local_name(&mut instance.store, file))?)
    }

    pub async fn progress(self) -> Result<FileProgress, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_file();
        Ok(called!(instance, calls.file().call_get_progress(&mut instance.store, file)).into())
    }

    pub async fn ranges(self) -> Result<Vec<FileRange>, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_file2();
        let ranges = called!(instance, calls.call_get_file_ranges(&mut instance.store, file));
        Ok(ranges.into_iter().map(Into::into).collect())
    }

    pub async fn set_remote_name(self, url: &str) -> Result<(), Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_file2();
        Ok(called!(instance, calls.call_set_remote_name(&mut instance.store, file, url))?)
    }

    pub async fn response_headers(self) -> Result<String, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_background_copy_file5();
        let id = file5::FilePropertyId::HttpResponseHeaders;
        let file5::FileProperty::HttpResponseHeaders(headers) =
            called!(instance, calls.call_get_property(&mut instance.store, file, id))?;
        Ok(headers)
    }

    pub async fn stats(self) -> Result<SwarmStats, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_delivery_optimization_file();
        Ok(called!(instance, calls.call_get_stats(&mut instance.store, file)).into())
    }

    pub async fn property(self, id: FilePropertyId) -> Result<FileProperty, Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_delivery_optimization_file();
        Ok(called!(instance, calls.call_get_property(&mut instance.store, file, id.into()))?.into())
    }

    /// The path of a property is one that the component knows.
    pub async fn set_property(self, property: FileProperty) -> Result<(), Error> {
        let Self { instance, file } = self;
        let calls = instance.component.haul_delivery_optimization_delivery_optimization_file();
        Ok(called!(instance, calls.call_set_property(&mut instance.store, file, &property.into()))?)
    }

    pub async fn set_options(self, options: TransferOptions) -> Result<(), Error> {
        let Self { instance, file } = self;
        let engine = instance.component.haul_delivery_optimization_engine();
        Ok(called!(instance, engine.call_set_file_options(&mut instance.store, file, &options.into()))?)
    }
}
