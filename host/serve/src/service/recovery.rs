//! The first look at list and queue after a start.

use haul::{Error, JobState};

use super::Service;
use crate::book::{Entry, JobLink, List, Stage, State, Stop};

impl Service {
    /// Agrees with the queue on the state of each download. Those that had a place are the first to get one again.
    pub(super) async fn recover(&self) -> Result<(), String> {
        self.limit_rate().await.map_err(|error| error.to_string())?;
        let active: Vec<Entry> = self.book().listed(List::Active).cloned().collect();
        for (at, entry) in active.into_iter().enumerate() {
            self.put_at(Entry { state: State::Waiting, ..entry }, Some(at));
        }
        let linked: Vec<Entry> = self.book().entries().filter(|entry| entry.job.is_some()).cloned().collect();
        for entry in linked {
            self.recover_entry(entry).await.map_err(|error| error.to_string())?;
        }
        self.flush().await
    }

    async fn recover_entry(&self, mut entry: Entry) -> Result<(), Error> {
        let Some(JobLink { id, stage, foreign }) = entry.job.clone() else { return Ok(()) };
        match (self.queue.engine().job(&id).await, stage) {
            (Ok(job), _) => {
                // The queue runs its jobs by itself; the service starts those that have a place.
                let waits = !foreign && !matches!(entry.state, State::Active);
                if waits && job.state().await?.is_under_way() {
                    job.suspend().await?;
                }
                let is_transferred = job.state().await? == JobState::Transferred;
                let stage = if is_transferred { stage } else { Stage::Kept };
                entry.job = Some(JobLink { id, stage, foreign });
                self.put(entry);
            }
            // The job was never kept, so the download has not begun.
            (Err(Error::Failed(_)), Stage::Drafted) => {
                entry.job = None;
                self.put(entry);
            }
            (Err(Error::Failed(_)), Stage::Completing) => {
                entry.job = None;
                self.end(entry, Stop::Complete);
            }
            (Err(Error::Failed(_)), Stage::Kept) => self.lose(entry),
            (Err(error), _) => return Err(error),
        }
        Ok(())
    }
}
