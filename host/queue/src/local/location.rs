//! The place of a queue.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::CommandError;

/// The state directory of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    directory: PathBuf,
}

impl Location {
    /// A queue in this directory, which [`acquire`](crate::acquire) creates if it is missing.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The user's queue: `haul` in `$XDG_STATE_HOME`, or in `~/.local/state` (XDG Base Directory Specification).
    ///
    /// # Errors
    ///
    /// The environment has neither directory as an absolute path.
    pub fn of_user() -> Result<Self, CommandError> {
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
        let state = state.ok_or_else(|| CommandError::misuse("there is no home directory; give --state-dir DIR"))?;
        Ok(Self::new(state.join("haul")))
    }

    /// The state directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The socket at which the process that runs the queue listens.
    pub fn socket(&self) -> PathBuf {
        self.directory.join("run.sock")
    }
}
