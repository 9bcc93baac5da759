//! The HTTP server in front of all interfaces.

mod brake;
mod guard;
mod replies;
mod requests;
mod websocket;

use std::cell::Cell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use self::brake::Brake;
pub use self::guard::Rules;
use crate::aria2::Aria2;
use crate::metrics::Metrics;

/// Connections at a time, because the usual limit of descriptors is 1,024. Others wait in the kernel's queue.
const CONNECTIONS: usize = 512;

/// Time for the head of a request, and the longest idle time of a connection: aria2's, because its clients reconnect then.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of a head, so that a long query of a GET call has room.
const HEAD_BYTES: usize = 64 << 10;

/// Time until the next attempt after a connection could not be accepted, so that a process without a descriptor does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Time for replies that are on their way when the daemon stops, so that an idle connection does not delay the end.
const CLOSING: Duration = Duration::from_secs(2);

/// The server.
pub struct Server {
    aria2: Aria2,
    rules: Rules,
    metrics: Metrics,
    brake: Brake,
    permits: Semaphore,
    websockets: Cell<usize>,
    closing: watch::Sender<bool>,
}

impl Server {
    /// A server of these interfaces.
    pub fn new(aria2: Aria2, rules: Rules) -> Rc<Self> {
        Rc::new(Self {
            metrics: Metrics::new(),
            aria2,
            rules,
            brake: Brake::default(),
            permits: Semaphore::new(CONNECTIONS),
            websockets: Cell::new(0),
            closing: watch::Sender::new(false),
        })
    }

    /// Accepts connections until the server closes.
    ///
    /// # Panics
    ///
    /// Outside of a [`LocalSet`](tokio::task::LocalSet), on which the connections run.
    pub async fn serve(self: Rc<Self>, listener: TcpListener) {
        tokio::select! {
            () = self.accept(listener) => {}
            () = self.closed() => {}
        }
    }

    async fn accept(self: &Rc<Self>, listener: TcpListener) {
        loop {
            // The semaphore is never closed.
            let Ok(permit) = self.permits.acquire().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    permit.forget();
                    let server = self.clone();
                    tokio::task::spawn_local(async move {
                        let error = server.connection(stream, peer).await.err();
                        if let Some(error) = error.filter(|error| !is_common(error)) {
                            tracing::debug!(%peer, "the connection ended: {error}");
                        }
                        server.permits.add_permits(1);
                    });
                }
                Err(error) => {
                    tracing::warn!("a connection cannot be accepted: {error}");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Accepts no more connections, and waits for replies that are on their way. Other connections end.
    pub async fn close(&self) {
        self.closing.send_replace(true);
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        let _ = timeout(CLOSING, self.permits.acquire_many(all)).await;
    }

    /// Waits until the server closes.
    async fn closed(&self) {
        // The sender lives as long as the server.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    async fn connection(self: &Rc<Self>, stream: TcpStream, peer: SocketAddr) -> Result<(), hyper::Error> {
        let _ = stream.set_nodelay(true);
        // One address of IPv4 is one peer, whatever the listener is.
        let ip = peer.ip().to_canonical();
        let service = service_fn(move |request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.answer(request, ip).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        tokio::pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => return ended,
            () = self.closed() => connection.as_mut().graceful_shutdown(),
        }
        connection.await
    }
}

/// Whether an error says only that a client went away or sent no request.
fn is_common(error: &hyper::Error) -> bool {
    error.is_incomplete_message() || error.is_timeout() || error.is_parse()
}
