//! How a process asks the one that has the queue: a socket in the state directory, for its owner only, and a line of JSON each way.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use super::protocol::{Reply, Request};

/// Bytes of a line: more than a request with a hundred thousand files has.
const LONGEST: u64 = 64 << 20;

/// How long an answer may take, and a line its way.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long it may take to be let in.
const AT_THE_DOOR: Duration = Duration::from_secs(10);

/// What whoever has the queue says first. Who has not heard it has not been heard.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Greeting {
    haul: String,
}

impl Greeting {
    fn own() -> Self {
        Self { haul: env!("CARGO_PKG_VERSION").into() }
    }
}

/// The end of whoever asks.
pub struct Connection(Lines);

/// The end of whoever has the queue.
pub struct Asker(Lines);

struct Lines {
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Connection {
    /// # Errors
    ///
    /// Nobody listens there; [`ErrorKind::TimedOut`] for somebody who does not answer, and [`ErrorKind::Unsupported`] for another
    /// version of haul.
    pub async fn open(socket: &Path) -> io::Result<Self> {
        let mut lines = Lines::new(UnixStream::connect(short(socket)?.path()).await?);
        match timeout(AT_THE_DOOR, lines.read::<Greeting>()).await?? {
            Some(greeting) if greeting == Greeting::own() => Ok(Self(lines)),
            Some(other) => Err(io::Error::new(ErrorKind::Unsupported, format!("it is haul {}", other.haul))),
            None => Err(ErrorKind::ConnectionReset.into()),
        }
    }

    /// # Errors
    ///
    /// The other end has gone, or does not answer in time; [`ErrorKind::FileTooLarge`] for a request that was not sent.
    pub async fn ask(&mut self, request: &Request) -> io::Result<Reply> {
        let line = encode(request)?;
        let exchange = async {
            // Whoever is about to leave says so without having read.
            let sent = self.0.send(&line).await;
            let answer = self.0.read().await?;
            answer.ok_or_else(|| sent.err().unwrap_or_else(|| ErrorKind::UnexpectedEof.into()))
        };
        timeout(PATIENCE, exchange).await?
    }
}

impl Asker {
    /// # Errors
    ///
    /// Nobody is there any more.
    pub async fn greet(&mut self) -> io::Result<()> {
        self.0.send(&encode(&Greeting::own())?).await
    }

    /// What is asked next; `None` when nothing more is.
    ///
    /// # Errors
    ///
    /// Something that is no request.
    pub async fn request(&mut self) -> io::Result<Option<Request>> {
        self.0.read().await
    }

    /// # Errors
    ///
    /// Nobody takes the answer.
    pub async fn reply(&mut self, reply: &Reply) -> io::Result<()> {
        timeout(PATIENCE, self.0.send(&encode(reply)?)).await?
    }
}

impl Lines {
    fn new(stream: UnixStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: BufReader::new(reader), writer }
    }

    /// `None` where the other end has nothing more to say.
    async fn read<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        let mut line = Vec::new();
        (&mut self.reader).take(LONGEST).read_until(b'\n', &mut line).await?;
        match line.last() {
            None => Ok(None),
            Some(b'\n') => serde_json::from_slice(&line).map(Some).map_err(|error| not_understood(&error)),
            Some(_) => Err(ErrorKind::UnexpectedEof.into()),
        }
    }

    async fn send(&mut self, line: &[u8]) -> io::Result<()> {
        self.writer.write_all(line).await
    }
}

/// The parser's words would quote the message, which may hold passwords.
fn not_understood(error: &serde_json::Error) -> io::Error {
    let reason = match error.classify() {
        Category::Data => "the message is not one of this protocol",
        Category::Io | Category::Syntax | Category::Eof => "the message is not JSON",
    };
    io::Error::new(ErrorKind::InvalidData, reason)
}

fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    if line.len() as u64 > LONGEST { Err(ErrorKind::FileTooLarge.into()) } else { Ok(line) }
}

/// Longest path of a socket, in bytes.
#[cfg(target_os = "linux")]
const LONGEST_PATH: usize = 107;

/// A path that leads to a socket, as long as this lives.
struct Short {
    path: PathBuf,
    /// By way of which it does.
    _directory: Option<File>,
}

impl Short {
    fn path(&self) -> &Path {
        &self.path
    }
}

/// A socket's path may be short only: a long one is one below its directory, opened.
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

/// Where others ask. It is gone when this is dropped.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Listens. Only whoever has the queue may do so: what lies there is left from one that died.
    ///
    /// # Errors
    ///
    /// The path cannot be that of a socket: where it cannot be made a short one, it has less than 108 bytes.
    pub fn listen(path: PathBuf) -> io::Result<Self> {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(short(&path)?.path())?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// The next one who asks.
    pub async fn accept(&self) -> io::Result<Asker> {
        let (stream, _) = self.listener.accept().await?;
        Ok(Asker(Lines::new(stream)))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::protocol::Selection;

    fn look() -> Request {
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
            let mut asker = socket.accept().await.unwrap();
            asker.greet().await.unwrap();
            assert!(matches!(asker.request().await.unwrap(), Some(Request::Describe { jobs: Selection::All })));
            asker.reply(&Reply::Jobs { jobs: vec![] }).await.unwrap();
            assert!(asker.request().await.unwrap().is_none());
        };
        let ask = async {
            let mut connection = Connection::open(&path).await.unwrap();
            assert!(matches!(connection.ask(&look()).await.unwrap(), Reply::Jobs { jobs } if jobs.is_empty()));
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
        let serve = async { socket.accept().await.unwrap().greet().await.unwrap() };
        let (connection, ()) = tokio::join!(Connection::open(&path), serve);
        assert!(connection.is_ok() && path.exists());
        drop(socket);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn whoever_leaves_says_so_without_having_read() {
        let (_folder, path, socket) = listen();
        let serve = async {
            let mut asker = socket.accept().await.unwrap();
            asker.greet().await.unwrap();
            asker.reply(&Reply::Closing).await.unwrap();
        };
        let ask = async {
            let mut connection = Connection::open(&path).await.unwrap();
            tokio::task::yield_now().await;
            assert!(matches!(connection.ask(&look()).await.unwrap(), Reply::Closing));
        };
        tokio::join!(serve, ask);
    }

    #[tokio::test]
    async fn a_process_that_dies_leaves_nobody_waiting() {
        let (_folder, path, socket) = listen();
        let serve = async {
            let mut asker = socket.accept().await.unwrap();
            asker.greet().await.unwrap();
            asker.request().await.unwrap();
        };
        let ask = async {
            let mut connection = Connection::open(&path).await.unwrap();
            assert!(connection.ask(&look()).await.is_err());
        };
        tokio::join!(serve, ask);
        drop(socket);
        assert!(Connection::open(&path).await.is_err() && !path.exists());
    }

    #[tokio::test]
    async fn a_socket_that_was_left_is_replaced_and_is_its_owners_alone() {
        let (_folder, path, socket) = listen();
        std::mem::forget(socket);
        let socket = Socket::listen(path.clone()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(socket);
    }

    #[tokio::test]
    async fn what_is_no_request_is_no_end() {
        let (_folder, path, socket) = listen();
        for (message, reason) in [
            (&b"{\"request\":\"secret\"}\n"[..], "the message is not one of this protocol"),
            (b"{\"request\":\"files\",\"job\":\"a\",\"from\":\"secret\"}\n", "the message is not one of this protocol"),
            (b"secret\n", "the message is not JSON"),
        ] {
            let serve = async {
                let mut asker = socket.accept().await.unwrap();
                asker.request().await.unwrap_err()
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
}
