//! Reads that return all received bytes at once: TLS returns one record of 16 KiB at a time.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

use super::filtered::Filter;

#[derive(Default)]
pub struct FullReads {
    /// An error that came behind bytes, which are handed out first.
    failure: Option<io::Error>,
}

impl Filter for FullReads {
    fn poll_read(
        &mut self,
        mut inner: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(failure) = self.failure.take() {
            return Poll::Ready(Err(failure));
        }
        let start = buffer.filled().len();
        while buffer.remaining() > 0 {
            let before = buffer.filled().len();
            match inner.as_mut().poll_read(cx, buffer) {
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::super::filtered::Filtered;
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
        let (mut reader, mut buffer) = (Filtered::new(Crumbs(5), FullReads::default()), [0; 8]);
        assert_eq!(reader.read(&mut buffer[..3]).await?, 3);
        assert_eq!(reader.read(&mut buffer).await?, 2);
        assert_eq!(reader.read(&mut buffer).await.map_err(|error| error.kind()), Err(io::ErrorKind::ConnectionReset));
        Ok(())
    }

    #[tokio::test]
    async fn what_is_at_hand_does_not_wait_for_more() -> io::Result<()> {
        let (mut writer, reader) = duplex(64);
        let (mut reader, mut buffer) = (Filtered::new(reader, FullReads::default()), [0; 8]);
        writer.write_all(b"abc").await?;
        assert_eq!(reader.read(&mut buffer).await?, 3);
        drop(writer);
        assert_eq!(reader.read(&mut buffer).await?, 0);
        Ok(())
    }
}
