//! The bounds of retries.

use core::time::Duration;

use haul_core::download::StartMode;
use haul_core::failure::{Cause, NetworkCause};
use haul_core::settings::transfer_options::TransferOptions;

use super::lone::Lone;
use super::{LOST, length_and_tag};

const BROKEN: Cause = Cause::Network(NetworkCause::ConnectionLost);

fn started(options: TransferOptions) -> Lone {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { connections: Some(1), ..options });
    lone.start(StartMode::WholeFile);
    lone
}

/// Serves `bytes` to each request and breaks the connection, at most `most` times. Returns the number of requests.
fn dole_out(lone: &mut Lone, bytes: u64, most: u64) -> u64 {
    let length = 1 << 20;
    for requests in 0..most {
        lone.wait_for_request();
        if lone.status().error.is_some() {
            return requests;
        }
        let start = requests * bytes;
        let range = format!("bytes {start}-{}/{length}", length - 1);
        let attempt = match requests {
            0 => lone.respond(200, &length_and_tag(&length.to_string())),
            _ => lone.respond(206, &[("content-range", &range), ("etag", "\"a\"")]),
        };
        lone.flow(attempt, bytes);
        lone.end(attempt, LOST);
    }
    most
}

#[test]
fn a_few_bytes_per_request_use_up_the_retries() {
    let mut lone = started(TransferOptions { retries: Some(10), ..TransferOptions::default() });
    assert_eq!(dole_out(&mut lone, 10, 100), 11);
    assert_eq!(lone.status().error, Some(BROKEN));
}

#[test]
fn a_few_bytes_per_request_are_no_progress() {
    let minute = Some(Duration::from_secs(60));
    let mut lone = started(TransferOptions { no_progress_timeout: minute, ..TransferOptions::default() });
    assert!(dole_out(&mut lone, 10, 100) < 100);
    assert_eq!(lone.status().error, Some(Cause::NoProgress));
}

#[test]
fn an_origin_that_delivers_a_packet_per_request_is_honest() {
    let mut lone = started(TransferOptions { retries: Some(3), ..TransferOptions::default() });
    assert_eq!(dole_out(&mut lone, 1220, 200), 200);
    assert_eq!(lone.status().error, None);
}

#[test]
fn a_slow_connection_is_progress_however_few_its_bytes() {
    let mut lone = started(TransferOptions { retries: Some(0), ..TransferOptions::default() });
    let attempt = lone.respond(200, &length_and_tag("1000"));
    for _ in 0..900 {
        let next = lone.now + Duration::from_secs(10);
        while lone.engine.deadline(lone.now).is_some_and(|at| at < next) {
            lone.wait_for_deadline();
        }
        lone.now = next;
        lone.flow(attempt, 1);
    }
    assert_eq!((lone.status().error, lone.status().bytes_transferred), (None, 900));
}

/// Answers every request with 503 and this Retry-After; returns the time until the download fails, in seconds.
fn refused_with(retry_after: &[(&str, &str)]) -> u64 {
    let mut lone = started(TransferOptions {
        retries: Some(8),
        no_progress_timeout: Some(Duration::from_secs(1000)),
        ..TransferOptions::default()
    });
    let before = lone.now;
    while lone.status().error.is_none() {
        lone.respond(503, retry_after);
        lone.wait_for_request();
    }
    assert_eq!(lone.status().error, Some(Cause::HttpStatus(503)));
    lone.now.since(before).as_secs()
}

#[test]
fn an_origin_that_asks_for_no_delay_does_not_shorten_the_schedule() {
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let past = ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT");
    for fields in [&[][..], &[("retry-after", "0")], &[date, past]] {
        let seconds = refused_with(fields);
        assert!((25..=52).contains(&seconds), "{fields:?}: {seconds} s");
    }
    assert_eq!(refused_with(&[("retry-after", "90")]), 8 * 90);
}
