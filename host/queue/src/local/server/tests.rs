use std::path::{Path, PathBuf};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::broadcast;
use tokio::task::LocalSet;
use tokio::time::timeout;

use super::*;
use crate::event::{Change, Event};
use crate::local::socket::Connection;
use crate::protocol::Selection;

/// Much shorter than a peer waits for its connection or its reply.
const LIMITS: Limits =
    Limits { peers: 4, followers: 2, idle: Duration::from_millis(50), close: Duration::from_millis(50) };

/// Much longer than the limits, and much shorter than the wait for a peer that does not read while the server is open.
const LONG: Duration = Duration::from_secs(10);

/// Events that wait for a slow follower in these tests.
const WAITING: usize = 16;

/// A queue with one reply to everything.
struct Scripted {
    reply: fn() -> Reply,
    events: broadcast::Sender<Event>,
}

impl Service for Scripted {
    async fn execute(&self, _request: Request) -> Reply {
        (self.reply)()
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to_feed(self.events.subscribe())
    }
}

fn describe_all() -> Request {
    Request::Describe { jobs: Selection::All }
}

/// More than the buffers of a socket hold.
fn long_reply() -> Reply {
    Reply::Refused { error: CommandError::failed("x".repeat(4 << 20)) }
}

fn short_reply() -> Reply {
    Reply::Jobs { jobs: Vec::new() }
}

fn changed(number: usize) -> Event {
    Event::Job { job: number.to_string(), file: None, change: Change::Changed }
}

/// More than the buffers of a socket hold, once there are a few.
fn long_event() -> Event {
    Event::Job { job: "x".repeat(1 << 20), file: None, change: Change::Changed }
}

/// Runs `visit` beside a server with this reply, with its socket and the sender of its events.
async fn with_server(reply: fn() -> Reply, visit: impl AsyncFnOnce(PathBuf, Server, broadcast::Sender<Event>)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.sock");
    let events = broadcast::Sender::new(WAITING);
    let service = Scripted { reply, events: events.clone() };
    let visit = async {
        let socket = Socket::listen(path.clone()).unwrap();
        visit(path.clone(), Server::serving(socket, LIMITS, service), events).await;
    };
    LocalSet::new().run_until(visit).await;
}

/// A peer that has sent a request, and reads only the first byte of a long reply.
async fn deaf_peer(path: &Path) -> UnixStream {
    let mut stream = UnixStream::connect(path).await.unwrap();
    while stream.read_u8().await.unwrap() != b'\n' {}
    let mut line = serde_json::to_vec(&describe_all()).unwrap();
    line.push(b'\n');
    stream.write_all(&line).await.unwrap();
    stream.read_u8().await.unwrap();
    stream
}

async fn follower(path: &Path) -> Subscription {
    let mut connection = Connection::open(path).await.unwrap();
    assert!(matches!(connection.ask(&Request::Subscribe).await.unwrap(), Reply::Subscribed));
    connection.into_subscription()
}

#[tokio::test]
async fn silent_peers_lose_their_connections_to_others() {
    with_server(long_reply, async |path, server, _| {
        let mut silent = Vec::new();
        for _ in 0..3 * LIMITS.peers {
            silent.push(Connection::open(&path).await.unwrap());
        }
        let mut connection = Connection::open(&path).await.unwrap();
        assert!(matches!(connection.ask(&describe_all()).await.unwrap(), Reply::Refused { .. }));
        server.close().await;
    })
    .await;
}

#[tokio::test]
async fn peers_that_do_not_read_lose_their_connections_to_others() {
    with_server(long_reply, async |path, server, _| {
        let mut deaf = Vec::new();
        for _ in 0..3 * LIMITS.peers {
            deaf.push(deaf_peer(&path).await);
        }
        server.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_does_not_read_does_not_delay_the_end() {
    with_server(long_reply, async |path, server, _| {
        let _deaf = deaf_peer(&path).await;
        let begun = Instant::now();
        server.close().await;
        assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_has_sent_no_request_is_told_that_the_server_closes() {
    with_server(long_reply, async |path, server, _| {
        let mut connection = Connection::open(&path).await.unwrap();
        server.close().await;
        assert!(matches!(connection.ask(&describe_all()).await.unwrap(), Reply::Closing));
    })
    .await;
}

#[tokio::test]
async fn every_follower_gets_every_event_until_the_server_closes() {
    with_server(short_reply, async |path, server, events| {
        let (mut one, mut other) = (follower(&path).await, follower(&path).await);
        for number in 0..3 * WAITING {
            events.send(changed(number)).unwrap();
            assert_eq!((one.next().await, other.next().await), (Some(changed(number)), Some(changed(number))));
        }
        server.close().await;
        assert_eq!((one.next().await, other.next().await), (None, None));
    })
    .await;
}

#[tokio::test]
async fn a_follower_that_does_not_read_misses_events_and_delays_neither_requests_nor_followers() {
    with_server(short_reply, async |path, server, events| {
        let (mut deaf, mut quick) = (follower(&path).await, follower(&path).await);
        let mut connection = Connection::open(&path).await.unwrap();
        for _ in 0..2 * WAITING {
            events.send(long_event()).unwrap();
            assert_eq!(quick.next().await, Some(long_event()));
            assert!(matches!(connection.ask(&describe_all()).await.unwrap(), Reply::Jobs { .. }));
        }
        events.send(changed(0)).unwrap();
        let (mut received, mut missed) = (0, 0);
        loop {
            match deaf.next().await.unwrap() {
                Event::Missed { events } => missed += events,
                last if last == changed(0) => break,
                _ => received += 1,
            }
        }
        assert!(missed > 0);
        assert_eq!(received + missed, 2 * WAITING as u64);
        server.close().await;
    })
    .await;
}

/// A follower that does not read, and whose events do not fit into its socket.
async fn deaf_follower(path: &Path, events: &broadcast::Sender<Event>) -> Subscription {
    let follower = follower(path).await;
    for _ in 0..WAITING {
        events.send(long_event()).unwrap();
    }
    // The server sends the first event before it reads this request.
    let mut connection = Connection::open(path).await.unwrap();
    connection.ask(&describe_all()).await.unwrap();
    follower
}

#[tokio::test]
async fn a_follower_that_does_not_read_loses_its_connection_to_a_waiting_peer() {
    with_server(short_reply, async |path, server, events| {
        let mut deaf = deaf_follower(&path, &events).await;
        let mut peers = Vec::new();
        for _ in 0..LIMITS.peers {
            peers.push(Connection::open(&path).await.unwrap());
        }
        while deaf.next().await.is_some() {}
        server.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_follower_that_does_not_read_does_not_delay_the_end() {
    with_server(short_reply, async |path, server, events| {
        let _deaf = deaf_follower(&path, &events).await;
        let begun = Instant::now();
        server.close().await;
        assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    })
    .await;
}

#[tokio::test]
async fn followers_leave_connections_for_requests() {
    with_server(short_reply, async |path, server, _| {
        let mut followers = Vec::new();
        for _ in 0..LIMITS.followers {
            followers.push(follower(&path).await);
        }
        let mut connection = Connection::open(&path).await.unwrap();
        let refused = connection.ask(&Request::Subscribe).await.unwrap();
        assert!(matches!(refused, Reply::Refused { error } if error.to_string() == "the queue has too many followers"));
        let mut connection = Connection::open(&path).await.unwrap();
        assert!(matches!(connection.ask(&describe_all()).await.unwrap(), Reply::Jobs { .. }));
        server.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_follower_that_leaves_makes_room_for_another() {
    with_server(short_reply, async |path, server, _| {
        for _ in 0..3 * LIMITS.followers {
            let admitted = async || {
                let mut connection = Connection::open(&path).await.unwrap();
                matches!(connection.ask(&Request::Subscribe).await.unwrap(), Reply::Subscribed)
            };
            let admitted = async { while !admitted().await {} };
            timeout(LONG, admitted).await.unwrap();
        }
        server.close().await;
    })
    .await;
}
