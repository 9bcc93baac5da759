//! The embedder's settings for exchanges.

use std::fmt;
use std::time::Duration;

use super::host_resolver::HostResolver;
use crate::secret::Secret;

/// As the builder collects it; read when the engine opens.
#[derive(Clone, Default)]
pub struct HttpSettings {
    /// Each in PEM or DER.
    pub revocation_lists: Vec<Vec<u8>>,
    /// Each in PEM or DER.
    pub root_certificates: Vec<Vec<u8>>,
    /// Whether the system's roots do not count.
    pub only_extra_roots: bool,
    pub client_certificates: Vec<HostCertificate>,
    pub pins: Vec<Pin>,
    pub network_tokens: Vec<NetworkToken>,
    pub proxies: Option<ProxyLists>,
    pub without_http2: bool,
    pub connect_timeout: Option<Duration>,
    pub hosts: HostResolver,
}

/// Proxies, and hosts without one, as they were given.
#[derive(Clone)]
pub struct ProxyLists {
    pub list: Secret<String>,
    pub bypass: Secret<String>,
}

/// The value of Authorization that one caller's requests to one origin get.
#[derive(Clone)]
pub struct NetworkToken {
    pub caller: String,
    pub origin: String,
    pub authorization: Secret<String>,
}

/// A client certificate for some hosts.
#[derive(Clone)]
pub struct HostCertificate {
    pub hosts: String,
    /// Certificates and a key.
    pub pem: Secret<Vec<u8>>,
}

/// A key that a host may have.
#[derive(Clone)]
pub struct Pin {
    pub host: String,
    /// SHA-256 of its SubjectPublicKeyInfo.
    pub key: [u8; 32],
}

/// Tokens and keys are secrets, lists are long or hold passwords: they are counted only.
impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("revocation_lists", &self.revocation_lists.len())
            .field("root_certificates", &self.root_certificates.len())
            .field("only_extra_roots", &self.only_extra_roots)
            .field("client_certificates", &self.client_certificates.len())
            .field("pins", &self.pins.len())
            .field("network_tokens", &self.network_tokens.len())
            .field("proxies", &self.proxies.is_some())
            .field("without_http2", &self.without_http2)
            .finish_non_exhaustive()
    }
}
