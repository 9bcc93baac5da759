//! What a client that the host serves gets of `engine`, where the host is the one who opens and drives.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use wasmtime::component::{Linker, Resource, Val};
use wasmtime::{AsContextMut, StoreContextMut, bail};
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::io::poll::HostPollable;

use super::downloads::engine;
use super::{ClientCtxView, ClientView, Interface, values};
use crate::download::Download;
use crate::event::{Event, Happening, Subject};

/// The functions that mean something else than to whoever drives.
pub const FUNCTIONS: [&str; 3] = ["open", "drive", "close"];

/// Events that one call returns at most.
const MOST_EVENTS: usize = 256;

pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    let mut instance = linker.instance(&Interface::Engine.import())?;
    instance.func_new("open", |_, _, _, results| {
        results[0] = values::err(values::already_open());
        Ok(())
    })?;
    instance.func_new_async("drive", |store, _, params, results| Box::new(drive(store, params, results)))?;
    instance.func_new_async("close", |store, _, _, _| Box::new(close(store)))?;
    Ok(())
}

async fn own<T: ClientView>(store: &mut StoreContextMut<'_, T>) -> Vec<Download> {
    let found = engine(store).downloads(None).await;
    found.map(|downloads| downloads.into_iter().collect()).unwrap_or_default()
}

async fn close<T: ClientView>(mut store: StoreContextMut<'_, T>) -> wasmtime::Result<()> {
    for download in own(&mut store).await {
        // What has ended meanwhile needs no pause.
        let _ = download.pause().await;
    }
    Ok(())
}

/// Waits until something happens to the client's downloads, its pollable is ready, its time is over, or nothing can happen.
async fn drive<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    params: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let (wake, limit) = wishes(&mut store, params)?;
    let downloads = own(&mut store).await;
    let mut is_busy = wake.is_some();
    for download in &downloads {
        is_busy |= download.status().await.is_ok_and(|status| status.is_under_way());
    }
    let ids: BTreeSet<_> = downloads.iter().map(|download| download.id().to_owned()).collect();
    let mut reason = "idle";
    let mut events = Vec::new();
    let ClientCtxView { client, table } = store.data_mut().client();
    loop {
        match client.events.try_recv() {
            Ok(event) => events.extend(Some(event).filter(|event| is_of(event, &ids))),
            Err(TryRecvError::Lagged(_)) => events.extend(looks_due(&downloads).await),
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
        if events.len() >= MOST_EVENTS {
            break;
        }
    }
    if is_busy && events.is_empty() {
        let over = async {
            match limit {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let woken = async {
            match wake {
                Some(wake) => table.block(wake).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            event = next(&mut client.events, &ids) => match event {
                Ok(event) => events.push(event),
                Err(RecvError::Lagged(_)) => events.extend(looks_due(&downloads).await),
                // The engine is gone.
                Err(RecvError::Closed) => {}
            },
            woken = woken => {
                woken?;
                reason = "woken";
            }
            () = over => reason = "elapsed",
        }
    }
    if !events.is_empty() {
        reason = "events";
    }
    let events = Val::List(events.iter().map(values::event).collect());
    results[0] = values::ok(Some(values::record([("events", events), ("reason", Val::Enum(reason.into()))])));
    Ok(())
}

/// The pollable and the time limit of a call.
fn wishes<T: ClientView>(
    store: &mut StoreContextMut<'_, T>,
    params: &[Val],
) -> wasmtime::Result<(Option<Resource<DynPollable>>, Option<Duration>)> {
    let [Val::Option(wake), Val::Option(limit)] = params else { bail!("a pollable and a limit") };
    let wake = match wake.as_deref() {
        Some(Val::Resource(wake)) => Some(wake.try_into_resource::<DynPollable>(store.as_context_mut())?),
        _ => None,
    };
    let limit = match limit.as_deref() {
        Some(Val::U64(nanoseconds)) => Some(Duration::from_nanos(*nanoseconds)),
        _ => None,
    };
    Ok((wake, limit))
}

fn is_of(event: &Event, ids: &BTreeSet<String>) -> bool {
    event.subject.download().is_some_and(|id| ids.contains(id))
}

/// The next event of one of these downloads.
async fn next(events: &mut Receiver<Event>, ids: &BTreeSet<String>) -> Result<Event, RecvError> {
    loop {
        let event = events.recv().await?;
        if is_of(&event, ids) {
            return Ok(event);
        }
    }
}

/// In the place of events that were lost: every status is to be looked at.
async fn looks_due(downloads: &[Download]) -> Vec<Event> {
    let mut events = Vec::with_capacity(downloads.len());
    for download in downloads {
        if let Ok(status) = download.status().await {
            let subject = Subject::Download(download.id().into());
            events.push(Event { subject, what: Happening::StatusChanged(status) });
        }
    }
    events
}
