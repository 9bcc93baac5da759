//! The ledger in the state directory: the downloads and jobs that outlive their engine.
//!
//! It is a magic line followed by appended records. The last record of a download, a job or a job's file is the valid one. A torn last
//! record is cut. The reader stops at damage and reports it.

mod reader;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::record;
use super::stored_download::StoredDownload;
use crate::border::identity::JobId;
use crate::border::output::LedgerChange;
use crate::border::time::Instant;
use crate::job::{Job, JobFile, Stage, StoredJob};

pub use self::reader::Reader;

/// Format name and version.
const MAGIC: &[u8] = b"haul ledger 3\n";

/// Length in bytes from which the engine rewrites a ledger, unless most of it is live, so that rewriting costs at most as much as the
/// appends before it.
const COMPACT_AT: u64 = 256 << 10;

/// Length in bytes below which the engine rewrites a ledger whenever a job or a download is removed, because one write of that length costs
/// as much as an append.
const SMALL: u64 = 64 << 10;

/// Length in bytes below which the engine rewrites a ledger at once when a secret is dropped. A larger one is rewritten at the next close
/// or sweep, because rewriting 40,000 jobs for each one that ends would take hours.
const SMALL_WITH_SECRETS: u64 = 1 << 20;

/// Limit on the time that dropped secrets may stay in a larger ledger, so that a password outlives its job by a minute at most.
const SWEEP_AFTER: Duration = Duration::from_secs(60);

/// Limits on one record of files, in files and in bytes, because a reader holds one record in memory.
const FILES_IN_A_RECORD: usize = 1024;
const BYTES_IN_A_RECORD: usize = 1 << 20;

/// Bytes that [`Engine::write_ledger`](crate::engine::Engine::write_ledger) passes on at once, so that no copy of the whole ledger is in
/// memory.
const PART: usize = 256 << 10;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Record {
    Download(Box<StoredDownload>),
    DownloadGone {
        id: String,
    },
    Job(JobId, Box<StoredJob>),
    /// Files of a job, starting at this index.
    Files(JobId, u32, Vec<JobFile>),
    /// Progress of a file.
    Step(JobId, u32, Step),
    JobGone(JobId),
    /// The following records add the files with these indices to a job, or create a job with them. A reader applies all of them or none.
    Adding(JobId, u32, u32),
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    pub stage: Stage,
    /// Length of the local file in bytes.
    pub total: Option<u64>,
    pub written: u64,
    pub received: u64,
    pub active: u32,
}

impl Step {
    pub fn of(file: &JobFile) -> Self {
        Self {
            stage: file.stage,
            total: file.total(),
            written: file.written,
            received: file.received,
            active: file.active,
        }
    }

    fn apply(self, file: &mut JobFile) {
        file.stage = self.stage;
        if let Some(total) = self.total {
            file.found_total(total);
        }
        (file.written, file.received, file.active) = (self.written, self.received, self.active);
    }
}

/// The contents of a ledger.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// In order of creation.
    pub downloads: Vec<StoredDownload>,
    pub jobs: BTreeMap<JobId, (StoredJob, Vec<JobFile>)>,
    /// Length in bytes of all whole records; the next one is appended here.
    pub length: u64,
    /// Bytes of live records.
    pub live: u64,
    /// A dead record holds a secret.
    pub leaves_secrets: bool,
    /// The ledger ends within an addition of files, which was rolled back.
    pub is_cut: bool,
    /// Bytes after `length` are unreadable.
    pub damaged: bool,
}

/// The records of a job and its files.
pub(crate) fn records_of(id: JobId, job: &Job) -> impl Iterator<Item = Record> + '_ {
    core::iter::once_with(move || Record::Job(id, Box::new(job.to_stored()))).chain(files_of(id, job, 0))
}

/// The records of a job's files, starting at index `from`.
pub(crate) fn files_of(id: JobId, job: &Job, from: u32) -> impl Iterator<Item = Record> + '_ {
    let mut rest = job.files().get(from as usize..).unwrap_or_default();
    let mut first = from;
    core::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |file: &&JobFile| {
            bytes += file.footprint();
            bytes <= BYTES_IN_A_RECORD
        };
        let count = rest.iter().take(FILES_IN_A_RECORD).take_while(fits).count().max(1);
        let (files, after) = rest.split_at_checked(count)?;
        let record = Record::Files(id, first, files.to_vec());
        (rest, first) = (after, first + count as u32);
        Some(record)
    })
}

/// The size of the ledger, which decides when to rewrite it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Length of the file in bytes; zero if it must be rewritten.
    length: u64,
    /// Live bytes at the last read, write or measurement.
    compact: u64,
    /// Jobs or downloads were removed since.
    has_dropped: bool,
    leaves_secrets: bool,
    /// Latest time for a sweep of the secrets in dead records.
    sweep_at: Option<Instant>,
}

impl Ledger {
    /// The state after reading a ledger.
    pub fn read(read: &Read) -> Self {
        let length = if read.is_cut { 0 } else { read.length };
        let leaves_secrets = read.leaves_secrets || read.is_cut;
        Self { length, compact: read.live, has_dropped: false, leaves_secrets, sweep_at: None }
    }

    /// The state after rewriting a ledger with `length` bytes.
    pub const fn written(length: u64) -> Self {
        Self { length, compact: length, has_dropped: false, leaves_secrets: false, sweep_at: None }
    }

    /// Whether removed jobs may have left it mostly dead, and it is large enough to matter.
    pub const fn is_to_be_measured(&self) -> bool {
        self.has_dropped && self.length >= COMPACT_AT
    }

    /// Records that `live` bytes are live.
    pub const fn measured(&mut self, live: u64) {
        (self.compact, self.has_dropped) = (live, false);
    }

    /// Records that a record about to be dropped or replaced holds a secret.
    pub const fn leave_secrets(&mut self) {
        self.leaves_secrets = true;
    }

    /// Whether to rewrite a ledger at open or close: less than half of it is live, or dead records hold secrets.
    pub fn wants_rewrite(&self) -> bool {
        self.leaves_secrets || self.is_mostly_dead(self.length)
    }

    /// Time of the next scheduled sweep.
    pub const fn next_sweep(&self) -> Option<Instant> {
        self.sweep_at
    }

    /// Whether secrets in dead records have reached their time limit. The first call after they were left starts the clock.
    pub fn is_sweep_due(&mut self, now: Instant) -> bool {
        if !self.leaves_secrets {
            return false;
        }
        *self.sweep_at.get_or_insert(now + SWEEP_AFTER) <= now
    }

    fn is_mostly_dead(&self, length: u64) -> bool {
        length >= COMPACT_AT.max(self.compact.saturating_mul(2))
    }

    /// The change that adds `record`, which must be durable before the engine continues if `safe`.
    pub fn add(&mut self, record: &Record, safe: bool) -> LedgerChange {
        let bytes = record::encode(record);
        let length = self.length + bytes.len() as u64;
        let drops = matches!(record, Record::DownloadGone { .. } | Record::JobGone(_));
        self.has_dropped |= drops;
        let small = if self.leaves_secrets { SMALL_WITH_SECRETS } else { SMALL };
        let is_swept = (drops || self.leaves_secrets) && length < small;
        if self.length == 0 || is_swept || self.is_mostly_dead(length) {
            return self.replace();
        }
        self.length = length;
        LedgerChange::Append { bytes, safe }
    }

    /// Requests a rewrite. Until it happens, the length counts only records appended since the request.
    pub fn replace(&mut self) -> LedgerChange {
        *self = Self::written(MAGIC.len() as u64);
        LedgerChange::Replace
    }
}

/// Passes a whole ledger to `write` in parts; returns its length.
pub(crate) fn write<E>(
    records: impl Iterator<Item = Record>,
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<u64, E> {
    let mut length = 0;
    let mut part = MAGIC.to_vec();
    for record in records {
        part.extend(record::encode(&record));
        if part.len() >= PART {
            write(&part)?;
            length += part.len() as u64;
            part.clear();
        }
    }
    write(&part)?;
    Ok(length + part.len() as u64)
}
