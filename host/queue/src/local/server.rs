//! The server of a queue: other processes send it requests, or follow its events.

mod conversations;

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use self::conversations::{Conversations, Idle};
use super::location::Location;
use super::socket::{Peer, Socket};
use crate::error::CommandError;
use crate::protocol::{Reply, Request};
use crate::queue::Queue;
use crate::subscription::Subscription;

/// Time until the next attempt after a peer could not be accepted, so that a process without descriptors does not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// Bounds for peers.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Peers with a connection; others wait.
    peers: usize,
    /// Peers of these that follow events. The other connections stay free for requests.
    followers: usize,
    /// Time after which an idle peer may lose its connection to a waiting one. Less than that one waits.
    idle: Duration,
    /// Time to read the last reply once the server closes: a run that ends does not wait longer for a peer.
    close: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { peers: 64, followers: 32, idle: Duration::from_secs(5), close: Duration::from_secs(2) }
    }
}

/// The server of a queue on the local socket.
///
/// 64 peers have a connection at a time; up to 32 of them follow events. While others wait, a peer that sends no request for five
/// seconds, or does not read, loses its connection; a follower that reads keeps it.
pub struct Server {
    closing: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Listens at the socket of `location` for the owner of the queue, and removes the socket of an owner that died.
    ///
    /// # Errors
    ///
    /// The socket cannot be created, for example because its path is too long.
    ///
    /// # Panics
    ///
    /// Outside of a [`LocalSet`](tokio::task::LocalSet), on which the server runs.
    pub fn open(queue: Queue, location: &Location) -> io::Result<Self> {
        Ok(Self::serving(Socket::listen(location.socket())?, Limits::default(), queue))
    }

    fn serving(socket: Socket, limits: Limits, service: impl Service + 'static) -> Self {
        let closing = watch::Sender::new(false);
        let host = Host { service, limits, followers: Cell::new(0), closing: closing.subscribe() };
        Self { closing, serving: tokio::task::spawn_local(serve(Rc::new(host), socket)) }
    }

    /// Replies to requests that were read, tells other peers that the queue closes, and removes the socket. A peer that does not read
    /// delays this by two seconds at most.
    pub async fn close(self) {
        self.closing.send_replace(true);
        let _ = self.serving.await;
    }
}

/// The queue of a server.
trait Service {
    async fn execute(&self, request: Request) -> Reply;

    fn subscribe(&self) -> Subscription;
}

impl Service for Queue {
    async fn execute(&self, request: Request) -> Reply {
        Self::execute(self, request).await
    }

    fn subscribe(&self) -> Subscription {
        Self::subscribe(self)
    }
}

/// The state that all conversations share.
struct Host<S> {
    service: S,
    limits: Limits,
    followers: Cell<usize>,
    closing: watch::Receiver<bool>,
}

async fn serve<S: Service + 'static>(host: Rc<Host<S>>, socket: Socket) {
    let mut conversations = Conversations::new(host.limits.peers, host.limits.idle);
    let mut closing = host.closing.clone();
    loop {
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            () = conversations.make_room() => {}
            peer = socket.accept(), if conversations.have_room() => match peer {
                Ok(peer) => conversations.begin(|idle| converse(host.clone(), peer, idle)),
                Err(_) => sleep(PAUSE).await,
            },
        }
    }
    drop(socket);
    conversations.end().await;
}

/// Serves one peer until it leaves, or the server closes.
async fn converse<S: Service>(host: Rc<Host<S>>, peer: Peer, idle: Idle) -> io::Result<()> {
    let mut conversation = Conversation { peer, closing: host.closing.clone(), close: host.limits.close };
    conversation.peer.accept().await?;
    loop {
        let request = tokio::select! {
            biased;
            _ = conversation.closing.wait_for(|closing| *closing) => None,
            request = conversation.peer.request() => Some(request),
        };
        match request {
            None => return conversation.send(&Reply::Closing).await,
            Some(Ok(Some(Request::Subscribe))) => return inform(&host, conversation, &idle).await,
            Some(Ok(Some(request))) => {
                idle.end();
                let reply = host.service.execute(request).await;
                idle.begin();
                conversation.send(&reply).await?;
            }
            Some(Ok(None)) => return Ok(()),
            Some(Err(error)) => {
                let error = CommandError::failed(format!("the request was not understood: {error}"));
                return conversation.send(&Reply::Refused { error }).await;
            }
        }
    }
}

/// Sends events to a follower until it leaves or sends a message, or the server closes.
async fn inform<S: Service>(host: &Host<S>, mut conversation: Conversation, idle: &Idle) -> io::Result<()> {
    let Some(_follower) = Follower::new(&host.followers, host.limits.followers) else {
        let error = CommandError::failed("the queue has too many followers");
        return conversation.send(&Reply::Refused { error }).await;
    };
    let mut subscription = host.service.subscribe();
    conversation.send(&Reply::Subscribed).await?;
    loop {
        idle.end();
        let event = tokio::select! {
            biased;
            _ = conversation.closing.wait_for(|closing| *closing) => None,
            event = subscription.next() => event,
            _ = conversation.peer.request() => None,
        };
        let Some(event) = event else { return Ok(()) };
        idle.begin();
        conversation.send(&event).await?;
    }
}

/// One of the followers that are counted.
struct Follower<'a>(&'a Cell<usize>);

impl<'a> Follower<'a> {
    /// `None` if there are as many as allowed.
    fn new(count: &'a Cell<usize>, most: usize) -> Option<Self> {
        (count.get() < most).then(|| {
            count.set(count.get() + 1);
            Self(count)
        })
    }
}

impl Drop for Follower<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// A connection to a peer, and the end of the server.
struct Conversation {
    peer: Peer,
    closing: watch::Receiver<bool>,
    /// Time to read a message once the server closes.
    close: Duration,
}

impl Conversation {
    /// # Errors
    ///
    /// The peer has gone, or does not read; once the server closes, it has less time for that.
    async fn send(&mut self, message: &impl Serialize) -> io::Result<()> {
        let late = async {
            let _ = self.closing.wait_for(|closing| *closing).await;
            sleep(self.close).await;
        };
        tokio::select! {
            sent = self.peer.send(message) => sent,
            () = late => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

#[cfg(test)]
mod tests;
