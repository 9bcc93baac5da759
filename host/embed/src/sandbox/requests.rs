//! The limit on requests under way.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderName;
use http::uri::Scheme;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::{Error, ForbiddenHeaderFilter, RequestOptions, Result, WasiBody, WasiHttpHooks};

use crate::http::Outgoing;
use crate::limits::Limits;

/// Sends requests as long as there are places for them. A request has its place until its response is let go of.
pub struct Requests {
    outgoing: Outgoing,
    places: Arc<Semaphore>,
    chunk: usize,
}

impl Requests {
    pub fn new(outgoing: Outgoing, limits: &Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.requests.min(Semaphore::MAX_PERMITS)));
        Self { outgoing, places, chunk: limits.stream_bytes }
    }
}

type Response = http::Response<WasiBody>;
type Background = Box<dyn Future<Output = Result<()>> + Send>;

impl WasiHttpHooks for Requests {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        sent: Background,
    ) -> Box<dyn Future<Output = Result<(Response, Background)>> + Send> {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return Box::new(async { Err(Error::ConnectionLimitReached) });
        };
        let answer = Pin::from(self.outgoing.send_request(request, options, sent));
        Box::new(async move {
            let (response, background) = answer.await?;
            Ok((response.map(|body| WasiBody::new(Placed { body, _place: place })), background))
        })
    }

    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        self.outgoing.is_forbidden_header(name)
    }

    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        self.outgoing.forbidden_header_filter()
    }

    fn is_supported_scheme(&mut self, scheme: &Scheme) -> bool {
        self.outgoing.is_supported_scheme(scheme)
    }

    fn set_host_header(&mut self) -> bool {
        self.outgoing.set_host_header()
    }

    fn default_scheme(&mut self) -> Option<Scheme> {
        self.outgoing.default_scheme()
    }

    fn p2_outgoing_body_buffer_chunks(&mut self) -> usize {
        self.outgoing.p2_outgoing_body_buffer_chunks()
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        self.chunk
    }

    fn p2_error_from_hyper(&mut self, error: &hyper::Error) -> ErrorCode {
        self.outgoing.p2_error_from_hyper(error)
    }

    fn p2_error_from_connect(&mut self, error: &io::Error) -> ErrorCode {
        self.outgoing.p2_error_from_connect(error)
    }

    fn p2_error_from_tls(&mut self, error: &io::Error) -> ErrorCode {
        self.outgoing.p2_error_from_tls(error)
    }
}

/// A response's body with the place of its request.
struct Placed {
    body: WasiBody,
    _place: OwnedSemaphorePermit,
}

impl Body for Placed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
