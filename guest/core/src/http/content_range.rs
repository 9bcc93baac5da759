//! The Content-Range field, [RFC 9110 section 14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4).

use crate::content::range::ByteRange;
use crate::text::digits;

/// The value of a Content-Range field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentRange {
    /// `bytes first-last/complete`; `complete` is `None` for `*`.
    Satisfied { range: ByteRange, complete: Option<u64> },
    /// `bytes */complete`, sent with a 416.
    Unsatisfied { complete: u64 },
}

impl ContentRange {
    /// `None` if the value violates the grammar or the constraints of section 14.4.
    pub fn parse(field: &str) -> Option<Self> {
        let (unit, rest) = field.trim().split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, complete) = rest.trim().split_once('/')?;
        let complete = match complete.trim() {
            "*" => None,
            text => Some(digits::parse(text)?),
        };
        if range.trim() == "*" {
            return Some(Self::Unsatisfied { complete: complete? });
        }
        let (first, last) = range.trim().split_once('-')?;
        let (first, last) = (digits::parse(first)?, digits::parse::<u64>(last)?);
        let end = last.checked_add(1)?;
        let sound = first < end && complete.is_none_or(|complete| end <= complete);
        sound.then(|| Self::Satisfied { range: ByteRange::new(first, end), complete })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, expected: Option<ContentRange>) {
        assert_eq!(ContentRange::parse(field), expected, "{field}");
    }

    fn satisfied(start: u64, end: u64, complete: Option<u64>) -> Option<ContentRange> {
        Some(ContentRange::Satisfied { range: ByteRange::new(start, end), complete })
    }

    #[test]
    fn inclusive_positions_become_half_open() {
        check("bytes 0-0/1", satisfied(0, 1, Some(1)));
        check("Bytes 5-9/*", satisfied(5, 10, None));
        check("bytes  100-199/1000 ", satisfied(100, 200, Some(1000)));
    }

    #[test]
    fn an_unsatisfied_range_tells_the_length() {
        check("bytes */1234", Some(ContentRange::Unsatisfied { complete: 1234 }));
        check("bytes */*", None);
    }

    #[test]
    fn what_the_grammar_or_the_arithmetic_forbids_is_refused() {
        for field in [
            "",
            "bytes",
            "bytes 5-4/10",
            "bytes 0-10/10",
            "items 0-1/2",
            "bytes 0-1",
            "bytes -1/2",
            "bytes +0-1/2",
            "bytes 0-+1/2",
            "bytes 0-1/+2",
            "bytes 0 -1/2",
            "bytes 0- 1/2",
            "bytes 0-1_0/20",
            "bytes */+5",
            "bytes ٠-1/2",
            "bytes 0-18446744073709551615/*",
            "bytes 0-99999999999999999999/*",
            "bytes=0-1/2",
            "bytes 0x0-1/2",
        ] {
            check(field, None);
        }
    }
}
