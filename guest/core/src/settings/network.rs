//! The cost of the network, and the policies that decide whether a download may use it.

use serde::{Deserialize, Serialize};

use crate::failure::Cause;

/// DODownloadCostPolicy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CostPolicy {
    Always,
    Unrestricted,
    Standard,
    NoRoaming,
    NoSurcharge,
    NoCellular,
}

/// A set of BITS_COST_STATE and BITS_COST_OPTION flags: the networks that a job may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostFlags(u32);

impl CostFlags {
    const ROAMING: u32 = 0x80;

    /// BITS_JOB_TRANSFER_POLICY_ALWAYS
    pub const ALWAYS: Self = Self(0x8000_00FF);
    /// BITS_JOB_TRANSFER_POLICY_STANDARD
    pub const STANDARD: Self = Self(0x8000_0067);

    /// From the sum of the flags' numbers; ignores unknown bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALWAYS.0)
    }

    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The flags of a job whose owner has set none.
    pub const fn default_for(foreground: bool) -> Self {
        if foreground { Self::ALWAYS } else { Self::STANDARD }
    }
}

/// BITS_COST_STATE without roaming, which is a separate field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cost {
    #[default]
    Unrestricted,
    CappedUsageUnknown,
    BelowCap,
    NearCap,
    OverCapCharged,
    OverCapThrottled,
    UsageBased,
}

/// The state of the network as the driver reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    pub connected: bool,
    pub cost: Cost,
    pub roaming: bool,
    pub cellular: bool,
}

impl Default for Network {
    fn default() -> Self {
        Self { connected: true, cost: Cost::default(), roaming: false, cellular: false }
    }
}

impl Cost {
    const fn flag(self) -> u32 {
        1 << self as u32
    }
}

impl CostPolicy {
    /// The policy if the caller sets none.
    pub const fn default_for(foreground: bool) -> Self {
        if foreground { Self::Always } else { Self::Standard }
    }

    /// Whether the policy permits transfers over `network`. For Standard and NoSurcharge the masks of BITS_JOB_TRANSFER_POLICY apply.
    const fn allows(self, network: &Network) -> bool {
        match self {
            Self::Always => true,
            Self::Unrestricted => matches!(network.cost, Cost::Unrestricted) && !network.roaming,
            Self::Standard => !network.roaming && !matches!(network.cost, Cost::NearCap | Cost::OverCapCharged),
            Self::NoRoaming => !network.roaming,
            Self::NoSurcharge => !network.roaming && !matches!(network.cost, Cost::OverCapCharged),
            Self::NoCellular => !network.cellular,
        }
    }
}

impl Network {
    /// The reason why a job with these flags must not use the network now.
    pub(crate) const fn blocks_job(&self, flags: CostFlags) -> Option<Cause> {
        let roaming = if self.roaming { CostFlags::ROAMING } else { 0 };
        if !self.connected {
            Some(Cause::NoNetwork)
        } else if (self.cost.flag() | roaming) & !flags.0 != 0 {
            Some(Cause::BlockedByCost)
        } else {
            None
        }
    }

    /// The reason why a download with this policy must not use the network now.
    pub(crate) const fn blocks(&self, policy: CostPolicy, disallow_on_cellular: bool) -> Option<Cause> {
        let no_cellular = disallow_on_cellular || matches!(policy, CostPolicy::NoCellular);
        if !self.connected {
            Some(Cause::NoNetwork)
        } else if self.cellular && no_cellular {
            Some(Cause::BlockedByCellular)
        } else if !policy.allows(self) {
            Some(Cause::BlockedByCost)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSTS: [Cost; 7] = [
        Cost::Unrestricted,
        Cost::CappedUsageUnknown,
        Cost::BelowCap,
        Cost::NearCap,
        Cost::OverCapCharged,
        Cost::OverCapThrottled,
        Cost::UsageBased,
    ];

    /// Checks the costs that a policy allows, `1` for yes, in the order of [`COSTS`]; `home` without roaming, `roaming` with it.
    fn check(policy: CostPolicy, home: &str, roaming: &str) {
        for (roams, expected) in [(false, home), (true, roaming)] {
            let allowed = COSTS.map(|cost| {
                let network = Network { cost, roaming: roams, ..Network::default() };
                if network.blocks(policy, false).is_none() { '1' } else { '0' }
            });
            assert_eq!(allowed.iter().collect::<alloc::string::String>(), expected, "{policy:?}, roaming: {roams}");
        }
    }

    #[test]
    fn each_policy_allows_what_it_says() {
        check(CostPolicy::Always, "1111111", "1111111");
        check(CostPolicy::Unrestricted, "1000000", "0000000");
        check(CostPolicy::Standard, "1110011", "0000000");
        check(CostPolicy::NoRoaming, "1111111", "0000000");
        check(CostPolicy::NoSurcharge, "1111011", "0000000");
        check(CostPolicy::NoCellular, "1111111", "1111111");
    }

    #[test]
    fn a_job_may_use_what_its_flags_name() {
        let at = |cost, roaming| Network { cost, roaming, ..Network::default() };
        let standard = COSTS.map(|cost| at(cost, false).blocks_job(CostFlags::STANDARD).is_none());
        assert_eq!(standard, COSTS.map(|cost| at(cost, false).blocks(CostPolicy::Standard, false).is_none()));
        assert_eq!(at(Cost::BelowCap, true).blocks_job(CostFlags::STANDARD), Some(Cause::BlockedByCost));
        assert_eq!(at(Cost::UsageBased, true).blocks_job(CostFlags::ALWAYS), None);
        let away = Network { connected: false, ..Network::default() };
        assert_eq!(away.blocks_job(CostFlags::ALWAYS), Some(Cause::NoNetwork));
    }

    #[test]
    fn cellular_is_a_matter_of_its_own() {
        let cellular = Network { cellular: true, ..Network::default() };
        assert_eq!(cellular.blocks(CostPolicy::Always, false), None);
        assert_eq!(cellular.blocks(CostPolicy::Always, true), Some(Cause::BlockedByCellular));
        assert_eq!(cellular.blocks(CostPolicy::NoCellular, false), Some(Cause::BlockedByCellular));
        let away = Network { connected: false, ..cellular };
        assert_eq!(away.blocks(CostPolicy::Always, true), Some(Cause::NoNetwork));
    }
}
