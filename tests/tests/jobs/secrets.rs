//! A marked secret in every place that takes user input: no output, no file name and no remaining file contains it.

mod misplaced;
mod used;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine as _};
use haul_tests::component;
use haul_tests::process::built;
use tempfile::TempDir;

/// The secret, unless it must be a number.
pub const MARK: &str = "qZ7marked9Xk";

/// The texts that must not appear: the mark, and its base64 form after any other text.
fn needles() -> Vec<String> {
    let encoded = (0..3).map(|before| {
        let text = BASE64_STANDARD_NO_PAD.encode(" ".repeat(before) + MARK);
        // The digits whose bits belong only to the mark.
        text[(before * 8).div_ceil(6)..(before + MARK.len()) * 8 / 6].to_owned()
    });
    encoded.chain([MARK.into()]).collect()
}

#[track_caller]
fn assert_unmarked(bytes: &[u8], what: &str) {
    for needle in needles() {
        let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
        assert!(!found, "{what}: {needle}: {}", String::from_utf8_lossy(bytes));
    }
}

/// Asserts that neither a name nor a file below `folder` contains the mark.
#[track_caller]
pub fn assert_files_unmarked(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        assert_unmarked(entry.file_name().as_encoded_bytes(), "a name");
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => assert_files_unmarked(&path),
            kind if kind.is_file() => assert_unmarked(&fs::read(&path).unwrap(), &path.display().to_string()),
            _ => {}
        }
    }
}

/// The output of a command, after the assertion that it does not contain the mark.
#[track_caller]
pub fn unmarked(mut command: Command) -> Output {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let words = format!("{:?}", command.get_args().collect::<Vec<_>>());
    assert_unmarked(&output.stdout, &words);
    assert_unmarked(&output.stderr, &words);
    output
}

/// A working directory, and a folder with documents that may contain the mark.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub work: &'a TempDir,
    pub documents: &'a TempDir,
}

impl Place<'_> {
    /// `haul` with these words.
    pub fn native(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("haul"));
        command.args(words).current_dir(self.work).env("XDG_STATE_HOME", self.work.path().join("state"));
        command
    }

    /// The same under stock wasmtime.
    pub fn stock(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("wasmtime"));
        command.args(["run", "-S", "http", "--dir", ".", "--dir"]).arg(self.documents.path());
        command.arg(component()).args(words).current_dir(self.work);
        command
    }

    /// Writes a document with this text; returns its path.
    pub fn document(&self, name: &str, text: &str) -> String {
        let path = self.documents.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }
}
