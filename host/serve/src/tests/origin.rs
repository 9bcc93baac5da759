//! A scripted origin.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// An origin with these paths: `/f/N` is a file of N bytes with a validator and ranges, `/slow/N` sends one half and waits until it is
/// released, `/status/N` is an empty answer with this status, `/meta` a Metalink document of two files.
pub struct Origin {
    pub address: SocketAddr,
    released: Cell<bool>,
    release: Notify,
}

impl Origin {
    pub async fn open() -> Rc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let origin = Rc::new(Self { address, released: Cell::new(false), release: Notify::new() });
        let server = origin.clone();
        tokio::task::spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::task::spawn_local(async move {
                    let _ = server.converse(stream).await;
                });
            }
        });
        origin
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Lets all slow files arrive.
    pub fn release(&self) {
        self.released.set(true);
        self.release.notify_waiters();
    }

    async fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        loop {
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                if stream.read_buf(&mut head).await? == 0 {
                    return Ok(());
                }
            }
            let text = String::from_utf8_lossy(&head).into_owned();
            head.clear();
            let path = text.split(' ').nth(1).unwrap_or_default();
            let path = path.split('?').next().unwrap_or_default();
            let number = path.rsplit('/').next().and_then(|number| number.parse::<usize>().ok()).unwrap_or(0);
            if path.starts_with("/status/") {
                let reply = format!("HTTP/1.1 {number} Status\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(reply.as_bytes()).await?;
            } else if path == "/meta" {
                let document = self.metalink();
                let media_type = "Content-Type: application/metalink4+xml";
                let reply =
                    format!("HTTP/1.1 200 OK\r\n{media_type}\r\nContent-Length: {}\r\n\r\n{document}", document.len());
                stream.write_all(reply.as_bytes()).await?;
            } else {
                self.send_file(&mut stream, &text, path, number).await?;
            }
        }
    }

    async fn send_file(&self, stream: &mut TcpStream, request: &str, path: &str, length: usize) -> std::io::Result<()> {
        let lower = request.to_ascii_lowercase();
        let range =
            lower.lines().find_map(|line| line.strip_prefix("range: bytes=")).and_then(|range| range.split_once('-'));
        let from = range.and_then(|(from, _)| from.parse().ok()).unwrap_or(0_usize);
        let to =
            range.and_then(|(_, to)| to.trim().parse::<usize>().ok()).map_or(length, |last| (last + 1).min(length));
        let status = match range {
            Some(_) => format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{length}", to - 1),
            None => "200 OK".into(),
        };
        let body = content(length)[from..to].to_vec();
        let head = format!(
            "HTTP/1.1 {status}\r\nETag: \"{length}\"\r\nAccept-Ranges: bytes\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        let half = if path.starts_with("/slow/") { body.len() / 2 } else { 0 };
        stream.write_all(&body[..half]).await?;
        let released = self.release.notified();
        if half > 0 && !self.released.get() {
            released.await;
        }
        stream.write_all(&body[half..]).await
    }

    pub fn metalink(&self) -> String {
        let file =
            |name: &str| format!(r#"<file name="{name}"><size>1000</size><url>{}</url></file>"#, self.url("/f/1000"));
        let files = file("one.bin") + &file("two.bin");
        format!(r#"<?xml version="1.0"?><metalink xmlns="urn:ietf:params:xml:ns:metalink">{files}</metalink>"#)
    }
}

/// The content of a file of this length.
pub fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}
