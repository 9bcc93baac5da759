//! Checksums of kept bytes. After an unclean end of a run, they detect whether another program changed the partial file.
//!
//! CRC-32 suffices because it guards against accidents, not attacks. The checksums of adjacent ranges can be combined without reading the
//! bytes again.

use alloc::vec::Vec;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};

use crate::content::range::ByteRange;
use crate::content::range_set::RangeSet;

/// Adjacent ranges are combined up to this many bytes, or up to 1/1024 of the file if that is more, because a mismatch drops the whole
/// range.
const LONGEST: u64 = 64 << 20;

/// The CRC-32 of a range of the local file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    pub range: ByteRange,
    pub crc: u32,
}

/// # Invariants
///
/// Sorted; no two share bytes; none is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seals(Vec<Seal>);

impl Seals {
    pub fn iter(&self) -> impl Iterator<Item = &Seal> {
        self.0.iter()
    }

    /// The ranges that have a seal.
    pub fn covered(&self) -> RangeSet {
        self.0.iter().map(|seal| seal.range).collect()
    }

    /// Adds a seal unless its range overlaps an existing one. `total` is the length of the file.
    pub fn add(&mut self, seal: Seal, total: u64) {
        if seal.range.is_empty() || self.covered().touches(seal.range) {
            return;
        }
        let longest = LONGEST.max(total / 1024);
        let at = self.0.partition_point(|known| known.range.start < seal.range.start);
        self.0.insert(at, seal);
        self.join(at, longest);
        if let Some(before) = at.checked_sub(1) {
            self.join(before, longest);
        }
    }

    /// Combines the seal at index `at` with its successor if they are adjacent.
    fn join(&mut self, at: usize, longest: u64) {
        let (Some(first), Some(second)) = (self.0.get(at).copied(), self.0.get(at + 1).copied()) else { return };
        let range = ByteRange::new(first.range.start, second.range.end);
        if first.range.end == second.range.start && range.len() <= longest {
            let mut crc = Hasher::new_with_initial_len(first.crc, first.range.len());
            crc.combine(&Hasher::new_with_initial_len(second.crc, second.range.len()));
            self.0[at] = Seal { range, crc: crc.finalize() };
            self.0.remove(at + 1);
        }
    }

    /// Removes the seals of `range`, whose bytes have changed.
    pub fn break_in(&mut self, range: ByteRange) {
        self.0.retain(|seal| !seal.range.overlaps(&range));
    }

    /// Removes seals of bytes outside `kept`.
    pub fn restrict_to(&mut self, kept: &RangeSet) {
        self.0.retain(|seal| kept.covers(seal.range));
    }

    /// Whether the invariants hold, which a journal from disk may violate.
    pub fn are_sound(&self) -> bool {
        let none_empty = self.0.iter().all(|seal| seal.range.start < seal.range.end);
        none_empty && self.0.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(bytes: &[u8], start: usize, end: usize) -> Seal {
        let range = ByteRange::new(start as u64, end as u64);
        Seal { range, crc: crc32fast::hash(&bytes[start..end]) }
    }

    #[test]
    fn neighbours_are_joined_whatever_their_order() {
        let bytes: Vec<u8> = (0..200).collect();
        let mut seals = Seals::default();
        for (start, end) in [(50, 80), (0, 20), (20, 50), (120, 200)] {
            seals.add(seal(&bytes, start, end), 200);
        }
        assert_eq!(seals.0, [seal(&bytes, 0, 80), seal(&bytes, 120, 200)]);
        assert!(seals.are_sound());
    }

    #[test]
    fn bytes_are_sealed_once() {
        let bytes = [7; 100];
        let mut seals = Seals::default();
        seals.add(seal(&bytes, 0, 50), 100);
        seals.add(seal(&bytes, 40, 60), 100);
        assert_eq!(seals.covered().total(), 50);
        seals.break_in(ByteRange::new(49, 51));
        assert!(seals.covered().is_empty());
    }
}
