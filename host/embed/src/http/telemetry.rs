//! The traces of an exchange, with OpenTelemetry's names for HTTP clients: a span for each exchange, and the metrics as events. The
//! fields of a metric start with `histogram.` or `counter.`, as `tracing-opentelemetry` takes them.

use std::time::Instant;

use http::{Request, Response, Uri, Version};
use tracing::field::{Empty, display};
use tracing::{Level, Span};
use wasmtime_wasi_http::Error;

/// One exchange, until its body has come or is dropped.
pub struct Telemetry {
    span: Span,
    started: Instant,
    method: String,
    server: String,
    status: Option<u16>,
    error: Option<String>,
    bytes: u64,
}

impl Telemetry {
    pub fn new<B>(request: &Request<B>) -> Self {
        let (uri, method) = (request.uri(), request.method());
        let span = tracing::span!(
            Level::DEBUG,
            "http.client.request",
            otel.name = %method,
            otel.kind = "client",
            http.request.method = %method,
            url.full = told(uri),
            server.address = uri.host(),
            server.port = port(uri),
            http.response.status_code = Empty,
            network.protocol.version = Empty,
            error.r#type = Empty,
        );
        let server = uri.host().unwrap_or_default().to_owned();
        tracing::trace!(parent: &span, counter.http.client.active_requests = 1, server.address = server);
        let method = method.to_string();
        Self { span, started: Instant::now(), method, server, status: None, error: None, bytes: 0 }
    }

    pub const fn span(&self) -> &Span {
        &self.span
    }

    pub fn answered<B>(&mut self, response: &Response<B>) {
        self.status = Some(response.status().as_u16());
        self.span.record("http.response.status_code", response.status().as_u16());
        self.span.record("network.protocol.version", version(response.version()));
    }

    pub fn failed(&mut self, error: &Error) {
        let kind = kind(error);
        self.span.record("error.type", display(&kind));
        self.error = Some(kind);
    }

    pub const fn received(&mut self, bytes: u64) {
        self.bytes += bytes;
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        let server = &self.server;
        tracing::trace!(parent: &self.span, counter.http.client.active_requests = -1, server.address = server);
        tracing::trace!(
            parent: &self.span,
            histogram.http.client.request.duration = self.started.elapsed().as_secs_f64(),
            histogram.http.client.response.body.size = self.bytes,
            http.request.method = self.method,
            server.address = server,
            http.response.status_code = self.status,
            error.r#type = self.error,
        );
    }
}

/// The URL without its possible secrets: user information and query.
fn told(uri: &Uri) -> String {
    let query = if uri.query().is_some() { "?REDACTED" } else { "" };
    let host = uri.host().unwrap_or_default();
    let port = uri.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{host}{port}{}{query}", uri.scheme_str().unwrap_or_default(), uri.path())
}

fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or_else(|| Some(if uri.scheme_str()? == "https" { 443 } else { 80 }))
}

const fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        _ => "1.1",
    }
}

/// The name of the error, without its values.
fn kind(error: &Error) -> String {
    let text = format!("{error:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_told() {
        let uri = "https://me:secret@example.com:8443/a?token=secret".parse().unwrap();
        assert_eq!(told(&uri), "https://example.com:8443/a?REDACTED");
        assert_eq!(told(&"http://example.com/a".parse().unwrap()), "http://example.com/a");
    }

    #[test]
    fn an_error_is_told_by_its_name() {
        assert_eq!(kind(&Error::ConnectionTimeout), "ConnectionTimeout");
        assert_eq!(kind(&Error::InternalError(Some("secret".into()))), "InternalError");
    }
}
