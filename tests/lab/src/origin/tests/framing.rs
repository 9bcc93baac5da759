//! Ways to indicate the end of the content.

use super::{Client, Head, LENGTH, content, origin_with};
use crate::origin::Fault;

/// Sends a GET on its own connection and reads to the end.
fn get_all(fields: &str, fault: Fault) -> (Head, Vec<u8>) {
    let origin = origin_with([fault]);
    let mut client = Client::new(&origin);
    client.send("GET", fields);
    (client.head(), client.rest())
}

/// The content of the chunks, and whether the last chunk was present.
fn dechunk(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == b'\r') {
        let size = std::str::from_utf8(&bytes[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size in hexadecimal");
        bytes = &bytes[end + 2..];
        if size == 0 {
            assert_eq!(bytes, b"\r\n");
            return (content, true);
        }
        let take = size.min(bytes.len());
        content.extend_from_slice(&bytes[..take]);
        if take < size {
            break;
        }
        bytes = bytes[size..].strip_prefix(b"\r\n").expect("an end of line");
    }
    (content, false)
}

#[test]
fn chunks_make_up_the_content() {
    let (head, bytes) = get_all("Connection: close\r\n", Fault::Chunked);
    assert_eq!(head.get("Transfer-Encoding"), Some("chunked"));
    assert_eq!(head.get("Content-Length"), None);
    let (received, complete) = dechunk(&bytes);
    assert!(complete && received == content().bytes(0..LENGTH));
}

#[test]
fn chunks_keep_the_connection() {
    let origin = origin_with([Fault::Chunked]);
    let mut client = Client::new(&origin);
    for _ in 0..2 {
        client.send("GET", "Range: bytes=0-4\r\n");
        let head = client.head();
        assert_eq!(head.get("Content-Range"), Some("bytes 0-4/300000"));
        let mut expected = b"5\r\n".to_vec();
        expected.extend(content().bytes(0..5));
        expected.extend(b"\r\n0\r\n\r\n");
        assert_eq!(client.bytes(expected.len()), expected);
    }
}

#[test]
fn truncated_chunks_lack_their_end() {
    for after in [100_000, LENGTH] {
        let (_, bytes) = get_all("", Fault::ChunkedTruncated(after));
        let (received, complete) = dechunk(&bytes);
        assert!(!complete && received == content().bytes(0..after));
    }
}

#[test]
fn the_end_of_the_connection_delimits_the_content() {
    let (head, bytes) = get_all("", Fault::CloseDelimited);
    assert_eq!(head.get("Content-Length"), None);
    assert_eq!(head.get("Transfer-Encoding"), None);
    assert_eq!(head.get("Connection"), Some("close"));
    assert!(bytes == content().bytes(0..LENGTH));
}

#[test]
fn a_declared_length_is_wrong() {
    for declared in ["400000", "1000"] {
        let fault = Fault::DeclaredLength(declared.parse().expect("a number"));
        let (head, bytes) = get_all("", fault);
        assert_eq!(head.get("Content-Length"), Some(declared));
        assert_eq!(head.get("Connection"), None);
        assert_eq!(bytes.len() as u64, LENGTH);
    }
}
