//! The verdict on each class of status.

use haul_tests::origin::{Fault, Origin, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, content, names, origin, request, version};
use tempfile::tempdir;

/// An answer with this status, these fields and the content.
fn answer(status: u16, headers: &[(&str, &str)]) -> Fault {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Fault::Status { status, headers, body: content().bytes(0..content().length()) }
}

over_every_subject!(a_success_that_carries_the_content_is_the_file, |subject| {
    for status in [201, 203, 207, 208, 250, 299] {
        for headers in [&[][..], &[("Location", "/elsewhere")]] {
            let (origin, folder) = (origin(vec![(When::Every, answer(status, headers))]), tempdir().unwrap());
            let outcome = subject.get(&request(&origin, &folder).connections(1));
            assert_eq!(outcome.expect_success().requests, 1, "{status}");
            assert_only(&folder, &content());
        }
    }
});

over_every_subject!(a_success_without_the_file_is_final, |subject| {
    for status in [204, 205, 226] {
        let (origin, folder) = (origin(vec![(When::Every, Fault::status(status))]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder));
        assert_eq!(outcome.expect_failure("DO_E_UNEXPECTED_HTTP_STATUS_2XX").requests, 1, "{status}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

over_every_subject!(a_file_that_is_not_ready_is_asked_for_again, |subject| {
    let (origin, folder) = (origin(vec![(When::First(2), Fault::status(202))]), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().requests, 3);
    assert_only(&folder, &content());
});

over_every_subject!(an_unrequested_part_that_is_the_whole_file_is_the_file, |subject| {
    let last = content().length() - 1;
    let whole = format!("bytes 0-{last}/{}", content().length());
    let (origin, folder) =
        (origin(vec![(When::unranged(), answer(206, &[("Content-Range", &whole)]))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    assert_only(&folder, &content());
    let part = format!("bytes 0-{last}/{}", content().length() + 1);
    let answers = vec![(When::unranged(), answer(206, &[("Content-Range", &part)]))];
    let (origin, folder) = (self::origin(answers), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).retries(1));
    outcome.expect_failure("ERROR_HTTP_INVALID_SERVER_RESPONSE");
    assert_eq!(names(folder.path()), [""; 0]);
});

/// An origin that answers `/file` with this status and perhaps a Location, and serves the content there.
fn redirecting(status: u16, location: Option<&str>) -> Origin {
    let headers = location.map(|location| ("Location".to_owned(), location.to_owned())).into_iter().collect();
    let fault = Fault::Status { status, headers, body: Vec::new() };
    let resource = Resource::new(version(&content(), "v1")).fault(When::Every, fault);
    Origin::start(Site::new().resource("/file", resource).resource("/elsewhere", version(&content(), "v1")))
}

over_every_subject!(a_redirection_is_followed_if_it_leads_to_the_file, |subject| {
    for status in [300, 301, 302, 303, 307, 308, 310, 399] {
        let (origin, folder) = (redirecting(status, Some("/elsewhere")), tempdir().unwrap());
        subject.get(&request(&origin, &folder)).expect_success();
        assert_only(&folder, &content());
    }
    for (status, location, name) in [
        (300, None, "HTTP_E_STATUS"),
        (310, None, "HTTP_E_STATUS"),
        (304, Some("/elsewhere"), "HTTP_E_STATUS"),
        (305, Some("/elsewhere"), "HTTP_E_STATUS"),
        (306, Some("/elsewhere"), "HTTP_E_STATUS"),
        (302, None, "ERROR_INTERNET_REDIRECT_FAILED"),
    ] {
        let (origin, folder) = (redirecting(status, location), tempdir().unwrap());
        assert_eq!(subject.get(&request(&origin, &folder)).expect_failure(name).requests, 1, "{status}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

over_every_subject!(a_final_refusal_is_not_asked_again_and_an_error_of_the_server_is, |subject| {
    for status in [400, 402, 405, 418, 451, 499, 501, 505, 508] {
        let (origin, folder) = (origin(vec![(When::Every, Fault::status(status))]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder));
        assert_eq!(outcome.expect_failure("HTTP_E_STATUS").requests, 1, "{status}");
    }
    for status in [408, 425, 507, 509, 520, 599, 600, 999] {
        let (origin, folder) = (origin(vec![(When::First(2), Fault::status(status))]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(1));
        assert_eq!(outcome.expect_success().requests, 3, "{status}");
        assert_only(&folder, &content());
    }
});

over_every_subject!(an_origin_that_always_wants_no_delay_is_asked_more_and_more_rarely, |subject| {
    let (origin, folder) = (origin(vec![(When::First(5), Fault::retry_after(503, "0"))]), tempdir().unwrap());
    let started = std::time::Instant::now();
    subject.get(&request(&origin, &folder)).expect_success();
    // Half of 0.2, 0.4, 0.8, 1.6 and 3.2 s at least.
    assert!(started.elapsed().as_secs_f64() > 3.0, "{:?}", started.elapsed());
    assert_only(&folder, &content());
});

over_every_subject!(a_few_bytes_for_each_request_are_not_worth_it, |subject| {
    let (origin, folder) = (origin(vec![(When::Every, Fault::CutAfter(10))]), tempdir().unwrap());
    let outcome = subject.get(&request(&origin, &folder).connections(1).retries(3));
    outcome.expect_failure("ERROR_INTERNET_CONNECTION_ABORTED");
    assert_eq!(origin.requests().len(), 4);
    let (origin, folder) = (self::origin(vec![(When::First(9), Fault::CutAfter(MIB / 2))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder).connections(1).retries(3)).expect_success();
    assert_only(&folder, &content());
});
