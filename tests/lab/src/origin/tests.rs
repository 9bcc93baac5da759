//! The origin from a client's view, byte for byte.

mod answers;
mod delivery;
mod framing;
mod openings;
mod ranges;
mod records;

use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The length of the content in most tests.
const LENGTH: u64 = 300_000;

fn content() -> Content {
    Content::new(11, LENGTH)
}

/// An origin with `content()` at `/`, and these faults in every answer.
fn origin_with(faults: impl IntoIterator<Item = Fault>) -> Origin {
    let mut resource = Resource::new(Representation::new(content()).strong_etag("v1"));
    for fault in faults {
        resource = resource.fault(When::Every, fault);
    }
    Origin::start(Site::new().resource("/", resource))
}

/// A received header section.
#[derive(Debug)]
struct Head {
    status_line: String,
    fields: Vec<(String, String)>,
}

impl Head {
    fn status(&self) -> u16 {
        let code = self.status_line.split(' ').nth(1);
        code.and_then(|code| code.parse().ok()).expect("a status")
    }

    fn all(&self, name: &str) -> Vec<&str> {
        let named = self.fields.iter().filter(|(field, _)| field == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of the only field of this name.
    fn get(&self, name: &str) -> Option<&str> {
        let values = self.all(name);
        assert!(values.len() < 2, "{self:?}");
        values.first().copied()
    }
}

/// A client that sends only the bytes of the test.
struct Client {
    stream: TcpStream,
}

impl Client {
    fn new(origin: &Origin) -> Self {
        let stream = TcpStream::connect(origin.address()).expect("a connection");
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).expect("a time limit");
        Self { stream }
    }

    fn send(&mut self, method: &str, fields: &str) {
        let head = format!("{method} / HTTP/1.1\r\nHost: origin\r\n{fields}\r\n");
        self.stream.write_all(head.as_bytes()).expect("an open end");
    }

    fn head(&mut self) -> Head {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(self.bytes(1));
        }
        let text = String::from_utf8(head).expect("a header section in ASCII");
        let mut lines = text.trim_end().split("\r\n").map(str::to_string);
        let status_line = lines.next().expect("a status line");
        let field = |line: String| {
            let (name, value) = line.split_once(": ").expect("a field");
            (name.to_string(), value.to_string())
        };
        let fields = lines.map(field).collect();
        Head { status_line, fields }
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).expect("more bytes");
        bytes
    }

    /// All bytes up to the orderly end of the connection.
    fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let end = self.stream.read_to_end(&mut bytes);
        end.expect("an orderly end");
        bytes
    }

    /// Whether neither data nor the end of the stream can be read.
    fn hears_nothing(&mut self) -> bool {
        self.stream.set_nonblocking(true).expect("a mode");
        let read = self.stream.read(&mut [0]);
        self.stream.set_nonblocking(false).expect("a mode");
        read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

/// Sends one GET with these fields; returns the header section and as many bytes as its Content-Length.
fn get(origin: &Origin, fields: &str) -> (Head, Vec<u8>) {
    let mut client = Client::new(origin);
    client.send("GET", fields);
    let head = client.head();
    let length = head.get("Content-Length").expect("a length");
    let bytes = client.bytes(length.parse().expect("a number"));
    (head, bytes)
}

/// Like [`get`], for one range of an origin with these faults.
fn get_range(range: &str, faults: impl IntoIterator<Item = Fault>) -> (Head, Vec<u8>) {
    get(&origin_with(faults), &format!("Range: bytes={range}\r\n"))
}
