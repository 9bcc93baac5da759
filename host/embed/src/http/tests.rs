//! Exchanges with real servers: the requests that they receive, and the certificates that the client accepts.

mod addresses;
mod authorities;
mod certificates;
mod client_certificate;
mod fields;
mod gateway;
mod pools;
mod proxies;
mod reasons;
mod revocation;
mod server;
mod trust;
mod verification;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Full};
use rustls::RootCertStore;
use wasmtime_wasi_http::{Error, WasiHttpHooks};

use self::certificates::Authority;
use super::settings::HttpSettings;
use super::tls::Trust;
use super::{Outgoing, TokenCallers};
use crate::policy::{Addresses, Guard};

/// The HTTP client of an engine that trusts one authority.
struct Asker {
    outgoing: Outgoing,
}

/// Whether the client refused the connection for this reason.
fn refuses<T>(answer: &Result<T, Error>, reason: &str) -> bool {
    matches!(answer, Err(Error::InternalError(Some(told))) if told.strip_prefix("haul-") == Some(reason))
}

/// Whether the client rejected the server's certificate.
fn refuses_certificate<T>(answer: &Result<T, Error>) -> bool {
    match answer {
        Err(Error::InternalError(Some(told))) => told.starts_with("haul-certificate-"),
        Err(error) => matches!(error, Error::TlsCertificateError),
        Ok(_) => false,
    }
}

/// The response of a server; its body is the number of the connection, then the head of the request.
struct Answer {
    status: StatusCode,
    fields: HeaderMap,
    body: String,
}

impl Answer {
    fn connection(&self) -> usize {
        self.body.lines().next().and_then(|line| line.parse().ok()).expect("the number of the connection")
    }
}

impl Asker {
    fn new(trusted: &Authority, settings: &HttpSettings) -> Self {
        Self::under(Addresses::any(), trusted, settings)
    }

    /// A client that may connect to `addresses` only.
    fn under(addresses: Addresses, trusted: &Authority, settings: &HttpSettings) -> Self {
        Self::judged(Guard::admitting(addresses), trusted, settings)
    }

    /// A client whose requests `guard` judges. Only the caller `updates` has requested a token.
    fn judged(guard: Guard, trusted: &Authority, settings: &HttpSettings) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.certificate()).expect("a root");
        let trust = Trust::new(settings).expect("lists").with_roots(roots);
        let callers = TokenCallers::default();
        callers.add(&"updates".into());
        Self { outgoing: Outgoing::trusting(settings, trust, guard, callers).expect("settings") }
    }

    fn trusting(trusted: &Authority) -> Self {
        Self::new(trusted, &HttpSettings::default())
    }

    async fn ask(&self, uri: &str, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        self.send("GET", uri, fields, "").await
    }

    async fn send(
        &self,
        method: &str,
        uri: &str,
        fields: &[(&str, &str)],
        body: &'static str,
    ) -> Result<Answer, Error> {
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let body = Full::new(Bytes::from_static(body.as_bytes())).map_err(|never| match never {}).boxed_unsync();
        let request = request.body(body).expect("a request");
        let sent = Box::new(async { Ok(()) });
        let exchange = self.outgoing.clone().send_request(request, None, sent);
        let (response, _) = Box::into_pin(exchange).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status, fields: head.headers, body: String::from_utf8_lossy(&body).into_owned() })
    }

    async fn ask_with_flags(&self, uri: &str, flags: u32) -> Result<Answer, Error> {
        self.ask(uri, &[("haul-security-flags", &flags.to_string())]).await
    }
}
