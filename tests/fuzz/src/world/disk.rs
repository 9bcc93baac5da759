//! Model of one download's files, as far as the invariants need it.

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
    /// Bytes of the partial file that must be fetched again.
    pub dropped: RangeSet,
    /// Modification time of the partial file.
    pub modified: u64,
    pub synced: RangeSet,
    pub journal: Vec<u8>,
    /// Bytes that the journal records as kept.
    pub kept: RangeSet,
    pub target: Option<TargetFacts>,
    /// The file at the path with the origin's name.
    pub named: Option<TargetFacts>,
    /// The origin has named the file.
    pub is_named: bool,
    /// The files could not be removed.
    pub stuck: bool,
    /// Length of a partial file that another program wrote, together with its journal.
    pub planted: Option<u64>,
    /// The stream that takes the bytes instead of files.
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

    /// The file at the final path.
    pub fn at_its_path(&self) -> Option<TargetFacts> {
        if self.is_named { self.named.clone() } else { self.target.clone() }
    }

    pub fn recovered(&self) -> Option<Recovered> {
        journal::read(&self.journal, &Key::default()).ok()
    }

    fn vouched_for(&self) -> RangeSet {
        self.recovered().map(|recovered| recovered.kept).unwrap_or_default()
    }

    /// Bytes of the partial file, without those that must be fetched again.
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

    /// Another program writes and syncs.
    pub fn edit(&mut self, now: Instant, range: ByteRange, body: BodyId) {
        self.modified = now.as_nanos();
        self.partial.as_mut().expect("there is a partial file").write(range, body);
    }

    /// Creates a new partial file, or continues with the kept bytes; those of a planted file belong to `body`.
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

    /// Executes an operation and returns its result. `snapshot` is the content of the partial file at the time of the request.
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

    /// Simulates a power failure: unsynced bytes are lost.
    pub fn lose_power(&mut self) {
        if let Some(partial) = &mut self.partial {
            partial.retain(&self.synced);
        }
    }
}
