//! Syncs of files in the background, several at a time: a file system writes the records of concurrent syncs together.

use std::fs::File;
use std::io;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Files that are synced at the same time, so that threads are bounded: each takes one while it waits for the disk.
const AT_ONCE: usize = 32;

#[derive(Clone, Debug)]
pub struct FileSyncs(Arc<Semaphore>);

impl Default for FileSyncs {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl FileSyncs {
    /// Syncs the data of `file` that is written now.
    pub fn begin(&self, file: Arc<File>) -> JoinHandle<io::Result<()>> {
        let places = self.0.clone();
        tokio::spawn(async move {
            let _place = places.acquire_owned().await.map_err(io::Error::other)?;
            tokio::task::spawn_blocking(move || file.sync_data()).await.map_err(io::Error::other)?
        })
    }
}
