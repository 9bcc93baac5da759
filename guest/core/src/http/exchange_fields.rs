//! Private fields of one exchange, for settings that WASI cannot express and the host's driver understands. `wit/driver.wit` lists them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::head::Head;
use crate::failure::{Cause, CertificateCause, NetworkCause};
use crate::settings::property::SecurityFlags;
use crate::settings::proxy::ProxySettings;
use crate::text::secret::Secret;

/// Prefix of every private field name.
const PREFIX: &str = "haul-";

const SECURITY_FLAGS: &str = "haul-security-flags";
const CLIENT_CERTIFICATE: &str = "haul-client-certificate";
const NETWORK_TOKEN: &str = "haul-network-token";
const PROXY: &str = "haul-proxy";
const SERVER_ADDRESS: &str = "haul-server-address";

/// Whether a field must never go over the wire.
pub fn is_private(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// The cause for a private field that the host rejects; `None` if the field is not private.
pub fn unusable(name: &str) -> Option<Cause> {
    match name {
        PROXY => Some(Cause::InvalidProxyInfo),
        CLIENT_CERTIFICATE => Some(Cause::ClientCertificateInvalid),
        _ if is_private(name) => Some(Cause::Engine),
        _ => None,
    }
}

/// The cause of a failed TLS connection from the host's error text; `None` if the text is not one of these.
pub fn insecure(words: &str) -> Option<Cause> {
    use CertificateCause::{
        BadSignature, Expired, NotPinned, NotYetValid, RevocationUnknown, Revoked, UnknownIssuer, WrongName, WrongUsage,
    };
    let network = |cause| Some(Cause::Network(cause));
    let certificate = match words.strip_prefix(PREFIX)? {
        "tls-version" => return network(NetworkCause::TlsVersion),
        "tls-parameters" => return network(NetworkCause::TlsParameters),
        "client-certificate-refused" => return network(NetworkCause::ClientCertificateRefused),
        "certificate-expired" => Expired,
        "certificate-not-yet-valid" => NotYetValid,
        "certificate-wrong-name" => WrongName,
        "certificate-unknown-issuer" => UnknownIssuer,
        "certificate-revoked" => Revoked,
        "certificate-revocation-unknown" => RevocationUnknown,
        "certificate-wrong-usage" => WrongUsage,
        "certificate-bad-signature" => BadSignature,
        "certificate-not-pinned" => NotPinned,
        _ => return None,
    };
    Some(Cause::Certificate(certificate))
}

/// The address of the server that sent the response; `None` if the response came through a proxy.
pub(crate) fn server_address(head: &Head) -> Option<String> {
    head.field(SERVER_ADDRESS).map(Into::into)
}

type Field = (&'static str, Secret<String>);

/// The private fields of one download's exchanges.
#[derive(Clone, Default)]
pub(crate) struct ExchangeFields {
    everywhere: Vec<Field>,
    /// Only for the origin of the caller's URL.
    at_home: Vec<Field>,
}

impl ExchangeFields {
    /// `certificate` is PEM text, empty for none; `token` names the caller if the host is to add that caller's token.
    pub fn new(flags: SecurityFlags, certificate: &[u8], token: Option<&str>, proxy: &ProxySettings) -> Self {
        let flags = (flags != SecurityFlags::default()).then(|| flags.bits().to_string());
        let certificate = (!certificate.is_empty()).then(|| BASE64_STANDARD.encode(certificate));
        let field = |name, value: Option<String>| value.map(|value| (name, value.into()));
        Self {
            everywhere: field(SECURITY_FLAGS, flags).into_iter().chain(field(PROXY, proxy.field())).collect(),
            at_home: field(CLIENT_CERTIFICATE, certificate)
                .into_iter()
                .chain(field(NETWORK_TOKEN, token.map(Into::into)))
                .collect(),
        }
    }

    /// The fields of a request; `home` means that it goes to the origin of the caller's URL.
    pub fn of(&self, home: bool) -> impl Iterator<Item = (String, String)> + '_ {
        let at_home = if home { &self.at_home[..] } else { &[] };
        let fields = self.everywhere.iter().chain(at_home);
        fields.map(|(name, value)| ((*name).into(), value.expose().clone()))
    }
}

/// Shows names only, because a value may hold a private key.
impl core::fmt::Debug for ExchangeFields {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let names = self.everywhere.iter().chain(&self.at_home).map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_goes_to_its_own_origin_only() {
        let fields = ExchangeFields::new(SecurityFlags::IGNORE_UNKNOWN_CA, b"pem", Some("me"), &ProxySettings::NoProxy);
        let names = |home| fields.of(home).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(false), [SECURITY_FLAGS, PROXY]);
        assert_eq!(names(true), [SECURITY_FLAGS, PROXY, CLIENT_CERTIFICATE, NETWORK_TOKEN]);
        assert!(fields.of(true).all(|(name, _)| is_private(&name)));
    }

    #[test]
    fn nothing_is_added_where_nothing_is_asked_for() {
        let fields = ExchangeFields::new(SecurityFlags::default(), b"", None, &ProxySettings::default());
        assert_eq!(fields.of(true).count(), 0);
    }

    #[test]
    fn private_names_are_recognised_in_any_case() {
        assert!(is_private("Haul-Server-Address") && !is_private("haulage") && !is_private("h"));
    }
}
