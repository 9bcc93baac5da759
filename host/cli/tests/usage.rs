//! What misuse gets: exit code 2 and a line that says what to write instead. Nothing is touched.

use std::process::{Command, Output};

fn haul(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haul")).args(arguments).current_dir(&folder).output().unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "misuse left something behind");
    output
}

fn check(arguments: &[&str], hint: &str) {
    let output = haul(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.contains(hint), "{arguments:?}: {said}");
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
}

#[test]
fn misuse_is_told_what_to_write() {
    check(&["get"], "URL");
    check(&["get", "example.com/x"], "absolute http or https URL");
    check(&["get", "-H", "Range: bytes=0-1", "http://127.0.0.1:1/"], "E_INVALIDARG");
    check(&["get", "--range", "0-5", "--range", "3-9", "http://127.0.0.1:1/"], "share bytes");
    check(&["get", "--range", "9-5", "http://h/"], "before the first");
    check(&["get", "--range", "x", "http://h/"], "FIRST-LAST");
    check(&["get", "-c", "0", "http://h/"], "0");
    check(&["get", "--checksum", "md5:00", "http://h/"], "32 hexadecimal digits");
    check(&["get", "--limit-rate", "fast", "http://h/"], "bytes per second");
    check(&["get", "-H", "no colon", "http://h/"], "Name: value");
    check(&["get", "-o", "x", "http://h/a", "http://h/b"], "--dir");
    check(&["get", "--checksum", "md5:d41d8cd98f00b204e9800998ecf8427e", "http://h/a", "http://h/b"], "one URL");
    check(&["get", "-i", "missing", "-d", "."], "cannot be read");
    check(&["fetch"], "fetch");
    check(&["errors", "--all"], "haul errors --help");
    check(&["errors", "0x80D02013", "0x80D02012"], "haul errors --help");
}

#[test]
fn help_and_version_are_no_misuse() {
    for arguments in [&["--help"][..], &["--version"], &["get", "--help"], &["errors", "--help"]] {
        let output = haul(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty());
    }
}
