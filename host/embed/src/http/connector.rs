//! How connections are made: straight to the origin, or by way of a proxy.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use tower_service::Service;

use super::proxy::Proxy;
use super::stream::{Stream, TcpStream, Way};

/// How long a proxy may take to accept a connection before it counts as one that does not answer.
const PROXY_TIMEOUT: Duration = Duration::from_secs(5);

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<S, E> = Pin<Box<dyn Future<Output = Result<S, E>> + Send>>;

#[derive(Clone)]
pub enum Connector {
    Straight(HttpConnector),
    Through(ToProxy),
}

impl Connector {
    pub fn new(proxy: Option<&Proxy>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let Some(proxy) = proxy.cloned() else { return Self::Straight(tcp) };
        tcp.set_connect_timeout(Some(PROXY_TIMEOUT));
        Self::Through(ToProxy { tcp, proxy })
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream, BoxError>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match self {
            Self::Straight(tcp) => tcp.poll_ready(cx).map_err(Into::into),
            Self::Through(to_proxy) => to_proxy.poll_ready(cx).map_err(Into::into),
        }
    }

    fn call(&mut self, origin: Uri) -> Self::Future {
        match self {
            Self::Straight(tcp) => {
                let connecting = tcp.call(origin);
                Box::pin(async { Ok(Stream::new(connecting.await?, Way::Straight)) })
            }
            Self::Through(to_proxy) if origin.scheme() == Some(&Scheme::HTTPS) => {
                let connecting = to_proxy.tunnel().call(origin);
                Box::pin(async { Ok(Stream::new(connecting.await?, Way::Tunnel)) })
            }
            Self::Through(to_proxy) => {
                let connecting = to_proxy.call(origin);
                Box::pin(async { Ok(Stream::new(connecting.await?, Way::Proxy)) })
            }
        }
    }
}

/// Connects to a proxy, whatever the origin.
#[derive(Clone)]
pub struct ToProxy {
    tcp: HttpConnector,
    proxy: Proxy,
}

/// A proxy does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the proxy cannot be reached")]
pub struct Unreachable(#[source] BoxError);

impl ToProxy {
    fn tunnel(&self) -> Tunnel<Self> {
        let tunnel = Tunnel::new(self.proxy.uri.clone(), self.clone());
        match &self.proxy.authorization {
            Some(authorization) => tunnel.with_auth(authorization.clone()),
            None => tunnel,
        }
    }
}

impl Service<Uri> for ToProxy {
    type Response = TcpStream;
    type Error = Unreachable;
    type Future = Connecting<TcpStream, Unreachable>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Unreachable>> {
        self.tcp.poll_ready(cx).map_err(|error| Unreachable(error.into()))
    }

    fn call(&mut self, _origin: Uri) -> Self::Future {
        let connecting = self.tcp.call(self.proxy.uri.clone());
        Box::pin(async { connecting.await.map_err(|error| Unreachable(error.into())) })
    }
}
