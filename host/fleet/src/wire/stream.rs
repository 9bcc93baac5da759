//! The connection below the protocol: a Unix socket, TCP, or TLS on TCP.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

use super::Failure;
use super::message::Outgoing;

/// The place of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Tcp {
        host: String,
        port: u16,
    },
    /// The directory of its Unix socket, and the port that names the socket.
    Unix {
        directory: PathBuf,
        port: u16,
    },
}

/// The protection of TCP connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// None: the URL says `sslmode=disable`.
    None,
    /// TLS with a verified certificate: of the system's roots, or of the roots in this file.
    Tls(Option<PathBuf>),
}

pub trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

pub type Stream = Box<dyn Duplex>;

/// Connects; also returns whether no other machine can read the connection.
pub async fn connect(endpoint: &Endpoint, security: &Security) -> Result<(Stream, bool), Failure> {
    match (endpoint, security) {
        (Endpoint::Unix { directory, port }, _) => {
            let socket = directory.join(format!(".s.PGSQL.{port}"));
            Ok((Box::new(UnixStream::connect(socket).await.map_err(Failure::Io)?), true))
        }
        (Endpoint::Tcp { host, port }, Security::None) => Ok((Box::new(dial(host, *port).await?), false)),
        (Endpoint::Tcp { host, port }, Security::Tls(roots)) => {
            let name =
                ServerName::try_from(host.clone()).map_err(|_| Failure::Login("its name is not valid for TLS"))?;
            let configuration = configuration(roots.as_deref()).map_err(Failure::Io)?;
            let mut plain = dial(host, *port).await?;
            plain.write_all(Outgoing::tls().bytes()).await.map_err(Failure::Io)?;
            let mut answer = [0];
            plain.read_exact(&mut answer).await.map_err(Failure::Io)?;
            if answer != *b"S" {
                return Err(Failure::Login(
                    "it has no TLS; set ssl = on, or write sslmode=disable in a network that you trust",
                ));
            }
            let encrypted = TlsConnector::from(Arc::new(configuration)).connect(name, plain).await;
            Ok((Box::new(encrypted.map_err(Failure::Io)?), true))
        }
    }
}

async fn dial(host: &str, port: u16) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect((host, port)).await.map_err(Failure::Io)?;
    stream.set_nodelay(true).map_err(Failure::Io)?;
    Ok(stream)
}

fn configuration(roots: Option<&Path>) -> io::Result<ClientConfig> {
    let mut store = RootCertStore::empty();
    match roots {
        Some(path) => {
            add(&mut store, path).map_err(|reason| io::Error::other(format!("{}: {reason}", path.display())))?
        }
        None => drop(store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if store.is_empty() {
        return Err(io::Error::other("there are no root certificates; name a file with sslrootcert=FILE"));
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}

fn add(store: &mut RootCertStore, path: &Path) -> Result<(), String> {
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())? {
        store.add(certificate.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    }
    Ok(())
}
