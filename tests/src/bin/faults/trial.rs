//! One contender in one scenario.

use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

use crate::contender::Contender;
use crate::folder::Folder;
use crate::process::{self, End};
use crate::scenario::Scenario;
use crate::stage::{Moment, PATH, Stage};
use crate::verdict::Verdict;

/// The most runs of a command until one ends without an error.
pub const RUNS: usize = 3;

pub struct Trial {
    pub contender: &'static Contender,
    pub scenario: &'static Scenario,
}

impl Trial {
    /// Runs the contender, and reports the outcome on standard error.
    pub fn verdict(&self) -> Verdict {
        let started = Instant::now();
        let stage = (self.scenario.stage)(self.contender.probes);
        let (verdict, said) = match &stage.folder {
            Some(folder) if self.contender.can_use(stage.connections) => self.runs(&stage, folder),
            _ => (Verdict::Untried, String::new()),
        };
        let (scenario, contender, seconds) = (self.scenario.name, self.contender.name, started.elapsed().as_secs_f64());
        let requests: usize = stage.origins.iter().map(|origin| origin.requests().len()).sum();
        eprintln!("{scenario:<16} {contender:<7} {verdict:<12} {seconds:>5.1} s {requests:>6} requests  {said}");
        verdict
    }

    /// Runs the prologue, if any, then the command until there is a verdict. Also returns the last line of output.
    fn runs(&self, stage: &Stage, folder: &Folder) -> (Verdict, String) {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut moment = stage.moment.as_ref();
        if let Some(act) = stage.after_prologue {
            let prologue = self.run(&runtime, stage, folder, moment.take());
            if !matches!(prologue.0, Verdict::Right { .. } | Verdict::Error) {
                return prologue;
            }
            act(folder);
        }
        let mut runs = 0;
        loop {
            runs += 1;
            match self.run(&runtime, stage, folder, moment.take()) {
                (Verdict::Right { .. }, said) => return (Verdict::Right { runs }, said),
                (Verdict::Error, _) if runs < RUNS => {}
                last => return last,
            }
        }
    }

    fn run(&self, runtime: &Runtime, stage: &Stage, folder: &Folder, moment: Option<&Moment>) -> (Verdict, String) {
        let origin = &stage.origins[0];
        let url = origin.url(PATH);
        let mut command = self.contender.command(&stage.errand(&url), &folder.home());
        command.current_dir(folder.path());
        let run = runtime.block_on(process::run(command, origin, moment));
        (judge(run.end, stage, folder), run.said)
    }
}

/// The verdict on a run, as if it were the first.
fn judge(end: End, stage: &Stage, folder: &Folder) -> Verdict {
    match end {
        _ if stage.has_leaked() => Verdict::Leaked,
        _ if folder.is_left() => Verdict::Outside,
        End::Success if folder.holds(&stage.versions, stage.named_by_origin) => Verdict::Right { runs: 1 },
        End::Success => Verdict::Wrong,
        End::Failure | End::Killed => Verdict::Error,
        End::Hung => Verdict::Hangs,
    }
}
