//! A connection as a stream of bytes: reading header sections, writing at a pace, and the several
//! ways to part.

use crate::origin::pace::Pace;
use std::io::{Error, ErrorKind, Result};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// The longest header section of a request that is read.
const LONGEST_HEAD: usize = 64 * 1024;

/// How long a client is given to take note of the end of a connection.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long a client is given to receive what precedes a reset.
const RECEIPT: Duration = Duration::from_secs(5);

/// The origin's end of a connection.
pub(super) struct Wire {
    stream: TcpStream,
    /// What has been read and not yet been used.
    received: Vec<u8>,
    pace: Pace,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        // Without it the origin is slower, nothing more.
        let _ = stream.set_nodelay(true);
        Self { stream, received: Vec::new(), pace: Pace::new(None) }
    }

    /// Limits everything that is sent from now on.
    pub(super) fn cap(&mut self, bytes_per_second: u64) {
        self.pace = Pace::new(Some(bytes_per_second));
    }

    /// The next header section without its final empty line; `None` when the client has closed
    /// the connection before it.
    pub(super) async fn head(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            // Empty lines before a request are to be ignored (RFC 9112, section 2.2).
            let blank = self.received.iter().take_while(|byte| b"\r\n".contains(byte));
            let start = blank.count();
            self.received.drain(..start);
            if let Some(end) = find(&self.received, b"\r\n\r\n") {
                let rest = self.received.split_off(end + 4);
                let mut head = std::mem::replace(&mut self.received, rest);
                head.truncate(end);
                return Ok(Some(head));
            }
            if self.received.len() > LONGEST_HEAD {
                return Err(ErrorKind::InvalidData.into());
            }
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Reads the content of a request and forgets it.
    pub(super) async fn discard(&mut self, mut length: u64) -> Result<()> {
        while length > 0 {
            if self.received.is_empty() && self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let take = length.min(self.received.len() as u64);
            self.received.drain(..take as usize);
            length -= take;
        }
        Ok(())
    }

    /// Sends all of `bytes`.
    pub(super) async fn send(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let sent = self.send_some(bytes).await?;
            bytes = &bytes[sent..];
        }
        Ok(())
    }

    /// Sends as many of `bytes` as is possible at once, and tells how many.
    pub(super) async fn send_some(&mut self, bytes: &[u8]) -> Result<usize> {
        let turn = self.pace.turn(bytes.len()).await;
        let sent = self.stream.write(&bytes[..turn]).await?;
        if sent == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        self.pace.spend(sent);
        Ok(sent)
    }

    /// Waits for the client's end of the connection to close; the result says how it did.
    /// Requests that arrive meanwhile are kept.
    pub(super) async fn client_leaves(&mut self) -> Error {
        loop {
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) => return ErrorKind::UnexpectedEof.into(),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    }

    /// Closes the connection in an orderly way: all that was sent arrives, then the end. Unread
    /// requests would make a reset of it, therefore some time is spent in reading.
    pub(super) async fn close(mut self) {
        if self.stream.shutdown().await.is_ok() {
            // Whether the client left or the time is over, there is nothing more to do.
            let _ = timeout(FAREWELL, self.client_leaves()).await;
        }
    }

    /// Resets the connection, once the client's system has received all that was sent.
    pub(super) async fn reset(self) {
        // A client that does not read loses what is under way.
        let _ = timeout(RECEIPT, self.received_by_client()).await;
        // It fails only on a connection which is broken already.
        let _ = self.stream.set_zero_linger();
    }

    /// The system does not announce the receipt of the last byte, so that it has to be asked
    /// again and again.
    async fn received_by_client(&self) {
        while unacknowledged(&self.stream).is_some_and(|bytes| bytes > 0) {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// How many bytes are sent and not yet received, where Linux can tell.
fn unacknowledged(stream: &TcpStream) -> Option<u64> {
    let ports = [stream.local_addr().ok()?, stream.peer_addr().ok()?].map(|address| format!(":{:04X}", address.port()));
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let row = table.lines().find_map(|line| {
        let columns: Vec<_> = line.split_whitespace().collect();
        let ours = columns.get(1)?.ends_with(&ports[0]) && columns.get(2)?.ends_with(&ports[1]);
        ours.then_some(columns)
    })?;
    let (unacknowledged, _) = row.get(4)?.split_once(':')?;
    u64::from_str_radix(unacknowledged, 16).ok()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
