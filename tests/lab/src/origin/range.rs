//! The `Range` field: its syntax, and the bytes that it selects.

use std::ops::Range;

/// The part of a representation that a `Range` field selects.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// Everything, because there is no usable `Range` field.
    Whole,
    /// The satisfiable ranges, at least one.
    Ranges(Vec<Range<u64>>),
    /// Nothing, because no range overlaps the representation.
    Unsatisfiable,
}

impl Selection {
    /// Evaluates the value of a `Range` field. A malformed value, or one in another unit than bytes, counts as absent (RFC 9110,
    /// section 14.2).
    pub(super) fn of(field: &str, length: u64) -> Self {
        let Some(specs) = parse(field) else {
            return Self::Whole;
        };
        // `Content-Range` cannot express a part of an empty representation, so the field is ignored.
        if length == 0 && specs.iter().any(|spec| matches!(spec, Spec::Last(1..))) {
            return Self::Whole;
        }
        let ranges: Vec<_> = specs.iter().filter_map(|spec| spec.resolve(length)).collect();
        if ranges.is_empty() { Self::Unsatisfiable } else { Self::Ranges(ranges) }
    }
}

enum Spec {
    /// `first-last`; for `first-` the end is the largest number.
    FromTo(u64, u64),
    /// `-count`.
    Last(u64),
}

impl Spec {
    fn resolve(&self, length: u64) -> Option<Range<u64>> {
        let range = match *self {
            Self::FromTo(first, last) => first..last.saturating_add(1).min(length),
            Self::Last(count) => length.saturating_sub(count)..length,
        };
        (range.start < range.end).then_some(range)
    }
}

fn parse(field: &str) -> Option<Vec<Spec>> {
    let (unit, set) = field.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    set.split(',').map(|spec| parse_spec(spec.trim())).collect()
}

fn parse_spec(spec: &str) -> Option<Spec> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        return Some(Spec::Last(parse_position(last)?));
    }
    let first = parse_position(first)?;
    let last = if last.is_empty() { u64::MAX } else { parse_position(last)? };
    (first <= last).then_some(Spec::FromTo(first, last))
}

/// Digits only; a number too large for u64 counts as the largest.
fn parse_position(digits: &str) -> Option<u64> {
    let well_formed = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    well_formed.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::Selection;
    use std::ops::Range;

    fn one(range: Range<u64>) -> Selection {
        Selection::Ranges(vec![range])
    }

    #[test]
    fn single_ranges_are_clamped_to_the_representation() {
        assert_eq!(Selection::of("bytes=0-0", 10), one(0..1));
        assert_eq!(Selection::of("bytes=3-5", 10), one(3..6));
        assert_eq!(Selection::of("bytes=3-", 10), one(3..10));
        assert_eq!(Selection::of("bytes=3-99999999999999999999", 10), one(3..10));
        assert_eq!(Selection::of("bytes=-4", 10), one(6..10));
        assert_eq!(Selection::of("Bytes=-40", 10), one(0..10));
    }

    #[test]
    fn ranges_outside_are_unsatisfiable() {
        for field in ["bytes=10-", "bytes=10-20", "bytes=-0"] {
            assert_eq!(Selection::of(field, 10), Selection::Unsatisfiable, "{field}");
        }
        assert_eq!(Selection::of("bytes=0-", 0), Selection::Unsatisfiable);
        assert_eq!(Selection::of("bytes=-5", 0), Selection::Whole);
    }

    #[test]
    fn malformed_fields_count_as_absent() {
        for field in ["bytes", "bytes=", "bytes=5-3", "bytes=a-b", "bytes=+1-2", "lines=0-1", "bytes=1-2,x"] {
            assert_eq!(Selection::of(field, 10), Selection::Whole, "{field}");
        }
    }

    #[test]
    fn of_several_ranges_the_satisfiable_are_kept() {
        assert_eq!(Selection::of("bytes=0-1, 20-30, -2", 10), Selection::Ranges(vec![0..2, 8..10]));
    }
}
