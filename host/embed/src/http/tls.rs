//! TLS: the trust of an engine's connections, and the changes that one exchange makes to it.

mod client_certificate;
mod pem;
mod pins;
mod revocation_lists;
mod security_flags;
mod verifier;

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};
use rustls::{ClientConfig, RootCertStore};
use wasmtime_wasi_http::Result;

pub use self::client_certificate::{ClientCertificate, ClientCertificates};
pub use self::pins::NotPinned;
use self::pins::{PinVerifier, Pins};
pub use self::security_flags::SecurityFlags;
use self::verifier::LenientVerifier;
use super::failure;
use super::settings::HttpSettings;
use crate::error::Error;

/// Whom connections trust: the roots of the system and those that the embedder gave, its revocation lists, and its pins.
pub struct Trust {
    provider: Arc<CryptoProvider>,
    /// Loaded when the first connection needs them.
    roots: OnceLock<Result<Arc<RootCertStore>, String>>,
    extra_roots: Vec<CertificateDer<'static>>,
    only_extra_roots: bool,
    revocation_lists: Vec<CertificateRevocationListDer<'static>>,
    pins: Arc<Pins>,
}

impl Trust {
    /// # Errors
    ///
    /// [`Error::Setting`] for a root, a list or a pin that cannot be used.
    pub fn new(settings: &HttpSettings) -> Result<Self, Error> {
        let refuse = |setting| move |reason: String| Error::Setting { setting, reason };
        let lists: Result<Vec<_>, _> =
            settings.revocation_lists.iter().map(|list| revocation_lists::read(list)).collect();
        let roots: Result<Vec<_>, _> = settings.root_certificates.iter().map(|root| read_roots(root)).collect();
        Ok(Self {
            provider: Arc::new(ring::default_provider()),
            roots: OnceLock::new(),
            extra_roots: roots.map_err(refuse("root_certificate"))?.concat(),
            only_extra_roots: settings.only_extra_roots,
            revocation_lists: lists.map_err(refuse("revocation_list"))?.concat(),
            pins: Arc::new(Pins::new(&settings.pins).map_err(|reason| refuse("pin")(reason.into()))?),
        })
    }

    /// How to connect under `flags`, with `certificate` as the client's own; `http2`: whether to offer it.
    ///
    /// Sessions are resumed only under the configuration that they began with, so none skips a check that another exchange
    /// asks for.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of its field for a certificate and a key that cannot be used; TlsCertificateError if
    /// there are no roots, or no revocation lists and they are asked for.
    pub fn configuration(
        &self,
        flags: SecurityFlags,
        certificate: Option<ClientCertificate>,
        http2: bool,
    ) -> Result<Arc<ClientConfig>> {
        let builder = ClientConfig::builder_with_provider(self.provider.clone());
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| failure::of_tls(&error))?;
        let verifier = Arc::new(PinVerifier::new(self.verifier(flags)?, self.pins.clone()));
        let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
        let mut configuration = match certificate {
            Some(ClientCertificate { chain, key }) => builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| failure::client_certificate(&error.to_string()))?,
            None => builder.with_no_client_auth(),
        };
        if http2 {
            configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Ok(Arc::new(configuration))
    }

    fn verifier(&self, flags: SecurityFlags) -> Result<Arc<dyn ServerCertVerifier>> {
        let roots = self.roots()?;
        let mut builder = WebPkiServerVerifier::builder_with_provider(roots.clone(), self.provider.clone());
        if flags.checks_revocation() {
            // Without any list the builder would not ask for revocation at all, and every status is unknown.
            if self.revocation_lists.is_empty() {
                return Err(failure::no_revocation_lists());
            }
            builder = builder.with_crls(self.revocation_lists.iter().cloned()).enforce_revocation_expiration();
        } else if !flags.is_none() {
            return Ok(Arc::new(LenientVerifier::new(roots, flags, self.provider.signature_verification_algorithms)));
        }
        Ok(builder.build().map_err(|error| failure::no_certificates(&error.to_string()))?)
    }

    fn roots(&self) -> Result<Arc<RootCertStore>> {
        let roots = self.roots.get_or_init(|| self.load_roots().map(Arc::new));
        roots.clone().map_err(|reason| failure::no_certificates(&reason))
    }

    fn load_roots(&self) -> Result<RootCertStore, String> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(self.extra_roots.iter().cloned());
        if !self.only_extra_roots {
            add_system_roots(&mut roots);
        }
        if roots.is_empty() { Err("there are none".into()) } else { Ok(roots) }
    }
}

/// Those that cannot be read are left out.
fn add_system_roots(roots: &mut RootCertStore) {
    let loaded = rustls_native_certs::load_native_certs();
    let (_, ignored) = roots.add_parsable_certificates(loaded.certs);
    if ignored > 0 || !loaded.errors.is_empty() {
        tracing::debug!(ignored, errors = ?loaded.errors, "some root certificates cannot be read");
    }
}

fn read_roots(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = pem::read::<CertificateDer<'static>>(bytes)?;
    for root in &read {
        RootCertStore::empty().add(root.clone()).map_err(|error| format!("it cannot be read: {error}"))?;
    }
    Ok(read)
}

#[cfg(test)]
impl Trust {
    /// Takes `roots` for those of the system.
    pub fn with_roots(self, roots: RootCertStore) -> Self {
        Self { roots: OnceLock::from(Ok(Arc::new(roots))), ..self }
    }
}
