//! Bodies that violate their framing.

use haul_core::border::input::{End, Input};
use haul_core::download::{StartMode, State};
use haul_core::failure::{Cause, NetworkCause};
use haul_core::transfer::Step;

use crate::lone::Lone;

const BROKEN: Cause = Cause::Network(NetworkCause::FramingBroken);
const LOST: Cause = Cause::Network(NetworkCause::ConnectionLost);

fn full_answer(lone: &mut Lone) -> haul_core::border::identity::AttemptId {
    let attempt = lone.respond(200, &[("content-length", "1000")]);
    lone.flow_without_end(attempt, 1000);
    attempt
}

#[test]
fn a_body_is_a_file_once_it_has_ended() {
    for end in [End::Complete, End::Failed(LOST)] {
        let mut lone = Lone::file([]);
        lone.start(StartMode::WholeFile);
        let attempt = full_answer(&mut lone);
        assert_eq!(lone.status().state, State::Transferring);
        assert_eq!(lone.engine.step(lone.now, attempt), Step::Drain);
        lone.end(attempt, end);
        assert_eq!(lone.status().state, State::Transferred, "{end:?}");
    }
}

/// An HTTP/2 server may leave a stream open.
#[test]
fn an_end_that_does_not_come_is_not_waited_for() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    full_answer(&mut lone);
    let before = lone.now;
    while lone.status().state == State::Transferring {
        lone.wait_for_deadline();
    }
    assert_eq!(lone.status().state, State::Transferred);
    assert!(lone.now.since(before).as_secs() <= 2);
}

#[test]
fn a_body_that_goes_on_is_not_used() {
    for end in [End::TooLong, End::Failed(BROKEN)] {
        let mut lone = Lone::file([]);
        lone.start(StartMode::WholeFile);
        for violations in 1.. {
            let attempt = full_answer(&mut lone);
            lone.end(attempt, end);
            if lone.status().error.is_some() {
                assert_eq!(violations, 3, "{end:?}");
                break;
            }
            assert_eq!(lone.status().bytes_transferred, 0, "its bytes are dropped");
            lone.wait_for_deadline();
        }
        let status = lone.status();
        assert_eq!((status.state, status.error, status.bytes_transferred), (State::Paused, Some(BROKEN), 0));
    }
}

#[test]
fn one_violation_is_forgiven() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    let attempt = full_answer(&mut lone);
    lone.end(attempt, End::TooLong);
    lone.wait_for_deadline();
    let attempt = full_answer(&mut lone);
    lone.handle(Input::Ended { attempt, end: End::Complete });
    assert_eq!(lone.status().state, State::Transferred);
}

/// A chunked body with `Content-Length: 0`, under a runtime that only reports the length.
#[test]
fn an_empty_file_has_no_bytes_behind_it() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &[("content-length", "0")]);
    assert_eq!(lone.engine.step(lone.now, attempt), Step::Drain);
    lone.end(attempt, End::TooLong);
    assert_eq!(lone.status().error, Some(BROKEN));
}
