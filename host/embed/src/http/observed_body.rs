//! A response body whose bytes and end are told to `tracing`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use wasmtime_wasi_http::{Error, WasiBody};

use super::telemetry::Telemetry;

pub struct ObservedBody {
    body: WasiBody,
    telemetry: Telemetry,
}

impl ObservedBody {
    pub fn new(body: WasiBody, telemetry: Telemetry) -> Self {
        Self { body, telemetry }
    }
}

impl Body for ObservedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => self.telemetry.received(frame.data_ref().map_or(0, |data| data.len() as u64)),
            Some(Err(error)) => self.telemetry.failed(error),
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
