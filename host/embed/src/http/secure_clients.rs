//! One client, with a pool of its own, for each way in which exchanges use TLS.

use std::sync::OnceLock;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use rustls::ClientConfig;
use sha2::{Digest, Sha256};
use wasmtime_wasi_http::Result;

use super::client::settings;
use super::connector::Connector;
use super::exchange_fields::{ExchangeFields, SECURITY_FLAGS};
use super::failure;
use super::proxy::Proxy;
use super::recently_used::RecentlyUsed;
use super::shared_body::SharedBody;
use super::tls::{ClientCertificate, SecurityFlags, Trust};

pub type Secure = legacy::Client<HttpsConnector<Connector>, SharedBody>;

/// What two exchanges must have in common to share a connection.
#[derive(Default, PartialEq, Eq)]
struct Terms {
    flags: SecurityFlags,
    /// SHA-256 of the client's certificate and key, as they came.
    certificate: Option<[u8; 32]>,
    proxy: Option<Proxy>,
}

pub struct SecureClients {
    trust: Trust,
    default: OnceLock<Secure>,
    /// Beside the one for exchanges that ask for nothing. With a client its unused connections go.
    others: RecentlyUsed<Terms, Secure>,
}

impl SecureClients {
    pub fn new(trust: Trust) -> Self {
        Self { trust, default: OnceLock::new(), others: RecentlyUsed::default() }
    }

    /// The client for an exchange with these fields, by way of `proxy` where there is one.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of a field that cannot be used, TlsCertificateError where nothing can be verified.
    pub fn client(&self, fields: &ExchangeFields, proxy: Option<&Proxy>) -> Result<Secure> {
        let flags = fields.security_flags.as_ref().map(|field| SecurityFlags::parse(field.as_bytes()));
        let unknown = || failure::unusable(SECURITY_FLAGS, "it is no sum of known flags");
        let flags = flags.unwrap_or(Some(SecurityFlags::default())).ok_or_else(unknown)?;
        let certificate = fields.client_certificate.as_ref().map(|field| field.as_bytes());
        let digest = certificate.map(|field| Sha256::digest(field).into());
        let terms = Terms { flags, certificate: digest, proxy: proxy.cloned() };
        if terms == Terms::default() {
            return self.default_client();
        }
        if let Some(client) = self.others.find(&terms) {
            return Ok(client);
        }
        let certificate = certificate.map(ClientCertificate::read).transpose().map_err(failure::client_certificate)?;
        let client = secure(self.trust.configuration(flags, certificate)?, proxy);
        self.others.keep(terms, client.clone());
        Ok(client)
    }

    fn default_client(&self) -> Result<Secure> {
        if let Some(client) = self.default.get() {
            return Ok(client.clone());
        }
        let client = secure(self.trust.configuration(SecurityFlags::default(), None)?, None);
        Ok(self.default.get_or_init(|| client).clone())
    }
}

fn secure(configuration: ClientConfig, proxy: Option<&Proxy>) -> Secure {
    let connector = HttpsConnectorBuilder::new().with_tls_config(configuration).https_only().enable_http1();
    settings().build(connector.wrap_connector(Connector::new(proxy)))
}
