//! Correct responses, and those with another status or other fields.

use super::{Client, LENGTH, content, get, get_range, origin_with};
use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use httpdate::parse_http_date;
use std::time::{Duration, UNIX_EPOCH};

#[test]
fn get_answers_with_the_representation() {
    let representation = Representation::new(content())
        .weak_etag("v1")
        .last_modified(UNIX_EPOCH + Duration::from_secs(784_111_777))
        .content_type("text/plain")
        .header("X-Extra", "1");
    let origin = Origin::start(Site::new().resource("/", representation));
    let (head, bytes) = get(&origin, "");
    assert_eq!(head.status_line, "HTTP/1.1 200 OK");
    assert!(bytes == content().bytes(0..LENGTH));
    for (name, value) in [
        ("Content-Type", "text/plain"),
        ("Accept-Ranges", "bytes"),
        ("ETag", "W/\"v1\""),
        ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("X-Extra", "1"),
    ] {
        assert_eq!(head.get(name), Some(value));
    }
    let date = head.get("Date").expect("a date");
    assert!(parse_http_date(date).is_ok());
}

#[test]
fn head_answers_with_the_same_fields_and_no_content() {
    let origin = origin_with([Fault::CutAfter(10)]);
    let mut client = Client::new(&origin);
    for _ in 0..2 {
        client.send("HEAD", "Range: bytes=0-9\r\n");
        let head = client.head();
        assert_eq!(head.status(), 200);
        assert_eq!(head.get("Content-Length"), Some("300000"));
        assert!(client.hears_nothing());
    }
}

#[test]
fn other_methods_and_paths_are_refused() {
    let origin = Origin::start(Site::new().resource("/", Content::new(1, 1)).fallback(|request| {
        let length = request.path().strip_prefix("/made/")?.parse().ok()?;
        Some(Content::new(2, length).into())
    }));
    let mut client = Client::new(&origin);
    for (request, expected) in [
        ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 405),
        ("GET /other HTTP/1.1\r\n\r\n", 404),
        ("GET /made/5?x HTTP/1.1\r\n\r\n", 200),
        ("nonsense\r\n\r\n", 400),
    ] {
        std::io::Write::write_all(&mut client.stream, request.as_bytes()).expect("an open end");
        let head = client.head();
        assert_eq!(head.status(), expected, "{request}");
        let length = head.get("Content-Length").expect("a length");
        client.bytes(length.parse().expect("a number"));
    }
    assert!(client.rest().is_empty());
}

#[test]
fn a_connection_is_kept_until_it_is_declined() {
    let origin = origin_with([]);
    let mut client = Client::new(&origin);
    for fields in ["", "", "Connection: close\r\n"] {
        client.send("GET", fields);
        let head = client.head();
        let announced = head.get("Connection").is_some_and(|value| value == "close");
        assert_eq!(announced, !fields.is_empty());
        client.bytes(LENGTH as usize);
    }
    assert!(client.rest().is_empty());
    assert_eq!(origin.connections(), 1);
}

#[test]
fn another_response_takes_the_place_of_the_representation() {
    let status =
        Fault::Status { status: 500, headers: vec![("X-Reason".into(), "script".into())], body: b"oops".to_vec() };
    let (head, bytes) = get_range("5-", [status]);
    assert_eq!((head.status(), &bytes[..]), (500, &b"oops"[..]));
    assert_eq!(head.get("X-Reason"), Some("script"));
    assert_eq!(head.get("ETag"), None);

    let (head, _) = get_range("5-", [Fault::retry_after(429, "7")]);
    assert_eq!((head.status(), head.get("Retry-After")), (429, Some("7")));

    let (head, bytes) = get_range("5-", [Fault::HtmlPage]);
    assert_eq!(head.status(), 200);
    assert!(head.get("Content-Type").expect("a type").starts_with("text/html"));
    assert!(bytes.starts_with(b"<!DOCTYPE html>"));

    let (head, bytes) = get_range("5-", [Fault::status(503)]);
    assert_eq!((head.status(), bytes.len()), (503, 0));
}

#[test]
fn a_redirection_leads_to_another_origin() {
    let target = origin_with([]);
    let (head, _) = get_range("5-", [Fault::redirect(307, target.url("/x"))]);
    assert_eq!(head.status(), 307);
    let expected = format!("http://{}/x", target.address());
    assert_eq!(head.get("Location"), Some(&expected[..]));
}

#[test]
fn a_status_without_content_has_no_length_either() {
    let origin = origin_with([Fault::status(204)]);
    let mut client = Client::new(&origin);
    client.send("GET", "Connection: close\r\n");
    assert_eq!(client.head().get("Content-Length"), None);
    assert!(client.rest().is_empty());
}

#[test]
fn fields_are_added_and_dropped() {
    let faults = [
        Fault::NoAcceptRanges,
        Fault::DropValidators,
        Fault::ContentEncoding("gzip".into()),
        Fault::header("Content-Length", "7"),
    ];
    let origin = origin_with(faults);
    let mut client = Client::new(&origin);
    client.send("GET", "Range: bytes=0-99\r\n");
    let head = client.head();
    assert_eq!(head.status(), 206);
    for absent in ["Accept-Ranges", "ETag", "Last-Modified"] {
        assert_eq!(head.get(absent), None);
    }
    assert_eq!(head.get("Content-Encoding"), Some("gzip"));
    assert_eq!(head.all("Content-Length"), ["7", "100"]);
    assert_eq!(client.bytes(100), content().bytes(0..100));
}

#[test]
fn faults_keep_to_their_requests() {
    let resource =
        Resource::new(content()).fault(When::Nth(1), Fault::status(500)).fault(When::ranged(), Fault::status(502));
    let origin = Origin::start(Site::new().resource("/", resource));
    let statuses: Vec<_> = ["", "", "Range: bytes=0-\r\n", ""].map(|fields| get(&origin, fields).0.status()).into();
    assert_eq!(statuses, [200, 500, 502, 200]);
}
