//! Two downloads to one file: neither finishes what the other wrote.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::process::{built, wait_until};
use haul_tests::subject::{Get, Subject};
use tempfile::tempdir;

const MIB: u64 = 1 << 20;

fn origin(content: &Content, faults: Vec<(When, Fault)>) -> Origin {
    let resource = Resource::new(Representation::new(content.clone()).strong_etag("v1"));
    let resource = faults.into_iter().fold(resource, |resource, (when, fault)| resource.fault(when, fault));
    Origin::start(Site::new().resource("/file", resource))
}

/// A process is at work; another takes over its target and finishes; then the first goes on.
fn the_later_process_wins(subject: Subject) {
    let (content, folder) = (Content::new(31, 6 * MIB), tempdir().unwrap());
    let origin = origin(&content, vec![(When::Nth(0), Fault::hold_until_released(2 * MIB, "go"))]);
    let path = folder.path().join("file");
    let get = Get::new(origin.url("/file"), &path).connections(1);
    let mut first = subject.spawn(&get);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent == 2 * MIB));
    wait_until("the first writes", || folder.path().join("file.part").exists());
    subject.get(&get).expect_success();
    origin.release("go");
    assert!(!first.wait().unwrap().success(), "it finished a file that was no longer its own");
    assert!(fs::read(&path).unwrap() == content.bytes(0..content.length()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "leftovers");
}

#[test]
fn the_later_command_wins() {
    the_later_process_wins(Subject::Command);
}

#[test]
fn under_the_stock_runtime_the_later_wins() {
    the_later_process_wins(Subject::Stock);
}

#[test]
fn one_command_refuses_a_name_that_it_is_at_work_on() {
    let (content, folder) = (Content::new(32, 6 * MIB), tempdir().unwrap());
    let origin = origin(&content, vec![(When::Every, Fault::CapRate(4 * MIB))]);
    let mut command = Command::new(built("haul"));
    command.args(["get", "-q", "-i", "-", "-d"]).arg(folder.path()).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let line = format!("{}\tfile\n", origin.url("/file"));
    child.stdin.take().unwrap().write_all(line.repeat(2).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("ERROR_SHARING_VIOLATION"), "{said}");
    assert!(fs::read(folder.path().join("file")).unwrap() == content.bytes(0..content.length()));
}
