//! Connections by way of a proxy.
//!
//! If the policy restricts addresses, no proxy gets a name: a host's addresses are resolved and checked here, and the proxy makes a
//! tunnel to one of them, for http too. A proxy that reads requests would resolve the host itself, past the policy.

use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::super::dialer::{BoxError, Dialer, Prohibited};
use super::super::proxy::{Protocol, Proxy};
use super::super::stream::{Boxed, Way};
use super::secure;

/// How long a proxy may take to accept a connection before it counts as one that does not answer: short, because proxies are near and the
/// next of the list waits.
const DIALING: Duration = Duration::from_secs(5);

/// How long a proxy may take to make a tunnel, TLS with the proxy included: as long as for an origin, because the proxy dials it meanwhile.
const TUNNELLING: Duration = Duration::from_secs(30);

/// A proxy does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the proxy cannot be reached")]
pub struct Unreachable(#[source] BoxError);

/// A proxy makes tunnels only for those whom it knows.
#[derive(Debug, thiserror::Error)]
#[error("the proxy wants other credentials")]
pub struct WantsCredentials;

/// Connects to a proxy, whatever the origin.
#[derive(Clone)]
pub struct ToProxy {
    proxy: Proxy,
    /// To the proxy.
    dialer: Dialer,
    /// For the addresses of origins.
    origins: Dialer,
    /// With the proxy.
    tls: Option<TlsConnector>,
}

impl ToProxy {
    /// `origins` says which addresses origins may have, and proxies that the embedder did not name. `tls`: for a proxy that is
    /// spoken to over TLS.
    pub fn new(proxy: Proxy, origins: Dialer, tls: Option<Arc<ClientConfig>>) -> Self {
        let dialer = if proxy.is_hosts_own { origins.unrestricted() } else { origins.clone() };
        Self { proxy, dialer, origins, tls: tls.map(TlsConnector::from) }
    }

    /// The time in which a connection has to be made.
    pub const fn connecting(&self) -> Duration {
        self.dialer.connecting()
    }

    pub async fn connect(&self, origin: &Uri) -> Result<(Boxed, Way), BoxError> {
        if !self.proxy.makes_tunnel(origin.scheme(), self.origins.is_restricted()) {
            return Ok((self.reach().await?, Way::Proxy));
        }
        let mut failure = None;
        for destination in self.destinations(origin).await? {
            let proxy = self.reach().await?;
            match tokio::time::timeout(TUNNELLING, self.tunnel(proxy, destination)).await {
                Ok(Ok(tunnel)) => return Ok((tunnel, Way::Tunnel)),
                Ok(Err(error)) => failure = Some(error),
                Err(late) => failure = Some(late.into()),
            }
        }
        Err(failure.unwrap_or_else(|| Prohibited.into()))
    }

    /// A connection to the proxy itself.
    async fn reach(&self) -> Result<Boxed, BoxError> {
        let reaching = async {
            let stream: Boxed = Box::new(self.dialer.dial(self.proxy.uri.clone(), DIALING).await?);
            match &self.tls {
                Some(tls) => Ok::<_, BoxError>(secure(tls, &self.proxy.uri, stream).await?.0),
                None => Ok(stream),
            }
        };
        let reached = tokio::time::timeout(TUNNELLING, reaching).await;
        Ok(reached.map_err(|late| Unreachable(late.into()))?.map_err(Unreachable)?)
    }

    /// The destinations of the tunnel: the host, or those of its addresses that the policy admits.
    async fn destinations(&self, origin: &Uri) -> Result<Vec<Uri>, BoxError> {
        let host = origin.host().unwrap_or_default();
        let default = if origin.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
        let port = origin.port_u16().unwrap_or(default);
        if !self.origins.is_restricted() && self.proxy.protocol != Protocol::Socks5 {
            return Ok(vec![destination(&format!("{host}:{port}"))?]);
        }
        let addresses = self.origins.resolve(origin).await?;
        addresses.into_iter().map(|address| destination(&SocketAddr::new(address, port).to_string())).collect()
    }

    async fn tunnel(&self, proxy: Boxed, destination: Uri) -> Result<Boxed, BoxError> {
        let (uri, opened) = (self.proxy.uri.clone(), Opened(Some(TokioIo::new(proxy))));
        let tunnel = match self.proxy.protocol {
            Protocol::Http | Protocol::Https => {
                let tunnel = Tunnel::new(uri, opened);
                let mut tunnel = match &self.proxy.authorization {
                    Some(authorization) => tunnel.with_auth(authorization.clone()),
                    None => tunnel,
                };
                tunnel.call(destination).await.map_err(told)
            }
            Protocol::Socks5 | Protocol::Socks5h => {
                let tunnel = SocksV5::new(uri, opened);
                let mut tunnel = match self.proxy.credentials.clone() {
                    Some((user, password)) => tunnel.with_auth(user.into_exposed(), password.into_exposed()),
                    None => tunnel,
                };
                tunnel.call(destination).await.map_err(told)
            }
        };
        Ok(tunnel?.into_inner())
    }
}

fn destination(place: &str) -> Result<Uri, BoxError> {
    Ok(Uri::builder().scheme(Scheme::HTTPS).authority(place).path_and_query("/").build()?)
}

/// Texts of library errors for a proxy that does not know the user, or that demands one. The types of these errors are not public.
const WANTS_CREDENTIALS: [&str; 3] =
    ["proxy authorization required", "credentials not accepted", "does not support user/pass"];

fn told(error: impl std::error::Error + Send + Sync + 'static) -> BoxError {
    let words = error.to_string();
    let wants = WANTS_CREDENTIALS.iter().any(|known| words.contains(known));
    if wants { WantsCredentials.into() } else { error.into() }
}

/// A connector that is connected already.
struct Opened(Option<TokioIo<Boxed>>);

impl Service<Uri> for Opened {
    type Response = TokioIo<Boxed>;
    type Error = std::io::Error;
    type Future = Ready<std::io::Result<TokioIo<Boxed>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| std::io::ErrorKind::NotConnected.into()))
    }
}
