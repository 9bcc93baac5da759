//! Pools of connections, each for exchanges that may share one.

use std::sync::OnceLock;
use std::time::Duration;

use http::header::{AUTHORIZATION, COOKIE, RANGE};
use http::uri::Scheme;
use http::{HeaderMap, Request};
use hyper_util::client::legacy;
use hyper_util::rt::TokioTimer;
use sha2::{Digest, Sha256};
use wasmtime_wasi_http::{Error, Result};

use super::connector::{Connector, Route, ToProxy};
use super::counter::{Counted, Counter};
use super::dialer::Dialer;
use super::exchange_fields::ExchangeFields;
use super::failure;
use super::network::{Network, Place};
use super::proxy::{Protocol, Proxy};
use super::recently_used::RecentlyUsed;
use super::shared_body::SharedBody;
use super::tls::{ClientCertificate, ClientCertificates, SecurityFlags, Trust};

/// How long an unused connection is kept: less than the usual limits of servers (nginx: 75 s), so that a request rarely meets a connection
/// that closes.
const IDLE: Duration = Duration::from_secs(30);

/// Unused connections kept for one origin in one pool, so that two transfers with 16 connections each find theirs.
const IDLE_PER_ORIGIN: usize = 32;

/// Unused connections kept in all, so that descriptors and buffers are bounded.
const MOST_IDLE: usize = 128;

/// Bytes read from a socket at once, because a header section must fit in. Each connection has a buffer of this size.
const READ: usize = 512 << 10;

/// Fields that a response may have, and their size with HTTP/2, so that a head cannot fill the memory.
const MAX_FIELDS: usize = 200;
const MAX_FIELDS_SIZE: u32 = 256 << 10;

/// HTTP/2 connections to one origin, because with only one all responses would share the throughput of one TCP connection.
const LANES: u8 = 8;

/// Bytes that may be under way with HTTP/2, in one response and in all responses of a connection, so that a line of 1 Gbit/s and 30 ms is
/// filled.
const STREAM_WINDOW: u32 = 4 << 20;
const CONNECTION_WINDOW: u32 = 16 << 20;

/// After how long a silent HTTP/2 connection is asked whether it is there, and how long that may take, so that a dead one is noticed before
/// the timeout of its exchanges.
const PING: Duration = Duration::from_secs(20);
const PONG: Duration = Duration::from_secs(20);

/// Streams of an HTTP/2 connection that were reset and are remembered, and those that the other end may break, so that a rapid reset costs
/// little memory.
const RESET_STREAMS: usize = 50;
const BROKEN_STREAMS: usize = 128;

/// Connections, and how many exchanges use them.
#[derive(Clone)]
pub struct Pool {
    pub client: legacy::Client<Connector, SharedBody>,
    exchanges: Counter,
}

/// The terms of an exchange. Two exchanges with one origin share a connection if they have the same terms.
#[derive(Clone, PartialEq, Eq)]
struct Terms {
    /// Whether the connections have a thread of their own. It pays if there is more to do than reading, or there are several
    /// exchanges: a single file over http is read and written faster by one.
    apart: bool,
    /// `None` for http.
    security: Option<Security>,
    proxy: Option<Proxy>,
    /// SHA-256 of the credentials for the origin.
    credentials: Option<[u8; 32]>,
}

#[derive(Clone, PartialEq, Eq)]
struct Security {
    flags: SecurityFlags,
    /// SHA-256 of the client's certificate and key.
    certificate: Option<[u8; 32]>,
    /// For HTTP/2, which of its connections.
    lane: Option<u8>,
}

pub struct Pools {
    /// Started when it is first needed.
    network: OnceLock<Network>,
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
        Self {
            network: OnceLock::new(),
            dialer,
            trust,
            certificates,
            http2,
            kept: RecentlyUsed::default(),
            connections,
            exchanges,
        }
    }

    /// Whether some addresses are not admitted.
    pub fn is_restricted(&self) -> bool {
        self.dialer.is_restricted()
    }

    /// Held for as long as an exchange uses a connection of `pool`.
    pub fn exchange(&self, pool: &Pool) -> [Counted; 2] {
        [self.exchanges.one_more(), pool.exchanges.one_more()]
    }

    /// The pool for a request with these fields, by way of `proxy` if there is one.
    ///
    /// A request for a range goes over HTTP/1.1 and a connection of its own: a large file in several parts is faster so. Other requests
    /// go over HTTP/2 if the origin has it.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of a field that cannot be used, TlsCertificateError if nothing can be verified.
    pub fn pool<B>(&self, request: &Request<B>, fields: &ExchangeFields, proxy: Option<&Proxy>) -> Result<Pool> {
        self.let_go_of_idle();
        let is_range = request.headers().contains_key(RANGE);
        let mut pem = None;
        let mut security = None;
        if request.uri().scheme() == Some(&Scheme::HTTPS) {
            let flags = fields.flags(request.uri())?;
            // A secret of the host is for origins that are verified, by ways of the host's choosing.
            let is_safe = flags.skips_nothing() && proxy.is_none_or(|proxy| proxy.is_hosts_own);
            let own = || Ok(self.certificates.of(request.uri()).filter(|_| is_safe).cloned());
            let asked_for = fields.client_certificate.as_ref().map(|field| ClientCertificate::decode(field.as_bytes()));
            pem = asked_for.map_or_else(own, |pem| pem.map(Some)).map_err(failure::client_certificate)?;
            let certificate = pem.as_ref().map(|pem| Sha256::digest(pem.expose()).into());
            let lane = (self.http2 && !is_range).then_some(0);
            security = Some(Security { flags, certificate, lane });
        }
        let apart = is_range || security.is_some() || self.exchanges.now() > 0;
        let mut terms = Terms { apart, security, proxy: proxy.cloned(), credentials: credentials(request.headers()) };
        self.take_lane(&mut terms);
        if let Some(pool) = self.kept.find(&terms) {
            return Ok(pool);
        }
        let pool = self.make(&terms, pem.as_ref().map(|pem| pem.expose().as_slice()))?;
        self.kept.keep(terms, pool.clone());
        Ok(pool)
    }

    /// Takes the first unused lane, else the one with the fewest exchanges.
    fn take_lane(&self, terms: &mut Terms) {
        let Some(Security { lane: Some(_), .. }) = terms.security else { return };
        let mut fewest = (usize::MAX, terms.clone());
        for lane in 0..LANES {
            let mut candidate = terms.clone();
            candidate.security = candidate.security.map(|security| Security { lane: Some(lane), ..security });
            let exchanges = self.kept.find(&candidate).map_or(0, |pool| pool.exchanges.now());
            if exchanges < fewest.0 {
                fewest = (exchanges, candidate);
            }
            if exchanges == 0 {
                break;
            }
        }
        *terms = fewest.1;
    }

    fn make(&self, terms: &Terms, pem: Option<&[u8]>) -> Result<Pool> {
        let certificate = pem.map(ClientCertificate::read).transpose().map_err(failure::client_certificate)?;
        let tls = terms.security.as_ref();
        let tls = tls.map(|tls| self.trust.configuration(tls.flags, certificate, tls.lane.is_some())).transpose()?;
        let route = match &terms.proxy {
            None => Route::Straight(self.dialer.clone()),
            Some(proxy) => {
                let is_secure = proxy.protocol == Protocol::Https;
                let tls = is_secure.then(|| self.trust.configuration(SecurityFlags::default(), None, false));
                Route::Through(Box::new(ToProxy::new(proxy.clone(), self.dialer.clone(), tls.transpose()?)))
            }
        };
        let place = if terms.apart { self.network()? } else { Place::Here };
        let client = settings(place.clone()).build(Connector::new(place, route, tls, self.connections.clone()));
        Ok(Pool { client, exchanges: Counter::default() })
    }

    fn network(&self) -> Result<Place> {
        if let Some(network) = self.network.get() {
            return Ok(network.place());
        }
        let network = Network::start().map_err(|error| Error::InternalError(Some(error.to_string())))?;
        Ok(self.network.get_or_init(|| network).place())
    }

    /// Drops all idle connections if there are too many: pools neither tell which connections are idle, nor drop some of them.
    fn let_go_of_idle(&self) {
        if self.connections.now().saturating_sub(self.exchanges.now()) > MOST_IDLE {
            self.kept.clear();
        }
    }
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

fn settings(place: Place) -> legacy::Builder {
    let mut settings = legacy::Client::builder(place);
    settings
        .timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(IDLE_PER_ORIGIN)
        .http1_max_headers(MAX_FIELDS)
        .http1_read_buf_exact_size(READ)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::settings::HttpSettings;
    use super::*;
    use crate::policy::Addresses;

    fn pools() -> Pools {
        let settings = HttpSettings::default();
        let dialer = Dialer::new(settings.hosts.clone(), Arc::new(Addresses::any()));
        let trust = Trust::new(&settings).expect("trust");
        Pools::new(dialer, trust, ClientCertificates::new(&[]).expect("no certificates"), true)
    }

    fn asks(pools: &Pools, request: &Request<()>) -> Pool {
        pools.pool(request, &ExchangeFields::default(), None).expect("a pool")
    }

    #[test]
    fn exchanges_over_http2_have_connections_of_their_own_while_there_are_any() {
        let pools = pools();
        let request = Request::get("https://localhost/").body(()).expect("a request");
        let mut under_way = Vec::new();
        for _ in 0..LANES {
            let pool = asks(&pools, &request);
            assert_eq!(pool.exchanges.now(), 0);
            under_way.push(pools.exchange(&pool));
        }
        let shared = asks(&pools, &request);
        assert_eq!(shared.exchanges.now(), 1);
        under_way.remove(3);
        assert_eq!(asks(&pools, &request).exchanges.now(), 0);
    }

    #[test]
    fn exchanges_that_follow_each_other_share_a_connection() {
        let pools = pools();
        let request = Request::get("https://localhost/").body(()).expect("a request");
        drop(pools.exchange(&asks(&pools, &request)));
        let held = pools.exchange(&asks(&pools, &request));
        assert_eq!(pools.kept.len(), 1);
        drop(held);
    }
}
