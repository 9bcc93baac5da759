//! `do-download` and all functions that borrow a download: they are handed on to the engine's component as they are.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use wasmtime::component::types::{ComponentItem, Type};
use wasmtime::component::{Linker, Resource, ResourceAny, ResourceType, Val};
use wasmtime::error::Context as _;
use wasmtime::{AsContextMut, Result, StoreContextMut, bail};
use wasmtime_wasi::p2::DynOutputStream;

use super::{ClientCtxView, ClientView, Interface, values};
use crate::download::Download;
use crate::engine::Engine;
use crate::{component, sandbox};

const START: &str = "[method]download.start";
const SET_PROPERTY: &str = "[method]download.set-property";
const SET_STREAM: &str = "[method]download.set-stream-interface";

/// A download that a client holds.
pub struct Held(pub Download);

pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut instance = linker.instance(&Interface::DoDownload.import())?;
    instance.resource("download", ResourceType::host::<Held>(), |mut store, rep| {
        store.data_mut().client().table.delete(Resource::<Held>::new_own(rep))?;
        Ok(())
    })?;
    instance.func_new_async(SET_STREAM, |store, _, params, results| Box::new(set_stream(store, params, results)))?;
    add_functions(linker, Interface::DoDownload, |name| name != SET_STREAM)
}

/// Adds the functions of `interface` that are `wanted`, by what the engine's component exports.
pub fn add_functions<T: ClientView + 'static>(
    linker: &mut Linker<T>,
    interface: Interface,
    wanted: impl Fn(&str) -> bool,
) -> Result<()> {
    let mut instance = linker.instance(&interface.import())?;
    for name in functions(interface)?.into_iter().filter(|name| wanted(name)) {
        let function = name.clone();
        instance.func_new_async(&name, move |store, ty, params, results| {
            let can_fail = matches!(ty.results().next(), Some(Type::Result(_)));
            Box::new(hand_on(store, interface, (function.clone(), can_fail), params, results))
        })?;
    }
    Ok(())
}

fn functions(interface: Interface) -> Result<BTreeSet<String>> {
    static KNOWN: OnceLock<BTreeSet<(String, String)>> = OnceLock::new();
    let known = match KNOWN.get() {
        Some(known) => known,
        None => {
            let found = exported_functions()?;
            KNOWN.get_or_init(|| found)
        }
    };
    let its = known.iter().filter(|(instance, _)| *instance == interface.import());
    Ok(its.map(|(_, function)| function.clone()).collect())
}

/// Instance and name of each function that the engine's component exports.
fn exported_functions() -> Result<BTreeSet<(String, String)>> {
    let engine = sandbox::runtime()?;
    let component = component::load(engine)?;
    let mut found = BTreeSet::new();
    for (name, export) in component.component_type().exports(engine) {
        let ComponentItem::ComponentInstance(instance) = export.ty else { continue };
        for (function, item) in instance.exports(engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                found.insert((name.into(), function.into()));
            }
        }
    }
    Ok(found)
}

/// The download that a client's handle stands for.
fn held<T: ClientView>(store: &mut StoreContextMut<'_, T>, handle: ResourceAny) -> Result<Download> {
    let handle = handle.try_into_resource::<Held>(&mut *store)?;
    let ClientCtxView { table, .. } = store.data_mut().client();
    Ok(table.get(&handle)?.0.clone())
}

/// A client's new handle on a download.
pub fn hold<T: ClientView>(store: &mut StoreContextMut<'_, T>, download: Download) -> Result<Val> {
    let handle = store.data_mut().client().table.push(Held(download))?;
    Ok(Val::Resource(ResourceAny::try_from_resource(handle, &mut *store)?))
}

pub fn engine<T: ClientView>(store: &mut StoreContextMut<'_, T>) -> Engine {
    store.data_mut().client().client.engine.clone()
}

/// Makes the same call of the engine's component, with its own handle in the place of the client's.
async fn hand_on<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    interface: Interface,
    (function, can_fail): (String, bool),
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let mut download = None;
    let mut handed_on = Vec::with_capacity(params.len());
    for param in params {
        handed_on.push(match param {
            Val::Resource(handle) => {
                let held = download.insert(held(&mut store, *handle)?);
                Val::Resource(held.resource())
            }
            other => other.clone(),
        });
    }
    let set = handed_on.get(1).filter(|_| function == SET_PROPERTY).cloned();
    let starts = function == START;
    let (instance, answers) = (interface.import(), results.len());
    let engine = engine(&mut store);
    let call = engine.call(async move |engine| engine.call_raw(&instance, &function, &handed_on, answers).await);
    let answer = match call.await {
        Ok(answer) => answer,
        Err(error) if can_fail => vec![values::err(values::failure_of(&error))],
        Err(error) => bail!("{error}"),
    };
    results.clone_from_slice(&answer);
    let succeeded = matches!(results, [Val::Result(Ok(_))]);
    if let Some(download) = download.filter(|_| succeeded) {
        if starts {
            results[0] = values::answer(download.wait_where_it_blocks().await);
        } else if let Some(property) = set {
            note_callback(&mut store, download, &property);
        }
    }
    Ok(())
}

/// Remembers whose callback is the client's.
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
    let [Val::Resource(download), Val::Resource(sink)] = params else { bail!("two handles") };
    let download = held(&mut store, *download)?.resource();
    let sink = sink.try_into_resource::<DynOutputStream>(store.as_context_mut())?;
    let sink = store.data_mut().client().table.delete(sink).context("the stream is in use")?;
    let engine = engine(&mut store);
    let set = engine.call(async move |instance| instance.set_stream(download, sink).await).await;
    results[0] = values::answer(set);
    Ok(())
}
