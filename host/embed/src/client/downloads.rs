//! `do-download`: the calls of a download that are not merely forwarded.

use wasmtime::component::types::ComponentFunc;
use wasmtime::component::{Linker, Resource, ResourceAny, ResourceType, Val};
use wasmtime::error::Context as _;
use wasmtime::{AsContextMut, Result, StoreContextMut, bail};
use wasmtime_wasi::p2::DynOutputStream;

use super::forward::{Function, add_functions, engine, forward, set};
use super::{ClientCtxView, ClientView, Interface, One, values};
use crate::handles::Download;

const START: &str = "[method]download.start";
const SET_PROPERTY: &str = "[method]download.set-property";
const SET_STREAM: &str = "[method]download.set-stream-interface";

/// A client's handle on a download.
pub struct DownloadHandle(Download, #[expect(dead_code, reason = "it is counted")] One);

pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut instance = linker.instance(&Interface::DoDownload.import())?;
    instance.resource("download", ResourceType::host::<DownloadHandle>(), |mut store, rep| {
        store.data_mut().client().table.delete(Resource::<DownloadHandle>::new_own(rep))?;
        Ok(())
    })?;
    instance.func_new_async(START, |store, ty, params, results| Box::new(start(store, ty, params, results)))?;
    instance.func_new_async(SET_PROPERTY, |store, ty, params, results| {
        Box::new(set_property(store, ty, params, results))
    })?;
    instance.func_new_async(SET_STREAM, |store, _, params, results| Box::new(set_stream(store, params, results)))?;
    add_functions(linker, Interface::DoDownload, &[START, SET_PROPERTY, SET_STREAM])
}

/// The download behind a client's handle.
pub fn download_of<T: ClientView>(store: &mut StoreContextMut<'_, T>, handle: ResourceAny) -> Result<Download> {
    let handle = handle.try_into_resource::<DownloadHandle>(&mut *store)?;
    let ClientCtxView { table, .. } = store.data_mut().client();
    Ok(table.get(&handle)?.0.clone())
}

/// A client's new handle on a download.
pub fn new_handle<T: ClientView>(store: &mut StoreContextMut<'_, T>, download: Download) -> Result<ResourceAny> {
    let ClientCtxView { client, table } = store.data_mut().client();
    let handle = table.push(DownloadHandle(download, client.count()?))?;
    ResourceAny::try_from_resource(handle, &mut *store)
}

/// The download of a call and its other parameter.
fn taken<'a, T: ClientView>(store: &mut StoreContextMut<'_, T>, params: &'a [Val]) -> Result<(Download, &'a Val)> {
    let [Val::Resource(handle), other] = params else { bail!("a download and something else") };
    Ok((download_of(store, *handle)?, other))
}

async fn start<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    ty: ComponentFunc,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let (download, mode) = taken(&mut store, params)?;
    let params = vec![Val::Resource(download.resource()), mode.clone()];
    download.allow_token_if_found();
    forward(&mut store, &Function::of(Interface::DoDownload, START), &ty, params, results).await?;
    if succeeded(results) {
        set(results, values::answer(download.wait_where_it_blocks().await))?;
    }
    Ok(())
}

async fn set_property<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    ty: ComponentFunc,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let (download, property) = taken(&mut store, params)?;
    let params = vec![Val::Resource(download.resource()), property.clone()];
    if is_set(property, "network-token") {
        download.allow_token();
    }
    forward(&mut store, &Function::of(Interface::DoDownload, SET_PROPERTY), &ty, params, results).await?;
    if succeeded(results) {
        note_callback(&mut store, download, property);
    }
    Ok(())
}

/// Whether a property is this one, and true.
fn is_set(property: &Val, name: &str) -> bool {
    matches!(property, Val::Variant(given, Some(value)) if given == name && **value == Val::Bool(true))
}

fn succeeded(results: &[Val]) -> bool {
    matches!(results, [Val::Result(Ok(_))])
}

/// Notes whether the client's callback is called for a download.
fn note_callback<T: ClientView>(store: &mut StoreContextMut<'_, T>, download: Download, property: &Val) {
    let Val::Variant(name, Some(value)) = property else { return };
    if name != "callback-interface" {
        return;
    }
    let callbacks = &mut store.data_mut().client().client.callbacks;
    match **value {
        Val::Bool(true) => callbacks.insert(download.id().into(), (download, true)),
        _ => callbacks.remove(download.id()),
    };
}

async fn set_stream<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let (download, Val::Resource(sink)) = taken(&mut store, params)? else { bail!("a stream") };
    let download = download.resource();
    let sink = sink.try_into_resource::<DynOutputStream>(store.as_context_mut())?;
    let sink = store.data_mut().client().table.delete(sink).context("the stream is in use")?;
    let engine = engine(&mut store);
    let outcome = engine.link().call(async move |instance| instance.set_stream(download, sink).await).await;
    set(results, values::answer(outcome))
}
