//! Replies.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use hyper::{Response, StatusCode};

/// A reply.
pub type Reply = Response<Full<Bytes>>;

/// No reply but the page does anything in a browser.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// A reply with a body of this media type; none without a type.
pub fn reply(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    let fields = reply.headers_mut();
    let mut set = |name: HeaderName, value| drop(fields.insert(name, HeaderValue::from_static(value)));
    set(CACHE_CONTROL, "no-cache");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(X_FRAME_OPTIONS, "DENY");
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if !media_type.is_empty() {
        set(CONTENT_TYPE, media_type);
    }
    reply
}

/// A reply without a body.
pub fn empty(status: StatusCode) -> Reply {
    reply(status, "", Bytes::new())
}

/// A reply for people.
pub fn text(status: StatusCode, text: impl Into<String>) -> Reply {
    reply(status, "text/plain; charset=utf-8", format!("{}\n", text.into()))
}

/// Lets the page of another origin read the reply.
pub fn share(reply: &mut Reply, origin: Option<&str>) {
    let fields = reply.headers_mut();
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        fields.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        fields
            .insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    }
    fields.insert(VARY, HeaderValue::from_static("Origin"));
}
