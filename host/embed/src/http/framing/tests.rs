use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use std::error::Error as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::super::filtered::Filtered;
use super::super::stream::Transport;
use super::*;

/// The body and error that a client gets from a response.
#[derive(Debug, PartialEq)]
struct Received {
    body: Vec<u8>,
    frames: usize,
    /// `InvalidData` or `UnexpectedEof` if the body caused it, else `Other`.
    error: Option<io::ErrorKind>,
}

/// The client's end of a connection whose server sends `answer` in parts of `step` bytes, and closes.
fn server(answer: &[u8], step: usize) -> DuplexStream {
    let (here, mut there) = duplex(step);
    let answer = answer.to_vec();
    tokio::spawn(async move {
        let _ = there.read(&mut [0; 4096]).await;
        let _ = there.write_all(&answer).await;
    });
    here
}

async fn receive(transport: impl Transport + 'static) -> Received {
    let request = http::Request::get("/").header("host", "a").body(Empty::<bytes::Bytes>::new()).expect("a request");
    let (mut sender, connection) = Builder::new().handshake(TokioIo::new(transport)).await.expect("a connection");
    tokio::spawn(connection);
    let mut received = Received { body: Vec::new(), frames: 0, error: None };
    let Ok(mut response) = sender.send_request(request).await else {
        return Received { error: Some(io::ErrorKind::Other), ..received };
    };
    while let Some(frame) = response.frame().await {
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => {
                received.frames += 1;
                received.body.extend(data);
            }
            Ok(Err(_)) => {}
            Err(error) => {
                let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
                received.error = Some(source.map_or(io::ErrorKind::Other, io::Error::kind));
                break;
            }
        }
    }
    received
}

async fn framed(answer: &[u8], step: usize) -> (Received, bool) {
    let excess = Excess::default();
    let received = receive(Filtered::new(server(answer, step), Framing::new(excess.clone()))).await;
    (received, excess.is_there())
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

#[tokio::test]
async fn bodies_are_those_of_hyper() {
    let heads = [
        format!("{CHUNKED}\r\n"),
        format!("{CHUNKED}Content-Length: 3\r\n\r\n"),
        format!("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n{CHUNKED}\r\n"),
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n".into(),
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nContent-Range: bytes 0-4/9\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n".into(),
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n".into(),
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n".into(),
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n".into(),
    ];
    let bodies = [
        "",
        "hel",
        "hello",
        "5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nx: y\r\n\r\n",
        "5\r\nhello",
        "5\r\nhello\r\n0\r\n",
        "5\r\nhelloX\r\n0\r\n\r\n",
        "z\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "ffffffffffffffff1\r\nhello",
        "0\r\n\r\n",
    ];
    for head in &heads {
        for body in bodies {
            let answer = format!("{head}{body}");
            for step in [1, 7, 4096] {
                let plain = receive(server(answer.as_bytes(), step)).await;
                let (framed, _) = framed(answer.as_bytes(), step).await;
                assert_eq!(framed.body, plain.body, "{answer:?} in parts of {step}");
                assert_eq!(framed.error.is_some(), plain.error.is_some(), "{answer:?} in parts of {step}: {framed:?}");
            }
        }
    }
}

#[tokio::test]
async fn broken_framing_is_no_lost_connection() {
    for (body, kind) in [
        ("5\r\nhello\r\n0\r\n\r\n", None),
        ("5\r\nhello\r\n", Some(io::ErrorKind::UnexpectedEof)),
        ("5\r\nhel", Some(io::ErrorKind::UnexpectedEof)),
        ("5\r\nhelloX\r\n0\r\n\r\n", Some(io::ErrorKind::InvalidData)),
        ("5\r\nhello\r\nz\r\n", Some(io::ErrorKind::InvalidData)),
    ] {
        let (received, _) = framed(format!("{CHUNKED}\r\n{body}").as_bytes(), 4096).await;
        assert_eq!(received.error, kind, "{body:?}");
    }
}

#[tokio::test]
async fn small_chunks_are_one_frame() {
    let answer = format!("{CHUNKED}\r\n{}0\r\n\r\n", "1\r\nx\r\n".repeat(10_000));
    let (received, excess) = framed(answer.as_bytes(), 1 << 20).await;
    assert_eq!((received.body, received.error, excess), (vec![b'x'; 10_000], None, false));
    assert!(received.frames < 5, "{} frames", received.frames);
}

#[tokio::test]
async fn bytes_behind_the_end_are_noted() {
    for (answer, expected) in [
        (format!("{CHUNKED}\r\n5\r\nhello\r\n0\r\n\r\n"), false),
        (format!("{CHUNKED}\r\n5\r\nhello\r\n0\r\n\r\nx"), true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".into(), false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello!".into(), true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n!".into(), true),
        ("HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\nhello!".into(), true),
        ("HTTP/1.1 200 OK\r\n\r\nhello!".into(), false),
    ] {
        let (_, excess) = framed(answer.as_bytes(), 4096).await;
        assert_eq!(excess, expected, "{answer:?}");
    }
}

#[tokio::test]
async fn heads_end() {
    let interim = |bytes: usize| format!("HTTP/1.1 103 Early Hints\r\nx: {}\r\n\r\n", "x".repeat(bytes));
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let answer = |bytes: usize| format!("{}{last}", interim(100_000).repeat(bytes / 100_000));
    assert_eq!(framed(answer(1_000_000).as_bytes(), 4096).await.0.body, b"hello");
    assert_eq!(framed(answer(1_100_000).as_bytes(), 4096).await.0.error, Some(io::ErrorKind::Other));
}

fn settled(fields: &[(&'static str, &'static str)]) -> (bool, Vec<String>) {
    let response = fields.iter().fold(Response::builder(), |response, (name, value)| response.header(*name, *value));
    let mut response = response.body(()).expect("a response");
    let is_taken = settle(&mut response).is_ok();
    (is_taken, response.headers().keys().map(ToString::to_string).collect())
}

#[test]
fn one_chunked_is_the_only_coding_and_wins_over_a_length() {
    let length = ("content-length", "3");
    assert_eq!(settled(&[length]), (true, vec!["content-length".into()]));
    for value in ["chunked", "Chunked", " chunked "] {
        assert_eq!(
            settled(&[length, ("transfer-encoding", value)]),
            (true, vec!["transfer-encoding".into()]),
            "{value}"
        );
    }
    for value in
        ["gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked", "identity", "", "chunked;q=1"]
    {
        assert!(!settled(&[("transfer-encoding", value)]).0, "{value}");
        assert!(!settled(&[length, ("transfer-encoding", value)]).0, "{value}");
    }
    assert!(!settled(&[("transfer-encoding", "gzip"), ("transfer-encoding", "chunked")]).0);
}
