//! Verification of a server's certificate, less the checks that an exchange skips.

mod instants;
mod refusal;
mod strangers;
mod usage;

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, RootCertStore, SignatureScheme};
use webpki::{EndEntityCert, Error};

use self::instants::instants;
use self::strangers::Strangers;
use self::usage::Usage;
use super::security_flags::SecurityFlags;

/// Makes the checks of rustls' own verifier. Each flag takes one away and leaves the others: issuer, dates, usage, name. The server's
/// possession of the key is always verified.
#[derive(Debug)]
pub struct LenientVerifier {
    roots: Arc<RootCertStore>,
    flags: SecurityFlags,
    algorithms: WebPkiSupportedAlgorithms,
}

impl LenientVerifier {
    pub fn new(roots: Arc<RootCertStore>, flags: SecurityFlags, algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self { roots, flags, algorithms }
    }

    /// Issuer, dates and usage. If dates do not count, a refusal that is not about dates goes before one that is.
    fn verify_chain(&self, chain: &Chain<'_>, now: UnixTime) -> Result<(), Error> {
        let Err(mut refusal) = self.verify_path(chain, now) else { return Ok(()) };
        if self.flags.ignores_dates() {
            for instant in instants(chain) {
                match self.verify_path(chain, instant) {
                    Ok(()) => return Ok(()),
                    Err(other) if is_about_dates(&refusal) => refusal = other,
                    Err(_) => {}
                }
            }
        }
        Err(refusal)
    }

    /// As if `instant` were now.
    fn verify_path(&self, chain: &Chain<'_>, instant: UnixTime) -> Result<(), Error> {
        let usage = if self.flags.ignores_wrong_usage() { Usage::Any } else { Usage::Server };
        let (known, intermediates) = (&self.roots.roots, chain.intermediates);
        let path = chain.leaf.verify_for_usage(self.algorithms.all, known, intermediates, instant, usage, None, None);
        let Err(refusal) = path else { return Ok(()) };
        if !self.flags.ignores_unknown_ca() {
            return Err(refusal);
        }
        match refusal {
            Error::UnknownIssuer | Error::InvalidSignatureForPublicKey => {
                Strangers::new(chain).verify(chain, self.algorithms.all, instant, usage)
            }
            // Self-signed certificates of common tools call themselves authorities. This is told only after the dates were
            // found right.
            Error::CaUsedAsEndEntity if chain.is_self_issued() => usage.verify_authority(chain.certificate),
            _ => Err(refusal),
        }
    }
}

impl ServerCertVerifier for LenientVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = Chain::new(end_entity, intermediates).map_err(refusal::told)?;
        self.verify_chain(&chain, now).map_err(refusal::told)?;
        if !self.flags.ignores_wrong_name() {
            chain.leaf.verify_is_valid_for_subject_name(server_name).map_err(refusal::told)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// The certificates that a server presents.
struct Chain<'a> {
    certificate: &'a CertificateDer<'a>,
    leaf: EndEntityCert<'a>,
    intermediates: &'a [CertificateDer<'a>],
}

impl<'a> Chain<'a> {
    fn new(certificate: &'a CertificateDer<'a>, intermediates: &'a [CertificateDer<'a>]) -> Result<Self, Error> {
        Ok(Self { certificate, leaf: EndEntityCert::try_from(certificate)?, intermediates })
    }

    /// The certificates that can be read, the server's own first.
    fn certificates(&self) -> impl Iterator<Item = EndEntityCert<'a>> {
        std::iter::once(self.certificate).chain(self.intermediates).filter_map(|der| EndEntityCert::try_from(der).ok())
    }

    fn is_self_issued(&self) -> bool {
        self.leaf.issuer() == self.leaf.subject()
    }
}

fn is_about_dates(refusal: &Error) -> bool {
    matches!(refusal, Error::CertExpired { .. } | Error::CertNotValidYet { .. })
}
