//! Calling the callback that a client exports.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use wasmtime::component::{Func, Instance, ResourceAny, Val};
use wasmtime::error::Context as _;
use wasmtime::{AsContextMut, Result, Store, bail};

use super::downloads::Held;
use super::{ClientView, Interface, PACKAGE, VERSION};
use crate::download::Download;
use crate::types::DownloadState;

const INTERFACE: &str = "do-download-status-callback";
const FUNCTION: &str = "on-status-change";

/// Calls the client's `on-status-change` for each of its downloads that has the property `callback-interface`: with the present
/// status first, then whenever that changes. Returns when none of them is left: each was finalized or aborted, or had its callback
/// taken away.
///
/// A call that takes longer than `limit` is given up, as one that traps is: the client cannot be entered again, and its downloads go
/// on without it. A client that spins can only be stopped where the store has an epoch deadline that yields or traps.
///
/// # Errors
///
/// Where the client exports no such function, and for a call that trapped or took too long.
pub async fn deliver_callbacks<T: ClientView>(
    store: &mut Store<T>,
    instance: &Instance,
    limit: Duration,
) -> Result<()> {
    let function = exported(store, instance)?;
    while let Some(download) = next(store).await {
        let over = match call(store, function, &download, limit).await {
            Ok(over) => over,
            Err(error) => {
                store.data_mut().client().client.callbacks.clear();
                return Err(error);
            }
        };
        if over {
            store.data_mut().client().client.callbacks.remove(download.id());
        }
    }
    Ok(())
}

fn exported<T>(store: &mut Store<T>, instance: &Instance) -> Result<Func> {
    let interface = instance.get_export_index(&mut *store, None, &format!("{PACKAGE}{INTERFACE}{VERSION}"));
    let interface = interface.with_context(|| format!("the client does not export {INTERFACE}"))?;
    let function = instance.get_export_index(&mut *store, Some(&interface), FUNCTION);
    let function = function.and_then(|index| instance.get_func(&mut *store, index));
    function.with_context(|| format!("the client does not export {FUNCTION}"))
}

/// The next download whose status the client has not been told; `None` where no callback is left.
async fn next<T: ClientView>(store: &mut Store<T>) -> Option<Download> {
    let client = store.data_mut().client().client;
    loop {
        if let Some((download, is_due)) = client.callbacks.values_mut().find(|(_, is_due)| *is_due) {
            *is_due = false;
            return Some(download.clone());
        }
        if client.callbacks.is_empty() {
            return None;
        }
        match client.told.recv().await {
            Ok(event) => {
                let told = event.subject.download().and_then(|id| client.callbacks.get_mut(id));
                if let Some((_, is_due)) = told {
                    *is_due = true;
                }
            }
            // Whatever was missed: the present statuses are told.
            Err(RecvError::Lagged(_)) => client.callbacks.values_mut().for_each(|(_, is_due)| *is_due = true),
            Err(RecvError::Closed) => return None,
        }
    }
}

/// One call; whether it told the last status that there will be.
async fn call<T: ClientView>(
    store: &mut Store<T>,
    function: Func,
    download: &Download,
    limit: Duration,
) -> Result<bool> {
    let over = matches!(download.status().await?.state, DownloadState::Finalized | DownloadState::Aborted);
    let resource = Val::Resource(download.resource());
    let engine = store.data_mut().client().client.engine.clone();
    let status = engine.call(async move |instance| {
        let interface = Interface::DoDownload.import();
        instance.call_raw(&interface, "[method]download.get-status", &[resource], 1).await
    });
    let status = status.await?.pop().context("a status")?;
    let held = store.data_mut().client().table.push(Held(download.clone()))?;
    let handle = ResourceAny::try_from_resource(held, store.as_context_mut())?;
    let params = [Val::Resource(handle), status];
    let called = tokio::time::timeout(limit, function.call_async(&mut *store, &params, &mut [])).await;
    called.unwrap_or_else(|_| bail!("the callback took longer than {limit:?}"))?;
    handle.resource_drop_async(&mut *store).await?;
    Ok(over)
}
