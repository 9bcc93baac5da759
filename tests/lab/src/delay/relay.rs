//! One direction of one connection.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The most bytes in flight, like the window of TCP.
const WINDOW: u32 = 4 << 20;

/// The most bytes of one read.
const CHUNK: u32 = 256 << 10;

/// Bytes, the time at which they are due, and the room in the window that they occupy until then.
struct Chunk {
    bytes: Vec<u8>,
    due: Instant,
    _room: OwnedSemaphorePermit,
}

/// Writes the bytes that it reads after `delay`. It ends if either side closes.
pub async fn relay(from: impl AsyncRead, to: impl AsyncWrite, delay: Duration) {
    let (sender, receiver) = unbounded_channel();
    tokio::join!(read(from, sender, delay), write(to, receiver));
}

async fn read(from: impl AsyncRead, sender: UnboundedSender<Chunk>, delay: Duration) {
    let mut from = pin!(from);
    let window = Arc::new(Semaphore::new(WINDOW as usize));
    while let Ok(mut room) = window.clone().acquire_many_owned(CHUNK).await {
        let mut bytes = Vec::with_capacity(CHUNK as usize);
        let count = from.as_mut().take(u64::from(CHUNK)).read_buf(&mut bytes).await.unwrap_or(0);
        if count == 0 {
            return;
        }
        drop(room.split(CHUNK as usize - count));
        let chunk = Chunk { bytes, due: Instant::now() + delay, _room: room };
        if sender.send(chunk).is_err() {
            return;
        }
    }
}

async fn write(to: impl AsyncWrite, mut receiver: UnboundedReceiver<Chunk>) {
    let mut to = pin!(to);
    while let Some(chunk) = receiver.recv().await {
        sleep_until(chunk.due).await;
        if to.write_all(&chunk.bytes).await.is_err() {
            return;
        }
    }
    let _ = to.shutdown().await;
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;
    use tokio::task::yield_now;

    use super::*;

    /// The number of turns after which the relay counts as blocked.
    const TURNS: usize = 100;

    async fn turns() {
        for _ in 0..TURNS {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn no_more_than_a_window_is_on_its_way() {
        let (mut end, from) = duplex(CHUNK as usize);
        tokio::spawn(relay(from, tokio::io::sink(), Duration::from_secs(3600)));
        let part = vec![0; CHUNK as usize];
        let mut taken = 0;
        loop {
            tokio::select! {
                biased;
                written = end.write(&part) => taken += written.unwrap(),
                () = turns() => break,
            }
        }
        assert_eq!(taken, (WINDOW + CHUNK) as usize);
    }

    #[tokio::test]
    async fn the_end_of_one_side_is_the_end_of_the_other() {
        let (mut client, from) = duplex(64);
        let (to, mut server) = duplex(64);
        tokio::spawn(relay(from, to, Duration::ZERO));
        client.write_all(b"all").await.unwrap();
        drop(client);
        let mut all = Vec::new();
        server.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, b"all");
    }
}
