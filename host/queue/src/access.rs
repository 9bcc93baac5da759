//! Access to a queue: as its owner, or through the process that runs it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use haul::{Builder, Error};

use crate::error::CommandError;
use crate::local::{Connection, Location};
use crate::queue::Queue;

/// The longest wait for an owner without a socket, because such a process only executes one request.
const OWNER_TIMEOUT: Duration = Duration::from_secs(10);

/// Time between two attempts, so that a short request of another process delays this one little.
const PAUSE: Duration = Duration::from_millis(20);

/// A way to a queue.
pub enum Access {
    /// This process owns it.
    Owned(Queue),
    /// Another process runs it.
    Remote(Connection),
}

/// Access for single requests: through the process that runs the queue, else as its owner for a short time.
pub async fn find(location: &Location) -> Result<Access, CommandError> {
    let begun = Instant::now();
    loop {
        if let Some(connection) = connect(location).await? {
            return Ok(Access::Remote(connection));
        }
        // A command that lists jobs must not start them.
        match Queue::open(location.directory(), |builder| builder.max_running(0)).await {
            Ok(queue) => return Ok(Access::Owned(queue)),
            Err(error) if is_owned(&error) && begun.elapsed() < OWNER_TIMEOUT => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(refused(location, error)),
        }
    }
}

/// Opens the queue of a user for running it, as [`Queue::open`] does. If another process executes a request on it, this waits for
/// that process for 10 seconds at most. `settings` may be called several times.
///
/// # Errors
///
/// Another process runs the queue, or it cannot be opened.
pub async fn acquire(location: &Location, settings: impl Fn(Builder) -> Builder) -> Result<Queue, CommandError> {
    let begun = Instant::now();
    loop {
        match Queue::open(location.directory(), &settings).await {
            Ok(queue) => return Ok(queue),
            Err(error) if !is_owned(&error) => return Err(refused(location, error)),
            Err(_) if connect(location).await?.is_some() => {
                let directory = location.directory().display();
                let message = format!("another 'haul jobs run' has the queue in {directory} already");
                return Err(CommandError::failed(message));
            }
            Err(error) if begun.elapsed() >= OWNER_TIMEOUT => return Err(refused(location, error)),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// A connection to the process that runs the queue; `None` if no process does.
pub async fn connect(location: &Location) -> Result<Option<Connection>, CommandError> {
    match Connection::open(&location.socket()).await {
        Ok(connection) => Ok(Some(connection)),
        Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Unsupported) => {
            let message = format!("the process that runs the queue cannot be asked: {error}; end it first");
            Err(CommandError::failed(message))
        }
        Err(_) => Ok(None),
    }
}

fn is_owned(error: &Error) -> bool {
    matches!(error, Error::Failed(failure) if failure.name == "ERROR_SHARING_VIOLATION")
}

fn refused(location: &Location, error: Error) -> CommandError {
    let directory = location.directory().display();
    if is_owned(&error) {
        let message = format!("another process has the queue in {directory}; wait for it, or end it");
        return CommandError::failed(message);
    }
    CommandError::from(error).about(format!("the queue in {directory}"))
}
