//! The functions of callbacks that a client has.

use wasmtime::component::{ComponentExportIndex, Func, Instance};
use wasmtime::error::Context as _;
use wasmtime::{Result, Store, ensure};

use super::super::{PACKAGE, VERSION};

const OF_DOWNLOADS: &str = "do-download-status-callback";
const OF_JOBS: &str = "background-copy-callback";

pub struct Exports {
    pub on_status_change: Option<Func>,
    pub job: Option<JobFunctions>,
}

pub struct JobFunctions {
    pub transferred: Func,
    pub error: Func,
    pub modification: Func,
}

impl Exports {
    pub fn find<T>(store: &mut Store<T>, instance: &Instance) -> Result<Self> {
        let downloads = interface(store, instance, OF_DOWNLOADS);
        let jobs = interface(store, instance, OF_JOBS);
        ensure!(downloads.is_some() || jobs.is_some(), "the client exports neither {OF_DOWNLOADS} nor {OF_JOBS}");
        let mut function = |interface: &ComponentExportIndex, name: &str| {
            let index = instance.get_export_index(&mut *store, Some(interface), name);
            let function = index.and_then(|index| instance.get_func(&mut *store, index));
            function.with_context(|| format!("the client does not export {name}"))
        };
        let on_status_change = downloads.map(|interface| function(&interface, "on-status-change")).transpose()?;
        let job = match jobs {
            Some(interface) => Some(JobFunctions {
                transferred: function(&interface, "job-transferred")?,
                error: function(&interface, "job-error")?,
                modification: function(&interface, "job-modification")?,
            }),
            None => None,
        };
        Ok(Self { on_status_change, job })
    }
}

fn interface<T>(store: &mut Store<T>, instance: &Instance, name: &str) -> Option<ComponentExportIndex> {
    instance.get_export_index(&mut *store, None, &format!("{PACKAGE}{name}{VERSION}"))
}
