//! The tasks that call callbacks: one for each download, that of the callback that was set last.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use tokio::task::{AbortHandle, JoinHandle};

/// The task that calls a callback. It ends when the callback will not be called any more; dropping this does not end it.
#[derive(Debug)]
pub struct CallbackTask(JoinHandle<()>);

/// A callback has panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the callback has panicked")]
pub struct CallbackLost;

impl CallbackTask {
    /// Whether the callback will not be called any more.
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl From<JoinHandle<()>> for CallbackTask {
    fn from(task: JoinHandle<()>) -> Self {
        Self(task)
    }
}

impl Future for CallbackTask {
    type Output = Result<(), CallbackLost>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.0).poll(cx)) {
            Err(error) if error.is_panic() => Poll::Ready(Err(CallbackLost)),
            // A callback that another one has replaced ends in order.
            Ok(()) | Err(_) => Poll::Ready(Ok(())),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Callbacks(Mutex<HashMap<String, AbortHandle>>);

impl Callbacks {
    /// Ends the task of the callback that a download had, and begins another.
    pub fn replace(&self, download: &str, begin: impl FnOnce() -> JoinHandle<()>) -> JoinHandle<()> {
        let mut tasks = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(task) = tasks.remove(download) {
            task.abort();
        }
        tasks.retain(|_, task| !task.is_finished());
        let task = begin();
        tasks.insert(download.into(), task.abort_handle());
        task
    }

    pub fn remove(&self, download: &str) {
        let mut tasks = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(task) = tasks.remove(download) {
            task.abort();
        }
    }
}
