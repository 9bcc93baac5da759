//! Untrusted authorities, for an exchange that accepts them.

use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, Der, InvalidSignature, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use webpki::{EndEntityCert, Error, anchor_from_trusted_cert};

use super::Chain;
use super::usage::Usage;

/// The algorithm of a key that does not exist: 2.999.1, from the arc for examples.
const NO_ALGORITHM: AlgorithmIdentifier = AlgorithmIdentifier::from_slice(&[0x06, 0x03, 0x88, 0x37, 0x01]);

/// That key, empty.
const NO_KEY: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x88, 0x37, 0x01, 0x03, 0x01, 0x00];

/// Stand-ins for the roots that a chain leads to. A path that ends at one is verified in every other way, the signatures
/// between its certificates included; only the signature of a root that was not presented cannot be verified.
pub struct Strangers<'a>(Vec<TrustAnchor<'a>>);

impl<'a> Strangers<'a> {
    pub fn new(chain: &Chain<'a>) -> Self {
        let presented = |name: &[u8]| chain.certificates().skip(1).any(|issuer| issuer.subject() == name);
        let absent = chain.certificates().filter(|certificate| !presented(certificate.issuer()));
        let absent = absent.map(|certificate| TrustAnchor {
            subject: Der::from(certificate.issuer().to_vec()),
            subject_public_key_info: Der::from_slice(NO_KEY),
            name_constraints: None,
        });
        Self(absent.chain(chain.intermediates.iter().filter_map(presented_root)).collect())
    }

    /// Whether a path leads to one of them.
    pub fn verify(
        &self,
        chain: &Chain<'_>,
        algorithms: &'static [&'static dyn SignatureVerificationAlgorithm],
        instant: UnixTime,
        usage: Usage,
    ) -> Result<(), Error> {
        let unseen: Vec<_> = algorithms.iter().map(|algorithm| Unseen(algorithm.signature_alg_id())).collect();
        let unseen = unseen.iter().map(|algorithm| algorithm as &dyn SignatureVerificationAlgorithm);
        let algorithms: Vec<_> = algorithms.iter().map(|algorithm| *algorithm as _).chain(unseen).collect();
        chain.leaf.verify_for_usage(&algorithms, &self.0, chain.intermediates, instant, usage, None, None)?;
        Ok(())
    }
}

/// A root among the certificates that were sent vouches with its own key.
fn presented_root<'a>(der: &'a CertificateDer<'a>) -> Option<TrustAnchor<'a>> {
    let certificate = EndEntityCert::try_from(der).ok()?;
    let is_root = certificate.subject() == certificate.issuer();
    if is_root { anchor_from_trusted_cert(der).ok() } else { None }
}

/// A signature under that key: there is nothing to verify it with.
#[derive(Debug)]
struct Unseen(AlgorithmIdentifier);

impl SignatureVerificationAlgorithm for Unseen {
    fn verify_signature(&self, _key: &[u8], _message: &[u8], _signature: &[u8]) -> Result<(), InvalidSignature> {
        Ok(())
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        NO_ALGORITHM
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0
    }
}
