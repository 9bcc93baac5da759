//! Keys that servers must have, whichever authority vouches for them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};
use sha2::{Digest, Sha256};
use webpki::EndEntityCert;

use crate::hosts::{is_name, without_final_dot};
use crate::http::settings::Pin;

/// SHA-256 of the public keys that each host may have, as SubjectPublicKeyInfo.
#[derive(Debug)]
pub struct Pins(HashMap<String, Vec<[u8; 32]>>);

/// The server has another key.
#[derive(Debug, thiserror::Error)]
#[error("the server's key is not pinned")]
pub struct NotPinned;

impl Pins {
    /// # Errors
    ///
    /// The fault of one of the pins.
    pub fn new(pins: &[Pin]) -> Result<Self, &'static str> {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for Pin { host, key } in pins {
            let host = named(host).ok_or("it is for no host")?;
            known.entry(host).or_default().push(*key);
        }
        Ok(Self(known))
    }

    fn verify(&self, certificate: &CertificateDer<'_>, server: &ServerName<'_>) -> Result<(), rustls::Error> {
        let Some(keys) = named(&server.to_str()).and_then(|host| self.0.get(&host)) else { return Ok(()) };
        let leaf = EndEntityCert::try_from(certificate).map_err(|_| CertificateError::BadEncoding)?;
        let key: [u8; 32] = Sha256::digest(leaf.subject_public_key_info().as_ref()).into();
        if keys.contains(&key) {
            return Ok(());
        }
        Err(CertificateError::Other(OtherError(Arc::new(NotPinned))).into())
    }
}

/// A name in lower case without a dot at its end, or an address in its usual form.
fn named(host: &str) -> Option<String> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse::<std::net::IpAddr>() {
        return Some(address.to_string());
    }
    let name = without_final_dot(host);
    is_name(name).then(|| name.to_ascii_lowercase())
}

/// Verifies as another does, and then looks for the pin: whatever that one passes over, the key has to be right.
pub struct PinVerifier {
    verifier: Arc<dyn ServerCertVerifier>,
    pins: Arc<Pins>,
}

impl PinVerifier {
    pub fn new(verifier: Arc<dyn ServerCertVerifier>, pins: Arc<Pins>) -> Self {
        Self { verifier, pins }
    }
}

/// A signature in a chain that is not by the authority of that name is by another one that has the name.
fn namesake(refusal: rustls::Error) -> rustls::Error {
    match refusal {
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => CertificateError::UnknownIssuer.into(),
        other => other,
    }
}

impl fmt::Debug for PinVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinVerifier").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(namesake)?;
        self.pins.verify(end_entity, server_name)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
