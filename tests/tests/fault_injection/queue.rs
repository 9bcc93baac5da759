//! `haul jobs`: an acknowledged job is in the queue, and a job whose end was acknowledged is not.

use std::fs;
use std::process::Command;

use haul_tests::origin::{Content, Origin};
use haul_tests::prompt::Prompt;
use haul_tests::scene::{MIB, assert_holds, names, origin_of};

use super::table::{each, faults};
use super::tracer::{Fault, Tracer, paths};

/// Names in the state directory.
const STATE: [&str; 7] =
    ["queue.haul", "queue.haul.new", "queue.haul.damaged", "engine.lock", "run.sock", "finished", "key"];

/// Names that remain in the state directory of an empty queue.
const LASTING: [&str; 4] = ["engine.lock", "finished", "key", "queue.haul"];

/// Names in the target folder.
const FILES: [&str; 6] = ["one", "one.part", "one.haul", "two", "two.part", "two.haul"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scenario {
    /// Adds the first job to a new queue.
    Created,
    /// Adds another job.
    Added,
    Cancelled,
    /// Runs two jobs; calls on the queue fail.
    Run,
    /// Runs two jobs; calls on their files fail.
    RunOnFiles,
}

impl Scenario {
    /// Jobs in the queue before the command.
    const fn before(self) -> &'static [&'static str] {
        match self {
            Self::Created => &[],
            Self::Added => &["one"],
            Self::Cancelled | Self::Run | Self::RunOnFiles => &["one", "two"],
        }
    }
}

struct Stage {
    scenario: Scenario,
    prompt: Prompt,
    origin: Origin,
}

impl Stage {
    fn new(scenario: Scenario) -> Self {
        let (prompt, origin) = (Prompt::default(), origin_of(&content(), vec![]));
        let stage = Self { scenario, prompt, origin };
        for job in scenario.before() {
            stage.prompt.said(&["add", &stage.origin.url("/file"), "-o", job, "--display-name", job]);
        }
        stage
    }

    fn command(&self) -> Command {
        let url = self.origin.url("/file");
        match self.scenario {
            Scenario::Created | Scenario::Added => {
                self.prompt.command(&["add", &url, "-o", "two", "--display-name", "two"])
            }
            Scenario::Cancelled => self.prompt.command(&["cancel", "two"]),
            Scenario::Run | Scenario::RunOnFiles => self.prompt.command(&["run", "--quiet"]),
        }
    }

    fn tracer(&self) -> Tracer {
        let folder = self.prompt.folder.path();
        Tracer::new(match self.scenario {
            Scenario::RunOnFiles => paths(folder, &FILES),
            _ => paths(&folder.join("state/haul"), &STATE),
        })
    }

    /// The names of all jobs, sorted.
    fn jobs(&self) -> Vec<String> {
        let jobs = self.prompt.objects(&["list"]);
        let mut names: Vec<_> = jobs.iter().map(|job| job["display_name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    fn is_here(&self, job: &str) -> bool {
        let found = fs::read(self.prompt.path(job)).ok();
        found.is_some_and(|found| {
            assert!(found == content().bytes(0..content().length()), "{job} is wrong");
            true
        })
    }

    /// Runs the command with the fault and then without it; returns whether the call occurred.
    fn survives(&self, fault: &Fault) -> bool {
        let case = format!("{:?}, {fault}", self.scenario);
        let (output, made) = self.tracer().inject(&self.command(), fault);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() <= Some(4) && !told.contains("panicked"), "{case}: {:?}, {told}", output.status);
        let (succeeded, jobs) = (output.status.success(), self.jobs());
        let has = |job: &str| jobs.iter().any(|found| found == job);
        match self.scenario {
            Scenario::Created | Scenario::Added => {
                assert!(self.scenario.before().iter().all(|job| has(job)), "{case}: {jobs:?}");
                assert!(has("two") || !succeeded, "{case}: an acknowledged job is lost");
                // The command can undo the job unless the disk keeps failing.
                assert!(!has("two") || succeeded || fault.lasting, "{case}: a job that was refused is there");
            }
            Scenario::Cancelled => {
                assert!(has("one"), "{case}: {jobs:?}");
                assert!(!has("two") || !succeeded, "{case}: a cancelled job is back");
            }
            Scenario::Run | Scenario::RunOnFiles => {
                assert!(jobs.is_empty() || !succeeded, "{case}: {jobs:?} are left after success");
                assert!(["one", "two"].iter().all(|job| self.is_here(job) || has(job)), "{case}: {jobs:?}");
            }
        }
        self.finish(&case, &jobs, fault);
        made
    }

    /// Runs the queue without faults, after resuming failed jobs as a user would.
    fn finish(&self, case: &str, jobs: &[String], fault: &Fault) {
        self.prompt.output(&["resume", "--all"]);
        let output = self.prompt.output(&["run", "--quiet"]);
        assert!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(self.jobs(), [""; 0], "{case}");
        let folder = self.prompt.folder.path();
        let expected = ["one", "two"].iter().filter(|job| jobs.iter().any(|name| name == *job) || self.is_here(job));
        let expected: Vec<_> = expected.copied().collect();
        for job in &expected {
            assert_holds(&self.prompt.path(job), &content());
        }
        let (mut found, mut state) = (names(folder), names(&folder.join("state/haul")));
        if fault.call == "unlinkat" {
            // Files whose removal may have failed: a second name of the finished file, its journal, and a record that was not
            // kept. None of them affects a later run.
            found.retain(|name| !name.ends_with(".part") && !name.ends_with(".haul"));
            state.retain(|name| !name.starts_with("new-"));
        }
        let mut left = [&expected[..], &["state"]].concat();
        left.sort_unstable();
        assert_eq!(found, left, "{case}");
        // A queue has no queue.haul before its first job.
        assert!(state.iter().all(|name| LASTING.contains(&name.as_str())), "{case}: {state:?}");
    }
}

fn content() -> Content {
    Content::new(9, MIB + 12345)
}

fn no_call_breaks(scenario: Scenario) {
    let stage = Stage::new(scenario);
    let (output, counts) = stage.tracer().count(&stage.command());
    assert!(output.status.success(), "{output:?}");
    each(&faults(&counts), |fault| Stage::new(scenario).survives(fault));
}

#[test]
fn a_new_queue() {
    no_call_breaks(Scenario::Created);
}

#[test]
fn an_added_job() {
    no_call_breaks(Scenario::Added);
}

#[test]
fn a_cancelled_job() {
    no_call_breaks(Scenario::Cancelled);
}

#[test]
fn a_run_with_a_failing_queue() {
    no_call_breaks(Scenario::Run);
}

#[test]
fn a_run_with_failing_files() {
    no_call_breaks(Scenario::RunOnFiles);
}
