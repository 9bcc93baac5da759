//! The queue of a user, for programs that do not run it.

use std::io::{self, ErrorKind};

use crate::access::{self, Access};
use crate::error::CommandError;
use crate::local::Location;
use crate::protocol::{Reply, Request};
use crate::subscription::Subscription;

/// A client of a queue. If a process runs the queue, that process executes the requests; if not, the client opens the queue itself and
/// keeps it until [`release`](Self::release).
pub struct Client {
    location: Location,
    access: Option<Access>,
}

impl Client {
    /// A client of this queue; nothing is opened before the first request.
    pub const fn new(location: Location) -> Self {
        Self { location, access: None }
    }

    /// Executes a request.
    ///
    /// # Errors
    ///
    /// The queue cannot be opened, or the process that runs it died before it replied. The request may have been executed then; a read-only
    /// request is repeated instead.
    pub async fn ask(&mut self, request: &Request) -> Result<Reply, CommandError> {
        loop {
            let access = match &mut self.access {
                Some(access) => access,
                none => none.insert(access::find(&self.location).await?),
            };
            let reply = match access {
                Access::Owned(queue) => return Ok(queue.execute(request.clone()).await),
                Access::Remote(connection) => connection.ask(request).await,
            };
            match reply {
                Ok(Reply::Closing) => self.access = None,
                Ok(reply) => return Ok(reply),
                Err(error) if has_died(&error) && request.is_read_only() => self.access = None,
                Err(error) => return Err(unanswered(&error)),
            }
        }
    }

    /// The events of the queue, over a connection of their own. `None` if no other process runs the queue.
    ///
    /// # Errors
    ///
    /// That process cannot be reached, or has too many followers.
    pub async fn subscribe(&self) -> Result<Option<Subscription>, CommandError> {
        let Some(mut connection) = access::connect(&self.location).await? else { return Ok(None) };
        match connection.ask(&Request::Subscribe).await {
            Ok(Reply::Subscribed) => Ok(Some(connection.into_subscription())),
            Ok(Reply::Closing) => Ok(None),
            Ok(other) => Err(other.into_error()),
            Err(error) if has_died(&error) => Ok(None),
            Err(error) => Err(unanswered(&error)),
        }
    }

    /// Closes a queue that the client opened itself, so that another process can open it. The next request opens it again.
    pub async fn release(&mut self) {
        if let Some(Access::Owned(queue)) = self.access.take() {
            queue.close().await;
        }
    }

    /// Whether another process executed the last request.
    pub const fn is_remote(&self) -> bool {
        matches!(self.access, Some(Access::Remote(_)))
    }
}

/// Whether the process at the other end has died.
fn has_died(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

fn unanswered(error: &io::Error) -> CommandError {
    match error.kind() {
        ErrorKind::FileTooLarge => CommandError::misuse("that is too much at once; add fewer files at a time"),
        _ => CommandError::failed(format!(
            "the process that runs the queue has not answered ({error}); see with 'haul jobs list' what it has done"
        )),
    }
}
