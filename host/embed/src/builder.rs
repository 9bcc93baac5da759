//! How an engine is set up.

use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::error::Error;
use crate::grants::Grants;

/// Settings of an [`Engine`]; nothing is granted by default.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    grants: Vec<PathBuf>,
    pub(crate) max_running: Option<u32>,
    pub(crate) max_rate: Option<u64>,
    pub(crate) max_per_origin: Option<u32>,
}

impl Builder {
    /// Lets the engine read and write this directory and what is below it. Links that lead out of it are not followed.
    pub fn grant(mut self, directory: impl AsRef<Path>) -> Self {
        self.grants.push(directory.as_ref().into());
        self
    }

    /// Downloads that transfer at the same time, at least 1; others wait their turn. Default 5.
    pub fn max_running(mut self, downloads: u32) -> Self {
        self.max_running = Some(downloads);
        self
    }

    /// Bytes per second of all downloads together. Default: no limit.
    pub fn max_rate(mut self, bytes_per_second: u64) -> Self {
        self.max_rate = Some(bytes_per_second);
        self
    }

    /// Exchanges with one origin, of all downloads together; each download may have one beyond it. Default: 16 where the engine
    /// chooses the number of connections, else no limit.
    pub fn max_per_origin(mut self, exchanges: u32) -> Self {
        self.max_per_origin = Some(exchanges);
        self
    }

    /// Starts the engine on a thread of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Grant`] for a directory that cannot be opened, [`Error::Unsupported`] where the component cannot run.
    pub async fn open(self) -> Result<Engine, Error> {
        let mut grants = Grants::default();
        for directory in &self.grants {
            grants.add(directory)?;
        }
        Engine::open(self, grants).await
    }
}
