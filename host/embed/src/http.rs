//! HTTP for the component: pools of connections behind the hook of wasi-http.

mod body;
mod client;
mod connector;
mod counter;
mod dialer;
mod exchange_fields;
mod failure;
pub(crate) mod handler;
mod host_pattern;
mod host_resolver;
mod interim;
mod network_tokens;
mod pools;
mod proxy;
mod recently_used;
mod settings;
mod shared_body;
mod stream;
#[cfg(test)]
mod tests;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use self::client::Client;
use self::exchange_fields::ExchangeFields;
pub use self::host_resolver::HostResolver;
use self::network_tokens::NetworkTokens;
pub use self::settings::{HostCertificate, HttpSettings, NetworkToken, Pin, ProxyLists};
use self::tls::Trust;
use crate::policy::Addresses;

/// Longest wait where the component names none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends the component's requests.
#[derive(Clone)]
pub struct Outgoing {
    client: Arc<Client>,
    tokens: Arc<NetworkTokens>,
}

impl Outgoing {
    /// # Errors
    ///
    /// [`crate::Error::Setting`] for a setting that cannot be used.
    pub fn new(settings: &HttpSettings) -> Result<Self, crate::Error> {
        Self::trusting(settings, Trust::new(settings)?, Addresses::any())
    }

    fn trusting(settings: &HttpSettings, trust: Trust, addresses: Addresses) -> Result<Self, crate::Error> {
        let tokens = Arc::new(NetworkTokens::new(&settings.network_tokens)?);
        Ok(Self { client: Arc::new(Client::new(settings, trust, Arc::new(addresses))?), tokens })
    }

    /// Takes what is meant for this host off a request, and adds the caller's token where the request goes to its origin.
    fn prepare(&self, request: &mut http::Request<WasiBody>) -> Result<ExchangeFields> {
        let fields = ExchangeFields::take(request.headers_mut())?;
        let token = fields.caller().and_then(|caller| self.tokens.authorization(caller, request.uri()));
        if let Some(authorization) = token {
            request.headers_mut().insert(http::header::AUTHORIZATION, authorization.clone());
        }
        Ok(fields)
    }
}

type Response = http::Response<WasiBody>;
type Background = Box<dyn Future<Output = Result<()>> + Send>;

impl WasiHttpHooks for Outgoing {
    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _sent: Background,
    ) -> Box<dyn Future<Output = Result<(Response, Background)>> + Send> {
        let client = self.client.clone();
        let fields = self.prepare(&mut request);
        Box::new(async move {
            let fields = fields?;
            let options = options.unwrap_or_default();
            let connect = options.connect_timeout.unwrap_or(DEFAULT_TIMEOUT);
            let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
            let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
            let answer = client.send(request, &fields, between_bytes);
            let answer = tokio::time::timeout(connect.saturating_add(first_byte), answer).await;
            let mut response = answer.map_err(|_| Error::ConnectionTimeout)??;
            exchange_fields::answer(&mut response);
            Ok((response, Box::new(async { Ok(()) }) as Background))
        })
    }

    fn p2_error_from_hyper(
        &mut self,
        error: &hyper::Error,
    ) -> wasmtime_wasi_http::p2::bindings::http::types::ErrorCode {
        failure::of_hyper(error)
    }
}
