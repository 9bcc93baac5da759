//! Origins, signed URLs and firewalls that refuse requests for the fields that haul adds.

use haul_tests::origin::{Fault, Origin, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, content, names, origin, request};
use haul_tests::subject::Subject;
use tempfile::{TempDir, tempdir};

/// The first connection breaks after 3 MiB, and range requests get `status`.
fn refusing(status: u16) -> Vec<(When, Fault)> {
    vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::ranged(), Fault::status(status))]
}

over_every_subject!(a_refusal_of_range_requests_is_no_refusal_of_the_file, |subject| {
    for status in [400, 403, 404, 405, 412, 501] {
        for connections in [1, 4] {
            let (origin, folder) = (origin(refusing(status)), tempdir().unwrap());
            let outcome = subject.get(&request(&origin, &folder).connections(connections));
            assert_eq!(outcome.expect_success().restarts, 0, "{status}");
            assert_only(&folder, &content());
        }
    }
});

/// A run that keeps 3 MiB, because every other request than the first is refused.
fn interrupted(subject: Subject, folder: &TempDir) -> Origin {
    let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::From(1), Fault::status(404))];
    let origin = origin(faults);
    subject.get(&request(&origin, folder).connections(1)).expect_failure("HTTP_E_STATUS");
    assert_eq!(names(folder.path()), ["file.haul", "file.part"]);
    origin
}

over_every_subject!(a_later_run_completes_a_file_whose_ranges_are_refused, |subject| {
    for status in [403, 500] {
        let folder = tempdir().unwrap();
        drop(interrupted(subject, &folder));
        let origin = origin(vec![(When::ranged(), Fault::status(status))]);
        let mut get = request(&origin, &folder).connections(1).retries(1);
        get.refresh = true;
        let outcome = subject.get(&get);
        assert_eq!((outcome.expect_success().restarts, outcome.resumed), (0, 3 * MIB), "{status}");
        assert_only(&folder, &content());
        assert!(origin.requests().last().is_some_and(|last| !last.is_ranged()));
    }
});

over_every_subject!(a_refusal_of_the_file_is_the_end_after_one_plain_request, |subject| {
    let folder = tempdir().unwrap();
    let origin = interrupted(subject, &folder);
    let ranged: Vec<_> = origin.requests().iter().map(haul_tests::origin::RecordedRequest::is_ranged).collect();
    assert_eq!(ranged, [false, true, false]);
});

over_every_subject!(an_origin_that_has_only_coded_content_serves_that, |subject| {
    let refuses = When::matching(|request| request.header("accept-encoding") == Some("identity"));
    let (origin, folder) = (origin(vec![(refuses, Fault::status(406))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder).connections(1)).expect_success();
    assert_only(&folder, &content());
});
