//! All connections are made here: to addresses that the policy admits, and to no others.

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use tokio::net::TcpStream;
use tower_service::Service;

use super::host_resolver::HostResolver;
use crate::policy::Addresses;

/// Addresses of one host that are looked at, so that a hostile DNS answer costs little.
const MOST_ADDRESSES: usize = 32;

pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The policy admits no address of the host.
#[derive(Debug, thiserror::Error)]
#[error("the policy does not admit the address")]
pub struct Prohibited;

/// The host has no address.
#[derive(Debug, thiserror::Error)]
#[error("dns error")]
pub struct Unresolved(#[source] BoxError);

/// Connects to hosts. An address is checked three times: in the URI, in the answer of a resolver, and when the socket is connected,
/// before anything is sent.
#[derive(Clone)]
pub struct Dialer {
    lookup: Lookup,
    /// The time in which a connection has to be made.
    connecting: Duration,
}

/// The longest time in which a connection may be made, with the tunnel of a proxy and TLS, so that a silent peer ends as an error.
const CONNECTING: Duration = Duration::from_secs(60);

impl Dialer {
    pub fn new(hosts: HostResolver, addresses: Arc<Addresses>) -> Self {
        Self { lookup: Lookup { hosts, addresses }, connecting: CONNECTING }
    }

    /// The same with less time.
    pub fn within(mut self, time: Option<Duration>) -> Self {
        self.connecting = self.connecting.min(time.unwrap_or(CONNECTING));
        self
    }

    pub const fn connecting(&self) -> Duration {
        self.connecting
    }

    /// The same for a host that the embedder named itself.
    pub fn unrestricted(&self) -> Self {
        let lookup = Lookup { hosts: self.lookup.hosts.clone(), addresses: Arc::new(Addresses::any()) };
        Self { lookup, connecting: self.connecting }
    }

    pub fn is_restricted(&self) -> bool {
        !self.lookup.addresses.is_any()
    }

    /// Connects to the host and port of `uri` within `timeout`, which its addresses share.
    ///
    /// # Errors
    ///
    /// [`Prohibited`] among the causes if no address is admitted.
    pub async fn dial(&self, uri: Uri, timeout: Duration) -> Result<TcpStream, BoxError> {
        if let Some(address) = literal(&uri) {
            self.lookup.admitted([address])?;
        }
        let mut tcp = HttpConnector::new_with_resolver(self.lookup.clone());
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(timeout));
        let stream = tcp.call(uri).await?.into_inner();
        self.lookup.admitted([stream.peer_addr()?.ip()])?;
        Ok(stream)
    }

    /// The addresses of the host of `uri` that may be connected to, for one who connects in our place.
    ///
    /// # Errors
    ///
    /// [`Prohibited`] if there is none, [`Unresolved`] for an unknown host.
    pub async fn resolve(&self, uri: &Uri) -> Result<Vec<IpAddr>, BoxError> {
        match literal(uri) {
            Some(address) => Ok(self.lookup.admitted([address])?),
            None => self.lookup.resolve(uri.host().unwrap_or_default()).await,
        }
    }
}

/// The address that a URI has in the place of a name.
fn literal(uri: &Uri) -> Option<IpAddr> {
    uri.host()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Resolves names to admitted addresses.
#[derive(Clone)]
struct Lookup {
    hosts: HostResolver,
    addresses: Arc<Addresses>,
}

impl Lookup {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, BoxError> {
        let found = self.hosts.resolve(host).await.map_err(|error| Unresolved(error.into()))?;
        if found.is_empty() {
            return Err(Unresolved("there is no address".into()).into());
        }
        Ok(self.admitted(found)?)
    }

    fn admitted(&self, found: impl IntoIterator<Item = IpAddr>) -> Result<Vec<IpAddr>, Prohibited> {
        let (admitted, refused): (Vec<_>, Vec<_>) =
            found.into_iter().take(MOST_ADDRESSES).partition(|address| self.addresses.admits(*address));
        if !refused.is_empty() {
            tracing::debug!(?refused, "addresses are not admitted");
        }
        if admitted.is_empty() { Err(Prohibited) } else { Ok(admitted) }
    }
}

impl Service<Name> for Lookup {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let lookup = self.clone();
        Box::pin(async move {
            let admitted = lookup.resolve(name.as_str()).await?;
            let sockets: Vec<_> = admitted.into_iter().map(|address| SocketAddr::new(address, 0)).collect();
            Ok(sockets.into_iter())
        })
    }
}
