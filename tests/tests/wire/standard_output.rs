//! `-o -`: standard output gets the bytes of the file and nothing else.

use std::fs::File;
use std::io::Read;
use std::process::{Child, Command, Output, Stdio};

use haul_tests::component;
use haul_tests::origin::{Content, Fault, Origin, When};
use haul_tests::process::built;
use haul_tests::scene::{MIB, checksum, content, names, origin, origin_of};
use tempfile::{TempDir, tempdir};

/// `haul get -o -` in a folder, and the same under stock wasmtime without access to a directory.
fn both(folder: &TempDir, arguments: &[&str]) -> [Command; 2] {
    let mut stock = Command::new(built("wasmtime"));
    stock.args(["run", "-S", "http"]).arg(component());
    [Command::new(built("haul")), stock].map(|mut command| {
        command.args(["get", "-o", "-"]).args(arguments).current_dir(folder).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    })
}

fn outputs(arguments: &[&str]) -> [Output; 2] {
    let folder = tempdir().unwrap();
    let outputs = both(&folder, arguments).map(|mut command| command.output().unwrap());
    assert_eq!(names(folder.path()), [""; 0]);
    outputs
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn whole(content: &Content) -> Vec<u8> {
    content.bytes(0..content.length())
}

#[test]
fn the_file_goes_there_and_progress_elsewhere() {
    let origin = origin(vec![(When::Nth(0), Fault::CutAfter(3 * MIB))]);
    for output in outputs(&[&origin.url("/file"), "--checksum", &checksum(&content())]) {
        assert!(output.status.success(), "{}", said(&output));
        assert!(output.stdout == whole(&content()));
        assert!(said(&output).starts_with("standard output: "), "{}", said(&output));
    }
    for output in outputs(&[&origin.url("/file"), "--quiet"]) {
        assert!(output.stdout == whole(&content()) && output.stderr.is_empty(), "{}", said(&output));
    }
}

#[test]
fn ranges_follow_each_other() {
    let origin = origin(vec![]);
    let expected = [content().bytes(900..1000), content().bytes(100..200)].concat();
    for output in outputs(&[&origin.url("/file"), "--range", "900-999", "--range", "100-199"]) {
        assert!(output.stdout == expected, "{}", said(&output));
    }
}

#[test]
fn a_digest_is_verified_although_the_bytes_are_out() {
    let origin = origin_of(&Content::new(9, content().length()), vec![]);
    let [native, stock] = outputs(&[&origin.url("/file"), "--checksum", &checksum(&content())]);
    assert_eq!((native.status.code(), stock.status.code()), (Some(4), Some(1)));
    for output in [native, stock] {
        assert_eq!(output.stdout.len() as u64, content().length());
        assert!(said(&output).contains("does not match the expected sha256"), "{}", said(&output));
    }
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let (origin, folder) = (long(), tempdir().unwrap());
    for mut command in both(&folder, &[&origin.url("/file")]) {
        let mut child = command.spawn().unwrap();
        read_a_little(&mut child);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), said(&output)), (Some(1), String::new()));
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

/// More bytes than the pipes and buffers between two processes hold.
fn long() -> Origin {
    origin_of(&Content::new(5, 64 * MIB), vec![])
}

/// Reads some bytes and closes the pipe.
fn read_a_little(child: &mut Child) {
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut [0; 100]).unwrap();
}

#[test]
fn a_device_that_is_full_is_named() {
    let (origin, folder) = (long(), tempdir().unwrap());
    for mut command in both(&folder, &[&origin.url("/file")]) {
        let output = command.stdout(File::create("/dev/full").unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("standard output: "), "{}", said(&output));
        assert_eq!(said(&output).lines().count(), 1, "{}", said(&output));
    }
}
