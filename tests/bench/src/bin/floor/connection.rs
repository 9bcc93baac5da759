//! A connection over plain HTTP/1.1, and its requests.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use crate::Result;

/// The most bytes of one read or write.
const BUFFER: usize = 1 << 20;

/// A URL of scheme http.
pub struct Url {
    authority: String,
    path: String,
}

impl Url {
    pub fn parse(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("http://").ok_or("not a URL of plain HTTP")?;
        let (authority, path) = rest.split_once('/').ok_or("a URL without a path")?;
        Ok(Self { authority: authority.into(), path: format!("/{path}") })
    }
}

/// A connection that stays open between requests.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(url: &Url) -> Result<Self> {
        let stream = TcpStream::connect(&url.authority)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER] })
    }

    /// The length of the file, from a HEAD request.
    pub fn length(&mut self, url: &Url) -> Result<u64> {
        let (head, _) = self.ask("HEAD", url, None)?;
        head.expect("200")?;
        head.number("content-length")
    }

    /// Writes the file, or a part of it, to the right place in `file`.
    pub fn fetch(&mut self, url: &Url, part: Option<Range<u64>>, file: &File) -> Result {
        let (head, body) = self.ask("GET", url, part.as_ref())?;
        let part = match part {
            None => {
                head.expect("200")?;
                0..head.number("content-length")?
            }
            Some(part) => {
                head.expect("206")?;
                head.expect_range(&part)?;
                part
            }
        };
        self.store(body, part, file)
    }

    /// Sends a request; returns the head of the response, and the range of the buffer with the beginning of the body.
    fn ask(&mut self, method: &str, url: &Url, part: Option<&Range<u64>>) -> Result<(Head, Range<usize>)> {
        let range = part.map(|part| format!("Range: bytes={}-{}\r\n", part.start, part.end - 1)).unwrap_or_default();
        let request = format!("{method} {} HTTP/1.1\r\nHost: {}\r\n{range}\r\n", url.path, url.authority);
        self.stream.write_all(request.as_bytes())?;
        let mut filled = 0;
        loop {
            let count = self.stream.read(&mut self.buffer[filled..])?;
            if count == 0 {
                return Err("the connection ended within a head".into());
            }
            filled += count;
            if let Some(end) = self.buffer[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let text = str::from_utf8(&self.buffer[..end])?.to_ascii_lowercase();
                return Ok((Head { text }, end + 4..filled));
            }
        }
    }

    /// Writes the received beginning of the body, then the rest.
    fn store(&mut self, body: Range<usize>, part: Range<u64>, file: &File) -> Result {
        let mut at = part.start;
        let mut ready = body;
        loop {
            file.write_all_at(&self.buffer[ready.clone()], at)?;
            at += ready.len() as u64;
            if at >= part.end {
                return if at == part.end { Ok(()) } else { Err("a body that is too long".into()) };
            }
            let room = self.buffer.len().min(usize::try_from(part.end - at)?);
            match self.stream.read(&mut self.buffer[..room])? {
                0 => return Err("the connection ended within a body".into()),
                count => ready = 0..count,
            }
        }
    }
}

/// The head of a response, in lower case.
struct Head {
    text: String,
}

impl Head {
    fn expect(&self, status: &str) -> Result {
        match self.text.split(' ').nth(1).map(str::trim) {
            Some(found) if found.starts_with(status) => Ok(()),
            _ => Err(format!("not {status}: {}", self.text.lines().next().unwrap_or_default()).into()),
        }
    }

    fn expect_range(&self, part: &Range<u64>) -> Result {
        let expected = format!("bytes {}-{}/", part.start, part.end - 1);
        match self.field("content-range") {
            Some(range) if range.starts_with(&expected) => Ok(()),
            other => Err(format!("not {expected}: {other:?}").into()),
        }
    }

    fn number(&self, name: &str) -> Result<u64> {
        Ok(self.field(name).ok_or_else(|| format!("no {name}"))?.parse()?)
    }

    fn field(&self, name: &str) -> Option<&str> {
        let fields = self.text.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.filter(|(found, _)| *found == name).map(|(_, value)| value.trim()).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head { text: "http/1.1 206 partial content\r\ncontent-length: 4\r\ncontent-range: bytes 2-5/9".into() }
    }

    #[test]
    fn a_head_is_held_against_what_was_asked() {
        assert!(head().expect("206").is_ok() && head().expect("200").is_err());
        assert!(head().expect_range(&(2..6)).is_ok() && head().expect_range(&(2..5)).is_err());
        assert_eq!(head().number("content-length").unwrap(), 4);
        assert!(head().number("age").is_err());
    }

    #[test]
    fn only_urls_of_plain_http_are_taken() {
        let url = Url::parse("http://localhost:80/a/b").unwrap();
        assert_eq!((url.authority.as_str(), url.path.as_str()), ("localhost:80", "/a/b"));
        assert!(Url::parse("https://localhost/").is_err());
    }
}
