//! The framing of HTTP/1 messages, [RFC 9112 section 6](https://www.rfc-editor.org/rfc/rfc9112#section-6), read below hyper.
//!
//! hyper hands on each chunk by itself, which takes 13 times curl's processor time with small ones: chunks that arrive together are
//! joined. It also silently drops bytes behind the end of a message; here they are noted. Each message is framed as hyper
//! frames it, so that both agree on its end.

mod chunks;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Response, StatusCode, Version};
use tokio::io::{AsyncRead, ReadBuf};
use wasmtime_wasi_http::{Error, Result};

pub use self::chunks::BrokenFraming;
use self::chunks::{Chunks, broken};
use super::filtered::Filter;

/// Bytes read at once while chunks are joined, so that 100,000 one-byte chunks take 5 reads.
const READ: usize = 128 << 10;

/// Bytes of all heads since the request, interim ones included, so that an origin cannot fill the memory.
const MAX_HEADS: usize = 1 << 20;

/// Fields of one head: the limit of hyper, which refuses more.
const MAX_FIELDS: usize = 200;

/// Whether unrequested bytes came behind the end of a message: an extension of each response of the connection.
#[derive(Clone, Default)]
pub struct Excess(Arc<AtomicBool>);

impl Excess {
    pub fn is_there(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn note(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Judges the fields that frame a response, before anything else looks at them: with `chunked` the body tells its own length, and no
/// other coding is decoded.
///
/// # Errors
///
/// HttpResponseTransferCoding without a name, which is the origin's text.
pub fn settle<B>(response: &mut Response<B>) -> Result<()> {
    let has_no_body = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    // h2 refuses the field by itself.
    if response.version() == Version::HTTP_2 || has_no_body || !response.headers().contains_key(TRANSFER_ENCODING) {
        return Ok(());
    }
    if !is_chunked(response.headers()) {
        return Err(Error::HttpResponseTransferCoding(None));
    }
    response.headers_mut().remove(CONTENT_LENGTH);
    Ok(())
}

fn is_chunked(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let first = codings.next().map(|coding| coding.as_bytes().trim_ascii());
    first.is_some_and(|coding| coding.eq_ignore_ascii_case(b"chunked")) && codings.next().is_none()
}

#[derive(Debug, PartialEq)]
enum State {
    /// The request is out, and no final head has come.
    Head,
    /// Bytes that are left of a body with a length.
    Length(u64),
    Chunked(Chunks),
    /// The message is over; the next bytes belong to the next request.
    Over,
    /// hyper alone finds the end of the body, or refuses it.
    Unwatched,
}

/// A connection of HTTP/1 on its way to hyper.
pub struct Framing {
    state: State,
    head: Vec<u8>,
    /// Bytes of heads since the request.
    heads: usize,
    /// The request was a HEAD.
    is_head: bool,
    /// Bytes for hyper, and how many of them it has.
    out: Vec<u8>,
    given: usize,
    /// The fault behind those bytes.
    failure: Option<io::Error>,
    buffer: Vec<u8>,
    excess: Excess,
}

impl Framing {
    pub const fn new(excess: Excess) -> Self {
        Self {
            state: State::Over,
            head: Vec::new(),
            heads: 0,
            is_head: false,
            out: Vec::new(),
            given: 0,
            failure: None,
            buffer: Vec::new(),
            excess,
        }
    }

    /// Takes bytes that have come, and makes bytes for hyper of them.
    fn take(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match &mut self.state {
                State::Head => bytes = self.take_head(bytes)?,
                State::Length(left) => {
                    let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    let (body, rest) = bytes.split_at(length);
                    self.out.extend_from_slice(body);
                    *left -= length as u64;
                    bytes = rest;
                    self.end_if_over();
                }
                State::Chunked(chunks) => {
                    bytes = chunks.join(bytes, &mut self.out)?;
                    self.end_if_over();
                }
                State::Over | State::Unwatched => {
                    if self.state == State::Over {
                        self.excess.note();
                    }
                    self.out.extend_from_slice(bytes);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn end_if_over(&mut self) {
        if matches!(self.state, State::Length(0) | State::Chunked(Chunks::Over)) {
            self.state = State::Over;
        }
    }

    fn take_head<'a>(&mut self, bytes: &'a [u8]) -> io::Result<&'a [u8]> {
        let mut end = None;
        for (index, byte) in bytes.iter().enumerate() {
            // hyper passes over empty lines in front of a head.
            if self.head.is_empty() && matches!(byte, b'\r' | b'\n') {
                continue;
            }
            self.head.push(*byte);
            if *byte == b'\n' && (self.head.ends_with(b"\n\n") || self.head.ends_with(b"\n\r\n")) {
                end = Some(index + 1);
                break;
            }
        }
        let (taken, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
        self.out.extend_from_slice(taken);
        self.heads += taken.len();
        if self.heads > MAX_HEADS {
            return Err(broken("response heads without end"));
        }
        if end.is_some() {
            self.state = self.framing();
            self.head.clear();
        }
        Ok(rest)
    }

    /// How the body behind the head ends.
    fn framing(&self) -> State {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut head = httparse::Response::new(&mut fields);
        let Ok(httparse::Status::Complete(_)) = head.parse(&self.head) else { return State::Unwatched };
        match head.code {
            Some(101) => return State::Unwatched,
            Some(100..=199) => return State::Head,
            Some(204 | 304) => return State::Over,
            _ if self.is_head => return State::Over,
            _ => {}
        }
        let named = |name: &'static str| {
            head.headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
        };
        let mut codings = named("transfer-encoding");
        if let Some(coding) = codings.next() {
            let is_chunked = coding.trim_ascii().eq_ignore_ascii_case(b"chunked") && codings.next().is_none();
            return if is_chunked && head.version == Some(1) {
                State::Chunked(Chunks::START)
            } else {
                State::Unwatched
            };
        }
        let length = named("content-length").next().and_then(|value| {
            let first = value.split(|byte| *byte == b',').next()?.trim_ascii();
            first.iter().all(u8::is_ascii_digit).then(|| str::from_utf8(first).ok()?.parse().ok())?
        });
        match length {
            Some(0) => State::Over,
            Some(length) => State::Length(length),
            None => State::Unwatched,
        }
    }

    /// Reads into hyper's buffer a body that needs no change.
    fn poll_body(
        &mut self,
        inner: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        ready!(inner.poll_read(cx, buffer))?;
        self.pass(buffer.filled().len() - start);
        Poll::Ready(Ok(()))
    }

    /// So many bytes of a body went straight to hyper.
    fn pass(&mut self, length: usize) {
        let expected = match &mut self.state {
            State::Length(left) => {
                let expected = *left;
                *left = left.saturating_sub(length as u64);
                expected
            }
            State::Over => 0,
            State::Head | State::Chunked(_) | State::Unwatched => u64::MAX,
        };
        if length as u64 > expected {
            self.excess.note();
        }
        self.end_if_over();
    }
}

impl Filter for Framing {
    fn poll_read(
        &mut self,
        mut inner: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.given < self.out.len() {
                let length = (self.out.len() - self.given).min(buffer.remaining());
                buffer.put_slice(&self.out[self.given..self.given + length]);
                self.given += length;
                return Poll::Ready(Ok(()));
            }
            self.out.clear();
            self.given = 0;
            if let Some(failure) = self.failure.take() {
                return Poll::Ready(Err(failure));
            }
            if !matches!(self.state, State::Head | State::Chunked(_)) {
                return self.poll_body(inner, cx, buffer);
            }
            let mut bytes = std::mem::take(&mut self.buffer);
            bytes.resize(READ, 0);
            let mut read = ReadBuf::new(&mut bytes);
            let polled = inner.as_mut().poll_read(cx, &mut read);
            let length = read.filled().len();
            if matches!(polled, Poll::Ready(Ok(()))) {
                self.failure = self.take(&bytes[..length]).err();
            }
            self.buffer = bytes;
            ready!(polled)?;
            if length == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Bytes that are sent behind a complete message begin the next request.
    fn note_sent(&mut self, bytes: &[u8]) {
        if self.state == State::Over {
            (self.state, self.heads) = (State::Head, 0);
            self.is_head = bytes.starts_with(b"HEAD ");
        }
    }
}

#[cfg(test)]
mod tests;
