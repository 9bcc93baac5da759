//! The local socket: in the state directory, for the user only, with a line of JSON for each message.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use crate::lines::{Lines, encode};
use crate::protocol::{Reply, Request};
use crate::subscription::Subscription;

/// The longest wait for a reply, and for a peer that does not read, so that a stopped process holds no other for ever. A request with
/// 100,000 files takes seconds.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(120);

/// The longest wait for the handshake, because a server with many peers first finds an idle one and closes its connection.
const ACCEPT_TIMEOUT: Duration = Duration::from_secs(10);

/// The first message of a connection, from the server. A client that did not receive it knows that no request of its was read.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Handshake {
    /// The version of the server. The protocol has no version of its own: client and server use the same version of this crate.
    haul: String,
}

impl Handshake {
    fn own() -> Self {
        Self { haul: env!("CARGO_PKG_VERSION").into() }
    }
}

/// The client's end of a connection.
pub struct Connection(Lines);

/// The server's end of a connection.
pub struct Peer(Lines);

impl Connection {
    /// # Errors
    ///
    /// [`ErrorKind::TimedOut`] if the server does not send its handshake, [`ErrorKind::Unsupported`] if it is another version of haul,
    /// and any other kind if no process listens.
    pub async fn open(socket: &Path) -> io::Result<Self> {
        Self::open_within(ACCEPT_TIMEOUT, socket).await
    }

    async fn open_within(limit: Duration, socket: &Path) -> io::Result<Self> {
        let mut lines = Lines::new(UnixStream::connect(short(socket)?.path()).await?);
        match timeout(limit, lines.read::<Handshake>()).await?? {
            Some(handshake) if handshake == Handshake::own() => Ok(Self(lines)),
            Some(other) => Err(io::Error::new(ErrorKind::Unsupported, format!("it is haul {}", other.haul))),
            None => Err(ErrorKind::ConnectionReset.into()),
        }
    }

    /// # Errors
    ///
    /// The server has died, or does not reply in time; [`ErrorKind::FileTooLarge`] for a request that was not sent.
    pub async fn ask(&mut self, request: &Request) -> io::Result<Reply> {
        let line = encode(request)?;
        let exchange = async {
            // A server that closes sends its reply before the request arrives; writing may fail then.
            let sent = self.0.send(&line).await;
            let reply = self.0.read().await?;
            reply.ok_or_else(|| sent.err().unwrap_or_else(|| ErrorKind::UnexpectedEof.into()))
        };
        timeout(EXCHANGE_TIMEOUT, exchange).await?
    }

    /// The events that follow [`Reply::Subscribed`].
    pub fn into_subscription(self) -> Subscription {
        Subscription::over(self.0)
    }
}

impl Peer {
    /// Sends the handshake.
    ///
    /// # Errors
    ///
    /// The client has gone.
    pub async fn accept(&mut self) -> io::Result<()> {
        self.0.send(&encode(&Handshake::own())?).await
    }

    /// The next request; `None` after the client closed the connection.
    ///
    /// # Errors
    ///
    /// The message is no request.
    pub async fn request(&mut self) -> io::Result<Option<Request>> {
        self.0.read().await
    }

    /// Sends a reply or an event.
    ///
    /// # Errors
    ///
    /// The client has gone, or does not read.
    pub async fn send(&mut self, message: &impl Serialize) -> io::Result<()> {
        timeout(EXCHANGE_TIMEOUT, self.0.send(&encode(message)?)).await?
    }
}

/// The longest path of a socket, in bytes: `sun_path` has 108, the last of which is 0 (unix(7)).
#[cfg(target_os = "linux")]
const LONGEST_PATH: usize = 107;

/// A path to a socket that is valid while this lives.
struct Short {
    path: PathBuf,
    /// The directory that the path leads through.
    _directory: Option<File>,
}

impl Short {
    fn path(&self) -> &Path {
        &self.path
    }
}

/// A path that is short enough for a socket. A long one leads through the descriptor of its directory.
fn short(path: &Path) -> io::Result<Short> {
    #[cfg(target_os = "linux")]
    if let (true, Some(directory), Some(name)) =
        (path.as_os_str().len() > LONGEST_PATH, path.parent(), path.file_name())
    {
        use std::os::fd::AsRawFd;
        let directory = File::open(directory)?;
        let path = Path::new("/proc/self/fd").join(directory.as_raw_fd().to_string()).join(name);
        return Ok(Short { path, _directory: Some(directory) });
    }
    Ok(Short { path: path.to_owned(), _directory: None })
}

/// A listening socket. Its file is removed when this is dropped.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Listens at `path`. Only the owner of the queue may call this: it removes a file that is there, as left by an owner that died.
    ///
    /// # Errors
    ///
    /// The socket cannot be created. Outside of Linux, its path has 103 bytes at most on some systems.
    pub fn listen(path: PathBuf) -> io::Result<Self> {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(short(&path)?.path())?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// The next client, without its handshake.
    pub async fn accept(&self) -> io::Result<Peer> {
        let (stream, _) = self.listener.accept().await?;
        Ok(Peer(Lines::new(stream)))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::protocol::Selection;

    fn describe_all() -> Request {
        Request::Describe { jobs: Selection::All }
    }

    /// A folder with a socket in it.
    fn listen() -> (tempfile::TempDir, PathBuf, Socket) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sock");
        let socket = Socket::listen(path.clone()).unwrap();
        (folder, path, socket)
    }

    #[tokio::test]
    async fn a_request_is_answered() {
        let (_folder, path, socket) = listen();
        let serve = async {
            let mut peer = socket.accept().await.unwrap();
            peer.accept().await.unwrap();
            assert!(matches!(peer.request().await.unwrap(), Some(Request::Describe { jobs: Selection::All })));
            peer.send(&Reply::Jobs { jobs: vec![] }).await.unwrap();
            assert!(peer.request().await.unwrap().is_none());
        };
        let ask = async {
            let mut connection = Connection::open(&path).await.unwrap();
            assert!(matches!(connection.ask(&describe_all()).await.unwrap(), Reply::Jobs { jobs } if jobs.is_empty()));
        };
        tokio::join!(serve, ask);
    }

    #[tokio::test]
    async fn a_path_may_be_long() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("x".repeat(120)).join("y".repeat(120));
        fs::create_dir_all(&deep).unwrap();
        let path = deep.join("run.sock");
        let socket = Socket::listen(path.clone()).unwrap();
        let serve = async { socket.accept().await.unwrap().accept().await.unwrap() };
        let (connection, ()) = tokio::join!(Connection::open(&path), serve);
        assert!(connection.is_ok() && path.exists());
        drop(socket);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_server_that_closes_replies_without_having_read() {
        let (_folder, path, socket) = listen();
        let serve = async {
            let mut peer = socket.accept().await.unwrap();
            peer.accept().await.unwrap();
            peer.send(&Reply::Closing).await.unwrap();
        };
        let ask = async {
            let mut connection = Connection::open(&path).await.unwrap();
            tokio::task::yield_now().await;
            assert!(matches!(connection.ask(&describe_all()).await.unwrap(), Reply::Closing));
        };
        tokio::join!(serve, ask);
    }

    #[tokio::test]
    async fn a_server_that_dies_leaves_no_client_waiting() {
        let (_folder, path, socket) = listen();
        let serve = async {
            let mut peer = socket.accept().await.unwrap();
            peer.accept().await.unwrap();
            peer.request().await.unwrap();
        };
        let ask = async {
            let mut connection = Connection::open(&path).await.unwrap();
            assert!(connection.ask(&describe_all()).await.is_err());
        };
        tokio::join!(serve, ask);
        drop(socket);
        assert!(Connection::open(&path).await.is_err() && !path.exists());
    }

    #[tokio::test]
    async fn a_stale_socket_is_replaced_and_is_for_the_user_only() {
        let (_folder, path, socket) = listen();
        std::mem::forget(socket);
        let socket = Socket::listen(path.clone()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(socket);
    }

    #[tokio::test]
    async fn a_message_that_is_no_request_is_an_error_without_its_text() {
        let (_folder, path, socket) = listen();
        for (message, reason) in [
            (&b"{\"request\":\"secret\"}\n"[..], "the message is not one of this protocol"),
            (b"{\"request\":\"files\",\"job\":\"a\",\"from\":\"secret\"}\n", "the message is not one of this protocol"),
            (b"secret\n", "the message is not JSON"),
        ] {
            let serve = async {
                let mut peer = socket.accept().await.unwrap();
                peer.request().await.unwrap_err()
            };
            let ask = async {
                let mut stream = UnixStream::connect(&path).await.unwrap();
                stream.write_all(message).await.unwrap();
                stream
            };
            let (error, _stream) = tokio::join!(serve, ask);
            assert_eq!(error.to_string(), reason);
        }
    }

    /// The kind of error with which a client is refused by a server whose first bytes are these.
    async fn refusal(handshake: &[u8]) -> ErrorKind {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(handshake).await.unwrap();
        };
        let (connection, ()) = tokio::join!(Connection::open(&path), serve);
        connection.err().unwrap().kind()
    }

    #[tokio::test]
    async fn only_a_server_of_the_same_version_is_accepted() {
        for (handshake, kind) in [
            (&b"{\"haul\":\"0.0.1\"}\n"[..], ErrorKind::Unsupported),
            (b"{\"reply\":\"closing\"}\n", ErrorKind::InvalidData),
            (b"HTTP/1.1 200 OK\r\n", ErrorKind::InvalidData),
            (b"{\"haul\":", ErrorKind::UnexpectedEof),
            (b"", ErrorKind::ConnectionReset),
        ] {
            assert_eq!(refusal(handshake).await, kind, "{}", String::from_utf8_lossy(handshake));
        }
    }

    #[tokio::test]
    async fn a_server_that_sends_no_handshake_times_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sock");
        let _listener = UnixListener::bind(&path).unwrap();
        let refused = Connection::open_within(Duration::from_millis(20), &path).await.err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::TimedOut);
    }
}
