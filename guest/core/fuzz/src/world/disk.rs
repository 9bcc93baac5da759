//! The files of one download, as far as the engine's promises are about them.

use haul_core::input::{DiskDone, Opened, TargetFacts};
use haul_core::journal::{self, Recovered};
use haul_core::output::DiskOperation;
use haul_core::range::ByteRange;
use haul_core::range_set::RangeSet;

use super::extents::{BodyId, Extents};

#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// The partial file is open for writing.
    pub open: bool,
    pub partial: Option<Extents>,
    pub synced: RangeSet,
    pub journal: Vec<u8>,
    pub target: Option<TargetFacts>,
    /// Somebody else wrote the partial file and its journal: the length of the former.
    pub planted: Option<u64>,
}

impl Disk {
    pub fn found(&self) -> Opened {
        let own = self.partial.as_ref().map(Extents::length);
        Opened { target: self.target, partial: self.planted.or(own), journal: self.journal.clone() }
    }

    pub fn recovered(&self) -> Option<Recovered> {
        journal::read(&self.journal).ok()
    }

    /// Bytes that are in the partial file now.
    pub fn members(&self) -> RangeSet {
        self.partial.as_ref().map(Extents::members).unwrap_or_default()
    }

    pub fn write(&mut self, range: ByteRange, body: BodyId) {
        self.partial.as_mut().expect("bytes are written to a partial file").write(range, body);
    }

    /// Begins a new partial file, or goes on with what the journal keeps: of a planted one, the bytes are those of `body`.
    pub fn begin(&mut self, fresh: bool, body: BodyId) {
        self.open = true;
        let planted = self.planted.take().is_some();
        if fresh {
            self.synced = RangeSet::new();
            self.partial = Some(Extents::default());
            return;
        }
        let kept = self.recovered().map(|recovered| recovered.kept).unwrap_or_default();
        let partial = self.partial.get_or_insert_default();
        if planted {
            partial.clear();
            kept.runs().iter().for_each(|run| partial.write(*run, body));
        }
        partial.retain(&kept);
        self.synced = kept;
    }

    pub fn discard(&mut self) {
        *self = Self { target: self.target, ..Self::default() };
    }

    /// Does what needs nothing but the files, and says so. `snapshot` is what was in the partial file when it was asked for.
    pub fn perform(&mut self, operation: &DiskOperation, snapshot: &RangeSet, body: BodyId) -> DiskDone {
        match operation {
            DiskOperation::Open { .. } => DiskDone::Opened(self.found()),
            DiskOperation::Begin { fresh, .. } => {
                self.begin(*fresh, body);
                DiskDone::Begun
            }
            DiskOperation::Sync => {
                self.synced = snapshot.clone();
                DiskDone::Synced
            }
            DiskOperation::ReplaceJournal { bytes } => {
                self.journal = bytes.clone();
                DiskDone::JournalWritten
            }
            DiskOperation::AppendJournal { offset, bytes } => {
                let offset = usize::try_from(*offset).expect("an offset in memory");
                assert!(offset <= self.journal.len(), "a record beyond the end of the journal");
                self.journal.truncate(offset);
                self.journal.extend(bytes);
                DiskDone::JournalWritten
            }
            DiskOperation::Publish(publish) => {
                if !publish.present {
                    self.target = Some(TargetFacts { length: publish.length, modified: publish.modified });
                }
                self.discard();
                DiskDone::Published
            }
            DiskOperation::Discard => {
                self.discard();
                DiskDone::Discarded
            }
            DiskOperation::Close => {
                self.open = false;
                DiskDone::Closed
            }
            DiskOperation::Digest { .. } => DiskDone::Digested(Vec::new()),
        }
    }

    /// Power is lost: what was not synced is gone.
    pub fn lose_power(&mut self) {
        self.open = false;
        if let Some(partial) = &mut self.partial {
            partial.retain(&self.synced);
        }
    }
}
