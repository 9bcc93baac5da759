//! The clients and their pools: one for each proxy, and for each way of using TLS.

use std::time::{Duration, Instant};

use http::header::PROXY_AUTHORIZATION;
use http::uri::Scheme;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::client::legacy::{self, ResponseFuture};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use wasmtime_wasi_http::{Result, WasiBody};

use super::body::ReceivedBody;
use super::connector::Connector;
use super::exchange_fields::ExchangeFields;
use super::failure;
use super::proxy::{Proxies, Proxy};
use super::recently_used::RecentlyUsed;
use super::secure_clients::SecureClients;
use super::shared_body::SharedBody;
use super::tls::Trust;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Unused connections kept for one origin.
const IDLE_PER_ORIGIN: usize = 32;

/// Bytes read from a socket at once.
const READ: usize = 1 << 20;

/// Fields that a response may have.
const MAX_FIELDS: usize = 200;

/// How long a proxy that did not answer is tried after the others of its list.
const SILENCE: Duration = Duration::from_secs(60);

type Plain = legacy::Client<Connector, SharedBody>;

/// Connections without TLS are made without ever loading certificates.
pub struct Client {
    direct: Plain,
    /// For http by way of a proxy.
    proxied: RecentlyUsed<Proxy, Plain>,
    secure: SecureClients,
    /// The host's own.
    proxies: Proxies,
    /// Proxies that did not answer, and when.
    silent: RecentlyUsed<Proxy, Instant>,
}

impl Client {
    /// `proxies`: for exchanges that do not say otherwise.
    pub fn new(trust: Trust, proxies: Proxies) -> Self {
        Self {
            direct: settings().build(Connector::new(None)),
            proxied: RecentlyUsed::default(),
            secure: SecureClients::new(trust),
            proxies,
            silent: RecentlyUsed::default(),
        }
    }

    /// Sends a request as `fields` say; what they say of TLS counts for https only. Of several proxies the first one that answers
    /// is used. `patience`: longest wait for the next bytes of the body.
    ///
    /// # Errors
    ///
    /// Why no response came; HttpRequestHeaderSize with the name of a field that cannot be used.
    pub async fn send(
        &self,
        request: Request<WasiBody>,
        fields: &ExchangeFields,
        patience: Duration,
    ) -> Result<Response<WasiBody>> {
        let mut proxies = self.proxies.or_asked_for(fields.proxy.as_ref())?.of(request.uri());
        proxies.sort_by_key(|proxy| self.is_silent(proxy));
        let request = request.map(SharedBody::new);
        let mut proxies = proxies.iter().peekable();
        loop {
            let proxy = proxies.next();
            let answer = self.ask(request.clone(), fields, proxy)?.await;
            match (proxy, answer) {
                (Some(proxy), Err(error)) if failure::is_silent_proxy(&error) && proxies.peek().is_some() => {
                    self.silent.keep(proxy.clone(), Instant::now());
                }
                (_, answer) => return received(answer, patience),
            }
        }
    }

    /// One try, by way of `proxy` or straight.
    fn ask(
        &self,
        mut request: Request<SharedBody>,
        fields: &ExchangeFields,
        proxy: Option<&Proxy>,
    ) -> Result<ResponseFuture> {
        if request.uri().scheme() == Some(&Scheme::HTTPS) {
            return Ok(self.secure.client(fields, proxy)?.request(request));
        }
        let Some(proxy) = proxy else { return Ok(self.direct.request(request)) };
        if let Some(authorization) = &proxy.authorization {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        Ok(self.proxied(proxy).request(request))
    }

    fn proxied(&self, proxy: &Proxy) -> Plain {
        self.proxied.find(proxy).unwrap_or_else(|| {
            let client: Plain = settings().build(Connector::new(Some(proxy)));
            self.proxied.keep(proxy.clone(), client.clone());
            client
        })
    }

    fn is_silent(&self, proxy: &Proxy) -> bool {
        self.silent.find(proxy).is_some_and(|since| since.elapsed() < SILENCE)
    }
}

/// A proxy that makes no tunnel for strangers says so with a status, and the component gets it as one, as it does with http.
fn received(answer: Result<Response<Incoming>, legacy::Error>, patience: Duration) -> Result<Response<WasiBody>> {
    match answer {
        Ok(response) => Ok(response.map(|incoming| ReceivedBody::new(incoming, patience).boxed_unsync())),
        Err(error) if failure::is_proxy_for_others(&error) => {
            let body = Empty::new().map_err(|never| match never {}).boxed_unsync();
            let mut response = Response::new(body);
            *response.status_mut() = http::StatusCode::PROXY_AUTHENTICATION_REQUIRED;
            Ok(response)
        }
        Err(error) => Err(failure::of_request(&error)),
    }
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
