//! The network and its cost, as the host tells the engine.

use crate::bindings::types;
use crate::mirror::{mirrored_enum, mirrored_record};

mirrored_enum! {
    /// The cost of moving bytes.
    #[derive(Default)]
    NetworkCost = types::NetworkCost {
        #[default]
        Unrestricted,
        /// There is a cap, and the host does not know how close it is.
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
}

mirrored_record! {
    /// The network that downloads would use. By default it is connected and costs nothing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[cfg_attr(feature = "serde", serde(default))]
    Network = types::Network {
        connected: bool,
        cost: NetworkCost,
        roaming: bool,
        cellular: bool,
    }
}

impl Default for Network {
    fn default() -> Self {
        Self { connected: true, cost: NetworkCost::default(), roaming: false, cellular: false }
    }
}
