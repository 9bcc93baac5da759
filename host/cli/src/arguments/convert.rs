//! Values of the command line as types of the library.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use haul::{CostPolicy, DigestAlgorithm, ExpectedDigest, Network, NetworkCost, RequestedRange, SecurityFlags};
use haul_command::arguments::{self, Rate};
use haul_command::values::{self, FAULTS};

use crate::documents::path;

/// A file or directory to write to.
pub fn place() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|given| values::place(given.as_bytes()).map(|place| path(&place)))
}

pub const fn limit(rate: Option<Rate>) -> Option<u64> {
    match rate {
        Some(Rate::Limited(rate)) => Some(rate),
        Some(Rate::Unlimited) | None => None,
    }
}

pub const fn range(range: arguments::RequestedRange) -> RequestedRange {
    match range {
        arguments::RequestedRange::Bounded { offset, length } => RequestedRange::Bounded { offset, length },
        arguments::RequestedRange::From { offset } => RequestedRange::ToEnd { offset },
        arguments::RequestedRange::Suffix { length } => RequestedRange::Suffix { length },
    }
}

pub fn digest(digest: arguments::ExpectedDigest) -> ExpectedDigest {
    let algorithm = match digest.algorithm {
        arguments::Algorithm::Sha256 => DigestAlgorithm::Sha256,
        arguments::Algorithm::Sha512 => DigestAlgorithm::Sha512,
        arguments::Algorithm::Sha1 => DigestAlgorithm::Sha1,
        arguments::Algorithm::Md5 => DigestAlgorithm::Md5,
        arguments::Algorithm::Blake3 => DigestAlgorithm::Blake3,
    };
    ExpectedDigest { algorithm, value: digest.value }
}

pub const fn cost_policy(policy: arguments::CostPolicy) -> CostPolicy {
    match policy {
        arguments::CostPolicy::Always => CostPolicy::Always,
        arguments::CostPolicy::Unrestricted => CostPolicy::Unrestricted,
        arguments::CostPolicy::Standard => CostPolicy::Standard,
        arguments::CostPolicy::NoRoaming => CostPolicy::NoRoaming,
        arguments::CostPolicy::NoSurcharge => CostPolicy::NoSurcharge,
        arguments::CostPolicy::NoCellular => CostPolicy::NoCellular,
    }
}

pub const fn network(network: arguments::Network) -> Network {
    let cost = match network.cost {
        arguments::Cost::Unrestricted => NetworkCost::Unrestricted,
        arguments::Cost::CappedUsageUnknown => NetworkCost::CappedUsageUnknown,
        arguments::Cost::BelowCap => NetworkCost::BelowCap,
        arguments::Cost::NearCap => NetworkCost::NearCap,
        arguments::Cost::OverCapCharged => NetworkCost::OverCapCharged,
        arguments::Cost::OverCapThrottled => NetworkCost::OverCapThrottled,
        arguments::Cost::UsageBased => NetworkCost::UsageBased,
    };
    Network { connected: network.connected, cost, roaming: network.roaming, cellular: network.cellular }
}

/// The faults of certificates that are accepted.
pub fn insecure(flags: arguments::SecurityFlags) -> Vec<SecurityFlags> {
    let chosen = FAULTS.into_iter().filter(|(_, fault)| flags.bits() & fault.bits() != 0);
    let flag = |word| match word {
        "unknown-ca" => SecurityFlags::IGNORE_UNKNOWN_CA,
        "wrong-usage" => SecurityFlags::IGNORE_CERT_WRONG_USAGE,
        "wrong-name" => SecurityFlags::IGNORE_CERT_CN_INVALID,
        _ => SecurityFlags::IGNORE_CERT_DATE_INVALID,
    };
    chosen.map(|(word, _)| flag(word)).collect()
}
