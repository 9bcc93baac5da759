//! The promises of a download, whatever the origin does, in every way of running haul.

use std::fs;
use std::time::Duration;

use haul_tests::origin::{Content, Fault, Origin, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, content, names, origin, origin_of, request, version};
use tempfile::tempdir;

over_every_subject!(a_whole_file_arrives, |subject| {
    for connections in [1, 4] {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(connections));
        assert_eq!(outcome.expect_success().bytes, content().length());
        assert_only(&folder, &content());
    }
});

over_every_subject!(segments_are_asked_for_with_if_range, |subject| {
    let (origin, folder) = (origin(vec![(When::Every, Fault::CapRate(4 * MIB))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder).connections(4)).expect_success();
    assert_only(&folder, &content());
    let requests = origin.requests();
    let ranged: Vec<_> = requests.iter().filter(|request| request.is_ranged()).collect();
    assert!(ranged.len() >= 3, "{requests:?}");
    assert!(ranged.iter().all(|request| request.if_range() == Some("\"v1\"")), "{requests:?}");
});

over_every_subject!(a_slow_connection_does_not_hold_up_the_file, |subject| {
    // The slow connection alone would need at least half a minute for its part.
    let (origin, folder) = (origin(vec![(When::Nth(1), Fault::Slow(60_000))]), tempdir().unwrap());
    let started = std::time::Instant::now();
    subject.get(&request(&origin, &folder).connections(4)).expect_success();
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert_only(&folder, &content());
});

over_every_subject!(an_empty_file_arrives, |subject| {
    let empty = Content::literal(Vec::new());
    let (origin, folder) = (origin_of(&empty, vec![]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    assert_only(&folder, &empty);
});

over_every_subject!(ranges_are_written_in_the_order_given, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let get = request(&origin, &folder).range("900-999").range("100-199").range("-50").range("400-400");
    assert_eq!(subject.get(&get).expect_success().bytes, 251);
    let (whole, length) = (content(), content().length());
    let parts = [900..1000, 100..200, length - 50..length, 400..401];
    let expected: Vec<u8> = parts.into_iter().flat_map(|part| whole.bytes(part)).collect();
    assert!(fs::read(folder.path().join("file")).unwrap() == expected);
});

over_every_subject!(a_range_beyond_the_end_is_refused, |subject| {
    for range in ["99999999-", "0-99999999"] {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        subject.get(&request(&origin, &folder).range(range)).expect_failure("DO_E_INVALID_RANGE");
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

over_every_subject!(a_cut_body_is_continued_where_it_broke, |subject| {
    let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::Nth(1), Fault::ResetAfter(2 * MIB))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).connections(1));
    assert_eq!(outcome.expect_success().restarts, 0);
    assert_only(&folder, &content());
    assert!(origin.body_bytes_sent() < content().length() + 4 * MIB, "fetched twice");
});

over_every_subject!(a_stalled_connection_is_given_up, |subject| {
    let (origin, folder) = (origin(vec![(When::Nth(0), Fault::StallAfter(MIB))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder).timeout(4.0)).expect_success();
    assert_only(&folder, &content());
});

over_every_subject!(an_origin_that_falls_silent_for_good_is_an_error, |subject| {
    let (origin, folder) = (origin(vec![(When::Every, Fault::StallAfter(0))]), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).timeout(2.0));
    assert!(
        ["DO_E_DOWNLOAD_NO_PROGRESS", "ERROR_INTERNET_TIMEOUT"].contains(&outcome.error.as_deref().unwrap()),
        "{outcome:?}"
    );
    assert!(!folder.path().join("file").exists());
});

over_every_subject!(an_answer_with_everything_is_never_appended, |subject| {
    let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::ranged(), Fault::IgnoreRange)];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    subject.get(&request(&origin, &folder).connections(4)).expect_success();
    assert_only(&folder, &content());
});

over_every_subject!(a_callers_range_is_not_answered_with_a_whole_file, |subject| {
    let (origin, folder) = (origin(vec![(When::Every, Fault::IgnoreRange)]), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).range("100-199"));
    outcome.expect_failure("DO_E_INSUFFICIENT_RANGE_SUPPORT");
    assert_eq!(names(folder.path()), [""; 0]);
});

over_every_subject!(content_that_changes_midway_is_never_mixed, |subject| {
    for connections in [1, 4] {
        let newer = Content::new(8, content().length());
        let resource = Resource::new(version(&content(), "v1"))
            .fault(When::Nth(0), Fault::CutAfter(3 * MIB))
            .from_request(1, version(&newer, "v2"));
        let origin = Origin::start(Site::new().resource("/file", resource));
        let folder = tempdir().unwrap();
        let outcome = subject.get(&request(&origin, &folder).connections(connections));
        assert!(outcome.expect_success().restarts > 0, "{outcome:?}");
        assert_only(&folder, &newer);
    }
});

over_every_subject!(bytes_land_where_content_range_says, |subject| {
    for fault in [Fault::WrongContentRange { shift: -65536 }, Fault::WrongContentRange { shift: 65536 }] {
        let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::Nth(1), fault)];
        let (origin, folder) = (origin(faults), tempdir().unwrap());
        subject.get(&request(&origin, &folder).connections(1)).expect_success();
        assert_only(&folder, &content());
    }
});

over_every_subject!(an_answer_that_cannot_be_placed_is_not_used, |subject| {
    let bad = [
        Fault::MissingContentRange,
        Fault::RawContentRange("bytes 9-5/10".into()),
        Fault::MultipartByteranges,
        Fault::ShorterRange { at_most: 1000 },
    ];
    for fault in bad {
        let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::Nth(1), fault)];
        let (origin, folder) = (origin(faults), tempdir().unwrap());
        subject.get(&request(&origin, &folder).connections(1)).expect_success();
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_body_without_length_arrives, |subject| {
    for fault in [Fault::Chunked, Fault::CloseDelimited] {
        let (origin, folder) = (origin(vec![(When::Every, fault)]), tempdir().unwrap());
        subject.get(&request(&origin, &folder)).expect_success();
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_truncated_body_without_length_is_noticed, |subject| {
    let faults = vec![(When::First(2), Fault::ChunkedTruncated(3 * MIB))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    assert_only(&folder, &content());
});

over_every_subject!(a_busy_origin_is_asked_again_when_it_says, |subject| {
    let faults = vec![(When::First(2), Fault::retry_after(503, "1"))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let started = std::time::Instant::now();
    subject.get(&request(&origin, &folder)).expect_success();
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    assert_only(&folder, &content());
});

over_every_subject!(an_answer_that_is_no_http_is_asked_for_again, |subject| {
    let first =
        [Fault::Garbage, Fault::CloseBeforeResponse, Fault::EndlessHeaders, Fault::Interim { status: 103, count: 3 }];
    for fault in first {
        let (origin, folder) = (origin(vec![(When::Nth(0), fault)]), tempdir().unwrap());
        subject.get(&request(&origin, &folder)).expect_success();
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_refusal_is_final, |subject| {
    for (status, name) in [(404, "HTTP_E_STATUS"), (403, "HTTP_E_STATUS"), (410, "HTTP_E_STATUS")] {
        let (origin, folder) = (origin(vec![(When::Every, Fault::status(status))]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder));
        assert_eq!(outcome.expect_failure(name).requests, 1);
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

over_every_subject!(redirects_are_followed_and_secrets_stay_home, |subject| {
    let (other, folder) = (origin(vec![]), tempdir().unwrap());
    for status in [301, 302, 303, 307, 308] {
        let redirecting = origin(vec![(When::Every, Fault::redirect(status, other.url("/file")))]);
        let get = request(&redirecting, &folder).header("Authorization: Bearer secret").header("X-Key: secret");
        let mut get = get.header("Cookie: a=secret").header("Accept: text/plain");
        get.overwrite = true;
        subject.get(&get).expect_success();
        assert_only(&folder, &content());
        assert_eq!(redirecting.requests()[0].header("authorization"), Some("Bearer secret"));
    }
    for request in other.requests() {
        assert!(["authorization", "cookie", "x-key"].iter().all(|name| request.header(name).is_none()), "{request:?}");
        assert_eq!(request.header("accept"), Some("text/plain"));
    }
});

over_every_subject!(a_redirect_loop_ends, |subject| {
    let (origin, folder) = (origin(vec![(When::Every, Fault::redirect(302, "/file"))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_failure("ERROR_INTERNET_REDIRECT_FAILED");
    assert!(origin.requests().len() < 50);
});

over_every_subject!(a_digest_is_checked_on_the_bytes_that_get_the_name, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let right = format!("sha256:{}", content().sha256());
    subject.get(&request(&origin, &folder).checksum(&right)).expect_success();
    assert_only(&folder, &content());
    let folder = tempdir().unwrap();
    let wrong = format!("sha256:{}", Content::new(1, 1).sha256());
    let outcome = subject.get(&request(&origin, &folder).checksum(&wrong));
    outcome.expect_failure("BG_E_VALIDATION_FAILED");
    assert_eq!(names(folder.path()), [""; 0]);
});

over_every_subject!(an_existing_file_is_not_replaced_unasked, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let target = folder.path().join("file");
    fs::write(&target, "mine").unwrap();
    subject.get(&request(&origin, &folder)).expect_failure("ERROR_FILE_EXISTS");
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert_eq!(names(folder.path()), ["file"]);
    let mut get = request(&origin, &folder);
    get.overwrite = true;
    subject.get(&get).expect_success();
    assert_only(&folder, &content());
});

over_every_subject!(a_file_that_is_complete_already_is_not_fetched_again, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    let sent = origin.body_bytes_sent();
    subject.get(&request(&origin, &folder)).expect_success();
    let checksum = format!("sha256:{}", content().sha256());
    let outcome = subject.get(&request(&origin, &folder).checksum(checksum));
    assert_eq!(outcome.expect_success().requests, 0);
    assert!(origin.body_bytes_sent() < sent + content().length(), "fetched again");
    assert_only(&folder, &content());
});

over_every_subject!(a_link_at_the_target_leads_nowhere, |subject| {
    let (origin, folder, outside) = (origin(vec![]), tempdir().unwrap(), tempdir().unwrap());
    let victim = outside.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join("file.part")).unwrap();
    let outcome = subject.get(&request(&origin, &folder));
    assert!(outcome.error.is_some(), "{outcome:?}");
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
});

over_every_subject!(a_damaged_journal_is_not_trusted, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    fs::write(folder.path().join("file.part"), vec![1; 5_000_000]).unwrap();
    fs::write(folder.path().join("file.haul"), "haul journal 1\nnonsense that goes on and on").unwrap();
    subject.get(&request(&origin, &folder)).expect_success();
    assert_only(&folder, &content());
});
