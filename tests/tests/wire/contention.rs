//! Two downloads to one file: haul refuses the second, and neither finishes the other's bytes.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};

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

/// While a process writes to a target, another is refused, and the first continues undisturbed.
fn the_second_is_refused(subject: Subject) {
    let (content, folder) = (Content::new(33, 12 * MIB), tempdir().unwrap());
    let origin = origin(&content, vec![(When::Every, Fault::CapRate(2 * MIB))]);
    let path = folder.path().join("file");
    let get = Get::new(origin.url("/file"), &path).connections(1);
    let mut first = subject.spawn(&get);
    wait_until("the first writes", || fs::metadata(folder.path().join("file.part")).is_ok_and(|part| part.len() > MIB));
    subject.get(&get).expect_failure("ERROR_SHARING_VIOLATION");
    assert!(first.wait().unwrap().success());
    assert!(fs::read(&path).unwrap() == content.bytes(0..content.length()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "leftovers");
}

#[test]
fn a_second_command_is_refused() {
    the_second_is_refused(Subject::Command);
}

#[test]
fn under_the_stock_runtime_a_second_is_refused() {
    the_second_is_refused(Subject::Stock);
}

/// Starts a process and waits until it has written 2 MiB; then its origin holds it.
fn holding(subject: Subject, content: &Content, get: impl FnOnce(&Origin) -> Get) -> (Origin, Get, Child) {
    let origin = origin(content, vec![(When::Nth(0), Fault::hold_until_released(2 * MIB, "go"))]);
    let get = get(&origin);
    let first = subject.spawn(&get);
    origin.wait_for(|requests| requests.iter().any(|request| request.body_sent == 2 * MIB));
    let part = get.path.with_extension("part");
    wait_until("the first has written", || fs::metadata(&part).is_ok_and(|part| part.len() == 2 * MIB));
    (origin, get, first)
}

#[test]
fn a_second_command_is_refused_while_the_first_waits() {
    let (content, folder) = (Content::new(31, 6 * MIB), tempdir().unwrap());
    let to_file = |origin: &Origin| Get::new(origin.url("/file"), folder.path().join("file")).connections(1);
    let (origin, get, mut first) = holding(Subject::Command, &content, to_file);
    Subject::Command.get(&get).expect_failure("ERROR_SHARING_VIOLATION");
    origin.release("go");
    assert!(first.wait().unwrap().success());
    assert!(fs::read(&get.path).unwrap() == content.bytes(0..content.length()));
}

/// Stock wasmtime has no file locks: a process that pauses loses its target, and does not finish the other's file.
#[test]
fn under_the_stock_runtime_a_silent_process_loses_to_a_later_one() {
    let (content, folder) = (Content::new(31, 6 * MIB), tempdir().unwrap());
    let to_file = |origin: &Origin| Get::new(origin.url("/file"), folder.path().join("file")).connections(1);
    let (origin, get, mut first) = holding(Subject::Stock, &content, to_file);
    Subject::Stock.get(&get).expect_success();
    origin.release("go");
    assert!(!first.wait().unwrap().success(), "it finished a file that was no longer its own");
    assert!(fs::read(&get.path).unwrap() == content.bytes(0..content.length()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "leftovers");
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
