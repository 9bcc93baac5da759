//! A handle on one download.

mod callback;
mod ended;
mod properties;
mod sink;

use std::sync::{Arc, OnceLock};

use wasmtime::component::ResourceAny;

pub use self::callback::StatusCallback;
pub use self::ended::Ended;
use self::sink::SinkEnd;
use crate::error::Error;
use crate::events::Events;
use crate::runtime::{DownloadRef, Dropped, Instance, Link};
use crate::values::{DownloadStatus, Happening, Property, PropertyId, Report, StartMode, TransferOptions};

/// The download of one file: IDODownload. Clones are handles on the same download; when the last one is gone the download goes on, and
/// [`Engine::downloads`](crate::Engine::downloads) finds it.
///
/// ```text
///            start                    all bytes                finalize
///  Created ───────▶ Transferring ───────────────▶ Transferred ──────────▶ Finalized
///     │              ▲   │ pause, failure             │ │
///     │        start │   ▼                            │ └─ start (other ranges) ─▶ Transferring
///     │             Paused                            │
///     └─── abort ─────┴──────────── abort ────────────┴──▶ Aborted
/// ```
///
/// ```
/// # use haul::{DownloadState, Engine, Policy};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), haul::Error> {
/// let engine = Engine::builder().policy(Policy::deny_all()).open().await?;
/// let download = engine.create_download().await?;
/// download.set_uri("https://example.com/map").await?;
/// assert_eq!(download.uri().await?.as_deref(), Some("https://example.com/map"));
/// assert_eq!(download.status().await?.state, DownloadState::Created);
/// download.abort().await?;
/// # engine.close().await;
/// # Ok(())
/// # }
/// ```
///
/// A download owns its local path, and the names of the files beside it, from its start until it is finalized, aborted or forgotten: also
/// while it is paused with received bytes, and in the next engine on the same state directory.
#[derive(Clone, Debug)]
pub struct Download {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    link: Link,
    download: DownloadRef,
    id: String,
    /// Whether the engine had it already: an earlier run may have set its properties.
    is_found: bool,
    /// The end of the stream that gets the bytes, if one was set.
    sink: OnceLock<SinkEnd>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let id = std::mem::take(&mut self.id);
        self.link.release(Dropped::Download(id));
    }
}

impl Download {
    pub(crate) fn new(link: Link, download: DownloadRef, id: String) -> Self {
        Self::of(link, download, id, false)
    }

    /// A handle on a download that the engine has found.
    pub(crate) fn found(link: Link, download: DownloadRef, id: String) -> Self {
        Self::of(link, download, id, true)
    }

    fn of(link: Link, download: DownloadRef, id: String, is_found: bool) -> Self {
        Self { shared: Arc::new(Shared { link, download, id, is_found, sink: OnceLock::new() }) }
    }

    pub(crate) fn resource(&self) -> ResourceAny {
        self.shared.download.resource
    }

    /// The GUID text that identifies the download.
    pub fn id(&self) -> &str {
        &self.shared.id
    }

    /// Everything that happens to the download from now on, until the engine closes. A listener that falls 64 events behind loses
    /// the oldest.
    pub fn events(&self) -> Events<Happening> {
        Events::new(self.shared.download.events())
    }

    /// Starts or resumes. Returns when the engine has looked at the files on the disk; in blocking mode when the download has stopped, with
    /// the error that stopped it. Starting a download that transfers the same bytes already has no effect.
    ///
    /// # Errors
    ///
    /// Faults that are known before a request is sent; the state is unchanged then:
    ///
    /// - DO_E_DOWNLOAD_NO_URI without a URL and without a content id that the host resolves;
    /// - DO_E_FILE_DOWNLOADSINK_UNSPECIFIED without a local path and without a stream;
    /// - ERROR_SHARING_VIOLATION if another download or job owns the path;
    /// - E_ACCESSDENIED if the path is outside the granted directories or no file can be created there;
    /// - DO_E_DOWNLOAD_RANGES_EXPECTED for [`StartMode::Resume`] of a download that was never started;
    /// - DO_E_DOWNLOAD_RANGES_UNEXPECTED for ranges of an encrypted content;
    /// - DO_E_INVALID_RANGE, DO_E_OVERLAPPING_RANGES;
    /// - DO_E_INTEGRITYCHECKINFO_UNSPECIFIED if the check is mandatory and nothing was given to check against;
    /// - DO_E_INVALID_STATE after finalize and abort, and for other ranges than those that are being transferred.
    pub async fn start(&self, mode: StartMode) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.allow_token_if_found();
        self.shared.link.call(async move |instance| instance.start(download, mode).await).await?;
        self.wait_where_it_blocks().await
    }

    /// Sets `properties`, one after the other, and `options`, and starts. The engine's thread gets one command, and not one
    /// for each call: for programs with thousands of small files. Paths and URLs are taken as [`Download::set_local_path`] and
    /// [`Download::set_uri`] take them.
    ///
    /// # Errors
    ///
    /// Those of [`Download::set_property`], [`Download::set_options`] and [`Download::start`], the first one that occurs; properties in
    /// front of it stay set.
    pub async fn start_with(
        &self,
        properties: impl IntoIterator<Item = Property>,
        options: TransferOptions,
        mode: StartMode,
    ) -> Result<(), Error> {
        let properties =
            properties.into_iter().map(|property| self.granted(property)).collect::<Result<Vec<_>, _>>()?;
        self.set_and_start(properties, options, mode).await
    }

    pub(crate) async fn set_and_start(
        &self,
        properties: Vec<Property>,
        options: TransferOptions,
        mode: StartMode,
    ) -> Result<(), Error> {
        let download = self.shared.download.resource;
        let removes_callback = properties.contains(&Property::CallbackInterface(false));
        if properties.contains(&Property::NetworkToken(true)) {
            self.allow_token();
        }
        self.allow_token_if_found();
        let start = async move |instance: &mut Instance| instance.start_with(download, properties, options, mode).await;
        let is_blocking = self.shared.link.call(start).await?;
        if removes_callback {
            self.shared.link.callbacks().remove(self.id());
        }
        self.wait_if(is_blocking).await
    }

    /// Requests of the caller may go out with its token from now on: it asked for that.
    pub(crate) fn allow_token(&self) {
        self.shared.link.allow_token();
    }

    /// The same for a download that is about to start and may have asked in an earlier run, which cannot be read from it.
    pub(crate) fn allow_token_if_found(&self) {
        if self.shared.is_found {
            self.allow_token();
        }
    }

    /// The rest of a start: in blocking mode it returns when the download has stopped.
    pub(crate) async fn wait_where_it_blocks(&self) -> Result<(), Error> {
        self.wait_if(self.property(PropertyId::BlockingMode).await? == Property::BlockingMode(true)).await
    }

    async fn wait_if(&self, is_blocking: bool) -> Result<(), Error> {
        if is_blocking { self.ended().await.map(drop) } else { Ok(()) }
    }

    /// Has the engine let go of the download and leave its files as they are: the same start finds them again.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE while it is transferring.
    pub async fn forget(&self) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.forget(download).await).await
    }

    /// Stops moving bytes; received bytes are kept.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE after finalize or abort.
    pub async fn pause(&self) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.pause(download).await).await
    }

    /// Ends the download and removes its files.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE after finalize.
    pub async fn abort(&self) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.abort(download).await).await
    }

    /// Gives the file its name, or shuts its stream down. The file then belongs to the caller.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE before all bytes are here; the disk's error if the file cannot be renamed: the download stays transferred and can
    /// be finalized again; ERROR_WRITE_FAULT if the stream cannot be shut down.
    pub async fn finalize(&self) -> Result<(), Error> {
        let finalize = self.shared.link.finalize(self.shared.download.resource);
        match self.shared.sink.get() {
            Some(end) => end.shut_down_after(finalize).await,
            None => finalize.await,
        }
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn status(&self) -> Result<DownloadStatus, Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.status(download).await).await
    }

    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn report(&self) -> Result<Report, Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.report(download).await).await
    }
}
