//! Words for network costs and cost policies.

use alloc::format;
use alloc::string::String;

use haul_core::settings::network::{Cost, CostPolicy, Network};

use crate::redaction::quoted;

/// The cost policies of Delivery Optimization.
pub const POLICIES: [(&str, CostPolicy); 6] = [
    ("always", CostPolicy::Always),
    ("unrestricted", CostPolicy::Unrestricted),
    ("standard", CostPolicy::Standard),
    ("no-roaming", CostPolicy::NoRoaming),
    ("no-surcharge", CostPolicy::NoSurcharge),
    ("no-cellular", CostPolicy::NoCellular),
];

const COSTS: [(&str, Cost); 7] = [
    ("unrestricted", Cost::Unrestricted),
    ("capped-usage-unknown", Cost::CappedUsageUnknown),
    ("below-cap", Cost::BelowCap),
    ("near-cap", Cost::NearCap),
    ("over-cap-charged", Cost::OverCapCharged),
    ("over-cap-throttled", Cost::OverCapThrottled),
    ("usage-based", Cost::UsageBased),
];

/// One of the words of [`POLICIES`].
///
/// # Errors
///
/// The known words.
pub fn cost_policy(word: &str) -> Result<CostPolicy, String> {
    let known = POLICIES.into_iter().find(|(known, _)| *known == word).map(|(_, policy)| policy);
    known.ok_or_else(|| format!("write one of {}", POLICIES.map(|(word, _)| word).join(", ")))
}

/// At most one cost, and any of `roaming`, `cellular` and `offline`, separated by commas.
///
/// # Errors
///
/// The known words.
pub fn network(text: &str) -> Result<Network, String> {
    let mut network = Network::default();
    let mut cost = None;
    for word in text.split(',').map(str::trim) {
        match word {
            "roaming" => network.roaming = true,
            "cellular" => network.cellular = true,
            "offline" => network.connected = false,
            word => {
                let (_, known) = COSTS.into_iter().find(|(known, _)| *known == word).ok_or_else(|| unknown(word))?;
                if cost.replace(known).is_some() {
                    return Err("a network has one cost".into());
                }
            }
        }
    }
    network.cost = cost.unwrap_or_default();
    Ok(network)
}

fn unknown(word: &str) -> String {
    let costs = COSTS.map(|(word, _)| word).join(", ");
    format!(
        "{} is no word for a network; write one of {costs}, and roaming, cellular, offline if that is so",
        quoted(word)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_one_cost_and_other_facts() {
        assert_eq!(network("unrestricted"), Ok(Network::default()));
        let abroad = Network { cost: Cost::NearCap, roaming: true, cellular: true, connected: true };
        assert_eq!(network("cellular,near-cap,roaming"), Ok(abroad));
        assert_eq!(network("offline"), Ok(Network { connected: false, ..Network::default() }));
        for bad in ["", "cheap", "near-cap,", "near-cap,below-cap", "near-cap roaming"] {
            assert!(network(bad).is_err(), "{bad}");
        }
        assert_eq!(cost_policy("no-roaming"), Ok(CostPolicy::NoRoaming));
        assert!(cost_policy("Always").is_err());
    }
}
