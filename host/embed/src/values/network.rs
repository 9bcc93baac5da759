//! What the network costs, as the host tells the engine.

use crate::bindings::types;

/// What moving bytes costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NetworkCost {
    #[default]
    Unrestricted,
    /// There is a cap, and nobody knows how close it is.
    CappedUsageUnknown,
    BelowCap,
    NearCap,
    /// Beyond the cap each byte is charged.
    OverCapCharged,
    /// Beyond the cap bytes are slow.
    OverCapThrottled,
    /// Each byte is charged.
    UsageBased,
}

/// The network that downloads would use. By default it is connected and costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    pub connected: bool,
    pub cost: NetworkCost,
    pub roaming: bool,
    pub cellular: bool,
}

impl Default for Network {
    fn default() -> Self {
        Self { connected: true, cost: NetworkCost::default(), roaming: false, cellular: false }
    }
}

impl From<Network> for types::Network {
    fn from(network: Network) -> Self {
        Self {
            connected: network.connected,
            cost: match network.cost {
                NetworkCost::Unrestricted => types::NetworkCost::Unrestricted,
                NetworkCost::CappedUsageUnknown => types::NetworkCost::CappedUsageUnknown,
                NetworkCost::BelowCap => types::NetworkCost::BelowCap,
                NetworkCost::NearCap => types::NetworkCost::NearCap,
                NetworkCost::OverCapCharged => types::NetworkCost::OverCapCharged,
                NetworkCost::OverCapThrottled => types::NetworkCost::OverCapThrottled,
                NetworkCost::UsageBased => types::NetworkCost::UsageBased,
            },
            roaming: network.roaming,
            cellular: network.cellular,
        }
    }
}
