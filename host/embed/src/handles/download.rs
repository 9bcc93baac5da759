//! A handle on one download.

use std::path::Path;
use std::sync::Arc;

use tokio::io::AsyncWrite;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use wasmtime::component::ResourceAny;
use wasmtime_wasi::p2::pipe::AsyncWriteStream;

use crate::error::Error;
use crate::runtime::{DownloadRef, Dropped, Instance, Link};
use crate::values::{
    DownloadState, DownloadStatus, Happening, Property, PropertyEx, PropertyId, PropertyIdEx, Report, StartMode,
    TransferOptions,
};

/// One file on its way. Clones are handles on the same download; when the last one is gone the download goes on, and
/// [`Engine::downloads`](crate::Engine::downloads) finds it.
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
}

impl Drop for Shared {
    fn drop(&mut self) {
        let id = std::mem::take(&mut self.id);
        self.link.release(Dropped::Download(id));
    }
}

/// Told about every change of a download's status: IDODownloadStatusCallback.
pub trait StatusCallback: Send + 'static {
    /// Called on a task of its own, never on the engine's thread: it may take its time, and use the download.
    fn on_status_change(&mut self, download: &Download, status: &DownloadStatus) -> impl Future<Output = ()> + Send;
}

impl Download {
    pub(crate) fn new(link: Link, download: DownloadRef, id: String) -> Self {
        Self { shared: Arc::new(Shared { link, download, id, is_found: false }) }
    }

    /// A handle on a download that the engine has found.
    pub(crate) fn found(link: Link, download: DownloadRef, id: String) -> Self {
        Self { shared: Arc::new(Shared { link, download, id, is_found: true }) }
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
    pub fn events(&self) -> broadcast::Receiver<Happening> {
        self.shared.download.events()
    }

    /// Sets the URL.
    ///
    /// # Errors
    ///
    /// INET_E_INVALID_URL; DO_E_INVALID_STATE while transferring and after the end.
    pub async fn set_uri(&self, url: &str) -> Result<(), Error> {
        self.set_property(Property::Uri(url.into())).await
    }

    /// Sets the path of the file, in a granted directory; a relative one counts from the current directory.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for a path that cannot be used; DO_E_INVALID_STATE once started.
    pub async fn set_local_path(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let text = self.shared.link.grants().text(path.as_ref())?;
        self.set_property(Property::LocalPath(text)).await
    }

    /// # Errors
    ///
    /// Those of the property, see `wit/do-download.wit`.
    pub async fn set_property(&self, property: Property) -> Result<(), Error> {
        let download = self.shared.download.resource;
        let removes_callback = property == Property::CallbackInterface(false);
        if property == Property::NetworkToken(true) {
            self.allow_token();
        }
        self.shared.link.call(async move |instance| instance.set_property(download, property).await).await?;
        if removes_callback {
            self.shared.link.callbacks().remove(self.id());
        }
        Ok(())
    }

    /// # Errors
    ///
    /// E_NOT_SET if the property has no value yet.
    pub async fn property(&self, id: PropertyId) -> Result<Property, Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.property(download, id).await).await
    }

    /// # Errors
    ///
    /// DO_E_INVALID_STATE once started; E_INVALIDARG for a digest of the wrong length or zero connections.
    pub async fn set_options(&self, options: TransferOptions) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.set_options(download, options).await).await
    }

    /// Starts or resumes.
    ///
    /// # Errors
    ///
    /// Faults that show before a request is sent; the state is unchanged then. In blocking mode it returns when the download has
    /// stopped, with the error that stopped it.
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
        let grants = self.shared.link.grants();
        let granted = |property| match property {
            Property::LocalPath(path) => grants.text(Path::new(&path)).map(Property::LocalPath),
            other => Ok(other),
        };
        let properties = properties.into_iter().map(granted).collect::<Result<Vec<_>, _>>()?;
        self.set_and_start(properties, options, mode).await
    }

    async fn set_and_start(
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
        let set_and_start = async move |instance: &mut Instance| {
            for property in properties {
                instance.set_property(download, property).await?;
            }
            instance.set_options(download, options).await?;
            instance.start(download, mode).await?;
            instance.property(download, PropertyId::BlockingMode).await
        };
        let is_blocking = self.shared.link.call(set_and_start).await?;
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
        self.wait_if(self.property(PropertyId::BlockingMode).await?).await
    }

    async fn wait_if(&self, is_blocking: Property) -> Result<(), Error> {
        match is_blocking {
            Property::BlockingMode(true) => self.ended().await.map(drop),
            _ => Ok(()),
        }
    }

    /// From the first property to the file's name.
    pub(crate) async fn bring(
        &self,
        url: &str,
        path: &Path,
        mode: StartMode,
        options: TransferOptions,
    ) -> Result<(), Error> {
        let path = self.shared.link.grants().text(path)?;
        self.set_and_start(vec![Property::Uri(url.into()), Property::LocalPath(path)], options, mode).await?;
        self.ended().await?;
        self.finalize().await
    }

    /// Has the bytes go to `sink`, each once and in order, in the place of a file; its reader may take its time.
    ///
    /// # Errors
    ///
    /// DO_E_FILE_DOWNLOADSINK_ALREADY_SET beside a local path; DO_E_INVALID_STATE once started.
    pub async fn set_stream(&self, sink: impl AsyncWrite + Send + Unpin + 'static) -> Result<(), Error> {
        let download = self.shared.download.resource;
        let buffer = self.shared.link.limits().stream_bytes;
        let call = async move |instance: &mut Instance| {
            let sink = AsyncWriteStream::new(buffer, sink);
            instance.set_stream(download, Box::new(sink)).await
        };
        self.shared.link.call(call).await
    }

    /// Reads a property of IDODownloadInternal. Deprecated there: use [`Download::property`].
    ///
    /// # Errors
    ///
    /// DO_E_UNKNOWN_PROPERTY_ID for a reserved one, DO_E_WRITE_ONLY_PROPERTY, E_NOT_SET.
    pub async fn property_ex(&self, id: PropertyIdEx) -> Result<PropertyEx, Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.property_ex(download, id).await).await
    }

    /// Sets a property of IDODownloadInternal. Deprecated there: use [`Download::set_property`].
    ///
    /// # Errors
    ///
    /// DO_E_UNKNOWN_PROPERTY_ID for a reserved one, and those of [`Download::set_property`].
    pub async fn set_property_ex(&self, property: PropertyEx) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.set_property_ex(download, property).await).await
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

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE before all bytes are here; the disk's error when the name cannot be given.
    pub async fn finalize(&self) -> Result<(), Error> {
        let download = self.shared.download.resource;
        self.shared.link.call(async move |instance| instance.finalize(download).await).await
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

    /// Waits until the download is transferred, or ended in another way.
    ///
    /// # Errors
    ///
    /// [`Error::Failed`] with the error that stopped it.
    pub async fn ended(&self) -> Result<DownloadStatus, Error> {
        let mut watched = self.shared.download.status.clone();
        watched.mark_unchanged();
        let mut status = self.status().await?;
        while !status.is_ended() {
            if watched.changed().await.is_err() {
                self.status().await?;
                return Err(Error::Closed);
            }
            status.clone_from(&watched.borrow_and_update());
        }
        status.error.clone().map_or(Ok(status), |failure| Err(Error::Failed(failure)))
    }

    /// Calls `callback` with the present status and then with every change, until the download is finalized or aborted, another
    /// callback takes its place, no handle on the download is left, or the engine closes. A callback that panics ends its own
    /// task, and nothing else. Needs a tokio runtime around it.
    ///
    /// # Errors
    ///
    /// DO_E_INVALID_STATE after finalize and abort.
    pub async fn on_status_change(&self, mut callback: impl StatusCallback) -> Result<JoinHandle<()>, Error> {
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
        Ok(self.shared.link.callbacks().replace(self.id(), || tokio::spawn(run)))
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
