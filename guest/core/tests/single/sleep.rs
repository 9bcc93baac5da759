//! Time in which the engine does not run.

use core::time::Duration;

use haul_core::border::identity::AttemptId;
use haul_core::border::input::{End, Input};
use haul_core::download::{StartMode, State};
use haul_core::failure::{Cause, NetworkCause};
use haul_core::settings::transfer_options::TransferOptions;

use super::lone::Lone;
use super::{LOST, MIB, length_and_tag};

/// A download with this no-progress timeout in seconds, which fails at the first failure of its origin.
fn started(timeout: u64) -> Lone {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions {
        connections: Some(1),
        retries: Some(0),
        no_progress_timeout: Some(Duration::from_secs(timeout)),
        ..TransferOptions::default()
    });
    lone.start(StartMode::WholeFile);
    lone
}

/// The engine is to be called again within its deadline, and is called `seconds` later.
fn stop(lone: &mut Lone, seconds: u64) {
    let due = lone.engine.deadline(lone.now).unwrap();
    lone.now = due.max(lone.now) + Duration::from_secs(seconds);
    lone.handle(Input::Time);
}

fn body(lone: &mut Lone) -> AttemptId {
    let attempt = lone.respond(200, &length_and_tag(&(2 * MIB).to_string()));
    lone.flow(attempt, MIB);
    attempt
}

#[test]
fn a_stop_of_any_length_is_no_silence_of_the_origin() {
    for (timeout, seconds) in [(1, 1), (2, 3), (2, 3600), (60, 20), (60, 86_400)] {
        let mut lone = started(timeout);
        stop(&mut lone, seconds);
        stop(&mut lone, seconds);
        assert_eq!((lone.requests.len(), lone.status().error), (1, None), "{timeout} {seconds}");
        let attempt = body(&mut lone);
        stop(&mut lone, seconds);
        lone.flow(attempt, MIB);
        assert_eq!(lone.status().state, State::Transferred, "{timeout} {seconds}");
        assert_eq!(lone.engine.download(lone.download).unwrap().report().requests, 1);
    }
}

/// The origin gave up the connection, or a timer of the host fired.
#[test]
fn a_connection_that_breaks_after_a_stop_is_not_blamed_on_the_origin() {
    for end in [LOST, End::Failed(Cause::Network(NetworkCause::TimedOut))] {
        let mut lone = started(10);
        let attempt = body(&mut lone);
        stop(&mut lone, 30);
        lone.end(attempt, end);
        assert_eq!((lone.requests.len(), lone.status().error), (1, None));
        let attempt = lone.respond(206, &[("content-range", "bytes 1048576-2097151/2097152"), ("etag", "\"a\"")]);
        lone.flow(attempt, MIB);
        assert_eq!(lone.status().state, State::Transferred);
    }
}

#[test]
fn a_connection_that_breaks_while_the_machine_is_suspended_is_not_blamed_on_the_origin() {
    let mut lone = started(10);
    lone.engine.set_time_of_day(lone.now, 1_000_000_000);
    let attempt = body(&mut lone);
    lone.engine.set_time_of_day(lone.now, 100_000_000_000);
    lone.end(attempt, LOST);
    assert_eq!((lone.requests.len(), lone.status().error), (1, None));
    lone.requests.remove(0);
}

#[test]
fn silence_that_the_engine_witnesses_counts() {
    let mut lone = started(10);
    let before = lone.now;
    while lone.status().error.is_none() {
        lone.wait_for_deadline();
    }
    assert_eq!(lone.status().error, Some(Cause::Network(NetworkCause::TimedOut)));
    assert!(lone.now.since(before) <= Duration::from_secs(10));
}

#[test]
fn a_stop_while_a_retry_is_due_does_not_end_the_download() {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { no_progress_timeout: Some(Duration::from_secs(5)), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    lone.respond(503, &[]);
    stop(&mut lone, 3600);
    assert_eq!((lone.requests.len(), lone.status().error), (1, None));
}
