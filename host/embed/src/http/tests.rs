//! Exchanges with real servers: what they see, and whose certificates are taken.

mod certificates;
mod client_certificate;
mod fields;
mod gateway;
mod pools;
mod proxies;
mod revocation;
mod server;
mod verification;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, Full};
use rustls::RootCertStore;
use wasmtime_wasi_http::{Error, WasiHttpHooks};

use self::certificates::Authority;
use super::client::Client;
use super::network_tokens::NetworkTokens;
use super::proxy::Proxies;
use super::settings::HttpSettings;
use super::tls::Trust;
use super::{Arc, Outgoing};
use crate::grants::Grants;
use crate::policy::{Guard, Policy};

/// An engine's HTTP that trusts one authority.
struct Asker {
    outgoing: Outgoing,
}

/// What a server said; its body is the head that it was sent, after the number of the connection.
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
        let mut roots = RootCertStore::empty();
        roots.add(trusted.certificate()).expect("a root");
        let trust = Trust::new(&settings.revocation_lists).expect("lists").with_roots(roots);
        let tokens = NetworkTokens::new(&settings.network_tokens).expect("tokens");
        let proxies = Proxies::new(settings.proxies.as_ref()).expect("proxies");
        let guard = Guard::new(&Policy::allow_all(), &Grants::default()).expect("a guard");
        let client = Client::new(trust, proxies);
        Self { outgoing: Outgoing { client: Arc::new(client), tokens: Arc::new(tokens), guard: Arc::new(guard) } }
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
