//! Numbers with units: bytes and times.

use alloc::string::String;
use core::time::Duration;

use super::digits;

/// Units of bytes. K, M, G and T are powers of 1024, as in curl, wget and aria2; KB and KiB are as IEC 80000-13 has them.
const BYTES: [(&str, u64); 14] = [
    ("", 1),
    ("b", 1),
    ("k", 1 << 10),
    ("m", 1 << 20),
    ("g", 1 << 30),
    ("t", 1 << 40),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
];

/// Units of time, in nanoseconds.
const TIMES: [(&str, u64); 6] = [
    ("", 1_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// The longest time, about 31 years, so that the engine can add it to its clock.
const LONGEST: Duration = Duration::from_secs(1_000_000_000);

/// Bytes per second.
///
/// # Errors
///
/// The form of a rate.
pub fn rate(text: &str) -> Result<u64, String> {
    bytes(text).ok_or_else(|| "write bytes per second, more than 0, such as 500K, 1.5M or 2MB".into())
}

/// Bytes.
///
/// # Errors
///
/// The form of a size.
pub fn size(text: &str) -> Result<u64, String> {
    bytes(text).ok_or_else(|| "write bytes, more than 0, such as 500K, 1.5M or 2GB".into())
}

fn bytes(text: &str) -> Option<u64> {
    quantity(text, &BYTES).and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0)
}

/// A time of a millisecond or more: seconds, or a number with a unit.
///
/// # Errors
///
/// The form of a time.
pub fn duration(text: &str) -> Result<Duration, String> {
    let time = time(text).filter(|time| *time >= Duration::from_millis(1));
    time.ok_or_else(|| "write seconds, more than 0, or a time such as 500ms, 30s, 5m or 2h".into())
}

/// A time in whole seconds.
///
/// # Errors
///
/// The form of a time.
pub fn seconds(text: &str) -> Result<u32, String> {
    let whole = time(text).filter(|time| time.subsec_nanos() == 0);
    let whole = whole.and_then(|time| u32::try_from(time.as_secs()).ok());
    whole.ok_or_else(|| "write seconds, or a time such as 30s, 5m or 2h".into())
}

fn time(text: &str) -> Option<Duration> {
    let nanoseconds = quantity(text, &TIMES).and_then(|time| u64::try_from(time).ok())?;
    Some(Duration::from_nanos(nanoseconds)).filter(|time| *time <= LONGEST)
}

/// Digits after the point that a number may have, so that the product with a unit fits 128 bits.
const MOST_DIGITS: usize = 9;

/// A number with a unit, in the smallest unit. A part of it is dropped.
fn quantity(text: &str, units: &[(&str, u64)]) -> Option<u128> {
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (_, factor) = units.iter().find(|(known, _)| known.eq_ignore_ascii_case(unit))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    // A fraction of the smallest unit has no meaning.
    if *factor == 1 && number.contains('.') || part.len() > MOST_DIGITS {
        return None;
    }
    let (scale, part) = (10u128.pow(part.len() as u32), digits::<u64>(part)?);
    let parts = u128::from(digits::<u64>(whole)?) * scale + u128::from(part);
    Some(parts.checked_mul(u128::from(*factor))? / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, expected) in [
            ("10", 10),
            ("2K", 2048),
            ("3m", 3 << 20),
            ("1.5M", 3 << 19),
            ("0.5k", 512),
            ("1KiB", 1024),
            ("1kB", 1000),
            ("1MB", 1_000_000),
            ("2.25GB", 2_250_000_000),
            ("10B", 10),
            ("1T", 1 << 40),
        ] {
            assert_eq!((size(text), rate(text)), (Ok(expected), Ok(expected)), "{text}");
        }
        for bad in
            ["", "0", "-1", "K", "1.5", "1.5B", "1..5M", "1.M", ".5M", "1X", "1 M", "99999999999G", "0.0001K", "0K"]
        {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_have_units() {
        for (text, milliseconds) in [
            ("5", 5_000),
            ("0.5", 500),
            ("5s", 5_000),
            ("250ms", 250),
            ("2m", 120_000),
            ("1.5h", 5_400_000),
            ("1d", 86_400_000),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for bad in ["", "0", "s", "5x", "5 s", "1.2.3", "0.0001", "5m30", "99999999999", "100000d"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert_eq!((seconds("0"), seconds("2m"), seconds("90")), (Ok(0), Ok(120), Ok(90)));
        assert!(seconds("0.5").is_err() && seconds("5000000000").is_err());
    }
}
