//! Parsers for the values of options.

use alloc::format;
use alloc::string::String;
use core::str::FromStr;
use core::time::Duration;

use haul_core::content::digest::ExpectedDigest;
use haul_core::layout::RequestedRange;
use haul_core::settings::network::{Cost, CostPolicy, Network};
use haul_core::settings::property::SecurityFlags;
use haul_core::text::digits;

use super::quoted;

pub fn number<N: FromStr>(option: &str, text: &str) -> Result<N, String> {
    digits::parse(text).ok_or_else(|| format!("{} is no number for {option}", quoted(text)))
}

pub fn count(option: &str, text: &str) -> Result<u32, String> {
    match number(option, text)? {
        0 => Err(format!("{option} takes 1 or more")),
        count => Ok(count),
    }
}

/// Seconds, more than 0, with or without a fraction.
pub fn seconds(option: &str, text: &str) -> Result<Duration, String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let seconds = [whole, part].into_iter().all(digits::are).then(|| text.parse::<f64>().ok()).flatten();
    let seconds = seconds.filter(|seconds| (0.001..=1e9).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| format!("{option} takes seconds, more than 0"))
}

pub fn checksum(text: &str) -> Result<ExpectedDigest, String> {
    ExpectedDigest::parse(text).ok_or_else(|| {
        format!("{} is no checksum; write ALGO:HEX with sha256, sha512, sha1, md5 or blake3", quoted(text))
    })
}

/// `FIRST-LAST`, `FIRST-` or `-SUFFIX`, positions counted from 0 and inclusive.
pub fn range(text: &str) -> Result<RequestedRange, String> {
    let wrong = || format!("{} is no range; write FIRST-LAST, FIRST- or -SUFFIX", quoted(text));
    let (first, last) = text.split_once('-').ok_or_else(wrong)?;
    let parse = |text: &str| digits::parse::<u64>(text).ok_or_else(wrong);
    match (first, last) {
        ("", suffix) => Ok(RequestedRange::Suffix { length: parse(suffix)? }),
        (first, "") => Ok(RequestedRange::From { offset: parse(first)? }),
        (first, last) => {
            let (offset, last) = (parse(first)?, parse(last)?);
            let length = last.checked_sub(offset).and_then(|length| length.checked_add(1)).ok_or_else(wrong)?;
            Ok(RequestedRange::Bounded { offset, length })
        }
    }
}

/// Bytes, or bytes per second, with a suffix K, M or G for powers of 1024.
pub fn bytes(option: &str, text: &str) -> Result<u64, String> {
    let wrong = || format!("{} is not for {option}; write bytes, more than 0, with K, M or G", quoted(text));
    let (number, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (&text[..at], 10),
        Some((at, 'M' | 'm')) => (&text[..at], 20),
        Some((at, 'G' | 'g')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let bytes = digits::parse::<u64>(number).and_then(|number| number.checked_mul(1 << shift));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// A file or directory to write to. A URL is refused, because it would create directories whose names contain its password.
pub fn place(option: &str, path: &str) -> Result<String, String> {
    if path.contains("://") { Err(format!("{option} takes a path, not a URL")) } else { Ok(path.into()) }
}

/// `Name: value`, or `@FILE` for a file of such lines. A header's name cannot begin with `@`.
pub fn header(option: &str, text: &str) -> Result<String, String> {
    let plain = text.split_once(':').is_some_and(|(name, _)| !name.is_empty()) && !text.contains(['\r', '\n', '\0']);
    if plain || text.starts_with('@') { Ok(text.into()) } else { Err(format!("{option} takes 'Name: value' or @FILE")) }
}

/// Whether the engine accepts the line as a header, so that no later error shows its text.
pub fn is_header(text: &str) -> bool {
    let is_token = |name: &str| name.bytes().all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c));
    let sound = |(name, value): (&str, &str)| {
        !name.is_empty() && is_token(name) && !value.contains(|c: char| c.is_control() && c != '\t')
    };
    text.split_once(':').is_some_and(sound)
}

pub fn correlation_vector(text: &str) -> Result<String, String> {
    let sound = (1..=128).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
    let wrong = || "--correlation-vector takes 1 to 128 visible ASCII characters, without spaces".into();
    if sound { Ok(text.into()) } else { Err(wrong()) }
}

pub fn cost_policy(text: &str) -> Result<CostPolicy, String> {
    match text {
        "always" => Ok(CostPolicy::Always),
        "unrestricted" => Ok(CostPolicy::Unrestricted),
        "standard" => Ok(CostPolicy::Standard),
        "no-roaming" => Ok(CostPolicy::NoRoaming),
        "no-surcharge" => Ok(CostPolicy::NoSurcharge),
        "no-cellular" => Ok(CostPolicy::NoCellular),
        _ => Err(format!(
            "{} is no cost policy; write always, unrestricted, standard, no-roaming, no-surcharge or no-cellular",
            quoted(text)
        )),
    }
}

/// At most one cost, and any of `roaming`, `cellular` and `offline`, separated by commas.
pub fn network(text: &str) -> Result<Network, String> {
    let mut network = Network::default();
    let mut cost = None;
    for word in text.split(',').map(str::trim) {
        match word {
            "roaming" => network.roaming = true,
            "cellular" => network.cellular = true,
            "offline" => network.connected = false,
            word if cost.replace(cost_of(word)?).is_some() => return Err("a network has one cost".into()),
            _ => {}
        }
    }
    network.cost = cost.unwrap_or_default();
    Ok(network)
}

fn cost_of(word: &str) -> Result<Cost, String> {
    match word {
        "unrestricted" => Ok(Cost::Unrestricted),
        "capped-usage-unknown" => Ok(Cost::CappedUsageUnknown),
        "below-cap" => Ok(Cost::BelowCap),
        "near-cap" => Ok(Cost::NearCap),
        "over-cap-charged" => Ok(Cost::OverCapCharged),
        "over-cap-throttled" => Ok(Cost::OverCapThrottled),
        "usage-based" => Ok(Cost::UsageBased),
        _ => Err(format!(
            "{} is no word for a network; write one of unrestricted, capped-usage-unknown, below-cap, near-cap, \
             over-cap-charged, over-cap-throttled, usage-based, and roaming, cellular, offline if that is so",
            quoted(word)
        )),
    }
}

/// Certificate faults to accept, separated by commas.
pub fn weaknesses(text: &str) -> Result<SecurityFlags, String> {
    text.split(',').try_fold(SecurityFlags::default(), |all, word| match word {
        "unknown-ca" => Ok(all.with(SecurityFlags::IGNORE_UNKNOWN_CA)),
        "wrong-usage" => Ok(all.with(SecurityFlags::IGNORE_CERT_WRONG_USAGE)),
        "wrong-name" => Ok(all.with(SecurityFlags::IGNORE_CERT_CN_INVALID)),
        "wrong-date" => Ok(all.with(SecurityFlags::IGNORE_CERT_DATE_INVALID)),
        _ => Err(format!(
            "{} is not for --insecure; write unknown-ca, wrong-usage, wrong-name or wrong-date",
            quoted(word)
        )),
    })
}
