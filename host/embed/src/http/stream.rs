//! A connection that knows which way it goes.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;

pub type TcpStream = TokioIo<tokio::net::TcpStream>;

#[derive(Clone, Copy)]
pub enum Way {
    Straight,
    /// The proxy reads the requests and asks in our place.
    Proxy,
    /// The proxy hands bytes on, unseen.
    Tunnel,
}

pub struct Stream {
    tcp: TcpStream,
    way: Way,
}

impl Stream {
    pub fn new(tcp: TcpStream, way: Way) -> Self {
        Self { tcp, way }
    }

    fn tcp(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().tcp)
    }
}

/// The address at the other end is told only where it is the server's. Only a proxy that reads requests is sent whole URLs.
impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self.way {
            Way::Straight => self.tcp.connected(),
            Way::Proxy => Connected::new().proxy(true),
            Way::Tunnel => Connected::new(),
        }
    }
}

impl Read for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<Result<()>> {
        self.tcp().poll_read(cx, buffer)
    }
}

impl Write for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        self.tcp().poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.tcp().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.tcp().poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        self.tcp().poll_write_vectored(cx, bytes)
    }
}
