//! Locks on partial files and on the state directory, which WASI 0.2 has no word for: opening one to write takes a lock, and fails while another process
//! has it. A lock is gone when its file is closed, and so when its process dies.

use std::fs::{File, TryLockError};

/// How the names of files end that are locked: partial files, and what stands for the state directory.
const LOCKED: [&str; 2] = [".part", "engine.lock"];

/// Whether a file of this name is locked by whoever opens it to write.
pub fn is_locked(path: &str) -> bool {
    LOCKED.iter().any(|end| path.ends_with(end))
}

/// Whether the file is this process's now. Where the file system has no locks it is, too, and a directory always.
pub fn lock(file: &File) -> bool {
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return true;
    }
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "the file system has no locks");
            true
        }
    }
}
