//! A download killed at random moments: the file ends byte-exact, and haul fetches again only the bytes after the last
//! checkpoint.

use std::fs;
use std::time::Duration;

use haul_tests::chaos::{self, Chaos};
use haul_tests::kills::{Torment, survive};
use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::process::wait_until;
use haul_tests::subject::{Get, Subject};
use tempfile::tempdir;

const MIB: u64 = 1 << 20;

/// Ten kills in quick succession.
const TORMENT: Torment =
    Torment { seed: 11, kills: 10, length: 96 * MIB, between: 8 * MIB, connections: 2, sync: false };

#[test]
fn the_command_survives_ten_kills() {
    assert_eq!(survive(Subject::Command, TORMENT), 10);
}

#[test]
fn the_stock_runtime_survives_ten_kills() {
    assert_eq!(survive(Subject::Stock, TORMENT), 10);
}

/// A kill costs only the bytes after the last checkpoint.
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

#[test]
fn a_queue_survives_whatever_is_done_to_it() {
    let disturbed = Duration::from_secs(8);
    let outcome = chaos::survive(Chaos { seed: 7, jobs: 6, files_of_a_job: 10, disturbed });
    assert!(outcome.calls > 0);
}
