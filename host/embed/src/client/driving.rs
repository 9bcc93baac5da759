//! `engine` for a client. The host opens and drives the engine.

use std::time::Duration;

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use wasmtime::component::{Linker, Resource, Val};
use wasmtime::{AsContextMut, StoreContextMut, bail};
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::io::poll::HostPollable;

use super::forward::{add_functions, engine, set};
use super::subscriptions::Subscriptions;
use super::{Client, ClientCtxView, ClientView, Interface, values};
use crate::engine::Engine;
use crate::handles::Download;
use crate::values::JobState;
use crate::values::{Event, Happening, Subject};

/// The functions that differ from those of the component: a client does not drive the engine.
const FUNCTIONS: [&str; 3] = ["open", "drive", "close"];

/// Events that one call returns at most, so that a reply to a component is bounded.
const MOST_EVENTS: usize = 256;

/// Jobs that one command fetches, so that other clients get their turn.
const JOBS_AT_ONCE: usize = 64;

pub fn add_to_linker<T: ClientView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    let mut instance = linker.instance(&Interface::Engine.import())?;
    instance.func_new("open", |_, _, _, results| set(results, values::err(values::already_open())))?;
    instance.func_new_async("drive", |store, _, params, results| Box::new(drive(store, params, results)))?;
    instance.func_new_async("close", |store, _, _, _| Box::new(close(store)))?;
    add_functions(linker, Interface::Engine, &FUNCTIONS)
}

async fn downloads_of(engine: &Engine) -> Vec<Download> {
    let found = engine.downloads(None).await;
    found.map(|downloads| downloads.into_iter().collect()).unwrap_or_default()
}

async fn close<T: ClientView>(mut store: StoreContextMut<'_, T>) -> wasmtime::Result<()> {
    for download in downloads_of(&engine(&mut store)).await {
        // A download that has ended meanwhile needs no pause.
        let _ = download.pause().await;
    }
    Ok(())
}

/// Waits until something happens to the client's downloads and jobs, its pollable is ready, its time is over, or nothing can happen.
async fn drive<T: ClientView>(
    mut store: StoreContextMut<'_, T>,
    params: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let (wake, limit) = wishes(&mut store, params)?;
    let ClientCtxView { client, table } = store.data_mut().client();
    // Without a handle on a download the engine reports no statuses of it.
    let downloads = downloads_of(&client.engine).await;
    let is_busy = wake.is_some() || is_under_way(&client.engine, &downloads).await;
    let mut events = happened(client, &downloads).await;
    let mut reason = "idle";
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
        tokio::pin!(over, woken);
        while events.is_empty() {
            tokio::select! {
                event = client.events.recv() => match event {
                    Ok(event) => events.extend(subscribed(&client.engine, &mut client.subscriptions, event).await),
                    Err(RecvError::Lagged(_)) => events.extend(replaced(client, &downloads).await),
                    // The engine is gone.
                    Err(RecvError::Closed) => break,
                },
                woken = &mut woken => {
                    woken?;
                    reason = "woken";
                    break;
                }
                () = &mut over => {
                    reason = "elapsed";
                    break;
                }
            }
        }
    }
    if !events.is_empty() {
        reason = "events";
    }
    let events = Val::List(events.iter().map(values::event).collect());
    set(results, values::ok(Some(values::record([("events", events), ("reason", Val::Enum(reason.into()))]))))
}

/// Whether a download or a job of the client goes on without another call.
async fn is_under_way(engine: &Engine, downloads: &[Download]) -> bool {
    for download in downloads {
        if download.status().await.is_ok_and(|status| status.is_under_way()) {
            return true;
        }
    }
    let Ok(mut jobs) = engine.jobs(false).await else { return false };
    while let Ok(found) = jobs.next(JOBS_AT_ONCE).await
        && !found.is_empty()
    {
        for job in found {
            if job.state().await.is_ok_and(JobState::is_under_way) {
                return true;
            }
        }
    }
    false
}

/// The events since the last call.
async fn happened(client: &mut Client, downloads: &[Download]) -> Vec<Event> {
    let mut events = Vec::new();
    while events.len() < MOST_EVENTS {
        match client.events.try_recv() {
            Ok(event) => events.extend(subscribed(&client.engine, &mut client.subscriptions, event).await),
            Err(TryRecvError::Lagged(_)) => events.extend(replaced(client, downloads).await),
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    events
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

/// The event, if its subject is the client's.
async fn subscribed(engine: &Engine, subscriptions: &mut Subscriptions, event: Event) -> Option<Event> {
    subscriptions.include(engine, &event).await.then_some(event)
}

/// Events in the place of lost ones: one for each download and each job.
async fn replaced(client: &mut Client, downloads: &[Download]) -> Vec<Event> {
    client.subscriptions.forget();
    let mut events = Vec::new();
    for download in downloads {
        if let Ok(status) = download.status().await {
            let subject = Subject::Download(download.id().into());
            events.push(Event { subject, what: Happening::StatusChanged(status) });
        }
    }
    let jobs = match client.engine.jobs(false).await {
        Ok(jobs) => jobs.rest().await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    events.extend(jobs.iter().map(|job| Event { subject: Subject::Job(job.id().into()), what: Happening::Changed }));
    events
}
