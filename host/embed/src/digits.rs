//! Numbers in fields and settings.

use std::str::FromStr;

/// The number that decimal digits stand for. `None` for an empty text, for anything but ASCII digits (`parse` of the standard
/// library takes a `+` too), and for a number that does not fit.
pub fn parse<N: FromStr>(text: &str) -> Option<N> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number() {
        assert_eq!((parse("080"), parse("65535")), (Some(80_u16), Some(u16::MAX)));
        for text in ["", "+80", "-1", " 80", "80 ", "8_0", "0x50", "٨", "65536"] {
            assert_eq!(parse::<u16>(text), None, "{text:?}");
        }
    }
}
