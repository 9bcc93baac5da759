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
                Ok(Reply::Subscribed) => {
                    // Only events arrive on this connection from now on.
                    self.access = None;
                    return Ok(Reply::no_connection());
                }
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

#[cfg(test)]
mod tests {
    use tokio::task::LocalSet;

    use super::*;
    use crate::access::acquire;
    use crate::event::Event;
    use crate::local::Server;
    use crate::protocol::{NewJob, Selection};
    use crate::settings::Settings;

    fn create_one() -> Request {
        let settings = Settings { display_name: Some("maps".into()), ..Settings::default() };
        Request::Create { jobs: vec![NewJob { settings, ..NewJob::default() }] }
    }

    fn describe_all() -> Request {
        Request::Describe { jobs: Selection::All }
    }

    #[tokio::test]
    async fn a_client_asks_the_process_that_runs_the_queue_and_opens_it_if_no_process_does() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::new(folder.path());
        let mut client = Client::new(location.clone());
        let visit = async {
            let queue = acquire(&location, |builder| builder.max_running(0)).await.unwrap();
            let server = Server::open(queue.clone(), &location).unwrap();
            let second = acquire(&location, |builder| builder).await.err().unwrap().to_string();
            assert!(second.starts_with("another 'haul jobs run' has the queue"), "{second}");

            let mut events = client.subscribe().await.unwrap().unwrap();
            client.ask(&create_one()).await.unwrap().jobs().unwrap();
            assert!(client.is_remote());
            assert!(matches!(events.next().await, Some(Event::Job { .. })));
            let refused = client.ask(&Request::Subscribe).await.unwrap();
            assert!(matches!(refused, Reply::Refused { error } if error.to_string().contains("of its own")));
            assert_eq!(client.ask(&describe_all()).await.unwrap().jobs().unwrap().len(), 1);

            server.close().await;
            queue.close().await;
            while events.next().await.is_some() {}
        };
        LocalSet::new().run_until(visit).await;
        assert_eq!(client.ask(&describe_all()).await.unwrap().jobs().unwrap().len(), 1);
        assert!(!client.is_remote());
        assert!(client.subscribe().await.unwrap().is_none());
        client.release().await;
    }
}
