//! Requests, carried out by the engine.

mod add;
mod describe;
mod lookup;

use haul::{Completion, Error, Job, JobState};

use self::add::{add, create};
use self::describe::files;
use self::lookup::{all, chosen};
use crate::book::Book;
use crate::error::CommandError;
use crate::protocol::{Action, Answer, Reply, Request, Selection};
use crate::redaction::named;
use crate::view::JobView;

/// The reply to a request; errors are in it.
pub async fn execute(book: &Book, request: Request) -> Reply {
    let engine = book.engine();
    let reply = match request {
        Request::Create { jobs } => described(book, create(engine, &jobs).await).await,
        Request::Add { job, files } => described(book, add(engine, &job, &files).await.map(|job| vec![job])).await,
        Request::Describe { jobs } => each(book, &jobs, async |_| Ok(())).await,
        Request::Files { job, from } => files(engine, &job, from).await,
        Request::Set { jobs, settings } => each(book, &jobs, async |job| settings.apply(job).await).await,
        Request::Act { jobs: Selection::All, action } => act_on_all(book, action).await,
        Request::Act { jobs, action } => each(book, &jobs, async |job| act(book, job, action).await).await,
        Request::History => Ok(Reply::Finished { jobs: book.finished() }),
        Request::SetMaxRate { rate } => engine.set_max_rate(rate).await.map(|()| Reply::Done).map_err(Into::into),
        Request::Subscribe => Ok(Reply::no_connection()),
    };
    reply.unwrap_or_else(|error| Reply::Refused { error })
}

async fn described(book: &Book, jobs: Result<Vec<Job>, CommandError>) -> Result<Reply, CommandError> {
    let mut answers = Vec::new();
    for job in jobs? {
        answers.push(Answer::Job(Box::new(book.describe(&job).await?)));
    }
    Ok(Reply::Jobs { jobs: answers })
}

/// Calls `call` for one job after the other. An error of one does not affect the others.
async fn each(
    book: &Book,
    selection: &Selection,
    call: impl AsyncFn(&Job) -> Result<(), CommandError>,
) -> Result<Reply, CommandError> {
    let jobs = match selection {
        Selection::All => all(book.engine()).await?.into_iter().map(|(name, job)| (name, Ok(job))).collect(),
        Selection::Named(names) => chosen(book.engine(), names).await?,
    };
    Ok(Reply::Jobs { jobs: answers(book, jobs, call).await })
}

async fn answers(
    book: &Book,
    jobs: Vec<(String, Result<Job, CommandError>)>,
    call: impl AsyncFn(&Job) -> Result<(), CommandError>,
) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(jobs.len());
    for (name, job) in jobs {
        let changed = match job {
            Ok(job) => change(book, &job, &call).await,
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
async fn change(
    book: &Book,
    job: &Job,
    call: impl AsyncFn(&Job) -> Result<(), CommandError>,
) -> Result<JobView, CommandError> {
    call(job).await?;
    Ok(book.describe(job).await?)
}

async fn act(book: &Book, job: &Job, action: Action) -> Result<(), CommandError> {
    match action {
        Action::Suspend => job.suspend().await?,
        Action::Resume => job.resume().await?,
        Action::Complete if job.state().await? != JobState::Transferred => return Err(unfinished(job).await?),
        Action::Complete | Action::CompletePartially => drop::<Completion>(book.complete(job).await?),
        Action::NameFiles => job.name_files().await?,
        Action::Cancel => book.cancel(job).await?,
    }
    Ok(())
}

/// Acts on every job that the action applies to.
async fn act_on_all(book: &Book, action: Action) -> Result<Reply, CommandError> {
    let mut concerned = Vec::new();
    for (name, job) in all(book.engine()).await? {
        let can = match action {
            Action::Complete => job.state().await? == JobState::Transferred,
            Action::NameFiles => job.state().await? == JobState::Error,
            Action::Resume => job.progress().await?.files_total > 0,
            _ => true,
        };
        if can {
            concerned.push((name, Ok(job)));
        }
    }
    let act = async |job: &Job| act(book, job, action).await;
    Ok(Reply::Jobs { jobs: answers(book, concerned, act).await })
}

/// An error instead of a completion that would drop the files which have not arrived.
async fn unfinished(job: &Job) -> Result<CommandError, Error> {
    let progress = job.progress().await?;
    Ok(CommandError::failed(format!(
        "{} of {} files are here; --partial names those and drops the others",
        progress.files_transferred, progress.files_total
    )))
}
