//! The files of one download, as far as the engine's promises are about them.

use haul_core::border::input::{DiskDone, Opened, PartialFacts, TargetFacts};
use haul_core::border::output::DiskOperation;
use haul_core::border::time::Instant;
use haul_core::content::range::ByteRange;
use haul_core::content::range_set::RangeSet;
use haul_core::store::journal::{self, Recovered};
use haul_core::store::key::Key;

use super::extents::{BodyId, Extents};
use super::stream::Stream;

#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// The partial file is open for writing.
    pub open: bool,
    pub partial: Option<Extents>,
    /// Bytes of the partial file that are to be fetched again.
    pub dropped: RangeSet,
    /// When the partial file was last written to.
    pub modified: u64,
    pub synced: RangeSet,
    pub journal: Vec<u8>,
    /// What the journal vouches for.
    pub kept: RangeSet,
    pub target: Option<TargetFacts>,
    /// What is at the path that a name of the origin's leads to.
    pub named: Option<TargetFacts>,
    /// The origin has named the file.
    pub is_named: bool,
    /// The files could not be removed.
    pub stuck: bool,
    /// Somebody else wrote the partial file and its journal: the length of the former.
    pub planted: Option<u64>,
    /// Where the bytes go in the place of files.
    pub stream: Option<Stream>,
    /// Length of the decrypted file.
    pub decrypted: Option<u64>,
}

impl Disk {
    pub fn found(&self) -> Opened {
        let length = self.planted.or_else(|| self.partial.as_ref().map(Extents::length));
        let partial = length.map(|length| PartialFacts { length, modified: Some(self.modified) });
        Opened { target: self.target.clone(), partial, journal: self.journal.clone(), foreign: false }
    }

    /// What is at the path that the file gets.
    pub fn at_its_path(&self) -> Option<TargetFacts> {
        if self.is_named { self.named.clone() } else { self.target.clone() }
    }

    pub fn recovered(&self) -> Option<Recovered> {
        journal::read(&self.journal, &Key::default()).ok()
    }

    fn vouched_for(&self) -> RangeSet {
        self.recovered().map(|recovered| recovered.kept).unwrap_or_default()
    }

    /// Bytes that are in the partial file now, but for those that are to be fetched again.
    pub fn members(&self) -> RangeSet {
        let mut members = self.partial.as_ref().map(Extents::members).unwrap_or_default();
        self.dropped.runs().iter().for_each(|run| members.remove(*run));
        members
    }

    pub fn write(&mut self, now: Instant, range: ByteRange, body: BodyId) {
        if let Some(stream) = &mut self.stream {
            assert_eq!(range.start, stream.taken, "bytes go out once and in order");
            stream.taken = range.end;
        }
        self.modified = now.as_nanos();
        self.dropped.remove(range);
        self.synced.remove(range);
        self.partial.as_mut().expect("bytes are written to a partial file").write(range, body);
    }

    /// Somebody else writes, and syncs what they wrote.
    pub fn edit(&mut self, now: Instant, range: ByteRange, body: BodyId) {
        self.modified = now.as_nanos();
        self.partial.as_mut().expect("there is a partial file").write(range, body);
    }

    /// Begins a new partial file, or goes on with what the journal keeps: of a planted one, the bytes are those of `body`.
    fn begin(&mut self, fresh: bool, body: BodyId) {
        self.open = true;
        self.decrypted = None;
        self.dropped = RangeSet::new();
        let planted = self.planted.take().is_some();
        if fresh {
            assert!(self.journal.is_empty() || self.stuck, "a journal outlives its partial file");
            self.kept = RangeSet::new();
            self.synced = RangeSet::new();
            self.partial = Some(Extents::default());
            return;
        }
        let kept = self.vouched_for();
        self.kept = kept.clone();
        let partial = self.partial.get_or_insert_default();
        if planted {
            partial.clear();
            kept.runs().iter().for_each(|run| partial.write(*run, body));
        }
        partial.retain(&kept);
        self.synced = kept;
    }

    fn cut(&mut self, length: u64) {
        let left: RangeSet = [ByteRange::new(0, length)].into_iter().collect();
        self.synced.remove(ByteRange::open(length));
        if let Some(partial) = &mut self.partial {
            partial.retain(&left);
        }
    }

    pub fn discard(&mut self) {
        let stream = self.stream.take();
        let (target, named) = (self.target.take(), self.named.take());
        *self = Self { target, named, is_named: self.is_named, stream, ..Self::default() };
    }

    fn replace_target(&mut self, target: TargetFacts) {
        *(if self.is_named { &mut self.named } else { &mut self.target }) = Some(target);
    }

    fn append(&mut self, offset: u64, bytes: &[u8]) {
        let offset = usize::try_from(offset).expect("an offset in memory");
        assert!(offset <= self.journal.len(), "a record beyond the end of the journal");
        self.journal.truncate(offset);
        self.journal.extend(bytes);
    }

    /// Does what was asked, and says so. `snapshot` is what was in the partial file when it was asked for.
    pub fn perform(&mut self, now: Instant, operation: &DiskOperation, snapshot: &RangeSet, body: BodyId) -> DiskDone {
        let streamed = self.stream.as_mut().and_then(|stream| stream.perform(operation, &self.journal));
        if let Some(done) = streamed {
            return done;
        }
        match operation {
            DiskOperation::Open { .. } => {
                self.is_named = false;
                DiskDone::Opened(self.found())
            }
            DiskOperation::Begin { fresh, .. } => {
                self.begin(*fresh, body);
                DiskDone::Begun { now: Some(now.as_nanos()) }
            }
            DiskOperation::Sync => {
                self.synced = snapshot.clone();
                DiskDone::Synced { modified: Some(self.modified) }
            }
            DiskOperation::ReplaceJournal { bytes } => {
                self.journal = bytes.clone();
                self.kept = self.vouched_for();
                DiskDone::JournalWritten
            }
            DiskOperation::AppendJournal { offset, bytes } => {
                self.append(*offset, bytes);
                self.kept = self.vouched_for();
                DiskDone::JournalWritten
            }
            DiskOperation::Name { .. } => {
                self.is_named = true;
                DiskDone::Named(self.named.clone())
            }
            DiskOperation::Cut { length } => {
                self.cut(*length);
                DiskDone::Cut
            }
            DiskOperation::Decrypt { info } => {
                let length = self.partial.as_ref().map_or(0, Extents::length);
                self.decrypted = Some(info.plain_length(length).unwrap_or_default());
                DiskDone::Decrypted { length: info.plain_length(length).unwrap_or_default() }
            }
            DiskOperation::Publish(publish) => {
                if self.stream.is_some() {
                    return DiskDone::Published;
                }
                if !publish.present {
                    self.replace_target(TargetFacts { length: publish.length, record: Some(publish.record.clone()) });
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
            DiskOperation::Digest { .. } | DiskOperation::Checksums { .. } => DiskDone::Digested(Vec::new()),
        }
    }

    /// Power is lost: what was not synced is gone.
    pub fn lose_power(&mut self) {
        if let Some(partial) = &mut self.partial {
            partial.retain(&self.synced);
        }
    }
}
