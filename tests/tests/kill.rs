//! Killed at random moments, the file still ends byte-exact, and only what came after the last checkpoint is fetched again.

use std::fs;

use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::process::wait_until;
use haul_tests::subject::{Get, Subject};
use tempfile::tempdir;

const MIB: u64 = 1 << 20;

/// Kills that one transfer survives.
const KILLS: u64 = 10;

/// Kills the subject each time the origin has sent a random amount more, then lets it finish.
fn survives_kills(subject: Subject, seed: u64) {
    let content = Content::new(seed, 96 * MIB);
    let representation = Representation::new(content.clone()).strong_etag("v1");
    let resource = Resource::new(representation).fault(When::Every, Fault::CapRate(24 * MIB));
    let origin = Origin::start(Site::new().resource("/file", resource));
    let folder = tempdir().unwrap();
    let get = Get::new(origin.url("/file"), folder.path().join("file")).connections(2);
    let mut random = seed;
    for _ in 0..KILLS {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let until = origin.body_bytes_sent() + random % (8 * MIB);
        let mut child = subject.spawn(&get);
        let mut ended = false;
        wait_until("bytes or an end", || {
            ended = child.try_wait().unwrap().is_some();
            ended || origin.body_bytes_sent() >= until
        });
        if ended {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!folder.path().join("file").exists(), "named before it was whole");
    }
    subject.get(&get).expect_success();
    assert!(fs::read(folder.path().join("file")).unwrap() == content.bytes(0..content.length()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "leftovers");
}

#[test]
fn the_command_survives_ten_kills() {
    survives_kills(Subject::Command, 11);
}

#[test]
fn the_stock_runtime_survives_ten_kills() {
    survives_kills(Subject::Stock, 12);
}

/// A kill after a checkpoint costs no more than what came after it.
fn a_checkpoint_is_kept(subject: Subject) {
    let content = Content::new(13, 64 * MIB);
    let representation = Representation::new(content.clone()).strong_etag("v1");
    let held = Fault::hold_until_released(40 * MIB, "never");
    let resource = Resource::new(representation).fault(When::Nth(0), held);
    let origin = Origin::start(Site::new().resource("/file", resource));
    let folder = tempdir().unwrap();
    let get = Get::new(origin.url("/file"), folder.path().join("file")).connections(1);
    let mut child = subject.spawn(&get);
    let journal = folder.path().join("file.haul");
    wait_until("a checkpoint", || journal.exists());
    child.kill().unwrap();
    child.wait().unwrap();
    let outcome = subject.get(&get);
    assert_eq!(outcome.expect_success().resumed, 40 * MIB);
    assert!(fs::read(folder.path().join("file")).unwrap() == content.bytes(0..content.length()));
    assert!(origin.body_bytes_sent() < content.length() + MIB, "fetched twice");
}

#[test]
fn the_command_keeps_its_checkpoint() {
    a_checkpoint_is_kept(Subject::Command);
}

#[test]
fn the_stock_runtime_keeps_its_checkpoint() {
    a_checkpoint_is_kept(Subject::Stock);
}
