//! The chunked transfer coding, [RFC 9112 section 7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1): chunks that arrive together
//! become one.

use std::io;

/// Bytes of the extensions of one chunk: the limit of hyper.
const MAX_EXTENSION: usize = 16 << 10;

/// Bytes of the trailer section: the limit of hyper.
const MAX_TRAILERS: usize = 16 << 10;

/// Room for the size line of a joined chunk: a receiver ignores leading zeros.
const SIZE_LINE: &[u8; 10] = b"00000000\r\n";

/// How far a chunked body has been read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Chunks {
    Size {
        has_digits: bool,
        size: u64,
    },
    /// White space behind the size, which some servers pad.
    Padding {
        size: u64,
    },
    Extension {
        size: u64,
        length: usize,
    },
    SizeLineFeed {
        size: u64,
    },
    Data {
        left: u64,
    },
    DataReturn,
    DataLineFeed,
    Trailers {
        is_line_start: bool,
        length: usize,
    },
    LastLineFeed,
    Over,
}

impl Chunks {
    pub const START: Self = Self::Size { has_digits: false, size: 0 };

    /// Reads `bytes` to their end or to that of the body, appends a body of one chunk with their data to `out`, and returns the rest.
    ///
    /// # Errors
    ///
    /// The framing is broken. The data before the fault is in `out`.
    pub fn join<'a>(&mut self, bytes: &'a [u8], out: &mut Vec<u8>) -> io::Result<&'a [u8]> {
        let start = out.len();
        out.extend_from_slice(SIZE_LINE);
        let (mut rest, mut end) = (bytes, Vec::new());
        let mut result = Ok(());
        while *self != Self::Over
            && let Some((byte, after)) = rest.split_first()
        {
            if let Self::Data { left } = self {
                let length = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                let (data, after) = rest.split_at(length);
                out.extend_from_slice(data);
                rest = after;
                *left -= length as u64;
                if *left == 0 {
                    *self = Self::DataReturn;
                }
                continue;
            }
            match self.next(*byte) {
                Ok(next) => *self = next,
                Err(fault) => {
                    result = Err(broken(fault));
                    break;
                }
            }
            rest = after;
            match *self {
                Self::Trailers { length: 0, .. } => end.extend_from_slice(b"0\r\n"),
                Self::Trailers { .. } | Self::LastLineFeed | Self::Over => end.push(*byte),
                _ => {}
            }
        }
        let length = out.len() - start - SIZE_LINE.len();
        if length == 0 {
            out.truncate(start);
        } else {
            out[start..start + 8].copy_from_slice(format!("{length:08x}").as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&end);
        result.map(|()| rest)
    }

    /// The state after `byte`, which is not data.
    fn next(self, byte: u8) -> Result<Self, &'static str> {
        match (self, byte) {
            (Self::Size { size, .. }, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = u64::from(char::from(byte).to_digit(16).unwrap_or_default());
                let size = size.checked_mul(16).ok_or("a chunk size is too large")?;
                Ok(Self::Size { has_digits: true, size: size + digit })
            }
            (Self::Size { has_digits: true, size } | Self::Padding { size }, b' ' | b'\t') => {
                Ok(Self::Padding { size })
            }
            (Self::Size { has_digits: true, size } | Self::Padding { size }, b';') => {
                Ok(Self::Extension { size, length: 0 })
            }
            (Self::Size { has_digits: true, size } | Self::Padding { size } | Self::Extension { size, .. }, b'\r') => {
                Ok(Self::SizeLineFeed { size })
            }
            (Self::Extension { size, length }, byte) if byte != b'\n' && length < MAX_EXTENSION => {
                Ok(Self::Extension { size, length: length + 1 })
            }
            (Self::Extension { .. }, _) => Err("a chunk extension is malformed or too long"),
            (Self::Size { .. } | Self::Padding { .. }, _) => Err("a chunk size is malformed"),
            (Self::SizeLineFeed { size: 0 }, b'\n') => Ok(Self::Trailers { is_line_start: true, length: 0 }),
            (Self::SizeLineFeed { size }, b'\n') => Ok(Self::Data { left: size }),
            (Self::DataReturn, b'\r') => Ok(Self::DataLineFeed),
            (Self::DataLineFeed, b'\n') => Ok(Self::START),
            (Self::Trailers { is_line_start: true, .. }, b'\r') => Ok(Self::LastLineFeed),
            (Self::Trailers { length, .. }, byte) if length < MAX_TRAILERS => {
                Ok(Self::Trailers { is_line_start: byte == b'\n', length: length + 1 })
            }
            (Self::Trailers { .. }, _) => Err("the trailers are too long"),
            (Self::LastLineFeed, b'\n') => Ok(Self::Over),
            (Self::SizeLineFeed { .. } | Self::DataReturn | Self::DataLineFeed | Self::LastLineFeed, _) => {
                Err("a line of the chunked coding does not end in CRLF")
            }
            (Self::Data { .. } | Self::Over, _) => Err("no byte of the chunked coding is expected"),
        }
    }
}

/// An error that [`failure`](super::super::failure) reports as broken framing.
pub fn broken(fault: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, BrokenFraming(fault))
}

/// The origin broke the rules for the length of a message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BrokenFraming(&'static str);

#[cfg(test)]
mod tests {
    use super::*;

    /// The joined bodies of `body`, which comes in parts, and whether it is over, open or broken.
    fn joined(body: &str, step: usize) -> (String, Option<bool>) {
        let (mut chunks, mut out) = (Chunks::START, Vec::new());
        let whole = body.as_bytes().chunks(step).try_for_each(|part| chunks.join(part, &mut out).map(drop));
        let outcome = whole.is_ok().then_some(chunks == Chunks::Over);
        (String::from_utf8(out).expect("text"), outcome)
    }

    #[test]
    fn chunks_of_one_read_become_one() {
        for (body, expected) in [
            ("5\r\nhello\r\n0\r\n\r\n", "00000005\r\nhello\r\n0\r\n\r\n"),
            ("1\r\na\r\n1;x=y\r\nb\r\n1 \r\nc\r\n000\r\n\r\n", "00000003\r\nabc\r\n0\r\n\r\n"),
            ("A\r\n0123456789\r\n0\r\nx: y\r\n\r\n", "0000000a\r\n0123456789\r\n0\r\nx: y\r\n\r\n"),
            ("0\r\n\r\n", "0\r\n\r\n"),
        ] {
            assert_eq!(joined(body, 1 << 10), (expected.to_owned(), Some(true)), "{body:?}");
            assert_eq!(joined(body, 1).1, Some(true), "{body:?}");
        }
        let many = format!("{}0\r\n\r\n", "1\r\nx\r\n".repeat(10_000));
        let expected = format!("00002710\r\n{}\r\n0\r\n\r\n", "x".repeat(10_000));
        assert_eq!(joined(&many, 1 << 20), (expected, Some(true)));
    }

    #[test]
    fn a_body_that_is_cut_off_is_open() {
        let body = "5\r\nhello\r\n0\r\nx: y\r\n\r\n";
        for end in 0..body.len() {
            assert_eq!(joined(&body[..end], 3).1, Some(false), "{:?}", &body[..end]);
        }
    }

    #[test]
    fn broken_framing_is_an_error_after_its_data() {
        for (body, data) in [
            ("z\r\nhello\r\n0\r\n\r\n", ""),
            ("\r\nhello\r\n0\r\n\r\n", ""),
            ("-5\r\nhello\r\n0\r\n\r\n", ""),
            ("+5\r\nhello\r\n0\r\n\r\n", ""),
            ("0x5\r\nhello\r\n0\r\n\r\n", ""),
            ("5\nhello\r\n0\r\n\r\n", ""),
            ("5;\nx\r\nhello\r\n0\r\n\r\n", ""),
            ("ffffffffffffffff1\r\nhello", ""),
            ("5\r\nhelloX\r\n0\r\n\r\n", "00000005\r\nhello\r\n"),
            ("5\r\nhello\n0\r\n\r\n", "00000005\r\nhello\r\n"),
            ("5\r\nhello\r\n0\r\n\rx", "00000005\r\nhello\r\n0\r\n\r"),
        ] {
            assert_eq!(joined(body, 1 << 10), (data.to_owned(), None), "{body:?}");
            assert_eq!(joined(body, 1).1, None, "{body:?}");
        }
        let long = |length| format!("1;{}\r\nx\r\n0\r\n\r\n", "e".repeat(length));
        assert_eq!(joined(&long(MAX_EXTENSION), 100).1, Some(true));
        assert_eq!(joined(&long(MAX_EXTENSION + 1), 100).1, None);
        let trailers = |length| format!("0\r\nx: {}\r\n\r\n", "t".repeat(length));
        assert_eq!(joined(&trailers(MAX_TRAILERS - 10), 100).1, Some(true));
        assert_eq!(joined(&trailers(MAX_TRAILERS), 100).1, None);
    }
}
