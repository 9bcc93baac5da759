//! Certificate revocation lists that an embedder gives.

use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject;
use webpki::OwnedCertRevocationList;

/// What every PEM text has somewhere, after whatever explains it.
const PEM: &[u8] = b"-----BEGIN";

/// Reads the lists of a PEM text, or the one that DER is.
///
/// # Errors
///
/// Why they cannot be used.
pub fn read(bytes: &[u8]) -> Result<Vec<CertificateRevocationListDer<'static>>, String> {
    let lists = if bytes.windows(PEM.len()).any(|window| window == PEM) {
        let lists: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(bytes).collect();
        lists.map_err(|error| error.to_string())?
    } else {
        vec![CertificateRevocationListDer::from(bytes.to_vec())]
    };
    if lists.is_empty() {
        return Err("there is no list in it".into());
    }
    for list in &lists {
        OwnedCertRevocationList::from_der(list).map_err(|error| format!("it cannot be read: {error}"))?;
    }
    Ok(lists)
}
