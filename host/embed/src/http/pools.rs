//! Pools of connections, each for exchanges that may share one.

use std::time::Duration;

use http::header::{AUTHORIZATION, COOKIE, RANGE};
use http::uri::Scheme;
use http::{HeaderMap, Request};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use sha2::{Digest, Sha256};
use wasmtime_wasi_http::Result;

use super::connector::{Connector, Route, ToProxy};
use super::counter::{Counted, Counter};
use super::dialer::Dialer;
use super::exchange_fields::{ExchangeFields, SECURITY_FLAGS};
use super::failure;
use super::proxy::{Protocol, Proxy};
use super::recently_used::RecentlyUsed;
use super::shared_body::SharedBody;
use super::tls::{ClientCertificate, ClientCertificates, SecurityFlags, Trust};

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Unused connections kept for one origin in one pool.
const IDLE_PER_ORIGIN: usize = 32;

/// Unused connections kept in all.
const MOST_IDLE: usize = 128;

/// Bytes read from a socket at once; a header section must fit in. Ranges are asked for on many connections at a time.
const READ: usize = 1 << 20;
const READ_OF_RANGE: usize = 512 << 10;

/// Fields that a response may have, and their size with HTTP/2.
const MAX_FIELDS: usize = 200;
const MAX_FIELDS_SIZE: u32 = 256 << 10;

/// What may be under way with HTTP/2: in one response, and in all responses of a connection.
const STREAM_WINDOW: u32 = 8 << 20;
const CONNECTION_WINDOW: u32 = 32 << 20;

/// After how long a silent HTTP/2 connection is asked whether it is there, and how long that may take.
const PING: Duration = Duration::from_secs(20);
const PONG: Duration = Duration::from_secs(20);

/// Streams of an HTTP/2 connection that were reset and are remembered, and those that the other end may break.
const RESET_STREAMS: usize = 50;
const BROKEN_STREAMS: usize = 128;

pub type Pool = legacy::Client<Connector, SharedBody>;

/// What two exchanges must have in common to share a connection, beside the origin.
#[derive(Clone, PartialEq, Eq)]
struct Terms {
    /// Requests for ranges.
    ranged: bool,
    /// `None` for http.
    security: Option<Security>,
    proxy: Option<Proxy>,
    /// SHA-256 of what tells the origin who asks.
    credentials: Option<[u8; 32]>,
}

#[derive(Clone, PartialEq, Eq)]
struct Security {
    flags: SecurityFlags,
    /// SHA-256 of the client's certificate and key.
    certificate: Option<[u8; 32]>,
    http2: bool,
}

pub struct Pools {
    dialer: Dialer,
    /// Certificates are loaded for the first https exchange.
    trust: Trust,
    /// The host's own.
    certificates: ClientCertificates,
    http2: bool,
    /// With a pool its unused connections go.
    kept: RecentlyUsed<Terms, Pool>,
    connections: Counter,
    /// Those that have a connection.
    exchanges: Counter,
}

impl Pools {
    pub fn new(dialer: Dialer, trust: Trust, certificates: ClientCertificates, http2: bool) -> Self {
        let (connections, exchanges) = Default::default();
        Self { dialer, trust, certificates, http2, kept: RecentlyUsed::default(), connections, exchanges }
    }

    /// Whether some addresses are not admitted.
    pub fn is_restricted(&self) -> bool {
        self.dialer.is_restricted()
    }

    /// Held for as long as an exchange uses a connection.
    pub fn exchange(&self) -> Counted {
        self.exchanges.one_more()
    }

    /// The pool for a request with these fields, by way of `proxy` where there is one.
    ///
    /// A request for a range goes over HTTP/1.1, where each has a connection of its own: a large file in several parts is faster so.
    /// Everything else takes HTTP/2 where the origin has it.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of a field that cannot be used, TlsCertificateError where nothing can be verified.
    pub fn pool<B>(&self, request: &Request<B>, fields: &ExchangeFields, proxy: Option<&Proxy>) -> Result<Pool> {
        self.let_go_of_idle();
        let ranged = request.headers().contains_key(RANGE);
        let mut pem = None;
        let mut security = None;
        if request.uri().scheme() == Some(&Scheme::HTTPS) {
            let own = || Ok(self.certificates.of(request.uri()).map(<[u8]>::to_vec));
            let asked_for = fields.client_certificate.as_ref().map(|field| ClientCertificate::decode(field.as_bytes()));
            pem = asked_for.map_or_else(own, |pem| pem.map(Some)).map_err(failure::client_certificate)?;
            let certificate = pem.as_ref().map(|pem| Sha256::digest(pem).into());
            let http2 = self.http2 && !ranged;
            security = Some(Security { flags: flags(fields)?, certificate, http2 });
        }
        let terms = Terms { ranged, security, proxy: proxy.cloned(), credentials: credentials(request.headers()) };
        if let Some(pool) = self.kept.find(&terms) {
            return Ok(pool);
        }
        let pool = self.make(&terms, pem.as_deref())?;
        self.kept.keep(terms, pool.clone());
        Ok(pool)
    }

    fn make(&self, terms: &Terms, pem: Option<&[u8]>) -> Result<Pool> {
        let certificate = pem.map(ClientCertificate::read).transpose().map_err(failure::client_certificate)?;
        let tls = terms.security.as_ref();
        let tls = tls.map(|tls| self.trust.configuration(tls.flags, certificate, tls.http2)).transpose()?;
        let route = match &terms.proxy {
            None => Route::Straight(self.dialer.clone()),
            Some(proxy) => {
                let is_secure = proxy.protocol == Protocol::Https;
                let tls = is_secure.then(|| self.trust.configuration(SecurityFlags::default(), None, false));
                Route::Through(Box::new(ToProxy::new(proxy.clone(), self.dialer.clone(), tls.transpose()?)))
            }
        };
        Ok(settings(if terms.ranged { READ_OF_RANGE } else { READ }).build(Connector::new(
            route,
            tls,
            self.connections.clone(),
        )))
    }

    /// Pools do not tell which of their connections are unused, nor drop some of them: where there are too many, all go.
    fn let_go_of_idle(&self) {
        if self.connections.now().saturating_sub(self.exchanges.now()) > MOST_IDLE {
            self.kept.clear();
        }
    }
}

fn flags(fields: &ExchangeFields) -> Result<SecurityFlags> {
    let Some(field) = &fields.security_flags else { return Ok(SecurityFlags::default()) };
    let unknown = || failure::unusable(SECURITY_FLAGS, "it is no sum of known flags");
    SecurityFlags::parse(field.as_bytes()).ok_or_else(unknown)
}

fn credentials(headers: &HeaderMap) -> Option<[u8; 32]> {
    let told: Vec<_> = [AUTHORIZATION, COOKIE].iter().flat_map(|name| headers.get_all(name)).collect();
    let mut digest = Sha256::new();
    for value in &told {
        digest.update(value.len().to_be_bytes());
        digest.update(value.as_bytes());
    }
    if told.is_empty() { None } else { Some(digest.finalize().into()) }
}

fn settings(read: usize) -> legacy::Builder {
    let mut settings = legacy::Client::builder(TokioExecutor::new());
    settings
        .timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(IDLE_PER_ORIGIN)
        .http1_max_headers(MAX_FIELDS)
        .http1_read_buf_exact_size(read)
        .http2_max_header_list_size(MAX_FIELDS_SIZE)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .http2_max_concurrent_reset_streams(RESET_STREAMS)
        .http2_max_local_error_reset_streams(BROKEN_STREAMS)
        .http2_keep_alive_interval(PING)
        .http2_keep_alive_timeout(PONG)
        .retry_canceled_requests(true);
    settings
}
