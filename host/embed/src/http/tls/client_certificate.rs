//! The certificate that a client shows to an origin.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Uri;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::Error;
use crate::http::host_pattern::HostPattern;
use crate::http::settings::HostCertificate;
use crate::secret::Secret;

/// With the certificates between it and its root, and its key. There is no Debug.
pub struct ClientCertificate {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl ClientCertificate {
    /// Reads the base64 of a PEM text.
    ///
    /// # Errors
    ///
    /// A reason that says nothing of the content.
    pub fn decode(field: &[u8]) -> Result<Secret<Vec<u8>>, &'static str> {
        STANDARD.decode(field).map(Into::into).map_err(|_| "it is not base64")
    }

    /// Reads a PEM text: certificates, the client's own first, and one key in PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    ///
    /// A reason that says nothing of the content.
    pub fn read(pem: &[u8]) -> Result<Self, &'static str> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let chain = chain.map_err(|_| "its certificates are not PEM")?;
        let keys: Result<Vec<_>, _> = PrivateKeyDer::pem_slice_iter(pem).collect();
        let mut keys = keys.map_err(|_| "its private key is not PEM")?;
        match (chain.is_empty(), keys.pop(), keys.is_empty()) {
            (true, ..) => Err("it has no certificate"),
            (_, None, _) => Err("it has no private key that could be used"),
            (_, Some(_), false) => Err("it has several private keys"),
            (false, Some(key), true) => Ok(Self { chain, key }),
        }
    }
}

/// The host's own, as PEM texts: the first one that is for an origin is shown to it. There is no Debug.
pub struct ClientCertificates(Vec<(HostPattern, Secret<Vec<u8>>)>);

impl ClientCertificates {
    /// # Errors
    ///
    /// [`Error::Setting`] for a pattern, a certificate or a key that cannot be used.
    pub fn new(certificates: &[HostCertificate]) -> Result<Self, Error> {
        let refuse = |reason: &str| Error::Setting { setting: "client_certificate", reason: reason.into() };
        let read = certificates.iter().map(|HostCertificate { hosts, pem }| {
            let pattern = HostPattern::read(hosts).ok_or_else(|| refuse("it is for no host"))?;
            ClientCertificate::read(pem.expose()).map_err(refuse)?;
            Ok((pattern, pem.clone()))
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    pub fn of(&self, origin: &Uri) -> Option<&Secret<Vec<u8>>> {
        self.0.iter().find(|(pattern, _)| pattern.is_of(origin)).map(|(_, pem)| pem)
    }
}
