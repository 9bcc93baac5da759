//! `jobs run`: downloads the queue until no job can continue by itself.

use alloc::format;
use alloc::vec::Vec;

use haul_core::border::identity::JobId;
use haul_core::border::output::{Happening, Subject};
use haul_core::job::{FileState, Job, JobState};
use haul_core::parse::url::redact;

use super::arguments::{Run, Selection};
use super::{Problem, looking, naming};
use crate::command::report::human;
use crate::command::{coded, fail, terminal};
use crate::shell::{Event, PauseReason, Shell};

pub fn run(shell: &mut Shell, run: &Run, json: bool) -> Result<(), Problem> {
    let mut all_well = true;
    for job in naming::jobs(shell, &Selection::All)? {
        all_well &= follow(shell, run, json, job);
    }
    loop {
        let progress = shell.drive(None, None);
        for event in progress.events {
            match event {
                Event::Happened { subject: Subject::Job(job), what: Happening::StatusChanged } => {
                    all_well &= follow(shell, run, json, job);
                }
                Event::Happened { subject: Subject::File(job, file), what: Happening::StatusChanged } if !json => {
                    tell_file(shell, run, job, file);
                }
                _ => {}
            }
        }
        if progress.reason == PauseReason::Idle {
            break;
        }
    }
    let left = naming::jobs(shell, &Selection::All)?;
    let states: Vec<_> = left.iter().filter_map(|job| shell.job(*job).map(Job::state)).collect();
    all_well &= !states.iter().any(|state| matches!(state, JobState::Error | JobState::TransientError));
    if all_well { Ok(()) } else { Err(Problem::Said) }
}

/// Reports the state of a job, and completes it if it is transferred; `false` if that fails.
fn follow(shell: &mut Shell, run: &Run, json: bool, job: JobId) -> bool {
    let Some(known) = shell.job(job) else { return true };
    let (state, title) = (known.state(), format!("{} ({})", naming::text(shell, job), known.display_name()));
    let completed = match state {
        JobState::Transferred if !run.no_complete => shell.complete_job(job).map(|_| ()),
        _ => Ok(()),
    };
    match completed {
        Err(cause) => {
            let _ = fail(&format!("{title}: {}", coded(cause)));
            return false;
        }
        Ok(()) if json => looking::object(shell, job),
        Ok(()) => {}
    }
    if let Some(failure) = shell.job(job).filter(|_| state == JobState::Error).and_then(Job::failure) {
        let _ = fail(&format!("{title}: {}", coded(failure.cause)));
    } else if state == JobState::Transferred && !json && !run.quiet {
        terminal::tell(&format!("{title}: {}", if run.no_complete { "transferred" } else { "complete" }));
    }
    true
}

fn tell_file(shell: &Shell, run: &Run, job: JobId, file: u32) {
    let Some(job) = shell.job(job).filter(|_| !run.quiet) else { return };
    if let Some((FileState::Transferred, _)) = job.file_state(file) {
        let bytes = job.file_progress(file).map_or(0, |progress| progress.bytes_transferred);
        let url = job.remote_name(file).map(redact).unwrap_or_default();
        terminal::tell(&format!("{url}: {} here", human(bytes)));
    }
}
