//! Incremental reader of a ledger, which keeps no dead record in memory.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{MAGIC, Read, Record};
use crate::border::identity::JobId;
use crate::job::{JobFile, StoredJob};
use crate::store::record::{self, Next};
use crate::store::stored_download::StoredDownload;

/// The state of a reader; [`Reader::feed`] takes the ledger's bytes in order.
#[derive(Debug, Default)]
pub struct Reader {
    /// Bytes of an incomplete record.
    rest: Vec<u8>,
    /// Bytes before `rest`.
    length: u64,
    end: End,
    downloads: Vec<Option<(StoredDownload, u64)>>,
    /// Index of each download.
    places: BTreeMap<String, usize>,
    jobs: BTreeMap<JobId, JobEntry>,
    added: BTreeMap<JobId, Addition>,
    leaves_secrets: bool,
}

/// The condition at the end of the bytes read so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    /// Zeroes follow, because the file grew before its data was written. If nothing else follows, they are a torn tail.
    Zeroes,
    /// The last record is not whole. If nothing follows, it is a torn tail.
    Torn,
    Damaged,
}

#[derive(Debug)]
struct JobEntry {
    job: StoredJob,
    files: Vec<JobFile>,
    /// Bytes of the job's record, and of its files' records.
    job_bytes: u64,
    files_bytes: u64,
}

/// An addition of files to a job.
#[derive(Debug)]
struct Addition {
    from: usize,
    to: usize,
    /// The addition creates the job.
    is_new: bool,
}

impl Reader {
    /// A reader that has consumed `ledger`.
    pub fn of(ledger: &[u8]) -> Self {
        let mut reader = Self::default();
        reader.feed(ledger);
        reader
    }

    /// Length in bytes of the whole records read so far.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        match self.end {
            End::Open => {}
            End::Zeroes if bytes.iter().all(|byte| *byte == 0) => return,
            _ if bytes.is_empty() => return,
            _ => {
                self.end = End::Damaged;
                return;
            }
        }
        self.rest.extend_from_slice(bytes);
        let rest = core::mem::take(&mut self.rest);
        let read = self.read_records(&rest);
        self.length += read as u64;
        if self.end == End::Open {
            self.rest = rest;
            self.rest.drain(..read);
        }
    }

    /// Reads the whole records in `bytes`; returns their length.
    fn read_records(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        if self.length == 0 {
            match bytes.strip_prefix(MAGIC) {
                Some(records) => rest = records,
                None if MAGIC.starts_with(bytes) => return 0,
                None => {
                    self.end = End::Damaged;
                    return 0;
                }
            }
        }
        loop {
            match record::next::<Record>(rest) {
                Next::Record(record, after) => {
                    self.apply(record, (rest.len() - after.len()) as u64);
                    rest = after;
                }
                Next::Incomplete => break,
                Next::Zeroes => {
                    self.end = End::Zeroes;
                    break;
                }
                Next::BrokenLast => {
                    self.end = End::Torn;
                    break;
                }
                Next::Damaged => {
                    self.end = End::Damaged;
                    break;
                }
            }
        }
        bytes.len() - rest.len()
    }

    /// `bytes` is the length of the record.
    fn apply(&mut self, record: Record, bytes: u64) {
        match record {
            Record::Download(download) => self.put_download(*download, bytes),
            Record::DownloadGone { id } => {
                let place = self.places.remove(&id).and_then(|place| self.downloads.get_mut(place));
                let gone = place.and_then(Option::take);
                self.leaves_secrets |= gone.is_some_and(|(download, _)| !download.secrets().is_empty());
            }
            Record::Job(id, job) => self.put_job(id, *job, bytes),
            Record::Files(id, from, files) => {
                if let Some(known) = self.jobs.get_mut(&id) {
                    self.leaves_secrets |= known.put_files(from as usize, files, bytes);
                }
            }
            Record::Step(id, index, step) => {
                let file = self.jobs.get_mut(&id).and_then(|known| known.files.get_mut(index as usize));
                file.into_iter().for_each(|file| step.apply(file));
            }
            Record::JobGone(id) => {
                self.added.remove(&id);
                let gone = self.jobs.remove(&id);
                self.leaves_secrets |= gone.is_some_and(|known| known.has_secrets());
            }
            Record::Adding(id, from, to) => {
                let is_new = !self.jobs.contains_key(&id);
                self.added.insert(id, Addition { from: from as usize, to: to as usize, is_new });
            }
        }
    }

    fn put_download(&mut self, download: StoredDownload, bytes: u64) {
        let place = self.places.get(&download.id).and_then(|place| self.downloads.get_mut(*place));
        if let Some(Some(known)) = place {
            self.leaves_secrets |= known.0.secrets().are_left_by(download.secrets());
            *known = (download, bytes);
        } else {
            self.places.insert(download.id.clone(), self.downloads.len());
            self.downloads.push(Some((download, bytes)));
        }
    }

    fn put_job(&mut self, id: JobId, job: StoredJob, bytes: u64) {
        if let Some(known) = self.jobs.get_mut(&id) {
            self.leaves_secrets |= known.job.has_secrets_other_than(&job);
            (known.job, known.job_bytes) = (job, bytes);
        } else {
            self.jobs.insert(id, JobEntry { job, files: Vec::new(), job_bytes: bytes, files_bytes: 0 });
        }
    }

    /// The ledger's contents; empty for an empty file.
    pub(crate) fn finish(mut self) -> Read {
        let mut is_cut = false;
        for (id, addition) in core::mem::take(&mut self.added) {
            is_cut |= addition.cut(id, &mut self.jobs);
        }
        let in_downloads = self.downloads.iter().flatten().map(|(_, bytes)| bytes);
        let in_jobs = self.jobs.values().map(|known| known.job_bytes + known.files_bytes);
        let live = in_downloads.sum::<u64>() + in_jobs.sum::<u64>();
        Read {
            live,
            downloads: self.downloads.into_iter().flatten().map(|(download, _)| download).collect(),
            jobs: self.jobs.into_iter().map(|(id, known)| (id, (known.job, known.files))).collect(),
            length: self.length,
            leaves_secrets: self.leaves_secrets,
            is_cut,
            damaged: self.end == End::Damaged,
        }
    }
}

impl JobEntry {
    /// Stores `files` from index `from` on. Returns whether that leaves a secret in a dead record. `bytes` is the length of the record.
    fn put_files(&mut self, from: usize, files: Vec<JobFile>, bytes: u64) -> bool {
        let mut leaves_secrets = false;
        let first_new = self.files.len();
        for (index, file) in (from..).zip(files) {
            match self.files.get_mut(index) {
                Some(known) => {
                    leaves_secrets |= known.has_secrets_other_than(&file);
                    *known = file;
                }
                None => self.files.push(file),
            }
        }
        // A record that replaces files makes as many bytes dead as it adds.
        self.files_bytes += if from >= first_new { bytes } else { 0 };
        leaves_secrets
    }

    fn has_secrets(&self) -> bool {
        self.job.has_secrets() || self.files.iter().any(JobFile::has_secrets)
    }
}

impl Addition {
    /// Rolls back an incomplete addition; returns whether there was one.
    fn cut(self, id: JobId, jobs: &mut BTreeMap<JobId, JobEntry>) -> bool {
        match jobs.get_mut(&id) {
            Some(known) if known.files.len() >= self.to => return false,
            Some(known) if !self.is_new => known.files.truncate(self.from),
            _ => drop(jobs.remove(&id)),
        }
        true
    }
}
