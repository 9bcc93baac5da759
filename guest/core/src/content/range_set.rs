//! A set of byte offsets stored as sorted runs: the bytes of a file that are written, kept or missing.

use alloc::vec::Vec;

use super::range::ByteRange;

/// # Invariants
///
/// Runs are sorted, not empty, and neither overlap nor touch: two sets with the same members are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSet {
    runs: Vec<ByteRange>,
}

impl RangeSet {
    pub const fn new() -> Self {
        Self { runs: Vec::new() }
    }

    pub fn insert(&mut self, range: ByteRange) {
        if range.is_empty() {
            return;
        }
        let first = self.runs.partition_point(|run| run.end < range.start);
        let last = self.runs.partition_point(|run| run.start <= range.end);
        let merged = self.runs[first..last]
            .iter()
            .fold(range, |all, run| ByteRange::new(all.start.min(run.start), all.end.max(run.end)));
        self.runs.splice(first..last, [merged]);
    }

    pub fn remove(&mut self, range: ByteRange) {
        if range.is_empty() {
            return;
        }
        let first = self.runs.partition_point(|run| run.end <= range.start);
        let last = self.runs.partition_point(|run| run.start < range.end);
        let before = self.runs[first..last].first().map(|run| ByteRange::new(run.start, range.start));
        let after = self.runs[first..last].last().map(|run| ByteRange::new(range.end, run.end));
        let left: Vec<_> = before.into_iter().chain(after).filter(|rest| !rest.is_empty()).collect();
        self.runs.splice(first..last, left);
    }

    /// The runs in ascending order.
    pub fn runs(&self) -> &[ByteRange] {
        &self.runs
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Number of bytes in the set.
    pub fn total(&self) -> u64 {
        self.runs.iter().map(ByteRange::len).sum()
    }

    /// One past the highest member; zero for an empty set.
    pub fn end(&self) -> u64 {
        self.runs.last().map_or(0, |run| run.end)
    }

    /// Whether every byte of `range` is a member.
    pub fn covers(&self, range: ByteRange) -> bool {
        range.is_empty() || self.run_at(range.start).is_some_and(|run| run.end >= range.end)
    }

    /// Whether any byte of `range` is a member.
    pub fn touches(&self, range: ByteRange) -> bool {
        self.first_from(range.start).is_some_and(|first| first < range.end)
    }

    /// The run that holds `offset`.
    pub fn run_at(&self, offset: u64) -> Option<ByteRange> {
        let next = self.runs.partition_point(|run| run.end <= offset);
        self.runs.get(next).copied().filter(|run| run.contains(offset))
    }

    /// The first member at or after `offset`.
    pub fn first_from(&self, offset: u64) -> Option<u64> {
        let next = self.runs.partition_point(|run| run.end <= offset);
        self.runs.get(next).map(|run| run.start.max(offset))
    }

    /// The runs of `within` that are not members, in ascending order.
    pub fn gaps(&self, within: ByteRange) -> Vec<ByteRange> {
        let mut gaps = Vec::new();
        let mut at = within.start;
        let next = self.runs.partition_point(|run| run.end <= within.start);
        for run in self.runs[next..].iter().take_while(|run| run.start < within.end) {
            if at < run.start {
                gaps.push(ByteRange::new(at, run.start));
            }
            at = run.end;
        }
        if at < within.end {
            gaps.push(ByteRange::new(at, within.end));
        }
        gaps
    }
}

impl FromIterator<ByteRange> for RangeSet {
    fn from_iter<I: IntoIterator<Item = ByteRange>>(ranges: I) -> Self {
        let mut set = Self::new();
        ranges.into_iter().for_each(|range| set.insert(range));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNIVERSE: u64 = 64;

    fn small_range() -> impl Strategy<Value = ByteRange> {
        (0..UNIVERSE, 0..UNIVERSE).prop_map(|(a, b)| ByteRange::new(a.min(b), a.max(b)))
    }

    proptest! {
        #[test]
        fn agrees_with_a_bit_vector(
            changes in prop::collection::vec((any::<bool>(), small_range()), 0..16),
            probe in small_range(),
        ) {
            let mut bits = [false; UNIVERSE as usize];
            let mut set = RangeSet::new();
            for (inserted, range) in changes {
                (range.start..range.end).for_each(|at| bits[at as usize] = inserted);
                if inserted { set.insert(range) } else { set.remove(range) }
            }
            let bit = |at: u64| bits[at as usize];

            prop_assert_eq!(set.total(), (0..UNIVERSE).filter(|&at| bit(at)).count() as u64);
            prop_assert_eq!(set.covers(probe), (probe.start..probe.end).all(bit));
            prop_assert_eq!(set.touches(probe), (probe.start..probe.end).any(bit));
            let missing: Vec<u64> = set.gaps(probe).iter().flat_map(|gap| gap.start..gap.end).collect();
            let expected: Vec<u64> = (probe.start..probe.end).filter(|&at| !bit(at)).collect();
            prop_assert_eq!(missing, expected);
            prop_assert_eq!(set.first_from(probe.start), (probe.start..UNIVERSE).find(|&at| bit(at)));
            prop_assert!(set.runs().windows(2).all(|pair| pair[0].end < pair[1].start));
            prop_assert!(set.runs().iter().all(|run| !run.is_empty()));
        }
    }

    #[test]
    fn touching_ranges_become_one_run() {
        let set: RangeSet = [ByteRange::new(0, 5), ByteRange::new(10, 12), ByteRange::new(5, 10)].into_iter().collect();
        assert_eq!(set.runs(), [ByteRange::new(0, 12)]);
    }
}
