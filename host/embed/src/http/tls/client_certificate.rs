//! The certificate that a client shows to an origin.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// With the certificates between it and its root, and its key. There is no Debug.
pub struct ClientCertificate {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl ClientCertificate {
    /// Reads the base64 of a PEM text: certificates, the client's own first, and one key in PKCS#8, PKCS#1 or SEC1.
    ///
    /// # Errors
    ///
    /// A reason that says nothing of the content.
    pub fn read(field: &[u8]) -> Result<Self, &'static str> {
        let pem = STANDARD.decode(field).map_err(|_| "it is not base64")?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let chain = chain.map_err(|_| "its certificates are not PEM")?;
        let keys: Result<Vec<_>, _> = PrivateKeyDer::pem_slice_iter(&pem).collect();
        let mut keys = keys.map_err(|_| "its private key is not PEM")?;
        match (chain.is_empty(), keys.pop(), keys.is_empty()) {
            (true, ..) => Err("it has no certificate"),
            (_, None, _) => Err("it has no private key that could be used"),
            (_, Some(_), false) => Err("it has several private keys"),
            (false, Some(key), true) => Ok(Self { chain, key }),
        }
    }
}
