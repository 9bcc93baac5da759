//! New jobs, and more files for jobs.

use haul::{Engine, FileInfo, Job, JobState};

use super::lookup;
use crate::error::CommandError;
use crate::file::NewFile;
use crate::protocol::NewJob;

/// Creates jobs, all of them or none. If one of them fails, the drafts of the others are gone with their handles.
pub async fn create(engine: &Engine, new: &[NewJob]) -> Result<Vec<Job>, CommandError> {
    let mut jobs = Vec::with_capacity(new.len());
    for job in new {
        jobs.push(draft(engine, job).await?);
    }
    for (number, job) in jobs.iter().enumerate() {
        if let Err(error) = job.keep().await {
            for kept in &jobs[..number] {
                let _ = kept.cancel().await;
            }
            return Err(error.into());
        }
    }
    Ok(jobs)
}

async fn draft(engine: &Engine, new: &NewJob) -> Result<Job, CommandError> {
    let job = engine.draft_job(new.settings.display_name.as_deref().unwrap_or_default()).await?;
    new.settings.apply(&job).await?;
    put(&job, &new.files).await?;
    if new.resume {
        job.resume().await?;
    }
    Ok(job)
}

/// Adds files to a job, all of them or none. As in BITS, more files suspend a job that is transferred. Here it is resumed: the caller
/// cannot know whether its last file arrived before the new ones were added.
pub async fn add(engine: &Engine, name: &str, files: &[NewFile]) -> Result<Job, CommandError> {
    let job = lookup::job(engine, name).await?;
    let was_suspended = job.state().await? == JobState::Suspended;
    put(&job, files).await?;
    if !was_suspended && job.state().await? == JobState::Suspended {
        let resumed = job.resume().await;
        resumed.map_err(|error| CommandError::from(error).about("the files were added, but the job cannot go on"))?;
    }
    Ok(job)
}

async fn put(job: &Job, files: &[NewFile]) -> Result<(), CommandError> {
    // A file set takes less memory per file, and a job may have a hundred thousand.
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

/// An id that differs between a file, its parts, and other parts of it.
fn file_id(file: &NewFile) -> String {
    let last = |offset: u64, length: u64| offset.saturating_add(length).saturating_sub(1);
    let parts = file.ranges.iter().map(|part| match part.length {
        Some(length) => format!("{}-{}", part.offset, last(part.offset, length)),
        None => format!("{}-", part.offset),
    });
    format!("{}#bytes={}", file.url, parts.collect::<Vec<_>>().join(","))
}
