//! HTTP for the component: pools of connections behind the hook of wasi-http.

mod body;
mod client;
mod exchange_fields;
mod failure;
mod network_tokens;
mod secure_clients;
mod settings;
#[cfg(test)]
mod tests;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use self::body::ReceivedBody;
use self::client::Client;
use self::exchange_fields::ExchangeFields;
use self::network_tokens::NetworkTokens;
pub use self::settings::{HttpSettings, NetworkToken};
use self::tls::Trust;

/// Longest wait where the component names none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends the component's requests.
#[derive(Clone)]
pub struct Outgoing {
    client: Client,
    tokens: Arc<NetworkTokens>,
}

impl Outgoing {
    /// # Errors
    ///
    /// [`crate::Error::Setting`] for a revocation list or a network token that cannot be used.
    pub fn new(settings: &HttpSettings) -> Result<Self, crate::Error> {
        let trust = Trust::new(&settings.revocation_lists)?;
        let tokens = NetworkTokens::new(&settings.network_tokens)?;
        Ok(Self { client: Client::new(trust), tokens: Arc::new(tokens) })
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
            let answer = client.send(request, &fields);
            let answer = tokio::time::timeout(connect.saturating_add(first_byte), answer).await;
            let mut response = answer.map_err(|_| Error::ConnectionTimeout)??;
            exchange_fields::answer(&mut response);
            let response = response.map(|incoming| ReceivedBody::new(incoming, between_bytes).boxed_unsync());
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
