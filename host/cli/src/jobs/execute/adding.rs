//! New jobs, and more files for jobs.

use haul::{Engine, FileInfo, Job, JobState};

use super::naming;
use crate::jobs::file::NewFile;
use crate::jobs::problem::Problem;
use crate::jobs::settings::Settings;

/// A new job, or nothing.
pub async fn create(engine: &Engine, settings: &Settings, files: &[NewFile], resume: bool) -> Result<Job, Problem> {
    let job = engine.draft_job(settings.display_name.as_deref().unwrap_or_default()).await?;
    settings.apply(&job).await?;
    put(&job, files).await?;
    if resume {
        job.resume().await?;
    }
    job.keep().await?;
    Ok(job)
}

/// More files for a job, all of them or none. A job that had all its files is suspended by more of them, as BITS has it; it goes on here,
/// where nobody can say in which moment the last one came.
pub async fn add(engine: &Engine, name: &str, files: &[NewFile]) -> Result<Job, Problem> {
    let job = naming::job(engine, name).await?;
    let was_suspended = job.state().await? == JobState::Suspended;
    put(&job, files).await?;
    if !was_suspended && job.state().await? == JobState::Suspended {
        job.resume().await?;
    }
    Ok(job)
}

async fn put(job: &Job, files: &[NewFile]) -> Result<(), Problem> {
    // What is said of each file takes room, many times over where there are many.
    if files.iter().all(|file| file.ranges.is_empty() && file.options.is_default()) {
        job.add_file_set(files.iter().map(|file| FileInfo::new(&file.url, &file.path))).await?;
    } else {
        job.add_files(files.iter().map(described)).await?;
    }
    Ok(())
}

fn described(file: &NewFile) -> haul::NewFile {
    let mut new = haul::NewFile::new(&file.url, &file.path);
    if !file.ranges.is_empty() {
        new.file_id = Some(file_id(file));
        new.ranges = file.ranges.iter().map(|part| (*part).into()).collect();
        new.file_size = file.options.length;
    }
    new.options = (!file.options.is_default()).then(|| file.options.clone().into());
    new
}

/// What tells parts of a file from the file, and from other parts.
fn file_id(file: &NewFile) -> String {
    let last = |offset: u64, length: u64| offset.saturating_add(length).saturating_sub(1);
    let parts = file.ranges.iter().map(|part| match part.length {
        Some(length) => format!("{}-{}", part.offset, last(part.offset, length)),
        None => format!("{}-", part.offset),
    });
    format!("{}#bytes={}", file.url, parts.collect::<Vec<_>>().join(","))
}
