//! The way to a queue: opening it, or asking the process that has it.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use haul::{Builder, Engine, Error, Limits, Policy};

use super::execute::execute;
use super::place::Place;
use super::problem::Problem;
use super::protocol::{Reply, Request};
use super::socket::Connection;

/// How long a process may have the queue without listening: others only look into it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two tries to get at the queue.
const PAUSE: Duration = Duration::from_millis(20);

/// Memory for a queue that is too large, in bytes: as much as a component can have, less some for its code.
const RESCUE_MEMORY: usize = 3 << 30;

pub struct Queue {
    place: Place,
    way: Option<Way>,
}

enum Way {
    Engine(Engine),
    Runner(Connection),
}

impl Queue {
    pub const fn new(place: Place) -> Self {
        Self { place, way: None }
    }

    /// What the queue answers.
    ///
    /// # Errors
    ///
    /// There is no way to the queue, or none any more.
    pub async fn ask(&mut self, request: &Request) -> Result<Reply, Problem> {
        loop {
            let way = match &mut self.way {
                Some(way) => way,
                none => none.insert(find(&self.place).await?),
            };
            let reply = match way {
                Way::Engine(engine) => return Ok(execute(engine, request.clone()).await),
                Way::Runner(connection) => connection.ask(request).await,
            };
            match reply {
                // Whoever runs the queue lets go of it.
                Ok(Reply::Closing) => self.way = None,
                Ok(reply) => return Ok(reply),
                Err(error) if has_gone(&error) && request.only_looks() => self.way = None,
                Err(error) => return Err(unanswered(&error)),
            }
        }
    }

    /// Lets other processes have the queue.
    pub async fn release(&mut self) {
        if let Some(Way::Engine(engine)) = self.way.take() {
            engine.close().await;
        }
    }

    /// Whether another process runs the queue, as of the last question.
    pub const fn is_run(&self) -> bool {
        matches!(self.way, Some(Way::Runner(_)))
    }
}

/// Whether the process at the other end has died.
fn has_gone(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

fn unanswered(error: &io::Error) -> Problem {
    match error.kind() {
        ErrorKind::FileTooLarge => Problem::misuse("that is too much at once; add fewer files at a time"),
        _ => Problem::failed(format!(
            "the process that runs the queue has not answered ({error}); see with 'haul jobs list' what it has done"
        )),
    }
}

/// A queue that others may have for a moment.
async fn find(place: &Place) -> Result<Way, Problem> {
    let begun = Instant::now();
    loop {
        if let Some(connection) = runner(place).await? {
            return Ok(Way::Runner(connection));
        }
        // Who looks does not fetch.
        match open(place, |builder| builder.max_running(0)).await {
            Ok(engine) => return Ok(Way::Engine(engine)),
            Err(error) if is_taken(&error) && begun.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(refused(place, error)),
        }
    }
}

/// An engine that has the queue to itself, for running it.
///
/// # Errors
///
/// Another process runs it, or it cannot be used.
pub async fn take(place: &Place, settings: impl Fn(Builder) -> Builder) -> Result<Engine, Problem> {
    let begun = Instant::now();
    loop {
        match open(place, &settings).await {
            Ok(engine) => return Ok(engine),
            Err(error) if !is_taken(&error) => return Err(refused(place, error)),
            Err(_) if runner(place).await?.is_some() => {
                let directory = place.directory().display();
                return Err(Problem::failed(format!("another 'haul jobs run' has the queue in {directory} already")));
            }
            Err(error) if begun.elapsed() >= PATIENCE => return Err(refused(place, error)),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// The process that runs the queue, where there is one.
async fn runner(place: &Place) -> Result<Option<Connection>, Problem> {
    match Connection::open(&place.socket()).await {
        Ok(connection) => Ok(Some(connection)),
        Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Unsupported) => {
            Err(Problem::failed(format!("the process that runs the queue cannot be asked: {error}; end it first")))
        }
        Err(_) => Ok(None),
    }
}

/// Files may lie wherever the user may write. A queue that takes more memory than an engine is given gets more, so that its jobs can be
/// removed.
async fn open(place: &Place, settings: impl Fn(Builder) -> Builder) -> Result<Engine, Error> {
    let builder = settings(Engine::builder().policy(Policy::allow_all()));
    let builder = builder.grant("/").state_directory(place.directory());
    match builder.clone().open().await {
        Err(Error::OutOfMemory { .. }) => builder.limits(Limits::default().memory(RESCUE_MEMORY)).open().await,
        opened => opened,
    }
}

fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Failed(failure) if failure.name == "ERROR_SHARING_VIOLATION")
}

fn refused(place: &Place, error: Error) -> Problem {
    let directory = place.directory().display();
    match is_taken(&error) {
        true => Problem::failed(format!("another process has the queue in {directory}; wait for it, or end it")),
        false => Problem::from(error).about(format!("the queue in {directory}")),
    }
}
