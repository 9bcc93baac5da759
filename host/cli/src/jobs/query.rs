//! `haul jobs list`, `show`, `files` and `errors`

use haul_queue::{Client, CommandError, FILES_PER_REPLY, FileView, JobView, Outcome, Request, Selection};

use super::render::Renderer;
use super::succeeded;
use crate::arguments::jobs::Show;

pub async fn list(client: &mut Client, jobs: Selection, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let (jobs, outcome) = describe(client, jobs).await?;
    renderer.list(&jobs);
    Ok(outcome)
}

pub async fn show(client: &mut Client, show: &Show, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let (jobs, outcome) = describe(client, show.listed.selection()).await?;
    for job in &jobs {
        let files = if show.files { Some(files_of(client, job).await?) } else { None };
        renderer.details(job, files.as_deref());
    }
    Ok(outcome)
}

pub async fn files(client: &mut Client, jobs: Selection, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let (jobs, outcome) = describe(client, jobs).await?;
    let mut files = Vec::new();
    for job in &jobs {
        files.extend(files_of(client, job).await?);
    }
    renderer.files(&files);
    Ok(outcome)
}

/// Prints the errors of jobs. If a job keeps going, several of its files can have failed.
pub async fn errors(client: &mut Client, jobs: Selection, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let (jobs, outcome) = describe(client, jobs).await?;
    for job in jobs.iter().filter(|job| job.error.is_some()) {
        let mut files = files_of(client, job).await?;
        files.retain(|file| file.error.is_some());
        renderer.errors(job, &files);
    }
    Ok(outcome)
}

async fn describe(client: &mut Client, jobs: Selection) -> Result<(Vec<JobView>, Outcome), CommandError> {
    Ok(succeeded(client.ask(&Request::Describe { jobs }).await?.jobs()?))
}

async fn files_of(client: &mut Client, job: &JobView) -> Result<Vec<FileView>, CommandError> {
    let mut files = Vec::new();
    let mut from = 0;
    while from < job.files {
        files.extend(client.ask(&Request::Files { job: job.id.clone(), from }).await?.files()?);
        from += FILES_PER_REPLY;
    }
    Ok(files)
}
