//! The functions that make requests, in the place of WASI's own. Sets of header fields are counted, and parts of URLs are bounded.

use wasmtime::component::{Linker, Resource};
use wasmtime::{Result, StoreContextMut, ensure};
use wasmtime_wasi_http::p2::bindings::http::types::{
    HeaderError, HostFields, HostOutgoingRequest as _, Method, Scheme,
};
use wasmtime_wasi_http::p2::types::HostOutgoingRequest;
use wasmtime_wasi_http::{FieldMap, WasiHttpView as _};

use super::StoreState;

const INTERFACE: &str = "wasi:http/types@0.2.12";

type Request = Resource<HostOutgoingRequest>;
type Set = Result<(Result<(), ()>,)>;

/// Puts functions with limits in the place of those without.
pub fn add_to_linker(linker: &mut Linker<StoreState>) -> Result<()> {
    linker.allow_shadowing(true);
    let mut instance = linker.instance(INTERFACE)?;
    instance.func_wrap("[constructor]fields", |mut store, (): ()| {
        make_room(&mut store)?;
        let made = HostFields::new(&mut store.data_mut().http())?;
        store.data_mut().fields.add(&made);
        Ok((made,))
    })?;
    instance.func_wrap("[static]fields.from-list", |mut store, (entries,): (Vec<(String, Vec<u8>)>,)| {
        make_room(&mut store)?;
        let made: Result<Resource<FieldMap>, HeaderError> = match store.data_mut().http().from_list(entries) {
            Ok(made) => Ok(made),
            Err(error) => Err(error.downcast()?),
        };
        if let Ok(made) = &made {
            store.data_mut().fields.add(made);
        }
        Ok((made,))
    })?;
    instance.func_wrap("[method]fields.clone", |mut store, (fields,): (Resource<FieldMap>,)| {
        make_room(&mut store)?;
        let made = HostFields::clone(&mut store.data_mut().http(), fields)?;
        store.data_mut().fields.add(&made);
        Ok((made,))
    })?;
    instance.func_wrap(
        "[method]outgoing-request.set-path-with-query",
        |mut store, (request, path): (Request, Option<String>)| -> Set {
            let is_short = is_short(&mut store, path.as_deref());
            Ok((if is_short { store.data_mut().http().set_path_with_query(request, path)? } else { Err(()) },))
        },
    )?;
    instance.func_wrap(
        "[method]outgoing-request.set-authority",
        |mut store, (request, authority): (Request, Option<String>)| -> Set {
            let is_short = is_short(&mut store, authority.as_deref());
            Ok((if is_short { store.data_mut().http().set_authority(request, authority)? } else { Err(()) },))
        },
    )?;
    instance.func_wrap(
        "[method]outgoing-request.set-scheme",
        |mut store, (request, scheme): (Request, Option<Scheme>)| -> Set {
            let other = match &scheme {
                Some(Scheme::Other(name)) => Some(name.as_str()),
                _ => None,
            };
            let is_short = is_short(&mut store, other);
            Ok((if is_short { store.data_mut().http().set_scheme(request, scheme)? } else { Err(()) },))
        },
    )?;
    instance.func_wrap(
        "[method]outgoing-request.set-method",
        |mut store, (request, method): (Request, Method)| -> Set {
            let other = match &method {
                Method::Other(name) => Some(name.as_str()),
                _ => None,
            };
            let is_short = is_short(&mut store, other);
            Ok((if is_short { store.data_mut().http().set_method(request, method)? } else { Err(()) },))
        },
    )?;
    linker.allow_shadowing(false);
    Ok(())
}

/// Traps if there is no room for another set of fields: their constructor has no error.
fn make_room(store: &mut StoreContextMut<'_, StoreState>) -> Result<()> {
    let state = store.data_mut();
    let is_full = state.fields.is_full(&state.table);
    ensure!(!is_full, "it held more than {} sets of header fields", state.limits.fields);
    Ok(())
}

fn is_short(store: &mut StoreContextMut<'_, StoreState>, text: Option<&str>) -> bool {
    text.is_none_or(|text| text.len() <= store.data().limits.url_bytes)
}
