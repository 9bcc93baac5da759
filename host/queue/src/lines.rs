//! Lines of JSON over a local socket.

use std::io::{self, ErrorKind};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

/// The most bytes of a line, so that a peer cannot fill the memory. A request with 100,000 files takes less.
const LONGEST: u64 = 64 << 20;

/// One end of a connection.
pub struct Lines {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    /// The beginning of a line, so that a [`read`](Lines::read) that is dropped loses no bytes.
    received: Vec<u8>,
}

impl Lines {
    pub fn new(stream: UnixStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: BufReader::new(reader), writer, received: Vec::new() }
    }

    /// The next message; `None` after the peer closed its end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidData`] for a line that is no such message; [`ErrorKind::UnexpectedEof`] for a line without an end.
    pub async fn read<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        let room = LONGEST.saturating_sub(self.received.len() as u64);
        (&mut self.reader).take(room).read_until(b'\n', &mut self.received).await?;
        let line = std::mem::take(&mut self.received);
        match line.last() {
            None => Ok(None),
            Some(b'\n') => serde_json::from_slice(&line).map(Some).map_err(|error| not_understood(&error)),
            Some(_) => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Writes a line of [`encode`].
    pub async fn send(&mut self, line: &[u8]) -> io::Result<()> {
        self.writer.write_all(line).await
    }
}

/// A message as a line.
///
/// # Errors
///
/// [`ErrorKind::FileTooLarge`] if it is longer than 64 MiB.
pub fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    if line.len() as u64 > LONGEST { Err(ErrorKind::FileTooLarge.into()) } else { Ok(line) }
}

/// An error without the text of the parser, which quotes the message: that may hold passwords.
fn not_understood(error: &serde_json::Error) -> io::Error {
    let reason = match error.classify() {
        Category::Data => "the message is not one of this protocol",
        Category::Io | Category::Syntax | Category::Eof => "the message is not JSON",
    };
    io::Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_read_that_is_dropped_loses_no_bytes() {
        let (one, other) = UnixStream::pair().unwrap();
        let (mut sender, mut receiver) = (Lines::new(one), Lines::new(other));
        sender.send(b"[1,").await.unwrap();
        assert!(timeout(Duration::from_millis(20), receiver.read::<Vec<u8>>()).await.is_err());
        sender.send(b"2]\n").await.unwrap();
        assert_eq!(receiver.read::<Vec<u8>>().await.unwrap(), Some(vec![1, 2]));
        drop(sender);
        assert_eq!(receiver.read::<Vec<u8>>().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_line_without_an_end_is_an_error() {
        let (one, other) = UnixStream::pair().unwrap();
        let (mut sender, mut receiver) = (Lines::new(one), Lines::new(other));
        sender.send(b"[1").await.unwrap();
        drop(sender);
        assert_eq!(receiver.read::<Vec<u8>>().await.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}
