//! Parsers for the values of options.

pub mod network;
pub mod security;
pub mod vocabulary;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser};
use haul::{DigestAlgorithm, ExpectedDigest, RequestedRange};
use haul_queue::file::Part;
use haul_queue::values::are_digits;
pub use haul_queue::values::{digits, header, rate, size};

pub fn number(text: &str) -> Result<u32, String> {
    digits(text).ok_or_else(|| "write a number, in digits".into())
}

/// A number of 1 or more.
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

/// A range of a job's file. Jobs have no suffix ranges.
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

/// The name of a header; `None` if no valid name stands before a colon, because then all of the text may be a secret.
pub fn header_name(header: &str) -> Option<&str> {
    // RFC 9110, section 5.6.2.
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let (name, _) = header.split_once(':')?;
    (!name.is_empty() && name.bytes().all(is_token)).then_some(name)
}

/// A file or directory to write to. A URL is refused, because it would create directories whose names contain its password.
pub fn place() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.to_string_lossy().contains("://") {
        true => Err("write a path, not a URL"),
        false => Ok(path),
    })
}

/// `Name: value`, or `@FILE` for a file of such lines. A header's name cannot begin with `@`.
pub fn header_or_file(text: &str) -> Result<String, String> {
    let is_file = text.len() > 1 && text.starts_with('@');
    if is_file { Ok(text.into()) } else { header(text).map_err(|wrong| format!("{wrong}, or @FILE")) }
}

/// A correlation vector, which goes into a header and into logs.
pub fn correlation_vector(text: &str) -> Result<String, String> {
    let sound = (1..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
    if sound { Ok(text.into()) } else { Err("write 1 to 128 visible ASCII characters, without spaces".into()) }
}

/// Seconds, more than 0, with or without a fraction.
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
    fn a_header_has_a_name_only_if_it_is_a_token_before_a_colon() {
        assert_eq!(header_name("X-One: a:b"), Some("X-One"));
        for bad in ["", "secret", ": secret", "secret value: a", "sécret: a", "Authorization secret\t: a"] {
            assert_eq!(header_name(bad), None, "{bad}");
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
