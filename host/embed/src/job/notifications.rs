//! Whose callback hears of which job, and what it is still to be told.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::{Job, JobState};
use crate::engine::{Gone, Instance};
use crate::error::Error;

/// What a callback is still to be told of one job. A job that has any is to be looked at: it may be over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    pub transferred: bool,
    pub error: bool,
    pub modification: bool,
    /// The job is not this listener's any more.
    pub removed: bool,
}

impl Due {
    /// What of it is still so; `None` where the job is not this listener's any more.
    pub async fn still(self, job: &Job) -> Result<Option<Self>, Error> {
        if self.removed || !job.is_own().await? {
            return Ok(None);
        }
        let state = job.state().await?;
        Ok(Some(Self {
            transferred: self.transferred && state == JobState::Transferred,
            error: self.error && state == JobState::Error,
            ..self
        }))
    }
}

/// What one listener is still to be told of its jobs. What happens twice before it looks is told once, so that nothing is lost.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    due: Mutex<BTreeMap<String, Due>>,
    filled: Notify,
}

impl Mailbox {
    fn post(&self, job: &str, add: impl FnOnce(&mut Due)) {
        add(locked(&self.due).entry(job.into()).or_default());
        self.filled.notify_one();
    }

    /// The next job that there is something to tell of. There is one listener.
    pub async fn next(&self) -> (String, Due) {
        loop {
            if let Some(due) = locked(&self.due).pop_first() {
                return due;
            }
            self.filled.notified().await;
        }
    }
}

/// The listener of each job, the one that was set last.
#[derive(Debug, Default)]
pub(crate) struct Notifications(Mutex<HashMap<String, Arc<Mailbox>>>);

impl Notifications {
    /// Adds to what the listener of a job is to be told.
    pub fn post(&self, job: &str, add: impl FnOnce(&mut Due)) {
        if let Some(mailbox) = locked(&self.0).get(job) {
            mailbox.post(job, add);
        }
    }

    pub fn has(&self, job: &str) -> bool {
        locked(&self.0).contains_key(job)
    }

    /// Nobody hears of any job any more.
    pub fn close(&self) {
        for (job, mailbox) in locked(&self.0).drain() {
            mailbox.post(&job, |due| due.removed = true);
        }
    }

    /// What `mailbox` has of an earlier time is forgotten: the engine tells it again.
    fn add(&self, job: &str, mailbox: &Arc<Mailbox>) {
        locked(&mailbox.due).remove(job);
        let before = locked(&self.0).insert(job.into(), mailbox.clone());
        if let Some(before) = before.filter(|before| !Arc::ptr_eq(before, mailbox)) {
            before.post(job, |due| due.removed = true);
        }
    }

    fn remove(&self, job: &str) {
        if let Some(mailbox) = locked(&self.0).remove(job) {
            mailbox.post(job, |due| due.removed = true);
        }
    }

    /// Whether `mailbox` was the one that heard of the job.
    fn leave(&self, job: &str, mailbox: &Arc<Mailbox>) -> bool {
        let mut listeners = locked(&self.0);
        let is_its = listeners.get(job).is_some_and(|current| Arc::ptr_eq(current, mailbox));
        if is_its {
            listeners.remove(job);
        }
        is_its
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As long as it lives, a mailbox hears of a job, unless another one takes the place.
#[derive(Debug)]
pub(crate) struct Registration {
    job: Job,
    mailbox: Arc<Mailbox>,
}

impl Registration {
    pub async fn new(job: &Job, mailbox: &Arc<Mailbox>) -> Result<Self, Error> {
        let own = Self { job: job.clone(), mailbox: mailbox.clone() };
        // On the engine's thread, so that nothing is told in between.
        let register = async move |instance: &mut Instance, resource| {
            instance.job(resource).set_notify_interface(true).await?;
            own.job.engine().notifications().add(own.job.id(), &own.mailbox);
            Ok(own)
        };
        job.object().call(register).await
    }

    /// Nobody hears of the job any more.
    pub async fn remove(job: &Job) -> Result<(), Error> {
        let own = job.clone();
        let remove = async move |instance: &mut Instance, resource| {
            instance.job(resource).set_notify_interface(false).await?;
            own.engine().notifications().remove(own.id());
            Ok(())
        };
        job.object().call(remove).await
    }

    pub const fn job(&self) -> &Job {
        &self.job
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let engine = self.job.engine();
        if engine.notifications().leave(self.job.id(), &self.mailbox) {
            engine.let_go(Gone::Callback { job: self.job.object().resource(), id: self.job.id().into() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_happens_twice_is_told_once_and_nothing_is_lost() {
        let (notifications, mailbox) = (Notifications::default(), Arc::default());
        notifications.add("a", &mailbox);
        notifications.add("b", &mailbox);
        notifications.post("a", |due| due.modification = true);
        notifications.post("a", |due| due.modification = true);
        notifications.post("b", |due| due.error = true);
        notifications.post("a", |due| due.transferred = true);
        notifications.post("nobody's", |due| due.error = true);
        let both = Due { transferred: true, modification: true, ..Due::default() };
        assert_eq!(mailbox.next().await, ("a".into(), both));
        assert_eq!(mailbox.next().await, ("b".into(), Due { error: true, ..Due::default() }));
    }

    #[tokio::test]
    async fn the_last_listener_is_the_one_that_is_told() {
        let (notifications, first, second) = (Notifications::default(), Arc::default(), Arc::default());
        notifications.add("a", &first);
        notifications.add("a", &second);
        let removed = Due { removed: true, ..Due::default() };
        assert_eq!(first.next().await, ("a".into(), removed));
        assert!(!notifications.leave("a", &first));
        notifications.post("a", |due| due.error = true);
        assert!(second.next().await.1.error);
        notifications.close();
        assert_eq!(second.next().await, ("a".into(), removed));
        assert!(!notifications.has("a"));
    }
}
