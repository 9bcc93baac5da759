//! A connection to the engine that counts the sent bytes.

use std::io::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

pub struct Wire {
    stream: Box<dyn Transport>,
    pub sent: Arc<AtomicU64>,
}

impl Wire {
    /// `sent` counts the bytes of all connections.
    pub fn new(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, sent: Arc<AtomicU64>) -> Self {
        Self { stream: Box::new(stream), sent }
    }

    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await?;
        self.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Sends `bytes` repeatedly, as fast as the client reads.
    pub async fn for_ever(&mut self, bytes: &[u8]) -> Result<()> {
        let many = bytes.repeat((1 << 16) / bytes.len() + 1);
        loop {
            self.send(&many).await?;
        }
    }

    /// Sends `bytes` ten times a second.
    pub async fn drip(&mut self, bytes: &[u8]) -> Result<()> {
        loop {
            self.send(bytes).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Appends the next bytes to `received`; returns their number.
    pub async fn read(&mut self, received: &mut Vec<u8>) -> Result<usize> {
        self.stream.read_buf(received).await
    }

    pub async fn read_exact(&mut self, bytes: &mut [u8]) -> Result<()> {
        self.stream.read_exact(bytes).await.map(drop)
    }

    /// Waits until the client leaves.
    pub async fn until_closed(&mut self) -> Result<()> {
        while self.stream.read(&mut [0; 1024]).await? > 0 {}
        Ok(())
    }
}
