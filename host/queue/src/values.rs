//! Numbers, rates and request headers as people write them.

use std::str::FromStr;

/// The number in decimal digits. `None` for an empty text, for any character but ASCII digits (`parse` of the standard library accepts
/// a `+` too), and for a number that does not fit.
pub fn digits<N: FromStr>(text: &str) -> Option<N> {
    if are_digits(text) { text.parse().ok() } else { None }
}

/// Whether the text is one ASCII digit or more, and nothing else.
pub fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Bytes per second, with a suffix K, M or G for powers of 1024.
///
/// # Errors
///
/// The form to write instead.
pub fn rate(text: &str) -> Result<u64, String> {
    bytes(text).ok_or_else(|| "write bytes per second, more than 0, with K, M or G".into())
}

/// Bytes, with a suffix K, M or G for powers of 1024.
///
/// # Errors
///
/// The form to write instead.
pub fn size(text: &str) -> Result<u64, String> {
    bytes(text).ok_or_else(|| "write bytes, more than 0, with K, M or G".into())
}

fn bytes(text: &str) -> Option<u64> {
    let (number, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (&text[..at], 10),
        Some((at, 'M' | 'm')) => (&text[..at], 20),
        Some((at, 'G' | 'g')) => (&text[..at], 30),
        _ => (text, 0),
    };
    digits::<u64>(number).and_then(|number| number.checked_mul(1 << shift)).filter(|bytes| *bytes > 0)
}

/// A request header as `Name: value`.
///
/// # Errors
///
/// The form to write instead. The text is not repeated: it may be a secret.
pub fn header(text: &str) -> Result<String, String> {
    let sound = text.split_once(':').is_some_and(|(name, _)| !name.is_empty()) && !text.contains(['\r', '\n', '\0']);
    if sound { Ok(text.into()) } else { Err("write 'Name: value'".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_binary_suffixes() {
        assert_eq!((rate("10"), rate("2K"), rate("3m")), (Ok(10), Ok(2048), Ok(3 << 20)));
        for bad in ["", "0", "-1", "K", "1T", "99999999999G", "1.5M"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
