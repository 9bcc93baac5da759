//! What a run does about what happens in the queue.

use std::collections::{BTreeMap, HashSet};

use haul::{Engine, Error, Event, Happening, Job, JobState, Subject};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::exit::Outcome;
use crate::jobs::board::Board;
use crate::jobs::execute::telling::view;
use crate::jobs::problem::Problem;
use crate::jobs::view::ErrorView;
use crate::progress::Loudness;
use crate::url::redact;

pub struct Driving {
    engine: Engine,
    events: Receiver<Event>,
    board: Board,
    /// Whether jobs whose files are here are completed.
    completes: bool,
    /// Jobs that go on by themselves.
    moving: HashSet<String>,
    /// What is wrong with those that do not.
    troubles: BTreeMap<String, Outcome>,
    /// Why the queue's file still holds a job that is over.
    unrecorded: Option<Outcome>,
    /// Retries are told of.
    verbose: bool,
}

/// Why a run ends.
pub enum End {
    Idle,
    Interrupted,
}

impl Driving {
    pub fn new(engine: Engine, loudness: Loudness, completes: bool) -> Self {
        let (events, board, verbose) = (engine.events(), Board::new(loudness), loudness.verbose > 0);
        let (moving, troubles) = (HashSet::new(), BTreeMap::new());
        Self { engine, events, board, completes, moving, troubles, unrecorded: None, verbose }
    }

    /// Follows what happens until no job goes on by itself; for ever where it `stays`.
    pub async fn until_nothing_moves(&mut self, stays: bool) -> Result<End, Problem> {
        self.look_at_all().await?;
        while stays || !self.moving.is_empty() {
            match self.events.recv().await {
                Ok(event) => self.follow(event).await?,
                Err(RecvError::Lagged(_)) => self.look_at_all().await?,
                Err(RecvError::Closed) => return Err(Error::Closed.into()),
            }
        }
        Ok(End::Idle)
    }

    /// Whether a job goes on by itself.
    pub async fn moves(&mut self) -> Result<bool, Problem> {
        self.look_at_all().await?;
        Ok(!self.moving.is_empty())
    }

    /// What the worst of the jobs has come to.
    pub fn outcome(&self) -> Outcome {
        self.troubles.values().chain(&self.unrecorded).copied().max().unwrap_or(Outcome::AllTransferred)
    }

    /// Takes the bars away.
    pub fn clear(&mut self) {
        self.board.clear();
    }

    pub fn say(&self, line: &str) {
        self.board.display().say(line);
    }

    async fn look_at_all(&mut self) -> Result<(), Error> {
        let jobs = self.engine.jobs(true).await?.rest().await?;
        let ids: HashSet<_> = jobs.iter().map(|job| job.id().to_owned()).collect();
        self.board.keep(|id| ids.contains(id));
        self.moving.retain(|id| ids.contains(id));
        self.troubles.retain(|id, _| ids.contains(id));
        for job in &jobs {
            self.look_at(job).await?;
        }
        Ok(())
    }

    async fn follow(&mut self, event: Event) -> Result<(), Error> {
        let Some(id) = event.subject.job() else { return Ok(()) };
        match &event.what {
            Happening::Changed => match self.engine.job(id).await {
                Ok(job) => self.look_at(&job).await?,
                Err(Error::Failed(_)) => self.let_go(id),
                Err(error) => return Err(error),
            },
            Happening::Retrying { cause, after } if self.verbose => {
                self.mention(&event, &format!("{}; again in {:.1} s", cause.description, after.as_secs_f64())).await;
            }
            Happening::Restarted(reason) => self.mention(&event, &format!("starting over: {reason}")).await,
            Happening::SourceDropped { url, cause } => {
                self.mention(&event, &format!("leaving {}: {}", redact(url), cause.description)).await;
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes note of what a job has become, and completes it where all of it is here.
    async fn look_at(&mut self, job: &Job) -> Result<(), Error> {
        let mut seen = view(job).await?;
        let id = job.id();
        if self.completes && job.state().await? == JobState::Transferred && !self.troubles.contains_key(id) {
            match job.complete().await {
                Ok(_) => seen = view(job).await?,
                Err(Error::Failed(failure)) => {
                    let error = ErrorView::of(&failure);
                    if view(job).await?.is_over() {
                        self.unrecorded = self.unrecorded.max(Some(error.outcome));
                    }
                    seen.error = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        self.board.show(&seen);
        if seen.is_under_way() {
            self.moving.insert(id.into());
            self.troubles.remove(id);
            return Ok(());
        }
        self.moving.remove(id);
        if let Some(error) = &seen.error {
            self.troubles.insert(id.into(), error.outcome);
        }
        if seen.is_over() {
            self.let_go(id);
        }
        Ok(())
    }

    fn let_go(&mut self, id: &str) {
        self.moving.remove(id);
        self.troubles.remove(id);
        self.board.keep(|known| known != id);
    }

    /// Says what happened to a job, or to a file of one.
    async fn mention(&self, event: &Event, remark: &str) {
        let (Some(id), display) = (event.subject.job(), self.board.display()) else { return };
        let file = match event.subject {
            Subject::File { index, .. } => {
                self.path(id, index).await.map_or_else(String::new, |path| format!("{path}: "))
            }
            _ => String::new(),
        };
        display.mention(&format!("{}: {file}{remark}", self.board.title(id)));
    }

    async fn path(&self, job: &str, index: u32) -> Option<String> {
        let file = self.engine.job(job).await.ok()?.describe_files(index, 1).await.ok()?.pop()?;
        Some(file.local_name?.display().to_string())
    }
}
