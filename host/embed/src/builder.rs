//! How an engine is set up.

use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::error::Error;
use crate::grants::Grants;
use crate::http::{HttpSettings, NetworkToken};

/// Settings of an [`Engine`]; nothing is granted by default.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    grants: Vec<PathBuf>,
    pub(crate) max_running: Option<u32>,
    pub(crate) max_rate: Option<u64>,
    pub(crate) max_per_origin: Option<u32>,
    pub(crate) http: HttpSettings,
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

    /// Certificate revocation lists, in PEM (one or several) or DER (one). Downloads that ask for revocation refuse a server whose
    /// chain has a certificate that is on one of them, or of which none that is in force tells. Others do not look at them.
    pub fn revocation_list(mut self, list: impl Into<Vec<u8>>) -> Self {
        self.http.revocation_lists.push(list.into());
        self
    }

    /// The value of Authorization, such as `Bearer ...`, for requests that go out with the token of `caller` to `origin`,
    /// `https://host[:port]`. It takes the place of one that the caller set. With an origin of http it crosses the network for
    /// everybody to read. Of two values for one caller and one origin the later counts.
    pub fn network_token(
        mut self,
        caller: impl Into<String>,
        origin: impl Into<String>,
        authorization: impl Into<String>,
    ) -> Self {
        let (caller, origin, authorization) = (caller.into(), origin.into(), authorization.into());
        self.http.network_tokens.push(NetworkToken { caller, origin, authorization });
        self
    }

    /// Starts the engine on a thread of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Grant`] for a directory that cannot be opened, [`Error::Setting`] for a revocation list or a network token that
    /// cannot be used, [`Error::Unsupported`] where the component cannot run.
    pub async fn open(self) -> Result<Engine, Error> {
        let mut grants = Grants::default();
        for directory in &self.grants {
            grants.add(directory)?;
        }
        Engine::open(self, grants).await
    }
}
