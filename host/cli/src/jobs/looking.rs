//! `haul jobs list`, `show`, `files` and `errors`

use super::problem::Problem;
use super::protocol::{FILES, Request, Selection};
use super::queue::Queue;
use super::shown::Shown;
use super::told;
use super::view::{FileView, JobView};
use crate::arguments::jobs::Show;
use crate::exit::Outcome;

pub async fn list(queue: &mut Queue, jobs: Selection, shown: &Shown) -> Result<Outcome, Problem> {
    let (jobs, outcome) = look(queue, jobs).await?;
    shown.list(&jobs);
    Ok(outcome)
}

pub async fn show(queue: &mut Queue, show: &Show, shown: &Shown) -> Result<Outcome, Problem> {
    let (jobs, outcome) = look(queue, show.listed.selection()).await?;
    for job in &jobs {
        let files = if show.files { Some(files_of(queue, job).await?) } else { None };
        shown.details(job, files.as_deref());
    }
    Ok(outcome)
}

pub async fn files(queue: &mut Queue, jobs: Selection, shown: &Shown) -> Result<Outcome, Problem> {
    let (jobs, outcome) = look(queue, jobs).await?;
    let mut files = Vec::new();
    for job in &jobs {
        files.extend(files_of(queue, job).await?);
    }
    shown.files(&files);
    Ok(outcome)
}

/// A job that keeps going has more than one file that failed.
pub async fn errors(queue: &mut Queue, jobs: Selection, shown: &Shown) -> Result<Outcome, Problem> {
    let (jobs, outcome) = look(queue, jobs).await?;
    for job in jobs.iter().filter(|job| job.error.is_some()) {
        let mut files = files_of(queue, job).await?;
        files.retain(|file| file.error.is_some());
        shown.errors(job, &files);
    }
    Ok(outcome)
}

async fn look(queue: &mut Queue, jobs: Selection) -> Result<(Vec<JobView>, Outcome), Problem> {
    Ok(told(queue.ask(&Request::Describe { jobs }).await?.jobs()?))
}

async fn files_of(queue: &mut Queue, job: &JobView) -> Result<Vec<FileView>, Problem> {
    let mut files = Vec::new();
    let mut from = 0;
    while from < job.files {
        files.extend(queue.ask(&Request::Files { job: job.id.clone(), from }).await?.files()?);
        from += FILES;
    }
    Ok(files)
}
