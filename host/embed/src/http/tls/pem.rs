//! Texts in PEM, or one thing in DER.

use rustls::pki_types::pem::PemObject;

/// Every PEM text has this somewhere, perhaps behind an explanation.
const PEM: &[u8] = b"-----BEGIN";

/// All that a PEM text has of this kind, or the one that DER is; whether it is one is not looked at.
///
/// # Errors
///
/// Why it cannot be used.
pub fn read<T: PemObject + From<Vec<u8>>>(bytes: &[u8]) -> Result<Vec<T>, String> {
    if !bytes.windows(PEM.len()).any(|window| window == PEM) {
        return Ok(vec![T::from(bytes.to_vec())]);
    }
    let read: Result<Vec<_>, _> = T::pem_slice_iter(bytes).collect();
    let read = read.map_err(|error| error.to_string())?;
    if read.is_empty() { Err("there is nothing of its kind in it".into()) } else { Ok(read) }
}
