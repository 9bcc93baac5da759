//! Callbacks for the status of a download: IDODownloadStatusCallback.

use std::sync::Arc;

use super::Download;
use crate::error::Error;
use crate::runtime::CallbackTask;
use crate::values::{DownloadState, DownloadStatus, Property};

/// Told about every change of a download's status: IDODownloadStatusCallback.
pub trait StatusCallback: Send + 'static {
    /// Called on a task of its own, never on the engine's thread: it may take its time, and use the download.
    fn on_status_change(&mut self, download: &Download, status: &DownloadStatus) -> impl Future<Output = ()> + Send;
}

impl Download {
    /// Calls `callback` with the present status and then with every change, until the download is finalized or aborted, another
    /// callback takes its place, no handle on the download is left, or the engine closes. A callback that panics ends its own
    /// task, and nothing else. Needs a tokio runtime around it.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE after finalize and abort.
    pub async fn on_status_change(&self, mut callback: impl StatusCallback) -> Result<CallbackTask, Error> {
        self.set_property(Property::CallbackInterface(true)).await?;
        let held = Arc::downgrade(&self.shared);
        let mut watched = self.shared.download.status.clone();
        let run = async move {
            loop {
                let status = watched.borrow_and_update().clone();
                let Some(shared) = held.upgrade() else { return };
                callback.on_status_change(&Self { shared }, &status).await;
                let over = matches!(status.state, DownloadState::Finalized | DownloadState::Aborted);
                if over || watched.changed().await.is_err() {
                    return;
                }
            }
        };
        Ok(self.shared.link.callbacks().replace(self.id(), || tokio::spawn(run)).into())
    }

    /// Takes the callback away; it is not called any more.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE after finalize and abort.
    pub async fn remove_callback(&self) -> Result<(), Error> {
        self.set_property(Property::CallbackInterface(false)).await
    }
}
