//! The service's task: it follows the engine, completes downloads, and gives places to others.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use haul::{Error, Failure, Job, JobDescription, JobState};
use haul_queue::{Event, Subscription};

use super::{Notice, Service, error_code};
use crate::book::{Entry, JobLink, Stage, State, Stop};
use crate::gid::Gid;

/// Time until a list that could not be saved is saved again, so that a full disk does not make the daemon spin.
const RETRY: Duration = Duration::from_secs(5);

impl Service {
    /// Follows the engine until it closes. `events` must be older than the first look at any job.
    pub async fn run(&self, mut events: Subscription) {
        self.look_at_all().await;
        loop {
            while self.start_next().await {
                self.save().await;
            }
            self.save().await;
            tokio::select! {
                event = events.next() => match event {
                    Some(Event::Job { job, .. }) => self.look_at(&job).await,
                    Some(Event::Missed { .. }) => self.look_at_all().await,
                    None => return,
                },
                () = self.work.notified() => {}
            }
        }
    }

    /// Saves the list, for changes that no request waits for.
    async fn save(&self) {
        if let Err(error) = self.flush().await {
            tracing::error!("{error}");
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Looks at the jobs of the queue and of the list.
    pub(super) async fn look_at_all(&self) {
        let mut ids: HashSet<String> =
            self.book().entries().filter_map(|entry| entry.job_id().map(Into::into)).collect();
        match self.queue.engine().jobs(true).await {
            Ok(jobs) => match jobs.rest().await {
                Ok(jobs) => ids.extend(jobs.iter().map(|job| job.id().to_owned())),
                Err(error) => tracing::error!("the queue cannot be listed: {error}"),
            },
            Err(error) => tracing::error!("the queue cannot be listed: {error}"),
        }
        for id in ids {
            self.look_at(&id).await;
        }
    }

    /// Brings the list up to date with a job.
    async fn look_at(&self, id: &str) {
        let _changes = self.lock().await;
        let known = self.book().of_job(id).cloned();
        let looked = match self.queue.engine().job(id).await {
            Ok(job) => self.compare(&job, known).await,
            // The job is over, and not by the service, which would have said so in the list.
            Err(Error::Failed(_)) => {
                known.into_iter().for_each(|entry| self.lose(entry));
                Ok(())
            }
            Err(error) => Err(error),
        };
        match looked {
            Ok(()) | Err(Error::Closed | Error::Failed(_)) => {}
            Err(error) => tracing::error!(job = id, "the job cannot be read: {error}"),
        }
    }

    async fn compare(&self, job: &Job, known: Option<Entry>) -> Result<(), Error> {
        let description = job.describe().await?;
        let entry = match known {
            Some(entry) => entry,
            None => match self.adopt(job, &description).await? {
                Some(entry) => entry,
                None => return Ok(()),
            },
        };
        let gid = entry.gid;
        self.record(job, &entry, &description).await?;
        match (description.state, &entry.state) {
            // The result of a stopped download changes only if a user adds it again.
            (JobState::Transferred | JobState::Error, State::Stopped(_)) => {}
            (JobState::Transferred, _) => self.complete(job, entry).await?,
            (JobState::Acknowledged | JobState::Cancelled, _) => self.lose(entry),
            (JobState::Error, _) => {
                if let Some(error) = description.error {
                    self.fail(entry, &error.cause).await;
                }
            }
            // It has a place, and is about to be resumed.
            (JobState::Suspended, State::Active) if self.starting.borrow().contains(&gid) => {}
            // Another client suspended or resumed the job.
            (JobState::Suspended, State::Active) => {
                self.notify(Notice::Pause, gid);
                self.put_at(Entry { state: State::Paused, ..entry }, Some(0));
                self.work.notify_one();
            }
            (state, State::Waiting | State::Paused | State::Stopped(_)) if state.is_under_way() => {
                self.notify(Notice::Start, gid);
                self.put(Entry { state: State::Active, ..entry });
            }
            _ => {}
        }
        Ok(())
    }

    /// Records the bytes of a job, and their source.
    async fn record(&self, job: &Job, entry: &Entry, description: &JobDescription) -> Result<(), Error> {
        if entry.state != State::Active {
            return Ok(());
        }
        let stats = match job.files().await?.next(1).await?.pop() {
            Some(file) => Some(file.stats().await?),
            None => None,
        };
        let mut all = self.progress.borrow_mut();
        let progress = all.entry(entry.gid).or_default();
        progress.record(Instant::now(), description.progress.bytes_transferred);
        progress.total = description.progress.bytes_total;
        if let Some(stats) = stats {
            (progress.connections, progress.source) = (stats.http_connection_count, stats.source_url);
        }
        Ok(())
    }

    /// Takes the job of another client into the list.
    async fn adopt(&self, job: &Job, description: &JobDescription) -> Result<Option<Entry>, Error> {
        if description.state.is_over() {
            return Ok(None);
        }
        let named = Gid::of_job(job.id()).filter(|gid| self.book().entry(*gid).is_none());
        let Some(gid) = named.or_else(|| self.unused_gid().ok()) else { return Ok(None) };
        let files = job.describe_files(0, 1).await?;
        let Some(first) = files.into_iter().next() else { return Ok(None) };
        let mut entry = Entry::new(gid, first.remote_name.into_iter().collect(), crate::options::Options::new());
        entry.path = first.local_name;
        entry.job = Some(JobLink { id: job.id().into(), stage: Stage::Kept, foreign: true });
        entry.bytes = description.progress.bytes_transferred;
        entry.total = description.progress.bytes_total;
        entry.state = if description.state == JobState::Suspended { State::Paused } else { State::Waiting };
        self.put(entry.clone());
        Ok(Some(entry))
    }

    /// Gives the file of a download its name.
    pub(super) async fn complete(&self, job: &Job, mut entry: Entry) -> Result<(), Error> {
        let gid = entry.gid;
        let response = match job.files().await?.next(1).await?.pop() {
            Some(file) => file.response_headers().await.unwrap_or_default(),
            None => String::new(),
        };
        let description = job.describe().await?;
        entry.bytes = description.progress.bytes_transferred;
        entry.total = description.progress.bytes_total.or(Some(entry.bytes));
        if let Some(link) = &mut entry.job {
            link.stage = Stage::Completing;
        }
        self.put(entry.clone());
        // Without this record, a restart would take the completed job for a cancelled one.
        if let Err(error) = self.flush().await {
            tracing::error!("{error}");
            return Ok(());
        }
        match job.complete().await {
            Ok(_) => {}
            Err(Error::Failed(failure)) => {
                if let Some(link) = &mut entry.job {
                    link.stage = Stage::Kept;
                }
                self.fail(entry, &failure).await;
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        entry.job = None;
        self.follow_document(&mut entry, &response).await;
        self.notify(Notice::Complete, gid);
        self.end(entry, Stop::Complete);
        self.forget_surplus().await;
        Ok(())
    }

    /// The download failed. Its job stays, so that a new download to the same path goes on with it.
    async fn fail(&self, entry: Entry, failure: &Failure) {
        let stop = Stop::Error { code: error_code::of(failure), message: error_code::sentence(failure) };
        self.notify(Notice::Error, entry.gid);
        self.end(entry, stop);
        self.forget_surplus().await;
    }

    /// The job of a download is gone, because another client completed or cancelled it.
    pub(super) fn lose(&self, mut entry: Entry) {
        let was_active = entry.state == State::Active;
        let was_stopped = entry.is_stopped();
        entry.job = None;
        if was_stopped {
            self.put(entry);
            return;
        }
        let gid = entry.gid;
        let is_here = entry.path.as_deref().is_some_and(|path| self.folders.is_taken(path));
        let stop = if is_here { Stop::Complete } else { Stop::Removed };
        if was_active {
            self.notify(if is_here { Notice::Complete } else { Notice::Stop }, gid);
        }
        self.end(entry, stop);
    }
}
