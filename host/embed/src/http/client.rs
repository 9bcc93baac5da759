//! Requests and their answers, by way of pools and proxies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{Request, Response, StatusCode, Uri, Version};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use wasmtime_wasi_http::{Error, Result, WasiBody};

use super::body::ReceivedBody;
use super::counter::Counted;
use super::dialer::Dialer;
use super::exchange_fields::ExchangeFields;
use super::failure;
use super::framing::{self, Excess};
use super::gathered_body::GatheredBody;
use super::interim::Interim;
use super::pools::{Pool, Pools};
use super::proxy::{Proxies, Proxy};
use super::recently_used::RecentlyUsed;
use super::settings::HttpSettings;
use super::shared_body::SharedBody;
use super::tls::{ClientCertificates, Trust};
use crate::policy::Addresses;

/// How long a proxy that did not answer is tried after the others of its list, so that one dead proxy does not delay each request.
const SILENCE: Duration = Duration::from_secs(60);

pub struct Client {
    pools: Pools,
    /// The host's own.
    proxies: Proxies,
    /// Proxies that did not answer, and when.
    silent: RecentlyUsed<Proxy, Instant>,
}

impl Client {
    /// `addresses`: those that connections may go to.
    ///
    /// # Errors
    ///
    /// [`crate::error::Error::Setting`] for a list of proxies or a certificate that cannot be used.
    pub fn new(settings: &HttpSettings, trust: Trust, addresses: Arc<Addresses>) -> Result<Self, crate::error::Error> {
        let dialer = Dialer::new(settings.hosts.clone(), addresses).within(settings.connect_timeout);
        let certificates = ClientCertificates::new(&settings.client_certificates)?;
        let pools = Pools::new(dialer, trust, certificates, !settings.without_http2);
        let proxies = Proxies::new(settings.proxies.as_ref())?;
        Ok(Self { pools, proxies, silent: RecentlyUsed::default() })
    }

    /// The proxies for an exchange with `origin`, in the order in which to try them; none for a direct one.
    ///
    /// # Errors
    ///
    /// HttpRequestHeaderSize with the name of the field if it cannot be used.
    pub fn proxies(&self, fields: &ExchangeFields, origin: &Uri) -> Result<Vec<Proxy>> {
        Ok(self.proxies.or_asked_for(fields.proxy.as_ref())?.of(origin))
    }

    /// Whether the host has a proxy of its own for `origin`.
    pub fn has_proxy_for(&self, origin: &Uri) -> bool {
        !self.proxies.of(origin).is_empty()
    }

    /// Sends a request with the settings in `fields`, of which those for TLS count for https only. Of several proxies the first one that
    /// answers is used. `between_bytes`: longest wait for the next bytes of the body.
    ///
    /// # Errors
    ///
    /// Why no response came; HttpRequestHeaderSize with the name of a field that cannot be used.
    pub async fn send(
        &self,
        request: Request<WasiBody>,
        fields: &ExchangeFields,
        mut proxies: Vec<Proxy>,
        between_bytes: Duration,
    ) -> Result<Response<WasiBody>> {
        proxies.sort_by_key(|proxy| self.is_silent(proxy));
        let request = request.map(SharedBody::new);
        let mut proxies = proxies.iter().peekable();
        loop {
            let proxy = proxies.next();
            let pool = self.pools.pool(&request, fields, proxy)?;
            let exchange = self.pools.exchange(&pool);
            match (proxy, self.ask(&pool, request.clone(), proxy).await?) {
                (Some(proxy), Err(error)) if failure::is_silent_proxy(&error) && proxies.peek().is_some() => {
                    self.silent.keep(proxy.clone(), Instant::now());
                }
                (_, answer) => return received(answer, between_bytes, exchange),
            }
        }
    }

    /// One try, by way of `proxy` or straight.
    async fn ask(
        &self,
        pool: &Pool,
        mut request: Request<SharedBody>,
        proxy: Option<&Proxy>,
    ) -> Result<Result<Response<Incoming>, legacy::Error>> {
        let reads = |proxy: &&Proxy| !proxy.makes_tunnel(request.uri().scheme(), self.pools.is_restricted());
        if let Some(authorization) = proxy.filter(reads).and_then(|proxy| proxy.authorization.clone()) {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        // With HTTP/2 the authority is all, and with HTTP/1.1 the field is made from it.
        request.headers_mut().remove(HOST);
        let interim = Interim::of(&mut request);
        tokio::select! {
            answer = pool.client.request(request) => Ok(answer),
            () = interim.too_many() => Err(Error::HttpProtocolError),
        }
    }

    fn is_silent(&self, proxy: &Proxy) -> bool {
        self.silent.find(proxy).is_some_and(|since| since.elapsed() < SILENCE)
    }
}

/// A proxy that makes no tunnel for strangers says so with a status, and the component gets it as one, as it does with http.
fn received(
    answer: Result<Response<Incoming>, legacy::Error>,
    between_bytes: Duration,
    exchange: [Counted; 2],
) -> Result<Response<WasiBody>> {
    match answer {
        Ok(mut response) => {
            framing::settle(&mut response)?;
            let excess = response.extensions().get::<Excess>().cloned().unwrap_or_default();
            let in_small_frames = response.version() == Version::HTTP_2;
            Ok(response.map(|incoming| {
                let body = ReceivedBody::new(incoming, between_bytes, excess, exchange);
                if in_small_frames { GatheredBody::new(body).boxed_unsync() } else { body.boxed_unsync() }
            }))
        }
        Err(error) if failure::is_proxy_for_others(&error) => {
            let body = Empty::new().map_err(|never| match never {}).boxed_unsync();
            let mut response = Response::new(body);
            *response.status_mut() = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
            Ok(response)
        }
        Err(error) => Err(failure::of_request(&error)),
    }
}
