//! One download, step by step: cases that the fuzzer and the simulator found.

mod evidence;
mod framing;
mod lone;

use haul_core::border::identity::AttemptId;
use haul_core::border::input::{Content, DiskDone, End, Input};
use haul_core::border::output::DiskOperation;
use haul_core::content::digest::{Algorithm, ExpectedDigest};
use haul_core::content::pieces::Pieces;
use haul_core::download::{Abilities, StartMode, State};
use haul_core::engine::{Engine, Settings};
use haul_core::failure::{Cause, DiskCause, NetworkCause};
use haul_core::layout::RequestedRange;
use haul_core::parse::decryption_info::DecryptionInfo;
use haul_core::parse::url::Url;
use haul_core::settings::property::{Property, PropertyId};
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::store::ledger::Reader;
use haul_core::transfer::Step;

use lone::Lone;

const LOST: End = End::Failed(Cause::Network(NetworkCause::ConnectionLost));

fn encrypted() -> Property {
    Property::DecryptionInfo(DecryptionInfo::new(vec![7; 16], 16).unwrap())
}

fn length_and_tag(length: &str) -> [(&str, &str); 2] {
    [("content-length", length), ("etag", "\"a\"")]
}

#[test]
fn an_aborted_download_has_no_error() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    lone.respond(404, &[]);
    assert_eq!(lone.status().error, Some(Cause::HttpStatus(404)));
    lone.engine.abort(lone.now, lone.download).unwrap();
    assert_eq!((lone.status().state, lone.status().error), (State::Aborted, None));
}

/// Responds to every request as an origin with 1 MiB and reads every body; returns the Range fields and the number of moved bytes.
fn fetch_ranges(lone: &mut Lone) -> (Vec<String>, u64) {
    let (mut asked, mut moved) = (Vec::new(), 0);
    while let Some((attempt, request)) = lone.requests.first().cloned() {
        let range = request.fields.iter().find(|(name, _)| name == "range").unwrap().1.clone();
        let content_range = format!("{}/1048576", range.replace('=', " "));
        lone.respond(206, &[("content-range", content_range.as_str()), ("etag", "\"a\"")]);
        asked.push(range);
        while let Step::Write { limit, .. } | Step::Skip { limit } = lone.engine.step(lone.now, attempt) {
            lone.handle(Input::Moved { attempt, bytes: limit });
            moved += limit;
        }
        lone.end(attempt, End::Complete);
    }
    (asked, moved)
}

/// The first request establishes the length of the file.
#[test]
fn a_thousand_small_ranges_take_few_requests() {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { connections: Some(1), ..TransferOptions::default() });
    let range = |number: u64| RequestedRange::Bounded { offset: number * 200, length: 100 };
    lone.start(StartMode::Ranges((0..1000).map(range).collect()));
    let (asked, moved) = fetch_ranges(&mut lone);
    assert_eq!(asked, ["bytes=0-99", "bytes=200-199899"]);
    assert_eq!((moved, lone.status().state), (100 + 199_700, State::Transferred));
    assert_eq!(lone.status().bytes_transferred, 100_000);
}

#[test]
fn ranges_that_lie_far_apart_or_backwards_have_their_own_requests() {
    let mut lone = Lone::file([]);
    let range = |offset, length| RequestedRange::Bounded { offset, length };
    lone.start(StartMode::Ranges(vec![range(500_000, 10), range(500_010, 10), range(100, 10), range(90, 10)]));
    let (asked, moved) = fetch_ranges(&mut lone);
    assert_eq!(asked, ["bytes=500000-500009", "bytes=500010-500019", "bytes=100-109", "bytes=90-99"]);
    assert_eq!((moved, lone.status().state), (40, State::Transferred));
}

fn at_most(bytes: u64) -> Lone {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { max_length: Some(bytes), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    lone
}

fn has_begun(lone: &Lone) -> bool {
    lone.asked.iter().any(|operation| matches!(operation, DiskOperation::Begin { .. }))
}

#[test]
fn a_file_that_is_declared_too_large_is_not_begun() {
    let mut lone = at_most(1999);
    lone.respond(200, &length_and_tag("2000"));
    assert_eq!((lone.status().error, has_begun(&lone)), (Some(Cause::FileTooLarge), false));
    let mut lone = at_most(2000);
    let attempt = lone.respond(200, &length_and_tag("2000"));
    lone.flow(attempt, 2000);
    assert_eq!(lone.status().state, State::Transferred);
}

#[test]
fn a_file_that_is_described_as_too_large_is_not_asked_for() {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { max_length: Some(10), length: Some(11), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::FileTooLarge), 0));
}

#[test]
fn a_file_of_unknown_length_is_taken_up_to_the_limit() {
    let mut lone = at_most(1000);
    let attempt = lone.respond(200, &[]);
    lone.flow(attempt, u64::MAX);
    assert_eq!(lone.engine.step(lone.now, attempt), Step::Skip { limit: 1 });
    lone.handle(Input::Moved { attempt, bytes: 1 });
    assert_eq!(lone.status().error, Some(Cause::FileTooLarge));
    assert!(!lone.partial, "nothing proves what a later run would fetch, so nothing is left");
    let mut lone = at_most(1000);
    let attempt = lone.respond(200, &[]);
    lone.flow(attempt, u64::MAX);
    lone.end(attempt, End::Complete);
    assert_eq!((lone.status().state, lone.status().bytes_transferred), (State::Transferred, 1000));
}

/// Bytes that an earlier run kept count too, and are not removed.
#[test]
fn a_file_that_was_begun_is_held_against_a_limit_that_is_given_later() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("2000"));
    lone.flow(attempt, 1000);
    lone.engine.pause(lone.now, lone.download).unwrap();
    lone.drain();
    lone.engine.forget(lone.download);
    lone.download = lone.engine.create("another".into(), "caller".into()).unwrap();
    lone.set(Property::Uri("http://origin/file".into()));
    lone.set(Property::LocalPath("file".into()));
    lone.options(TransferOptions { max_length: Some(1500), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::FileTooLarge), 0));
    assert!(lone.partial);
}

#[test]
fn a_start_is_taken_back_in_the_ledger_too() {
    let mut lone = Lone::file([Property::NonVolatile(true)]);
    lone.open_fails = Some(Cause::Disk(DiskCause::Denied));
    lone.start(StartMode::WholeFile);
    assert_eq!(lone.engine.take_back_start(lone.now, lone.download), Some(Cause::Disk(DiskCause::Denied)));
    lone.drain();
    lone.restart();
    assert_eq!(lone.status().state, State::Created);
}

/// Holds with and without a record of the journal, and of a URL, in the ledger.
#[test]
fn files_of_an_earlier_engine_go_with_their_download() {
    let id = Property::ContentId("content".into());
    let mut lone = Lone::new([id, Property::LocalPath("file".into()), Property::NonVolatile(true)]);
    lone.start(StartMode::WholeFile);
    lone.restart();
    lone.engine.abort(lone.now, lone.download).unwrap();
    lone.drain();
    assert_eq!(lone.asked, [DiskOperation::open("file".into()), DiskOperation::Discard]);
}

#[test]
fn what_was_removed_for_its_digest_is_not_missed() {
    let mut lone = Lone::file([]);
    let wrong = ExpectedDigest { algorithm: Algorithm::Sha256, value: vec![1; 32] };
    lone.options(TransferOptions { expected: vec![wrong], ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("2000"));
    lone.flow(attempt, 1000);
    while !lone.asked.iter().any(|operation| matches!(operation, DiskOperation::ReplaceJournal { .. })) {
        lone.wait_for_deadline();
    }
    lone.flow(attempt, 1000);
    assert_eq!(lone.status().error, Some(Cause::DigestMismatch(Algorithm::Sha256)));
    lone.start(StartMode::Resume);
    assert_eq!((lone.status().error, lone.requests.len()), (None, 1));
}

/// The files are removed if the origin has another version; until new files exist, none are expected.
#[test]
fn a_run_that_was_killed_is_not_expected_to_have_left_anything() {
    let mut lone = Lone::file([Property::NonVolatile(true)]);
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("2000"));
    lone.flow(attempt, 1000);
    lone.engine.pause(lone.now, lone.download).unwrap();
    lone.drain();
    lone.start(StartMode::Resume);
    lone.respond(416, &[("content-range", "bytes */500")]);
    assert_eq!(lone.asked.last(), Some(&DiskOperation::Discard));
    lone.restart();
    lone.start(StartMode::Resume);
    assert_eq!((lone.status().error, lone.requests.len()), (None, 1));
}

#[test]
fn a_decryption_that_fails_after_a_pause_is_not_heard_of() {
    let mut lone = Lone::file([encrypted()]);
    lone.held = |operation| matches!(operation, DiskOperation::Decrypt { .. });
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("3200"));
    lone.flow(attempt, 3200);
    let id = lone.waiting[0];
    lone.engine.pause(lone.now, lone.download).unwrap();
    lone.drain();
    let before = (lone.status(), lone.asked.len());
    lone.handle(Input::Disk { download: lone.download, id, done: DiskDone::Failed(Cause::Undecryptable) });
    assert_eq!((lone.status(), lone.asked.len()), before);
}

#[test]
fn a_content_that_cannot_be_encrypted_is_refused_by_every_source() {
    let mut lone = Lone::file([encrypted()]);
    let mirrors = vec![Url::parse("http://mirror/file").unwrap()];
    lone.options(TransferOptions { mirrors, ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    lone.respond(200, &length_and_tag("0"));
    lone.respond(200, &length_and_tag("0"));
    assert_eq!(lone.status().error, Some(Cause::EncryptionExpected));
}

#[test]
fn pieces_of_a_content_do_not_count_for_a_stream() {
    let mut lone = Lone::new([Property::ContentId("content".into())]);
    lone.engine.take_stream(lone.download).unwrap();
    lone.start(StartMode::WholeFile);
    let content = Content {
        urls: vec![Url::parse("http://origin/file").unwrap()],
        pieces: Pieces::new(Algorithm::Sha256, 1000, vec![vec![1; 32]; 2]),
        ..Content::default()
    };
    lone.handle(Input::Content { download: lone.download, id: lone.waiting[0], content: Some(content) });
    let attempt = lone.respond(200, &length_and_tag("2000"));
    lone.flow(attempt, 2000);
    assert_eq!(lone.status().state, State::Transferred);
}

#[test]
fn a_digest_that_is_stated_too_late_is_not_asked_of_a_stream() {
    let mut lone = Lone::new([Property::Uri("http://origin/file".into())]);
    lone.engine.take_stream(lone.download).unwrap();
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("2000"));
    lone.flow(attempt, 1000);
    lone.end(attempt, LOST);
    while lone.requests.is_empty() {
        lone.wait_for_deadline();
    }
    let stated = format!("sha-256=:{}=:", "A".repeat(43));
    let range = [("content-range", "bytes 1000-1999/2000"), ("etag", "\"a\""), ("repr-digest", &stated)];
    let attempt = lone.respond(206, &range);
    lone.flow(attempt, 1000);
    assert_eq!(lone.status().state, State::Transferred);
    assert!(!lone.asked.iter().any(|operation| matches!(operation, DiskOperation::Digest { .. })));
}

/// A body of one server of an origin continues when a request reaches that server again, no matter how often another server responded.
#[test]
fn a_body_of_another_server_does_not_end_the_use_of_ranges() {
    let mut lone = Lone::file([]);
    lone.options(TransferOptions { connections: Some(1), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    let answer = |lone: &mut Lone, tag: &str| lone.respond(200, &[("content-length", "9000"), ("etag", tag)]);
    let mut attempt = answer(&mut lone, "\"0\"");
    for restarts in 1..6 {
        lone.flow(attempt, 3000);
        lone.end(attempt, LOST);
        let other = format!("\"{restarts}\"");
        for _ in 0..3 {
            while lone.requests.is_empty() {
                lone.wait_for_deadline();
            }
            let (_, request) = &lone.requests[0];
            assert!(request.fields.contains(&("range".into(), "bytes=3000-8999".into())), "{request:?}");
            attempt = answer(&mut lone, &other);
        }
        assert_eq!(lone.engine.download(lone.download).unwrap().report().restarts, restarts);
    }
}

/// The length is unknown and nothing proves the version, so each body starts from the beginning.
#[test]
fn a_body_that_is_always_cut_off_is_no_content_that_changes() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    while lone.status().state != State::Paused || lone.status().error.is_none() {
        while lone.requests.is_empty() {
            lone.wait_for_deadline();
        }
        let attempt = lone.respond(200, &[]);
        lone.flow(attempt, 3000);
        lone.end(attempt, LOST);
    }
    assert_eq!(lone.status().error, Some(Cause::Network(NetworkCause::ConnectionLost)));
}

/// Two exchanges that started before the origin challenged.
#[test]
fn every_exchange_may_say_once_who_asks() {
    let mut lone = Lone::file([Property::HttpCustomAuthHeaders("x-who: me".into())]);
    lone.options(TransferOptions { connections: Some(3), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    lone.respond(200, &length_and_tag("100000000"));
    assert_eq!(lone.requests.len(), 2);
    lone.respond(401, &[]);
    lone.respond(401, &[]);
    let says = |fields: &[(String, String)]| fields.iter().any(|(name, _)| name == "x-who");
    assert!(lone.requests.len() == 2 && lone.requests.iter().all(|(_, request)| says(&request.fields)));
    lone.respond(401, &[]);
    assert_eq!(lone.requests.len(), 1, "who is refused in spite of it is refused");
}

/// A non-volatile download of 10 bytes, transferred.
fn transferred() -> Lone {
    let mut lone = Lone::file([Property::NonVolatile(true)]);
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("10"));
    lone.flow(attempt, 10);
    assert_eq!(lone.status().state, State::Transferred);
    lone
}

#[test]
fn a_file_that_got_its_name_before_its_engine_died_is_finalized_by_the_next_one() {
    let mut lone = transferred();
    lone.held = |operation| matches!(operation, DiskOperation::Publish(_));
    lone.engine.finalize(lone.now, lone.download).unwrap();
    lone.drain();
    (lone.partial, lone.target) = (false, Some(10));
    lone.restart();
    assert_eq!(lone.status().state, State::Finalized);
    assert!(lone.requests.is_empty());
    assert!(lone.engine.downloads_of("caller", None).is_err());
}

#[test]
fn a_file_that_did_not_get_its_name_waits_for_it_still() {
    let mut lone = transferred();
    lone.held = |operation| matches!(operation, DiskOperation::Publish(_));
    lone.engine.finalize(lone.now, lone.download).unwrap();
    lone.drain();
    lone.restart();
    assert_eq!(lone.status().state, State::Transferred);
    assert!(lone.requests.is_empty());
}

#[test]
fn an_engine_that_dies_while_it_looks_again_leaves_the_download_transferred() {
    let mut lone = transferred();
    lone.held = |operation| matches!(operation, DiskOperation::Open { .. });
    for _ in 0..2 {
        let held = lone.held;
        lone.restart();
        lone.held = held;
    }
    assert_eq!(lone.status().state, State::Transferred);
    assert!(lone.requests.is_empty());
}

#[test]
fn what_a_call_has_set_can_be_taken_back() {
    let mut lone = Lone::file([]);
    lone.set(Property::DisplayName("before".into()));
    lone.set(Property::DisplayName("after".into()));
    lone.engine.take_back_setting(lone.now, lone.download);
    let known = lone.engine.download(lone.download).unwrap();
    assert_eq!(known.property(PropertyId::DisplayName), Ok(Property::DisplayName("before".into())));
}

#[test]
fn a_caller_cannot_have_more_set_than_its_budget() {
    let mut lone = Lone::file([]);
    let headers = Property::HttpCustomHeaders(format!("X: {}", "a".repeat(16_000)));
    let mut made = 0;
    let refused = loop {
        let download = lone.engine.create("id".into(), "caller".into()).unwrap();
        match lone.engine.set_property(lone.now, download, headers.clone()) {
            Ok(()) => made += 1,
            Err(cause) => break (download, cause),
        }
    };
    assert_eq!(refused.1, Cause::TooManyDownloads);
    let unset = lone.engine.download(refused.0).unwrap().property(PropertyId::HttpCustomHeaders);
    assert_eq!(unset, Err(Cause::NotSet));
    assert!((900..1100).contains(&made), "{made}");
    let other = lone.engine.create("id".into(), "other".into()).unwrap();
    assert_eq!(lone.engine.set_property(lone.now, other, headers), Ok(()));
}

#[test]
fn what_only_another_driver_can_do_is_not_started_by_this_one() {
    let mut lone = Lone::file([Property::NetworkToken(true), Property::NonVolatile(true)]);
    lone.engine = Engine::new(
        Settings { abilities: Abilities { keeps_downloads: true, ..Abilities::default() }, ..Settings::default() },
        1,
        lone.now,
    );
    lone.engine.restore(lone.now, Reader::of(&lone.ledger));
    let download = lone.engine.downloads_of("caller", None).unwrap()[0];
    assert_eq!(lone.engine.start(lone.now, download, StartMode::WholeFile), Err(Cause::NotSupported));
}

const MIB: u64 = 1 << 20;

/// A download with a known digest, and a body of `mebibytes` MiB that has started.
fn verified(mebibytes: u64, pieces: Option<Pieces>) -> (Lone, AttemptId) {
    let mut lone = Lone::file([]);
    let expected =
        [Algorithm::Sha256, Algorithm::Blake3].map(|algorithm| ExpectedDigest { algorithm, value: vec![0; 32] });
    lone.options(TransferOptions {
        expected: expected.into(),
        pieces,
        connections: Some(1),
        ..TransferOptions::default()
    });
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag(&(mebibytes * MIB).to_string()));
    (lone, attempt)
}

fn flow(lone: &mut Lone, attempt: AttemptId, mebibytes: u64) {
    for _ in 0..mebibytes {
        lone.flow(attempt, MIB);
    }
}

#[test]
fn a_digest_can_be_begun_while_bytes_come() {
    let (mut lone, attempt) = verified(9, None);
    flow(&mut lone, attempt, 9);
    assert_eq!(lone.ahead.iter().map(|length| length / MIB).collect::<Vec<_>>(), [4, 8, 9, 0]);
}

#[test]
fn what_a_digest_was_begun_of_is_let_go_of_at_the_end_of_a_run() {
    let (mut lone, attempt) = verified(9, None);
    flow(&mut lone, attempt, 5);
    lone.engine.pause(lone.now, lone.download).unwrap();
    lone.drain();
    assert_eq!(lone.ahead, [4 * MIB, 0]);
    lone.start(StartMode::Resume);
    assert_eq!(lone.ahead, [4 * MIB, 0, 5 * MIB], "what was kept can be digested at once");
}

#[test]
fn small_files_are_digested_at_the_end() {
    let (mut lone, attempt) = verified(3, None);
    flow(&mut lone, attempt, 3);
    assert!(lone.asked.iter().any(|asked| matches!(asked, DiskOperation::Digest { .. })));
    assert!(lone.ahead.is_empty(), "{:?}", lone.ahead);
}

#[test]
fn nothing_is_begun_where_no_digest_is_due() {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("9000000"));
    flow(&mut lone, attempt, 9);
    assert!(lone.ahead.is_empty(), "{:?}", lone.ahead);
}

/// The digest covers the decrypted output.
#[test]
fn nothing_is_begun_of_a_file_that_is_to_be_decrypted() {
    let mut lone = Lone::file([encrypted()]);
    let expected = vec![ExpectedDigest { algorithm: Algorithm::Sha256, value: vec![0; 32] }];
    lone.options(TransferOptions { expected, ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag("9000000"));
    flow(&mut lone, attempt, 5);
    assert!(lone.ahead.is_empty(), "{:?}", lone.ahead);
}

#[test]
fn what_was_digested_of_a_bad_piece_is_taken_back() {
    let good = vec![0; 32];
    let pieces = Pieces::new(Algorithm::Sha256, 3 * MIB, vec![good.clone(), vec![1; 32], good]).unwrap();
    let (mut lone, attempt) = verified(9, Some(pieces));
    flow(&mut lone, attempt, 6);
    assert_eq!(lone.ahead, [4 * MIB, 3 * MIB]);
}
