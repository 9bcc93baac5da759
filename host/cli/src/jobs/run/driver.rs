//! The driver of a run: it follows the queue, completes jobs and detects that none continues.

use std::collections::{BTreeMap, HashSet};

use haul::{Engine, Error, Job, JobState};
use haul_queue::{Change, CommandError, ErrorView, Event, Outcome, Queue, Subscription, describe};

use crate::jobs::live::Live;
use crate::progress::Loudness;

pub struct Driver {
    engine: Engine,
    events: Subscription,
    live: Live,
    /// Whether transferred jobs are completed.
    completes: bool,
    /// Jobs that continue without a request.
    moving: HashSet<String>,
    /// The outcomes of jobs that do not.
    troubles: BTreeMap<String, Outcome>,
    /// The outcome if the queue's file still holds a job that is over.
    unrecorded: Option<Outcome>,
    /// Whether retries are shown.
    verbose: bool,
}

/// The reason a run ends.
pub enum End {
    Idle,
    Interrupted,
}

impl Driver {
    pub fn new(queue: &Queue, loudness: Loudness, completes: bool) -> Self {
        let (engine, events) = (queue.engine().clone(), queue.subscribe());
        let (live, verbose) = (Live::new(loudness), loudness.verbose > 0);
        let (moving, troubles) = (HashSet::new(), BTreeMap::new());
        Self { engine, events, live, completes, moving, troubles, unrecorded: None, verbose }
    }

    /// Follows the queue until no job continues without a request; for ever if it `stays`.
    pub async fn until_nothing_moves(&mut self, stays: bool) -> Result<End, CommandError> {
        self.look_at_all().await?;
        while stays || !self.moving.is_empty() {
            match self.events.next().await {
                Some(Event::Job { job, file, change }) => self.follow(&job, file, change).await?,
                Some(Event::Missed { .. }) => self.look_at_all().await?,
                None => return Err(Error::Closed.into()),
            }
        }
        Ok(End::Idle)
    }

    /// Whether a job continues without a request.
    pub async fn moves(&mut self) -> Result<bool, CommandError> {
        self.look_at_all().await?;
        Ok(!self.moving.is_empty())
    }

    /// The worst outcome of the jobs.
    pub fn outcome(&self) -> Outcome {
        self.troubles.values().chain(&self.unrecorded).copied().max().unwrap_or(Outcome::AllTransferred)
    }

    /// Removes the bars.
    pub fn clear(&mut self) {
        self.live.clear();
    }

    pub fn say(&self, line: &str) {
        self.live.display().say(line);
    }

    async fn look_at_all(&mut self) -> Result<(), Error> {
        let jobs = self.engine.jobs(true).await?.rest().await?;
        let ids: HashSet<_> = jobs.iter().map(|job| job.id().to_owned()).collect();
        self.live.keep(|id| ids.contains(id));
        self.moving.retain(|id| ids.contains(id));
        self.troubles.retain(|id, _| ids.contains(id));
        for job in &jobs {
            self.look_at(job).await?;
        }
        Ok(())
    }

    async fn follow(&mut self, id: &str, file: Option<u32>, change: Change) -> Result<(), Error> {
        match change {
            Change::Changed => match self.engine.job(id).await {
                Ok(job) => self.look_at(&job).await?,
                Err(Error::Failed(_)) => self.let_go(id),
                Err(error) => return Err(error),
            },
            Change::Retrying { cause, after } if self.verbose => {
                let remark = format!("{}; again in {:.1} s", cause.message, after.as_secs_f64());
                self.mention(id, file, &remark).await;
            }
            Change::Restarted { reason } => self.mention(id, file, &format!("starting over: {reason}")).await,
            Change::SourceDropped { url, cause } => {
                self.mention(id, file, &format!("leaving {url}: {}", cause.message)).await;
            }
            _ => {}
        }
        Ok(())
    }

    /// Shows and records the state of a job, and completes a transferred one.
    async fn look_at(&mut self, job: &Job) -> Result<(), Error> {
        let mut seen = describe(job).await?;
        let id = job.id();
        if self.completes && job.state().await? == JobState::Transferred && !self.troubles.contains_key(id) {
            match job.complete().await {
                Ok(_) => seen = describe(job).await?,
                Err(Error::Failed(failure)) => {
                    let error = ErrorView::of(&failure);
                    if describe(job).await?.is_over() {
                        self.unrecorded = self.unrecorded.max(Some(error.outcome));
                    }
                    seen.error = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        self.live.show(&seen);
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
        self.live.keep(|known| known != id);
    }

    /// Prints a remark about a job, or about a file of one.
    async fn mention(&self, id: &str, file: Option<u32>, remark: &str) {
        let file = match file {
            Some(index) => self.path(id, index).await.map_or_else(String::new, |path| format!("{path}: ")),
            None => String::new(),
        };
        self.live.display().mention(&format!("{}: {file}{remark}", self.live.title(id)));
    }

    async fn path(&self, job: &str, index: u32) -> Option<String> {
        let file = self.engine.job(job).await.ok()?.describe_files(index, 1).await.ok()?.pop()?;
        Some(file.local_name?.display().to_string())
    }
}
