//! The calls of a worker.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::Store;
use crate::address::Address;
use crate::error::Error;
use crate::sql::{array, field, parameters};
use crate::statements;
use crate::values::{Claim, Known, Progress, QueueInfo, Share};

/// The worker as the database knows it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// A UUID that its state directory keeps.
    pub worker: String,
    pub host: String,
    pub labels: BTreeMap<String, String>,
}

/// The leases of a worker.
pub struct Leases {
    store: Store,
    identity: Identity,
    /// The host of its tasks: empty in a queue of kind once.
    host: String,
}

/// The end of an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// The task will be claimed again.
    Again,
    /// It has failed for good.
    Failed,
    /// The lease was lost before; nothing changed.
    Lost,
}

impl Leases {
    pub fn new(store: Store, identity: Identity, host: String) -> Self {
        Self { store, identity, host }
    }

    /// An id for a new worker.
    pub async fn new_worker(store: &Store) -> Result<String, Error> {
        let rows = store.connection.query(statements::NEW_WORKER, &[]).await?;
        let row = rows.first().ok_or_else(|| Error::Rejected { message: "no id".into() })?;
        field(row, "id")
    }

    /// Connects again.
    pub async fn reopen(address: &Address) -> Result<Store, Error> {
        let store = Store::open(address).await?;
        store.connection.execute("LISTEN haul_fleet").await?;
        Ok(store)
    }

    pub async fn queue(&self) -> Result<QueueInfo, Error> {
        self.store.queue().await
    }

    /// The next notification; `None` when the connection has ended.
    pub async fn hint(&mut self) -> Option<String> {
        self.store.connection.hint().await
    }

    /// Registers the worker, or reports that it lives.
    pub async fn announce(&self, starts: bool) -> Result<(), Error> {
        let Identity { worker, host, labels } = &self.identity;
        let labels = serde_json::to_string(labels).map_err(|error| Error::Invalid(error.to_string()))?;
        let parameters = parameters![worker, self.store.queue, host, env!("CARGO_PKG_VERSION"), labels, starts];
        self.store.connection.query(statements::WORKER, &parameters).await.map(drop)
    }

    /// Makes the tasks of this machine for new jobs.
    pub async fn enrol(&self) -> Result<(), Error> {
        let labels = serde_json::to_string(&self.identity.labels).map_err(|error| Error::Invalid(error.to_string()))?;
        let parameters = parameters![self.store.queue, self.host, labels];
        self.store.connection.query(statements::ENROL, &parameters).await.map(drop)
    }

    /// Claims tasks. A task whose attempts are used up fails instead.
    pub async fn claim(&self, most: usize) -> Result<Vec<Claim>, Error> {
        let parameters = parameters![self.store.queue, self.host, self.identity.worker, most];
        let mut claims = Vec::new();
        for row in self.store.connection.query(statements::CLAIM, &parameters).await? {
            if field(&row, "held")? {
                let (job, generation) = (field(&row, "job")?, field(&row, "gen")?);
                claims.push(Claim { job, generation, name: field(&row, "name")?, spec: field(&row, "spec")? });
            }
        }
        Ok(claims)
    }

    /// Renews leases. Returns the jobs of those that are still held.
    pub async fn renew(&self, held: &[Progress]) -> Result<BTreeSet<String>, Error> {
        let parameters = parameters![
            self.store.queue,
            self.host,
            self.identity.worker,
            array(held.iter().map(|task| Some(&task.job))),
            array(held.iter().map(|task| Some(task.generation))),
            array(held.iter().map(|task| Some(task.bytes))),
            array(held.iter().map(|task| task.total)),
        ];
        let rows = self.store.connection.query(statements::RENEW, &parameters).await?;
        rows.iter().map(|row| field(row, "job")).collect()
    }

    /// Reports that a task is done. False if its lease was lost before.
    pub async fn done(&self, job: &str, generation: i64, bytes: u64) -> Result<bool, Error> {
        let parameters = parameters![job, self.host, generation, self.identity.worker, bytes];
        Ok(!self.store.connection.query(statements::DONE, &parameters).await?.is_empty())
    }

    /// Reports that an attempt failed; `is_final` if no attempt can succeed.
    pub async fn fail(&self, job: &str, generation: i64, error: &str, is_final: bool) -> Result<AfterFailure, Error> {
        let parameters = parameters![job, self.host, generation, self.identity.worker, error, is_final];
        let rows = self.store.connection.query(statements::FAIL, &parameters).await?;
        let state = rows.first().map(|row| field::<String>(row, "state")).transpose()?;
        Ok(match state.as_deref() {
            None => AfterFailure::Lost,
            Some("ready") => AfterFailure::Again,
            Some(_) => AfterFailure::Failed,
        })
    }

    /// Gives tasks back.
    pub async fn release(&self, held: &[(String, i64)]) -> Result<(), Error> {
        let (jobs, generations): (Vec<_>, Vec<_>) = held.iter().map(|(job, number)| (Some(job), Some(number))).unzip();
        let parameters = parameters![self.host, self.identity.worker, array(jobs), array(generations)];
        self.store.connection.query(statements::RELEASE, &parameters).await.map(drop)
    }

    /// The tasks of these jobs that the database has.
    pub async fn states(&self, jobs: &[String]) -> Result<Vec<Known>, Error> {
        let parameters = parameters![self.host, self.identity.worker, array(jobs.iter().map(Some))];
        let known = |row| {
            Ok(Known {
                job: field(row, "job")?,
                generation: field(row, "gen")?,
                mine: field(row, "mine")?,
                state: field(row, "state")?,
                name: field(row, "name")?,
                spec: field(row, "spec")?,
            })
        };
        self.store.connection.query(statements::STATES, &parameters).await?.iter().map(known).collect()
    }

    /// Leases shares of origins: the wanted slots of each, as far as they are free. Origins without a limit are not in the answer.
    pub async fn share(&self, wanted: &BTreeMap<String, u32>) -> Result<BTreeMap<String, Share>, Error> {
        let (origins, slots) = (array(wanted.keys().map(Some)), array(wanted.values().map(Some)));
        let parameters = parameters![self.identity.worker, origins, slots, self.store.queue];
        let mut shares = BTreeMap::new();
        for row in self.store.connection.query(statements::SHARE, &parameters).await? {
            let granted: Option<u32> = field(&row, "granted")?;
            let total: Option<u32> = field(&row, "total")?;
            if let (Some(granted), Some(total)) = (granted, total) {
                let share = Share { slots: granted, total, rate: field(&row, "rate")? };
                shares.insert(field(&row, "origin")?, share);
            }
        }
        Ok(shares)
    }

    /// Holds all workers back from an origin.
    pub async fn hold(&self, origin: &str, time: Duration) -> Result<(), Error> {
        let parameters = parameters![origin, time.as_secs_f64()];
        self.store.connection.query(statements::HOLD, &parameters).await.map(drop)
    }

    /// The origins that are held, and for how long.
    pub async fn holds(&self) -> Result<Vec<(String, Duration)>, Error> {
        let hold = |row| {
            let seconds: f64 = field(row, "seconds")?;
            Ok((field(row, "origin")?, Duration::try_from_secs_f64(seconds).unwrap_or_default()))
        };
        self.store.connection.query(statements::HOLDS, &[]).await?.iter().map(hold).collect()
    }
}
