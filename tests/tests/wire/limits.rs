//! The limits of file size and run time, at both command lines; headers outside the arguments.

use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};

use haul_tests::origin::{Fault, Origin, When};
use haul_tests::scene::{MIB, assert_only, content, names, origin, request};
use haul_tests::subject::Subject;
use haul_tests::subject::processes::command;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

const BOTH: [Subject; 2] = [Subject::Command, Subject::Stock];

/// `get --json` of the file at `origin` into `folder`.
fn get(subject: Subject, origin: &Origin, folder: &TempDir, options: &[&str]) -> Output {
    command(subject, &request(origin, folder)).args(options).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The last line of JSON.
fn result(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.lines().last().unwrap_or_else(|| panic!("{}", said(output)))).unwrap()
}

/// The exit code; stock wasmtime has only 1 for failures.
fn code(subject: Subject, native: i32) -> Option<i32> {
    Some(if subject == Subject::Command { native } else { 1 })
}

#[test]
fn a_file_that_is_larger_than_allowed_leaves_nothing() {
    for subject in BOTH {
        for (faults, bytes) in
            [(vec![], 0), (vec![(When::Every, Fault::Chunked), (When::Every, Fault::DropValidators)], 5 * MIB)]
        {
            let (origin, folder) = (origin(faults), tempdir().unwrap());
            let output = get(subject, &origin, &folder, &["--max-filesize", "5M"]);
            let result = result(&output);
            assert_eq!(output.status.code(), code(subject, 3), "{}", said(&output));
            assert_eq!((&result["error"]["name"], &result["bytes"]), (&"ERROR_FILE_TOO_LARGE".into(), &bytes.into()));
            assert!(said(&output).contains("--max-filesize") && said(&output).lines().count() == 1);
            assert_eq!((names(folder.path()), origin.requests().len()), (Vec::<String>::new(), 1));
        }
    }
}

#[test]
fn a_file_that_is_as_large_as_allowed_is_fetched() {
    for subject in BOTH {
        for faults in [vec![], vec![(When::Every, Fault::Chunked)]] {
            let (origin, folder) = (origin(faults), tempdir().unwrap());
            let most = content().length().to_string();
            let output = get(subject, &origin, &folder, &["--max-filesize", &most]);
            assert!(output.status.success(), "{}", said(&output));
            assert_only(&folder, &content());
        }
    }
}

#[test]
fn a_run_that_is_out_of_time_keeps_what_it_has() {
    for subject in BOTH {
        let folder = tempdir().unwrap();
        let origin = origin(vec![(When::Nth(0), Fault::hold_until_released(3 * MIB, "never"))]);
        let output = get(subject, &origin, &folder, &["--max-time", "1", "-c", "1"]);
        let result = result(&output);
        assert_eq!(output.status.code(), code(subject, 124), "{}", said(&output));
        assert_eq!(said(&output), "haul: out of time; run the same command again to resume\n");
        assert_eq!((&result["error"]["message"], &result["bytes"]), (&"out of time".into(), &(3 * MIB).into()));
        assert_eq!(names(folder.path()), ["file.haul", "file.part"]);
        let output = get(subject, &origin, &folder, &["--max-time", "60"]);
        assert!(output.status.success(), "{}", said(&output));
        assert_only(&folder, &content());
    }
}

#[test]
fn a_run_that_is_out_of_time_before_an_answer_has_kept_nothing() {
    for subject in BOTH {
        let (origin, folder) = (origin(vec![(When::Every, Fault::NeverAnswer)]), tempdir().unwrap());
        let output = get(subject, &origin, &folder, &["--max-time", "0.2"]);
        assert_eq!(output.status.code(), code(subject, 124), "{}", said(&output));
        assert_eq!(said(&output), "haul: out of time; nothing could be kept, so the same command starts over\n");
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

/// Runs the command with this standard input.
fn with_input(subject: Subject, origin: &Origin, folder: &TempDir, options: &[&str], input: &str) -> Output {
    let mut command = command(subject, &request(origin, folder));
    command.args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn headers_come_from_files_and_from_standard_input() {
    for subject in BOTH {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        let file = folder.path().join("headers");
        fs::write(&file, "X-From-File: one\r\n\nX-Token: a:b\n").unwrap();
        let from_file = format!("@{}", file.display());
        let options = ["-H", &from_file, "-H", "X-Given: two", "--header", "@-"];
        let output = with_input(subject, &origin, &folder, &options, "Authorization: Bearer secret");
        assert!(output.status.success(), "{}", said(&output));
        let request = &origin.requests()[0];
        let fields = ["x-from-file", "x-token", "x-given", "authorization"].map(|name| request.header(name));
        assert_eq!(fields, [Some("one"), Some("a:b"), Some("two"), Some("Bearer secret")]);
    }
}

#[test]
fn a_line_that_is_no_header_is_told_by_its_number_alone() {
    for subject in BOTH {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        for (option, input, line) in [
            ("--header", "A: b\nBearer secret\n", 2),
            ("--auth-header", "Bearer secret: x", 1),
            ("--header", "A: b\n\nsecret\x1b", 3),
        ] {
            let output = with_input(subject, &origin, &folder, &[option, "@-"], input);
            assert_eq!(output.status.code(), code(subject, 2), "{}", said(&output));
            let told = said(&output);
            assert!(told.contains(&format!("{option} @-: line {line} is not 'Name: value'")), "{told}");
            assert!(!told.contains("secret") && told.lines().count() == 1, "{told}");
        }
        let twice = with_input(subject, &origin, &folder, &["-H", "@-", "--auth-header", "@-"], "A: b");
        assert!(
            said(&twice).contains("--header and --auth-header cannot both read standard input"),
            "{}",
            said(&twice)
        );
        let missing = get(subject, &origin, &folder, &["-H", "@missing"]);
        assert!(said(&missing).contains("missing cannot be read"), "{}", said(&missing));
        assert!(origin.requests().is_empty());
    }
}
