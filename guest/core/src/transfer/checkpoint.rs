//! When written bytes become kept: synced, then vouched for in the journal.

use core::time::Duration;

use crate::journal::{self, Record};
use crate::output::DiskOperation;
use crate::range_set::RangeSet;
use crate::time::Instant;

use super::{Context, Phase, Purpose, Transfer};

/// Time between checkpoints while bytes arrive.
const INTERVAL: Duration = Duration::from_secs(2);

/// Bytes after which a checkpoint is made sooner.
const BYTES: u64 = 256 << 20;

/// A checkpoint may take at most this part of the time.
const SHARE: u32 = 10;

/// Length from which on the journal is written anew instead of being appended to.
const COMPACT_AT: u64 = 64 << 10;

/// The journal beside the partial file, as far as the transfer must know it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sidecar {
    /// Length of the journal in bytes; zero where there is none.
    length: u64,
    kept: RangeSet,
    /// What is being saved.
    saving: Option<Saving>,
    next: Option<Instant>,
}

#[derive(Clone, Debug)]
struct Saving {
    written: RangeSet,
    since: Instant,
    /// Length of the journal once the record is written.
    length: u64,
}

impl Sidecar {
    pub fn recovered(kept: RangeSet, length: u64, now: Instant) -> Self {
        Self { length, kept, saving: None, next: Some(now + INTERVAL) }
    }

    pub const fn exists(&self) -> bool {
        self.length > 0
    }

    pub const fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    pub fn save_failed(&mut self) {
        self.saving = None;
    }
}

impl Transfer {
    /// Whether a later run could use what is written now.
    fn can_be_resumed(&self) -> bool {
        let known = self.representation.as_ref();
        let provable = known.is_some_and(|known| known.is_strong()) || !self.options.expected.is_empty();
        provable && known.is_some_and(|known| known.complete.is_some()) && self.begun
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
        self.sidecar.saving = Some(Saving { written: self.plan.written().clone(), since: cx.now, length: 0 });
        self.ask_disk(cx, Purpose::CheckpointSync, DiskOperation::Sync);
    }

    pub(super) fn checkpoint_synced(&mut self, cx: &mut Context<'_>) {
        let Some(subject) = self.subject() else { return };
        let appends = self.sidecar.exists() && self.sidecar.length < COMPACT_AT && !self.relies_on_digest;
        let old_length = self.sidecar.length;
        let Some(saving) = &mut self.sidecar.saving else { return };
        let kept = Record::Kept(saving.written.runs().to_vec());
        let operation = if appends {
            let bytes = journal::encode(&kept);
            saving.length = old_length + bytes.len() as u64;
            DiskOperation::AppendJournal { offset: old_length, bytes }
        } else {
            let bytes = journal::begin(&[subject, kept]);
            saving.length = bytes.len() as u64;
            DiskOperation::ReplaceJournal { bytes }
        };
        self.ask_disk(cx, Purpose::CheckpointRecord, operation);
    }

    /// What the journal says it is about. Bytes that only a digest can prove are recorded without the validators that would
    /// claim to prove them.
    fn subject(&self) -> Option<Record> {
        let mut representation = self.representation.clone()?;
        if self.relies_on_digest {
            representation.entity_tag = None;
            representation.last_modified = None;
        }
        Some(Record::Subject { source: self.source.fingerprint(), wanted: self.wanted.clone(), representation })
    }

    pub(super) fn checkpoint_recorded(&mut self, cx: &mut Context<'_>) {
        if let Some(saved) = self.sidecar.saving.take() {
            self.sidecar.kept = saved.written;
            self.sidecar.length = saved.length;
            let pause = (cx.now.since(saved.since) * SHARE).max(INTERVAL);
            self.sidecar.next = Some(cx.now + pause);
        }
        if matches!(self.phase, Phase::Stopping(_)) {
            self.save_or_close(cx);
        }
    }

    /// Says in the journal, where there is one, that only the name is missing.
    pub(super) fn record_verified(&mut self, cx: &mut Context<'_>) {
        let Some(subject) = self.subject().filter(|_| self.sidecar.exists()) else { return self.completed() };
        let kept = Record::Kept(self.plan.written().runs().to_vec());
        let bytes = journal::begin(&[subject, kept, Record::Verified]);
        self.ask_disk(cx, Purpose::VerifiedRecord, DiskOperation::ReplaceJournal { bytes });
    }
}
