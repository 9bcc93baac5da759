//! HTTP for the component: pools of connections behind the hook of wasi-http.

mod body;
mod client;
mod connector;
mod counter;
mod dialer;
mod exchange_fields;
mod failure;
mod filtered;
mod frames;
mod framing;
mod full_reads;
mod gathered_body;
mod header_limit;
mod host_pattern;
mod host_resolver;
mod interim;
mod joined_frames;
mod network;
mod network_tokens;
mod observed_body;
mod pools;
mod proxy;
mod recently_used;
mod settings;
mod shared_body;
mod stream;
mod telemetry;
#[cfg(test)]
mod tests;
mod tls;
mod token_callers;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Uri};
use http_body_util::BodyExt;
use tracing::Instrument;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use self::client::Client;
use self::exchange_fields::ExchangeFields;
pub use self::host_resolver::HostResolver;
use self::network_tokens::NetworkTokens;
use self::observed_body::ObservedBody;
use self::proxy::Proxy;
pub use self::settings::{HostCertificate, HttpSettings, NetworkToken, Pin, ProxyLists};
use self::telemetry::Telemetry;
use self::tls::Trust;
pub use self::token_callers::TokenCallers;
use crate::error::Rule;
use crate::policy::{Guard, MeteredBody, Refusal};

/// Longest wait, unless the component names one, so that no exchange waits for ever.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends the component's requests.
#[derive(Clone)]
pub struct Outgoing {
    client: Arc<Client>,
    tokens: Arc<NetworkTokens>,
    token_callers: TokenCallers,
    guard: Arc<Guard>,
}

impl Outgoing {
    /// # Errors
    ///
    /// [`crate::error::Error::Setting`] for a setting that cannot be used.
    pub fn new(
        settings: &HttpSettings,
        guard: Guard,
        token_callers: TokenCallers,
    ) -> Result<Self, crate::error::Error> {
        Self::trusting(settings, Trust::new(settings)?, guard, token_callers)
    }

    fn trusting(
        settings: &HttpSettings,
        trust: Trust,
        guard: Guard,
        token_callers: TokenCallers,
    ) -> Result<Self, crate::error::Error> {
        let tokens = Arc::new(NetworkTokens::new(&settings.network_tokens)?);
        let client = Client::new(settings, trust, guard.addresses())?;
        Ok(Self { client: Arc::new(client), tokens, token_callers, guard: Arc::new(guard) })
    }

    /// Whether the policy says how much has to stay free on the disks.
    pub fn keeps_room_free(&self) -> bool {
        self.guard.meter().free_space.is_some()
    }

    /// Takes the private fields off a request, judges both, finds the proxies, and adds the caller's token if the request goes to
    /// the token's origin.
    fn prepare(&self, request: &mut http::Request<WasiBody>) -> Result<(ExchangeFields, Vec<Proxy>)> {
        let fields = ExchangeFields::take(request.headers_mut())?;
        self.guard.admit(request)?;
        let proxies = self.client.proxies(&fields, request.uri())?;
        self.admit_settings(&fields, &proxies, request.uri())?;
        if let Some(authorization) = self.token(&fields, &proxies, request.uri())? {
            request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
        }
        exchange_fields::hide(request.headers_mut());
        Ok((fields, proxies))
    }

    /// Whether a caller may bring these settings.
    fn admit_settings(&self, fields: &ExchangeFields, proxies: &[Proxy], origin: &Uri) -> Result<()> {
        let rules = self.guard.exchanges();
        rules.admit_skipped(fields.flags(origin)?.skipped())?;
        if fields.has_certificate(origin) {
            rules.admit_client_certificate()?;
        }
        if proxies.is_empty() && self.client.has_proxy_for(origin) {
            rules.admit_proxy_bypass()?;
        }
        let mut named = proxies.iter().filter(|proxy| !proxy.is_hosts_own);
        Ok(named.try_for_each(|proxy| rules.admit_proxy(&proxy.uri))?)
    }

    /// The token that a request is to go out with, if the host keeps one for its caller and origin. It goes to verified origins only,
    /// by ways of the host's choosing, for callers that asked the host for it.
    fn token(&self, fields: &ExchangeFields, proxies: &[Proxy], origin: &Uri) -> Result<Option<HeaderValue>> {
        let Some(caller) = fields.caller() else { return Ok(None) };
        let Some(authorization) = self.tokens.authorization(caller, origin) else { return Ok(None) };
        let is_safe = fields.flags(origin)?.skips_nothing() && proxies.iter().all(|proxy| proxy.is_hosts_own);
        if is_safe && self.token_callers.has(caller) {
            return Ok(Some(authorization.clone()));
        }
        Err(Refusal::from(Rule::NetworkToken).into())
    }

    async fn exchange(
        self,
        mut request: http::Request<WasiBody>,
        options: RequestOptions,
        telemetry: &mut Telemetry,
    ) -> Result<Response> {
        let (fields, proxies) = self.prepare(&mut request)?;
        let connect = options.connect_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let limit = connect.saturating_add(first_byte);
        let place = tokio::time::timeout(limit, self.guard.place());
        let place = place.await.map_err(|_| Error::ConnectionLimitReached)?;
        let answer = tokio::time::timeout(limit, self.client.send(request, &fields, proxies, between_bytes));
        let mut response = answer.await.map_err(|_| Error::ConnectionTimeout)??;
        telemetry.answered(&response);
        self.guard.meter().admit(&response)?;
        exchange_fields::answer(&mut response);
        Ok(MeteredBody::around(response, self.guard.meter(), place))
    }
}

type Response = http::Response<WasiBody>;
type Background = Box<dyn Future<Output = Result<()>> + Send>;

impl WasiHttpHooks for Outgoing {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _sent: Background,
    ) -> Box<dyn Future<Output = Result<(Response, Background)>> + Send> {
        let outgoing = self.clone();
        Box::new(async move {
            let mut telemetry = Telemetry::new(&request);
            let span = telemetry.span().clone();
            let answer = outgoing.exchange(request, options.unwrap_or_default(), &mut telemetry);
            let response = answer.instrument(span).await.inspect_err(|error| telemetry.failed(error))?;
            let response = response.map(|body| ObservedBody::new(body, telemetry).boxed_unsync());
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
