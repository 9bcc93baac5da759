//! JSON-RPC over WebSocket, and notifications.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::upgrade::Upgraded;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use sha1::{Digest as _, Sha1};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::Server;
use super::replies::{Reply, empty, text};
use super::requests::LARGEST;
use crate::aria2::Aria2;
use crate::aria2::json::{self, Kind};
use crate::metrics::Transport;

/// Sockets at a time, because the usual limit of descriptors is 1,024 and transfers need some.
const SOCKETS: usize = 400;

/// Time between two pings, so that a dead peer is detected and proxies with a limit of a minute keep the connection.
const PING: Duration = Duration::from_secs(30);

/// Time for a peer to take a message, so that a stopped peer does not keep its socket.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// RFC 6455, section 1.3.
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

type Socket = WebSocketStream<TokioIo<Upgraded>>;

impl Server {
    /// Accepts a handshake.
    pub(super) fn upgrade(self: Rc<Self>, request: Request<Incoming>, peer: IpAddr) -> Reply {
        let accept = match handshake(request.headers(), request.uri().query()) {
            Ok(accept) => accept,
            Err(status) => return refused(status),
        };
        if self.websockets.get() >= SOCKETS {
            return text(StatusCode::SERVICE_UNAVAILABLE, format!("{SOCKETS} sockets are open, which is the most"));
        }
        self.websockets.set(self.websockets.get() + 1);
        tokio::task::spawn_local(async move {
            if let Ok(upgraded) = hyper::upgrade::on(request).await {
                let mut limits = WebSocketConfig::default();
                limits.max_message_size = Some(LARGEST);
                limits.max_frame_size = Some(LARGEST);
                let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(limits));
                self.converse(socket.await, peer).await;
            }
            self.websockets.set(self.websockets.get() - 1);
        });
        let mut reply = empty(StatusCode::SWITCHING_PROTOCOLS);
        let fields = reply.headers_mut();
        fields.insert(UPGRADE, HeaderValue::from_static("websocket"));
        fields.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        fields.insert(SEC_WEBSOCKET_ACCEPT, accept);
        reply
    }

    /// Answers the requests of a socket one after the other, and sends notifications in between.
    async fn converse(&self, mut socket: Socket, peer: IpAddr) {
        let mut notices = self.aria2.service().notices();
        let mut pings = interval(PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_heard = Instant::now();
        loop {
            let message = tokio::select! {
                message = socket.next() => {
                    let Some(Ok(message)) = message else { return };
                    last_heard = Instant::now();
                    match message {
                        Message::Text(text) => self.reply(text.as_bytes(), peer).await,
                        Message::Binary(bytes) => self.reply(&bytes, peer).await,
                        Message::Close(_) => {
                            let _ = timeout(SEND_TIMEOUT, socket.close(None)).await;
                            return;
                        }
                        // The library answers pings.
                        _ => continue,
                    }
                }
                () = self.closed() => {
                    let _ = timeout(SEND_TIMEOUT, socket.close(None)).await;
                    return;
                }
                notice = notices.recv() => match notice {
                    Ok((notice, gid)) => Message::text(Aria2::notification(notice, gid)),
                    // The client is too slow to follow; it connects again and looks at all downloads.
                    Err(RecvError::Lagged(_) | RecvError::Closed) => return,
                },
                _ = pings.tick() => {
                    if last_heard.elapsed() > PING * 3 {
                        return;
                    }
                    Message::Ping(Bytes::new())
                }
            };
            if !matches!(timeout(SEND_TIMEOUT, socket.send(message)).await, Ok(Ok(()))) {
                return;
            }
        }
    }

    async fn reply(&self, request: &[u8], peer: IpAddr) -> Message {
        let begun = Instant::now();
        let answer = json::answer(&self.aria2, request).await;
        self.metrics.answered(Transport::WebSocket, answer.kind == Kind::Success, begun.elapsed());
        self.slow_down(answer.unauthorized, peer).await;
        Message::text(answer.body)
    }
}

/// The value that proves the handshake.
fn handshake(fields: &HeaderMap, query: Option<&str>) -> Result<HeaderValue, StatusCode> {
    let lists = |name, word: &str| {
        let values = fields.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(word))
    };
    if query.is_some() {
        return Err(StatusCode::NOT_FOUND);
    }
    if !lists(UPGRADE, "websocket") || !lists(CONNECTION, "upgrade") {
        return Err(StatusCode::BAD_REQUEST);
    }
    if !lists(SEC_WEBSOCKET_VERSION, "13") {
        return Err(StatusCode::UPGRADE_REQUIRED);
    }
    let key = fields.get(SEC_WEBSOCKET_KEY).ok_or(StatusCode::BAD_REQUEST)?;
    let mut digest = Sha1::new();
    digest.update(key.as_bytes());
    digest.update(ACCEPT_GUID);
    HeaderValue::from_str(&STANDARD.encode(digest.finalize())).map_err(|_| StatusCode::BAD_REQUEST)
}

fn refused(status: StatusCode) -> Reply {
    let mut reply = empty(status);
    if status == StatusCode::UPGRADE_REQUIRED {
        reply.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_is_that_of_rfc_6455() {
        let fields = |version, upgrade| {
            let mut fields = HeaderMap::new();
            fields.insert(UPGRADE, HeaderValue::from_static(upgrade));
            fields.insert(CONNECTION, HeaderValue::from_static("keep-alive, Upgrade"));
            fields.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static(version));
            fields.insert(SEC_WEBSOCKET_KEY, HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
            fields
        };
        assert_eq!(handshake(&fields("13", "websocket"), None).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(handshake(&fields("8", "websocket"), None), Err(StatusCode::UPGRADE_REQUIRED));
        assert_eq!(handshake(&fields("13", "h2c"), None), Err(StatusCode::BAD_REQUEST));
        assert_eq!(handshake(&fields("13", "websocket"), Some("x")), Err(StatusCode::NOT_FOUND));
        let mut keyless = fields("13", "websocket");
        keyless.remove(SEC_WEBSOCKET_KEY);
        assert_eq!(handshake(&keyless, None), Err(StatusCode::BAD_REQUEST));
    }
}
