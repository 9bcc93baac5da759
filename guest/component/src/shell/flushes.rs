//! Syncs of partial files in the background. The host syncs a file while bytes move, and files that end together at the same time.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use haul_core::border::identity::{DownloadId, OperationId};
use haul_core::failure::DiskCause;
use wasip2::filesystem::types::filesystem_error_code;
use wasip2::io::poll::Pollable;
use wasip2::io::streams::{OutputStream, StreamError};

use super::disk;

/// A flush of a stream, which syncs the stream's file.
struct Flush {
    /// The syncs that it answers.
    ids: Vec<OperationId>,
    /// A child of `stream`: dropped before it.
    pollable: Pollable,
    stream: OutputStream,
}

#[derive(Default)]
pub struct Flushes(BTreeMap<DownloadId, Flush>);

/// A sync that has ended, for each operation that requested it.
pub struct Synced {
    pub ids: Vec<OperationId>,
    pub result: Result<(), DiskCause>,
}

impl Flushes {
    /// Syncs the file of `stream`, which covers an unfinished earlier sync.
    ///
    /// # Errors
    ///
    /// The cause if the stream cannot be flushed.
    pub fn begin(&mut self, download: DownloadId, id: OperationId, stream: OutputStream) -> Result<(), DiskCause> {
        stream.flush().map_err(|error| cause(&error))?;
        let mut ids = self.0.remove(&download).map(|earlier| earlier.ids).unwrap_or_default();
        ids.push(id);
        self.0.insert(download, Flush { ids, pollable: stream.subscribe(), stream });
        Ok(())
    }

    pub fn pollables(&self) -> impl Iterator<Item = (DownloadId, &Pollable)> {
        self.0.iter().map(|(download, flush)| (*download, &flush.pollable))
    }

    pub fn downloads(&self) -> impl Iterator<Item = DownloadId> {
        self.0.keys().copied()
    }

    /// Waits for the sync of `download`'s file, if there is one.
    pub fn finish(&mut self, download: DownloadId) -> Option<Synced> {
        let Flush { ids, pollable, stream } = self.0.remove(&download)?;
        pollable.block();
        // Variables are dropped in reverse order, and a host traps if a stream is dropped before its child.
        drop(pollable);
        let result = stream.check_write().map(drop).map_err(|error| cause(&error));
        Some(Synced { ids, result })
    }

    pub fn forget(&mut self, download: DownloadId) {
        self.0.remove(&download);
    }
}

fn cause(error: &StreamError) -> DiskCause {
    let code = match error {
        StreamError::LastOperationFailed(error) => filesystem_error_code(error),
        StreamError::Closed => None,
    };
    code.map_or(DiskCause::Io, disk::cause)
}
