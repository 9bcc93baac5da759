//! Commands that show jobs.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::arguments::Arguments;
use haul_core::border::identity::JobId;
use haul_core::job::{FileState, Job, JobState, Priority};
use haul_core::parse::url::redact;
use haul_core::text::guid;
use serde::Serialize;

use super::{Problem, naming};
use crate::command::report::{Failure, human};
use crate::command::{coded, terminal};
use crate::shell::Shell;

#[derive(Serialize)]
struct JobLine<'a> {
    id: String,
    display_name: &'a str,
    description: &'a str,
    state: &'static str,
    priority: &'static str,
    files: u32,
    files_transferred: u32,
    bytes: u64,
    total: Option<u64>,
    retry_interval: u32,
    retry_timeout: u32,
    error_count: u32,
    error: Option<ErrorLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_list: Option<Vec<FileLine<'a>>>,
}

#[derive(Serialize)]
struct ErrorLine {
    url: Option<String>,
    #[serde(flatten)]
    failure: Failure,
}

#[derive(Serialize)]
struct FileLine<'a> {
    url: Option<String>,
    path: Option<&'a str>,
    state: &'static str,
    bytes: u64,
    total: Option<u64>,
    error: Option<Failure>,
}

pub fn list(shell: &mut Shell, arguments: &Arguments) -> Result<(), Problem> {
    for id in naming::jobs(shell, arguments)? {
        if arguments.json {
            object(shell, id);
        } else if let Some(job) = shell.job(id) {
            let progress = job.progress();
            let total = progress.bytes_total.map_or_else(|| "?".into(), human);
            terminal::line(&format!(
                "{} {:<15} {:<10} {:>6}/{:<6} {:>10} of {:<10} {}",
                guid::format(job.id()),
                state(job.state()),
                priority(job.priority()),
                progress.files_transferred,
                progress.files_total,
                human(progress.bytes_transferred),
                total,
                job.display_name(),
            ));
        }
    }
    Ok(())
}

pub fn show(shell: &mut Shell, arguments: &Arguments) -> Result<(), Problem> {
    for id in naming::jobs(shell, arguments)? {
        let Some(job) = shell.job(id) else { continue };
        if arguments.json {
            terminal::json(&line(job, true));
            continue;
        }
        let facts = [
            ("id", guid::format(job.id())),
            ("display name", job.display_name().into()),
            ("description", job.description().into()),
            ("state", state(job.state()).into()),
            ("priority", priority(job.priority()).into()),
            ("retry interval", format!("{} s", job.minimum_retry_delay())),
            ("retry timeout", format!("{} s", job.no_progress_timeout())),
            ("errors", format!("{}", job.error_count())),
        ];
        facts.iter().for_each(|(name, value)| terminal::line(&format!("{name:<16}{value}")));
        if arguments.show_files {
            file_lines(job).for_each(|file| file_line("  ", &file));
        }
    }
    Ok(())
}

pub fn files(shell: &mut Shell, arguments: &Arguments) -> Result<(), Problem> {
    for id in naming::jobs(shell, arguments)? {
        let Some(job) = shell.job(id) else { continue };
        if arguments.json {
            file_lines(job).for_each(|file| terminal::json(&file));
        } else {
            let prefix = format!("{} ", guid::format(job.id()));
            file_lines(job).for_each(|file| file_line(&prefix, &file));
        }
    }
    Ok(())
}

fn file_line(prefix: &str, file: &FileLine<'_>) {
    let total = file.total.map_or_else(|| "?".into(), human);
    let path = file.path.unwrap_or_default();
    terminal::line(&format!("{prefix}{:<13} {:>10} of {:<10} {path}", file.state, human(file.bytes), total));
}

pub fn errors(shell: &mut Shell, arguments: &Arguments) -> Result<(), Problem> {
    for id in naming::jobs(shell, arguments)? {
        let Some(job) = shell.job(id) else { continue };
        let Some(failure) = job.failure() else { continue };
        if arguments.json {
            terminal::json(&line(job, true));
            continue;
        }
        terminal::line(&format!("{} ({}): {}", guid::format(job.id()), job.display_name(), state(job.state())));
        if let Some(url) = failure.file.and_then(|file| job.remote_name(file)) {
            terminal::line(&format!("  file  {}", redact(url)));
        }
        terminal::line(&format!("  what  {}", coded(failure.cause)));
    }
    Ok(())
}

/// Prints a job as JSON.
pub fn object(shell: &Shell, id: JobId) {
    if let Some(job) = shell.job(id) {
        terminal::json(&line(job, false));
    }
}

fn line(job: &Job, with_files: bool) -> JobLine<'_> {
    let progress = job.progress();
    let error = job.failure().map(|failure| ErrorLine {
        url: failure.file.and_then(|file| job.remote_name(file)).map(redact),
        failure: Failure::of(failure.cause),
    });
    JobLine {
        id: guid::format(job.id()),
        display_name: job.display_name(),
        description: job.description(),
        state: state(job.state()),
        priority: priority(job.priority()),
        files: progress.files_total,
        files_transferred: progress.files_transferred,
        bytes: progress.bytes_transferred,
        total: progress.bytes_total,
        retry_interval: job.minimum_retry_delay(),
        retry_timeout: job.no_progress_timeout(),
        error_count: job.error_count(),
        error,
        file_list: with_files.then(|| file_lines(job).collect()),
    }
}

fn file_lines(job: &Job) -> impl Iterator<Item = FileLine<'_>> {
    (0..job.files_total()).filter_map(|index| {
        let (state, cause) = job.file_state(index)?;
        let progress = job.file_progress(index)?;
        Some(FileLine {
            url: job.remote_name(index).map(redact),
            path: job.local_name(index),
            state: file_state(state),
            bytes: progress.bytes_transferred,
            total: progress.bytes_total,
            error: cause.map(Failure::of),
        })
    })
}

pub const fn state(state: JobState) -> &'static str {
    match state {
        JobState::Queued => "queued",
        JobState::Transferring => "transferring",
        JobState::Suspended => "suspended",
        JobState::Error => "error",
        JobState::TransientError => "transient-error",
        JobState::Transferred => "transferred",
        JobState::Acknowledged => "acknowledged",
        JobState::Cancelled => "cancelled",
    }
}

const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Foreground => "foreground",
        Priority::High => "high",
        Priority::Normal => "normal",
        Priority::Low => "low",
    }
}

const fn file_state(state: FileState) -> &'static str {
    match state {
        FileState::Waiting => "waiting",
        FileState::Transferring => "transferring",
        FileState::Retrying => "retrying",
        FileState::Transferred => "transferred",
        FileState::Failed => "failed",
        FileState::Over => "over",
    }
}
