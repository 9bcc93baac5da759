//! The caller's ranges and their places in the local file.
//!
//! The local file holds the requested ranges in the caller's order, back to back (the BITS rule; DO documents none).

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::content::range::ByteRange;
use crate::failure::Cause;

/// A caller's range, before the length of the representation is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestedRange {
    /// `length` bytes from `offset`.
    Bounded { offset: u64, length: u64 },
    /// Everything from `offset` to the end.
    From { offset: u64 },
    /// The last `length` bytes, or the whole file if it is shorter.
    Suffix { length: u64 },
}

/// Limit on the ranges of one file, so that a caller cannot make the plan of a file slow.
const MOST_RANGES: usize = 10_000;

/// Largest gap, in bytes, between two ranges that one request spans, because a slow link carries about that much in the time of another
/// request.
const WIDEST_GAP: u64 = 64 << 10;

/// Bytes of gap that may be spent to save one request, because the heads of a request and its response take about as many.
const HEADS: u64 = 1 << 10;

/// The bytes of the representation that make up the local file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    #[default]
    Whole,
    Ranges(Vec<RequestedRange>),
}

impl Wanted {
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for more than 10,000 ranges, [`Cause::InvalidRange`] for an empty range or one whose end does not fit in
    /// 64 bits, and [`Cause::OverlappingRanges`] for two ranges that share a byte for every length of the representation.
    pub fn check(&self) -> Result<(), Cause> {
        let Self::Ranges(ranges) = self else { return Ok(()) };
        if ranges.len() > MOST_RANGES {
            return Err(Cause::InvalidArgument);
        }
        let mut extents = Vec::new();
        for range in ranges {
            match *range {
                RequestedRange::Bounded { length: 0, .. } | RequestedRange::Suffix { length: 0 } => {
                    return Err(Cause::InvalidRange);
                }
                RequestedRange::Bounded { offset, length } => {
                    let end = offset.checked_add(length).ok_or(Cause::InvalidRange)?;
                    extents.push(ByteRange::new(offset, end));
                }
                RequestedRange::From { offset: u64::MAX } => return Err(Cause::InvalidRange),
                RequestedRange::From { offset } => extents.push(ByteRange::open(offset)),
                RequestedRange::Suffix { .. } => {}
            }
        }
        check_disjoint(&extents)
    }
}

fn check_disjoint(extents: &[ByteRange]) -> Result<(), Cause> {
    let mut sorted = extents.to_vec();
    sorted.sort_unstable();
    let disjoint = sorted.windows(2).all(|pair| !pair[0].overlaps(&pair[1]));
    if disjoint { Ok(()) } else { Err(Cause::OverlappingRanges) }
}

/// A resolved range: `source` in the representation goes to `local` in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub local: u64,
    pub source: ByteRange,
}

impl Part {
    /// The range of this part in the local file.
    pub const fn extent(&self) -> ByteRange {
        ByteRange::new(self.local, self.local + self.source.len())
    }
}

/// [`Wanted`] resolved for a representation of known length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    parts: Vec<Part>,
}

impl Layout {
    /// Resolves `wanted` for a representation of `complete` bytes.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidRange`] for a range that reaches beyond the end, [`Cause::OverlappingRanges`] for ranges that share bytes once they
    /// are resolved.
    pub fn resolve(wanted: &Wanted, complete: u64) -> Result<Self, Cause> {
        let sources = match wanted {
            Wanted::Whole => vec![ByteRange::new(0, complete)],
            Wanted::Ranges(ranges) => {
                ranges.iter().map(|range| resolve_one(*range, complete)).collect::<Result<_, _>>()?
            }
        };
        check_disjoint(&sources)?;
        let mut local = 0;
        let parts = sources.into_iter().map(|source| {
            let part = Part { local, source };
            local += source.len();
            part
        });
        Ok(Self { parts: parts.collect() })
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The length of the local file, in bytes.
    pub fn total(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.extent().end)
    }

    /// The part that fills the byte at `local`.
    pub fn part_at(&self, local: u64) -> Option<Part> {
        self.parts.get(self.index_at(local)).copied()
    }

    fn index_at(&self, local: u64) -> usize {
        self.parts.partition_point(|part| part.extent().end <= local)
    }

    /// The prefix of `extent`, a range of the local file, that one request fetches: the bytes in its first part, plus later parts that
    /// follow closely in the representation.
    ///
    /// # Invariants
    ///
    /// The request spans at most twice the wanted bytes, plus 1 KiB for each request that it saves.
    pub fn one_request(&self, extent: ByteRange) -> ByteRange {
        let parts = &self.parts[self.index_at(extent.start)..];
        let mut end = parts.first().map_or(extent.end, |part| part.extent().end.min(extent.end));
        let mut passed_over = 0;
        for (saved, pair) in (1..).zip(parts.windows(2)) {
            let (before, next) = (pair[0], pair[1]);
            let Some(gap) = next.source.start.checked_sub(before.source.end) else { break };
            passed_over += gap;
            let joined = next.extent().end.min(extent.end);
            let worthwhile = passed_over <= joined.saturating_sub(extent.start).saturating_add(saved * HEADS);
            if next.local >= extent.end || gap > WIDEST_GAP || !worthwhile {
                break;
            }
            end = joined;
        }
        ByteRange::new(extent.start, end)
    }
}

fn resolve_one(range: RequestedRange, complete: u64) -> Result<ByteRange, Cause> {
    let source = match range {
        RequestedRange::Bounded { offset, length } => {
            ByteRange::new(offset, offset.checked_add(length).ok_or(Cause::InvalidRange)?)
        }
        RequestedRange::From { offset } => ByteRange::new(offset, complete),
        RequestedRange::Suffix { length } => ByteRange::new(complete.saturating_sub(length), complete),
    };
    if source.is_empty() || source.end > complete { Err(Cause::InvalidRange) } else { Ok(source) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn bounded(offset: u64, length: u64) -> RequestedRange {
        RequestedRange::Bounded { offset, length }
    }

    #[test]
    fn ranges_are_laid_out_in_the_callers_order() {
        let wanted = Wanted::Ranges(vec![bounded(100, 100), bounded(900, 100), bounded(400, 100)]);
        let layout = Layout::resolve(&wanted, 1000).unwrap();
        assert_eq!(layout.total(), 300);
        assert_eq!(layout.part_at(250), Some(Part { local: 200, source: ByteRange::new(400, 500) }));
        assert_eq!(layout.part_at(300), None);
    }

    /// The extents of the requests that fetch all of these ranges.
    fn requests(ranges: &[RequestedRange]) -> Vec<ByteRange> {
        let layout = Layout::resolve(&Wanted::Ranges(ranges.to_vec()), u64::MAX / 2).unwrap();
        let mut left = ByteRange::new(0, layout.total());
        let mut requests = Vec::new();
        while !left.is_empty() {
            requests.push(layout.one_request(left));
            left.start = requests.last().unwrap().end;
        }
        requests
    }

    /// Number of requests that fetch 1,000 ranges of `length` bytes with gaps of `gap` bytes.
    fn requests_for(length: u64, gap: u64) -> usize {
        let ranges: Vec<_> = (0..1000).map(|number| bounded(number * (length + gap), length)).collect();
        requests(&ranges).len()
    }

    #[test]
    fn ranges_that_lie_close_together_share_a_request() {
        assert_eq!((requests_for(100, 0), requests_for(100, 100), requests_for(1, HEADS)), (1, 1, 1));
        assert_eq!((requests_for(WIDEST_GAP, WIDEST_GAP), requests_for(1, HEADS + 3)), (1, 1000));
        assert_eq!(requests_for(1 << 20, WIDEST_GAP + 1), 1000);
    }

    #[test]
    fn a_request_goes_forward_only_and_ends_where_it_is_told() {
        let extents = requests(&[bounded(300, 60), bounded(0, 10), bounded(100, 50), bounded(150, 7)]);
        assert_eq!(extents, [ByteRange::new(0, 60), ByteRange::new(60, 127)]);
        let near = Wanted::Ranges(vec![bounded(0, 10), bounded(20, 10), bounded(40, 10)]);
        let layout = Layout::resolve(&near, 50).unwrap();
        assert_eq!(layout.one_request(ByteRange::new(5, 15)), ByteRange::new(5, 15));
        assert_eq!(layout.one_request(ByteRange::new(25, 30)), ByteRange::new(25, 30));
    }

    proptest! {
        #[test]
        fn a_request_spans_little_more_than_is_wanted(
            steps in prop::collection::vec((0..200_000u64, 1..100_000u64), 1..40),
        ) {
            let mut at = 0;
            let ranges: Vec<_> = steps.iter().map(|(gap, length)| {
                at += gap + length;
                bounded(at - length, *length)
            }).collect();
            let layout = Layout::resolve(&Wanted::Ranges(ranges.clone()), u64::MAX / 2).unwrap();
            let source = |local: u64| layout.part_at(local).map(|part| part.source.start + (local - part.local)).unwrap();
            let mut left = 0;
            for extent in requests(&ranges) {
                prop_assert_eq!(extent.start, left);
                left = extent.end;
                let spanned = source(extent.end - 1) + 1 - source(extent.start);
                let parts = layout.parts().iter().filter(|part| part.extent().overlaps(&extent)).count() as u64;
                prop_assert!(spanned <= 2 * extent.len() + (parts - 1) * HEADS);
            }
            prop_assert_eq!(left, layout.total());
        }
    }

    #[test]
    fn a_suffix_longer_than_the_file_is_the_whole_file() {
        let wanted = Wanted::Ranges(vec![RequestedRange::Suffix { length: 50 }]);
        assert_eq!(Layout::resolve(&wanted, 20).unwrap().parts()[0].source, ByteRange::new(0, 20));
    }

    #[test]
    fn bad_ranges_have_their_own_causes() {
        let check = |ranges: &[RequestedRange]| Wanted::Ranges(ranges.to_vec()).check();
        assert_eq!(check(&[bounded(5, 0)]), Err(Cause::InvalidRange));
        assert_eq!(check(&[bounded(u64::MAX, 2)]), Err(Cause::InvalidRange));
        assert_eq!(check(&[bounded(0, 10), bounded(9, 1)]), Err(Cause::OverlappingRanges));
        assert_eq!(check(&[bounded(100, 5), bounded(100, 5)]), Err(Cause::OverlappingRanges));
        assert_eq!(check(&[bounded(50, 5), bounded(0, 50)]), Ok(()));
        assert_eq!(Layout::resolve(&Wanted::Ranges(vec![bounded(0, 11)]), 10), Err(Cause::InvalidRange));
        let with_suffix = Wanted::Ranges(vec![bounded(0, 6), RequestedRange::Suffix { length: 5 }]);
        assert_eq!(Layout::resolve(&with_suffix, 10), Err(Cause::OverlappingRanges));
    }
}
