//! Notifications of jobs that their listeners have not taken yet.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Notifications that a callback has not had of one job. Its listener also checks whether the job is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    pub transferred: bool,
    pub error: bool,
    pub modification: bool,
    /// The job is not this listener's any more.
    pub removed: bool,
}

/// The pending notifications of one listener, by job. Two of a kind before it takes them become one, so that a mailbox stays small and
/// none is lost.
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

    /// Waits for the next job with a notification. There is one listener.
    pub async fn next(&self) -> (String, Due) {
        loop {
            if let Some(due) = locked(&self.due).pop_first() {
                return due;
            }
            self.filled.notified().await;
        }
    }
}

/// The listener of each job: the one that was set last.
#[derive(Debug, Default)]
pub(crate) struct Notifications(Mutex<HashMap<String, Arc<Mailbox>>>);

impl Notifications {
    /// Adds a notification for the listener of a job.
    pub fn post(&self, job: &str, add: impl FnOnce(&mut Due)) {
        if let Some(mailbox) = locked(&self.0).get(job) {
            mailbox.post(job, add);
        }
    }

    pub fn has(&self, job: &str) -> bool {
        locked(&self.0).contains_key(job)
    }

    /// Tells all listeners that they are removed.
    pub fn close(&self) {
        for (job, mailbox) in locked(&self.0).drain() {
            mailbox.post(&job, |due| due.removed = true);
        }
    }

    /// Makes `mailbox` the listener of a job. Older notifications in it are discarded: the engine repeats them.
    pub fn add(&self, job: &str, mailbox: &Arc<Mailbox>) {
        locked(&mailbox.due).remove(job);
        let before = locked(&self.0).insert(job.into(), mailbox.clone());
        if let Some(before) = before.filter(|before| !Arc::ptr_eq(before, mailbox)) {
            before.post(job, |due| due.removed = true);
        }
    }

    pub fn remove(&self, job: &str) {
        if let Some(mailbox) = locked(&self.0).remove(job) {
            mailbox.post(job, |due| due.removed = true);
        }
    }

    /// Removes `mailbox` as the listener of the job; `false` if it was not.
    pub fn leave(&self, job: &str, mailbox: &Arc<Mailbox>) -> bool {
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
