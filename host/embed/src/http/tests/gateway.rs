//! A proxy that opens tunnels.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::certificates::{HOST, Identity};
use super::server::builder;

pub struct Gateway {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Gateway {
    pub async fn open() -> Self {
        Self::start("HTTP/1.1 200 Connection established\r\n\r\n").await
    }

    /// Answers each CONNECT with `response`, and opens the tunnel if it is 200.
    pub async fn start(response: &'static str) -> Self {
        Self::listen(HOST, response, None).await
    }

    /// Clients connect to it over TLS.
    pub async fn secure(identity: &Identity) -> Self {
        let configuration = builder(rustls::ALL_VERSIONS).with_no_client_auth();
        let configuration = configuration.with_single_cert(identity.chain.clone(), identity.key_der());
        let acceptor = TlsAcceptor::from(Arc::new(configuration.expect("a certificate with its key")));
        Self::listen(HOST, "HTTP/1.1 200 Connection established\r\n\r\n", Some(acceptor)).await
    }

    /// At an address that no other server in the tests uses.
    pub async fn elsewhere() -> Self {
        Self::listen("127.0.0.2", "HTTP/1.1 200 Connection established\r\n\r\n", None).await
    }

    async fn listen(host: &str, response: &'static str, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((host, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let known = heads.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, known) = (acceptor.clone(), known.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, response, known).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, response, known).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, heads, accepting }
    }

    /// Host and port.
    pub fn place(&self) -> String {
        self.address.to_string()
    }

    /// The heads of the requests that it received.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut client: impl AsyncRead + AsyncWrite + Unpin, response: &str, heads: Arc<Mutex<Vec<String>>>) {
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
