//! The tasks that call callbacks: one for each download, that of the callback that was set last.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::task::{AbortHandle, JoinHandle};

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
