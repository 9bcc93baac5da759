//! An origin over TLS: a front that takes the TLS off and hands the bytes to a scripted origin.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use haul_tests::origin::Origin;
use rcgen::{CertificateParams, KeyPair};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// Serves what an origin serves, until it is dropped.
pub struct Secure {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

/// A certificate of nobody known, with its key.
pub struct Identity {
    pub params: CertificateParams,
    key: KeyPair,
}

impl Identity {
    pub fn of(name: &str) -> Self {
        let params = CertificateParams::new([name.to_owned()]).expect("a certificate");
        Self { params, key: KeyPair::generate().expect("a key") }
    }

    /// Certificate and key as PEM text.
    pub fn pem(&self) -> String {
        let certificate = self.params.self_signed(&self.key).expect("a signature");
        certificate.pem() + &self.key.serialize_pem()
    }
}

impl Secure {
    /// In front of `origin`, as `server`; `client` is whom it wants to see a certificate of.
    pub async fn serve(origin: &Origin, server: &Identity, client: Option<&Identity>) -> Self {
        let certificate =
            |identity: &Identity| identity.params.self_signed(&identity.key).expect("a signature").der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server.key.serialize_der()));
        let builder = ServerConfig::builder();
        let builder = match client {
            None => builder.with_no_client_auth(),
            Some(client) => {
                let mut roots = RootCertStore::empty();
                roots.add(certificate(client)).expect("a root");
                let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().expect("a verifier");
                builder.with_client_cert_verifier(verifier)
            }
        };
        let configuration = builder.with_single_cert(vec![certificate(server)], key).expect("a configuration");
        let acceptor = TlsAcceptor::from(Arc::new(configuration));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("the port");
        let serving = tokio::spawn(accept(listener, acceptor, origin.address()));
        Self { address, serving }
    }

    /// The URL of `path` for this host name.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("https://{host}:{}{path}", self.address.port())
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, origin: SocketAddr) {
    while let Ok((client, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // A client that turns away, in the handshake or later, is none of the front's business.
            if let (Ok(mut client), Ok(mut origin)) = (acceptor.accept(client).await, TcpStream::connect(origin).await)
            {
                let _ = tokio::io::copy_bidirectional(&mut client, &mut origin).await;
            }
        });
    }
}
