//! Lookup of jobs by id, by prefix of an id, or by display name.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::arguments::Arguments;
use haul_command::lookup;
use haul_command::redaction::quoted;
use haul_core::border::identity::JobId;
use haul_core::text::guid;

use super::{CALLER, Problem};
use crate::shell::Shell;

/// The named jobs, or all if none is named.
///
/// # Errors
///
/// If a word names no job, or several.
pub fn jobs(shell: &mut Shell, arguments: &Arguments) -> Result<Vec<JobId>, Problem> {
    let all = shell.jobs_of(CALLER, false)?;
    if arguments.jobs.is_empty() {
        return Ok(all);
    }
    let ids: Vec<_> = all.iter().map(|job| text(shell, *job)).collect();
    let names: Vec<_> = all.iter().map(|job| shell.job(*job).map_or("", |job| job.display_name())).collect();
    let known: Vec<_> = ids.iter().zip(names).map(|(id, name)| (id.as_str(), name)).collect();
    let job = |word: &String| match lookup::find(&known, word) {
        Ok(at) => Ok(all[at]),
        Err(wrong) => Err(format!("{}: {wrong}", quoted(word)).into()),
    };
    arguments.jobs.iter().map(job).collect()
}

/// The id of a job.
pub fn text(shell: &Shell, job: JobId) -> String {
    shell.job(job).map(|job| guid::format(job.id())).unwrap_or_default()
}
