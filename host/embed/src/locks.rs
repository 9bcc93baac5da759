//! Locks on partial files and on the state directory, which WASI 0.2 does not have: opening one to write takes a lock, and fails while
//! another process has it. A lock is gone when its file is closed, and so when its process dies.

use std::collections::HashSet;
use std::fs::{File, TryLockError};

/// How the names of files end that are locked: partial files, and the lock file of the state directory.
const LOCKED: [&str; 2] = [".part", "engine.lock"];

/// Openings that were told that there are no locks, at most, so that the memory is bounded. An engine repeats each at once.
const MAX_TOLD: usize = 1024;

/// The outcome of an attempt to lock a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// The file is this process's now.
    Held,
    /// Another process has it.
    Busy,
    /// The file system has no locks.
    Unsupported,
}

/// Whether a file of this name is locked when it is opened to write.
pub fn is_locked(path: &str) -> bool {
    LOCKED.iter().any(|end| path.ends_with(end))
}

/// Locks a file. A directory needs no lock.
pub fn lock(file: &File) -> Lock {
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return Lock::Held;
    }
    match file.try_lock() {
        Ok(()) => Lock::Held,
        Err(TryLockError::WouldBlock) => Lock::Busy,
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "the file system has no locks");
            Lock::Unsupported
        }
    }
}

/// How the files of one engine are locked.
pub struct Locks {
    lock: fn(&File) -> Lock,
    /// Directories and names whose last opening failed because there are no locks: the next one goes without.
    told: HashSet<(u32, String)>,
}

impl Default for Locks {
    fn default() -> Self {
        Self::by(lock)
    }
}

impl Locks {
    pub fn by(lock: fn(&File) -> Lock) -> Self {
        Self { lock, told: HashSet::new() }
    }

    /// Locks the file that was opened as `name` in a directory. [`Lock::Unsupported`] comes once for each two openings.
    pub fn take(&mut self, file: &File, directory: u32, name: &str) -> Lock {
        match (self.lock)(file) {
            Lock::Unsupported if self.told.remove(&(directory, name.to_owned())) => Lock::Held,
            Lock::Unsupported => {
                if self.told.len() >= MAX_TOLD {
                    self.told.clear();
                }
                self.told.insert((directory, name.to_owned()));
                Lock::Unsupported
            }
            outcome => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_locked_for_one_process_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || File::create(folder.path().join("a.part")).expect("a file");
        let (first, second) = (open(), open());
        assert_eq!([lock(&first), lock(&second)], [Lock::Held, Lock::Busy]);
        drop(first);
        assert_eq!(lock(&second), Lock::Held);
    }

    #[tokio::test]
    async fn without_locks_a_heartbeat_keeps_a_second_engine_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut builder = crate::Engine::builder().state_directory(folder.path());
        builder.lock = Some(|_| Lock::Unsupported);
        let first = builder.clone().open().await.expect("an engine");
        let refused = builder.clone().open().await.map(drop).expect_err("a second engine");
        assert!(refused.to_string().contains("ERROR_SHARING_VIOLATION"), "{refused}");
        first.close().await;
        builder.open().await.expect("the next engine");
    }

    #[test]
    fn a_file_system_without_locks_is_told_at_each_opening() {
        let file = tempfile::tempfile().expect("a file");
        let mut locks = Locks::by(|_| Lock::Unsupported);
        for _ in 0..3 {
            assert_eq!(locks.take(&file, 3, "a.part"), Lock::Unsupported);
            assert_eq!(locks.take(&file, 4, "a.part"), Lock::Unsupported);
            assert_eq!(locks.take(&file, 3, "a.part"), Lock::Held);
            assert_eq!(locks.take(&file, 4, "a.part"), Lock::Held);
        }
    }
}
