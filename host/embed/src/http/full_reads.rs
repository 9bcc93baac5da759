//! Reads that take all that is at hand: TLS hands out one record of 16 KiB at a time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub struct FullReads<T> {
    inner: T,
    /// What went wrong after bytes that had to be handed out first.
    failure: Option<io::Error>,
}

impl<T> FullReads<T> {
    pub const fn new(inner: T) -> Self {
        Self { inner, failure: None }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for FullReads<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if let Some(failure) = self.failure.take() {
            return Poll::Ready(Err(failure));
        }
        let start = buffer.filled().len();
        while buffer.remaining() > 0 {
            let before = buffer.filled().len();
            match Pin::new(&mut self.inner).poll_read(cx, buffer) {
                Poll::Ready(Ok(())) if buffer.filled().len() > before => {}
                Poll::Ready(Ok(())) => break,
                Poll::Ready(Err(error)) if before == start => return Poll::Ready(Err(error)),
                Poll::Ready(Err(error)) => {
                    self.failure = Some(error);
                    break;
                }
                Poll::Pending if before == start => return Poll::Pending,
                Poll::Pending => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for FullReads<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
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
        Pin::new(&mut self.inner).poll_write_vectored(cx, bytes)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// Hands out one byte at a time, and then an error.
    struct Crumbs(u8);

    impl AsyncRead for Crumbs {
        fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            if self.0 == 0 {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            self.0 -= 1;
            buffer.put_slice(b"x");
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn crumbs_are_gathered_and_the_error_comes_after_them() -> io::Result<()> {
        let (mut reader, mut buffer) = (FullReads::new(Crumbs(5)), [0; 8]);
        assert_eq!(reader.read(&mut buffer[..3]).await?, 3);
        assert_eq!(reader.read(&mut buffer).await?, 2);
        assert_eq!(reader.read(&mut buffer).await.map_err(|error| error.kind()), Err(io::ErrorKind::ConnectionReset));
        Ok(())
    }

    #[tokio::test]
    async fn what_is_at_hand_does_not_wait_for_more() -> io::Result<()> {
        let (mut writer, reader) = duplex(64);
        let (mut reader, mut buffer) = (FullReads::new(reader), [0; 8]);
        writer.write_all(b"abc").await?;
        assert_eq!(reader.read(&mut buffer).await?, 3);
        drop(writer);
        assert_eq!(reader.read(&mut buffer).await?, 0);
        Ok(())
    }
}
