//! The network of the script, and its permitted users.

use arbitrary::Arbitrary;
use haul_core::settings::network::{Cost, Network};

use super::World;
use super::wishes::{Paying, Policy};

#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Link {
    pub connected: bool,
    /// Index in [`COSTS`].
    pub cost: u8,
    pub roaming: bool,
    pub cellular: bool,
}

const COSTS: [Cost; 7] = [
    Cost::Unrestricted,
    Cost::CappedUsageUnknown,
    Cost::BelowCap,
    Cost::NearCap,
    Cost::OverCapCharged,
    Cost::OverCapThrottled,
    Cost::UsageBased,
];

impl Default for Link {
    fn default() -> Self {
        Self { connected: true, cost: 0, roaming: false, cellular: false }
    }
}

impl Link {
    fn place(self) -> usize {
        usize::from(self.cost) % COSTS.len()
    }

    pub fn network(self) -> Network {
        let Self { connected, roaming, cellular, .. } = self;
        Network { connected, cost: COSTS[self.place()], roaming, cellular }
    }

    /// Whether a download with these settings may move bytes.
    pub fn serves(self, paying: Paying) -> bool {
        let default = if paying.foreground { Policy::Always } else { Policy::Standard };
        // For each cost, then for roaming.
        let (costs, roaming) = match paying.policy.unwrap_or(default) {
            Policy::Always => (*b"1111111", true),
            Policy::NoCellular if self.cellular => return false,
            Policy::NoCellular => (*b"1111111", true),
            Policy::Unrestricted => (*b"1000000", false),
            Policy::Standard => (*b"1110011", false),
            Policy::NoRoaming => (*b"1111111", false),
            Policy::NoSurcharge => (*b"1111011", false),
        };
        let cellular = self.cellular && paying.no_cellular;
        self.connected && !cellular && costs[self.place()] == b'1' && (roaming || !self.roaming)
    }
}

impl World {
    pub(super) fn set_network(&mut self, link: Link) {
        self.link = link;
        self.engine.set_network(self.now, link.network());
        self.settle();
    }

    /// A download that must not use the network has no exchange and reports that it waits.
    pub(super) fn check_network(&self, index: usize) {
        let subject = &self.subjects[index];
        if self.link.serves(subject.paying) {
            return;
        }
        let asks = self.exchanges.values().any(|exchange| exchange.download == subject.id);
        assert!(!asks, "{:?} is used by {:?}", self.link, subject.paying);
        let waits = subject.is_transferring() && subject.pending.is_empty() && subject.obedient;
        let status = self.engine.download(subject.id).map(|download| download.status());
        let is_told = status.is_some_and(|status| status.extended_error.is_some());
        assert!(!waits || is_told, "nobody is told that {:?} forbids it", self.link);
    }
}
