//! A limit on the header blocks that an HTTP/2 server sends before the content of an answer.
//!
//! h2 queues every interim response until the client looks at it, and hyper looks only once a final head has come: without this limit a
//! server that sends nothing else made a host grow by 1.3 GB in 45 s.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::filtered::Filter;
use super::frames::{CONTINUATION, DATA, END_STREAM, FRAME_HEADER, FrameHeader, Frames, HEADERS, Part, RST_STREAM};

/// Bytes of header blocks that one stream may receive before its content: the limit of HTTP/1.
const MAX_BYTES: u64 = 1 << 20;

/// Frames that they may take, because an empty one costs h2 some 300 bytes: 64 interim responses, as with HTTP/1, and the final head in
/// pieces.
const MAX_FRAMES: u32 = 64 + 32;

/// Streams that are counted at once, so that the memory is bounded: more than wait for an answer at any time.
const MAX_STREAMS: usize = 1024;

/// Counts the header blocks in the bytes that are read.
#[derive(Default)]
pub struct HeaderLimit {
    frames: Frames,
    /// Streams that have received header blocks and no content.
    streams: BTreeMap<u32, Received>,
}

#[derive(Clone, Copy, Default)]
struct Received {
    bytes: u64,
    frames: u32,
}

impl HeaderLimit {
    fn observe(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let length = match self.frames.next(bytes) {
                Part::Payload(length) => length,
                Part::Header(length, header) => {
                    header.map_or(Ok(()), |header| self.begin_frame(header))?;
                    length
                }
            };
            bytes = &bytes[length..];
        }
        Ok(())
    }

    fn begin_frame(&mut self, FrameHeader { length, kind, flags, stream }: FrameHeader) -> io::Result<()> {
        match kind {
            // Content proves that the final head has come: h2 ends a connection that sends it earlier.
            DATA | RST_STREAM => drop(self.streams.remove(&stream)),
            HEADERS | CONTINUATION => {
                let received = self.streams.entry(stream).or_default();
                received.bytes += (FRAME_HEADER + length) as u64;
                received.frames += 1;
                if received.bytes > MAX_BYTES || received.frames > MAX_FRAMES {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "interim responses without end"));
                }
                if kind == HEADERS && flags & END_STREAM != 0 {
                    self.streams.remove(&stream);
                }
                if self.streams.len() > MAX_STREAMS {
                    self.streams.pop_first();
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Filter for HeaderLimit {
    fn poll_read(
        &mut self,
        inner: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        ready!(inner.poll_read(cx, buffer))?;
        Poll::Ready(self.observe(&buffer.filled()[start..]))
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames;
    use super::*;

    /// A flag of HEADERS and CONTINUATION: RFC 9113 section 6.2.
    const END_HEADERS: u8 = 4;

    fn frame(kind: u8, flags: u8, stream: u32, length: usize) -> Vec<u8> {
        frames::tests::frame(kind, flags, stream, &vec![0; length])
    }

    /// Whether all frames pass, however they are cut.
    fn pass(frames: &[Vec<u8>]) -> bool {
        let bytes = frames.concat();
        let outcomes = [1, 7, 9, 10_000].map(|step| {
            let mut limit = HeaderLimit::default();
            bytes.chunks(step).all(|part| limit.observe(part).is_ok())
        });
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
        outcomes[0]
    }

    #[test]
    fn interim_responses_end() {
        let interim = |count| vec![frame(HEADERS, END_HEADERS, 1, 5); count];
        assert!(pass(&interim(96)));
        assert!(!pass(&interim(97)));
        assert!(pass(&vec![frame(CONTINUATION, 0, 1, 16_384); 63]));
        assert!(!pass(&vec![frame(CONTINUATION, 0, 1, 16_384); 64]));
    }

    #[test]
    fn content_of_another_stream_does_not_extend_the_limit() {
        let mixed = |stream| {
            let pair = [frame(HEADERS, END_HEADERS, 3, 5), frame(DATA, 0, stream, 1)];
            pair.into_iter().cycle().take(400).collect::<Vec<_>>()
        };
        assert!(!pass(&mixed(1)));
        assert!(pass(&mixed(3)));
    }

    #[test]
    fn any_number_of_answers_passes() {
        let head = |stream| frame(HEADERS, END_HEADERS, stream, 100);
        let trailers = |stream| frame(HEADERS, END_HEADERS | END_STREAM, stream, 9);
        let answers = (0..5000).flat_map(|number| [head(2 * number + 1), trailers(2 * number + 1)]);
        assert!(pass(&answers.collect::<Vec<_>>()));
        let refused = (0..5000).flat_map(|number| [head(2 * number + 1), frame(RST_STREAM, 0, 2 * number + 1, 4)]);
        assert!(pass(&refused.collect::<Vec<_>>()));
    }
}
