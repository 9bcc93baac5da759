//! The driver of a run: it follows the queue, completes jobs and detects that none continues.

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use haul::{Error, Failure, Job, JobState};
use haul_queue::{Cause, Change, CommandError, ErrorView, Event, JobView, Outcome, Queue, Subscription};
use serde::Serialize;

use crate::get::reason;
use crate::jobs::live::Live;
use crate::progress::{Loudness, Wait};
use crate::report;

pub struct Driver {
    queue: Queue,
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
    /// Whether retries are mentioned.
    verbose: bool,
    json: bool,
    /// Bytes of a job at its last failed attempt, and the failed attempts since then.
    retries: BTreeMap<String, (u64, u32)>,
}

/// A line of JSON about a file of a job.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Retry { job: &'a str, path: Option<String>, error: &'a Cause, seconds: f64, asked: bool },
    Restart { job: &'a str, path: Option<String>, reason: &'a str },
}

/// The reason a run ends.
pub enum End {
    Idle,
    Interrupted,
}

impl Driver {
    pub fn new(queue: &Queue, loudness: Loudness, completes: bool) -> Self {
        let (json, events) = (loudness.json, queue.subscribe());
        let (live, verbose) = (Live::new(loudness), loudness.verbose > 0);
        let (moving, troubles) = (HashSet::new(), BTreeMap::new());
        let (queue, retries) = (queue.clone(), BTreeMap::new());
        Self { queue, events, live, completes, moving, troubles, unrecorded: None, verbose, json, retries }
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
        let jobs = self.queue.engine().jobs(true).await?.rest().await?;
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
            Change::Changed => match self.queue.engine().job(id).await {
                Ok(job) => self.look_at(&job).await?,
                Err(Error::Failed(_)) => self.let_go(id),
                Err(error) => return Err(error),
            },
            Change::Retrying { cause, after, asked } => {
                let attempt = self.count_retry(id).await?;
                let until = Instant::now() + after;
                self.live.wait(id, Wait { reason: reason(&cause), attempt, attempts: None, until, asked });
                if self.json {
                    let (path, seconds) = (self.path(id, file).await, after.as_secs_f64());
                    report::print(&Line::Retry { job: id, path, error: &cause, seconds, asked });
                }
                if self.verbose {
                    let remark = format!("{}; again in {:.1} s", cause.message, after.as_secs_f64());
                    self.mention(id, file, &remark).await;
                }
            }
            Change::Restarted { reason } => {
                if self.json {
                    report::print(&Line::Restart { job: id, path: self.path(id, file).await, reason: &reason });
                }
                self.mention(id, file, &format!("starting over: {reason}")).await;
            }
            Change::SourceDropped { url, cause } => {
                self.mention(id, file, &format!("leaving {url}: {}", cause.message)).await;
            }
            _ => {}
        }
        Ok(())
    }

    /// Shows and records the state of a job, and completes a transferred one.
    async fn look_at(&mut self, job: &Job) -> Result<(), Error> {
        let mut seen = self.queue.describe(job).await?;
        let id = job.id();
        if let Some(ended) = self.give_names(job, &seen).await? {
            match ended {
                Ok(()) => seen = self.queue.describe(job).await?,
                Err(failure) => {
                    let error = ErrorView::of(&failure);
                    if self.queue.describe(job).await?.is_over() {
                        self.unrecorded = self.unrecorded.max(Some(error.cause.outcome));
                    }
                    seen.error = Some(error);
                }
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
            self.troubles.insert(id.into(), error.cause.outcome);
        }
        if seen.is_over() {
            self.let_go(id);
        }
        Ok(())
    }

    /// Completes a transferred job. A job that kept going after a failure keeps the files that failed; the others get their names.
    async fn give_names(&self, job: &Job, seen: &JobView) -> Result<Option<Result<(), Failure>>, Error> {
        let ended = match job.state().await? {
            _ if !self.completes || self.troubles.contains_key(job.id()) => return Ok(None),
            JobState::Transferred => self.queue.complete(job).await.map(drop),
            JobState::Error if seen.keep_going && seen.files_transferred > 0 => job.name_files().await,
            _ => return Ok(None),
        };
        match ended {
            Ok(()) => Ok(Some(Ok(()))),
            Err(Error::Failed(failure)) => Ok(Some(Err(failure))),
            Err(error) => Err(error),
        }
    }

    /// Counts a failed attempt; returns its number since the last byte of the job.
    async fn count_retry(&mut self, id: &str) -> Result<u32, Error> {
        let bytes = match self.queue.engine().job(id).await {
            Ok(job) => job.progress().await?.bytes_transferred,
            Err(_) => 0,
        };
        let (at, attempts) = self.retries.entry(id.into()).or_default();
        *attempts = if *at == bytes { attempts.saturating_add(1) } else { 1 };
        *at = bytes;
        Ok(*attempts)
    }

    fn let_go(&mut self, id: &str) {
        self.retries.remove(id);
        self.moving.remove(id);
        self.troubles.remove(id);
        self.live.keep(|known| known != id);
    }

    /// Prints a remark about a job, or about a file of one.
    async fn mention(&self, id: &str, file: Option<u32>, remark: &str) {
        let file = self.path(id, file).await.map_or_else(String::new, |path| format!("{path}: "));
        self.live.display().mention(&format!("{}: {file}{remark}", self.live.title(id)));
    }

    async fn path(&self, job: &str, file: Option<u32>) -> Option<String> {
        let file = self.queue.engine().job(job).await.ok()?.describe_files(file?, 1).await.ok()?.pop()?;
        Some(file.local_name?.display().to_string())
    }
}
