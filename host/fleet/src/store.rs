//! The calls that commands make. [`Leases`](leases::Leases) has those of workers.

mod ids;
pub(crate) mod leases;

use std::collections::BTreeMap;

use self::ids::id_prefix;
use crate::address::Address;
use crate::connection::Connection;
use crate::error::Error;
use crate::migrations;
use crate::spec::Spec;
use crate::sql::{Sql, array, field, parameters};
use crate::statements;
use crate::values::{Failed, JobSummary, Kind, Machine, MachineTask, NewQueue, OriginUse, QueueInfo, Totals};

/// Jobs in one statement, so that it takes tens of milliseconds and a few MiB.
const BATCH: usize = 1000;

/// A queue in a database.
pub struct Store {
    connection: Connection,
    queue: String,
}

impl Store {
    /// Connects, and checks the version of the tables.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or [`migrate`](crate::migrate) is due.
    pub async fn open(address: &Address) -> Result<Self, Error> {
        let connection = Connection::open(address).await?;
        migrations::check(&connection).await?;
        Ok(Self { connection, queue: address.queue.clone() })
    }

    /// Creates the queue. Returns false if it exists; it stays as it is then.
    ///
    /// # Errors
    ///
    /// The database rejects it.
    pub async fn create(&self, queue: NewQueue) -> Result<bool, Error> {
        let parameters = parameters![self.queue, queue.kind, queue.lease.as_secs_f64(), queue.max_attempts];
        Ok(!self.connection.query(statements::CREATE_QUEUE, &parameters).await?.is_empty())
    }

    /// The queue.
    ///
    /// # Errors
    ///
    /// It does not exist.
    pub async fn queue(&self) -> Result<QueueInfo, Error> {
        let rows = self.connection.query(statements::QUEUE, &parameters![self.queue]).await?;
        let row = rows.first().ok_or_else(|| Error::NoQueue(self.queue.clone()))?;
        let kind: String = field(row, "kind")?;
        let kind = kind.parse().map_err(|_| Error::Invalid(format!("this haul knows no queue of kind '{kind}'")))?;
        Ok(QueueInfo {
            kind,
            paused: field(row, "paused")?,
            lease: field(row, "lease")?,
            max_attempts: field(row, "max_attempts")?,
            added: field(row, "added")?,
        })
    }

    /// Pauses the queue, or lets it go on.
    ///
    /// # Errors
    ///
    /// It does not exist.
    pub async fn set_paused(&self, paused: bool) -> Result<(), Error> {
        let parameters = parameters![self.queue, paused];
        let changed = self.connection.query(statements::PAUSE, &parameters).await?;
        if changed.is_empty() { Err(Error::NoQueue(self.queue.clone())) } else { Ok(()) }
    }

    /// Adds jobs for all machines that have the labels of `selector`. Returns their ids and names.
    ///
    /// # Errors
    ///
    /// A job is not fit for the queue. If the database fails, jobs of earlier batches of 1,000 are added.
    pub async fn add(
        &self,
        jobs: &[(String, Spec)],
        priority: i16,
        selector: &BTreeMap<String, String>,
    ) -> Result<Vec<(String, String)>, Error> {
        let kind = self.queue().await?.kind;
        let mut texts = Vec::with_capacity(jobs.len());
        for (name, spec) in jobs {
            spec.check(kind)?;
            texts.push((name.as_str(), spec.to_json()?));
        }
        if kind == Kind::Once && !selector.is_empty() {
            return Err(Error::Invalid("in a queue of kind once any machine takes a job; leave out the labels".into()));
        }
        let selector = serde_json::to_string(selector).map_err(|error| Error::Invalid(error.to_string()))?;
        let mut added = Vec::with_capacity(jobs.len());
        for batch in texts.chunks(BATCH) {
            let (names, specs): (Vec<_>, Vec<_>) = batch.iter().map(|(name, spec)| (Some(name), Some(spec))).unzip();
            let parameters = parameters![self.queue, array(names), array(specs), priority, selector];
            for row in self.connection.query(statements::ADD, &parameters).await? {
                added.push((field(&row, "id")?, field(&row, "name")?));
            }
        }
        Ok(added)
    }

    /// The id of the job with this id, unique prefix of an id (four characters or more), or unique name.
    ///
    /// # Errors
    ///
    /// No job or several jobs have it.
    pub async fn find(&self, text: &str) -> Result<String, Error> {
        // An empty range of ids, if the text cannot be a prefix.
        let never = || (uuid('f'), uuid('0'));
        let (first, last) = id_prefix(text).unwrap_or_else(never);
        let parameters = parameters![self.queue, text, first, last];
        let rows = self.connection.query(statements::FIND, &parameters).await?;
        let mut ids = rows.iter().map(|row| field::<String>(row, "id")).collect::<Result<Vec<_>, _>>()?;
        match (ids.pop(), ids.is_empty()) {
            (Some(id), true) => Ok(id),
            (None, _) => Err(Error::Invalid(format!("there is no job '{text}'; 'haul fleet list' has the jobs"))),
            _ => Err(Error::Invalid(format!("several jobs are called '{text}'; write the id of one"))),
        }
    }

    /// Cancels jobs. Tasks that are done stay done; workers drop the tasks that they hold at their next renewal.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn cancel(&self, ids: &[String]) -> Result<(), Error> {
        self.on_jobs(statements::CANCEL, ids).await
    }

    /// Makes failed tasks of jobs ready again.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn retry(&self, ids: &[String]) -> Result<(), Error> {
        self.on_jobs(statements::RETRY, ids).await
    }

    async fn on_jobs(&self, statement: &str, ids: &[String]) -> Result<(), Error> {
        let parameters = parameters![self.queue, array(ids.iter().map(Some))];
        self.connection.query(statement, &parameters).await.map(drop)
    }

    /// Limits an origin for the whole fleet: exchanges at a time, and bytes per second. Both `None`: no limit.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn limit(&self, origin: &str, slots: Option<u32>, rate: Option<u64>) -> Result<(), Error> {
        let parameters = parameters![origin, Sql(slots), Sql(rate)];
        self.connection.query(statements::LIMIT, &parameters).await.map(drop)
    }

    /// The newest jobs.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn jobs(&self, most: u32) -> Result<Vec<JobSummary>, Error> {
        let parameters = parameters![self.queue, most];
        let rows = self.connection.query(statements::LIST, &parameters).await?;
        let job = |row| {
            Ok(JobSummary {
                id: field(row, "id")?,
                name: field(row, "name")?,
                priority: field(row, "priority")?,
                cancelled: field(row, "cancelled")?,
                age: field(row, "age")?,
                ready: field(row, "ready")?,
                held: field(row, "held")?,
                done: field(row, "done")?,
                failed: field(row, "failed")?,
            })
        };
        rows.iter().map(job).collect()
    }

    /// The tasks of the queue by state.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn totals(&self) -> Result<Vec<Totals>, Error> {
        let rows = self.connection.query(statements::TOTALS, &parameters![self.queue]).await?;
        let state =
            |row| Ok(Totals { state: field(row, "state")?, tasks: field(row, "tasks")?, bytes: field(row, "bytes")? });
        rows.iter().map(state).collect()
    }

    /// The machines of the queue.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn machines(&self) -> Result<Vec<Machine>, Error> {
        let rows = self.connection.query(statements::MACHINES, &parameters![self.queue]).await?;
        let machine = |row| {
            Ok(Machine {
                host: field(row, "host")?,
                version: field(row, "version")?,
                seen: field(row, "seen")?,
                ready: field(row, "ready")?,
                held: field(row, "held")?,
                done: field(row, "done")?,
                failed: field(row, "failed")?,
                bytes: field(row, "bytes")?,
            })
        };
        rows.iter().map(machine).collect()
    }

    /// The tasks of a job.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn tasks(&self, job: &str) -> Result<Vec<MachineTask>, Error> {
        let rows = self.connection.query(statements::TASKS, &parameters![job]).await?;
        let task = |row| {
            Ok(MachineTask {
                host: field(row, "host")?,
                state: field(row, "state")?,
                attempts: field(row, "attempts")?,
                generation: field(row, "gen")?,
                bytes: field(row, "bytes_done")?,
                total: field(row, "bytes_total")?,
                error: field(row, "error")?,
            })
        };
        rows.iter().map(task).collect()
    }

    /// The tasks that failed last.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn failures(&self, most: u32) -> Result<Vec<Failed>, Error> {
        let parameters = parameters![self.queue, most];
        let rows = self.connection.query(statements::FAILURES, &parameters).await?;
        let failed = |row| {
            Ok(Failed {
                job: field(row, "job")?,
                name: field(row, "name")?,
                host: field(row, "host")?,
                attempts: field(row, "attempts")?,
                error: field(row, "error")?,
            })
        };
        rows.iter().map(failed).collect()
    }

    /// The origins that have a limit or are held.
    ///
    /// # Errors
    ///
    /// The database fails.
    pub async fn origins(&self) -> Result<Vec<OriginUse>, Error> {
        let rows = self.connection.query(statements::ORIGINS, &[]).await?;
        let origin = |row| {
            Ok(OriginUse {
                origin: field(row, "origin")?,
                slots: field(row, "slots")?,
                rate: field(row, "rate")?,
                used: field(row, "used")?,
                held: field(row, "held")?,
            })
        };
        rows.iter().map(origin).collect()
    }
}

/// The id that has this digit at all places.
fn uuid(digit: char) -> String {
    ids::hyphenated(&digit.to_string().repeat(ids::DIGITS))
}
