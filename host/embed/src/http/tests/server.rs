//! A server whose responses repeat the request.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::certificates::{HOST, Identity};

pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    connections: Arc<AtomicUsize>,
    closed: Arc<AtomicUsize>,
    received: Arc<Mutex<Vec<Received>>>,
    accepting: JoinHandle<()>,
}

/// A request as received.
#[derive(Debug, PartialEq, Eq)]
pub struct Received {
    pub head: String,
    /// The client certificate, in DER.
    pub certificate: Option<Vec<u8>>,
}

impl Server {
    /// Without TLS. Each response has the lines in `fields` in addition to its length.
    pub async fn plain(fields: &'static str) -> Self {
        Self::start(None, fields).await
    }

    pub async fn secure(identity: &Identity) -> Self {
        let configuration = builder(rustls::ALL_VERSIONS).with_no_client_auth();
        let configuration = configuration.with_single_cert(identity.chain.clone(), identity.key_der());
        Self::configured(configuration.expect("a certificate with its key")).await
    }

    /// Presents a certificate without its private key.
    pub async fn impostor(identity: &Identity, own: &Identity, version: &'static SupportedProtocolVersion) -> Self {
        let key = ring::sign::any_supported_type(&own.key_der()).expect("a key");
        let shown = Impostor(Arc::new(CertifiedKey::new(identity.chain.clone(), key)));
        Self::configured(builder(&[version]).with_no_client_auth().with_cert_resolver(Arc::new(shown))).await
    }

    pub async fn configured(configuration: ServerConfig) -> Self {
        Self::start(Some(TlsAcceptor::from(Arc::new(configuration))), "").await
    }

    /// Without TLS; answers one request with `response` verbatim.
    pub async fn raw(response: String) -> Self {
        Self::raw_bytes(response.into_bytes()).await
    }

    /// The same with bytes.
    pub async fn raw_bytes(response: Vec<u8>) -> Self {
        let listener = TcpListener::bind((HOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let accepting = tokio::spawn(async move {
            if let Ok((mut stream, _)) = listener.accept().await {
                let mut received = [0; 4096];
                let _ = stream.read(&mut received).await;
                let _ = stream.write_all(&response).await;
                let _ = stream.read(&mut received).await;
            }
        });
        let (connections, closed, received) = Default::default();
        Self { address, scheme: "http", connections, closed, received, accepting }
    }

    async fn start(acceptor: Option<TlsAcceptor>, fields: &'static str) -> Self {
        let listener = TcpListener::bind((HOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        let closed = Arc::new(AtomicUsize::new(0));
        let closing = closed.clone();
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let receiving = received.clone();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
                let (acceptor, closing, receiving) = (acceptor.clone(), closing.clone(), receiving.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => answer(stream, number, fields, |head| keep(&receiving, head, None)).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                                let shown = shown.map(|certificate| certificate.to_vec());
                                answer(stream, number, fields, |head| keep(&receiving, head, shown.clone())).await;
                            }
                        }
                    }
                    closing.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, scheme, connections, closed, received, accepting }
    }

    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The requests since the last call.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().expect("no panic"))
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The number of connections that the client has not closed.
    pub fn open(&self) -> usize {
        self.connections() - self.closed.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

pub fn builder(
    versions: &[&'static SupportedProtocolVersion],
) -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    builder.with_protocol_versions(versions).expect("versions")
}

fn keep(received: &Mutex<Vec<Received>>, head: &str, certificate: Option<Vec<u8>>) {
    received.lock().expect("no panic").push(Received { head: head.into(), certificate });
}

/// Answers every request of a connection with the connection's number and the request's head.
async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    number: usize,
    fields: &str,
    mut keep: impl FnMut(&str),
) {
    let mut received = Vec::new();
    loop {
        match stream.read_buf(&mut received).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head: Vec<u8> = received.drain(..end + 4).collect();
        let head = String::from_utf8_lossy(&head);
        keep(&head);
        let body = format!("{number}\n{head}");
        let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{fields}\r\n{body}", body.len());
        if stream.write_all(response.as_bytes()).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
}

#[derive(Debug)]
struct Impostor(Arc<CertifiedKey>);

impl ResolvesServerCert for Impostor {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}
