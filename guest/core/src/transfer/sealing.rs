//! Seals: created at checkpoints, verified at the start of the next run.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::border::identity::OperationId;
use crate::border::output::{DigestSubject, DiskOperation, Happening};
use crate::content::digest::Checksum;
use crate::content::range::ByteRange;
use crate::content::range_set::RangeSet;
use crate::settings::durability::Durability;
use crate::store::seals::{Seal, Seals};

use super::{Context, Phase, Purpose, Transfer};

/// Limit on ranges that one checkpoint seals, so that its record stays small; later checkpoints seal the rest.
const MOST_STRETCHES: usize = 64;

/// Limit on bytes that one checkpoint seals, so that its record is not delayed for long.
const MOST_BYTES: u64 = 1 << 30;

/// Limit on concurrent verifications of seals, so that a slow disk reads few places at once.
const AT_ONCE: usize = 2;

#[derive(Clone, Debug, Default)]
pub(super) struct Sealing {
    pub seals: Seals,
    /// Ranges whose checksums are being computed for the current checkpoint.
    making: BTreeMap<OperationId, ByteRange>,
    /// Ranges whose checksums the last record of the run needs.
    rest: Vec<ByteRange>,
    /// Seals of an earlier run that are not verified yet.
    unverified: Vec<Seal>,
    verifying: BTreeMap<OperationId, Seal>,
}

impl Sealing {
    /// Takes the seals of an earlier run. All of them are verified, because a failing disk changes bytes without changing the modification
    /// time.
    pub fn recovered(seals: Seals) -> Self {
        let unverified = seals.iter().copied().collect();
        Self { seals, unverified, ..Self::default() }
    }

    /// Whether checksums of an earlier run's bytes are being computed.
    pub fn is_verifying(&self) -> bool {
        !self.verifying.is_empty()
    }

    pub fn has_unverified(&self) -> bool {
        !self.unverified.is_empty() || !self.verifying.is_empty()
    }

    /// Whether a checkpoint waits for checksums.
    pub fn is_making(&self) -> bool {
        !self.making.is_empty()
    }
}

impl Transfer {
    /// Whether to create seals. Pieces have digests of their own, and without durability kept bytes are only meant to survive the process.
    fn seals_are_made(&self) -> bool {
        self.options.chosen.durability == Durability::Power && !self.has_pieces()
    }

    /// Requests checksums of the unsealed bytes that are being saved; returns whether the checkpoint must wait for them.
    pub(super) fn make_seals(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.seals_are_made() {
            return false;
        }
        let bare = self.bare_stretches(&self.sidecar.being_saved());
        match self.phase {
            Phase::Fetching => {}
            Phase::Stopping(_) => return self.ask_rest(cx, bare),
            // The record of a verified file follows and requests its own checksums.
            _ => return false,
        }
        for range in bare {
            let id = self.ask_checksum(cx, Purpose::Seal, range);
            self.sealing.making.insert(id, range);
        }
        self.sealing.is_making()
    }

    /// Requests checksums of unsealed bytes if another engine may rename the file long after this one has verified it. Returns whether it
    /// requested any.
    pub(super) fn seal_whole(&mut self, cx: &mut Context<'_>) -> bool {
        let waits = self.options.non_volatile && self.decrypted.is_none() && !self.options.in_order;
        if !waits || self.options.chosen.durability != Durability::Power {
            return false;
        }
        let bare = self.bare_stretches(self.plan.written());
        self.ask_rest(cx, bare)
    }

    fn ask_rest(&mut self, cx: &mut Context<'_>, ranges: Vec<ByteRange>) -> bool {
        if ranges.is_empty() {
            return false;
        }
        self.sealing.rest.clone_from(&ranges);
        self.ask_disk(cx, Purpose::SealRest, DiskOperation::Checksums { ranges });
        true
    }

    /// Parts of `written` without a seal, within the limits of one checkpoint.
    fn bare_stretches(&self, written: &RangeSet) -> Vec<ByteRange> {
        let sealed = self.sealing.seals.covered();
        let mut left = MOST_BYTES;
        let bare = written.runs().iter().flat_map(|run| sealed.gaps(*run)).take(MOST_STRETCHES).map(|gap| {
            let range = ByteRange::new(gap.start, gap.end.min(gap.start + left));
            left -= range.len();
            range
        });
        bare.filter(|range| !range.is_empty()).collect()
    }

    /// Stores the checksums; now the last record of the run can be written.
    pub(super) fn rest_sealed(&mut self, cx: &mut Context<'_>, crcs: &[u32]) {
        let total = self.plan.total().unwrap_or_default();
        for (range, crc) in core::mem::take(&mut self.sealing.rest).into_iter().zip(crcs) {
            self.sealing.seals.add(Seal { range, crc: *crc }, total);
        }
        match self.phase {
            Phase::Stopping(_) => self.record_checkpoint(cx),
            Phase::Finishing => self.record_verified(cx),
            _ => {}
        }
    }

    fn ask_checksum(&mut self, cx: &mut Context<'_>, purpose: Purpose, range: ByteRange) -> OperationId {
        let (subject, checksum) = (DigestSubject::Partial, Checksum::Crc32);
        let id = cx.disk(DiskOperation::Digest { subject, checksum, range: Some(range) });
        self.pending.insert(id, purpose);
        id
    }

    pub(super) fn seal_made(&mut self, cx: &mut Context<'_>, id: OperationId, value: &[u8]) {
        let Some(range) = self.sealing.making.remove(&id).filter(|_| self.phase == Phase::Fetching) else { return };
        if let Some(crc) = crc_of(value).filter(|_| self.plan.written().covers(range)) {
            self.sealing.seals.add(Seal { range, crc }, self.plan.total().unwrap_or_default());
        }
        if !self.sealing.is_making() {
            self.record_checkpoint(cx);
        }
    }

    /// Stops waiting for the checksums of the current checkpoint.
    pub(super) fn give_up_sealing(&mut self) {
        self.sealing.making.clear();
        self.pending.retain(|_, purpose| *purpose != Purpose::Seal);
    }

    /// Starts verification of an earlier run's seals, a few at a time.
    pub(super) fn verify_seals(&mut self, cx: &mut Context<'_>) {
        while self.sealing.verifying.len() < AT_ONCE {
            let Some(seal) = self.sealing.unverified.pop() else { return };
            let id = self.ask_checksum(cx, Purpose::VerifySeal, seal.range);
            self.sealing.verifying.insert(id, seal);
        }
    }

    pub(super) fn seal_verified(&mut self, cx: &mut Context<'_>, id: OperationId, value: &[u8]) {
        let Some(seal) = self.sealing.verifying.remove(&id).filter(|_| self.phase == Phase::Fetching) else { return };
        if crc_of(value) == Some(seal.crc) {
            self.progress.excuse_until(cx.now);
        } else {
            self.report.resumed = self.report.resumed.saturating_sub(seal.range.len());
            self.retract(cx, seal.range);
            cx.notify(Happening::RangeDropped(seal.range));
        }
        self.verify_seals(cx);
        self.fill(cx);
    }

    pub(super) fn forget_seals(&mut self) {
        self.sealing = Sealing::default();
        self.pending.retain(|_, purpose| !matches!(purpose, Purpose::Seal | Purpose::VerifySeal));
    }
}

fn crc_of(value: &[u8]) -> Option<u32> {
    value.try_into().ok().map(u32::from_be_bytes)
}
