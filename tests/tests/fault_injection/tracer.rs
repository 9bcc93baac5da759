//! Runs a program under `strace`, which counts its system calls on some paths and makes one of them fail.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The time limit of a run in seconds. A run takes less than one, and about five on a busy machine.
const LIMIT: &str = "60";

/// For each system call, the highest count of any one thread: `strace` counts the calls of each thread separately.
pub type Counts = BTreeMap<String, usize>;

/// A system call that fails.
#[derive(Clone, Debug)]
pub struct Fault {
    pub call: String,
    pub error: &'static str,
    /// The number of the first failing call, counted from 1.
    pub first: usize,
    /// All later calls fail too.
    pub lasting: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lasting = if self.lasting { "+" } else { "" };
        write!(f, "{}:error={}:when={}{lasting}", self.call, self.error, self.first)
    }
}

pub struct Tracer {
    paths: Vec<PathBuf>,
    folder: TempDir,
}

impl Tracer {
    /// Traces only system calls on these files and directories.
    pub fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Runs `command` to its end and counts its calls.
    pub fn count(&self, command: &Command) -> (Output, Counts) {
        let output = self.run(command, None);
        let trace = fs::read_to_string(self.trace()).expect("a trace");
        (output, counts(&trace))
    }

    /// Runs `command` to its end; also returns whether the failing call occurred.
    pub fn inject(&self, command: &Command, fault: &Fault) -> (Output, bool) {
        let output = self.run(command, Some(fault));
        let trace = fs::read_to_string(self.trace()).expect("a trace");
        (output, trace.contains("(INJECTED)"))
    }

    fn trace(&self) -> PathBuf {
        self.folder.path().join("trace")
    }

    /// # Panics
    ///
    /// If `strace` is missing or not permitted, or if the program hangs.
    fn run(&self, command: &Command, fault: Option<&Fault>) -> Output {
        let mut traced = Command::new("timeout");
        traced.args(["--signal=KILL", LIMIT, "strace", "-f", "-qq", "-o"]).arg(self.trace());
        for path in &self.paths {
            traced.arg("-P").arg(path);
        }
        if let Some(fault) = fault {
            traced.arg("-e").arg(format!("inject={fault}"));
        }
        traced.arg("--").arg(command.get_program()).args(command.get_args());
        traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = command.get_current_dir() {
            traced.current_dir(folder);
        }
        let output = traced.stdin(Stdio::null()).output().expect("`timeout` is installed");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("strace:"), "make setup installs strace, which must be allowed to trace: {told}");
        assert!(output.status.code().is_some_and(|code| code < 124), "{command:?} hangs or is killed: {told}");
        output
    }
}

fn counts(trace: &str) -> Counts {
    let mut of_threads: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in trace.lines() {
        let mut words = line.split_whitespace();
        let (Some(thread), Some((call, _))) = (words.next(), words.next().and_then(|word| word.split_once('('))) else {
            continue;
        };
        *of_threads.entry((thread, call)).or_default() += 1;
    }
    let mut counts = Counts::new();
    for ((_, call), count) in of_threads {
        let most = counts.entry(call.to_owned()).or_default();
        *most = count.max(*most);
    }
    counts
}

/// The folder itself, and `names` in it.
pub fn paths(folder: &Path, names: &[&str]) -> Vec<PathBuf> {
    let inside = names.iter().map(|name| folder.join(name));
    std::iter::once(folder.to_owned()).chain(inside).collect()
}

#[test]
fn calls_are_counted_for_each_thread() {
    let trace = "7 openat(3, \"a\", O_RDONLY) = 4\n8 openat(3, \"a\", O_RDONLY <unfinished ...>\n7 fsync(4) = 0\n\
                 8 <... openat resumed>) = 5\n7 openat(3, \"b\", O_RDONLY) = -1 ENOENT (No such file or directory)\n";
    assert_eq!(counts(trace), Counts::from([("fsync".into(), 1), ("openat".into(), 2)]));
}
