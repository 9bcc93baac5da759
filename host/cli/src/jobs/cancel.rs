//! `haul jobs cancel` and `reset`

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use haul_queue::vocabulary::FileState;
use haul_queue::{Action, Client, CommandError, JobView, Outcome, Request, Selection};

use super::query::files_of;
use super::render::Renderer;
use super::succeeded;
use crate::arguments::jobs::Reset;
use crate::output;
use crate::progress::to_person;
use crate::units;

/// Cancels jobs, and reports the bytes that were dropped.
pub async fn cancel(client: &mut Client, jobs: Selection, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let (before, mut outcome) = succeeded(client.ask(&Request::Describe { jobs }).await?.jobs()?);
    if before.is_empty() {
        nothing_to_cancel(renderer, outcome);
        return Ok(outcome);
    }
    let mut dropped = Vec::with_capacity(before.len());
    for job in &before {
        dropped.push((job.id.clone(), loss(client, job).await?));
    }
    let jobs = Selection::Named(before.into_iter().map(|job| job.id).collect());
    let (cancelled, of_cancel) = succeeded(client.ask(&Request::Act { jobs, action: Action::Cancel }).await?.jobs()?);
    outcome = outcome.max(of_cancel);
    renderer.changed(&cancelled);
    if renderer.json {
        return Ok(outcome);
    }
    for job in &cancelled {
        let loss = dropped.iter().find(|(id, _)| *id == job.id).map_or(0, |(_, loss)| *loss);
        output::say(&format!("{}: cancelled, {}", job.title(), describe(loss)));
    }
    Ok(outcome)
}

/// Cancels all jobs. A person is asked first.
pub async fn reset(client: &mut Client, reset: &Reset, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let (jobs, _) = succeeded(client.ask(&Request::Describe { jobs: Selection::All }).await?.jobs()?);
    if jobs.is_empty() {
        nothing_to_cancel(renderer, Outcome::AllTransferred);
        return Ok(Outcome::AllTransferred);
    }
    let bytes = jobs.iter().map(|job| job.bytes).fold(0, u64::saturating_add);
    let files: u64 = jobs.iter().map(|job| u64::from(job.files)).sum();
    let question =
        format!("Cancel {} with {files} files, of which {} are here?", count(jobs.len()), units::size(bytes));
    // The queue is free for others while a person thinks.
    client.release().await;
    if !reset.yes && to_person() && io::stdin().is_terminal() && !agrees(&question) {
        return Err(CommandError::failed("nothing was cancelled"));
    }
    cancel(client, Selection::Named(jobs.into_iter().map(|job| job.id).collect()), renderer).await
}

fn nothing_to_cancel(renderer: &Renderer, outcome: Outcome) {
    if !renderer.json && outcome == Outcome::AllTransferred {
        output::say("nothing to cancel: the queue is empty");
    }
}

fn count(jobs: usize) -> String {
    if jobs == 1 { "1 job".into() } else { format!("{jobs} jobs") }
}

fn agrees(question: &str) -> bool {
    let _ = write!(io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Bytes of a job that its end drops: those of files without a name.
async fn loss(client: &mut Client, job: &JobView) -> Result<u64, CommandError> {
    if !job.keep_going || job.files_transferred == 0 {
        return Ok(job.bytes);
    }
    // Files that already have their names stay.
    let files = files_of(client, job).await?;
    let named = files.iter().filter(|file| file.state == FileState::Over).map(|file| file.bytes);
    Ok(job.bytes.saturating_sub(named.fold(0, u64::saturating_add)))
}

fn describe(loss: u64) -> String {
    if loss == 0 { "nothing was here".into() } else { format!("{} dropped", units::size(loss)) }
}
