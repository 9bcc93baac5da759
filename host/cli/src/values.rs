//! What the values of options mean.

pub mod network;
pub mod security;

use std::str::FromStr;
use std::time::Duration;

use haul::{DigestAlgorithm, ExpectedDigest, RequestedRange};

use crate::jobs::file::Part;

/// The number that decimal digits stand for. `None` for an empty text, for anything but ASCII digits (`parse` of the standard
/// library takes a `+` too), and for a number that does not fit.
pub fn digits<N: FromStr>(text: &str) -> Option<N> {
    if are_digits(text) { text.parse().ok() } else { None }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub fn number(text: &str) -> Result<u32, String> {
    digits(text).ok_or_else(|| "write a number, in digits".into())
}

/// A number that is not 0.
pub fn count(text: &str) -> Result<u32, String> {
    digits(text).filter(|count| *count > 0).ok_or_else(|| "write a number, 1 or more, in digits".into())
}

/// `FIRST-LAST`, `FIRST-` or `-SUFFIX`, positions counted from 0 and inclusive.
pub fn range(text: &str) -> Result<RequestedRange, String> {
    let wrong = || "write FIRST-LAST, FIRST- or -SUFFIX".to_owned();
    let (first, last) = text.split_once('-').ok_or_else(wrong)?;
    let parse = |text: &str| digits::<u64>(text).ok_or_else(wrong);
    match (first, last) {
        ("", suffix) => Ok(RequestedRange::Suffix { length: parse(suffix)? }),
        (first, "") => Ok(RequestedRange::ToEnd { offset: parse(first)? }),
        (first, last) => {
            let (offset, last) = (parse(first)?, parse(last)?);
            let length = last.checked_sub(offset).and_then(|length| length.checked_add(1));
            let length = length.ok_or("the last position lies before the first")?;
            Ok(RequestedRange::Bounded { offset, length })
        }
    }
}

/// A part of a file of a job, which has no suffixes.
pub fn part(text: &str) -> Result<Part, String> {
    match range(text) {
        Ok(RequestedRange::Bounded { offset, length }) => Ok(Part { offset, length: Some(length) }),
        Ok(RequestedRange::ToEnd { offset }) => Ok(Part { offset, length: None }),
        Ok(RequestedRange::Suffix { .. }) => Err("jobs have no -SUFFIX; write FIRST-LAST or FIRST-".into()),
        Err(wrong) => Err(wrong),
    }
}

/// `ALGO:HEX`
pub fn checksum(text: &str) -> Result<ExpectedDigest, String> {
    let (name, hex) = text.split_once(':').ok_or("write ALGO:HEX")?;
    let (algorithm, length) = match name.to_ascii_lowercase().as_str() {
        "sha256" => (DigestAlgorithm::Sha256, 32),
        "sha512" => (DigestAlgorithm::Sha512, 64),
        "sha1" => (DigestAlgorithm::Sha1, 20),
        "md5" => (DigestAlgorithm::Md5, 16),
        "blake3" => (DigestAlgorithm::Blake3, 32),
        _ => return Err("the algorithm is sha256, sha512, sha1, md5 or blake3".into()),
    };
    let digit = |c: char| c.to_digit(16).map(|digit| digit as u8);
    let digits: Option<Vec<u8>> = hex.chars().map(digit).collect();
    let digits = digits.filter(|digits| digits.len() == 2 * length);
    let digits = digits.ok_or_else(|| format!("a {name} digest has {} hexadecimal digits", 2 * length))?;
    let value = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    Ok(ExpectedDigest { algorithm, value })
}

/// `Name: value`
pub fn header(text: &str) -> Result<String, String> {
    let sound = text.split_once(':').is_some_and(|(name, _)| !name.is_empty()) && !text.contains(['\r', '\n', '\0']);
    if sound { Ok(text.into()) } else { Err("write 'Name: value'".into()) }
}

/// `Name: value`, or `@FILE` for a file of such lines: no name begins with `@`.
pub fn header_or_file(text: &str) -> Result<String, String> {
    let is_file = text.len() > 1 && text.starts_with('@');
    if is_file { Ok(text.into()) } else { header(text).map_err(|wrong| format!("{wrong}, or @FILE")) }
}

/// What goes into a header and into logs.
pub fn correlation_vector(text: &str) -> Result<String, String> {
    let sound = (1..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
    if sound { Ok(text.into()) } else { Err("write 1 to 128 visible ASCII characters, without spaces".into()) }
}

/// Bytes per second, with a suffix K, M or G for powers of 1024.
pub fn rate(text: &str) -> Result<u64, String> {
    bytes(text).ok_or_else(|| "write bytes per second, more than 0, with K, M or G".into())
}

/// Bytes, with a suffix K, M or G for powers of 1024.
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

/// Seconds, more than zero, with a fraction or without.
pub fn timeout(text: &str) -> Result<Duration, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let seconds = [whole, part].into_iter().all(are_digits).then(|| text.parse::<f64>().ok()).flatten();
    let seconds = seconds.filter(|seconds| (0.001..=1e9).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| "write seconds, more than 0".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_inclusive_positions() {
        assert_eq!(range("0-0"), Ok(RequestedRange::Bounded { offset: 0, length: 1 }));
        assert_eq!(range("5-"), Ok(RequestedRange::ToEnd { offset: 5 }));
        assert_eq!(range("-7"), Ok(RequestedRange::Suffix { length: 7 }));
        for bad in ["", "-", "5", "9-8", "a-b", "0-18446744073709551615", "1-2-3"] {
            assert!(range(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_have_binary_suffixes() {
        assert_eq!((rate("10"), rate("2K"), rate("3m")), (Ok(10), Ok(2048), Ok(3 << 20)));
        for bad in ["", "0", "-1", "K", "1T", "99999999999G", "1.5M"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_digits_only() {
        for text in ["+5", " 5", "5 ", "5_0", "5,0", "0x5", "٥", "５", "5e1", ""] {
            assert!(digits::<u64>(text).is_none() && number(text).is_err() && count(text).is_err(), "{text:?}");
            assert!(rate(text).is_err() && rate(&format!("{text}K")).is_err() && size(text).is_err(), "{text:?}");
            assert!(timeout(text).is_err() && timeout(&format!("{text}.5")).is_err(), "{text:?}");
            assert!(timeout(&format!("1.{text}")).is_err(), "{text:?}");
            assert!(range(&format!("{text}-9")).is_err() || text.is_empty(), "{text:?}");
            assert!(range(&format!("3-{text}")).is_err() || text.is_empty(), "{text:?}");
        }
        assert!(timeout("inf").is_err() && timeout("NaN").is_err() && timeout("1.2.3").is_err());
        assert_eq!((timeout("0.5"), timeout("007")), (Ok(Duration::from_millis(500)), Ok(Duration::from_secs(7))));
        assert_eq!((number("0"), count("12"), count("0").is_err()), (Ok(0), Ok(12), true));
    }

    #[test]
    fn a_checksum_has_its_algorithms_length() {
        assert!(checksum("md5:d41d8cd98f00b204e9800998ecf8427e").is_ok());
        for bad in [
            "md5",
            "md5:00",
            "crc:00",
            "sha256:d41d8cd98f00b204e9800998ecf8427e",
            "md5:x41d8cd98f00b204e9800998ecf8427e",
        ] {
            assert!(checksum(bad).is_err(), "{bad}");
        }
    }
}
