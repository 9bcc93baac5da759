//! `jobs run`: downloads the queue until no job can continue by itself.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::arguments::Arguments;
use haul_core::border::identity::JobId;
use haul_core::border::output::{Happening, Subject};
use haul_core::job::{FileState, Job, JobState};
use haul_core::parse::url::redact;

use super::{Problem, looking, naming};
use crate::command::report::human;
use crate::command::{coded, fail, sentence, terminal};
use crate::shell::{Event, PauseReason, Shell};

pub fn run(shell: &mut Shell, arguments: &Arguments) -> Result<(), Problem> {
    let mut all_well = true;
    for job in naming::jobs(shell, arguments)? {
        all_well &= follow(shell, arguments, job);
    }
    loop {
        let progress = shell.drive(None, None);
        for event in progress.events {
            match event {
                Event::Happened { subject: Subject::Job(job), what: Happening::StatusChanged } => {
                    all_well &= follow(shell, arguments, job);
                }
                Event::Happened { subject: Subject::File(job, file), what: Happening::StatusChanged }
                    if !arguments.json =>
                {
                    tell_file(shell, arguments, job, file);
                }
                _ => {}
            }
        }
        if progress.reason == PauseReason::Idle {
            break;
        }
    }
    let left = naming::jobs(shell, arguments)?;
    let states: Vec<_> = left.iter().filter_map(|job| shell.job(*job).map(Job::state)).collect();
    all_well &= !states.iter().any(|state| matches!(state, JobState::Error | JobState::TransientError));
    if all_well { Ok(()) } else { Err(Problem::Said) }
}

/// Reports the state of a job, and completes it if it is transferred; `false` if that fails.
fn follow(shell: &mut Shell, arguments: &Arguments, job: JobId) -> bool {
    let Some(known) = shell.job(job) else { return true };
    let (state, title) = (known.state(), format!("{} ({})", naming::text(shell, job), known.display_name()));
    let completed = match state {
        JobState::Transferred if !arguments.no_complete => shell.complete_job(job).map(|_| ()),
        JobState::Error if !arguments.no_complete && known.options().keep_going => shell.name_files(job),
        _ => Ok(()),
    };
    match completed {
        Err(cause) => {
            let _ = fail(&format!("{title}: {}", coded(cause)));
            return false;
        }
        Ok(()) if arguments.json => looking::object(shell, job),
        Ok(()) => {}
    }
    if let Some(failure) = shell.job(job).filter(|_| state == JobState::Error).and_then(Job::failure) {
        let done = shell.job(job).map(Job::progress).filter(|progress| progress.files_total > 1);
        let done = done.map_or_else(String::new, |progress| {
            format!("{} of {} files done; ", progress.files_transferred, progress.files_total)
        });
        let _ = fail(&format!("{title}: {done}{}", sentence(&failure.cause.description(), failure.cause.advice())));
    } else if state == JobState::Transferred && !arguments.json && !arguments.quiet {
        terminal::tell(&format!("{title}: {}", if arguments.no_complete { "transferred" } else { "complete" }));
    }
    true
}

fn tell_file(shell: &Shell, arguments: &Arguments, job: JobId, file: u32) {
    let Some(job) = shell.job(job).filter(|_| !arguments.quiet) else { return };
    if let Some((FileState::Transferred, _)) = job.file_state(file) {
        let bytes = job.file_progress(file).map_or(0, |progress| progress.bytes_transferred);
        let url = job.remote_name(file).map(redact).unwrap_or_default();
        terminal::tell(&format!("{url}: {} here", human(bytes)));
    }
}
