//! An origin over TLS: a front that terminates TLS and relays to a scripted origin.

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

/// A front for an origin, until this is dropped.
pub struct Secure {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

/// A self-signed certificate with its key.
pub struct Identity {
    pub params: CertificateParams,
    key: KeyPair,
}

impl Identity {
    pub fn of(name: &str) -> Self {
        let params = CertificateParams::new([name.to_owned()]).expect("a certificate");
        Self { params, key: KeyPair::generate().expect("a key") }
    }

    /// Certificate and key, as PEM text.
    pub fn pem(&self) -> String {
        let certificate = self.params.self_signed(&self.key).expect("a signature");
        certificate.pem() + &self.key.serialize_pem()
    }
}

impl Secure {
    /// Serves `origin` with the certificate of `server`. If `client` is set, the front requires its certificate.
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
            // A client may leave, during the handshake or later.
            if let (Ok(mut client), Ok(mut origin)) = (acceptor.accept(client).await, TcpStream::connect(origin).await)
            {
                let _ = tokio::io::copy_bidirectional(&mut client, &mut origin).await;
            }
        });
    }
}
