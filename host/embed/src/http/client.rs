//! The clients and their pools.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use wasmtime_wasi_http::{Result, WasiBody};

use super::exchange_fields::ExchangeFields;
use super::failure;
use super::secure_clients::SecureClients;
use super::tls::Trust;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Unused connections kept for one origin.
const IDLE_PER_ORIGIN: usize = 32;

/// Bytes read from a socket at once.
const READ: usize = 1 << 20;

/// Fields that a response may have.
const MAX_FIELDS: usize = 200;

type Plain = legacy::Client<HttpConnector, WasiBody>;

/// Connections without TLS are made without ever loading certificates.
#[derive(Clone)]
pub struct Client {
    plain: Plain,
    secure: Arc<SecureClients>,
}

impl Client {
    pub fn new(trust: Trust) -> Self {
        Self { plain: settings().build(connector()), secure: Arc::new(SecureClients::new(trust)) }
    }

    /// Sends a request as `fields` say; what they say of TLS counts for https only.
    pub async fn send(
        &self,
        request: http::Request<WasiBody>,
        fields: &ExchangeFields,
    ) -> Result<http::Response<Incoming>> {
        let answer = if request.uri().scheme() == Some(&http::uri::Scheme::HTTPS) {
            self.secure.client(fields)?.request(request).await
        } else {
            self.plain.request(request).await
        };
        answer.map_err(|error| failure::of_request(&error))
    }
}

pub fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector
}

pub fn settings() -> legacy::Builder {
    let mut settings = legacy::Client::builder(TokioExecutor::new());
    settings
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(IDLE_PER_ORIGIN)
        .http1_max_headers(MAX_FIELDS)
        .http1_read_buf_exact_size(READ)
        .retry_canceled_requests(true);
    settings
}
