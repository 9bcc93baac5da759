//! `do-manager`: downloads of the client.

use wasmtime::component::{Linker, Resource, ResourceAny, ResourceType, Val};
use wasmtime::{AsContextMut, Result, StoreContextMut, bail};

use super::downloads::new_handle;
use super::forward::{engine, set};
use super::{ClientCtxView, ClientView, Interface, One, values};
use crate::handles::Downloads;
use crate::values::Category;

/// A client's handle on an enumerator of downloads.
struct Enumerator(Downloads, #[expect(dead_code, reason = "it is counted")] One);

pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> Result<()> {
    let mut instance = linker.instance(&Interface::DoManager.import())?;
    instance.resource("download-enumerator", ResourceType::host::<Enumerator>(), |mut store, rep| {
        store.data_mut().client().table.delete(Resource::<Enumerator>::new_own(rep))?;
        Ok(())
    })?;
    instance.func_new_async("create-download", |store, _, _, results| Box::new(create(store, results)))?;
    instance
        .func_new_async("enum-downloads", |store, _, params, results| Box::new(enumerate(store, params, results)))?;
    instance.func_new("[method]download-enumerator.next", |mut store, _, params, results| {
        let count = count(params)?;
        let found = enumerator(&mut store, params)?.next(count);
        let handles = found.into_iter().map(|download| Ok(Val::Resource(new_handle(&mut store, download)?)));
        set(results, Val::List(handles.collect::<Result<_>>()?))
    })?;
    instance.func_new("[method]download-enumerator.skip", |mut store, _, params, results| {
        let count = count(params)?;
        set(results, Val::Bool(enumerator(&mut store, params)?.skip(count)))
    })?;
    instance.func_new("[method]download-enumerator.reset", |mut store, _, params, _| {
        enumerator(&mut store, params)?.reset();
        Ok(())
    })?;
    instance.func_new("[method]download-enumerator.clone", |mut store, _, params, results| {
        let copy = enumerator(&mut store, params)?.clone();
        set(results, new_enumerator(&mut store, copy)?)
    })?;
    Ok(())
}

async fn create<T: ClientView>(mut store: StoreContextMut<'_, T>, results: &mut [Val]) -> Result<()> {
    let created = engine(&mut store).create_download().await;
    let answer = match created {
        Ok(download) => values::ok(Some(Val::Resource(new_handle(&mut store, download)?))),
        Err(error) => values::err(values::failure_of(&error)),
    };
    set(results, answer)
}

async fn enumerate<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    params: &[Val],
    results: &mut [Val],
) -> Result<()> {
    let category = category(params)?;
    let found = engine(&mut store).downloads(category).await;
    let answer = match found {
        Ok(downloads) => values::ok(Some(new_enumerator(&mut store, downloads)?)),
        Err(error) => values::err(values::failure_of(&error)),
    };
    set(results, answer)
}

fn category(params: &[Val]) -> Result<Option<Category>> {
    let [Val::Option(given)] = params else { bail!("an optional category") };
    let Some(given) = given else { return Ok(None) };
    let Val::Variant(name, Some(value)) = &**given else { bail!("a category with its value") };
    let Val::String(text) = &**value else { bail!("a text") };
    let text = text.clone();
    Ok(Some(match name.as_str() {
        "id" => Category::Id(text),
        "uri" => Category::Uri(text),
        "content-id" => Category::ContentId(text),
        "display-name" => Category::DisplayName(text),
        "local-path" => Category::LocalPath(text),
        other => bail!("the category {other}"),
    }))
}

fn new_enumerator<T: ClientView>(store: &mut StoreContextMut<'_, T>, downloads: Downloads) -> Result<Val> {
    let ClientCtxView { client, table } = store.data_mut().client();
    let handle = table.push(Enumerator(downloads, client.count()?))?;
    Ok(Val::Resource(ResourceAny::try_from_resource(handle, store.as_context_mut())?))
}

fn enumerator<'a, T: ClientView>(store: &'a mut StoreContextMut<'_, T>, params: &[Val]) -> Result<&'a mut Downloads> {
    let Some(Val::Resource(handle)) = params.first() else { bail!("an enumerator") };
    let handle = handle.try_into_resource::<Enumerator>(store.as_context_mut())?;
    Ok(&mut store.data_mut().client().table.get_mut(&handle)?.0)
}

fn count(params: &[Val]) -> Result<usize> {
    match params.get(1) {
        Some(Val::U32(count)) => Ok(*count as usize),
        _ => bail!("a count"),
    }
}
