//! Pieces with digests. Each piece is verified once it is complete; a bad one is fetched again on its own, from another source if possible.

use alloc::collections::BTreeSet;

use crate::border::output::{DigestSubject, DiskOperation, Happening};
use crate::content::digest::Checksum;
use crate::content::pieces::Pieces;
use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::layout::Wanted;

use super::{Context, Phase, Purpose, Transfer};

/// Limit on concurrent digest computations, so that a slow disk reads few places at once.
const AT_ONCE: usize = 4;

/// Bad pieces at which the engine drops its last source, so that one flipped bit on the way does not end a download. If there is another
/// source, one bad piece is enough.
const MOST_BAD_PIECES: u32 = 3;

/// Limit on bad pieces of one run that no single source accounts for, so that wrong digests of a document end the run.
const MOST_UNEXPLAINED: u32 = 8;

/// Verification state of the pieces.
#[derive(Clone, Debug, Default)]
pub(super) struct PieceCheck {
    whole: BTreeSet<usize>,
    computing: BTreeSet<usize>,
    verified: BTreeSet<usize>,
    unexplained: u32,
}

impl PieceCheck {
    pub fn is_computing(&self) -> bool {
        !self.computing.is_empty()
    }

    fn is_known(&self, index: usize) -> bool {
        self.verified.contains(&index) || self.computing.contains(&index) || self.whole.contains(&index)
    }
}

impl Transfer {
    /// The pieces that the caller described, which only apply to the whole file.
    fn described_pieces(&self) -> Option<&Pieces> {
        self.options.chosen.pieces.as_ref().filter(|_| self.wanted == Wanted::Whole)
    }

    pub(super) fn has_pieces(&self) -> bool {
        self.described_pieces().is_some()
    }

    /// Whether a representation of `complete` bytes contradicts the caller's description.
    pub(super) fn contradicts_description(&self, complete: u64) -> bool {
        let other_length = self.options.chosen.length.is_some_and(|length| length != complete);
        other_length || self.described_pieces().is_some_and(|pieces| !pieces.fit(complete))
    }

    /// Bytes of `range` were written; verifies pieces that are now complete.
    pub(super) fn look_for_whole_pieces(&mut self, cx: &mut Context<'_>, range: ByteRange) {
        let (Some(pieces), Some(total)) = (self.described_pieces(), self.plan.total()) else { return };
        let is_whole = |index: &usize| {
            self.plan.written().covers(pieces.extent(*index, total)) && !self.piece_check.is_known(*index)
        };
        let whole: BTreeSet<_> = pieces.touching(range).filter(is_whole).collect();
        self.piece_check.whole.extend(whole);
        self.verify_whole_pieces(cx);
    }

    fn verify_whole_pieces(&mut self, cx: &mut Context<'_>) {
        let Some(total) = self.plan.total() else { return };
        while self.piece_check.computing.len() < AT_ONCE {
            let Some(index) = self.piece_check.whole.pop_first() else { return };
            let Some(pieces) = self.described_pieces() else { return };
            let checksum = Checksum::Digest(pieces.algorithm());
            let range = Some(pieces.extent(index, total));
            self.piece_check.computing.insert(index);
            let operation = DiskOperation::Digest { subject: DigestSubject::Partial, checksum, range };
            self.ask_disk(cx, Purpose::Piece(index), operation);
        }
    }

    /// All bytes are present; verifies the remaining pieces, including the single piece of an empty file.
    pub(super) fn verify_rest(&mut self, cx: &mut Context<'_>) {
        if self.piece_check.whole.is_empty() && self.piece_check.computing.is_empty() {
            self.look_for_whole_pieces(cx, ByteRange::open(0));
        }
    }

    /// Whether a piece is not yet verified.
    pub(super) fn has_unverified_pieces(&self) -> bool {
        self.described_pieces().is_some_and(|pieces| self.piece_check.verified.len() < pieces.digests().len())
    }

    pub(super) fn piece_digested(&mut self, cx: &mut Context<'_>, index: usize, value: &[u8]) {
        if self.phase != Phase::Fetching || !self.piece_check.computing.remove(&index) {
            return;
        }
        let expected = self.described_pieces().and_then(|pieces| pieces.digests().get(index));
        if expected.is_some_and(|expected| expected == value) {
            self.piece_check.verified.insert(index);
            self.progress.excuse_until(cx.now);
        } else {
            self.piece_is_bad(cx, index);
        }
        self.verify_whole_pieces(cx);
        self.fill(cx);
    }

    /// Drops the piece so that it is fetched again. If one source sent all of it, counts it against that source.
    fn piece_is_bad(&mut self, cx: &mut Context<'_>, index: usize) {
        let (Some(pieces), Some(total)) = (self.described_pieces(), self.plan.total()) else { return };
        let extent = pieces.extent(index, total);
        let (giver, explained) = (self.sources.sole_giver(extent), self.sources.givers(extent).len() < 2);
        self.retract(cx, extent);
        cx.notify(Happening::RangeDropped(extent));
        match giver {
            Some(giver) => {
                let source = self.sources.get_mut(giver);
                source.bad_pieces += 1;
                let most = if self.sources.usable() > 1 { 1 } else { MOST_BAD_PIECES };
                if self.sources.get(giver).bad_pieces >= most {
                    self.drop_source(cx, giver, Cause::PieceMismatch);
                }
            }
            None => {
                self.piece_check.unexplained += u32::from(!explained || extent.is_empty());
                if self.piece_check.unexplained > MOST_UNEXPLAINED {
                    self.stop(cx, Some(Cause::PieceMismatch));
                }
            }
        }
    }

    /// All bytes are gone: forgets verified pieces, and ignores digests that are still to come, because they are of the old bytes.
    pub(super) fn forget_pieces(&mut self) {
        self.piece_check = PieceCheck { unexplained: self.piece_check.unexplained, ..PieceCheck::default() };
        self.pending.retain(|_, purpose| !matches!(purpose, Purpose::Piece(_)));
    }
}
