//! HTTP for the component: one pool of connections behind the hook of wasi-http.

mod body;
mod client;
mod failure;

use std::time::Duration;

use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use self::body::ReceivedBody;
use self::client::Client;

/// Longest wait where the component names none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Sends the component's requests.
#[derive(Clone)]
pub struct Outgoing {
    client: Client,
}

impl Outgoing {
    pub fn new() -> Self {
        Self { client: Client::new() }
    }
}

type Response = http::Response<WasiBody>;
type Background = Box<dyn Future<Output = Result<()>> + Send>;

impl WasiHttpHooks for Outgoing {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _sent: Background,
    ) -> Box<dyn Future<Output = Result<(Response, Background)>> + Send> {
        let client = self.client.clone();
        Box::new(async move {
            let options = options.unwrap_or_default();
            let connect = options.connect_timeout.unwrap_or(DEFAULT_TIMEOUT);
            let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
            let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
            let answer = tokio::time::timeout(connect.saturating_add(first_byte), client.send(request)).await;
            let response = answer.map_err(|_| Error::ConnectionTimeout)??;
            let response = response.map(|incoming| ReceivedBody::new(incoming, between_bytes).boxed_unsync());
            Ok((response, Box::new(async { Ok(()) }) as Background))
        })
    }

    fn p2_error_from_hyper(
        &mut self,
        error: &hyper::Error,
    ) -> wasmtime_wasi_http::p2::bindings::http::types::ErrorCode {
        failure::of_hyper(error)
    }
}
