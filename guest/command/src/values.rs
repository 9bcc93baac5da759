//! Values of options: numbers, sizes, times, ranges, digests, headers.
//!
//! An error is the form to write instead. It never repeats the value, which may be a secret.

pub mod network;
mod quantity;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use haul_core::content::digest::{Algorithm, ExpectedDigest};
use haul_core::layout::RequestedRange;
use haul_core::settings::property::SecurityFlags;
pub use haul_core::text::digits::parse as digits;

use crate::file_path::FilePath;
pub use quantity::{duration, rate, seconds, size};

type Parsed<T> = Result<T, String>;

/// # Errors
///
/// The form of a number.
pub fn number(text: &str) -> Parsed<u32> {
    digits(text).ok_or_else(|| "write a number, in digits".into())
}

/// A number of 1 or more.
///
/// # Errors
///
/// The form of such a number.
pub fn count(text: &str) -> Parsed<u32> {
    digits(text).filter(|count| *count > 0).ok_or_else(|| "write a number, 1 or more, in digits".into())
}

/// `FIRST-LAST`, `FIRST-` or `-SUFFIX`, positions counted from 0 and inclusive; several between commas.
///
/// # Errors
///
/// The form of a range.
pub fn ranges(text: &str) -> Parsed<Vec<RequestedRange>> {
    text.split(',').map(range).collect()
}

fn range(text: &str) -> Parsed<RequestedRange> {
    let wrong = || String::from("write FIRST-LAST, FIRST- or -SUFFIX");
    let (first, last) = text.split_once('-').ok_or_else(wrong)?;
    let parse = |text: &str| digits::<u64>(text).ok_or_else(wrong);
    match (first, last) {
        ("", suffix) => Ok(RequestedRange::Suffix { length: parse(suffix)? }),
        (first, "") => Ok(RequestedRange::From { offset: parse(first)? }),
        (first, last) => {
            let (offset, last) = (parse(first)?, parse(last)?);
            let length = last.checked_sub(offset).and_then(|length| length.checked_add(1));
            let length = length.ok_or("the last position lies before the first")?;
            Ok(RequestedRange::Bounded { offset, length })
        }
    }
}

/// `ALGO:HEX` or `ALGO=HEX`, as in `sha256:...` and aria2's `sha-256=...`; or digits alone, whose number tells the algorithm.
///
/// # Errors
///
/// The form of a digest.
pub fn checksum(text: &str) -> Parsed<ExpectedDigest> {
    let (name, hex) = match text.split_once([':', '=']) {
        Some((name, hex)) => (name.replace('-', ""), hex),
        None => (String::from(by_length(text)?), text),
    };
    let known = Algorithm::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(&name));
    let known = known.ok_or("the algorithm is sha256, sha512, sha1, md5 or blake3")?;
    let digest = ExpectedDigest::parse(&format!("{}:{hex}", known.name()));
    digest.ok_or_else(|| format!("a {} digest has {} hexadecimal digits", known.name(), 2 * known.length()))
}

/// The algorithm of a digest without a name. 64 digits are a SHA-256, by far the most usual; a BLAKE3 needs its name.
fn by_length(hex: &str) -> Parsed<&'static str> {
    let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (is_hex, hex.len()) {
        (true, 32) => Ok("md5"),
        (true, 40) => Ok("sha1"),
        (true, 64) => Ok("sha256"),
        (true, 128) => Ok("sha512"),
        _ => Err("write ALGO:HEX, or the hexadecimal digits of a digest".into()),
    }
}

/// A request header as `Name: value`.
///
/// # Errors
///
/// The form of a header.
pub fn header(text: &str) -> Parsed<String> {
    let sound = text.split_once(':').is_some_and(|(name, _)| !name.is_empty()) && !text.contains(['\r', '\n', '\0']);
    if sound { Ok(text.into()) } else { Err("write 'Name: value'".into()) }
}

/// `Name: value`, or `@FILE` for a file of such lines. A header's name cannot begin with `@`.
///
/// # Errors
///
/// The forms of a header.
pub fn header_or_file(text: &str) -> Parsed<String> {
    let is_file = text.len() > 1 && text.starts_with('@');
    if is_file { Ok(text.into()) } else { header(text).map_err(|wrong| format!("{wrong}, or @FILE")) }
}

/// A correlation vector, which goes into a header and into logs.
///
/// # Errors
///
/// The form of one.
pub fn correlation_vector(text: &str) -> Parsed<String> {
    let sound = (1..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
    if sound { Ok(text.into()) } else { Err("write 1 to 128 visible ASCII characters, without spaces".into()) }
}

/// A file or directory to write to. A URL is refused, because it would create directories whose names contain its password.
///
/// # Errors
///
/// The value is a URL.
pub fn place(bytes: &[u8]) -> Parsed<FilePath> {
    let is_url = bytes.windows(3).any(|part| part == b"://");
    if is_url { Err("write a path, not a URL".into()) } else { Ok(bytes.into()) }
}

/// Certificate faults, with their words for `--insecure`.
pub const FAULTS: [(&str, SecurityFlags); 4] = [
    ("unknown-ca", SecurityFlags::IGNORE_UNKNOWN_CA),
    ("wrong-usage", SecurityFlags::IGNORE_CERT_WRONG_USAGE),
    ("wrong-name", SecurityFlags::IGNORE_CERT_CN_INVALID),
    ("wrong-date", SecurityFlags::IGNORE_CERT_DATE_INVALID),
];

/// A fault of a certificate.
///
/// # Errors
///
/// The known words.
pub fn fault(word: &str) -> Parsed<SecurityFlags> {
    let known = FAULTS.into_iter().find(|(known, _)| *known == word).map(|(_, flag)| flag);
    known.ok_or_else(|| "write unknown-ca, wrong-usage, wrong-name or wrong-date".into())
}

/// `HOST:PORT:ADDRESS`, as curl has it; several addresses between commas, one of IPv6 with or without brackets.
///
/// # Errors
///
/// The form of one.
pub fn resolution(text: &str) -> Parsed<Vec<(String, IpAddr)>> {
    let wrong = || String::from("write HOST:PORT:ADDR, with addresses between commas");
    let (host, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (port, addresses) = rest.split_once(':').ok_or_else(wrong)?;
    if host.is_empty() || digits::<u16>(port).is_none() {
        return Err(wrong());
    }
    let address = |text: &str| text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    let pair = |text| Some((host.to_ascii_lowercase(), address(text)?));
    addresses.split(',').map(pair).collect::<Option<_>>().ok_or_else(wrong)
}

/// `yes` or `no`, and the words that mean the same.
///
/// # Errors
///
/// The known words.
pub fn truth(word: &str) -> Parsed<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "t" | "on" | "1" => Ok(true),
        "no" | "n" | "false" | "f" | "off" | "0" => Ok(false),
        _ => Err("write yes or no".into()),
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    #[test]
    fn ranges_are_inclusive_positions() {
        for (text, expected) in [
            ("0-0", RequestedRange::Bounded { offset: 0, length: 1 }),
            ("5-", RequestedRange::From { offset: 5 }),
            ("-7", RequestedRange::Suffix { length: 7 }),
        ] {
            assert_eq!(ranges(text), Ok([expected].into()), "{text}");
        }
        assert_eq!(ranges("0-1,-7").map(|ranges| ranges.len()), Ok(2));
        for bad in ["", "-", "5", "9-8", "a-b", "0-18446744073709551615", "1-2-3", "1-2,", "1-2, 3-4"] {
            assert!(ranges(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_digits_only() {
        for text in ["+5", " 5", "5 ", "5_0", "5,0", "0x5", "٥", "５", "5e1", "", "inf", "NaN"] {
            assert!(number(text).is_err() && count(text).is_err() && seconds(text).is_err(), "{text:?}");
            assert!(rate(text).is_err() && rate(&format!("{text}K")).is_err() && size(text).is_err(), "{text:?}");
            assert!(duration(text).is_err() && duration(&format!("{text}.5")).is_err(), "{text:?}");
            assert!(duration(&format!("1.{text}")).is_err(), "{text:?}");
            assert!(ranges(&format!("{text}-9")).is_err() || text.is_empty(), "{text:?}");
            assert!(ranges(&format!("3-{text}")).is_err() || text.is_empty(), "{text:?}");
        }
        assert_eq!((number("0"), count("12"), count("0").is_err()), (Ok(0), Ok(12), true));
        assert_eq!(duration("007"), Ok(Duration::from_secs(7)));
    }

    #[test]
    fn a_checksum_has_its_algorithms_length() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let expected = ExpectedDigest::parse(&format!("md5:{md5}")).unwrap();
        for form in ["md5:", "MD5:", "md5=", ""] {
            assert_eq!(checksum(&format!("{form}{md5}")), Ok(expected.clone()), "{form}");
        }
        let sha256 = md5.repeat(2);
        assert_eq!(checksum(&sha256), checksum(&format!("sha-256={sha256}")));
        assert_ne!(checksum(&sha256), checksum(&format!("blake3:{sha256}")));
        for (bad, hint) in [
            ("md5", "ALGO:HEX"),
            ("md5:00", "a md5 digest has 32 hexadecimal digits"),
            ("crc:00", "the algorithm is sha256"),
            ("sha256:d41d8cd98f00b204e9800998ecf8427e", "64 hexadecimal digits"),
            ("md5:x41d8cd98f00b204e9800998ecf8427e", "32 hexadecimal digits"),
            ("x41d8cd98f00b204e9800998ecf8427e", "ALGO:HEX"),
        ] {
            let told = checksum(bad).unwrap_err();
            assert!(told.contains(hint), "{bad}: {told}");
        }
    }

    #[test]
    fn a_host_resolves_to_given_addresses() {
        let read = resolution("Files.example:443:192.0.2.1,[2001:db8::1]").unwrap();
        let texts: Vec<_> = read.iter().map(|(host, address)| format!("{host} {address}")).collect();
        assert_eq!(texts, ["files.example 192.0.2.1", "files.example 2001:db8::1"]);
        for bad in ["", "h", "h:80", "h:80:", "h:x:192.0.2.1", ":80:192.0.2.1", "h:80:other", "h:80:192.0.2.1,"] {
            assert!(resolution(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_place_is_no_url() {
        assert_eq!(place(b"a/b"), Ok("a/b".into()));
        assert!(place(b"https://user:secret@h/a").is_err());
    }

    #[test]
    fn a_header_has_a_name_and_one_line() {
        assert_eq!(header("A: b"), Ok("A: b".into()));
        assert_eq!(header_or_file("@f"), Ok("@f".into()));
        for bad in ["", "secret", ": secret", "A: b\r\nC: d"] {
            assert_eq!(header(bad), Err("write 'Name: value'".into()), "{bad}");
        }
        assert_eq!(header_or_file("@"), Err("write 'Name: value', or @FILE".into()));
    }
}
