//! The way of a request: the rules, the interface for its path, and the reply.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONTENT_SECURITY_POLICY, HeaderValue, UPGRADE,
};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::Server;
use super::replies::{Reply, empty, reply, share, text};
use crate::aria2::json::{self, Kind};
use crate::aria2::xml;
use crate::metrics::Transport;
use crate::page;

/// Bytes of a request, because aria2 takes as many: a document of 1 MiB fits as base64.
pub const LARGEST: usize = 2 << 20;

/// Time for the body of a request, so that a client that sends slowly cannot hold a connection.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

const JSON: &str = "application/json-rpc";

impl Server {
    /// Answers a request.
    pub(super) async fn answer(self: Rc<Self>, request: Request<Incoming>, peer: IpAddr) -> Reply {
        let admitted = match self.rules.judge(request.method(), request.version(), request.headers()) {
            Ok(admitted) => admitted,
            Err(refused) => {
                self.metrics.refused(refused.rule);
                return text(refused.status, refused.reason);
            }
        };
        let cors = admitted.cors;
        let mut reply = if request.method() == Method::OPTIONS {
            preflight(&request, cors.is_some())
        } else {
            self.route(request, peer).await
        };
        share(&mut reply, cors.as_deref());
        reply
    }

    async fn route(self: Rc<Self>, request: Request<Incoming>, peer: IpAddr) -> Reply {
        let path = request.uri().path().to_owned();
        match (request.method().as_str(), path.as_str()) {
            ("POST", "/jsonrpc") => self.json(request, peer).await,
            ("POST", "/rpc") => self.xml(request, peer).await,
            ("GET", "/jsonrpc") if request.headers().contains_key(UPGRADE) => self.upgrade(request, peer),
            ("GET", "/jsonrpc") => self.get(request.uri().query().unwrap_or_default(), peer).await,
            ("GET", "/metrics") => self.tell_metrics(&request, peer).await,
            ("GET", "/healthz") => self.health().await,
            ("GET", "/readyz") if *self.closing.borrow() => text(StatusCode::SERVICE_UNAVAILABLE, "closing"),
            ("GET", "/readyz") => text(StatusCode::OK, "ready"),
            ("GET", path) => page::file(path).map_or_else(|| empty(StatusCode::NOT_FOUND), |file| page_reply(&file)),
            _ => empty(StatusCode::NOT_FOUND),
        }
    }

    async fn json(&self, request: Request<Incoming>, peer: IpAddr) -> Reply {
        let body = match self.body(request).await {
            Ok(body) => body,
            Err(reply) => return reply,
        };
        let begun = Instant::now();
        let answer = json::answer(&self.aria2, &body).await;
        self.metrics.answered(Transport::Http, answer.kind == Kind::Success, begun.elapsed());
        self.slow_down(answer.unauthorized, peer).await;
        reply(status(answer.kind), JSON, answer.body)
    }

    async fn xml(&self, request: Request<Incoming>, peer: IpAddr) -> Reply {
        let body = match self.body(request).await {
            Ok(body) => body,
            Err(reply) => return reply,
        };
        let begun = Instant::now();
        let Some(answer) = xml::answer(&self.aria2, &body).await else { return empty(StatusCode::BAD_REQUEST) };
        self.metrics.answered(Transport::Xml, !answer.unauthorized, begun.elapsed());
        self.slow_down(answer.unauthorized, peer).await;
        reply(StatusCode::OK, "text/xml", answer.body)
    }

    /// A call in a query. An image or a link of any page can make one, so without a secret there are none.
    async fn get(&self, query: &str, peer: IpAddr) -> Reply {
        if !self.aria2.has_secret() {
            return text(StatusCode::FORBIDDEN, "calls by GET need a secret; send a POST");
        }
        let Some(request) = query_request(query) else {
            let body = r#"{"id":null,"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request."}}"#;
            return reply(StatusCode::BAD_REQUEST, JSON, body);
        };
        let begun = Instant::now();
        let answer = json::answer_value(&self.aria2, request).await;
        self.metrics.answered(Transport::Http, answer.kind == Kind::Success, begun.elapsed());
        self.slow_down(answer.unauthorized, peer).await;
        reply(status(answer.kind), JSON, answer.body)
    }

    async fn tell_metrics(&self, request: &Request<Incoming>, peer: IpAddr) -> Reply {
        let field = request.headers().get(AUTHORIZATION).and_then(|field| field.to_str().ok());
        let token = field.and_then(|field| field.strip_prefix("Bearer "));
        if !self.aria2.admits(token) {
            self.slow_down(true, peer).await;
            return text(StatusCode::UNAUTHORIZED, "send the secret as Authorization: Bearer SECRET");
        }
        let body = self.metrics.render(self.aria2.service());
        reply(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", body)
    }

    async fn health(&self) -> Reply {
        match self.aria2.service().is_healthy().await {
            true => text(StatusCode::OK, "ok"),
            false => text(StatusCode::SERVICE_UNAVAILABLE, "the engine does not answer"),
        }
    }

    /// Delays the reply to a caller without the secret, and counts it.
    pub(super) async fn slow_down(&self, unauthorized: bool, peer: IpAddr) {
        if unauthorized {
            self.metrics.refused("token");
            sleep(self.brake.fail(peer, Instant::now())).await;
        }
    }

    async fn body(&self, request: Request<Incoming>) -> Result<Bytes, Reply> {
        let body = Limited::new(request.into_body(), LARGEST).collect();
        match timeout(BODY_TIMEOUT, body).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
                self.metrics.refused("size");
                Err(text(StatusCode::PAYLOAD_TOO_LARGE, format!("a request has {LARGEST} bytes at most")))
            }
            Ok(Err(_)) => Err(empty(StatusCode::BAD_REQUEST)),
            Err(_) => Err(empty(StatusCode::REQUEST_TIMEOUT)),
        }
    }
}

fn page_reply(file: &page::File) -> Reply {
    let mut reply = reply(StatusCode::OK, file.media_type, file.content);
    reply.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(file.policy));
    reply
}

const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Success => StatusCode::OK,
        Kind::Refused => StatusCode::BAD_REQUEST,
        Kind::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The reply to a browser that asks whether a page may send a request.
fn preflight(request: &Request<Incoming>, is_shared: bool) -> Reply {
    let mut reply = empty(StatusCode::OK);
    if is_shared && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        let fields = reply.headers_mut();
        fields.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, GET, OPTIONS"));
        fields.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("1728000"));
        if let Some(wanted) = request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
            fields.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
    }
    reply
}

/// The request in a query: `method`, `id` and `params`, or with `params` alone a whole request. `params` is JSON as base64.
fn query_request(query: &str) -> Option<Value> {
    let of = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| decoded(value))
    };
    let params = match of("params") {
        Some(text) => {
            let text = STANDARD.decode(text.trim_end_matches('=').to_owned() + padding(&text)).ok()?;
            Some(serde_json::from_slice::<Value>(&text).ok()?)
        }
        None => None,
    };
    let (method, id) = (of("method"), of("id"));
    if method.is_none() && id.is_none() {
        return params;
    }
    let mut request = serde_json::Map::new();
    let members = [("method", method.map(Value::from)), ("id", id.map(Value::from)), ("params", params)];
    request.extend(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Some(json!(request))
}

/// Clients leave the padding of base64 out.
fn padding(text: &str) -> &'static str {
    match text.trim_end_matches('=').len() % 4 {
        2 => "==",
        3 => "=",
        _ => "",
    }
}

/// A value of a query. A plus stays one, because base64 has it.
fn decoded(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut text = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = value.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                text.push(byte);
                at += 3;
            }
            None => {
                text.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_holds_a_request() {
        let params = STANDARD.encode(r#"["token:x"]"#);
        for params in [params.clone(), params.replace('=', "%3D"), params.trim_end_matches('=').to_owned()] {
            let query = format!("jsonrpc=2.0&method=aria2.getVersion&id=a%2Fb&params={params}&jsoncallback=x");
            let expected = json!({"method": "aria2.getVersion", "id": "a/b", "params": ["token:x"]});
            assert_eq!(query_request(&query), Some(expected), "{query}");
        }
        let batch = format!("params={}", STANDARD.encode(r#"[{"id":1}]"#));
        assert_eq!(query_request(&batch), Some(json!([{"id": 1}])));
        assert_eq!(query_request("method=m"), Some(json!({"method": "m"})));
        for bad in ["", "params=%%%", "params=AAAA&method=m"] {
            assert_eq!(query_request(bad), None, "{bad}");
        }
    }
}
