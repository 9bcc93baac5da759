//! One client, with a pool of its own, for each way in which exchanges use TLS.

use std::collections::VecDeque;
use std::sync::{Mutex, OnceLock, PoisonError};

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::ClientConfig;
use sha2::{Digest, Sha256};
use wasmtime_wasi_http::{Result, WasiBody};

use super::client::{connector, settings};
use super::exchange_fields::{ExchangeFields, SECURITY_FLAGS};
use super::failure;
use super::tls::{ClientCertificate, SecurityFlags, Trust};

/// Clients kept beside the one for exchanges that ask for nothing. The one not used for longest goes first, and with it its
/// unused connections.
const MOST: usize = 16;

pub type Secure = legacy::Client<HttpsConnector<HttpConnector>, WasiBody>;

/// What two exchanges must have in common to share a connection.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Terms {
    flags: SecurityFlags,
    /// SHA-256 of the client's certificate and key, as they came.
    certificate: Option<[u8; 32]>,
}

pub struct SecureClients {
    trust: Trust,
    default: OnceLock<Secure>,
    /// The last used one first.
    others: Mutex<VecDeque<(Terms, Secure)>>,
}

impl SecureClients {
    pub fn new(trust: Trust) -> Self {
        Self { trust, default: OnceLock::new(), others: Mutex::default() }
    }

    /// The client for an exchange with these fields.
    ///
    /// # Errors
    ///
    /// ConfigurationError for fields that cannot be used, TlsCertificateError where nothing can be verified.
    pub fn client(&self, fields: &ExchangeFields) -> Result<Secure> {
        let flags = fields.security_flags.as_ref().map(|field| SecurityFlags::parse(field.as_bytes()));
        let unknown = || failure::unusable(SECURITY_FLAGS, "it is no sum of known flags");
        let flags = flags.unwrap_or(Some(SecurityFlags::default())).ok_or_else(unknown)?;
        let certificate = fields.client_certificate.as_ref().map(|field| field.as_bytes());
        let terms = Terms { flags, certificate: certificate.map(|field| Sha256::digest(field).into()) };
        if terms == Terms::default() {
            return self.default_client();
        }
        if let Some(client) = self.used_again(terms) {
            return Ok(client);
        }
        let certificate = certificate.map(ClientCertificate::read).transpose().map_err(failure::client_certificate)?;
        let client = secure(self.trust.configuration(flags, certificate)?);
        self.keep(terms, client.clone());
        Ok(client)
    }

    fn default_client(&self) -> Result<Secure> {
        if let Some(client) = self.default.get() {
            return Ok(client.clone());
        }
        let client = secure(self.trust.configuration(SecurityFlags::default(), None)?);
        Ok(self.default.get_or_init(|| client).clone())
    }

    fn used_again(&self, terms: Terms) -> Option<Secure> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let place = others.iter().position(|(known, _)| *known == terms)?;
        let found = others.remove(place)?;
        let client = found.1.clone();
        others.push_front(found);
        Some(client)
    }

    fn keep(&self, terms: Terms, client: Secure) {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        others.push_front((terms, client));
        others.truncate(MOST);
    }
}

fn secure(configuration: ClientConfig) -> Secure {
    let connector = HttpsConnectorBuilder::new().with_tls_config(configuration).https_only().enable_http1();
    settings().build(connector.wrap_connector(self::connector()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_client_not_used_for_longest_is_dropped() {
        let clients = SecureClients::new(Trust::new(&[]).expect("no lists").with_roots(rustls::RootCertStore::empty()));
        let terms = |number| Terms { certificate: Some([number; 32]), ..Terms::default() };
        let client = clients.default_client().expect("a client");
        let most = u8::try_from(MOST).expect("few");
        (0..most).for_each(|number| clients.keep(terms(number), client.clone()));
        assert!(clients.used_again(terms(0)).is_some());
        clients.keep(terms(most), client);
        assert!(clients.used_again(terms(1)).is_none());
        assert!((2..=most).chain([0]).all(|number| clients.used_again(terms(number)).is_some()));
    }
}
