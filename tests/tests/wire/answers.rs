//! Wrong answers to range requests, and bodies that trickle or have a wrong length.

use std::time::{Duration, Instant};

use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, checksum, content, names, origin, request, version};
use haul_tests::subject::Subject;
use tempfile::tempdir;

/// The connection breaks after 3 MiB, and the next request gets `fault`.
fn then(fault: Fault) -> Vec<(When, Fault)> {
    vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::Nth(1), fault)]
}

over_every_subject!(a_416_inside_the_file_costs_nothing_that_is_here, |subject| {
    let complete = vec![("Content-Range".into(), format!("bytes */{}", content().length()))];
    for headers in [complete, vec![]] {
        let (origin, folder) = (origin(then(Fault::Status { status: 416, headers, body: vec![] })), tempdir().unwrap());
        assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 0);
        assert_only(&folder, &content());
        let requests = origin.requests();
        assert!(requests[2..].iter().all(|request| request.is_ranged()), "{requests:?}");
    }
});

over_every_subject!(a_file_that_has_shrunk_is_fetched_anew, |subject| {
    let shorter = Content::new(8, MIB);
    let resource = Resource::new(version(&content(), "v1"))
        .fault(When::Nth(0), Fault::CutAfter(3 * MIB))
        .fault(When::Every, Fault::IgnoreIfRange)
        .from_request(1, version(&shorter, "v2"));
    let (origin, folder) = (Origin::start(Site::new().resource("/file", resource)), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 1);
    assert_only(&folder, &shorter);
});

over_every_subject!(what_an_odd_answer_truthfully_covers_is_used, |subject| {
    let odd =
        [Fault::StarLength, Fault::LongerRange { by: 1000 }, Fault::EarlierRange { by: 65536 }, Fault::NoAcceptRanges];
    for fault in odd {
        let (origin, folder) = (origin(then(fault)), tempdir().unwrap());
        assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 0);
        assert_only(&folder, &content());
    }
});

over_every_subject!(one_senseless_answer_costs_nothing_that_is_here, |subject| {
    let senseless = [
        Fault::MissingContentRange,
        Fault::RawContentRange("bytes 9-5/10".into()),
        Fault::MultipartByteranges,
        Fault::WrongContentRange { shift: 65536 },
    ];
    for fault in senseless {
        let (origin, folder) = (origin(then(fault)), tempdir().unwrap());
        assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 0);
        assert_only(&folder, &content());
        assert!(origin.requests()[2].is_ranged());
    }
});

over_every_subject!(ranges_that_never_make_sense_are_given_up, |subject| {
    let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::ranged(), Fault::MissingContentRange)];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(4)).expect_success().restarts, 0);
    assert_only(&folder, &content());
});

over_every_subject!(a_range_that_lies_is_found_out_by_the_checksum, |subject| {
    let (origin, folder) = (origin(then(Fault::LyingContentRange { shift: 4096 })), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).connections(1).checksum(checksum(&content())));
    assert_eq!(outcome.expect_success().restarts, 1);
    assert_only(&folder, &content());
});

over_every_subject!(a_body_that_is_not_as_long_as_declared_is_no_file, |subject| {
    for declared in [content().length() + 1000, content().length() - 1000] {
        let faults = vec![(When::First(2), Fault::DeclaredLength(declared))];
        let (origin, folder) = (origin(faults), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(1).checksum(checksum(&content())));
        if outcome.error.is_none() {
            assert_only(&folder, &content());
        } else {
            assert!(!folder.path().join("file").exists());
        }
    }
});

over_every_subject!(a_byte_a_second_on_one_connection_does_not_hold_up_the_file, |subject| {
    let faults = vec![(When::Nth(2), Fault::Slow(1)), (When::Every, Fault::CapRate(8 * MIB))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let started = Instant::now();
    subject.get(&request(&origin, &folder).connections(4)).expect_success();
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
    assert_only(&folder, &content());
});

over_every_subject!(a_trickle_is_no_progress_where_a_rate_is_asked_for, |subject| {
    let (origin, folder) = (origin(vec![(When::Every, Fault::Slow(100))]), tempdir().unwrap());
    let mut get = request(&origin, &folder).connections(1).timeout(3.0);
    get.min_rate = Some(10_000);
    let started = Instant::now();
    let outcome = subject.get(&get);
    assert!(outcome.error.is_some(), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(!names(folder.path()).contains(&"file".into()));
});

/// The result of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// The file contains `hello world`.
    File,
    /// There is no file, and the error has this name.
    Failure(&'static str),
    /// The file or a failure, because the runtime may or may not detect the violation.
    FileOrNone,
}

const VIOLATION: Fate = Fate::Failure("ERROR_HTTP_INVALID_SERVER_RESPONSE");
const LOST: Fate = Fate::Failure("ERROR_INTERNET_CONNECTION_ABORTED");
const MISMATCH: Fate = Fate::Failure("DO_E_HTTP_BLOCKSIZE_MISMATCH");

/// Framing fields, the body, its result if haul itself parses the framing, and its result under stock wasmtime, which reports
/// neither transfer codings nor bytes after the end to the component.
const FRAMINGS: [(&str, &str, Fate, Fate); 16] = [
    ("Content-Length: 11", "hello world", Fate::File, Fate::File),
    ("Transfer-Encoding: chunked", "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nx: y\r\n\r\n", Fate::File, Fate::File),
    // Transfer-Encoding overrides Content-Length.
    ("Transfer-Encoding: chunked\r\nContent-Length: 5", "b\r\nhello world\r\n0\r\n\r\n", Fate::File, VIOLATION),
    ("Content-Length: 0\r\nTransfer-Encoding: chunked", "b\r\nhello world\r\n0\r\n\r\n", Fate::File, VIOLATION),
    ("Content-Length: 99\r\nTransfer-Encoding: Chunked", "b\r\nhello world\r\n0\r\n\r\n", Fate::File, MISMATCH),
    // haul accepts no other coding than one final `chunked`.
    ("Transfer-Encoding: gzip\r\nContent-Length: 11", "hello world!", VIOLATION, VIOLATION),
    ("Transfer-Encoding: gzip, chunked", "b\r\nhello world\r\n0\r\n\r\n", VIOLATION, Fate::File),
    ("Transfer-Encoding: xchunked", "hello world", VIOLATION, Fate::File),
    ("Transfer-Encoding: chunked, chunked", "b\r\nhello world\r\n0\r\n\r\n", VIOLATION, Fate::File),
    (
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "b\r\nhello world\r\n0\r\n\r\n",
        VIOLATION,
        Fate::File,
    ),
    // Bytes after the end.
    ("Content-Length: 11", "hello world!", VIOLATION, Fate::FileOrNone),
    ("Transfer-Encoding: chunked", "b\r\nhello world\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", VIOLATION, Fate::FileOrNone),
    // Malformed chunks are a violation and not a lost connection.
    ("Transfer-Encoding: chunked", "b\r\nhello worldX\r\n0\r\n\r\n", VIOLATION, LOST),
    ("Transfer-Encoding: chunked", "g\r\nhello world\r\n0\r\n\r\n", VIOLATION, LOST),
    ("Transfer-Encoding: chunked", "b\r\nhello world\r\n", LOST, LOST),
    ("Content-Length: 11\r\nContent-Length: 12", "hello world!", VIOLATION, VIOLATION),
];

over_every_subject!(the_framing_of_a_body_is_judged_as_a_whole, |subject| {
    for (fields, body, here, stock) in FRAMINGS {
        let fate = if subject == Subject::Stock { stock } else { here };
        let answer = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{body}");
        let (origin, folder) = (origin(vec![(When::Every, Fault::raw(answer))]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).retries(1).timeout(5.0));
        match fate {
            Fate::File => {
                assert_eq!(outcome.error, None, "{fields:?} {body:?}: {}", outcome.said);
                assert_eq!(std::fs::read(folder.path().join("file")).unwrap(), b"hello world", "{fields:?} {body:?}");
            }
            Fate::FileOrNone => {
                let found = std::fs::read(folder.path().join("file")).ok();
                assert_eq!(found.is_some(), outcome.error.is_none(), "{fields:?} {body:?}: {}", outcome.said);
                assert!(found.is_none_or(|found| found == b"hello world"), "{fields:?} {body:?}");
            }
            Fate::Failure(name) => {
                assert_eq!(outcome.error.as_deref(), Some(name), "{fields:?} {body:?}: {}", outcome.said);
                assert!(!folder.path().join("file").exists(), "{fields:?} {body:?}");
            }
        }
    }
});
