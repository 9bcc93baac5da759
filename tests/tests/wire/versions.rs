//! The version of the content that arrives if the origin has several, or does not identify the one that it serves.

use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, checksum, content, old, origin, request, serving, version};
use std::time::SystemTime;
use tempfile::tempdir;

/// An origin whose first connection breaks after 3 MiB, and which serves `next` from the second request on.
fn breaking(first: Representation, next: Representation) -> Origin {
    let resource = Resource::new(first).fault(When::Nth(0), Fault::CutAfter(3 * MIB)).from_request(1, next);
    Origin::start(Site::new().resource("/file", resource))
}

fn newer() -> Content {
    Content::new(8, content().length())
}

over_every_subject!(another_version_between_a_run_and_the_next_is_noticed, |subject| {
    for connections in [1, 4] {
        let resource = Resource::new(version(&content(), "v1"))
            .fault(When::Nth(0), Fault::CutAfter(3 * MIB))
            .fault(When::matching(|request| (1..9).contains(&request.nth)), Fault::status(404))
            .from_request(9, version(&newer(), "v2"));
        let (origin, folder) = (Origin::start(Site::new().resource("/file", resource)), tempdir().unwrap());
        let get = request(&origin, &folder).connections(connections);
        while subject.get(&get).error.is_some() {
            assert!(!folder.path().join("file").exists());
            assert!(origin.requests().len() < 20);
        }
        assert_only(&folder, &newer());
    }
});

over_every_subject!(servers_that_disagree_on_validators_are_no_dead_end, |subject| {
    for connections in [1, 4] {
        let resource = Resource::new(version(&content(), "edge-0")).fault(When::Every, Fault::CutAfter(3 * MIB));
        let resource = (1..60).fold(resource, |resource, nth| {
            resource.from_request(nth, version(&content(), if nth % 2 == 0 { "edge-0" } else { "edge-1" }))
        });
        let (origin, folder) = (Origin::start(Site::new().resource("/file", resource)), tempdir().unwrap());
        subject.get(&request(&origin, &folder).connections(connections)).expect_success();
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_checksum_keeps_bytes_that_no_validator_proves, |subject| {
    for (first, next) in [
        (version(&content(), "edge-0"), version(&content(), "edge-1")),
        (Representation::new(content()).weak_etag("w"), Representation::new(content()).weak_etag("w")),
        (Representation::new(content()), Representation::new(content())),
    ] {
        let (origin, folder) = (breaking(first, next), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(1).checksum(checksum(&content())));
        assert_eq!(outcome.expect_success().restarts, 0, "{}", outcome.said);
        assert_only(&folder, &content());
        let requests = origin.requests();
        let last = requests.last().unwrap();
        assert!(last.range().is_some_and(|range| range.starts_with("bytes=3145728-")), "{requests:?}");
        assert_eq!(last.status, Some(206), "fetched twice");
    }
});

over_every_subject!(without_a_proof_nothing_is_joined, |subject| {
    let recent = Representation::new(content()).last_modified(SystemTime::now());
    let newer_date = Representation::new(newer()).last_modified(SystemTime::now());
    for (first, next) in [
        (Representation::new(content()), Representation::new(newer())),
        (Representation::new(content()).weak_etag("w"), Representation::new(newer()).weak_etag("w")),
        (recent, newer_date),
    ] {
        let (origin, folder) = (breaking(first, next), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(4));
        assert_eq!(outcome.expect_success().restarts, 1, "{}", outcome.said);
        assert_only(&folder, &newer());
    }
});

over_every_subject!(a_date_alone_resumes_where_it_is_old, |subject| {
    let dated = || Representation::new(content()).last_modified(old());
    let (origin, folder) = (breaking(dated(), dated()), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 0);
    assert_only(&folder, &content());
    assert_eq!(origin.requests()[1].if_range(), Some("Sun, 13 Sep 2020 12:26:40 GMT"));
});

over_every_subject!(a_page_in_the_middle_of_a_resume_is_never_stored, |subject| {
    let page = || Fault::Status {
        status: 200,
        headers: vec![("Content-Type".into(), "text/html".into()), ("ETag".into(), "\"page\"".into())],
        body: b"<html>Sign in</html>".to_vec(),
    };
    for (connections, portal) in [(1, Fault::HtmlPage), (4, Fault::HtmlPage), (1, page())] {
        let faults = vec![
            (When::Nth(0), Fault::CutAfter(3 * MIB)),
            (When::matching(|request| (1..4).contains(&request.nth)), portal),
        ];
        let (origin, folder) = (origin(faults), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(connections));
        assert_eq!(outcome.expect_success().restarts, 0, "{}", outcome.said);
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_portal_that_stays_is_an_error, |subject| {
    let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::From(1), Fault::HtmlPage)];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).connections(1).retries(2));
    outcome.expect_failure("ERROR_HTTP_INVALID_SERVER_RESPONSE");
    assert!(!folder.path().join("file").exists());
    origin.put("/file", version(&content(), "v1"));
    assert_eq!(subject.get(&request(&origin, &folder)).expect_success().resumed, 3 * MIB);
    assert_only(&folder, &content());
});

over_every_subject!(a_digest_that_the_origin_states_is_verified, |subject| {
    let right = base64_sha256(&content());
    for (name, value) in [("Repr-Digest", format!("sha-256=:{right}:")), ("Digest", format!("SHA-256={right}"))] {
        let (origin, folder) = (serving(version(&content(), "v1").header(name, value), vec![]), tempdir().unwrap());
        subject.get(&request(&origin, &folder)).expect_success();
        assert_only(&folder, &content());
    }
    let wrong = format!("sha-256=:{}:", base64_sha256(&newer()));
    let folder = tempdir().unwrap();
    let origin = serving(version(&content(), "v1").header("Repr-Digest", wrong), vec![]);
    subject.get(&request(&origin, &folder)).expect_failure("BG_E_VALIDATION_FAILED");
    assert_eq!(haul_tests::scene::names(folder.path()), [""; 0]);
});

over_every_subject!(a_stated_digest_tells_versions_apart_where_validators_do_not, |subject| {
    let stated = |content: &Content, tag: &str| {
        let digest = format!("sha-256=:{}:", base64_sha256(content));
        Representation::new(content.clone()).strong_etag(tag).header("Repr-Digest", digest)
    };
    let (origin, folder) = (breaking(stated(&content(), "a"), stated(&content(), "b")), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 0);
    assert_only(&folder, &content());
    let (origin, folder) = (breaking(stated(&content(), "a"), stated(&newer(), "a")), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 1);
    assert_only(&folder, &newer());
});

over_every_subject!(a_coded_answer_is_not_joined_to_a_plain_one, |subject| {
    let coded = version(&newer(), "v1").header("Content-Encoding", "gzip");
    let (origin, folder) = (breaking(version(&content(), "v1"), coded), tempdir().unwrap());
    subject.get(&request(&origin, &folder).connections(1)).expect_success();
    assert_only(&folder, &newer());
});

fn base64_sha256(content: &Content) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let hex = content.sha256();
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    BASE64_STANDARD.encode((0..hex.len()).step_by(2).map(byte).collect::<Vec<_>>())
}
