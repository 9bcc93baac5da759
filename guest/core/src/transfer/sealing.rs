//! Seals: made at checkpoints while a run goes on, verified at the start of the next one where the last did not end in order.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::digest::Checksum;
use crate::durability::Durability;
use crate::identity::OperationId;
use crate::output::{DigestSubject, DiskOperation, Happening};
use crate::range::ByteRange;
use crate::seals::{Seal, Seals};

use super::{Context, Phase, Purpose, Transfer};

/// Stretches that one checkpoint seals at most; what is left gets its seal at a later one.
const MOST_STRETCHES: usize = 64;

/// Bytes that one checkpoint seals at most, so that its record does not wait for long.
const MOST_BYTES: u64 = 1 << 30;

/// Seals that are verified at the same time.
const AT_ONCE: usize = 2;

#[derive(Clone, Debug, Default)]
pub(super) struct Sealing {
    pub seals: Seals,
    /// Stretches whose checksum is being computed for the checkpoint under way.
    making: BTreeMap<OperationId, ByteRange>,
    /// Seals of an earlier run that are not verified yet.
    unverified: Vec<Seal>,
    verifying: BTreeMap<OperationId, Seal>,
}

impl Sealing {
    /// Takes over the seals of an earlier run; `trusted` where that ended in order.
    pub fn recovered(seals: Seals, trusted: bool) -> Self {
        let unverified = if trusted { Vec::new() } else { seals.iter().copied().collect() };
        Self { seals, unverified, ..Self::default() }
    }

    /// Checksums of an earlier run's bytes are being computed.
    pub fn is_verifying(&self) -> bool {
        !self.verifying.is_empty()
    }

    pub fn has_unverified(&self) -> bool {
        !self.unverified.is_empty() || !self.verifying.is_empty()
    }

    /// A checkpoint waits for checksums.
    pub fn is_making(&self) -> bool {
        !self.making.is_empty()
    }
}

impl Transfer {
    /// Pieces with digests need no seals, and without durability nothing outlives the process for long.
    fn seals_are_made(&self) -> bool {
        self.phase == Phase::Fetching && self.options.chosen.durability == Durability::Power && !self.has_pieces()
    }

    /// Asks for the checksums of what is being saved and has none; whether there is any.
    pub(super) fn make_seals(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.seals_are_made() {
            return false;
        }
        let sealed = self.sealing.seals.covered();
        let written = self.sidecar.being_saved().runs().to_vec();
        let mut left = MOST_BYTES;
        let bare: Vec<_> = written.into_iter().flat_map(|run| sealed.gaps(run)).take(MOST_STRETCHES).collect();
        for gap in bare {
            let range = ByteRange::new(gap.start, gap.end.min(gap.start + left));
            left -= range.len();
            if range.is_empty() {
                break;
            }
            let id = self.ask_checksum(cx, Purpose::Seal, range);
            self.sealing.making.insert(id, range);
        }
        self.sealing.is_making()
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

    /// The checkpoint under way does not wait for checksums any longer.
    pub(super) fn give_up_sealing(&mut self) {
        self.sealing.making.clear();
        self.pending.retain(|_, purpose| *purpose != Purpose::Seal);
    }

    /// Has the seals of an earlier run verified, some at a time.
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
            cx.tell(Happening::RangeDropped(seal.range));
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
