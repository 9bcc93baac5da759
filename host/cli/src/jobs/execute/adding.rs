//! New jobs, and more files for jobs.

use haul::{Engine, FileInfo, Job, JobState};

use super::naming;
use crate::jobs::file::NewFile;
use crate::jobs::problem::Problem;
use crate::jobs::protocol::NewJob;

/// New jobs, all of them or none. The drafts are gone with their handles if one of them cannot be had.
pub async fn create(engine: &Engine, new: &[NewJob]) -> Result<Vec<Job>, Problem> {
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

async fn draft(engine: &Engine, new: &NewJob) -> Result<Job, Problem> {
    let job = engine.draft_job(new.settings.display_name.as_deref().unwrap_or_default()).await?;
    new.settings.apply(&job).await?;
    put(&job, &new.files).await?;
    if new.resume {
        job.resume().await?;
    }
    Ok(job)
}

/// More files for a job, all of them or none. A job that had all its files is suspended by more of them, as BITS has it; it goes on here,
/// where nobody can say in which moment the last one came.
pub async fn add(engine: &Engine, name: &str, files: &[NewFile]) -> Result<Job, Problem> {
    let job = naming::job(engine, name).await?;
    let was_suspended = job.state().await? == JobState::Suspended;
    put(&job, files).await?;
    if !was_suspended && job.state().await? == JobState::Suspended {
        let resumed = job.resume().await;
        resumed.map_err(|error| Problem::from(error).about("the files were added, but the job cannot go on"))?;
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
