//! A connection as a stream of bytes: reads header sections, writes at a pace, and closes or resets.

use crate::origin::pace::Pace;
use std::io::{Error, ErrorKind, Result};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// The longest header section that is read.
const LONGEST_HEAD: usize = 64 * 1024;

/// The time a client has to notice the end of a connection.
const FAREWELL: Duration = Duration::from_secs(2);

/// The time a client has to receive the bytes before a reset.
const RECEIPT: Duration = Duration::from_secs(5);

/// The origin's end of a connection.
pub(super) struct Wire {
    stream: TcpStream,
    /// Bytes read and not yet used.
    received: Vec<u8>,
    pace: Pace,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        // If this fails, the origin is only slower.
        let _ = stream.set_nodelay(true);
        Self { stream, received: Vec::new(), pace: Pace::new(None) }
    }

    /// Limits the rate of everything sent from now on.
    pub(super) fn cap(&mut self, bytes_per_second: u64) {
        self.pace = Pace::new(Some(bytes_per_second));
    }

    /// The next header section without its final empty line; `None` if the client closes the connection first.
    pub(super) async fn head(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            // A server ignores empty lines before a request (RFC 9112, section 2.2).
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

    /// Reads the content of a request and drops it.
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

    /// Sends as many of `bytes` as it can at once; returns their number.
    pub(super) async fn send_some(&mut self, bytes: &[u8]) -> Result<usize> {
        let turn = self.pace.turn(bytes.len()).await;
        let sent = self.stream.write(&bytes[..turn]).await?;
        if sent == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        self.pace.spend(sent);
        Ok(sent)
    }

    /// Waits until the client closes its end of the connection; the result tells how. Requests that arrive meanwhile are kept.
    pub(super) async fn client_leaves(&mut self) -> Error {
        loop {
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) => return ErrorKind::UnexpectedEof.into(),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    }

    /// Closes the connection in an orderly way: all sent data arrives, then the end. Unread requests would turn that into a
    /// reset, so this keeps reading for a while.
    pub(super) async fn close(mut self) {
        if self.stream.shutdown().await.is_ok() {
            // Nothing is left to do, whether the client left or the time is over.
            let _ = timeout(FAREWELL, self.client_leaves()).await;
        }
    }

    /// Resets the connection once the client's system has received all sent data.
    pub(super) async fn reset(self) {
        // A client that does not read loses the data in flight.
        let _ = timeout(RECEIPT, self.received_by_client()).await;
        // This fails only if the connection is already broken.
        let _ = self.stream.set_zero_linger();
    }

    /// Polls, because the system does not report the receipt of the last byte.
    async fn received_by_client(&self) {
        while unacknowledged(&self.stream).is_some_and(|bytes| bytes > 0) {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The number of sent bytes that the client has not acknowledged; `None` if Linux does not tell.
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
