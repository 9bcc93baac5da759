//! Words for network costs and cost policies.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use haul::{CostPolicy, Network, NetworkCost};
use haul_queue::redaction::quoted;

const POLICIES: [(&str, CostPolicy); 6] = [
    ("always", CostPolicy::Always),
    ("unrestricted", CostPolicy::Unrestricted),
    ("standard", CostPolicy::Standard),
    ("no-roaming", CostPolicy::NoRoaming),
    ("no-surcharge", CostPolicy::NoSurcharge),
    ("no-cellular", CostPolicy::NoCellular),
];

const COSTS: [(&str, NetworkCost); 7] = [
    ("unrestricted", NetworkCost::Unrestricted),
    ("capped-usage-unknown", NetworkCost::CappedUsageUnknown),
    ("below-cap", NetworkCost::BelowCap),
    ("near-cap", NetworkCost::NearCap),
    ("over-cap-charged", NetworkCost::OverCapCharged),
    ("over-cap-throttled", NetworkCost::OverCapThrottled),
    ("usage-based", NetworkCost::UsageBased),
];

/// One of the words of [`POLICIES`].
pub fn cost_policy() -> impl TypedValueParser<Value = CostPolicy> {
    PossibleValuesParser::new(POLICIES.map(|(word, _)| word)).map(|given| {
        POLICIES.into_iter().find(|(word, _)| *word == given).map_or(CostPolicy::Always, |(_, policy)| policy)
    })
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
            word => {
                let known = COSTS.into_iter().find(|(known, _)| *known == word);
                let (_, known) =
                    known.ok_or_else(|| format!("{} is no word for a network; write {}", quoted(word), words()))?;
                if cost.replace(known).is_some() {
                    return Err("a network has one cost".into());
                }
            }
        }
    }
    network.cost = cost.unwrap_or_default();
    Ok(network)
}

fn words() -> String {
    let costs = COSTS.map(|(word, _)| word).join(", ");
    format!("one of {costs}, and roaming, cellular, offline where that is so")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_a_cost_and_what_else_it_is() {
        assert_eq!(network("unrestricted"), Ok(Network::default()));
        let abroad = Network { cost: NetworkCost::NearCap, roaming: true, cellular: true, connected: true };
        assert_eq!(network("cellular,near-cap,roaming"), Ok(abroad));
        assert_eq!(network("offline"), Ok(Network { connected: false, ..Network::default() }));
        for bad in ["", "cheap", "near-cap,", "near-cap,below-cap", "near-cap roaming"] {
            assert!(network(bad).is_err(), "{bad}");
        }
    }
}
