//! The queue of the worker's machine: its ledger has the tasks, and its journals the bytes, that survive the worker.

use std::collections::BTreeMap;
use std::path::Path;

use haul::{Builder, Engine, Policy};
use haul_queue::{Action, Answer, CommandError, JobView, NewFile, NewJob, Queue, Request, Selection, Settings};

use crate::error::Error;

/// The local jobs of one fleet queue.
pub struct Local {
    pub queue: Queue,
    prefix: String,
}

impl Local {
    /// Opens the local queue in `state`, which may write below `directory` only. All its jobs are suspended: their leases may be lost.
    pub async fn open(state: &Path, directory: &Path, files: u32, fleet: &str) -> Result<Self, Error> {
        let builder = Engine::builder().policy(Policy::allow_all()).grant(directory).state_directory(state);
        // An engine that runs no file, to suspend the jobs before any of them moves a byte.
        let idle = open(builder.clone().max_running(0), state).await?;
        let everything = Request::Act { jobs: Selection::All, action: Action::Suspend };
        let suspended = idle.execute(everything).await.jobs();
        idle.close().await;
        suspended?;
        let queue = open(builder.max_running(files), state).await?;
        Ok(Self { queue, prefix: format!("fleet {fleet} ") })
    }

    /// The ids of the local jobs, by those of the fleet's jobs.
    pub async fn kept(&self) -> Result<BTreeMap<String, String>, Error> {
        let answers = self.queue.execute(Request::Describe { jobs: Selection::All }).await.jobs()?;
        let kept = answers.into_iter().filter_map(|answer| match answer {
            Answer::Job(view) => Some((view.display_name.strip_prefix(&self.prefix)?.to_owned(), view.id.clone())),
            Answer::Error(_) => None,
        });
        Ok(kept.collect())
    }

    /// Creates a suspended job. Returns its id.
    pub async fn create(&self, job: &str, settings: Settings, files: Vec<NewFile>) -> Result<String, CommandError> {
        let settings = Settings { display_name: Some(format!("{}{job}", self.prefix)), ..settings };
        let jobs = vec![NewJob { settings, files, resume: false }];
        one(self.queue.execute(Request::Create { jobs }).await.jobs()?).map(|view| view.id)
    }

    pub async fn set(&self, id: &str, settings: Settings) -> Result<(), CommandError> {
        let jobs = Selection::Named(vec![id.into()]);
        one(self.queue.execute(Request::Set { jobs, settings }).await.jobs()?).map(drop)
    }

    pub async fn act(&self, id: &str, action: Action) -> Result<JobView, CommandError> {
        let jobs = Selection::Named(vec![id.into()]);
        one(self.queue.execute(Request::Act { jobs, action }).await.jobs()?)
    }

    /// The job; `None` if it is gone.
    pub async fn describe(&self, id: &str) -> Result<Option<JobView>, CommandError> {
        let jobs = Selection::Named(vec![id.into()]);
        Ok(one(self.queue.execute(Request::Describe { jobs }).await.jobs()?).ok())
    }
}

async fn open(builder: Builder, state: &Path) -> Result<Queue, Error> {
    let opened = builder.open().await.map_err(|error| {
        let state = state.display();
        match &error {
            haul::Error::Failed(failure) if failure.name == "ERROR_SHARING_VIOLATION" => CommandError::failed(format!(
                "another process has the state directory {state}; each worker needs one of its own, see --state-dir"
            )),
            _ => CommandError::from(error).about(format!("the local queue in {state}")),
        }
    })?;
    Ok(Queue::new(opened))
}

fn one(answers: Vec<Answer>) -> Result<JobView, CommandError> {
    match answers.into_iter().next() {
        Some(Answer::Job(view)) => Ok(*view),
        Some(Answer::Error(error)) => Err(error),
        None => Err(CommandError::failed("the local queue has not answered")),
    }
}
