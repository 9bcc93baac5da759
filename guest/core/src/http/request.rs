//! Range fields of requests. Only this file translates half-open ranges to HTTP's inclusive form.

use alloc::format;
use alloc::string::String;

use crate::content::range::ByteRange;
use crate::layout::RequestedRange;

/// The Range field for `range` of the representation.
pub fn range_field(range: ByteRange) -> String {
    if range.is_open() {
        format!("bytes={}-", range.start)
    } else {
        format!("bytes={}-{}", range.start, range.end.saturating_sub(1))
    }
}

/// The Range field for a caller's range when the length of the representation is unknown.
pub fn requested_range_field(range: RequestedRange) -> String {
    match range {
        RequestedRange::Bounded { offset, length } => {
            range_field(ByteRange::new(offset, offset.saturating_add(length)))
        }
        RequestedRange::From { offset } => range_field(ByteRange::open(offset)),
        RequestedRange::Suffix { length } => format!("bytes=-{length}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_position_is_inclusive() {
        assert_eq!(range_field(ByteRange::new(0, 100)), "bytes=0-99");
        assert_eq!(range_field(ByteRange::open(7)), "bytes=7-");
        assert_eq!(requested_range_field(RequestedRange::Suffix { length: 5 }), "bytes=-5");
        assert_eq!(requested_range_field(RequestedRange::Bounded { offset: 3, length: 1 }), "bytes=3-3");
    }
}
