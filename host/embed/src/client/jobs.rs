//! `background-copy-manager` and `background-copy-job`: the calls that depend on who the client is.

use wasmtime::component::types::ComponentFunc;
use wasmtime::component::{Linker, Val};
use wasmtime::{Result, StoreContextMut, bail};

use super::forward::{Function, add_functions, add_resource, engine, forward, object_of, set};
use super::{ClientView, Interface, PACKAGE, VERSION, values};
use crate::error::Error;
use crate::handles::Object;
use crate::handles::{Job, Registration};

/// The functions of the manager that the engine takes from its driver only, with the caller's name in front.
const OF_A_CALLER: [&str; 3] = ["create-job", "get-job", "enum-jobs"];

const SET_NOTIFY_INTERFACE: &str = "[method]job.set-notify-interface";

pub fn add_manager_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut instance = linker.instance(&Interface::BackgroundCopyManager.import())?;
    for name in OF_A_CALLER {
        instance.func_new_async(name, |store, ty, params, results| {
            Box::new(call_for_client(store, name, ty, params, results))
        })?;
    }
    add_resource(linker, Interface::BackgroundCopyManager, "job-enumerator")?;
    add_functions(linker, Interface::BackgroundCopyManager, &OF_A_CALLER)
}

pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut instance = linker.instance(&Interface::BackgroundCopyJob.import())?;
    instance.func_new_async(SET_NOTIFY_INTERFACE, |store, _, params, results| {
        Box::new(set_notify_interface(store, params, results))
    })?;
    add_resource(linker, Interface::BackgroundCopyJob, "job")?;
    add_functions(linker, Interface::BackgroundCopyJob, &[SET_NOTIFY_INTERFACE])
}

async fn call_for_client<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    name: &str,
    ty: ComponentFunc,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let driver = Function { instance: format!("{PACKAGE}driver{VERSION}"), name: name.into() };
    let caller = Val::String(engine(&mut store).link().caller().into());
    let params = [caller].into_iter().chain(params.iter().cloned()).collect();
    forward(&mut store, &driver, &ty, params, results).await
}

async fn set_notify_interface<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let [Val::Resource(handle), Val::Bool(is_set)] = params else { bail!("a job, and whether it is set") };
    let object = object_of(&mut store, *handle)?;
    let outcome = listen(&mut store, object, *is_set).await;
    set(results, values::answer(outcome))
}

/// Notes whether the client's callback is called for a job.
async fn listen<T: ClientView>(store: &mut StoreContextMut<'_, T>, object: Object, is_set: bool) -> Result<(), Error> {
    let id = object.call(async |instance, job| instance.job(job).id().await).await?;
    let job = Job::new(object, id);
    let client = store.data_mut().client().client;
    client.jobs.remove(job.id());
    if is_set {
        let registration = Registration::new(&job, &client.mailbox).await?;
        client.jobs.insert(job.id().into(), registration);
        Ok(())
    } else {
        Registration::remove(&job).await
    }
}
