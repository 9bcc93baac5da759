//! `haul get`: under its final name the file is complete or absent, and the next run completes it and leaves no other file.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use haul_tests::origin::{Content, Fault as OriginFault, Origin, When};
use haul_tests::scene::{MIB, assert_only, checksum, names, origin_of, request};
use haul_tests::subject::{Get, Subject, processes};
use tempfile::{TempDir, tempdir};

use super::table::{each, faults};
use super::tracer::{Fault, Tracer, paths};

const NAMES: [&str; 5] = ["file", "file.part", "file.haul", "file.haul.new", "file.haul.plain"];

/// The file that is replaced.
const OLD: &[u8] = b"an older version";

/// The exit codes of the README: success, failure, misuse, policy, not verified.
const CODES: std::ops::RangeInclusive<i32> = 0..=4;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scenario {
    /// A new file, with one broken connection.
    New,
    /// The origin removes the file during the transfer, so a journal remains.
    Interrupted,
    /// A run that resumes an interrupted one.
    Resumed,
    /// A run that replaces a file.
    Replaced,
}

struct Stage {
    scenario: Scenario,
    folder: TempDir,
    origin: Origin,
    /// The origin has no file after the first request.
    gone: Arc<AtomicBool>,
}

impl Stage {
    fn new(scenario: Scenario) -> Self {
        let gone = Arc::new(AtomicBool::new(matches!(scenario, Scenario::Interrupted | Scenario::Resumed)));
        let (folder, flag) = (tempdir().unwrap(), gone.clone());
        let missing = When::matching(move |request| request.nth > 0 && flag.load(Ordering::SeqCst));
        let cut = OriginFault::CutAfter(MIB);
        let origin = origin_of(&content(), vec![(When::Nth(0), cut), (missing, OriginFault::status(404))]);
        let stage = Self { scenario, folder, origin, gone };
        match scenario {
            Scenario::Resumed => {
                Subject::Command.get(&stage.request()).expect_failure("HTTP_E_STATUS");
                assert_eq!(names(stage.folder.path()), ["file.haul", "file.part"]);
                stage.gone.store(false, Ordering::SeqCst);
            }
            Scenario::Replaced => fs::write(stage.folder.path().join("file"), OLD).unwrap(),
            Scenario::New | Scenario::Interrupted => {}
        }
        stage
    }

    fn request(&self) -> Get {
        let mut get = request(&self.origin, &self.folder).checksum(checksum(&content())).connections(1);
        (get.sync, get.overwrite) = (true, self.scenario == Scenario::Replaced);
        get
    }

    fn tracer(&self) -> Tracer {
        Tracer::new(paths(self.folder.path(), &NAMES))
    }

    fn command(&self) -> Command {
        processes::command(Subject::Command, &self.request())
    }

    /// Runs the command with the fault and then without it; returns whether the call occurred.
    fn survives(&self, fault: &Fault) -> bool {
        let case = format!("{:?}, {fault}", self.scenario);
        let (output, made) = self.tracer().inject(&self.command(), fault);
        let told = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code().unwrap();
        assert!(CODES.contains(&code) && !told.contains("panicked"), "{case}: {code}, {told}");
        let found = fs::read(self.folder.path().join("file")).ok();
        let is_right = found.as_ref().is_some_and(|found| *found == content().bytes(0..content().length()));
        let is_untouched = found.as_deref() == (self.scenario == Scenario::Replaced).then_some(OLD);
        assert!(
            is_right || (code != 0 && is_untouched),
            "{case}: exit {code}, {:?} bytes",
            found.map(|found| found.len())
        );
        self.gone.store(false, Ordering::SeqCst);
        let outcome = Subject::Command.get(&self.request());
        assert_eq!((outcome.error.as_deref(), outcome.code), (None, Some(0)), "{case}: {}", outcome.said);
        assert_eq!(names(self.folder.path()), ["file"], "{case}");
        assert_only(&self.folder, &content());
        made
    }
}

fn content() -> Content {
    Content::new(9, 3 * MIB + 12345)
}

fn no_call_breaks(scenario: Scenario) {
    let stage = Stage::new(scenario);
    let (output, counts) = stage.tracer().count(&stage.command());
    assert_eq!(output.status.success(), scenario != Scenario::Interrupted, "{output:?}");
    each(&faults(&counts), |fault| Stage::new(scenario).survives(fault));
}

#[test]
fn a_new_file() {
    no_call_breaks(Scenario::New);
}

#[test]
fn an_interrupted_file() {
    no_call_breaks(Scenario::Interrupted);
}

#[test]
fn a_resumed_file() {
    no_call_breaks(Scenario::Resumed);
}

#[test]
fn a_replaced_file() {
    no_call_breaks(Scenario::Replaced);
}
