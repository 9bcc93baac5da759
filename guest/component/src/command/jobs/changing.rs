//! Commands that create and change jobs.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::identity::JobId;
use haul_core::engine::Completion;
use haul_core::failure::Cause;
use haul_core::job::{Job, JobOptions, JobState, NewFile, Setting};
use haul_core::parse::file_name;

use super::arguments::{Add, Change, Create, Selection};
use super::{CALLER, Problem, looking, naming};
use crate::command::{coded, documents, fail, terminal};
use crate::shell::Shell;

pub fn create(shell: &mut Shell, create: &Create, json: bool) -> Result<(), Problem> {
    let job = draft(shell, create, create.display_name.as_deref().unwrap_or_default())?;
    shell.keep_job(job)?;
    tell(shell, job, json);
    Ok(())
}

/// Creates a draft, which is lost with this process unless it is kept.
fn draft(shell: &mut Shell, create: &Create, display_name: &str) -> Result<JobId, Cause> {
    let job = shell.draft_job(CALLER, display_name.into())?;
    let options = JobOptions { keep_going: true, ..JobOptions::default() };
    let settings = [
        create.description.clone().map(Setting::Description),
        create.priority.map(Setting::Priority),
        create.retry_interval.map(Setting::MinimumRetryDelay),
        create.retry_timeout.map(Setting::NoProgressTimeout),
        create.keep_going.then_some(Setting::Options(options)),
    ];
    settings.into_iter().flatten().try_for_each(|setting| shell.set_job(job, setting))?;
    Ok(job)
}

fn tell(shell: &Shell, job: JobId, json: bool) {
    if json {
        looking::object(shell, job);
    } else {
        terminal::line(&naming::text(shell, job));
    }
}

/// Either all files are added, or none.
pub fn add(shell: &mut Shell, add: &Add, json: bool) -> Result<(), Problem> {
    let files = files(add)?;
    let job = match &add.job {
        Some(word) => {
            let job = naming::job(shell, word)?;
            shell.add_files(job, files)?;
            job
        }
        None => {
            let job = draft(shell, &add.create, &name(add, &files))?;
            shell.add_files(job, files)?;
            if !add.suspended {
                shell.resume_job(job)?;
            }
            shell.keep_job(job)?;
            job
        }
    };
    tell(shell, job, json);
    Ok(())
}

/// The given display name, or else the name of the first file.
fn name(add: &Add, files: &[NewFile]) -> String {
    let first = files.first().and_then(|file| file.local_name.as_deref()).unwrap_or_default();
    let own = || first.rsplit('/').next().unwrap_or_default().chars().take(256).collect();
    add.create.display_name.clone().unwrap_or_else(own)
}

fn files(add: &Add) -> Result<Vec<NewFile>, Problem> {
    let mut urls: Vec<String> = add.urls.clone();
    if let Some(input) = &add.input {
        let text = documents::text(input)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        urls.extend(lines.map(Into::into));
    }
    if urls.is_empty() {
        return Err(String::from("the list names no URL").into());
    }
    if add.output.is_some() && urls.len() > 1 {
        return Err(String::from("--output is for one URL").into());
    }
    let directory = add.directory.as_deref().unwrap_or(".").trim_end_matches('/');
    let file = |url: String| {
        let name = add.output.clone().unwrap_or_else(|| file_name::from_text(&url));
        let path = if name.starts_with('/') { name } else { format!("{directory}/{name}") };
        NewFile { remote_name: Some(url), local_name: Some(path), ..NewFile::default() }
    };
    Ok(urls.into_iter().map(file).collect())
}

pub fn change(shell: &mut Shell, change: Change, which: &Selection, json: bool) -> Result<(), Problem> {
    let mut all_well = true;
    for job in naming::jobs(shell, which)? {
        if let Err(problem) = change_one(shell, change, job) {
            all_well = false;
            let _ = fail(&format!("{}: {problem}", naming::text(shell, job)));
        } else if json {
            looking::object(shell, job);
        }
    }
    if all_well { Ok(()) } else { Err(Problem::Said) }
}

fn change_one(shell: &mut Shell, change: Change, job: JobId) -> Result<(), String> {
    let state = shell.job(job).map(Job::state);
    match change {
        Change::Suspend => shell.suspend_job(job),
        Change::Resume => shell.resume_job(job),
        Change::Priority(level) => shell.set_job(job, Setting::Priority(level)),
        Change::Complete { partial: false } if state != Some(JobState::Transferred) => {
            return Err("not all files are here; see --partial".into());
        }
        Change::Complete { .. } => shell.complete_job(job).map(|completion| {
            if completion == Completion::UnableToDeleteFiles {
                let _ = fail("some temporary files could not be removed");
            }
        }),
        Change::Cancel => shell.cancel_job(job).map(|_| ()),
    }
    .map_err(coded)
}
