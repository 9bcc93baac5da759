//! A caller's wishes for a download beyond its options.

use arbitrary::Arbitrary;
use haul_core::settings::network::CostPolicy;
use haul_core::settings::property::Property;

#[derive(Arbitrary, Clone, Debug)]
pub struct Wishes {
    /// The bytes go to a stream.
    pub stream: bool,
    /// The content is encrypted.
    pub encrypted: bool,
    pub content_id: ContentId,
    pub integrity: Option<Integrity>,
    /// The caller has authentication fields.
    pub auth: bool,
    pub paying: Paying,
    pub non_volatile: bool,
    pub other_caller: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentId {
    None,
    BesideUrl,
    InPlaceOfUrl,
}

/// A piece-hash file to fetch.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Integrity {
    pub mandatory: bool,
    pub proof: Proof,
}

/// The proof of the right piece-hash file.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Proof {
    None,
    Digest,
    HashOfHashes,
}

/// The networks that may be used.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Paying {
    pub policy: Option<Policy>,
    pub no_cellular: bool,
    pub foreground: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Policy {
    Always,
    Unrestricted,
    Standard,
    NoRoaming,
    NoSurcharge,
    NoCellular,
}

impl Paying {
    pub fn properties(self) -> Vec<Property> {
        let policy = self.policy.map(|policy| Property::CostPolicy(policy.cost_policy()));
        let others = [Property::DisallowOnCellular(self.no_cellular), Property::ForegroundPriority(self.foreground)];
        policy.into_iter().chain(others).collect()
    }

    /// Tracks a property that was set.
    pub fn take(&mut self, property: &Property) {
        match property {
            Property::CostPolicy(policy) => {
                self.policy = Policy::ALL.into_iter().find(|own| own.cost_policy() == *policy)
            }
            Property::DisallowOnCellular(no_cellular) => self.no_cellular = *no_cellular,
            Property::ForegroundPriority(foreground) => self.foreground = *foreground,
            _ => {}
        }
    }
}

impl Policy {
    const ALL: [Self; 6] =
        [Self::Always, Self::Unrestricted, Self::Standard, Self::NoRoaming, Self::NoSurcharge, Self::NoCellular];

    pub const fn cost_policy(self) -> CostPolicy {
        match self {
            Self::Always => CostPolicy::Always,
            Self::Unrestricted => CostPolicy::Unrestricted,
            Self::Standard => CostPolicy::Standard,
            Self::NoRoaming => CostPolicy::NoRoaming,
            Self::NoSurcharge => CostPolicy::NoSurcharge,
            Self::NoCellular => CostPolicy::NoCellular,
        }
    }
}
