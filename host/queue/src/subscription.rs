//! The stream of events that every follower of a queue reads.

use haul::Engine;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, WeakSender, channel};
use tokio::task::AbortHandle;

use crate::event::Event;
use crate::lines::Lines;

/// Events that wait for a slow follower, so that the memory is bounded: as many as wait in the engine for the feed.
const EVENTS: usize = 1024;

/// The events of a queue from one moment on, in this process or over the local socket.
///
/// A follower never delays the queue or another follower. The last 1,024 events wait for it; if it falls further behind, it loses the
/// oldest, and [`Event::Missed`] in their place says how many. Over the socket, they wait in the process that runs the queue. That
/// process closes the connection of a follower that reads nothing for two minutes, or for five seconds while other peers wait for a
/// connection.
pub struct Subscription(Source);

enum Source {
    Process(Receiver<Event>),
    Socket(Lines),
}

impl Subscription {
    pub(crate) fn to_feed(events: Receiver<Event>) -> Self {
        Self(Source::Process(events))
    }

    pub(crate) fn over(lines: Lines) -> Self {
        Self(Source::Socket(lines))
    }

    /// The next event. `None` when the queue is closed, its process has died, or that process closed the connection. A follower that
    /// goes on then subscribes again and describes all jobs, as after [`Event::Missed`].
    ///
    /// Dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Event> {
        match &mut self.0 {
            Source::Process(events) => match events.recv().await {
                Ok(event) => Some(event),
                Err(RecvError::Lagged(events)) => Some(Event::Missed { events }),
                Err(RecvError::Closed) => None,
            },
            Source::Socket(lines) => lines.read().await.ok().flatten(),
        }
    }
}

/// The one task that reads the events of an engine, for any number of subscriptions.
pub struct Feed {
    /// Weak, so that subscriptions end with the task.
    events: WeakSender<Event>,
    task: AbortHandle,
}

impl Feed {
    /// Starts the task on the runtime that it is called in.
    pub fn new(engine: &Engine) -> Self {
        let (events, _) = channel(EVENTS);
        let weak = events.downgrade();
        let task = tokio::spawn(forward(engine.events(), events));
        Self { events: weak, task: task.abort_handle() }
    }

    /// All events from now on; none after [`close`](Self::close).
    pub fn subscribe(&self) -> Subscription {
        let events = self.events.upgrade().unwrap_or_else(|| Sender::new(1));
        Subscription::to_feed(events.subscribe())
    }

    /// Ends every subscription.
    pub fn close(&self) {
        self.task.abort();
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.close();
    }
}

async fn forward(mut engine: Receiver<haul::Event>, events: Sender<Event>) {
    loop {
        let event = match engine.recv().await {
            Ok(event) => Event::of(event),
            Err(RecvError::Lagged(events)) => Some(Event::Missed { events }),
            Err(RecvError::Closed) => return,
        };
        if let Some(event) = event {
            // It fails only while no follower listens.
            let _ = events.send(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixStream;

    use super::*;
    use crate::event::Change;
    use crate::lines::encode;

    fn changed(number: usize) -> Event {
        Event::Job { job: number.to_string(), file: None, change: Change::Changed }
    }

    #[tokio::test]
    async fn a_follower_that_does_not_read_misses_the_oldest_events_and_delays_no_other() {
        let (events, slow) = channel(EVENTS);
        let (mut slow, mut quick) = (Subscription::to_feed(slow), Subscription::to_feed(events.subscribe()));
        for number in 0..EVENTS + 3 {
            events.send(changed(number)).unwrap();
            assert_eq!(quick.next().await, Some(changed(number)));
        }
        assert_eq!(slow.next().await, Some(Event::Missed { events: 3 }));
        for number in 3..EVENTS + 3 {
            assert_eq!(slow.next().await, Some(changed(number)));
        }
        drop(events);
        assert_eq!((slow.next().await, quick.next().await), (None, None));
    }

    #[tokio::test]
    async fn a_subscription_over_a_socket_ends_with_the_connection() {
        let (one, other) = UnixStream::pair().unwrap();
        let (mut process, mut follower) = (Lines::new(one), Subscription::over(Lines::new(other)));
        process.send(&encode(&changed(1)).unwrap()).await.unwrap();
        drop(process);
        assert_eq!((follower.next().await, follower.next().await), (Some(changed(1)), None));
    }
}
