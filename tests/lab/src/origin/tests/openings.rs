//! Answers that do not begin with a response.

use super::{Client, LENGTH, origin_with};
use crate::origin::Fault;
use std::io::Read;

fn ask(fault: Fault) -> Vec<u8> {
    let origin = origin_with([fault]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    let bytes = client.rest();
    origin.wait_for(|requests| requests[0].ended);
    assert_eq!(origin.requests()[0].status, None);
    bytes
}

#[test]
fn the_connection_ends_without_a_response() {
    assert!(ask(Fault::CloseBeforeResponse).is_empty());
}

#[test]
fn garbage_is_no_response() {
    let bytes = ask(Fault::Garbage);
    assert!(bytes.len() == 4096 && !bytes.starts_with(b"HTTP"));
}

#[test]
fn a_raw_answer_is_sent_as_it_is() {
    assert_eq!(ask(Fault::raw("HTTP/1.1 200 OK\r\n\r\nhello")), b"HTTP/1.1 200 OK\r\n\r\nhello");
}

#[test]
fn endless_headers_are_bounded() {
    let origin = origin_with([Fault::EndlessHeaders]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    let mut buffer = vec![0; 1 << 16];
    let mut received = 0;
    let mut last = Vec::new();
    loop {
        let count = client.stream.read(&mut buffer).expect("an orderly end");
        if count == 0 {
            break;
        }
        received += count;
        assert!(!buffer[..count].windows(4).any(|bytes| bytes == b"\r\n\r\n"));
        last = buffer[..count].to_vec();
    }
    assert_eq!(received, (64 << 20) + "HTTP/1.1 200 OK\r\n".len());
    assert!(last.ends_with(b"x\r\n"));
}

#[test]
fn interim_responses_precede_the_final_one() {
    let interim = Fault::Interim { status: 103, count: 3 };
    let origin = origin_with([interim]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    for _ in 0..3 {
        let head = client.head();
        assert_eq!(head.status_line, "HTTP/1.1 103 Early Hints");
        assert!(head.fields.is_empty());
    }
    assert_eq!(client.head().status(), 200);
    assert_eq!(client.bytes(LENGTH as usize).len() as u64, LENGTH);
}

#[test]
fn silence_lasts_until_the_client_leaves() {
    let origin = origin_with([Fault::NeverAnswer]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    origin.wait_for(|requests| requests.len() == 1);
    assert!(client.hears_nothing() && !origin.requests()[0].ended);
    drop(client);
    origin.wait_for(|requests| requests[0].ended);
}
