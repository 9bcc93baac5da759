//! The options of the command line as properties of the library.

use std::fs;

use haul::{CostPolicy, Download, Engine, Error, Network, NetworkCost, Property};

use super::Get;

pub async fn properties(engine: &Engine, get: &Get) -> Result<Vec<Property>, Error> {
    let mut properties = vec![
        Property::ForegroundPriority(!get.background),
        Property::DisallowOnCellular(get.no_cellular),
        Property::IntegrityCheckMandatory(get.require_integrity),
        Property::HttpCustomAuthHeaders(get.auth_headers.iter().map(|header| format!("{header}\r\n")).collect()),
    ];
    properties.extend(get.cost_policy.as_deref().map(|word| Property::CostPolicy(cost_policy(word))));
    properties.extend(get.correlation_vector.clone().map(Property::CorrelationVector));
    if let Some(path) = &get.integrity_info {
        let text = fs::read_to_string(path).expect("the integrity check info");
        properties.push(Property::IntegrityCheckInfo(engine.read_integrity_check_info(&text).await?));
    }
    if let Some(path) = &get.decrypt {
        let text = fs::read_to_string(path).expect("the decryption info");
        properties.push(Property::DecryptionInfo(engine.read_decryption_info(&text).await?));
    }
    Ok(properties)
}

/// Fails if the network blocks the download, which would otherwise wait for another network.
pub async fn blocked(download: &Download) -> Result<(), Error> {
    let status = download.status().await?;
    let blocked = status.extended_error.filter(|failure| failure.name.starts_with("DO_E_BLOCKED_BY"));
    blocked.map_or(Ok(()), |failure| Err(Error::Failed(failure)))
}

pub fn network(words: &str) -> Network {
    let mut network = Network::default();
    for word in words.split(',') {
        match word {
            "roaming" => network.roaming = true,
            "cellular" => network.cellular = true,
            "offline" => network.connected = false,
            "unrestricted" => network.cost = NetworkCost::Unrestricted,
            "near-cap" => network.cost = NetworkCost::NearCap,
            "over-cap-charged" => network.cost = NetworkCost::OverCapCharged,
            "usage-based" => network.cost = NetworkCost::UsageBased,
            other => panic!("no test says {other}"),
        }
    }
    network
}

fn cost_policy(word: &str) -> CostPolicy {
    match word {
        "unrestricted" => CostPolicy::Unrestricted,
        "standard" => CostPolicy::Standard,
        "no-roaming" => CostPolicy::NoRoaming,
        "no-surcharge" => CostPolicy::NoSurcharge,
        "no-cellular" => CostPolicy::NoCellular,
        other => panic!("no test says {other}"),
    }
}
