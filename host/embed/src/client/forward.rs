//! Calls that are forwarded to the engine's component as they are, with its handles in the place of the client's.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};
use wasmtime::component::{Linker, Resource, ResourceAny, ResourceType, Val};
use wasmtime::error::Context as _;
use wasmtime::{Result, StoreContextMut, bail, ensure};

use super::{ClientCtxView, ClientView, Interface, One, downloads, values};
use crate::engine::Engine;
use crate::handles::Object;
use crate::runtime::Link;
use crate::{component, sandbox};

/// A client's handle on a job, a file, an error or an enumerator.
pub struct Handle(Object, #[expect(dead_code, reason = "it is counted")] One);

/// A function of the engine's component.
pub struct Function {
    pub instance: String,
    pub name: String,
}

impl Function {
    pub fn of(interface: Interface, name: &str) -> Self {
        Self { instance: interface.import(), name: name.into() }
    }
}

/// Adds the resource that an interface defines.
pub fn add_resource<T: ClientView + 'static>(linker: &mut Linker<T>, interface: Interface, name: &str) -> Result<()> {
    let mut instance = linker.instance(&interface.import())?;
    instance.resource(name, ResourceType::host::<Handle>(), |mut store, rep| {
        store.data_mut().client().table.delete(Resource::<Handle>::new_own(rep))?;
        Ok(())
    })
}

/// Adds the functions of `interface` that the engine's component exports, except those in `but`.
pub fn add_functions<T: ClientView + 'static>(
    linker: &mut Linker<T>,
    interface: Interface,
    but: &[&str],
) -> Result<()> {
    let mut instance = linker.instance(&interface.import())?;
    for name in functions(interface)?.into_iter().filter(|name| !but.contains(&name.as_str())) {
        instance.func_new_async(&name.clone(), move |mut store, ty, params, results| {
            let function = Function::of(interface, &name);
            Box::new(async move {
                let params = to_engine(&mut store, params)?;
                forward(&mut store, &function, &ty, params, results).await
            })
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
    let component = component::load(engine, None)?;
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

pub fn engine<T: ClientView>(store: &mut StoreContextMut<'_, T>) -> Engine {
    store.data_mut().client().client.engine.clone()
}

/// Makes the call of the engine's component, whose handles are in `params`.
pub async fn forward<T: ClientView>(
    store: &mut StoreContextMut<'_, T>,
    Function { instance, name }: &Function,
    ty: &ComponentFunc,
    params: Vec<Val>,
    results: &mut [Val],
) -> Result<()> {
    let engine = engine(store);
    if params.iter().map(values::size).sum::<usize>() > engine.link().limits().client_call_bytes {
        return set(results, too_large(ty, name)?);
    }
    let (instance, name) = (instance.clone(), name.clone());
    let link = engine.link().clone();
    let call = engine.link().call(async move |engine| {
        let answer = engine.call_raw(&instance, &name, &params).await?;
        let mut objects = Vec::new();
        answer.iter().for_each(|value| adopt(value, &link, &mut objects));
        Ok((answer, objects))
    });
    let (answer, objects) = match call.await {
        Ok(answered) => answered,
        Err(error) if can_fail(ty) => (vec![values::err(values::failure_of(&error))], Vec::new()),
        Err(error) => bail!("{error}"),
    };
    ensure!(answer.len() == results.len(), "the client expects other results");
    let mut objects = objects.into_iter();
    for (result, value) in results.iter_mut().zip(answer) {
        *result = to_client(store, value, &mut objects)?;
    }
    Ok(())
}

/// Gives a call its only result. A client may import a function with another type, which has none.
pub fn set(results: &mut [Val], value: Val) -> Result<()> {
    let [result] = results else { bail!("the client expects other results") };
    *result = value;
    Ok(())
}

/// The answer to a call whose parameters exceed the limit.
fn too_large(ty: &ComponentFunc, name: &str) -> Result<Val> {
    ensure!(can_fail(ty), "the client gave too much to {name}");
    Ok(values::err(values::too_large()))
}

fn can_fail(ty: &ComponentFunc) -> bool {
    matches!(ty.results().next(), Some(Type::Result(_)))
}

/// Replaces the client's handles by the engine's. wasmtime lends a parameter once.
fn to_engine<T: ClientView>(store: &mut StoreContextMut<'_, T>, params: &[Val]) -> Result<Vec<Val>> {
    let own = |param: &Val| match param {
        Val::Resource(handle) if handle.ty() == ResourceType::host::<downloads::DownloadHandle>() => {
            Ok(Val::Resource(downloads::download_of(store, *handle)?.resource()))
        }
        Val::Resource(handle) => Ok(Val::Resource(object_of(store, *handle)?.resource())),
        other => Ok(other.clone()),
    };
    params.iter().map(own).collect()
}

/// The object behind a client's handle.
pub fn object_of<T: ClientView>(store: &mut StoreContextMut<'_, T>, handle: ResourceAny) -> Result<Object> {
    let handle = handle.try_into_resource::<Handle>(&mut *store)?;
    let ClientCtxView { table, .. } = store.data_mut().client();
    Ok(table.get(&handle)?.0.clone())
}

/// A client's new handle.
pub fn new_handle<T: ClientView>(store: &mut StoreContextMut<'_, T>, object: Object) -> Result<ResourceAny> {
    let ClientCtxView { client, table } = store.data_mut().client();
    let handle = table.push(Handle(object, client.count()?))?;
    ResourceAny::try_from_resource(handle, &mut *store)
}

/// Collects the engine's handles in an answer, in their order.
fn adopt(value: &Val, link: &Link, objects: &mut Vec<Object>) {
    match value {
        Val::Resource(resource) => objects.push(Object::new(link.clone(), *resource)),
        Val::List(values) => values.iter().for_each(|value| adopt(value, link, objects)),
        Val::Result(Ok(Some(value))) => adopt(value, link, objects),
        _ => {}
    }
}

/// The same answer with the client's handles, which stand for `objects`.
fn to_client<T: ClientView>(
    store: &mut StoreContextMut<'_, T>,
    value: Val,
    objects: &mut impl Iterator<Item = Object>,
) -> Result<Val> {
    Ok(match value {
        Val::Resource(_) => Val::Resource(new_handle(store, objects.next().context("a handle of the engine")?)?),
        Val::List(values) => {
            let values = values.into_iter().map(|value| to_client(store, value, objects));
            Val::List(values.collect::<Result<_>>()?)
        }
        Val::Result(Ok(Some(value))) => values::ok(Some(to_client(store, *value, objects)?)),
        other => other,
    })
}
