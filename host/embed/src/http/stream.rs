//! A connection that knows which way it goes.

use std::io::{IoSlice, Result};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::counter::Counted;
use super::framing::Excess;

/// The transport of bytes: TCP, a tunnel, or TLS over either.
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

pub type Boxed = Box<dyn Transport>;

/// The address at the other end, as an extension of a response that came straight from there.
#[derive(Clone, Copy)]
pub struct ServerAddress(pub IpAddr);

#[derive(Clone, Copy)]
pub enum Way {
    Straight(IpAddr),
    /// The proxy reads the requests and asks in our place.
    Proxy,
    /// The proxy hands bytes on, unseen.
    Tunnel,
}

pub struct Stream {
    transport: TokioIo<Boxed>,
    way: Way,
    /// Whether the server wants HTTP/2.
    http2: bool,
    excess: Excess,
    _counted: Counted,
}

impl Stream {
    pub fn new(transport: Boxed, way: Way, http2: bool, excess: Excess, counted: Counted) -> Self {
        Self { transport: TokioIo::new(transport), way, http2, excess, _counted: counted }
    }

    fn transport(self: Pin<&mut Self>) -> Pin<&mut TokioIo<Boxed>> {
        Pin::new(&mut self.get_mut().transport)
    }
}

/// The address at the other end is told only if it is the server's. Only a proxy that reads requests gets whole URLs.
impl Connection for Stream {
    fn connected(&self) -> Connected {
        let connected = match self.way {
            Way::Straight(address) => Connected::new().extra(ServerAddress(address)),
            Way::Proxy => Connected::new().proxy(true),
            Way::Tunnel => Connected::new(),
        };
        let connected = connected.extra(self.excess.clone());
        if self.http2 { connected.negotiated_h2() } else { connected }
    }
}

impl Read for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<Result<()>> {
        self.transport().poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.transport().poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.transport().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.transport().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        self.transport().poll_write_vectored(cx, bytes)
    }
}
