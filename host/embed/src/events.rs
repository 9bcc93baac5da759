//! Events as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use futures_core::Stream;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{self, Receiver};

/// What happens from the moment on at which the listener was made, until the engine closes: a stream, and calls that wait for one event.
///
/// The engine does not wait for listeners. One that falls behind loses the oldest events: [`Events::recv`] says how many, and the stream goes
/// on without them.
///
/// ```
/// # use haul::{Engine, Policy};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), haul::Error> {
/// let engine = Engine::builder().policy(Policy::deny_all()).open().await?;
/// let mut events = engine.events();
/// let job = engine.create_job("maps").await?;
/// job.set_description("tiles of the north").await?;
/// let event = events.recv().await.expect("the job has changed");
/// assert_eq!(event.subject.job(), Some(job.id()));
/// # engine.close().await;
/// # Ok(())
/// # }
/// ```
pub struct Events<T> {
    state: State<T>,
    wanted: Option<Box<dyn Fn(&T) -> bool + Send + Sync>>,
}

/// Why there is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventsError {
    /// The listener was too slow and lost this number of events; the next call goes on with the oldest one that is left.
    #[error("{0} events were missed")]
    Missed(u64),
    /// There is none at the moment; from [`Events::try_recv`] only.
    #[error("there is no event at the moment")]
    Empty,
    /// The engine is closed, and every event was taken.
    #[error("the engine is closed")]
    Closed,
}

type Receiving<T> = Pin<Box<dyn Future<Output = (Result<T, RecvError>, Receiver<T>)> + Send>>;

enum State<T> {
    Idle(Receiver<T>),
    Waiting(Receiving<T>),
}

impl<T: Clone + Send + 'static> Events<T> {
    pub(crate) const fn new(receiver: Receiver<T>) -> Self {
        Self { state: State::Idle(receiver), wanted: None }
    }

    /// Passes over events that are not `wanted`.
    pub(crate) fn only(self, wanted: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        Self { wanted: Some(Box::new(wanted)), ..self }
    }

    /// The next event.
    ///
    /// # Errors
    ///
    /// [`EventsError::Missed`] and [`EventsError::Closed`].
    pub async fn recv(&mut self) -> Result<T, EventsError> {
        std::future::poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// The next event, if there is one now.
    ///
    /// # Errors
    ///
    /// [`EventsError`].
    pub fn try_recv(&mut self) -> Result<T, EventsError> {
        match self.poll_recv(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(received) => received,
            Poll::Pending => Err(EventsError::Empty),
        }
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, EventsError>> {
        loop {
            let received = match &mut self.state {
                State::Idle(receiver) => match receiver.try_recv() {
                    Ok(event) => Ok(event),
                    Err(TryRecvError::Lagged(count)) => Err(EventsError::Missed(count)),
                    Err(TryRecvError::Closed) => Err(EventsError::Closed),
                    Err(TryRecvError::Empty) => {
                        let receiver = std::mem::replace(receiver, broadcast::channel(1).1);
                        self.state = State::Waiting(Box::pin(receive(receiver)));
                        continue;
                    }
                },
                State::Waiting(receiving) => {
                    let (received, receiver) = ready!(receiving.as_mut().poll(cx));
                    self.state = State::Idle(receiver);
                    received.map_err(|error| match error {
                        RecvError::Lagged(count) => EventsError::Missed(count),
                        RecvError::Closed => EventsError::Closed,
                    })
                }
            };
            match &received {
                Ok(event) if self.wanted.as_ref().is_some_and(|wanted| !wanted(event)) => {}
                _ => return Poll::Ready(received),
            }
        }
    }
}

async fn receive<T: Clone>(mut receiver: Receiver<T>) -> (Result<T, RecvError>, Receiver<T>) {
    let received = receiver.recv().await;
    (received, receiver)
}

/// Ends when the engine is closed. Events that were missed are passed over.
impl<T: Clone + Send + 'static> Stream for Events<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        loop {
            match ready!(self.poll_recv(cx)) {
                Ok(event) => return Poll::Ready(Some(event)),
                Err(EventsError::Closed) => return Poll::Ready(None),
                Err(EventsError::Missed(_) | EventsError::Empty) => {}
            }
        }
    }
}

impl<T> Unpin for Events<T> {}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_gets_wanted_events_and_the_number_of_missed_ones() {
        let (sender, receiver) = broadcast::channel(2);
        let mut events = Events::new(receiver).only(|number| number % 2 == 0);
        assert_eq!(events.try_recv(), Err(EventsError::Empty));
        (1..=4).for_each(|number| drop(sender.send(number)));
        assert_eq!(events.recv().await, Err(EventsError::Missed(2)));
        assert_eq!((events.recv().await, events.try_recv()), (Ok(4), Err(EventsError::Empty)));
        let waiting = tokio::spawn(async move { (events.recv().await, events) });
        tokio::task::yield_now().await;
        sender.send(6).unwrap();
        let (received, mut events) = waiting.await.unwrap();
        drop(sender);
        assert_eq!((received, events.recv().await), (Ok(6), Err(EventsError::Closed)));
    }

    #[tokio::test]
    async fn the_stream_passes_over_missed_events_and_ends_with_the_engine() {
        let (sender, receiver) = broadcast::channel(2);
        let mut events = Events::new(receiver);
        (1..=4).for_each(|number| drop(sender.send(number)));
        drop(sender);
        let mut seen = Vec::new();
        while let Some(number) = std::future::poll_fn(|cx| Pin::new(&mut events).poll_next(cx)).await {
            seen.push(number);
        }
        assert_eq!(seen, [3, 4]);
    }
}
