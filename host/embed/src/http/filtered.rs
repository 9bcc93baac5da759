//! A transport whose received bytes pass through a filter.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub trait Filter {
    /// Reads from `inner` and fills `buffer` with the filtered bytes, as [`AsyncRead::poll_read`] does.
    fn poll_read(
        &mut self,
        inner: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>>;

    /// Notes bytes that are about to be sent. They pass unchanged.
    fn note_sent(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
}

pub struct Filtered<T, F> {
    inner: T,
    filter: F,
}

impl<T, F> Filtered<T, F> {
    pub const fn new(inner: T, filter: F) -> Self {
        Self { inner, filter }
    }
}

impl<T: AsyncRead + Unpin, F: Filter + Unpin> AsyncRead for Filtered<T, F> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { inner, filter } = &mut *self;
        filter.poll_read(Pin::new(inner), cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin, F: Filter + Unpin> AsyncWrite for Filtered<T, F> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.filter.note_sent(bytes);
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = bytes.iter().find(|slice| !slice.is_empty());
        self.filter.note_sent(first.map_or(&[], |slice| slice));
        Pin::new(&mut self.inner).poll_write_vectored(cx, bytes)
    }
}
