//! TLS: whom an engine's connections trust, and what one exchange changes about it.

mod client_certificate;
mod revocation_lists;
mod security_flags;
mod verifier;

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateRevocationListDer;
use rustls::{ClientConfig, RootCertStore};
use wasmtime_wasi_http::Result;

pub use self::client_certificate::ClientCertificate;
pub use self::security_flags::SecurityFlags;
use self::verifier::LenientVerifier;
use super::failure;
use crate::error::Error;

/// Whom connections trust: the roots of the system, and the revocation lists that the embedder gave.
pub struct Trust {
    provider: Arc<CryptoProvider>,
    /// Loaded when the first connection needs them.
    roots: OnceLock<Result<Arc<RootCertStore>, String>>,
    revocation_lists: Vec<CertificateRevocationListDer<'static>>,
}

impl Trust {
    /// `revocation_lists`: each in PEM or DER.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a list that cannot be read.
    pub fn new(revocation_lists: &[Vec<u8>]) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Setting { setting: "revocation_list", reason };
        let lists: Result<Vec<_>, _> = revocation_lists.iter().map(|list| revocation_lists::read(list)).collect();
        let revocation_lists = lists.map_err(refuse)?.concat();
        Ok(Self { provider: Arc::new(ring::default_provider()), roots: OnceLock::new(), revocation_lists })
    }

    /// How to connect under `flags`, with `certificate` as the client's own.
    ///
    /// Sessions are resumed only under the configuration that they began with, so none skips a check that another exchange
    /// asks for.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of its field for a certificate and a key that cannot be used; TlsCertificateError where
    /// there are no roots, or no revocation lists and they are asked for.
    pub fn configuration(&self, flags: SecurityFlags, certificate: Option<ClientCertificate>) -> Result<ClientConfig> {
        let builder = ClientConfig::builder_with_provider(self.provider.clone());
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| failure::of_tls(&error))?;
        let builder = if flags.is_none() {
            builder.with_root_certificates(self.roots()?)
        } else {
            builder.dangerous().with_custom_certificate_verifier(self.verifier(flags)?)
        };
        match certificate {
            Some(ClientCertificate { chain, key }) => builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| failure::client_certificate(&error.to_string())),
            None => Ok(builder.with_no_client_auth()),
        }
    }

    fn verifier(&self, flags: SecurityFlags) -> Result<Arc<dyn ServerCertVerifier>> {
        let roots = self.roots()?;
        if !flags.checks_revocation() {
            return Ok(Arc::new(LenientVerifier::new(roots, flags, self.provider.signature_verification_algorithms)));
        }
        // Without any list the builder would not ask for revocation at all, and every status is unknown.
        if self.revocation_lists.is_empty() {
            return Err(failure::no_revocation_lists());
        }
        let builder = WebPkiServerVerifier::builder_with_provider(roots, self.provider.clone());
        let builder = builder.with_crls(self.revocation_lists.iter().cloned()).enforce_revocation_expiration();
        Ok(builder.build().map_err(|error| failure::no_certificates(&error.to_string()))?)
    }

    fn roots(&self) -> Result<Arc<RootCertStore>> {
        let roots = self.roots.get_or_init(system_roots);
        roots.clone().map_err(|reason| failure::no_certificates(&reason))
    }
}

/// Roots that cannot be read are left out, as long as there are others.
fn system_roots() -> Result<Arc<RootCertStore>, String> {
    let loaded = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (_, ignored) = roots.add_parsable_certificates(loaded.certs);
    if ignored > 0 || !loaded.errors.is_empty() {
        tracing::debug!(ignored, errors = ?loaded.errors, "some root certificates cannot be read");
    }
    if roots.is_empty() { Err(format!("there are none; {:?}", loaded.errors)) } else { Ok(Arc::new(roots)) }
}

#[cfg(test)]
impl Trust {
    /// Takes `roots` for those of the system.
    pub fn with_roots(self, roots: RootCertStore) -> Self {
        Self { roots: OnceLock::from(Ok(Arc::new(roots))), ..self }
    }
}
