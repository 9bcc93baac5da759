//! Decimal numbers in fields, documents and options.

use core::str::FromStr;

/// Parses decimal digits. `None` if the text is empty, contains anything but ASCII digits (the standard library's `parse` also accepts a
/// `+`), or does not fit the type.
pub fn parse<N: FromStr>(text: &str) -> Option<N> {
    if are(text) { text.parse().ok() } else { None }
}

/// Whether the text consists of one or more ASCII digits.
pub fn are(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number() {
        for (text, expected) in [("0", 0), ("007", 7), ("18446744073709551615", u64::MAX)] {
            assert_eq!(parse::<u64>(text), Some(expected), "{text}");
        }
        for text in ["", "+5", "-5", " 5", "5 ", "5\t", "1_000", "1,000", "0x5", "1e3", "5.0", "٥", "５", "²"] {
            assert_eq!(parse::<u64>(text), None, "{text:?}");
        }
        assert_eq!((parse::<u64>("18446744073709551616"), parse::<u8>("256")), (None, None));
    }
}
