//! Assignment of byte ranges to exchanges: segments in flight, and their transfer from slow exchanges to fast ones.

use alloc::collections::BTreeMap;
use core::time::Duration;

use crate::border::identity::AttemptId;
use crate::border::time::Instant;
use crate::content::range::ByteRange;
use crate::content::range_set::RangeSet;
use crate::layout::Layout;

/// Largest minimum size of a split part, in bytes, because a smaller rest costs less time than another request.
const SMALLEST_SPLIT: u64 = 1 << 20;

/// Seconds without a byte after which a segment has a known rate, namely a very low one: longer than common losses on a mobile line, so
/// that those are no reason for another request.
const SECONDS_WITHOUT_A_BYTE: f64 = 2.0;

/// Time for the first byte before another exchange may take over the segment, so that a server that prepares its answer is not asked twice.
const FIRST_BYTE: Duration = Duration::from_secs(10);

/// Seconds that a slow segment must still need to justify another request, so that the gain exceeds the time of a new connection.
const WORTH_A_REQUEST: f64 = 4.0;

/// Factor between the expected rate of a free connection and a segment's rate that makes the segment slow, so that the usual spread between
/// connections causes no second request.
const MUCH_SLOWER: f64 = 8.0;

/// Minimum alignment of splits, so that writes stay aligned to pages.
const ALIGNMENT: u64 = 64 << 10;

/// A range of the local file assigned to one attempt.
#[derive(Clone, Debug)]
pub struct Segment {
    pub extent: ByteRange,
    /// Offset of the next byte to write.
    pub position: u64,
    started: Instant,
    moved: u64,
}

impl Segment {
    const fn remaining(&self) -> ByteRange {
        ByteRange::new(self.position, self.extent.end)
    }

    /// Bytes per second since the start; `None` if it is too early to tell.
    fn rate(&self, now: Instant) -> Option<f64> {
        let seconds = now.since(self.started).as_secs_f64();
        let is_known = (self.moved > 0 && seconds > 0.0) || seconds > SECONDS_WITHOUT_A_BYTE;
        is_known.then(|| (self.moved as f64 / seconds).max(1.0))
    }

    /// Minimum size of a split part, below which a split does not justify a request: the bytes of one second, at most [`SMALLEST_SPLIT`].
    fn smallest_split(&self, now: Instant) -> u64 {
        self.rate(now).map_or(SMALLEST_SPLIT, |rate| (rate as u64).clamp(ALIGNMENT, SMALLEST_SPLIT))
    }
}

/// The assignment of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub extent: ByteRange,
    /// The attempt that lost its segment. Its exchange is of no further use.
    pub instead_of: Option<AttemptId>,
}

/// # Invariants
///
/// The remaining ranges of the segments in flight are disjoint, and each can be fetched by one request.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Alignment of splits in bytes.
    granule: u64,
    layout: Option<Layout>,
    written: RangeSet,
    segments: BTreeMap<AttemptId, Segment>,
    /// Highest rate of an ended segment, in bytes per second: the estimate for a free connection.
    fastest: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Plan {
    /// `piece`: length of the pieces with digests. Splits do not divide a piece, so that a bad piece identifies the source that sent it.
    pub fn new(piece: Option<u64>) -> Self {
        let granule = piece.unwrap_or(ALIGNMENT);
        Self { granule, layout: None, written: RangeSet::new(), segments: BTreeMap::new(), fastest: 0.0 }
    }

    /// Length of the local file in bytes; `None` while it is unknown.
    pub fn total(&self) -> Option<u64> {
        self.layout.as_ref().map(Layout::total)
    }

    pub const fn layout(&self) -> Option<&Layout> {
        self.layout.as_ref()
    }

    pub fn set_layout(&mut self, layout: Layout) {
        let total = layout.total();
        for segment in self.segments.values_mut() {
            // The segment was requested before the layout was known, so it only covers its first part.
            let part_end = layout.part_at(segment.position).map_or(total, |part| part.extent().end);
            segment.extent.end = segment.extent.end.min(part_end).max(segment.position);
        }
        self.layout = Some(layout);
    }

    pub const fn written(&self) -> &RangeSet {
        &self.written
    }

    pub fn is_complete(&self) -> bool {
        self.total().is_some_and(|total| self.written.covers(ByteRange::new(0, total)))
    }

    pub fn segment(&self, attempt: AttemptId) -> Option<&Segment> {
        self.segments.get(&attempt)
    }

    /// Sets the written ranges.
    pub fn resume(&mut self, kept: RangeSet) {
        self.written = kept;
    }

    /// Forgets all bytes, segments and the layout.
    pub fn reset(&mut self) {
        *self = Self::new(Some(self.granule));
    }

    /// Assigns a segment to `attempt`: the first range without an exchange, otherwise the rear part of the segment that would end last,
    /// otherwise all of a slow segment's rest. `None` if nothing can be shared.
    pub fn assign(&mut self, attempt: AttemptId, now: Instant) -> Option<Assignment> {
        let free = self.first_gap().or_else(|| self.split_slowest(now));
        let assignment = match free {
            Some(extent) => Assignment { extent, instead_of: None },
            None => self.take_over(now)?,
        };
        let extent = assignment.extent;
        self.segments.insert(attempt, Segment { extent, position: extent.start, started: now, moved: 0 });
        Some(assignment)
    }

    /// Assigns the whole file to `attempt`, including written bytes, because the body carries everything. Releases other segments.
    pub fn assign_everything(&mut self, attempt: AttemptId, now: Instant) {
        let extent = self.total().map_or(ByteRange::open(0), |total| ByteRange::new(0, total));
        self.segments.clear();
        self.segments.insert(attempt, Segment { extent, position: 0, started: now, moved: 0 });
    }

    /// Passes the segment of `attempt` to `next`.
    pub fn hand_over(&mut self, attempt: AttemptId, next: AttemptId) {
        if let Some(segment) = self.segments.remove(&attempt) {
            self.segments.insert(next, segment);
        }
    }

    /// Releases the segment of `attempt`; returns its rate in bytes per second, if known.
    pub fn release(&mut self, attempt: AttemptId, now: Instant) -> Option<f64> {
        let rate = self.segments.remove(&attempt).and_then(|segment| segment.rate(now));
        self.fastest = rate.map_or(self.fastest, |rate| rate.max(self.fastest));
        rate
    }

    /// Removes `range` from the written bytes, so that it is fetched again.
    pub fn unwrite(&mut self, range: ByteRange) {
        self.written.remove(range);
    }

    /// Number of already written bytes at the segment's position; zero if the next byte is needed.
    pub fn written_ahead(&self, attempt: AttemptId) -> u64 {
        self.segments.get(&attempt).map_or(0, |segment| {
            let run_end = self.written.run_at(segment.position).map_or(segment.position, |run| run.end);
            run_end.min(segment.extent.end) - segment.position
        })
    }

    /// Number of needed bytes at the segment's position, up to its end or the next written run.
    pub fn wanted_ahead(&self, attempt: AttemptId) -> u64 {
        self.segments.get(&attempt).map_or(0, |segment| {
            let next = self.written.first_from(segment.position).unwrap_or(u64::MAX);
            next.min(segment.extent.end).saturating_sub(segment.position)
        })
    }

    /// Records that the segment's next `bytes` were written.
    pub fn advance(&mut self, attempt: AttemptId, bytes: u64) {
        if let Some(segment) = self.segments.get_mut(&attempt) {
            let end = segment.position.saturating_add(bytes);
            self.written.insert(ByteRange::new(segment.position, end));
            segment.position = end;
            segment.moved += bytes;
        }
    }

    /// Skips the segment's next `bytes`, which were already written.
    pub fn pass_over(&mut self, attempt: AttemptId, bytes: u64) {
        if let Some(segment) = self.segments.get_mut(&attempt) {
            segment.position = segment.position.saturating_add(bytes);
        }
    }

    /// Estimated rate of a free connection in bytes per second.
    fn expected_rate(&self, now: Instant) -> f64 {
        let rates = self.segments.values().filter_map(|segment| segment.rate(now));
        rates.fold(self.fastest, f64::max).max(1.0)
    }

    /// Reassigns all of a slow segment's rest, and names its attempt.
    fn take_over(&mut self, now: Instant) -> Option<Assignment> {
        let expected = self.expected_rate(now);
        let seconds_left = |segment: &Segment| segment.rate(now).map(|rate| segment.remaining().len() as f64 / rate);
        let crawls = |segment: &Segment| {
            let had_its_time = segment.moved > 0 || now.since(segment.started) > FIRST_BYTE;
            let much_slower = segment.rate(now).is_some_and(|rate| rate * MUCH_SLOWER < expected);
            let takes_long = seconds_left(segment).is_some_and(|seconds| seconds > WORTH_A_REQUEST);
            !segment.extent.is_open() && had_its_time && much_slower && takes_long
        };
        let crawling = self.segments.iter().filter(|(_, segment)| crawls(segment));
        let (loser, extent) = crawling
            .max_by(|(_, a), (_, b)| seconds_left(a).unwrap_or(0.0).total_cmp(&seconds_left(b).unwrap_or(0.0)))
            .map(|(id, segment)| (*id, segment.remaining()))?;
        self.segments.remove(&loser);
        Some(Assignment { extent, instead_of: Some(loser) })
    }

    fn first_gap(&self) -> Option<ByteRange> {
        let mut taken = self.written.clone();
        self.segments.values().for_each(|segment| taken.insert(segment.remaining()));
        match &self.layout {
            Some(layout) => {
                let gaps = taken.gaps(ByteRange::new(0, layout.total()));
                gaps.first().map(|gap| layout.one_request(*gap))
            }
            None => taken.gaps(ByteRange::open(0)).first().copied(),
        }
    }

    /// Splits the segment that would end last, so that both parts end at about the same time.
    fn split_slowest(&mut self, now: Instant) -> Option<ByteRange> {
        let expected = self.expected_rate(now);
        let time_left = |segment: &Segment| segment.remaining().len() as f64 / segment.rate(now).unwrap_or(expected);
        let slowest = self
            .segments
            .values_mut()
            .filter(|segment| !segment.extent.is_open())
            .filter(|segment| segment.remaining().len() >= 2 * segment.smallest_split(now))
            .max_by(|a, b| time_left(a).total_cmp(&time_left(b)))?;
        let own = slowest.rate(now).unwrap_or(expected);
        let share = (slowest.remaining().len() as f64 * own / (own + expected)) as u64;
        let smallest = slowest.smallest_split(now);
        let most = slowest.remaining().len() - smallest;
        let cut = slowest.position + share.clamp(smallest, most);
        let cut = cut.checked_next_multiple_of(self.granule).unwrap_or(u64::MAX).min(slowest.extent.end);
        let taken = ByteRange::new(cut, slowest.extent.end);
        slowest.extent.end = cut;
        (!taken.is_empty()).then_some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{RequestedRange, Wanted};
    use alloc::vec;

    const MIB: u64 = 1 << 20;

    fn plan(total: u64) -> Plan {
        let mut plan = Plan::default();
        plan.set_layout(Layout::resolve(&Wanted::Whole, total).unwrap());
        plan
    }

    fn at(seconds: u64) -> Instant {
        Instant::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn connections_share_a_file_evenly() {
        let mut plan = plan(64 * MIB);
        let sizes: alloc::vec::Vec<_> =
            (0..4).map(|id| plan.assign(AttemptId(id), at(0)).unwrap()).map(|given| given.extent.start / MIB).collect();
        assert_eq!(sizes, [0, 32, 48, 16]);
    }

    #[test]
    fn a_free_connection_takes_most_of_what_a_slow_one_has_left() {
        let mut plan = plan(64 * MIB);
        plan.assign(AttemptId(0), at(0));
        plan.assign(AttemptId(1), at(0));
        plan.advance(AttemptId(0), 30 * MIB);
        plan.advance(AttemptId(1), MIB);
        plan.advance(AttemptId(0), 2 * MIB);
        plan.release(AttemptId(0), at(1));
        plan.assign(AttemptId(2), at(1)).unwrap();
        plan.advance(AttemptId(2), MIB);
        assert!(plan.segment(AttemptId(2)).unwrap().extent.start < 50 * MIB);
    }

    #[test]
    fn a_crawling_segment_loses_all_but_a_small_rest() {
        let mut plan = plan(3 * MIB);
        plan.assign(AttemptId(0), at(0)).unwrap();
        plan.assign(AttemptId(1), at(0)).unwrap();
        plan.advance(AttemptId(0), 2 * MIB);
        plan.advance(AttemptId(1), 1000);
        plan.release(AttemptId(0), at(1));
        let taken = plan.assign(AttemptId(2), at(5)).unwrap().extent;
        assert!(taken.len() > MIB / 2, "{taken:?}");
    }

    #[test]
    fn small_rests_are_not_split() {
        let mut plan = plan(2 * MIB - 1);
        plan.assign(AttemptId(0), at(0)).unwrap();
        assert_eq!(plan.assign(AttemptId(1), at(0)), None);
    }

    #[test]
    fn a_segment_goes_on_to_the_next_part_where_one_request_fetches_both() {
        let mut plan = Plan::default();
        let ranges = vec![
            RequestedRange::Bounded { offset: 100, length: 10 },
            RequestedRange::Bounded { offset: 0, length: 20 },
            RequestedRange::Bounded { offset: 50, length: 5 },
        ];
        plan.set_layout(Layout::resolve(&Wanted::Ranges(ranges), 1000).unwrap());
        let mut assign = |id| plan.assign(AttemptId(id), at(0)).map(|given| given.extent);
        assert_eq!(assign(0), Some(ByteRange::new(0, 10)));
        assert_eq!(assign(1), Some(ByteRange::new(10, 35)));
        assert_eq!(assign(2), None);
    }

    #[test]
    fn the_small_rest_of_a_crawling_segment_is_taken_over() {
        let mut plan = plan(2 * MIB);
        plan.assign(AttemptId(0), at(0)).unwrap();
        plan.assign(AttemptId(1), at(0)).unwrap();
        plan.advance(AttemptId(0), MIB);
        plan.advance(AttemptId(1), MIB - 10_000);
        plan.release(AttemptId(0), at(1));
        assert_eq!(plan.assign(AttemptId(2), at(2)), None);
        let taken = plan.assign(AttemptId(2), at(3000)).unwrap();
        assert_eq!((taken.extent.len(), taken.instead_of), (10_000, Some(AttemptId(1))));
    }

    #[test]
    fn a_body_with_everything_passes_over_what_is_written() {
        let mut plan = plan(100);
        plan.resume([ByteRange::new(0, 10), ByteRange::new(50, 60)].into_iter().collect());
        plan.assign_everything(AttemptId(0), at(0));
        assert_eq!((plan.written_ahead(AttemptId(0)), plan.wanted_ahead(AttemptId(0))), (10, 0));
        plan.pass_over(AttemptId(0), 10);
        assert_eq!((plan.written_ahead(AttemptId(0)), plan.wanted_ahead(AttemptId(0))), (0, 40));
    }
}
