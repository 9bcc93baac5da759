//! The worker's connection to the database, and its knowledge of the queue, which survives a connection.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use super::budget::Needs;
use super::{Options, identity};
use crate::address::Address;
use crate::error::Error;
use crate::store::leases::{Identity, Leases};
use crate::values::{Kind, Share};

/// The lease until the database says its length: the default, because it only sets the pace of the first attempts to connect.
const LEASE: Duration = Duration::from_secs(30);

pub struct Session {
    address: Address,
    state: PathBuf,
    identity: Identity,
    leases: Option<Leases>,
    pub lease: Duration,
    kind: Kind,
    /// The count of additions at the last enrolment.
    enrolled: Option<i64>,
    /// Origins of which the worker has a share. It gives a share back by asking for none.
    shared: BTreeSet<String>,
}

impl Session {
    pub fn new(options: &Options) -> Self {
        let identity = Identity { worker: String::new(), host: options.host.clone(), labels: options.labels.clone() };
        Self {
            address: options.address.clone(),
            state: options.state.clone(),
            identity,
            leases: None,
            lease: LEASE,
            kind: Kind::Once,
            enrolled: None,
            shared: BTreeSet::new(),
        }
    }

    /// Connects, and registers the worker.
    pub async fn open(&mut self) -> Result<(), Error> {
        let store = Leases::reopen(&self.address).await?;
        let queue = store.queue().await?;
        let starts = self.identity.worker.is_empty();
        if starts {
            self.identity.worker = identity::of(&self.state, &store).await?;
        }
        self.kind = queue.kind;
        self.lease = Duration::try_from_secs_f64(queue.lease).unwrap_or(LEASE);
        let host = match self.kind {
            Kind::Once => String::new(),
            Kind::Each => self.identity.host.clone(),
        };
        let leases = Leases::new(store, self.identity.clone(), host);
        leases.announce(starts).await?;
        self.leases = Some(leases);
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        self.leases.is_some()
    }

    pub fn close(&mut self) {
        self.leases = None;
    }

    /// # Errors
    ///
    /// There is no connection.
    pub fn leases(&self) -> Result<&Leases, Error> {
        self.leases.as_ref().ok_or_else(|| self.closed())
    }

    pub fn closed(&self) -> Error {
        Error::Unreachable { server: self.address.server.clone(), reason: "the connection has ended".into() }
    }

    /// The next notification; `None` when the connection has ended.
    pub async fn hint(&mut self) -> Option<String> {
        match &mut self.leases {
            Some(leases) => leases.hint().await,
            None => None,
        }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn worker(&self) -> &str {
        &self.identity.worker
    }

    /// Enrols the machine for new jobs. Returns whether the queue is paused.
    pub async fn look(&mut self) -> Result<bool, Error> {
        let queue = self.leases()?.queue().await?;
        if queue.kind == Kind::Each && self.enrolled != Some(queue.added) {
            self.leases()?.enrol().await?;
            self.enrolled = Some(queue.added);
        }
        Ok(queue.paused)
    }

    /// The wanted shares, and none of the origins that are not wanted any more.
    pub fn with_released(&self, mut wanted: Needs) -> Needs {
        for origin in &self.shared {
            wanted.entry(origin.clone()).or_insert(0);
        }
        wanted
    }

    pub fn remember(&mut self, shares: &BTreeMap<String, Share>) {
        let held = shares.iter().filter(|(_, share)| share.slots > 0);
        self.shared = held.map(|(origin, _)| origin.clone()).collect();
    }

    /// Gives back tasks and shares, as far as the database answers.
    pub async fn give_back(&self, held: &[(String, i64)]) {
        let Ok(leases) = self.leases() else { return };
        let none = self.with_released(Needs::new());
        if !held.is_empty() {
            let _ = leases.release(held).await;
        }
        if !none.is_empty() {
            let _ = leases.share(&none).await;
        }
    }
}
