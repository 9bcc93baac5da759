//! A queue that is used at a prompt, in its own folder.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{built, wait_until};

/// A folder with a queue in `state`, and the downloaded files beside it.
pub struct Prompt {
    pub folder: TempDir,
}

impl Default for Prompt {
    fn default() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }
}

impl Prompt {
    /// `haul jobs` with these words.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("haul"));
        command.arg("jobs").args(words).current_dir(&self.folder).stdin(Stdio::null());
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        command
    }

    /// The output of a command that ends by itself.
    pub fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program runs")
    }

    /// The standard output of a command that succeeds.
    ///
    /// # Panics
    ///
    /// If it fails.
    #[track_caller]
    pub fn said(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {told}");
        String::from_utf8(output.stdout).expect("the output is text")
    }

    /// The exit code and standard error of a command.
    pub fn refused(&self, words: &[&str]) -> (Option<i32>, String) {
        let output = self.output(words);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The objects that a command prints with `--json`.
    #[track_caller]
    pub fn objects(&self, words: &[&str]) -> Vec<Value> {
        let lines = self.said(&[words, &["--json"]].concat());
        lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }

    /// Starts `haul jobs run` with these options, and waits until it accepts connections.
    pub fn run(&self, options: &[&str]) -> Child {
        let mut command = self.command(&[&["run"], options].concat());
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
        wait_until("the queue is run", || self.socket().exists());
        child
    }

    pub fn socket(&self) -> PathBuf {
        self.path("state/haul/run.sock")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Interrupts a process and waits for its end.
///
/// # Panics
///
/// If the signal cannot be sent.
pub fn interrupt(mut child: Child) -> Option<i32> {
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(asked.expect("it can be asked").success());
    child.wait().expect("it ends").code()
}
