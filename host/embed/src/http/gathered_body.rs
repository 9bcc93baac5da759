//! A response body whose small frames are joined: HTTP/2 sends 8 or 16 KiB at a time, and each that is handed on costs as much as a
//! large one.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use wasmtime_wasi_http::Error;

/// Most bytes that are joined, so that one exchange takes one megabyte of memory.
const MOST: usize = 1 << 20;

type Next = Option<Result<Frame<Bytes>, Error>>;

pub struct GatheredBody<B> {
    body: B,
    /// A frame, an error or the end behind bytes that go first.
    put_by: Option<Next>,
}

impl<B> GatheredBody<B> {
    pub const fn new(body: B) -> Self {
        Self { body, put_by: None }
    }
}

impl<B: Body<Data = Bytes, Error = Error> + Unpin> GatheredBody<B> {
    /// `first` and the bytes that have arrived behind it.
    fn gather(&mut self, cx: &mut Context<'_>, first: Bytes) -> Bytes {
        let mut length = first.len();
        let mut parts = vec![first];
        while length < MOST {
            let Poll::Ready(next) = Pin::new(&mut self.body).poll_frame(cx) else { break };
            match next.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => {
                    length += data.len();
                    parts.push(data);
                }
                Some(Ok(Err(trailers))) => self.put_by = Some(Some(Ok(trailers))),
                Some(Err(error)) => self.put_by = Some(Some(Err(error))),
                None => self.put_by = Some(None),
            }
            if self.put_by.is_some() {
                break;
            }
        }
        match <[Bytes; 1]>::try_from(parts) {
            Ok([only]) => only,
            Err(parts) => {
                let mut joined = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
                parts.iter().for_each(|part| joined.extend_from_slice(part));
                joined.freeze()
            }
        }
    }
}

impl<B: Body<Data = Bytes, Error = Error> + Unpin> Body for GatheredBody<B> {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        if let Some(next) = self.put_by.take() {
            return Poll::Ready(next);
        }
        let next = ready!(Pin::new(&mut self.body).poll_frame(cx));
        Poll::Ready(match next.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) => Some(Ok(Frame::data(self.gather(cx, data)))),
            Some(Ok(Err(trailers))) => Some(Ok(trailers)),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        match &self.put_by {
            Some(next) => next.is_none(),
            None => self.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use http_body_util::BodyExt;

    use super::*;

    /// Frames that come at once, and pauses between them.
    struct Script(VecDeque<Option<Next>>);

    impl Body for Script {
        type Data = Bytes;
        type Error = Error;

        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
            match self.0.pop_front() {
                Some(Some(next)) => Poll::Ready(next),
                Some(None) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                None => Poll::Ready(None),
            }
        }
    }

    fn data(bytes: &'static [u8]) -> Option<Next> {
        Some(Some(Ok(Frame::data(Bytes::from_static(bytes)))))
    }

    async fn frames(script: impl IntoIterator<Item = Option<Next>>) -> (Vec<Bytes>, bool) {
        let mut body = GatheredBody::new(Script(script.into_iter().collect()));
        let mut frames = Vec::new();
        while let Some(frame) = body.frame().await {
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => frames.push(data),
                Ok(Err(_)) => frames.push(Bytes::from_static(b"trailers")),
                Err(_) => return (frames, true),
            }
        }
        (frames, false)
    }

    #[tokio::test]
    async fn what_is_at_hand_is_one_frame() {
        let (frames, failed) = frames([data(b"ab"), data(b"c"), None, data(b"d"), data(b"")]).await;
        assert_eq!((frames, failed), (vec![Bytes::from_static(b"abc"), Bytes::from_static(b"d")], false));
    }

    #[tokio::test]
    async fn errors_and_trailers_come_after_the_bytes() {
        let trailers = Some(Some(Ok(Frame::trailers(http::HeaderMap::new()))));
        let (found, failed) = frames([data(b"a"), trailers, Some(Some(Err(Error::ConnectionTerminated)))]).await;
        assert_eq!((found, failed), (vec![Bytes::from_static(b"a"), Bytes::from_static(b"trailers")], true));
    }

    #[tokio::test]
    async fn no_frame_is_larger_than_it_must_be() {
        static LARGE: [u8; MOST] = [7; MOST];
        let (found, _) = frames([data(b"a"), data(&LARGE), data(&LARGE)]).await;
        assert_eq!(found.iter().map(Bytes::len).collect::<Vec<_>>(), [MOST + 1, MOST]);
    }
}
