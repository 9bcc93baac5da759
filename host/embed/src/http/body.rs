//! A response body that does not wait for ever.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};
use wasmtime_wasi_http::Error;

use super::counter::Counted;
use super::exchange_fields;
use super::failure;
use super::framing::Excess;

pub struct ReceivedBody {
    incoming: Incoming,
    between_bytes: Duration,
    /// Since when a frame is awaited.
    awaited_since: Option<Instant>,
    /// Kept between frames: to make one for each costs more than a small frame.
    timer: Option<Pin<Box<Sleep>>>,
    excess: Excess,
    /// The exchange has a connection for as long.
    _counted: [Counted; 2],
}

impl ReceivedBody {
    /// `between_bytes`: longest wait for the next bytes.
    pub fn new(incoming: Incoming, between_bytes: Duration, excess: Excess, counted: [Counted; 2]) -> Self {
        Self { incoming, between_bytes, awaited_since: None, timer: None, excess, _counted: counted }
    }
}

/// Trailers are the origin's: no field in them is its host's word.
fn without_private_fields(mut frame: Frame<Bytes>) -> Frame<Bytes> {
    if let Some(trailers) = frame.trailers_mut() {
        exchange_fields::strip(trailers);
    }
    frame
}

impl Body for ReceivedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match Pin::new(&mut self.incoming).poll_frame(cx) {
            Poll::Ready(None) if self.excess.is_there() => Poll::Ready(Some(Err(failure::broken_framing()))),
            Poll::Ready(frame) => {
                self.awaited_since = None;
                Poll::Ready(
                    frame.map(|frame| frame.map(without_private_fields).map_err(|error| failure::of_body(&error))),
                )
            }
            Poll::Pending => {
                let end = *self.awaited_since.get_or_insert_with(Instant::now) + self.between_bytes;
                let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
                ready!(timer.as_mut().poll(cx));
                // It may have run since an earlier frame was awaited.
                if Instant::now() < end {
                    timer.as_mut().reset(end);
                    ready!(timer.as_mut().poll(cx));
                }
                Poll::Ready(Some(Err(Error::ConnectionReadTimeout)))
            }
        }
    }

    /// A body with bytes behind it ends with an error, which has to be asked for.
    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream() && !self.excess.is_there()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
