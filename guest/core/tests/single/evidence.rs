//! Trust in local bytes: a partial file, its journal, and a file at the target.

use haul_core::border::output::{DigestSubject, DiskOperation};
use haul_core::content::digest::{Algorithm, ExpectedDigest};
use haul_core::download::{StartMode, State};
use haul_core::failure::Cause;
use haul_core::settings::property::Property;
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::store::key::Key;

use super::lone::Lone;
use super::{MIB, length_and_tag};

const OWN: Key = Key::lasting([1; 32]);
const OTHER: Key = Key::lasting([2; 32]);

fn from(url: &str) -> [Property; 2] {
    [Property::Uri(url.into()), Property::LocalPath("file".into())]
}

fn file() -> [Property; 2] {
    from("http://origin/file")
}

fn expecting_zeroes() -> TransferOptions {
    let expected = vec![ExpectedDigest { algorithm: Algorithm::Sha256, value: vec![0; 32] }];
    TransferOptions { expected, ..TransferOptions::default() }
}

/// A paused download with 2 of its 4 MiB kept.
fn paused() -> Lone {
    let mut lone = Lone::new([]);
    lone.again(OWN, file());
    lone.options(TransferOptions { connections: Some(1), ..TransferOptions::default() });
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &length_and_tag(&(4 * MIB).to_string()));
    lone.flow(attempt, MIB);
    lone.flow(attempt, MIB);
    lone.engine.pause(lone.now, lone.download).unwrap();
    lone.drain();
    lone
}

/// MiB that another engine with `key` resumes from.
fn resumed(lone: &mut Lone, key: Key, options: TransferOptions) -> u64 {
    lone.again(key, file());
    lone.options(options);
    lone.start(StartMode::WholeFile);
    lone.engine.download(lone.download).unwrap().report().resumed / MIB
}

#[test]
fn kept_bytes_are_resumed_by_the_engine_that_has_the_key() {
    assert_eq!(resumed(&mut paused(), OWN, TransferOptions::default()), 2);
}

#[test]
fn a_planted_journal_is_not_believed() {
    assert_eq!(resumed(&mut paused(), OTHER, TransferOptions::default()), 0);
}

#[test]
fn a_digest_proves_bytes_that_no_key_does() {
    let mut lone = paused();
    assert_eq!(resumed(&mut lone, OTHER, expecting_zeroes()), 2);
    let attempt = lone.respond(206, &[("content-range", "bytes 2097152-4194303/4194304"), ("etag", "\"a\"")]);
    lone.flow(attempt, MIB);
    lone.flow(attempt, MIB);
    assert_eq!(lone.status().state, State::Transferred);
    let verifies = |operation: &&DiskOperation| {
        matches!(operation, DiskOperation::Digest { subject: DigestSubject::Partial, range: None, .. })
    };
    assert_eq!(lone.asked.iter().filter(verifies).count(), 1);
}

#[test]
fn a_partial_file_that_another_user_can_write_to_is_not_resumed() {
    let mut lone = paused();
    lone.foreign = true;
    assert_eq!(resumed(&mut lone, OWN, expecting_zeroes()), 0);
}

#[test]
fn a_byte_that_rots_after_an_orderly_end_is_found() {
    let mut lone = paused();
    lone.crc = 1;
    assert_eq!(resumed(&mut lone, OWN, TransferOptions::default()), 0);
    assert_eq!(lone.status().bytes_transferred, 0);
}

#[test]
fn a_byte_that_rots_while_a_file_waits_for_its_name_is_found() {
    for rotten in [false, true] {
        let mut lone = Lone::file([Property::NonVolatile(true)]);
        lone.start(StartMode::WholeFile);
        let attempt = lone.respond(200, &length_and_tag("10"));
        lone.flow(attempt, 10);
        assert_eq!(lone.status().state, State::Transferred);
        lone.crc = rotten.into();
        lone.restart();
        let expected = if rotten { State::Transferring } else { State::Transferred };
        assert_eq!(lone.status().state, expected, "rotten: {rotten}");
    }
}

/// A renamed file of 10 bytes from `http://origin/file` with this validator.
fn published(validator: (&str, &str)) -> Lone {
    let mut lone = Lone::new([]);
    lone.again(OWN, file());
    lone.start(StartMode::WholeFile);
    let attempt = lone.respond(200, &[("content-length", "10"), validator]);
    lone.flow(attempt, 10);
    lone.engine.finalize(lone.now, lone.download).unwrap();
    lone.drain();
    assert_eq!((lone.status().state, lone.target), (State::Finalized, Some(10)));
    lone
}

const STRONG: (&str, &str) = ("etag", "\"a\"");
const WEAK: (&str, &str) = ("etag", "W/\"a\"");

/// The result of another run for the file at the target, if the origin responds with 10 bytes and this validator.
fn found(lone: &mut Lone, url: &str, validator: (&str, &str)) -> Result<(), Cause> {
    lone.again(OWN, from(url));
    lone.start(StartMode::WholeFile);
    if !lone.requests.is_empty() {
        lone.respond(200, &[("content-length", "10"), validator]);
    }
    lone.status().error.map_or(Ok(()), Err)
}

#[test]
fn a_file_is_complete_already_if_its_record_names_the_url_and_the_version() {
    for validator in [STRONG, WEAK] {
        let mut lone = published(validator);
        assert_eq!(found(&mut lone, "http://origin/file", validator), Ok(()));
        assert_eq!(lone.status().state, State::Transferred);
    }
}

#[test]
fn another_version_of_a_file_is_another_file() {
    for (recorded, served) in [(STRONG, ("etag", "\"b\"")), (WEAK, STRONG), (STRONG, ("x", "y"))] {
        let differs = Err(Cause::TargetDiffers);
        assert_eq!(found(&mut published(recorded), "http://origin/file", served), differs, "{recorded:?} {served:?}");
    }
}

#[test]
fn the_same_validator_at_another_url_is_another_file() {
    for url in ["http://elsewhere/file", "http://origin/other"] {
        let mut lone = published(STRONG);
        assert_eq!(found(&mut lone, url, STRONG), Err(Cause::TargetDiffers), "{url}");
        assert!(lone.requests.is_empty());
    }
}

#[test]
fn a_file_without_a_record_is_not_told_apart_and_nothing_is_asked() {
    let mut lone = published(STRONG);
    lone.record = None;
    lone.again(OWN, file());
    lone.start(StartMode::WholeFile);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::TargetUnproven), 0));
}

#[test]
fn a_record_that_another_key_made_names_no_url() {
    let mut lone = published(STRONG);
    lone.again(OTHER, file());
    lone.start(StartMode::WholeFile);
    assert_eq!((lone.status().error, lone.requests.len()), (Some(Cause::TargetDiffers), 0));
}

#[test]
fn a_digest_proves_a_file_without_a_record() {
    let mut lone = published(STRONG);
    lone.record = None;
    lone.again(OWN, file());
    lone.options(expecting_zeroes());
    lone.start(StartMode::WholeFile);
    assert_eq!((lone.status().state, lone.requests.len()), (State::Transferred, 0));
}
