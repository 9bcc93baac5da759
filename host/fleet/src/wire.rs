//! PostgreSQL's protocol, version 3, as far as a fleet needs it: statements without a session, in text form, and notifications.
//!
//! Own code instead of a client library, because these bring default features of `memchr` and `rand`, with which wasmtime would be
//! compiled anew, and 20 crates. [The protocol](https://www.postgresql.org/docs/15/protocol.html) has not changed since 2003.

pub mod message;
mod scram;
mod stream;

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use self::message::{Fields, Incoming, Outgoing};
use self::scram::Scram;
pub use self::stream::{Endpoint, Security};
use self::stream::{Stream, connect};

/// The most bytes of one answer, so that a broken server cannot fill the memory. A list of 1,000 jobs has a few MiB.
const MOST: usize = 64 << 20;

/// The user, the database and the password of a connection.
#[derive(Clone)]
pub struct Login {
    pub user: String,
    pub database: String,
    pub password: Option<String>,
}

/// A failure of the server or of the connection to it.
#[derive(Debug)]
pub enum Failure {
    Io(io::Error),
    /// An error of the server, with its SQLSTATE.
    Server {
        code: String,
        message: String,
    },
    /// The server wants something that haul does not have.
    Login(&'static str),
    /// The server accepts no writes.
    Replica,
}

/// A row: its columns in text form.
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Option<String>>,
}

impl Row {
    /// The column of this name; `None` if there is none, and `Some(None)` for NULL.
    pub fn column(&self, name: &str) -> Option<Option<&str>> {
        let index = self.columns.iter().position(|column| column == name)?;
        self.values.get(index).map(Option::as_deref)
    }
}

/// A connection. A statement that is not awaited to its end breaks it.
pub struct Wire {
    stream: Stream,
    /// Received bytes that are no whole message yet.
    received: Vec<u8>,
    hints: VecDeque<String>,
    is_broken: bool,
}

impl Wire {
    /// Connects and logs in.
    pub async fn open(endpoint: &Endpoint, security: &Security, login: &Login) -> Result<Self, Failure> {
        let (stream, is_private) = connect(endpoint, security).await?;
        let mut wire = Self { stream, received: Vec::new(), hints: VecDeque::new(), is_broken: false };
        wire.send(&Outgoing::startup(&login.user, &login.database)).await?;
        wire.log_in(login, is_private).await?;
        Ok(wire)
    }

    async fn log_in(&mut self, login: &Login, is_private: bool) -> Result<(), Failure> {
        let password =
            || login.password.as_deref().ok_or(Failure::Login("it asks for a password; write it into ~/.pgpass"));
        let mut exchange: Option<Scram> = None;
        loop {
            match self.receive().await? {
                Incoming::Ready => return Ok(()),
                Incoming::Authentication(0, _) => {}
                Incoming::Authentication(3, _) if is_private => self.send(&Outgoing::password(password()?)).await?,
                Incoming::Authentication(10, methods) => {
                    if !methods.split(|byte| *byte == 0).any(|method| method == scram::METHOD.as_bytes()) {
                        return Err(Failure::Login("it offers no SCRAM-SHA-256"));
                    }
                    let started =
                        exchange.insert(Scram::start(password()?).ok_or(Failure::Login("no random numbers"))?);
                    let first = Outgoing::sasl_first(scram::METHOD, &started.first());
                    self.send(&first).await?;
                }
                Incoming::Authentication(11, challenge) => {
                    let answer = exchange.as_mut().and_then(|exchange| exchange.answer(&challenge));
                    let answer = answer.ok_or(Failure::Login("its SCRAM challenge is invalid"))?;
                    self.send(&Outgoing::sasl(&answer)).await?;
                }
                Incoming::Authentication(12, proof) => {
                    if !exchange.as_ref().is_some_and(|exchange| exchange.is_proof(&proof)) {
                        return Err(Failure::Login("it does not know the password that it asks for"));
                    }
                }
                Incoming::Authentication(..) => {
                    return Err(Failure::Login(
                        "it asks for an old kind of password; set password_encryption to scram-sha-256",
                    ));
                }
                _ => {}
            }
        }
    }

    /// Executes a statement with its parameters in text form.
    pub async fn query(&mut self, statement: &str, parameters: &[Option<String>]) -> Result<Vec<Row>, Failure> {
        self.exchange(&Outgoing::statement(statement, parameters)).await
    }

    /// Executes a script without parameters.
    pub async fn script(&mut self, script: &str) -> Result<(), Failure> {
        self.exchange(&Outgoing::script(script)).await.map(drop)
    }

    async fn exchange(&mut self, request: &Outgoing) -> Result<Vec<Row>, Failure> {
        if std::mem::replace(&mut self.is_broken, true) {
            return Err(Failure::Io(io::ErrorKind::BrokenPipe.into()));
        }
        self.send(request).await?;
        let (mut rows, mut size, mut failed) = (Vec::new(), 0_usize, None);
        let mut columns: Arc<[String]> = Arc::default();
        loop {
            match self.receive().await? {
                Incoming::Ready => break,
                Incoming::Columns(names) => columns = names.into(),
                Incoming::Row(values) => {
                    size = size.saturating_add(values.iter().flatten().map(String::len).sum());
                    if size > MOST {
                        return Err(Failure::Io(io::ErrorKind::FileTooLarge.into()));
                    }
                    rows.push(Row { columns: columns.clone(), values });
                }
                Incoming::Error(Fields { code, message }) => failed = Some(Failure::Server { code, message }),
                _ => {}
            }
        }
        self.is_broken = false;
        failed.map_or(Ok(rows), Err)
    }

    /// The payload of the next notification; `None` when the connection has ended. Dropping the future loses nothing.
    pub async fn hint(&mut self) -> Option<String> {
        loop {
            if let Some(hint) = self.hints.pop_front() {
                return Some(hint);
            }
            self.receive_any().await.ok()?;
        }
    }

    async fn send(&mut self, message: &Outgoing) -> Result<(), Failure> {
        self.stream.write_all(message.bytes()).await.map_err(Failure::Io)?;
        self.stream.flush().await.map_err(Failure::Io)
    }

    /// The next message of an exchange. During the login, an error ends it.
    async fn receive(&mut self) -> Result<Incoming, Failure> {
        match self.receive_any().await? {
            Incoming::Error(Fields { code, message }) if !self.is_broken => Err(Failure::Server { code, message }),
            other => Ok(other),
        }
    }

    async fn receive_any(&mut self) -> Result<Incoming, Failure> {
        loop {
            if let Some(message) = message::take(&mut self.received, MOST).map_err(Failure::Io)? {
                if let Incoming::Notification(payload) = message {
                    // Each notification says the same: look again. More of them say nothing new.
                    if self.hints.is_empty() {
                        self.hints.push_back(payload);
                    }
                    return Ok(Incoming::Other);
                }
                return Ok(message);
            }
            if self.stream.read_buf(&mut self.received).await.map_err(Failure::Io)? == 0 {
                return Err(Failure::Io(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }
}

/// Long enough for a server on another continent, and short, because a worker has to try again before a lease of 30 s ends.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
