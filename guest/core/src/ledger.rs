//! The ledger in the state directory: the downloads and jobs that outlive their engine.
//!
//! A magic line, then records, appended one by one: the last word on a download, a job or a file of it counts.
//! A torn last record is cut. Behind damage in the middle nothing is read, and the reader is told.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::download::Kept;
use crate::identity::JobId;
use crate::job::{Job, JobFile, KeptJob, Stage};
use crate::record;

/// Format name and version.
const MAGIC: &[u8] = b"haul ledger 3\n";

/// Bytes from which on a ledger is written anew, unless most of it still counts.
const COMPACT_AT: u64 = 256 << 10;

/// Bytes up to which a ledger is written anew whenever something goes from it.
const SMALL: u64 = 64 << 10;

/// Files of a job in one record.
const FILES_IN_A_RECORD: usize = 1024;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Record {
    Kept(Box<Kept>),
    Gone {
        id: String,
    },
    Job(JobId, Box<KeptJob>),
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

/// What a ledger says.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// In the order of their creation.
    pub downloads: Vec<Kept>,
    pub jobs: BTreeMap<JobId, (KeptJob, Vec<JobFile>)>,
    /// Bytes of it that could be read: where the next record goes.
    pub length: u64,
    /// Files were being added at its end, and are not there.
    pub is_cut: bool,
    /// Something behind that could not be read.
    pub damaged: bool,
}

/// Files that are added to a job.
struct Adding {
    from: usize,
    to: usize,
    /// The job is made with them.
    is_new: bool,
}

/// Reads a ledger from its first byte; an empty one says nothing.
pub(crate) fn read(bytes: &[u8]) -> Read {
    if bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) {
        return Read::default();
    }
    let Some(mut rest) = bytes.strip_prefix(MAGIC) else { return Read { damaged: true, ..Read::default() } };
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut downloads: Vec<Option<Kept>> = Vec::new();
    let mut jobs: BTreeMap<JobId, (KeptJob, Vec<JobFile>)> = BTreeMap::new();
    let mut added: BTreeMap<JobId, Adding> = BTreeMap::new();
    let damaged = loop {
        let record = match record::next::<Record>(rest) {
            Ok(Some((record, after))) => {
                rest = after;
                record
            }
            Ok(None) => break false,
            Err(record::Damaged) => break true,
        };
        match record {
            Record::Kept(kept) => match places.get(kept.id()) {
                Some(place) => downloads[*place] = Some(*kept),
                None => {
                    places.insert(kept.id().into(), downloads.len());
                    downloads.push(Some(*kept));
                }
            },
            Record::Gone { id } => {
                if let Some(place) = places.remove(&id) {
                    downloads[place] = None;
                }
            }
            Record::Job(id, kept) => match jobs.get_mut(&id) {
                Some((known, _)) => *known = *kept,
                None => {
                    jobs.insert(id, (*kept, Vec::new()));
                }
            },
            Record::Files(id, from, files) => {
                if let Some((_, known)) = jobs.get_mut(&id) {
                    put_files(known, from as usize, files);
                }
            }
            Record::Step(id, index, step) => {
                let file = jobs.get_mut(&id).and_then(|(_, files)| files.get_mut(index as usize));
                file.into_iter().for_each(|file| step.apply(file));
            }
            Record::JobGone(id) => {
                jobs.remove(&id);
                added.remove(&id);
            }
            Record::Adding(id, from, to) => {
                let is_new = !jobs.contains_key(&id);
                added.insert(id, Adding { from: from as usize, to: to as usize, is_new });
            }
        }
    };
    let mut is_cut = false;
    for (id, adding) in added {
        is_cut |= adding.cut(id, &mut jobs);
    }
    let length = (bytes.len() - rest.len()) as u64;
    Read { downloads: downloads.into_iter().flatten().collect(), jobs, length, is_cut, damaged }
}

impl Adding {
    /// Takes away what was not added to its end; whether there was any.
    fn cut(self, id: JobId, jobs: &mut BTreeMap<JobId, (KeptJob, Vec<JobFile>)>) -> bool {
        match jobs.get_mut(&id) {
            Some((_, files)) if files.len() >= self.to => return false,
            Some((_, files)) if !self.is_new => files.truncate(self.from),
            _ => drop(jobs.remove(&id)),
        }
        true
    }
}

/// `files` take the places from `from` on.
fn put_files(known: &mut Vec<JobFile>, from: usize, files: Vec<JobFile>) {
    for (index, file) in (from..).zip(files) {
        match known.get_mut(index) {
            Some(place) => *place = file,
            None => known.push(file),
        }
    }
}

/// The records of a job and its files.
pub(crate) fn records_of(id: JobId, job: &Job) -> impl Iterator<Item = Record> + '_ {
    core::iter::once_with(move || Record::Job(id, Box::new(job.kept()))).chain(files_of(id, job, 0))
}

/// The records of the files of a job from number `from` on.
pub(crate) fn files_of(id: JobId, job: &Job, from: u32) -> impl Iterator<Item = Record> + '_ {
    let new = job.files().get(from as usize..).unwrap_or_default();
    let starts = (from..).step_by(FILES_IN_A_RECORD);
    starts.zip(new.chunks(FILES_IN_A_RECORD)).map(move |(first, files)| Record::Files(id, first, files.to_vec()))
}

/// A change of the ledger, to be done and synced before the call that caused it returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Behind the first `offset` bytes; what lies there is no record. One that need not be `safe` is not missed when it is lost.
    Append { offset: u64, bytes: Vec<u8>, safe: bool },
    /// Everything anew.
    Replace(Vec<u8>),
}

/// The ledger as it is written.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Bytes in the file.
    length: u64,
    /// Bytes that it had when it was last written anew.
    compact: u64,
}

impl Ledger {
    /// A ledger that was read, or written, as `length` bytes.
    pub const fn of(length: u64) -> Self {
        Self { length, compact: length }
    }

    /// How to add `record`, which must be `safe` before the engine goes on; `all` is for writing the ledger anew.
    pub fn add(&mut self, record: &Record, safe: bool, all: impl FnOnce() -> Vec<u8>) -> Change {
        let bytes = record::encode(record);
        let length = self.length + bytes.len() as u64;
        // What is gone may be secret: as long as that costs little, it goes at once.
        let goes = matches!(record, Record::Gone { .. } | Record::JobGone(_)) && length < SMALL;
        if self.length > 0 && !goes && length < COMPACT_AT.max(self.compact.saturating_mul(2)) {
            let offset = core::mem::replace(&mut self.length, length);
            return Change::Append { offset, bytes, safe };
        }
        let bytes = all();
        *self = Self::of(bytes.len() as u64);
        Change::Replace(bytes)
    }
}

/// A whole ledger.
pub(crate) fn write(records: impl Iterator<Item = Record>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    records.for_each(|record| bytes.extend(record::encode(&record)));
    bytes
}
