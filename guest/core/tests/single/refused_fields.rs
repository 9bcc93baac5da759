//! Refusals of fields that the engine adds to a request.

use haul_core::border::input::{End, Input};
use haul_core::border::output::Request;
use haul_core::download::{StartMode, State};
use haul_core::failure::{AuthSchemes, Cause};
use haul_core::layout::RequestedRange;
use haul_core::parse::url::Url;
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::transfer::Step;

use super::evidence::{OWN, paused, resume};
use super::lone::Lone;
use super::{LOST, MIB, length_and_tag};

fn has(request: &Request, name: &str) -> bool {
    request.fields.iter().any(|(known, _)| known == name)
}

/// A run that resumes from 2 of 4 MiB, and fails for good after `retries` failures.
fn resuming(retries: u32) -> Lone {
    let mut lone = paused();
    let options = TransferOptions { connections: Some(1), retries: Some(retries), ..TransferOptions::default() };
    resume(&mut lone, OWN, options);
    lone
}

/// Serves a plain request: the kept bytes are skipped, the others written.
fn serve_whole(lone: &mut Lone) {
    let attempt = lone.respond(200, &length_and_tag(&(4 * MIB).to_string()));
    let mut skipped = 0;
    while let Step::Skip { limit } = lone.engine.step(lone.now, attempt) {
        skipped += limit;
        lone.handle(Input::Moved { attempt, bytes: limit });
    }
    assert_eq!(skipped, 2 * MIB);
    lone.flow(attempt, MIB);
    lone.flow(attempt, MIB);
    assert_eq!(lone.status().state, State::Transferred);
    assert_eq!(lone.engine.download(lone.download).unwrap().report().restarts, 0);
}

#[test]
fn a_refusal_of_a_range_is_no_refusal_of_the_file() {
    for status in [300, 400, 403, 404, 405, 409, 412, 451, 501, 505] {
        let mut lone = resuming(0);
        assert!(has(&lone.requests[0].1, "range") && has(&lone.requests[0].1, "if-range"));
        lone.respond(status, &[]);
        let plain = &lone.requests[0].1;
        assert!(!has(plain, "range") && !has(plain, "if-range"), "{status}: {plain:?}");
        serve_whole(&mut lone);
    }
}

#[test]
fn an_error_that_only_ranges_meet_ends_with_a_plain_request_too() {
    for status in [429, 500, 503, 520] {
        let mut lone = resuming(2);
        for _ in 0..3 {
            lone.wait_for_request();
            assert!(has(&lone.requests[0].1, "range"));
            lone.respond(status, &[]);
        }
        lone.wait_for_request();
        assert!(!has(&lone.requests[0].1, "range"), "{status}");
        serve_whole(&mut lone);
    }
}

#[test]
fn one_plain_request_is_sent_and_its_refusal_counts() {
    for (status, plain) in [(403, 404), (403, 403), (500, 500)] {
        let mut lone = resuming(0);
        lone.respond(status, &[]);
        lone.wait_for_request();
        lone.respond(plain, &[]);
        assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::HttpStatus(plain)), 0));
        assert!(lone.status().is_kept);
    }
}

/// Credentials are missing, whatever the fields are.
#[test]
fn a_demand_for_credentials_is_not_asked_again() {
    let mut lone = resuming(0);
    lone.respond(401, &[("www-authenticate", "Basic realm=x")]);
    let error = Cause::Unauthorized(AuthSchemes::BASIC);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(error), 0));
}

#[test]
fn a_refusal_of_the_callers_own_range_counts() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::Ranges(vec![RequestedRange::Bounded { offset: 5, length: 5 }]));
    lone.respond(403, &[]);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::HttpStatus(403)), 0));
}

/// The first connection ends after its half of the file, and every range is refused.
#[test]
fn a_file_is_completed_without_ranges_if_its_first_connection_ends_early() {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { connections: Some(1), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag(&(4 * MIB).to_string()));
    lone.flow(attempt, MIB);
    lone.flow(attempt, MIB);
    lone.end(attempt, LOST);
    lone.wait_for_request();
    assert!(has(&lone.requests[0].1, "range"));
    lone.respond(403, &[]);
    serve_whole(&mut lone);
}

/// A source that refuses ranges is left while another one serves them, and asked again before the run fails.
#[test]
fn a_source_that_refuses_ranges_is_the_last_resort() {
    let mut lone = paused();
    let mirrors = vec![Url::parse("http://mirror/file").unwrap()];
    resume(&mut lone, OWN, TransferOptions { mirrors, retries: Some(0), ..TransferOptions::default() });
    lone.respond(403, &[]);
    assert_eq!(lone.requests[0].1.authority, "mirror");
    let (attempt, _) = lone.requests.remove(0);
    lone.end(attempt, LOST);
    lone.wait_for_request();
    assert_eq!(lone.requests[0].1.authority, "origin");
    serve_whole(&mut lone);
}

#[test]
fn an_origin_without_an_uncoded_representation_is_asked_for_any() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    assert!(has(&lone.requests[0].1, "accept-encoding"));
    lone.respond(406, &[]);
    assert!(!has(&lone.requests[0].1, "accept-encoding"));
    let attempt = lone.respond(200, &length_and_tag("10"));
    lone.flow(attempt, 10);
    assert_eq!(lone.status().state, State::Transferred);
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    lone.respond(406, &[]);
    lone.respond(406, &[]);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::HttpStatus(406)), 0));
}

#[test]
fn an_unrequested_part_that_is_the_whole_file_is_the_file() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(206, &[("content-range", "bytes 0-9/10"), ("content-length", "10")]);
    lone.flow_without_end(attempt, 10);
    lone.end(attempt, End::Complete);
    assert_eq!((lone.status().state, lone.status().bytes_transferred), (State::Transferred, 10));
}
