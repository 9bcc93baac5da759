//! Suspends jobs at the end of their leases, whatever the connection to the database does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use haul::Engine;
use tokio::task::AbortHandle;

use crate::clock::Moment;

/// Short, so that a worker stops within a second after its deadline.
const INTERVAL: Duration = Duration::from_millis(250);

#[derive(Clone, Copy)]
struct Lease {
    until: Moment,
    /// Whether the job was resumed and not suspended since.
    is_running: bool,
}

/// The deadlines of local jobs, by their ids.
type Leases = BTreeMap<String, Lease>;

/// A task of its own watches the deadlines, so that a database that does not answer cannot delay them.
pub struct Guard {
    leases: Arc<Mutex<Leases>>,
    task: AbortHandle,
}

impl Guard {
    pub fn start(engine: Engine) -> Self {
        let leases = Arc::new(Mutex::new(Leases::new()));
        let task = tokio::spawn(watch(engine, leases.clone())).abort_handle();
        Self { leases, task }
    }

    /// The job may move bytes until then.
    pub fn extend(&self, id: &str, until: Moment) {
        let mut leases = lock(&self.leases);
        let lease = leases.entry(id.into()).or_insert(Lease { until, is_running: false });
        lease.until = until;
    }

    pub fn remove(&self, id: &str) {
        lock(&self.leases).remove(id);
    }

    pub fn until(&self, id: &str) -> Option<Moment> {
        lock(&self.leases).get(id).map(|lease| lease.until)
    }

    pub fn is_running(&self, id: &str) -> bool {
        lock(&self.leases).get(id).is_some_and(|lease| lease.is_running)
    }

    pub fn is_valid(&self, id: &str) -> bool {
        lock(&self.leases).get(id).is_some_and(|lease| !lease.until.is_past())
    }

    pub fn set_running(&self, id: &str, is_running: bool) {
        if let Some(lease) = lock(&self.leases).get_mut(id) {
            lease.is_running = is_running;
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(leases: &Mutex<Leases>) -> MutexGuard<'_, Leases> {
    leases.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn watch(engine: Engine, leases: Arc<Mutex<Leases>>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let ended = expired(&mut lock(&leases));
        for id in ended {
            // If the job is gone, it moves no bytes.
            if let Ok(job) = engine.job(&id).await {
                let _ = job.suspend().await;
            }
        }
    }
}

/// The running jobs whose leases have ended. They count as suspended from now on.
fn expired(leases: &mut Leases) -> Vec<String> {
    let ended = leases.iter_mut().filter(|(_, lease)| lease.is_running && lease.until.is_past());
    let suspended = ended.map(|(id, lease)| {
        lease.is_running = false;
        id.clone()
    });
    suspended.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_running_jobs_past_their_deadline_are_suspended_and_only_once() {
        let (past, later) = (Moment::now(), Moment::now().after(Duration::from_secs(60)));
        let mut leases: Leases = [("ended", past, true), ("idle", past, false), ("held", later, true)]
            .into_iter()
            .map(|(id, until, is_running)| (id.to_owned(), Lease { until, is_running }))
            .collect();
        assert_eq!(expired(&mut leases), ["ended"]);
        assert_eq!(expired(&mut leases), [""; 0]);
    }
}
