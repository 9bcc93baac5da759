//! Requests, carried out by the engine.

mod add;
mod describe;
mod lookup;

use haul::{Completion, Engine, Error, Job, JobState};

use self::add::{add, create};
pub use self::describe::describe;
use self::describe::files;
use self::lookup::{all, chosen};
use crate::error::CommandError;
use crate::protocol::{Action, Answer, Reply, Request, Selection};
use crate::redaction::named;
use crate::view::JobView;

/// The reply to a request; errors are in it.
pub async fn execute(engine: &Engine, request: Request) -> Reply {
    let reply = match request {
        Request::Create { jobs } => described(create(engine, &jobs).await).await,
        Request::Add { job, files } => described(add(engine, &job, &files).await.map(|job| vec![job])).await,
        Request::Describe { jobs } => each(engine, &jobs, async |_| Ok(())).await,
        Request::Files { job, from } => files(engine, &job, from).await,
        Request::Set { jobs, settings } => each(engine, &jobs, async |job| settings.apply(job).await).await,
        Request::Act { jobs: Selection::All, action } => act_on_all(engine, action).await,
        Request::Act { jobs, action } => each(engine, &jobs, async |job| act(job, action).await).await,
        Request::Subscribe => Ok(Reply::no_connection()),
    };
    reply.unwrap_or_else(|error| Reply::Refused { error })
}

async fn described(jobs: Result<Vec<Job>, CommandError>) -> Result<Reply, CommandError> {
    let mut answers = Vec::new();
    for job in jobs? {
        answers.push(Answer::Job(Box::new(describe(&job).await?)));
    }
    Ok(Reply::Jobs { jobs: answers })
}

/// Calls `call` for one job after the other. An error of one does not affect the others.
async fn each(
    engine: &Engine,
    selection: &Selection,
    call: impl AsyncFn(&Job) -> Result<(), CommandError>,
) -> Result<Reply, CommandError> {
    let jobs = match selection {
        Selection::All => all(engine).await?.into_iter().map(|(name, job)| (name, Ok(job))).collect(),
        Selection::Named(names) => chosen(engine, names).await?,
    };
    Ok(Reply::Jobs { jobs: answers(jobs, call).await })
}

async fn answers(
    jobs: Vec<(String, Result<Job, CommandError>)>,
    call: impl AsyncFn(&Job) -> Result<(), CommandError>,
) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(jobs.len());
    for (name, job) in jobs {
        let changed = match job {
            Ok(job) => change(&job, &call).await,
            Err(error) => Err(error),
        };
        answers.push(match changed {
            Ok(view) => Answer::Job(Box::new(view)),
            Err(error) => Answer::Error(error.about(named(&name))),
        });
    }
    answers
}

/// The job after the call.
async fn change(job: &Job, call: impl AsyncFn(&Job) -> Result<(), CommandError>) -> Result<JobView, CommandError> {
    call(job).await?;
    Ok(describe(job).await?)
}

async fn act(job: &Job, action: Action) -> Result<(), CommandError> {
    match action {
        Action::Suspend => job.suspend().await?,
        Action::Resume => job.resume().await?,
        Action::Complete if job.state().await? != JobState::Transferred => return Err(unfinished(job).await?),
        Action::Complete | Action::CompletePartially => drop::<Completion>(job.complete().await?),
        Action::Cancel => drop(job.cancel().await?),
    }
    Ok(())
}

/// Acts on every job that the action applies to.
async fn act_on_all(engine: &Engine, action: Action) -> Result<Reply, CommandError> {
    let mut concerned = Vec::new();
    for (name, job) in all(engine).await? {
        let can = match action {
            Action::Complete => job.state().await? == JobState::Transferred,
            Action::Resume => job.progress().await?.files_total > 0,
            _ => true,
        };
        if can {
            concerned.push((name, Ok(job)));
        }
    }
    Ok(Reply::Jobs { jobs: answers(concerned, async |job| act(job, action).await).await })
}

/// An error instead of a completion that would drop the files which have not arrived.
async fn unfinished(job: &Job) -> Result<CommandError, Error> {
    let progress = job.progress().await?;
    Ok(CommandError::failed(format!(
        "{} of {} files are here; --partial names those and drops the others",
        progress.files_transferred, progress.files_total
    )))
}
