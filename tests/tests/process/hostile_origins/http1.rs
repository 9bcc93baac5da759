//! Hostile answers over HTTP/1.1.

use std::io::{Error, ErrorKind, Result};
use std::sync::atomic::Ordering;

use super::{BODY, Harm, Wire};

/// Reads a request.
pub async fn request(wire: &mut Wire) -> Result<()> {
    let mut received = Vec::new();
    while !received.windows(4).any(|window| window == b"\r\n\r\n") {
        if wire.read(&mut received).await? == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
    }
    Ok(())
}

pub async fn harm(harm: Harm, mut wire: Wire) -> Result<()> {
    let wire = &mut wire;
    request(wire).await?;
    match harm {
        Harm::LongField => {
            wire.send(b"HTTP/1.1 200 OK\r\nx-long: ").await?;
            wire.for_ever(b"a").await?;
        }
        Harm::ManyFields => {
            wire.send(b"HTTP/1.1 200 OK\r\n").await?;
            wire.for_ever(b"a: b\r\n").await?;
        }
        Harm::Interim => wire.for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n").await?,
        Harm::SlowHead => {
            wire.send(b"HTTP/1.1 200 OK\r\nx-slow: ").await?;
            wire.drip(b"a").await?;
        }
        Harm::Redirects => loop {
            let number = wire.sent.load(Ordering::Relaxed);
            let head = format!("HTTP/1.1 302 Found\r\nlocation: /{number}\r\ncontent-length: 0\r\n\r\n");
            wire.send(head.as_bytes()).await?;
            request(wire).await?;
        },
        Harm::LongBody => {
            wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n").await?;
            wire.for_ever(b"wrong").await?;
        }
        // The connection ends after it.
        Harm::ShortBody => return wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwro").await,
        Harm::Resets => return Ok(()),
        Harm::Trailers => {
            wire.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nwrong\r\n0\r\n").await?;
            wire.for_ever(b"a: b\r\n").await?;
        }
        Harm::TinyPieces => {
            wire.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            wire.send(&b"1\r\na\r\n".repeat(BODY)).await?;
            wire.send(b"0\r\n\r\n").await?;
        }
        Harm::ChunkExtension => {
            wire.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;").await?;
            wire.for_ever(b"a").await?;
        }
        Harm::TwoLengths => {
            wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nwrong!").await?;
        }
        Harm::Pings | Harm::Settings | Harm::Priorities | Harm::WindowUpdates | Harm::EmptyPieces => {
            unreachable!("{harm:?} takes frames")
        }
    }
    wire.until_closed().await
}
