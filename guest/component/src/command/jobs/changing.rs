//! Commands that create and change jobs.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::arguments::Arguments;
use haul_command::command::Id;
use haul_command::list::Entry;
use haul_core::border::identity::JobId;
use haul_core::engine::Completion;
use haul_core::failure::Cause;
use haul_core::job::{Job, JobState, NewFile};
use haul_core::parse::url::Url;
use haul_core::settings::durability::Durability;
use haul_core::settings::transfer_options::TransferOptions;

use super::{CALLER, Problem, looking, naming, settings};
use crate::command::{coded, fail, list, terminal};
use crate::shell::Shell;

pub fn create(shell: &mut Shell, arguments: &Arguments) -> Result<(), Problem> {
    let job = draft(shell, arguments, String::new())?;
    shell.keep_job(job)?;
    tell(shell, job, arguments);
    Ok(())
}

/// Creates a draft, which is lost with this process unless it is kept.
fn draft(shell: &mut Shell, arguments: &Arguments, name: String) -> Result<JobId, Problem> {
    let job = shell.draft_job(CALLER, name)?;
    settings::apply(shell, job, arguments)?;
    Ok(job)
}

fn tell(shell: &Shell, job: JobId, arguments: &Arguments) {
    if arguments.json {
        looking::object(shell, job);
    } else {
        terminal::line(&naming::text(shell, job));
    }
}

/// Either all files are added, or none.
pub fn add(shell: &mut Shell, arguments: &mut Arguments) -> Result<(), Problem> {
    let files = files(arguments)?;
    if let Some(word) = arguments.job.take() {
        arguments.jobs.push(word);
        let job = naming::jobs(shell, arguments)?[0];
        shell.add_files(job, files)?;
        tell(shell, job, arguments);
        return Ok(());
    }
    // As at the native prompt, a failed file holds no other back.
    arguments.keep_going = arguments.keep_going.or(Some(true));
    let job = draft(shell, arguments, name(&files))?;
    shell.add_files(job, files)?;
    if !arguments.suspended {
        shell.resume_job(job)?;
    }
    shell.keep_job(job)?;
    tell(shell, job, arguments);
    Ok(())
}

/// The display name of a job if none is given.
fn name(files: &[NewFile]) -> String {
    let path = files.first().and_then(|file| file.local_name.as_deref()).unwrap_or_default();
    let first: String = path.rsplit('/').next().unwrap_or_default().chars().take(256).collect();
    match files.len() {
        0 | 1 => first,
        several => format!("{first} and {} more", several - 1),
    }
}

fn files(arguments: &Arguments) -> Result<Vec<NewFile>, Problem> {
    arguments.share_standard_input()?;
    let (mut entries, sound) = list::entries(arguments)?;
    if !sound {
        return Err(Problem::Told("nothing was added, because of the wrong lines".into()));
    }
    entries.extend(list::described_files(arguments)?.0.into_iter().map(|item| item.entry));
    match &mut entries[..] {
        [] => return Err(String::from("the list names no URL").into()),
        [entry] => {
            entry.digests.extend(arguments.checksums.iter().cloned());
            entry.mirrors.extend(arguments.mirrors.iter().cloned());
        }
        _ => arguments.refuse_options_for_one()?,
    }
    list::add_sums(arguments, entries.iter_mut())?;
    let paths = list::paths(arguments, entries.iter())?;
    let files = entries.into_iter().zip(paths).map(|(entry, path)| file(entry, path, arguments));
    files.collect()
}

fn file(entry: Entry, path: String, arguments: &Arguments) -> Result<NewFile, Problem> {
    if !entry.headers.is_empty() {
        let reason = "header= belongs to a job, and a job has one set of headers; use --header";
        return Err(format!("{path}: {reason}").into());
    }
    let mirrors = entry.mirrors.iter().map(|url| Url::parse(url).ok_or(Cause::InvalidUrl)).collect::<Result<_, _>>()?;
    let options = TransferOptions {
        connections: entry.connections.or(arguments.connections),
        overwrite: entry.overwrite || arguments.overwrite,
        expected: entry.digests,
        retries: entry.retries,
        max_rate: entry.max_rate.or(arguments.limit_rate_per_file),
        min_rate: entry.min_rate,
        durability: if arguments.no_sync { Durability::Process } else { Durability::Power },
        mirrors,
        origin_names: arguments.origin_names,
        ..TransferOptions::default()
    };
    Ok(NewFile {
        remote_name: Some(entry.url),
        local_name: Some(path),
        ranges: arguments.ranges.clone(),
        options: (options != TransferOptions::default()).then(|| Box::new(options)),
        ..NewFile::default()
    })
}

pub fn change(shell: &mut Shell, command: Id, arguments: &Arguments) -> Result<(), Problem> {
    let mut all_well = true;
    for job in naming::jobs(shell, arguments)? {
        if let Err(problem) = change_one(shell, command, arguments, job) {
            all_well = false;
            if let Problem::Told(reason) = problem {
                let _ = fail(&format!("{}: {reason}", naming::text(shell, job)));
            }
        } else if arguments.json {
            looking::object(shell, job);
        }
    }
    if all_well { Ok(()) } else { Err(Problem::Said) }
}

fn change_one(shell: &mut Shell, command: Id, arguments: &Arguments, job: JobId) -> Result<(), Problem> {
    match command {
        Id::Suspend => shell.suspend_job(job)?,
        Id::Resume => shell.resume_job(job)?,
        Id::Set | Id::Priority => settings::apply(shell, job, arguments)?,
        Id::Complete => complete(shell, arguments, job)?,
        _ => drop(shell.cancel_job(job)?),
    }
    Ok(())
}

fn complete(shell: &mut Shell, arguments: &Arguments, job: JobId) -> Result<(), Problem> {
    if !arguments.partial && shell.job(job).map(Job::state) != Some(JobState::Transferred) {
        return Err(Problem::Told("not all files are here; see --partial".into()));
    }
    if shell.complete_job(job).map_err(coded)? == Completion::UnableToDeleteFiles {
        let _ = fail("some temporary files could not be removed");
    }
    Ok(())
}
