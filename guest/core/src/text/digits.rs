//! Numbers in fields, documents and options.

use core::str::FromStr;

/// The number that decimal digits stand for. `None` for an empty text, for anything but ASCII digits (`parse` of the standard
/// library takes a `+` too), and for a number that does not fit.
pub fn parse<N: FromStr>(text: &str) -> Option<N> {
    if are(text) { text.parse().ok() } else { None }
}

/// Whether the text is made of ASCII digits, of one or more.
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
