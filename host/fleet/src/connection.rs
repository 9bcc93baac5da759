//! A connection to the database.

use std::time::Duration;

use tokio::sync::Mutex;

use crate::address::Address;
use crate::error::Error;
use crate::wire::{CONNECT_TIMEOUT, Failure, Row, Wire};

/// A statement that takes longer counts as lost, because claims take milliseconds and a lease may be a few seconds.
const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Asks whether the server accepts writes: a replica does not.
const READ_ONLY: &str = "SELECT current_setting('transaction_read_only') AS read_only";

pub struct Connection {
    wire: Mutex<Wire>,
    server: String,
}

impl Connection {
    /// Connects to the first server that answers, or with `target_session_attrs=read-write` to the first that accepts writes.
    pub async fn open(address: &Address) -> Result<Self, Error> {
        let mut last = None;
        for endpoint in &address.endpoints {
            let opening = async {
                let mut wire = Wire::open(endpoint, &address.security, &address.login).await?;
                if address.wants_primary {
                    let rows = wire.query(READ_ONLY, &[]).await?;
                    if rows.first().and_then(|row| row.column("read_only").flatten()) != Some("off") {
                        return Err(Failure::Replica);
                    }
                }
                Ok(wire)
            };
            let failed = match tokio::time::timeout(CONNECT_TIMEOUT, opening).await {
                Ok(Ok(wire)) => return Ok(Self { wire: Mutex::new(wire), server: address.server.clone() }),
                Ok(Err(failure)) => Error::of(&address.server, failure),
                Err(_) => silent(&address.server, CONNECT_TIMEOUT),
            };
            // An error that a user must resolve says more than a server that is down.
            last = last.filter(|known: &Error| !known.is_passing()).or(Some(failed));
        }
        Err(last.unwrap_or_else(|| silent(&address.server, CONNECT_TIMEOUT)))
    }

    pub async fn query(&self, statement: &str, parameters: &[Option<String>]) -> Result<Vec<Row>, Error> {
        let mut wire = self.wire.lock().await;
        self.bounded(wire.query(statement, parameters)).await
    }

    /// Executes a script.
    pub async fn execute(&self, script: &str) -> Result<(), Error> {
        let mut wire = self.wire.lock().await;
        self.bounded(wire.script(script)).await
    }

    /// The payload of the next notification. `None` when the connection has ended.
    pub async fn hint(&mut self) -> Option<String> {
        self.wire.get_mut().hint().await
    }

    async fn bounded<T>(&self, call: impl Future<Output = Result<T, Failure>>) -> Result<T, Error> {
        match tokio::time::timeout(CALL_TIMEOUT, call).await {
            Ok(answer) => answer.map_err(|failure| Error::of(&self.server, failure)),
            Err(_) => Err(silent(&self.server, CALL_TIMEOUT)),
        }
    }
}

fn silent(server: &str, time: Duration) -> Error {
    Error::Unreachable { server: server.into(), reason: format!("no answer within {} s", time.as_secs()) }
}
