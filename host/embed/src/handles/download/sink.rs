//! The stream that gets the bytes of a download, and its end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use wasmtime_wasi::p2::pipe::AsyncWriteStream;

use super::Download;
use crate::codes;
use crate::error::{Error, Failure, FailureKind, Fault};
use crate::runtime::Instance;

/// Time for shutting a stream down, because its reader may have stopped reading.
const PATIENCE: Duration = Duration::from_secs(60);

/// The end of a stream, as its download sees it.
#[derive(Clone, Debug)]
pub(super) struct SinkEnd {
    /// The download is being finalized. Only then is the stream shut down when the engine drops it: the end of one that breaks off must
    /// not look like the end of the content.
    is_complete: Arc<AtomicBool>,
    /// How shutting down ended.
    ended: watch::Receiver<Option<Result<(), io::ErrorKind>>>,
}

impl SinkEnd {
    /// Does `finalize`, in which the engine drops the stream, and waits until the stream is shut down.
    pub async fn shut_down_after(&self, finalize: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
        self.is_complete.store(true, Ordering::Release);
        if let Err(error) = finalize.await {
            self.is_complete.store(false, Ordering::Release);
            return Err(error);
        }
        let mut ended = self.ended.clone();
        let ended = ended.wait_for(Option::is_some).await.map(|ended| *ended);
        match ended {
            // A stream without a runtime around it is dropped without being shut down.
            Ok(Some(Ok(())) | None) | Err(_) => Ok(()),
            Ok(Some(Err(kind))) => Err(Error::Failed(Failure {
                fault: Fault::Caller,
                description: format!("the stream could not be shut down: {kind}"),
                advice: "see why the stream failed".into(),
                ..Failure::new(codes::ERROR_WRITE_FAULT, FailureKind::Disk)
            })),
        }
    }
}

/// A stream that is shut down when it is dropped after its last byte.
struct Sink<W: AsyncWrite + Send + Unpin + 'static> {
    inner: Option<W>,
    is_complete: Arc<AtomicBool>,
    ended: watch::Sender<Option<Result<(), io::ErrorKind>>>,
}

impl<W: AsyncWrite + Send + Unpin + 'static> Sink<W> {
    fn new(inner: W) -> (Self, SinkEnd) {
        let (ended, end) = watch::channel(None);
        let is_complete = Arc::<AtomicBool>::default();
        let end = SinkEnd { is_complete: is_complete.clone(), ended: end };
        (Self { inner: Some(inner), is_complete, ended }, end)
    }

    fn poll<T>(&mut self, act: impl FnOnce(Pin<&mut W>) -> Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match &mut self.inner {
            Some(inner) => act(Pin::new(inner)),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }
}

impl<W: AsyncWrite + Send + Unpin + 'static> AsyncWrite for Sink<W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll(|inner| inner.poll_write(cx, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(|inner| inner.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(|inner| inner.poll_shutdown(cx))
    }
}

impl<W: AsyncWrite + Send + Unpin + 'static> Drop for Sink<W> {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take().filter(|_| self.is_complete.load(Ordering::Acquire)) else { return };
        let ended = self.ended.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let shut = tokio::time::timeout(PATIENCE, inner.shutdown()).await;
                let shut = shut.unwrap_or(Err(io::ErrorKind::TimedOut.into()));
                ended.send_replace(Some(shut.map_err(|error| error.kind())));
            });
        }
    }
}

impl Download {
    /// Sends the bytes to `sink` in place of a file, each once and in order. Its reader may take its time: bytes wait meanwhile.
    /// [`Download::finalize`] shuts it down; if the download is aborted or forgotten before, it is dropped as it is.
    ///
    /// Bytes cannot be taken back from a stream: if the content changes meanwhile, or a digest does not match, the download fails.
    ///
    /// # Errors
    ///
    /// DO_E_FILE_DOWNLOADSINK_ALREADY_SET beside a local path or another stream; DO_E_INVALID_STATE once started.
    pub async fn set_stream(&self, sink: impl AsyncWrite + Send + Unpin + 'static) -> Result<(), Error> {
        let download = self.shared.download.resource;
        let buffer = self.shared.link.limits().stream_bytes;
        let (sink, end) = Sink::new(sink);
        let call = async move |instance: &mut Instance| {
            let sink = AsyncWriteStream::new(buffer, sink);
            instance.set_stream(download, Box::new(sink)).await
        };
        self.shared.link.call(call).await?;
        let _ = self.shared.sink.set(end);
        Ok(())
    }
}
