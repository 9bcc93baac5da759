//! Processes that are stopped while they download.

use std::process::{Command, Stdio};
use std::time::Duration;

use haul_tests::origin::{Fault, Origin, When};
use haul_tests::process::wait_until;
use haul_tests::scene::{MIB, assert_only, content, origin, request};
use haul_tests::subject::Subject;
use haul_tests::subject::processes::command;
use tempfile::tempdir;

/// Longer than the timeout of the runs. It is the fact under test, not a way to wait for another event.
const STOP: Duration = Duration::from_secs(8);

/// Stops a run with a timeout of 5 s and no retries once `reached` holds, and continues it after [`STOP`].
fn stop(subject: Subject, origin: &Origin, reached: impl Fn() -> bool) {
    let folder = tempdir().unwrap();
    let mut run = command(subject, &request(origin, &folder).connections(1).timeout(5.0).retries(0));
    let child = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let signal = |name: &str| Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    wait_until("the moment to stop", reached);
    assert!(signal("-STOP").success());
    std::thread::sleep(STOP);
    origin.release("stopped");
    assert!(signal("-CONT").success());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{subject:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert_only(&folder, &content());
}

#[test]
fn a_stop_in_the_middle_of_a_body_is_no_silence_of_the_origin() {
    for subject in [Subject::Command, Subject::Stock] {
        let origin = origin(vec![(When::Nth(0), Fault::hold_until_released(2 * MIB, "stopped"))]);
        stop(subject, &origin, || origin.body_bytes_sent() >= 2 * MIB);
    }
}

#[test]
fn a_stop_before_the_response_is_no_silence_of_the_origin() {
    for subject in [Subject::Command, Subject::Stock] {
        let origin = origin(vec![(When::Nth(0), Fault::hold_until_released(0, "stopped"))]);
        stop(subject, &origin, || !origin.requests().is_empty());
    }
}
