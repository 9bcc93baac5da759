//! What the engine does for a request.

mod adding;
mod naming;
pub mod telling;

use haul::{Completion, Engine, Error, Job, JobState};

use self::adding::{add, create};
use self::naming::{all, chosen};
use self::telling::{files, view};
use super::problem::Problem;
use super::protocol::{Action, Reply, Request, Selection, Told};
use super::view::JobView;

pub async fn execute(engine: &Engine, request: Request) -> Reply {
    let answer = match request {
        Request::Create { jobs } => views(create(engine, &jobs).await).await,
        Request::Add { job, files } => views(add(engine, &job, &files).await.map(|job| vec![job])).await,
        Request::Describe { jobs } => each(engine, &jobs, async |_| Ok(())).await,
        Request::Files { job, from } => files(engine, &job, from).await,
        Request::Set { jobs, settings } => each(engine, &jobs, async |job| settings.apply(job).await).await,
        Request::Act { jobs: Selection::All, action } => act_on_all(engine, action).await,
        Request::Act { jobs, action } => each(engine, &jobs, async |job| act(job, action).await).await,
    };
    answer.unwrap_or_else(|problem| Reply::Refused { problem })
}

async fn views(jobs: Result<Vec<Job>, Problem>) -> Result<Reply, Problem> {
    let mut views = Vec::new();
    for job in jobs? {
        views.push(Told::Job(Box::new(view(&job).await?)));
    }
    Ok(Reply::Jobs { jobs: views })
}

/// The same for several jobs, one after the other: one that fails does not keep it from the others.
async fn each(
    engine: &Engine,
    selection: &Selection,
    call: impl AsyncFn(&Job) -> Result<(), Problem>,
) -> Result<Reply, Problem> {
    let jobs = match selection {
        Selection::All => all(engine).await?.into_iter().map(|(name, job)| (name, Ok(job))).collect(),
        Selection::Named(names) => chosen(engine, names).await?,
    };
    Ok(Reply::Jobs { jobs: tell(jobs, call).await })
}

async fn tell(jobs: Vec<(String, Result<Job, Problem>)>, call: impl AsyncFn(&Job) -> Result<(), Problem>) -> Vec<Told> {
    let mut told = Vec::with_capacity(jobs.len());
    for (name, job) in jobs {
        let done = match job {
            Ok(job) => afterwards(&job, &call).await,
            Err(problem) => Err(problem),
        };
        told.push(match done {
            Ok(view) => Told::Job(Box::new(view)),
            Err(problem) => Told::Problem(problem.about(name)),
        });
    }
    told
}

/// The job after a call.
async fn afterwards(job: &Job, call: impl AsyncFn(&Job) -> Result<(), Problem>) -> Result<JobView, Problem> {
    call(job).await?;
    Ok(view(job).await?)
}

async fn act(job: &Job, action: Action) -> Result<(), Problem> {
    match action {
        Action::Suspend => job.suspend().await?,
        Action::Resume => job.resume().await?,
        Action::Complete if job.state().await? != JobState::Transferred => return Err(unfinished(job).await?),
        Action::Complete | Action::CompletePartially => drop::<Completion>(job.complete().await?),
        Action::Cancel => drop(job.cancel().await?),
    }
    Ok(())
}

/// What all jobs are asked to do is done by those that can.
async fn act_on_all(engine: &Engine, action: Action) -> Result<Reply, Problem> {
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
    Ok(Reply::Jobs { jobs: tell(concerned, async |job| act(job, action).await).await })
}

/// Who completes a job too early loses what is not here yet.
async fn unfinished(job: &Job) -> Result<Problem, Error> {
    let progress = job.progress().await?;
    Ok(Problem::failed(format!(
        "{} of {} files are here; --partial names those and drops the others",
        progress.files_transferred, progress.files_total
    )))
}
