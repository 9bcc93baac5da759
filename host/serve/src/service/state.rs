//! Pause, continuation and removal.

use super::{Notice, Refusal, Service};
use crate::book::{Change, Entry, List, State, Stop};
use crate::gid::Gid;

impl Service {
    /// Pauses a download. An active one goes to the front of the queue.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] if it is paused already, or stopped.
    pub async fn pause(&self, gid: Gid) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let entry = self.entry(gid).ok_or(Refusal::State)?;
        self.pause_entry(entry).await
    }

    async fn pause_entry(&self, mut entry: Entry) -> Result<(), Refusal> {
        let at = match entry.state {
            State::Active => Some(0),
            State::Waiting => None,
            State::Paused | State::Stopped(_) => return Err(Refusal::State),
        };
        if at.is_some() {
            self.suspend(&entry).await?;
            self.notify(Notice::Pause, entry.gid);
            self.keep_progress(&mut entry);
            self.work.notify_one();
        }
        entry.state = State::Paused;
        self.put_at(entry, at);
        Ok(())
    }

    /// Pauses every download that is not stopped.
    ///
    /// # Errors
    ///
    /// The engine's, of the first download that could not be paused. The others are paused.
    pub async fn pause_all(&self) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let mut failed = Ok(());
        // The active ones come to the front one after the other, so the first one comes last.
        let chosen = |list, state: State| -> Vec<Entry> {
            self.book().listed(list).rev().filter(|entry| entry.state == state).cloned().collect()
        };
        for entry in chosen(List::Waiting, State::Waiting).into_iter().chain(chosen(List::Active, State::Active)) {
            failed = failed.and(self.pause_entry(entry).await);
        }
        failed
    }

    /// Lets a paused download wait for a place.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] if it is not paused.
    pub async fn unpause(&self, gid: Gid) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let mut entry = self.entry(gid).filter(|entry| entry.state == State::Paused).ok_or(Refusal::State)?;
        entry.state = State::Waiting;
        self.put(entry);
        self.work.notify_one();
        Ok(())
    }

    /// Lets all paused downloads wait for a place.
    pub async fn unpause_all(&self) {
        let _changes = self.lock().await;
        let is_paused = |entry: &&Entry| entry.state == State::Paused;
        let paused: Vec<Entry> = self.book().listed(List::Waiting).filter(is_paused).cloned().collect();
        for entry in paused {
            self.put(Entry { state: State::Waiting, ..entry });
        }
        self.work.notify_one();
    }

    /// Removes a download. An active one is kept as a result, and so is its partial file until the result is removed: a new download to
    /// the same path goes on with it. Of any other one nothing is left.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] if it is stopped.
    pub async fn remove(&self, gid: Gid) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let mut entry = self.entry(gid).filter(|entry| !entry.is_stopped()).ok_or(Refusal::State)?;
        if entry.state == State::Active {
            self.suspend(&entry).await?;
            self.keep_progress(&mut entry);
            self.notify(Notice::Stop, gid);
            self.end(entry, Stop::Removed);
            self.forget_surplus().await;
            return Ok(());
        }
        self.forget(&entry).await
    }

    /// Removes the result of a stopped download, and the partial file of one that failed or was removed.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] if it is not stopped.
    pub async fn remove_result(&self, gid: Gid) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let entry = self.entry(gid).filter(Entry::is_stopped).ok_or(Refusal::State)?;
        self.forget(&entry).await
    }

    /// Removes the results of all stopped downloads.
    ///
    /// # Errors
    ///
    /// The engine's, of the first download that could not be removed. The others are removed.
    pub async fn purge(&self) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let stopped: Vec<Entry> = self.book().listed(List::Stopped).cloned().collect();
        let mut failed = Ok(());
        for entry in stopped {
            failed = failed.and(self.forget(&entry).await);
        }
        failed
    }

    /// Removes a download in any state, its result and its file, finished or not.
    ///
    /// # Errors
    ///
    /// In words, if the file cannot be removed; the download stays in the list then.
    pub async fn delete(&self, gid: Gid) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let entry = self.entry(gid).ok_or(Refusal::State)?;
        if let (State::Stopped(Stop::Complete), Some(path)) = (&entry.state, &entry.path) {
            self.folders.remove(path).map_err(Refusal::Sentence)?;
        }
        if entry.state == State::Active {
            self.notify(Notice::Stop, gid);
            self.work.notify_one();
        }
        self.forget(&entry).await
    }

    /// Removes the oldest results beyond the most that are kept.
    pub(super) async fn forget_surplus(&self) {
        for gid in self.surplus() {
            let Some(entry) = self.entry(gid) else { continue };
            if let Err(refusal) = self.forget(&entry).await {
                tracing::warn!(%gid, ?refusal, "an old result cannot be removed");
                return;
            }
        }
    }

    /// Cancels the job of a download, which removes its partial file, and forgets the download.
    async fn forget(&self, entry: &Entry) -> Result<(), Refusal> {
        // If the process dies in between, the list has a download whose job is missing, which the next start reads as removed. The other
        // order could leave a job without a download.
        if let Some(id) = entry.job_id() {
            match self.queue.engine().job(id).await {
                Ok(job) => {
                    if let Err(error) = job.cancel().await
                        && !job.state().await.is_ok_and(haul::JobState::is_over)
                    {
                        return Err(Refusal::Sentence(error.to_string()));
                    }
                }
                Err(haul::Error::Failed(_)) => {}
                Err(error) => return Err(Refusal::Sentence(error.to_string())),
            }
        }
        self.progress.borrow_mut().remove(&entry.gid);
        self.change(Change::Forget(entry.gid));
        Ok(())
    }

    pub(super) async fn suspend(&self, entry: &Entry) -> Result<(), Refusal> {
        let Some(id) = entry.job_id() else { return Ok(()) };
        let suspended = match self.queue.engine().job(id).await {
            Ok(job) => job.suspend().await,
            Err(error) => Err(error),
        };
        suspended.map_err(|error| Refusal::Sentence(error.to_string()))
    }

    fn keep_progress(&self, entry: &mut Entry) {
        if let Some(progress) = self.progress.borrow_mut().get_mut(&entry.gid) {
            progress.connections = 0;
            entry.bytes = progress.bytes().unwrap_or(entry.bytes);
            entry.total = progress.total.or(entry.total);
        }
    }
}
