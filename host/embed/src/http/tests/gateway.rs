//! A proxy that makes tunnels.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::certificates::HOST;

pub struct Gateway {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Gateway {
    pub async fn open() -> Self {
        Self::start("HTTP/1.1 200 Connection established\r\n\r\n").await
    }

    /// Answers each request for a tunnel with `response`; a tunnel is there where that is 200.
    pub async fn start(response: &'static str) -> Self {
        Self::listen(HOST, response).await
    }

    /// At another address than everything else.
    pub async fn elsewhere() -> Self {
        Self::listen("127.0.0.2", "HTTP/1.1 200 Connection established\r\n\r\n").await
    }

    async fn listen(host: &str, response: &'static str) -> Self {
        let listener = TcpListener::bind((host, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let known = heads.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, response, known.clone()));
            }
        });
        Self { address, heads, accepting }
    }

    /// Host and port.
    pub fn place(&self) -> String {
        self.address.to_string()
    }

    /// What it was sent before each tunnel.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut client: TcpStream, response: &str, heads: Arc<Mutex<Vec<String>>>) {
    let mut received = Vec::new();
    while !received.ends_with(b"\r\n\r\n") {
        if !matches!(client.read_buf(&mut received).await, Ok(1..)) {
            return;
        }
    }
    let head = String::from_utf8(received).expect("text");
    let target = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()).expect("CONNECT").to_owned();
    heads.lock().expect("no panic").push(head);
    if client.write_all(response.as_bytes()).await.is_err() || !response.starts_with("HTTP/1.1 200") {
        return;
    }
    if let Ok(mut server) = TcpStream::connect(target).await {
        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
    }
}
