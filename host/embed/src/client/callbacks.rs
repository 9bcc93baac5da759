//! Calling the callbacks that a client exports.

mod exports;
mod jobs;

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use wasmtime::component::{Func, Instance, Val};
use wasmtime::error::Context as _;
use wasmtime::{AsContextMut, Result, Store, bail};

use self::exports::Exports;
use super::{ClientView, Interface, downloads};
use crate::handles::Download;
use crate::runtime::Due;
use crate::values::DownloadState;

/// Calls the exported callbacks, one call after the other:
///
/// - `on-status-change` of `do-download-status-callback`, for each of its downloads that has the property `callback-interface`: with
///   the present status first, then whenever that changes;
/// - the functions of `background-copy-callback`, for each of its jobs that has `set-notify-interface`, as the job's notify flags say.
///
/// Returns when none of them is left: each was finalized, aborted, completed, cancelled or taken over, or had its callback taken away. A
/// callback that was asked for and is not exported is taken away.
///
/// A call that takes longer than `limit` is given up, as one that traps is: the client cannot be entered again, and its downloads and
/// jobs go on without it. A client that spins can only be stopped if the store has an epoch deadline that yields or traps.
///
/// # Errors
///
/// If the client exports neither of the two, and for a call that trapped or took too long.
pub async fn deliver_callbacks<T: ClientView>(
    store: &mut Store<T>,
    instance: &Instance,
    limit: Duration,
) -> Result<()> {
    let exports = Exports::find(store, instance)?;
    let mut calls = Calls { store, limit };
    let delivered = calls.deliver(&exports).await;
    if delivered.is_err() {
        let client = store.data_mut().client().client;
        client.callbacks.clear();
        client.jobs.clear();
    }
    delivered
}

/// A due call of a callback.
enum DueCall {
    Download(Download),
    Job(String, Due),
}

/// The client, and how long a call of it may take.
struct Calls<'a, T: 'static> {
    store: &'a mut Store<T>,
    limit: Duration,
}

impl<T: ClientView> Calls<'_, T> {
    async fn deliver(&mut self, exports: &Exports) -> Result<()> {
        while let Some(due) = self.next().await {
            match due {
                DueCall::Download(download) => {
                    let is_over = match exports.on_status_change {
                        Some(function) => self.tell_status(function, &download).await?,
                        None => true,
                    };
                    if is_over {
                        self.store.data_mut().client().client.callbacks.remove(download.id());
                    }
                }
                DueCall::Job(id, due) => {
                    let is_over = match &exports.job {
                        Some(functions) => self.tell_job(functions, &id, due).await?,
                        None => true,
                    };
                    if is_over {
                        self.store.data_mut().client().client.jobs.remove(&id);
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for the next due call; `None` if no callback is left.
    async fn next(&mut self) -> Option<DueCall> {
        let client = self.store.data_mut().client().client;
        loop {
            if let Some((download, is_due)) = client.callbacks.values_mut().find(|(_, is_due)| *is_due) {
                *is_due = false;
                return Some(DueCall::Download(download.clone()));
            }
            if client.callbacks.is_empty() && client.jobs.is_empty() {
                return None;
            }
            tokio::select! {
                (id, due) = client.mailbox.next() => return Some(DueCall::Job(id, due)),
                event = client.callback_events.recv() => match event {
                    Ok(event) => {
                        let callback = event.subject.download().and_then(|id| client.callbacks.get_mut(id));
                        if let Some((_, is_due)) = callback {
                            *is_due = true;
                        }
                    }
                    // The missed events may be of any download.
                    Err(RecvError::Lagged(_)) => client.callbacks.values_mut().for_each(|(_, is_due)| *is_due = true),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Tells the status of a download; whether it was the last one that there will be.
    async fn tell_status(&mut self, function: Func, download: &Download) -> Result<bool> {
        let is_over = matches!(download.status().await?.state, DownloadState::Finalized | DownloadState::Aborted);
        let resource = Val::Resource(download.resource());
        let engine = self.store.data_mut().client().client.engine.clone();
        let status = engine.link().call(async move |instance| {
            let interface = Interface::DoDownload.import();
            instance.call_raw(&interface, "[method]download.get-status", &[resource]).await
        });
        let status = status.await?.pop().context("a status")?;
        let handle = downloads::new_handle(&mut self.store.as_context_mut(), download.clone())?;
        self.call(function, &[Val::Resource(handle), status], &mut []).await?;
        handle.resource_drop_async(&mut *self.store).await?;
        Ok(is_over)
    }

    async fn call(&mut self, function: Func, params: &[Val], results: &mut [Val]) -> Result<()> {
        let limit = self.limit;
        let called = tokio::time::timeout(limit, function.call_async(&mut *self.store, params, results)).await;
        called.unwrap_or_else(|_| bail!("the callback took longer than {limit:?}"))
    }
}
