//! A thread for connections: it reads and decrypts the next bytes while the engine's thread writes the last ones.

use std::future::Future;
use std::io;
use std::thread::{self, JoinHandle};

use hyper::rt::Executor;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// Runs until it is dropped; its tasks end then.
pub struct Network {
    place: Place,
    /// Dropped to end the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The thread on which connections are made and served. It does not keep the thread going.
#[derive(Clone)]
pub enum Place {
    /// That of the exchanges.
    Here,
    Apart(Handle),
}

impl Network {
    /// # Errors
    ///
    /// If the system has no thread left, or no means to wait for events.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let place = Place::Apart(runtime.handle().clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || {
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name("haul-network".into()).spawn(run)?;
        Ok(Self { place, stop: Some(stop), thread: Some(thread) })
    }

    pub fn place(&self) -> Place {
        self.place.clone()
    }
}

impl Drop for Network {
    /// Waits for the thread, so that no connection outlives its engine and nothing runs while the process ends.
    fn drop(&mut self) {
        drop(self.stop.take());
        // The thread's own panic has been reported; a connection may have dropped the last engine on the thread itself.
        if let Some(thread) = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }
}

impl Place {
    /// Does `work` there. It ends when its future is dropped.
    ///
    /// # Errors
    ///
    /// If the thread has ended.
    pub async fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> io::Result<T> {
        let Self::Apart(thread) = self else { return Ok(work.await) };
        let mut running = JoinSet::new();
        running.spawn_on(work, thread);
        let ended = || io::Error::from(io::ErrorKind::ConnectionAborted);
        running.join_next().await.ok_or_else(ended)?.map_err(|_| ended())
    }
}

impl<F> Executor<F> for Place
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, work: F) {
        match self {
            Self::Here => drop(tokio::spawn(work)),
            Self::Apart(thread) => drop(thread.spawn(work)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn work_is_done_on_the_thread_and_ends_with_it() -> io::Result<()> {
        let network = Network::start()?;
        let place = network.place();
        let name = place.run(async { thread::current().name().map(str::to_owned) }).await?;
        assert_eq!(name.as_deref(), Some("haul-network"));
        let waiting = tokio::spawn(async move { place.run(pending::<()>()).await });
        drop(network);
        assert!(waiting.await.map_err(io::Error::other)?.is_err());
        Ok(())
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends() -> io::Result<()> {
        let network = Network::start()?;
        let (held, released) = oneshot::channel::<()>();
        let work = async move {
            let _held = held;
            pending::<()>().await;
        };
        let place = network.place();
        let waiting = tokio::spawn(async move { place.run(work).await });
        waiting.abort();
        assert!(released.await.is_err());
        Ok(())
    }
}
