//! Lookup of jobs by id, by prefix of an id, or by display name.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::identity::JobId;
use haul_core::text::guid;

use super::arguments::Selection;
use super::{CALLER, Problem};
use crate::command::quoted;
use crate::shell::Shell;

/// Fewest characters of a prefix of an id, so that a short display name is rarely one.
const SHORTEST: usize = 4;

/// # Errors
///
/// If a word names no job, or several.
pub fn jobs(shell: &mut Shell, which: &Selection) -> Result<Vec<JobId>, Problem> {
    match which {
        Selection::All => Ok(shell.jobs_of(CALLER, false)?),
        Selection::Named(words) => words.iter().map(|word| job(shell, word)).collect(),
    }
}

/// # Errors
///
/// If a word names no job, or several.
pub fn job(shell: &mut Shell, word: &str) -> Result<JobId, Problem> {
    let all = shell.jobs_of(CALLER, false)?;
    let id = word.trim_matches(['{', '}']).to_ascii_lowercase();
    let named: Vec<_> = all.iter().copied().filter(|job| display_name(shell, *job).as_deref() == Some(word)).collect();
    let begin_so = |job: &JobId| id.len() >= SHORTEST && text(shell, *job).starts_with(&id);
    let found = if named.is_empty() { all.iter().copied().filter(begin_so).collect() } else { named };
    match found[..] {
        [job] => Ok(job),
        [] => Err(format!("no job is called {}; see 'jobs list'", quoted(word)).into()),
        _ => Err(format!("{} jobs are called {}; write more of the id", found.len(), quoted(word)).into()),
    }
}

fn display_name(shell: &Shell, job: JobId) -> Option<String> {
    shell.job(job).map(|job| job.display_name().into())
}

/// The id of a job.
pub fn text(shell: &Shell, job: JobId) -> String {
    shell.job(job).map(|job| guid::format(job.id())).unwrap_or_default()
}
