//! Instants at which a chain may have been valid.

use std::time::Duration;

use rustls::pki_types::UnixTime;
use webpki::{EndEntityCert, Error};

use super::Chain;
use super::usage::Usage;

/// Certificates that are looked at, so that a long chain costs little; no path through a chain is longer.
const MOST: usize = 8;

/// The instants at which each certificate begins to be valid. Certificates with a common time of validity were all valid when the last
/// of them began to be. So a chain whose dates do not count is tried at each of these instants, and a chain whose certificates were
/// never valid together is refused all the same.
pub fn instants(chain: &Chain<'_>) -> Vec<UnixTime> {
    chain.certificates().take(MOST).map(|certificate| not_before(&certificate)).collect()
}

/// The library tells it only in its refusal of a time before.
fn not_before(certificate: &EndEntityCert<'_>) -> UnixTime {
    let epoch = UnixTime::since_unix_epoch(Duration::ZERO);
    match certificate.verify_for_usage(&[], &[], &[], epoch, Usage::Any, None, None) {
        Err(Error::CertNotValidYet { not_before, .. }) => not_before,
        _ => epoch,
    }
}
