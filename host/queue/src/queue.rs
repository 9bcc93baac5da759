//! The queue of this process.

use std::path::Path;
use std::sync::Arc;

use haul::{Builder, Engine, Error, Limits, Policy};

use crate::protocol::{Reply, Request};
use crate::service;
use crate::subscription::{Feed, Subscription};

/// Memory for a queue that needs more than the engine's default, in bytes, because a component has 4 GiB of addresses at most, less its
/// code.
const RESCUE_MEMORY: usize = 3 << 30;

/// A queue that this process owns. Clones are handles of the same queue.
#[derive(Clone)]
pub struct Queue {
    engine: Engine,
    feed: Arc<Feed>,
}

impl Queue {
    /// The queue of an engine that has a state directory. Its [`Policy`] and its granted directories bound all requests.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, on which the task for the events runs.
    pub fn new(engine: Engine) -> Self {
        let feed = Arc::new(Feed::new(&engine));
        Self { engine, feed }
    }

    /// Opens the queue in `directory` for a user: every origin is allowed, and files may be written to every directory. `settings` are
    /// applied before. If the queue needs more memory than the engine's default, it opens with more, so that jobs can be removed.
    ///
    /// # Errors
    ///
    /// ERROR_SHARING_VIOLATION if another process owns the queue; any other error of [`Builder::open`].
    pub async fn open(directory: &Path, settings: impl FnOnce(Builder) -> Builder) -> Result<Self, Error> {
        let builder = settings(Engine::builder().policy(Policy::allow_all()));
        let builder = builder.grant("/").state_directory(directory);
        let engine = match builder.clone().open().await {
            Err(Error::OutOfMemory { .. }) => builder.limits(Limits::default().memory(RESCUE_MEMORY)).open().await?,
            opened => opened?,
        };
        Ok(Self::new(engine))
    }

    /// The engine.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Carries out a request. Errors are in the reply.
    pub async fn execute(&self, request: Request) -> Reply {
        service::execute(&self.engine, request).await
    }

    /// All events from now on.
    pub fn subscribe(&self) -> Subscription {
        self.feed.subscribe()
    }

    /// Saves the queue, closes its engine and ends all subscriptions. Other handles of the queue then fail with [`Error::Closed`].
    pub async fn close(self) {
        self.engine.close().await;
        self.feed.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Change, Event};
    use crate::protocol::{Answer, NewJob, Selection};
    use crate::settings::Settings;

    #[tokio::test]
    async fn followers_hear_of_a_new_job_until_the_queue_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let queue = Queue::open(folder.path(), |builder| builder.max_running(0)).await.unwrap();
        let (mut one, mut other) = (queue.subscribe(), queue.subscribe());
        let settings = Settings { display_name: Some("maps".into()), ..Settings::default() };
        let jobs = vec![NewJob { settings, ..NewJob::default() }];
        let made = queue.execute(Request::Create { jobs }).await.jobs().unwrap();
        let [Answer::Job(made)] = &made[..] else { panic!("{made:?}") };
        let expected = Event::Job { job: made.id.clone(), file: None, change: Change::Changed };
        assert_eq!((one.next().await, other.next().await), (Some(expected.clone()), Some(expected)));

        let described = queue.execute(Request::Describe { jobs: Selection::All }).await.jobs().unwrap();
        let [Answer::Job(described)] = &described[..] else { panic!("{described:?}") };
        assert_eq!((&described.id, described.title()), (&made.id, "maps"));

        let handle = queue.clone();
        queue.close().await;
        while one.next().await.is_some() {}
        assert_eq!(handle.subscribe().next().await, None);
        let refused = handle.execute(Request::Describe { jobs: Selection::All }).await;
        assert!(matches!(refused, Reply::Refused { error } if error.to_string() == "the engine is closed"));
    }
}
