//! The ledger in the state directory: the downloads and jobs that outlive their engine.
//!
//! A magic line, then records, appended one by one: the last record about a download, a job or a file of it counts.
//! A torn last record is cut. Records behind damage are not read, and the reader reports the damage.

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

/// Bytes from which on a ledger is written anew, unless most of it still counts.
const COMPACT_AT: u64 = 256 << 10;

/// Bytes up to which a ledger is written anew whenever a job or a download is removed.
const SMALL: u64 = 64 << 10;

/// Bytes up to which it is written anew at once when a secret is dropped. Beyond, the next close does it: writing 40,000 jobs anew for
/// each one that ends would take hours.
const SMALL_WITH_SECRETS: u64 = 1 << 20;

/// How long secrets may be left in a larger one.
const SWEEP_AFTER: Duration = Duration::from_secs(60);

/// Files of a job in one record, and their bytes: a reader holds one record at a time.
const FILES_IN_A_RECORD: usize = 1024;
const BYTES_IN_A_RECORD: usize = 1 << 20;

/// Bytes that [`Engine::write_ledger`](crate::engine::Engine::write_ledger) hands over at once.
const PART: usize = 256 << 10;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Record {
    Download(Box<StoredDownload>),
    DownloadGone {
        id: String,
    },
    Job(JobId, Box<StoredJob>),
    /// Files of a job, from this number on.
    Files(JobId, u32, Vec<JobFile>),
    /// How far a file is.
    Step(JobId, u32, Step),
    JobGone(JobId),
    /// What follows adds the files of these numbers to a job, or makes one that has them: all of it counts, or none.
    Adding(JobId, u32, u32),
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    pub stage: Stage,
    /// Bytes of the local file.
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
    /// In the order of their creation.
    pub downloads: Vec<StoredDownload>,
    pub jobs: BTreeMap<JobId, (StoredJob, Vec<JobFile>)>,
    /// Bytes of whole records: the next one is appended behind them.
    pub length: u64,
    /// Bytes of records that still count.
    pub live: u64,
    /// A record that no longer counts holds a secret.
    pub leaves_secrets: bool,
    /// Files were being added at its end, and are not there.
    pub is_cut: bool,
    /// Bytes behind `length` cannot be read.
    pub damaged: bool,
}

/// The records of a job and its files.
pub(crate) fn records_of(id: JobId, job: &Job) -> impl Iterator<Item = Record> + '_ {
    core::iter::once_with(move || Record::Job(id, Box::new(job.to_stored()))).chain(files_of(id, job, 0))
}

/// The records of the files of a job from number `from` on.
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

/// The size of the ledger's file, which decides when it is written anew.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Bytes in the file; zero if it is to be written anew.
    length: u64,
    /// Bytes of it that count, as of its last reading, writing or measuring.
    compact: u64,
    /// Jobs or downloads have gone since.
    has_dropped: bool,
    leaves_secrets: bool,
    /// When secrets that are left in it are swept at the latest.
    sweep_at: Option<Instant>,
}

impl Ledger {
    /// A ledger that was read.
    pub fn read(read: &Read) -> Self {
        let length = if read.is_cut { 0 } else { read.length };
        let leaves_secrets = read.leaves_secrets || read.is_cut;
        Self { length, compact: read.live, has_dropped: false, leaves_secrets, sweep_at: None }
    }

    /// A ledger that was written anew as `length` bytes.
    pub const fn written(length: u64) -> Self {
        Self { length, compact: length, has_dropped: false, leaves_secrets: false, sweep_at: None }
    }

    /// Whether it may have become mostly dead by jobs that have gone, and is large enough to matter.
    pub const fn is_to_be_measured(&self) -> bool {
        self.has_dropped && self.length >= COMPACT_AT
    }

    /// `live` bytes of it count.
    pub const fn measured(&mut self, live: u64) {
        (self.compact, self.has_dropped) = (live, false);
    }

    /// A record about to be dropped or replaced holds a secret.
    pub const fn leave_secrets(&mut self) {
        self.leaves_secrets = true;
    }

    /// Whether a ledger that is opened or closed is written anew: less than half of it counts, or secrets are left in it.
    pub fn wants_rewrite(&self) -> bool {
        self.leaves_secrets || self.is_mostly_dead(self.length)
    }

    /// When a sweep is due by itself.
    pub const fn next_sweep(&self) -> Option<Instant> {
        self.sweep_at
    }

    /// Whether secrets have been left for long enough; the first call after they were left starts the clock.
    pub fn is_sweep_due(&mut self, now: Instant) -> bool {
        if !self.leaves_secrets {
            return false;
        }
        *self.sweep_at.get_or_insert(now + SWEEP_AFTER) <= now
    }

    fn is_mostly_dead(&self, length: u64) -> bool {
        length >= COMPACT_AT.max(self.compact.saturating_mul(2))
    }

    /// How to add `record`, which must be `safe` before the engine goes on.
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

    /// It is to be written anew. Until it is, its length is that of the records appended behind.
    pub fn replace(&mut self) -> LedgerChange {
        *self = Self::written(MAGIC.len() as u64);
        LedgerChange::Replace
    }
}

/// Hands a whole ledger to `write`, in parts; returns its length.
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
