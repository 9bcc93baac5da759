//! A disk with the files of many transfers and the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use haul_core::border::identity::DownloadId;
use haul_core::border::input::{DiskDone, Opened, PartialFacts, TargetFacts};
use haul_core::border::output::{DiskOperation, LedgerChange};
use haul_core::content::range::ByteRange;
use haul_core::engine::Engine;
use haul_core::failure::{Cause, DiskCause};
use haul_core::store::ledger::Reader;

use crate::file::{File, GARBAGE, Origin};

/// The files at a path and next to it.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub target: Option<File>,
    pub partial: Option<File>,
    synced: Option<File>,
    /// Modification time of the partial file, in nanoseconds.
    modified: u64,
    journal: Vec<u8>,
}

impl Place {
    pub fn has_leftovers(&self) -> bool {
        self.partial.is_some() || !self.journal.is_empty()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub places: BTreeMap<String, Place>,
    /// The path that each transfer has opened.
    open: BTreeMap<DownloadId, String>,
    /// The transfer that writes at each path.
    writers: BTreeMap<String, DownloadId>,
    /// Paths at which a rename fails.
    pub refused: BTreeSet<String>,
    /// Paths at which removal fails.
    pub stuck: BTreeSet<String>,
    pub ledger: Vec<u8>,
    /// Bytes of the ledger that survive a power failure.
    safe: usize,
    pub ledger_is_full: bool,
}

fn written_anew(engine: &mut Engine) -> Vec<u8> {
    let mut ledger = Vec::new();
    let write = |part: &[u8]| {
        ledger.extend_from_slice(part);
        Ok::<_, Infallible>(())
    };
    engine.write_ledger(write).expect("a file in memory");
    ledger
}

impl Disk {
    /// Closes all files, because the engine died.
    pub fn let_go(&mut self) {
        self.open.clear();
        self.writers.clear();
    }

    pub fn release(&mut self, download: DownloadId) {
        self.open.remove(&download);
        self.writers.retain(|_, writer| *writer != download);
    }

    /// Applies a change; whether it was written.
    pub fn change_ledger(&mut self, change: LedgerChange, engine: &mut Engine) -> bool {
        if self.ledger_is_full {
            return false;
        }
        match change {
            LedgerChange::Append { bytes, safe } => {
                self.ledger.extend(bytes);
                if safe {
                    self.safe = self.ledger.len();
                }
            }
            LedgerChange::Replace => {
                self.ledger = written_anew(engine);
                self.safe = self.ledger.len();
            }
        }
        true
    }

    /// Reads the ledger as an engine does, and cuts a torn tail.
    pub fn read_ledger(&mut self) -> Reader {
        let reader = Reader::of(&self.ledger);
        self.ledger.truncate(reader.length() as usize);
        reader
    }

    /// Simulates a power failure: `kept` per mille of unsynced bytes are left, as garbage in files.
    pub fn lose_power(&mut self, kept: usize) {
        let unsafe_bytes = self.ledger.len().saturating_sub(self.safe);
        self.ledger.truncate(self.safe.min(self.ledger.len()) + unsafe_bytes * kept / 1000);
        for place in self.places.values_mut() {
            if let Some(partial) = &mut place.partial {
                let mut left = File::default();
                left.write(0, partial.length(), Origin { version: GARBAGE, source: 0 });
                left.copy(&place.synced.take().unwrap_or_default());
                place.synced = Some(left.clone());
                *partial = left;
            }
        }
    }

    pub fn write(&mut self, download: DownloadId, offset: u64, bytes: u64, origin: Origin, now: u64) {
        let path = self.open.get(&download).expect("what is written to is open");
        assert_eq!(self.writers.get(path), Some(&download), "{path} is written to by two");
        let place = self.places.get_mut(path).expect("what is written to is there");
        place.partial.as_mut().expect("a partial file").write(offset, bytes, origin);
        place.modified = now;
    }

    /// Changes bytes of a partial file without changing its modification time, as a failing disk does.
    pub fn rot(&mut self, path: &str) {
        let partial = self.places.get_mut(path).and_then(|place| place.partial.as_mut());
        partial.expect("a partial file").write(0, 1, Origin { version: GARBAGE, source: 0 });
    }

    pub fn perform(&mut self, download: DownloadId, operation: DiskOperation, now: u64) -> DiskDone {
        if let DiskOperation::Open { local_path, .. } = &operation {
            self.open.insert(download, local_path.clone());
        }
        let Some(path) = self.open.get(&download).cloned() else {
            return DiskDone::Failed(Cause::Disk(DiskCause::NotFound));
        };
        let place = self.places.entry(path.clone()).or_default();
        match operation {
            DiskOperation::Open { .. } => DiskDone::Opened(Opened {
                target: place.target.as_ref().map(|file| TargetFacts { length: file.length(), record: None }),
                partial: place
                    .partial
                    .as_ref()
                    .map(|file| PartialFacts { length: file.length(), modified: Some(place.modified) }),
                journal: place.journal.clone(),
                foreign: false,
            }),
            DiskOperation::Begin { fresh, .. } => {
                let writer = *self.writers.entry(path.clone()).or_insert(download);
                assert_eq!(writer, download, "{path} is written to by two");
                if fresh || place.partial.is_none() {
                    (place.partial, place.synced, place.modified) = (Some(File::default()), None, now);
                }
                DiskDone::Begun { now: Some(now) }
            }
            DiskOperation::Sync => {
                place.synced = place.partial.clone();
                DiskDone::Synced { modified: Some(place.modified) }
            }
            DiskOperation::ReplaceJournal { bytes } => {
                place.journal = bytes;
                DiskDone::JournalWritten
            }
            DiskOperation::AppendJournal { offset, bytes } => {
                place.journal.truncate(offset as usize);
                place.journal.extend(bytes);
                DiskDone::JournalWritten
            }
            DiskOperation::Checksums { ranges } => {
                let crc =
                    |range: &ByteRange| place.partial.as_ref().map_or(0, |partial| partial.crc(range.start, range.end));
                DiskDone::Checksums(ranges.iter().map(crc).collect())
            }
            DiskOperation::Digest { range: Some(range), .. } => {
                let crc = place.partial.as_ref().map_or(0, |partial| partial.crc(range.start, range.end));
                DiskDone::Digested(crc.to_be_bytes().to_vec())
            }
            DiskOperation::Digest { .. } => DiskDone::Digested(vec![0; 32]),
            DiskOperation::Name { .. } => DiskDone::Named(None),
            DiskOperation::Cut { length } => {
                place.partial.iter_mut().for_each(|partial| partial.cut(length));
                DiskDone::Cut
            }
            DiskOperation::Decrypt { .. } => {
                DiskDone::Decrypted { length: place.partial.as_ref().map_or(0, File::length) }
            }
            DiskOperation::Publish(_) if self.refused.contains(&path) => {
                DiskDone::Failed(Cause::Disk(DiskCause::Denied))
            }
            DiskOperation::Publish(publish) => {
                if !publish.present {
                    if place.target.is_some() && !publish.overwrite {
                        return DiskDone::Failed(Cause::Disk(DiskCause::TargetExists));
                    }
                    let mut whole = place.partial.take().expect("a partial file that gets its name");
                    whole.cut(publish.length);
                    place.target = Some(whole);
                }
                (place.partial, place.synced, place.journal) = (None, None, Vec::new());
                self.writers.remove(&path);
                DiskDone::Published
            }
            DiskOperation::Discard if self.stuck.contains(&path) => DiskDone::Failed(Cause::Disk(DiskCause::Denied)),
            DiskOperation::Discard => {
                (place.partial, place.synced, place.journal) = (None, None, Vec::new());
                self.writers.remove(&path);
                DiskDone::Discarded
            }
            DiskOperation::Close => {
                self.writers.remove(&path);
                DiskDone::Closed
            }
        }
    }
}
