//! HTTP for the component: pools of connections behind the hook of wasi-http.

mod body;
mod client;
mod connector;
mod counter;
mod dialer;
mod exchange_fields;
mod failure;
mod frames;
mod framing;
mod full_reads;
mod gathered_body;
pub(crate) mod handler;
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

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use tracing::Instrument;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use self::client::Client;
use self::exchange_fields::ExchangeFields;
pub use self::host_resolver::HostResolver;
use self::network_tokens::NetworkTokens;
use self::observed_body::ObservedBody;
pub use self::settings::{HostCertificate, HttpSettings, NetworkToken, Pin, ProxyLists};
use self::telemetry::Telemetry;
use self::tls::Trust;
use crate::policy::{Guard, MeteredBody};

/// Longest wait where the component names none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends the component's requests.
#[derive(Clone)]
pub struct Outgoing {
    client: Arc<Client>,
    tokens: Arc<NetworkTokens>,
    guard: Arc<Guard>,
}

impl Outgoing {
    /// # Errors
    ///
    /// [`crate::Error::Setting`] for a setting that cannot be used.
    pub fn new(settings: &HttpSettings, guard: Guard) -> Result<Self, crate::Error> {
        Self::trusting(settings, Trust::new(settings)?, guard)
    }

    fn trusting(settings: &HttpSettings, trust: Trust, guard: Guard) -> Result<Self, crate::Error> {
        let tokens = Arc::new(NetworkTokens::new(&settings.network_tokens)?);
        let client = Client::new(settings, trust, guard.addresses())?;
        Ok(Self { client: Arc::new(client), tokens, guard: Arc::new(guard) })
    }

    /// Whether the policy says how much has to stay free on the disks.
    pub fn keeps_room_free(&self) -> bool {
        self.guard.meter().free_space.is_some()
    }

    /// Takes what is meant for this host off a request, judges it, and adds the caller's token where the request goes to its origin.
    fn prepare(&self, request: &mut http::Request<WasiBody>) -> Result<ExchangeFields> {
        let fields = ExchangeFields::take(request.headers_mut())?;
        self.guard.admit(request)?;
        let token = fields.caller().and_then(|caller| self.tokens.authorization(caller, request.uri()));
        if let Some(authorization) = token {
            request.headers_mut().insert(http::header::AUTHORIZATION, authorization.clone());
        }
        Ok(fields)
    }

    async fn exchange(
        self,
        mut request: http::Request<WasiBody>,
        options: RequestOptions,
        telemetry: &mut Telemetry,
    ) -> Result<Response> {
        let fields = self.prepare(&mut request)?;
        let connect = options.connect_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let limit = connect.saturating_add(first_byte);
        let place = tokio::time::timeout(limit, self.guard.place());
        let place = place.await.map_err(|_| Error::ConnectionLimitReached)?;
        let answer = tokio::time::timeout(limit, self.client.send(request, &fields, between_bytes));
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
