//! What an embedder says about exchanges.

use std::fmt;

/// As the builder collects it; read when the engine opens.
#[derive(Clone, Default)]
pub struct HttpSettings {
    /// Each in PEM or DER.
    pub revocation_lists: Vec<Vec<u8>>,
    pub network_tokens: Vec<NetworkToken>,
    pub proxies: Option<ProxyLists>,
}

/// Proxies, and hosts without one, as they were given.
#[derive(Clone)]
pub struct ProxyLists {
    pub list: String,
    pub bypass: String,
}

/// The value of Authorization that one caller's requests to one origin get.
#[derive(Clone)]
pub struct NetworkToken {
    pub caller: String,
    pub origin: String,
    pub authorization: String,
}

/// Tokens are secrets, lists are long or hold passwords: they are counted only.
impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("revocation_lists", &self.revocation_lists.len())
            .field("network_tokens", &self.network_tokens.len())
            .field("proxies", &self.proxies.is_some())
            .finish()
    }
}
