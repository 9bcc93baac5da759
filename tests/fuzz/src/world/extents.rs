//! The written bytes of a file, and the bodies they came from.

use std::collections::BTreeMap;

use haul_core::content::range::ByteRange;
use haul_core::content::range_set::RangeSet;

/// Index of a body in the list of all bodies.
pub type BodyId = usize;

#[derive(Clone, Debug, Default)]
pub struct Extents {
    /// By the start of each extent: its end, and the body. Extents do not overlap.
    extents: BTreeMap<u64, (u64, BodyId)>,
}

impl Extents {
    /// Overwrites `range`.
    pub fn write(&mut self, range: ByteRange, body: BodyId) {
        self.remove(range);
        if range.is_empty() {
            return;
        }
        match self.extents.range_mut(..range.start).next_back() {
            Some((_, (end, before))) if *end == range.start && *before == body => *end = range.end,
            _ => drop(self.extents.insert(range.start, (range.end, body))),
        }
    }

    fn remove(&mut self, range: ByteRange) {
        let touched: Vec<_> = self.in_range(range).collect();
        for (old, body) in touched {
            self.extents.remove(&old.start);
            if old.start < range.start {
                self.extents.insert(old.start, (range.start, body));
            }
            if old.end > range.end {
                self.extents.insert(range.end, (old.end, body));
            }
        }
    }

    /// Keeps only the bytes in `kept`.
    pub fn retain(&mut self, kept: &RangeSet) {
        kept.gaps(ByteRange::open(0)).into_iter().for_each(|gap| self.remove(gap));
    }

    /// Assigns all bytes to other bodies.
    pub fn relabel(&mut self, mut other: impl FnMut(BodyId) -> BodyId) {
        self.extents.values_mut().for_each(|(_, body)| *body = other(*body));
    }

    pub fn clear(&mut self) {
        self.extents.clear();
    }

    /// The extents that share bytes with `range`, whole.
    pub fn in_range(&self, range: ByteRange) -> impl Iterator<Item = (ByteRange, BodyId)> + '_ {
        let first = self.extents.range(..=range.start).next_back().map_or(range.start, |(start, _)| *start);
        let near = self.extents.range(first..range.end.max(first));
        let all = near.map(|(&start, &(end, body))| (ByteRange::new(start, end), body));
        all.filter(move |(extent, _)| extent.overlaps(&range))
    }

    /// The bytes of `range` in order, as runs of equal bytes.
    pub fn runs(&self, range: ByteRange, byte_of: impl Fn(BodyId) -> u8) -> Vec<(u8, u64)> {
        let mut runs = Vec::new();
        let mut at = range.start;
        for (extent, body) in self.in_range(range) {
            runs.push((0, extent.start.saturating_sub(at)));
            let end = extent.end.min(range.end);
            runs.push((byte_of(body), end - extent.start.max(at)));
            at = end;
        }
        runs.push((0, range.end - at));
        runs
    }

    /// The bodies of all bytes.
    pub fn bodies(&self) -> impl Iterator<Item = BodyId> + '_ {
        self.extents.values().map(|(_, body)| *body)
    }

    pub fn members(&self) -> RangeSet {
        self.extents.iter().map(|(&start, &(end, _))| ByteRange::new(start, end)).collect()
    }

    pub fn length(&self) -> u64 {
        self.extents.values().map(|(end, _)| *end).max().unwrap_or(0)
    }
}
