//! A response body that is counted while it comes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;
use wasmtime_wasi_http::{Error, WasiBody};

use super::meter::{Meter, first_byte};
use super::refusal::Refusal;

/// Bytes between two looks at the free space, so that the call costs little beside the writes.
const LOOK_AT_DISK: u64 = 16 << 20;

/// Holds its place among the exchanges until it is dropped.
pub struct MeteredBody {
    body: WasiBody,
    meter: Arc<Meter>,
    /// Offset in the file of the next byte.
    at: u64,
    /// Bytes since the last look at the free space.
    unseen: u64,
    pause: Option<Pin<Box<Sleep>>>,
    /// Why no more comes.
    refusal: Option<Refusal>,
    _place: Option<OwnedSemaphorePermit>,
}

impl MeteredBody {
    /// The response with its body counted, if the policy has a limit for it.
    pub fn around(
        response: Response<WasiBody>,
        meter: &Arc<Meter>,
        place: Option<OwnedSemaphorePermit>,
    ) -> Response<WasiBody> {
        if place.is_none() && !meter.counts() {
            return response;
        }
        let at = first_byte(response.headers());
        let (meter, unseen, pause, refusal) = (meter.clone(), 0, None, None);
        response.map(|body| Self { body, meter, at, unseen, pause, refusal, _place: place }.boxed_unsync())
    }

    /// The part of `data` that the limits admit. The body ends behind a part that is not whole.
    fn count(&mut self, mut data: Bytes) -> Result<Bytes, Refusal> {
        let came = data.len() as u64;
        let (most, refusal) = self.meter.take(self.at, came);
        self.refusal = refusal;
        if let (0, Some(refusal)) = (most, refusal) {
            return Err(refusal);
        }
        self.at = self.at.saturating_add(most);
        self.unseen += most;
        if self.unseen >= LOOK_AT_DISK {
            self.unseen = 0;
            self.meter.free_space.as_ref().map_or(Ok(()), |space| space.check(0))?;
        }
        if let Some(rate) = &self.meter.rate {
            rate.spend(most, Instant::now());
        }
        data.truncate(most as usize);
        Ok(data)
    }

    fn poll_rate(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(pause) = &mut self.pause {
                ready!(pause.as_mut().poll(cx));
                self.pause = None;
            }
            let Some(due) = self.meter.rate.as_ref().and_then(|rate| rate.due(Instant::now())) else {
                return Poll::Ready(());
            };
            self.pause = Some(Box::pin(tokio::time::sleep_until(due.into())));
        }
    }
}

impl Body for MeteredBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Some(refusal) = self.refusal {
            return Poll::Ready(Some(Err(refusal.into())));
        }
        ready!(self.poll_rate(cx));
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            other => return Poll::Ready(other),
        };
        Poll::Ready(Some(match frame.into_data() {
            Ok(data) => self.count(data).map(Frame::data).map_err(Error::from),
            Err(trailers) => Ok(trailers),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
