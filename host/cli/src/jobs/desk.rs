//! Where other processes are answered by the one that runs the queue.

mod conversations;

use std::io;
use std::rc::Rc;
use std::time::Duration;

use haul::Engine;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use self::conversations::{Conversations, Patience};
use super::execute::execute;
use super::problem::Problem;
use super::protocol::{Reply, Request};
use super::socket::{Asker, Socket};

/// Time until the next try if a peer could not be accepted.
const PAUSE: Duration = Duration::from_millis(100);

/// How much the desk puts up with.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Peers that are talked to at the same time; others wait.
    places: usize,
    /// How long a peer keeps its place without sending a request, or reading an answer, if others may wait for it. Those wait longer.
    silence: Duration,
    /// How long a peer may take to read its answer once the desk closes: the run that ends does not wait longer for it.
    at_the_end: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { places: 64, silence: Duration::from_secs(5), at_the_end: Duration::from_secs(2) }
    }
}

pub struct Desk {
    closing: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Desk {
    /// Serves peers, on the local set that it is called in.
    pub fn open(engine: Engine, socket: Socket) -> Self {
        Self::answering(socket, Limits::default(), async move |request| execute(&engine, request).await)
    }

    fn answering(socket: Socket, limits: Limits, answer: impl AsyncFn(Request) -> Reply + 'static) -> Self {
        let closing = watch::Sender::new(false);
        let serving = tokio::task::spawn_local(serve(Rc::new(answer), socket, limits, closing.subscribe()));
        Self { closing, serving }
    }

    /// Answers what has been asked, and nothing more.
    pub async fn close(self) {
        self.closing.send_replace(true);
        let _ = self.serving.await;
    }
}

async fn serve<A: AsyncFn(Request) -> Reply + 'static>(
    answer: Rc<A>,
    socket: Socket,
    limits: Limits,
    mut closing: watch::Receiver<bool>,
) {
    let mut conversations = Conversations::new(limits.places, limits.silence);
    let told = closing.clone();
    loop {
        tokio::select! {
            _ = closing.wait_for(|closing| *closing) => break,
            () = conversations.make_room() => {}
            asker = socket.accept(), if conversations.have_room() => match asker {
                Ok(asker) => {
                    let peer = Peer { asker, closing: told.clone(), at_the_end: limits.at_the_end };
                    conversations.begin(|patience| converse(peer, answer.clone(), patience));
                }
                Err(_) => sleep(PAUSE).await,
            },
        }
    }
    drop(socket);
    conversations.end().await;
}

/// Answers one process until it leaves, or the desk closes.
async fn converse<A: AsyncFn(Request) -> Reply>(mut peer: Peer, answer: Rc<A>, patience: Patience) -> io::Result<()> {
    peer.asker.greet().await?;
    loop {
        let request = tokio::select! {
            biased;
            _ = peer.closing.wait_for(|closing| *closing) => None,
            request = peer.asker.request() => Some(request),
        };
        match request {
            None => return peer.send(&Reply::Closing).await,
            Some(Ok(Some(request))) => {
                patience.suspend();
                let reply = answer(request).await;
                patience.begin();
                peer.send(&reply).await?;
            }
            Some(Ok(None)) => return Ok(()),
            Some(Err(error)) => {
                let problem = Problem::failed(format!("the request was not understood: {error}"));
                return peer.send(&Reply::Refused { problem }).await;
            }
        }
    }
}

/// A process that asks.
struct Peer {
    asker: Asker,
    closing: watch::Receiver<bool>,
    at_the_end: Duration,
}

impl Peer {
    /// # Errors
    ///
    /// The peer does not read; less patience is had with that once the desk closes.
    async fn send(&mut self, reply: &Reply) -> io::Result<()> {
        let late = async {
            let _ = self.closing.wait_for(|closing| *closing).await;
            sleep(self.at_the_end).await;
        };
        tokio::select! {
            sent = self.asker.reply(reply) => sent,
            () = late => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;
    use tokio::task::LocalSet;

    use super::*;
    use crate::jobs::protocol::Selection;
    use crate::jobs::socket::Connection;

    /// Much shorter than a peer waits for its place or its answer.
    const LIMITS: Limits =
        Limits { places: 4, silence: Duration::from_millis(50), at_the_end: Duration::from_millis(50) };

    /// Much longer than the limits, and much shorter than a reply may take while the desk is open.
    const LONG: Duration = Duration::from_secs(10);

    fn look() -> Request {
        Request::Describe { jobs: Selection::All }
    }

    /// More than a socket takes that is not read.
    fn long_reply() -> Reply {
        Reply::Refused { problem: Problem::failed("x".repeat(4 << 20)) }
    }

    /// A desk that gives this answer to everything, while `visit` is at its socket.
    async fn at_a_desk(answer: fn() -> Reply, visit: impl AsyncFnOnce(PathBuf, Desk)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sock");
        let visit = async {
            let socket = Socket::listen(path.clone()).unwrap();
            visit(path.clone(), Desk::answering(socket, LIMITS, async move |_| answer())).await;
        };
        LocalSet::new().run_until(visit).await;
    }

    /// A peer that has asked, and does not read the rest of a long answer.
    async fn deaf_peer(path: &Path) -> UnixStream {
        let mut stream = UnixStream::connect(path).await.unwrap();
        while stream.read_u8().await.unwrap() != b'\n' {}
        let mut line = serde_json::to_vec(&look()).unwrap();
        line.push(b'\n');
        stream.write_all(&line).await.unwrap();
        stream.read_u8().await.unwrap();
        stream
    }

    #[tokio::test]
    async fn silent_peers_give_their_places_to_others() {
        at_a_desk(long_reply, async |path, desk| {
            let mut silent = Vec::new();
            for _ in 0..3 * LIMITS.places {
                silent.push(Connection::open(&path).await.unwrap());
            }
            let mut connection = Connection::open(&path).await.unwrap();
            assert!(matches!(connection.ask(&look()).await.unwrap(), Reply::Refused { .. }));
            desk.close().await;
        })
        .await;
    }

    #[tokio::test]
    async fn peers_that_do_not_read_give_their_places_to_others() {
        at_a_desk(long_reply, async |path, desk| {
            let mut deaf = Vec::new();
            for _ in 0..3 * LIMITS.places {
                deaf.push(deaf_peer(&path).await);
            }
            desk.close().await;
        })
        .await;
    }

    #[tokio::test]
    async fn a_peer_that_does_not_read_does_not_hold_up_the_end() {
        at_a_desk(long_reply, async |path, desk| {
            let _deaf = deaf_peer(&path).await;
            let begun = Instant::now();
            desk.close().await;
            assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
        })
        .await;
    }

    #[tokio::test]
    async fn a_peer_that_has_not_asked_is_told_that_the_desk_closes() {
        at_a_desk(long_reply, async |path, desk| {
            let mut connection = Connection::open(&path).await.unwrap();
            desk.close().await;
            assert!(matches!(connection.ask(&look()).await.unwrap(), Reply::Closing));
        })
        .await;
    }
}
