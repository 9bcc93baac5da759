//! A database with a queue, and workers at a prompt.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use haul_lab::origin::Content;
use haul_lab::postgres::Postgres;
use haul_lab::process::{built, wait_until};
use haul_tests::scene::checksum;
use serde_json::Value;
use tempfile::TempDir;

/// A queue `q`, and a folder for the files and states of workers.
pub struct Fleet {
    pub database: Postgres,
    pub folder: TempDir,
}

impl Fleet {
    /// A queue of this kind, with the shortest leases, so that a takeover takes seconds.
    #[track_caller]
    pub fn new(kind: &str) -> Self {
        let fleet = Self::without_queue();
        fleet.said(&["init", "--kind", kind, "--lease", "2"]);
        fleet
    }

    pub fn without_queue() -> Self {
        Self { database: Postgres::start(), folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// `haul fleet` with these words.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("haul"));
        command.arg("fleet").args(words).current_dir(&self.folder).stdin(Stdio::null());
        command.env("HAUL_QUEUE", self.database.url("q"));
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        command
    }

    pub fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the program runs")
    }

    /// The standard output of a command that succeeds.
    #[track_caller]
    pub fn said(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {told}");
        String::from_utf8(output.stdout).expect("the output is text").trim().to_owned()
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

    /// Adds a job of one file, and returns its id.
    #[track_caller]
    pub fn add(&self, url: &str, name: &str, content: &Content, options: &[&str]) -> String {
        let digest = checksum(content);
        self.said(&[&["add", "--checksum", &digest, "-o", name], options, &[url]].concat())
    }

    /// The words that start a worker with a state directory of its own, and files in `files`.
    pub fn worker(&self, name: &str, options: &[&str]) -> Worker {
        let state = self.folder.path().join("state").join(name);
        let log = self.folder.path().join(format!("{name}.log"));
        let files = self.folder.path().join("files");
        fs::create_dir_all(&files).expect("a directory for the files");
        let mut command = self.command(&["work", "--machine", name, "--json", "--state-dir"]);
        command.arg(state);
        if !options.contains(&"--dir") {
            command.arg("--dir").arg(files);
        }
        command.args(options);
        let open = || fs::File::options().create(true).append(true).open(&log).expect("a log");
        command.stdout(open()).stderr(open());
        let process = Some(command.spawn().expect("the program runs"));
        Worker { command, process, log }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("files").join(name)
    }

    /// The number of tasks in this state.
    #[track_caller]
    pub fn count(&self, state: &str) -> u32 {
        self.database.sql(&format!("SELECT count(*) FROM haul.task WHERE state = '{state}'")).parse().expect("a number")
    }

    /// Waits until this many tasks are in this state.
    #[track_caller]
    pub fn wait_for(&self, state: &str, count: u32) {
        wait_until(&format!("{count} tasks are {state}"), || self.count(state) == count);
    }
}

/// A worker, which is killed when this is dropped.
pub struct Worker {
    command: Command,
    process: Option<Child>,
    log: PathBuf,
}

impl Worker {
    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let id = self.process.as_ref().expect("the worker runs").id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
    }

    /// Kills it, and waits for its end.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            process.wait().expect("the worker ends");
        }
    }

    /// Starts it again, with the same state.
    pub fn restart(&mut self) {
        self.kill();
        self.process = Some(self.command.spawn().expect("the program runs"));
    }

    /// Interrupts it; its exit code.
    pub fn interrupt(&mut self) -> Option<i32> {
        self.signal("-INT");
        self.exit_code()
    }

    /// Waits for its end.
    pub fn exit_code(&mut self) -> Option<i32> {
        self.process.take().expect("the worker runs").wait().expect("the worker ends").code()
    }

    /// All it has printed.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits for a line with this text.
    pub fn wait_for(&self, text: &str) {
        wait_until(&format!("the worker says {text}"), || self.log().contains(text));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("{}:\n{}", self.log.display(), self.log());
        }
    }
}
