//! Small DATA frames of one stream that arrive together are joined.
//!
//! h2 charges the difference to 256 bytes for each smaller frame that waits to be read, and ends a connection that owes half of its
//! window: an origin that flushes each line could not be read at a limited rate. Each frame also wakes a task.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::filtered::Filter;
use super::frames::{DATA, END_STREAM, FRAME_HEADER, FrameHeader, Frames, PADDED, Part};

/// Longest payload: the initial value of SETTINGS_MAX_FRAME_SIZE, RFC 9113 section 6.5.2.
const MAX_LENGTH: usize = 16 << 10;

#[derive(Default)]
pub struct JoinedFrames {
    frames: Frames,
}

/// A DATA frame whose header lies in the bytes at hand, and can still be changed.
struct Open {
    at: usize,
    stream: u32,
    length: usize,
}

impl JoinedFrames {
    /// Joins frames in place; returns how many bytes are left.
    fn join(&mut self, bytes: &mut [u8]) -> usize {
        let (mut read, mut written) = (0, 0);
        let mut open: Option<Open> = None;
        while read < bytes.len() {
            let length = match self.frames.next(&bytes[read..]) {
                Part::Payload(length) => length,
                Part::Header(length, header) => {
                    let next = header.filter(|header| length == FRAME_HEADER && is_plain_data(header));
                    if let (Some(open), Some(next)) = (&mut open, &next)
                        && open.stream == next.stream
                        && open.length + next.length <= MAX_LENGTH
                    {
                        open.length += next.length;
                        bytes[open.at..open.at + 3].copy_from_slice(&(open.length as u32).to_be_bytes()[1..]);
                        read += length;
                        continue;
                    }
                    open = next.map(|next| Open { at: written, stream: next.stream, length: next.length });
                    length
                }
            };
            bytes.copy_within(read..read + length, written);
            read += length;
            written += length;
        }
        written
    }
}

/// h2 counts empty frames, which have no use but to keep a reader busy.
const fn is_plain_data(header: &FrameHeader) -> bool {
    header.kind == DATA && header.length > 0 && header.flags & (END_STREAM | PADDED) == 0
}

impl Filter for JoinedFrames {
    fn poll_read(
        &mut self,
        inner: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        ready!(inner.poll_read(cx, buffer))?;
        let left = self.join(&mut buffer.filled_mut()[start..]);
        buffer.set_filled(start + left);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::HEADERS;
    use super::super::frames::tests::frame;
    use super::*;

    /// The bytes that are left, if they are read so many at a time.
    fn joined(bytes: &[u8], step: usize) -> Vec<u8> {
        let mut frames = JoinedFrames::default();
        let parts = bytes.chunks(step).map(|part| {
            let mut part = part.to_vec();
            let left = frames.join(&mut part);
            assert!(left > 0, "a read without bytes is an end");
            part.truncate(left);
            part
        });
        parts.collect::<Vec<_>>().concat()
    }

    #[test]
    fn frames_of_one_stream_become_one() {
        let many = [frame(DATA, 0, 1, b"a"), frame(DATA, 0, 1, b"b"), frame(DATA, 0, 1, b"cd")].concat();
        assert_eq!(joined(&many, 1000), frame(DATA, 0, 1, b"abcd"));
    }

    #[test]
    fn other_frames_stay_as_they_are() {
        let apart = [
            frame(DATA, 0, 1, b"a"),
            frame(DATA, 0, 3, b"b"),
            frame(HEADERS, 4, 1, b"c"),
            frame(DATA, 0, 3, b"d"),
            frame(DATA, PADDED, 3, b"\x01e "),
            frame(DATA, 0, 3, b"f"),
            frame(DATA, 0, 3, b""),
            frame(DATA, 0, 3, b"g"),
            frame(DATA, END_STREAM, 3, b"h"),
        ];
        assert_eq!(joined(&apart.concat(), 1000), apart.concat());
    }

    #[test]
    fn no_frame_becomes_longer_than_a_peer_may_send() {
        let (half, rest) = (vec![1; MAX_LENGTH / 2], vec![2; MAX_LENGTH / 2]);
        let long = [&half[..], &rest].concat();
        let many = [frame(DATA, 0, 1, &half), frame(DATA, 0, 1, &rest), frame(DATA, 0, 1, b"a")].concat();
        assert_eq!(joined(&many, 1 << 20), [frame(DATA, 0, 1, &long), frame(DATA, 0, 1, b"a")].concat());
    }

    #[test]
    fn content_is_the_same_however_frames_are_cut() {
        let many: Vec<_> = (0..200).map(|number| frame(DATA, 0, 1, &vec![number; usize::from(number % 13)])).collect();
        let content = |mut bytes: &[u8]| {
            let mut content = Vec::new();
            while let [l0, l1, l2, rest @ ..] = bytes {
                let (payload, after) = rest[6..].split_at(u32::from_be_bytes([0, *l0, *l1, *l2]) as usize);
                content.extend_from_slice(payload);
                bytes = after;
            }
            content
        };
        let expected = content(&many.concat());
        for step in [1, 2, 9, 10, 37, 10_000] {
            assert_eq!(content(&joined(&many.concat(), step)), expected, "{step}");
        }
    }
}
