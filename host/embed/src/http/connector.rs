//! How connections are made: straight to the origin, or by way of a proxy; with TLS or without.

mod to_proxy;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::BufReader;
use tokio_rustls::TlsConnector;
use tower_service::Service;

pub use self::to_proxy::{ToProxy, Unreachable, WantsCredentials};
use super::counter::Counter;
use super::dialer::{BoxError, Dialer};
use super::filtered::Filtered;
use super::framing::{Excess, Framing};
use super::full_reads::FullReads;
use super::header_limit::HeaderLimit;
use super::joined_frames::JoinedFrames;
use super::network::Place;
use super::stream::{Boxed, Stream, Way};

/// How long all the addresses of a host may take to accept a connection, so that a silent host ends as an error. Linux alone would take two
/// minutes for each address.
const DIALING: Duration = Duration::from_secs(30);

/// Bytes of TLS records that are read from a socket at once: eight records of the largest size, so that one system call serves several.
const RECORDS: usize = 128 << 10;

/// The name of HTTP/2 in ALPN.
const HTTP2: &[u8] = b"h2";

#[derive(Clone)]
pub struct Connector {
    place: Place,
    route: Route,
    /// For https.
    tls: Option<TlsConnector>,
    connections: Counter,
}

#[derive(Clone)]
pub enum Route {
    Straight(Dialer),
    Through(Box<ToProxy>),
}

impl Connector {
    /// `tls`: for https. `connections` counts those that are there.
    pub fn new(place: Place, route: Route, tls: Option<Arc<ClientConfig>>, connections: Counter) -> Self {
        Self { place, route, tls: tls.map(TlsConnector::from), connections }
    }

    async fn connect(self, origin: Uri) -> Result<Stream, BoxError> {
        let counted = self.connections.one_more();
        let (transport, way) = match self.route {
            Route::Straight(dialer) => {
                let stream = dialer.dial(origin.clone(), DIALING).await?;
                let way = Way::Straight(stream.peer_addr()?.ip());
                (Box::new(stream) as Boxed, way)
            }
            Route::Through(to_proxy) => to_proxy.connect(&origin).await?,
        };
        let (transport, http2) = match &self.tls {
            Some(tls) => secure(tls, &origin, transport).await?,
            None => (transport, false),
        };
        let excess = Excess::default();
        let transport: Boxed = match http2 {
            true => {
                let limited = Filtered::new(transport, HeaderLimit::default());
                Box::new(Filtered::new(limited, JoinedFrames::default()))
            }
            false => Box::new(Filtered::new(transport, Framing::new(excess.clone()))),
        };
        Ok(Stream::new(transport, way, http2, excess, counted))
    }
}

/// TLS with the host of `uri`, and whether it wants HTTP/2.
async fn secure(tls: &TlsConnector, uri: &Uri, transport: Boxed) -> Result<(Boxed, bool), BoxError> {
    let host = uri.host().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let records = BufReader::with_capacity(RECORDS, transport);
    let stream = tls.connect(ServerName::try_from(host.to_owned())?, records).await?;
    let http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
    Ok((Box::new(Filtered::new(stream, FullReads::default())), http2))
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, origin: Uri) -> Self::Future {
        let time = match &self.route {
            Route::Straight(dialer) => dialer.connecting(),
            Route::Through(to_proxy) => to_proxy.connecting(),
        };
        let (place, connecting) = (self.place.clone(), self.clone().connect(origin));
        Box::pin(async move {
            let too_late = |_| io::Error::from(io::ErrorKind::TimedOut);
            let connecting = async move { tokio::time::timeout(time, connecting).await };
            place.run(connecting).await?.map_err(too_late)?
        })
    }
}
