//! Certificate revocation lists that an embedder gives.

use rustls::pki_types::CertificateRevocationListDer;
use webpki::OwnedCertRevocationList;

use super::pem;

/// Reads the lists of a PEM text, or the one that DER is.
///
/// # Errors
///
/// Why they cannot be used.
pub fn read(bytes: &[u8]) -> Result<Vec<CertificateRevocationListDer<'static>>, String> {
    let lists = pem::read::<CertificateRevocationListDer<'static>>(bytes)?;
    for list in &lists {
        OwnedCertRevocationList::from_der(list).map_err(|error| format!("it cannot be read: {error}"))?;
    }
    Ok(lists)
}
