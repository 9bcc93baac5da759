//! Checkpoints, which turn written bytes into kept ones: sync, then record in the journal.

use core::time::Duration;

use crate::border::output::DiskOperation;
use crate::border::time::Instant;
use crate::content::range::ByteRange;
use crate::content::range_set::RangeSet;
use crate::http::representation::Representation;
use crate::store::journal::{self, Record, Tail};
use crate::store::key::Tag;

use super::{Context, Partial, Phase, Purpose, Transfer};

/// Interval between checkpoints while bytes arrive, so that a kill loses little of a slow transfer.
const INTERVAL: Duration = Duration::from_secs(2);

/// Unsaved bytes that trigger a checkpoint before the interval ends, so that a kill loses little of a fast transfer.
const BYTES: u64 = 256 << 20;

/// The interval is at least this multiple of the duration of the last checkpoint, so that checkpoints take a tenth of the time at most.
const SHARE: u32 = 10;

/// Limit on the interval between checkpoints, however slow syncing is, so that a kill loses half a minute at most.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// Length in bytes from which the journal is rewritten instead of appended to, so that it never gets long to read.
const COMPACT_AT: u64 = 64 << 10;

/// State of the journal next to the partial file.
#[derive(Clone, Debug, Default)]
pub(super) struct Sidecar {
    /// A journal exists.
    exists: bool,
    /// The end of the journal; `None` until this run has written it.
    tail: Option<Tail>,
    /// The last record marks a clean end.
    closed: bool,
    /// The transfer has truncated the partial file once to free disk space.
    pub made_room: bool,
    /// Modification time of the complete file, in nanoseconds since 1970-01-01 UTC.
    pub modified: Option<u64>,
    kept: RangeSet,
    /// The end of the journal once the current retraction is written.
    retracting: Tail,
    /// The checkpoint in progress.
    saving: Option<Saving>,
    next: Option<Instant>,
}

#[derive(Clone, Debug)]
struct Saving {
    written: RangeSet,
    since: Instant,
    /// Modification time of the partial file, in nanoseconds since 1970-01-01 UTC.
    modified: Option<u64>,
    /// The end of the journal once the record is written.
    tail: Tail,
}

impl Sidecar {
    pub fn recovered(kept: RangeSet, now: Instant) -> Self {
        Self { exists: true, kept, next: Some(now + INTERVAL), ..Self::default() }
    }

    pub const fn exists(&self) -> bool {
        self.exists
    }

    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    pub fn save_failed(&mut self) {
        self.saving = None;
    }

    /// The written bytes in the current checkpoint.
    pub fn being_saved(&self) -> RangeSet {
        self.saving.as_ref().map(|saving| saving.written.clone()).unwrap_or_default()
    }

    pub const fn kept(&self) -> &RangeSet {
        &self.kept
    }

    pub const fn needs_closing(&self) -> bool {
        self.tail.is_some() && !self.closed
    }
}

impl Transfer {
    /// Whether a later run could use the written bytes.
    pub(super) fn can_be_resumed(&self) -> bool {
        let known = self.representation.as_ref();
        let strong = known.is_some_and(|known| known.is_strong());
        (strong || self.is_provable())
            && known.is_some_and(|known| known.complete.is_some())
            && self.partial == Partial::Open
    }

    pub(super) fn has_unsaved(&self) -> bool {
        self.can_be_resumed() && *self.plan.written() != self.sidecar.kept
    }

    pub(super) fn checkpoint_at(&self) -> Option<Instant> {
        self.sidecar.next.filter(|_| !self.sidecar.is_saving() && self.has_unsaved())
    }

    pub(super) fn checkpoint_if_due(&mut self, cx: &mut Context<'_>) {
        let next = *self.sidecar.next.get_or_insert(cx.now + INTERVAL);
        let unsaved = self.plan.written().total().saturating_sub(self.sidecar.kept.total());
        let due = cx.now >= next || unsaved >= BYTES;
        if due && !self.sidecar.is_saving() && self.has_unsaved() {
            self.save(cx);
        }
    }

    pub(super) fn save(&mut self, cx: &mut Context<'_>) {
        self.sidecar.saving =
            Some(Saving { written: self.plan.written().clone(), since: cx.now, modified: None, tail: Tail::default() });
        if self.options.in_order {
            // A stream needs no sync: its bytes are not fetched again in this run and do not outlive it.
            self.checkpoint_synced(cx, None);
        } else {
            self.ask_disk(cx, Purpose::CheckpointSync, DiskOperation::Sync);
        }
    }

    pub(super) fn checkpoint_synced(&mut self, cx: &mut Context<'_>, modified: Option<u64>) {
        if let Some(saving) = &mut self.sidecar.saving {
            saving.modified = modified;
        }
        self.seal_and_record(cx);
    }

    pub(super) fn seal_and_record(&mut self, cx: &mut Context<'_>) {
        if !self.make_seals(cx) {
            self.record_checkpoint(cx);
        }
    }

    pub(super) fn record_checkpoint(&mut self, cx: &mut Context<'_>) {
        let Some(subject) = self.subject() else { return };
        let appended_to = self.sidecar.tail.filter(|tail| tail.length < COMPACT_AT && !self.relies_on_digest);
        let Some(saving) = &mut self.sidecar.saving else { return };
        let (ranges, modified) = (saving.written.runs().to_vec(), saving.modified);
        let kept = Record::Kept { ranges, modified, seals: self.sealing.seals.clone() };
        let operation = match appended_to {
            Some(old) => {
                let (bytes, tail) = journal::append(&kept, old, &self.key);
                saving.tail = tail;
                DiskOperation::AppendJournal { offset: old.length, bytes }
            }
            None => {
                let (bytes, tail) = journal::begin(&[subject, kept], &self.key);
                saving.tail = tail;
                DiskOperation::ReplaceJournal { bytes }
            }
        };
        self.ask_disk(cx, Purpose::CheckpointRecord, operation);
    }

    /// The source of the bytes, and their version. Bytes that only a digest can prove are recorded without validators, because validators
    /// in the journal would count as proof.
    pub(super) fn known_version(&self) -> Option<(Tag, Representation)> {
        let mut representation = self.representation.clone()?;
        if self.relies_on_digest {
            representation.entity_tag = None;
            representation.last_modified = None;
        }
        Some((self.key.fingerprint(&self.sources.get(self.leader).url), representation))
    }

    /// The first record of the journal.
    fn subject(&self) -> Option<Record> {
        let (source, representation) = self.known_version()?;
        let wanted = self.wanted.clone();
        Some(Record::Subject { source, wanted, representation, name: self.naming.name().map(Into::into) })
    }

    pub(super) fn checkpoint_recorded(&mut self, cx: &mut Context<'_>) {
        if let Some(saved) = self.sidecar.saving.take() {
            self.sidecar.kept = saved.written;
            self.sidecar.tail = Some(saved.tail);
            (self.sidecar.exists, self.sidecar.closed) = (true, false);
            let pause = (cx.now.since(saved.since) * SHARE).clamp(INTERVAL, LONGEST_INTERVAL);
            self.sidecar.next = Some(cx.now + pause);
        }
        if matches!(self.phase, Phase::Stopping(_)) {
            self.save_or_close(cx);
        }
    }

    /// Records in the journal the bytes that were kept when this run began at `now`.
    pub(super) fn reopen_journal(&mut self, cx: &mut Context<'_>, now: Option<u64>) {
        let Some(subject) = self.subject() else { return };
        let ranges = self.sidecar.kept.runs().to_vec();
        let kept = Record::Kept { ranges, modified: now, seals: self.sealing.seals.clone() };
        let (bytes, tail) = journal::begin(&[subject, kept], &self.key);
        self.sidecar.saving = Some(Saving { written: self.sidecar.kept.clone(), since: cx.now, modified: now, tail });
        self.ask_disk(cx, Purpose::CheckpointRecord, DiskOperation::ReplaceJournal { bytes });
    }

    /// Drops the bytes of `range`. The journal is updated before other bytes are written in their place.
    pub(super) fn retract(&mut self, cx: &mut Context<'_>, range: ByteRange) {
        self.plan.unwrite(range);
        self.take_ahead_back(cx, range);
        self.sources.take_back(range);
        self.sealing.seals.break_in(range);
        if self.sidecar.is_saving() {
            self.give_up_sealing();
            self.sidecar.save_failed();
        }
        if self.sidecar.kept.touches(range) {
            self.sidecar.kept.remove(range);
            let (ranges, seals) = (self.sidecar.kept.runs().to_vec(), self.sealing.seals.clone());
            let kept = Record::Kept { ranges, modified: None, seals };
            let records = self.subject().map(|subject| [subject, kept]);
            let (bytes, tail) = journal::begin(records.as_ref().map_or(&[], |records| records), &self.key);
            // Until this is written, the end of the journal is unknown.
            (self.sidecar.tail, self.sidecar.retracting, self.sidecar.closed) = (None, tail, false);
            self.sidecar.exists = true;
            self.ask_disk(cx, Purpose::Retract, DiskOperation::ReplaceJournal { bytes });
        }
    }

    /// The journal now contains the retraction.
    pub(super) fn retracted(&mut self) {
        self.sidecar.tail = Some(self.sidecar.retracting);
    }

    /// Records a clean end in the journal.
    pub(super) fn record_closed(&mut self, cx: &mut Context<'_>) {
        let Some(tail) = self.sidecar.tail else { return self.close(cx) };
        let (bytes, _) = journal::append(&Record::Closed, tail, &self.key);
        self.sidecar.closed = true;
        let operation = DiskOperation::AppendJournal { offset: tail.length, bytes };
        self.ask_disk(cx, Purpose::CloseRecord, operation);
    }

    /// Records in the journal that only the rename is missing, if a journal exists or is required.
    pub(super) fn record_verified(&mut self, cx: &mut Context<'_>) {
        let is_recorded = self.sidecar.exists() || self.options.non_volatile;
        let Some(subject) = self.subject().filter(|_| is_recorded) else { return self.completed() };
        let kept = Record::Kept {
            ranges: self.plan.written().runs().to_vec(),
            modified: self.sidecar.modified,
            seals: self.sealing.seals.clone(),
        };
        let (bytes, _) = journal::begin(&[subject, kept, Record::Verified], &self.key);
        self.ask_disk(cx, Purpose::VerifiedRecord, DiskOperation::ReplaceJournal { bytes });
    }
}
