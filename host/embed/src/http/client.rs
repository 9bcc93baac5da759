//! The client and its pool.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use wasmtime_wasi_http::{Result, WasiBody};

use super::failure;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Unused connections kept for one origin.
const IDLE_PER_ORIGIN: usize = 32;

/// Bytes read from a socket at once.
const READ: usize = 1 << 20;

/// Fields that a response may have.
const MAX_FIELDS: usize = 200;

type Plain = legacy::Client<HttpConnector, WasiBody>;
type Secure = legacy::Client<HttpsConnector<HttpConnector>, WasiBody>;

/// Connections without TLS are made without ever loading certificates.
#[derive(Clone)]
pub struct Client {
    plain: Plain,
    secure: Arc<OnceLock<Result<Secure, String>>>,
}

impl Client {
    pub fn new() -> Self {
        Self { plain: settings().build(connector()), secure: Arc::new(OnceLock::new()) }
    }

    pub async fn send(&self, request: http::Request<WasiBody>) -> Result<http::Response<Incoming>> {
        let answer = if request.uri().scheme() == Some(&http::uri::Scheme::HTTPS) {
            match self.secure.get_or_init(secure) {
                Ok(client) => client.request(request).await,
                Err(reason) => return Err(failure::no_certificates(reason)),
            }
        } else {
            self.plain.request(request).await
        };
        answer.map_err(|error| failure::of_request(&error))
    }
}

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector
}

fn settings() -> legacy::Builder {
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

/// TLS with the roots of the system.
fn secure() -> Result<Secure, String> {
    let connector = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| error.to_string())?;
    Ok(settings().build(connector.https_only().enable_http1().wrap_connector(self::connector())))
}
