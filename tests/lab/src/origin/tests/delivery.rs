//! Content that arrives late, in part or not at all.

use super::{Client, LENGTH, content, origin_with};
use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

#[test]
fn a_cut_ends_the_connection_in_order() {
    let origin = origin_with([Fault::CutAfter(123_456)]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    let head = client.head();
    assert_eq!(head.get("Content-Length"), Some("300000"));
    assert_eq!(head.get("Connection"), None);
    assert!(client.rest() == content().bytes(0..123_456));
    origin.wait_for(|requests| requests[0].ended);
    assert_eq!(origin.requests()[0].body_sent, 123_456);
}

#[test]
fn a_reset_arrives_behind_the_bytes() {
    // More than the client's system buffers unread, less than the origin's buffers unsent.
    let length = 400_000;
    let resource = Resource::new(Content::new(5, 2 * length)).fault(When::Every, Fault::ResetAfter(length));
    let origin = Origin::start(Site::new().resource("/", resource));
    let mut client = Client::new(&origin);
    client.send("GET", "");
    origin.wait_for(|requests| requests.iter().any(|request| request.ended));
    client.head();
    let received = client.bytes(length as usize);
    assert!(received == Content::new(5, length).bytes(0..length));
    let error = client.stream.read(&mut [0]).expect_err("a reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_stall_keeps_the_connection_open() {
    let origin = origin_with([Fault::StallAfter(1000)]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.head();
    assert_eq!(client.bytes(1000), content().bytes(0..1000));
    origin.wait_for(|requests| requests[0].body_sent == 1000);
    assert!(client.hears_nothing() && !origin.requests()[0].ended);
    drop(client);
    origin.wait_for(|requests| requests[0].ended);
}

#[test]
fn dropping_the_origin_ends_a_stall() {
    let origin = origin_with([Fault::StallAfter(10)]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.head();
    client.bytes(10);
    drop(origin);
    assert!(client.rest().is_empty());
}

#[test]
fn a_held_answer_goes_on_when_it_is_released() {
    let origin = origin_with([Fault::hold_until_released(2000, "later"), Fault::hold_until_released(500, "first")]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.head();
    for (name, until) in [("first", 500), ("later", 2000)] {
        origin.wait_for(|requests| requests[0].body_sent == until);
        origin.release(name);
    }
    assert!(client.bytes(LENGTH as usize) == content().bytes(0..LENGTH));
    // A released name is released for all requests.
    client.send("GET", "");
    client.head();
    assert_eq!(client.bytes(LENGTH as usize).len() as u64, LENGTH);
}

#[test]
fn a_hold_ends_when_the_client_leaves() {
    let origin = origin_with([Fault::hold_until_released(0, "never")]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.head();
    drop(client);
    origin.wait_for(|requests| requests[0].ended);
    assert_eq!(origin.body_bytes_sent(), 0);
}

#[test]
fn content_is_sent_at_its_rate() {
    let origin = origin_with([Fault::Slow(2_000_000), Fault::CutAfter(200_000)]);
    let started = Instant::now();
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.head();
    assert_eq!(client.rest().len(), 200_000);
    // A tenth of a second without the wait after the last write.
    assert!(started.elapsed() >= Duration::from_millis(79));
}

#[test]
fn a_cap_holds_for_the_connection() {
    let resource = Resource::new(Content::new(1, 100_000)).fault(When::Nth(0), Fault::CapRate(1_000_000));
    let origin = Origin::start(Site::new().resource("/", resource));
    let mut client = Client::new(&origin);
    let mut elapsed = Vec::new();
    for fields in ["", "Connection: close\r\n"] {
        let started = Instant::now();
        client.send("GET", fields);
        client.head();
        assert_eq!(client.bytes(100_000).len(), 100_000);
        elapsed.push(started.elapsed());
    }
    let least = Duration::from_millis(60);
    assert!(elapsed.iter().all(|time| *time >= least), "{elapsed:?}");
}

#[test]
fn a_replaced_representation_is_finished_with_the_old_bytes() {
    let origin = origin_with([Fault::hold_until_released(1000, "replaced")]);
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.head();
    origin.wait_for(|requests| requests[0].body_sent == 1000);
    let new = Content::new(12, 5000);
    origin.replace("/", Representation::new(new.clone()).strong_etag("v2"));
    origin.release("replaced");
    assert!(client.bytes(LENGTH as usize) == content().bytes(0..LENGTH));
    client.send("GET", "");
    assert_eq!(client.head().get("ETag"), Some("\"v2\""));
    assert!(client.bytes(5000) == new.bytes(0..5000));
}

#[test]
fn long_content_is_served_from_any_offset() {
    let content = Content::new(9, 5 << 30);
    let origin = Origin::start(Site::new().resource("/", content.clone()));
    let start = (5 << 30) - 3_000_000;
    let (head, bytes) = super::get(&origin, &format!("Range: bytes={start}-\r\n"));
    assert_eq!(head.status(), 206);
    assert!(bytes == content.bytes(start..5 << 30));
}
