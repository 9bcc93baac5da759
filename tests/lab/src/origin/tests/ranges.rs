//! Range requests, answered correctly and with faults.

use super::{LENGTH, content, get, get_range, origin_with};
use crate::origin::{Fault, Origin, Representation, Site};
use std::time::{Duration, UNIX_EPOCH};

/// Asserts status, Content-Range and content; `bytes` is the range that the content must come from.
fn check(range: &str, faults: &[Fault], content_range: Option<&str>, bytes: [u64; 2]) {
    let (head, received) = get_range(range, faults.iter().cloned());
    assert_eq!(head.status(), 206, "{range} {faults:?}");
    assert_eq!(head.get("Content-Range"), content_range, "{range} {faults:?}");
    let expected = content().bytes(bytes[0]..bytes[1]);
    assert!(received == expected, "{range} {faults:?}");
}

#[test]
fn a_range_is_answered_with_that_part() {
    check("0-0", &[], Some("bytes 0-0/300000"), [0, 1]);
    check("100-199", &[], Some("bytes 100-199/300000"), [100, 200]);
    check("299000-", &[], Some("bytes 299000-299999/300000"), [299_000, LENGTH]);
    check("-5", &[], Some("bytes 299995-299999/300000"), [299_995, LENGTH]);
    check("5-999999", &[], Some("bytes 5-299999/300000"), [5, LENGTH]);
}

#[test]
fn a_part_carries_the_validators() {
    let (head, _) = get_range("1-2", []);
    assert_eq!(head.get("ETag"), Some("\"v1\""));
    assert_eq!(head.get("Accept-Ranges"), Some("bytes"));
}

#[test]
fn a_range_behind_the_end_is_refused() {
    let (head, _) = get_range("300000-", []);
    assert_eq!(head.status(), 416);
    assert_eq!(head.get("Content-Range"), Some("bytes */300000"));
}

#[test]
fn several_ranges_are_answered_with_everything() {
    let (head, bytes) = get_range("0-1,5-6", []);
    assert_eq!((head.status(), head.get("Content-Range")), (200, None));
    assert_eq!(bytes.len() as u64, LENGTH);
}

#[test]
fn if_range_decides_between_part_and_whole() {
    let modified = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let representation = Representation::new(content()).strong_etag("v2").last_modified(modified);
    let origin = Origin::start(Site::new().resource("/", representation));
    for (validator, expected) in [
        ("\"v2\"", 206),
        ("\"v1\"", 200),
        ("W/\"v2\"", 200),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 206),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 200),
    ] {
        let fields = format!("Range: bytes=9-\r\nIf-Range: {validator}\r\n");
        let (head, bytes) = get(&origin, &fields);
        assert_eq!(head.status(), expected, "{validator}");
        assert_eq!(bytes.len(), if expected == 206 { 299_991 } else { 300_000 });
    }
}

#[test]
fn the_range_or_its_condition_is_ignored() {
    let (head, bytes) = get_range("9-", [Fault::IgnoreRange]);
    assert_eq!((head.status(), bytes.len() as u64), (200, LENGTH));

    let origin = origin_with([Fault::IgnoreIfRange]);
    let (head, bytes) = get(&origin, "Range: bytes=9-\r\nIf-Range: \"v0\"\r\n");
    assert_eq!(head.status(), 206);
    assert!(bytes == content().bytes(9..LENGTH));
}

#[test]
fn another_range_is_served_and_named() {
    let shift = |shift| [Fault::WrongContentRange { shift }];
    check("100-199", &shift(50), Some("bytes 150-249/300000"), [150, 250]);
    check("100-199", &shift(-150), Some("bytes 0-49/300000"), [0, 50]);
    check("100-", &shift(50), Some("bytes 150-299999/300000"), [150, LENGTH]);
    check("299999-", &shift(9), Some("bytes 299999-299999/300000"), [299_999, LENGTH]);

    let shorter = [Fault::ShorterRange { at_most: 10 }];
    check("100-199", &shorter, Some("bytes 100-109/300000"), [100, 110]);
    check("100-104", &shorter, Some("bytes 100-104/300000"), [100, 105]);

    let longer = [Fault::LongerRange { by: 10 }];
    check("100-199", &longer, Some("bytes 100-209/300000"), [100, 210]);
    check("100-", &longer, Some("bytes 100-299999/300000"), [100, LENGTH]);

    let earlier = [Fault::EarlierRange { by: 10 }];
    check("100-199", &earlier, Some("bytes 90-199/300000"), [90, 200]);
    check("5-", &earlier, Some("bytes 0-299999/300000"), [0, LENGTH]);
}

#[test]
fn the_name_of_a_range_is_false() {
    let lie = |shift| [Fault::LyingContentRange { shift }];
    check("100-199", &lie(4096), Some("bytes 100-199/300000"), [4196, 4296]);
    check("100-199", &lie(-60), Some("bytes 100-199/300000"), [40, 140]);
    check("100-199", &lie(-300), Some("bytes 100-199/300000"), [400, 500]);

    check("7-8", &[Fault::MissingContentRange], None, [7, 9]);
    check("7-8", &[Fault::StarLength], Some("bytes 7-8/*"), [7, 9]);
    let raw = [Fault::RawContentRange("octets 7".into())];
    check("7-8", &raw, Some("octets 7"), [7, 9]);
}

#[test]
fn a_lie_reaches_behind_the_end() {
    let (_, bytes) = get_range("100-199", [Fault::LyingContentRange { shift: 299_850 }]);
    assert_eq!(bytes[..50], content().bytes(299_950..LENGTH));
    assert_eq!(bytes.len(), 100);
}

#[test]
fn faults_of_ranges_leave_other_responses_alone() {
    let faults = [
        Fault::WrongContentRange { shift: 1 },
        Fault::LyingContentRange { shift: 1 },
        Fault::StarLength,
        Fault::MultipartByteranges,
    ];
    let (head, bytes) = get(&origin_with(faults), "");
    assert_eq!((head.status(), head.get("Content-Range")), (200, None));
    assert!(bytes == content().bytes(0..LENGTH));
}

#[test]
fn parts_are_wrapped_in_a_multipart_body() {
    let (head, bytes) = get_range("0-1,299990-", [Fault::MultipartByteranges]);
    assert_eq!((head.status(), head.get("Content-Range")), (206, None));
    let media_type = head.get("Content-Type").expect("a type");
    let boundary = media_type.strip_prefix("multipart/byteranges; boundary=").expect("a boundary");
    let mut expected = Vec::new();
    for (range, name) in [(0..2, "0-1"), (299_990..LENGTH, "299990-299999")] {
        let lines = format!(
            "--{boundary}\r\nContent-Type: application/octet-stream\r\n\
             Content-Range: bytes {name}/300000\r\n\r\n"
        );
        expected.extend(lines.into_bytes());
        expected.extend(content().bytes(range));
        expected.extend(b"\r\n");
    }
    expected.extend(format!("--{boundary}--\r\n").into_bytes());
    assert!(bytes == expected);
    let (head, _) = get_range("5-6", [Fault::MultipartByteranges]);
    assert!(head.get("Content-Type").expect("a type").starts_with("multipart/"));
}
