//! The records of requests, and start and stop of the origin.

use super::{Client, LENGTH, get, origin_with};
use crate::origin::{Content, Fault, Origin, Site};
use std::net::TcpStream;

#[test]
fn requests_are_recorded_with_their_answers() {
    let origin = origin_with([]);
    get(&origin, "Range: bytes=0-9\r\nIf-Range: \"v1\"\r\nX-B: 1\r\n");
    let mut client = Client::new(&origin);
    client.send("HEAD", "");
    client.head();
    origin.wait_for(|requests| requests.iter().filter(|request| request.ended).count() == 2);

    let requests = origin.requests();
    let [first, second] = &requests[..] else {
        panic!("{requests:?}");
    };
    let names: Vec<_> = first.headers.iter().map(|(name, _)| &name[..]).collect();
    assert_eq!(names, ["host", "range", "if-range", "x-b"]);
    assert_eq!((&first.method[..], &first.target[..]), ("GET", "/"));
    assert_eq!(first.range(), Some("bytes=0-9"));
    assert_eq!(first.if_range(), Some("\"v1\""));
    assert_eq!((first.status, first.body_sent), (Some(206), 10));
    assert_eq!((second.status, second.body_sent), (Some(200), 0));
    assert_eq!((first.connection, first.number, first.nth), (0, 0, 0));
    assert_eq!((second.connection, second.number, second.nth), (1, 1, 1));
    assert_eq!((origin.connections(), origin.body_bytes_sent()), (2, 10));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let origin = origin_with([]);
    let mut client = Client::new(&origin);
    for range in ["0-9", "20-49"] {
        client.send("GET", &format!("Range: bytes={range}\r\n"));
    }
    for length in [10, 30] {
        client.head();
        client.bytes(length);
    }
    assert_eq!(origin.connections(), 1);
}

#[test]
fn an_asynchronous_test_waits_without_blocking() {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    let origin = origin_with([Fault::StallAfter(10)]);
    runtime.block_on(async {
        let asking = async {
            let mut client = Client::new(&origin);
            client.send("GET", "");
            client
        };
        let shown = origin.until(|requests| requests.iter().any(|r| r.body_sent == 10));
        let (_client, ()) = tokio::join!(asking, shown);
    });
    assert_eq!(origin.body_bytes_sent(), 10);
}

#[test]
fn a_client_that_leaves_does_no_harm() {
    let origin = Origin::start(Site::new().resource("/", Content::new(1, 1 << 40)));
    let mut client = Client::new(&origin);
    client.send("GET", "");
    client.bytes(1000);
    drop(client);
    origin.wait_for(|requests| requests[0].ended);
    assert!(origin.body_bytes_sent() < 1 << 40);
    let (head, _) = get(&origin, "Range: bytes=0-0\r\n");
    assert_eq!(head.status(), 206);
}

#[test]
fn a_resource_is_put_while_the_origin_runs() {
    let origin = Origin::start(Site::new());
    assert_eq!(get(&origin, "").0.status(), 404);
    origin.put("/", Content::new(1, LENGTH));
    assert_eq!(get(&origin, "").1.len() as u64, LENGTH);
}

#[test]
fn dropping_the_origin_closes_its_port() {
    let origin = origin_with([]);
    let address = origin.address();
    assert_eq!(origin.url("/a"), format!("http://{address}/a"));
    drop(origin);
    assert!(TcpStream::connect(address).is_err());
}
