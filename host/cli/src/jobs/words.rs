//! Words for what jobs are and are told, at the prompt and in JSON.

use std::fmt;

use clap::ValueEnum;
use haul::{CostFlags, NotifyFlags};
use serde::{Deserialize, Serialize};

/// An enumeration whose cases are words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $word:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$doc])* $word),+ }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let value = self.to_possible_value();
                f.pad(value.as_ref().map_or("", |value| value.get_name()))
            }
        }
    };
}

/// Words for what the engine's library says; the first one stands for what a later library adds.
macro_rules! words_of {
    ($engine:ty => $(#[$about:meta])* $name:ident { $unknown:ident, $($(#[$doc:meta])* $word:ident),+ $(,)? }) => {
        words! { $(#[$about])* $name { $unknown, $($(#[$doc])* $word),+ } }

        impl From<$engine> for $name {
            fn from(value: $engine) -> Self {
                type Engine = $engine;
                match value {
                    $(Engine::$word => Self::$word,)+
                    _ => Self::$unknown,
                }
            }
        }
    };
}

words_of! { haul::JobState =>
    /// BG_JOB_STATE.
    JobState {
        Unknown, Queued, Connecting, Transferring, Suspended, Error, TransientError, Transferred, Acknowledged, Cancelled,
    }
}

words_of! { haul::FileState =>
    /// Where a file of a job stands.
    FileState { Unknown, Waiting, Transferring, Retrying, Transferred, Failed, Over }
}

words_of! { haul::ErrorContext =>
    /// BG_ERROR_CONTEXT.
    Context {
        Unknown, None, GeneralQueueManager, QueueManagerNotification, LocalFile, RemoteFile, GeneralTransport,
        RemoteApplication, ServerCertificateCallback,
    }
}

words! {
    /// BG_JOB_PRIORITY.
    Priority { Foreground, High, Normal, Low }
}

words! {
    /// BG_JOB_PROXY_USAGE.
    ProxyUsage {
        #[value(alias = "system-default")]
        Preconfig,
        NoProxy,
        Override,
        Autodetect,
    }
}

words! {
    /// BITS_JOB_TRANSFER_POLICY.
    CostPolicy { Always, NoRoaming, NoSurcharge, Standard, Unrestricted }
}

words! {
    /// BG_NOTIFY flags.
    Notification { None, Transferred, Error, Modification, FileTransferred }
}

impl From<haul::JobPriority> for Priority {
    fn from(priority: haul::JobPriority) -> Self {
        match priority {
            haul::JobPriority::Foreground => Self::Foreground,
            haul::JobPriority::High => Self::High,
            haul::JobPriority::Normal => Self::Normal,
            haul::JobPriority::Low => Self::Low,
        }
    }
}

impl From<Priority> for haul::JobPriority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Foreground => Self::Foreground,
            Priority::High => Self::High,
            Priority::Normal => Self::Normal,
            Priority::Low => Self::Low,
        }
    }
}

impl From<haul::ProxyUsage> for ProxyUsage {
    fn from(usage: haul::ProxyUsage) -> Self {
        match usage {
            haul::ProxyUsage::Preconfig => Self::Preconfig,
            haul::ProxyUsage::NoProxy => Self::NoProxy,
            haul::ProxyUsage::Override => Self::Override,
            haul::ProxyUsage::Autodetect => Self::Autodetect,
        }
    }
}

impl From<ProxyUsage> for haul::ProxyUsage {
    fn from(usage: ProxyUsage) -> Self {
        match usage {
            ProxyUsage::Preconfig => Self::Preconfig,
            ProxyUsage::NoProxy => Self::NoProxy,
            ProxyUsage::Override => Self::Override,
            ProxyUsage::Autodetect => Self::Autodetect,
        }
    }
}

impl CostPolicy {
    const ALL: [Self; 5] = [Self::Always, Self::NoRoaming, Self::NoSurcharge, Self::Standard, Self::Unrestricted];

    /// The networks that the policy allows, as BITS has them.
    pub fn flags(self) -> CostFlags {
        let unrestricted = CostFlags::UNRESTRICTED | CostFlags::OVERCAP_THROTTLED | CostFlags::IGNORE_CONGESTION;
        let standard = unrestricted | CostFlags::CAPPED_USAGE_UNKNOWN | CostFlags::BELOW_CAP | CostFlags::USAGE_BASED;
        let no_surcharge = standard | CostFlags::NEAR_CAP;
        let no_roaming = no_surcharge | CostFlags::OVERCAP_CHARGED;
        match self {
            Self::Unrestricted => unrestricted,
            Self::Standard => standard,
            Self::NoSurcharge => no_surcharge,
            Self::NoRoaming => no_roaming,
            Self::Always => no_roaming | CostFlags::ROAMING,
        }
    }

    /// `None` for networks that no policy names.
    pub fn of(flags: CostFlags) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| flags.contains(policy.flags()) && policy.flags().contains(flags))
    }
}

impl Notification {
    const FLAGS: [(Self, NotifyFlags); 5] = [
        (Self::None, NotifyFlags::DISABLE),
        (Self::Transferred, NotifyFlags::JOB_TRANSFERRED),
        (Self::Error, NotifyFlags::JOB_ERROR),
        (Self::Modification, NotifyFlags::JOB_MODIFICATION),
        (Self::FileTransferred, NotifyFlags::FILE_TRANSFERRED),
    ];

    pub fn flags(words: &[Self]) -> NotifyFlags {
        let chosen = Self::FLAGS.into_iter().filter(|(word, _)| words.contains(word));
        chosen.fold(NotifyFlags::default(), |all, (_, one)| all | one)
    }

    pub fn of(flags: NotifyFlags) -> Vec<Self> {
        Self::FLAGS.into_iter().filter(|(_, flag)| flags.contains(*flag)).map(|(word, _)| word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_in_arguments_and_in_json() {
        for (shown, json) in [
            (JobState::TransientError.to_string(), serde_json::to_string(&JobState::TransientError).unwrap()),
            (CostPolicy::NoSurcharge.to_string(), serde_json::to_string(&CostPolicy::NoSurcharge).unwrap()),
            (Notification::FileTransferred.to_string(), serde_json::to_string(&Notification::FileTransferred).unwrap()),
        ] {
            assert_eq!(format!("\"{shown}\""), json);
        }
    }

    #[test]
    fn a_policy_is_found_again_by_its_flags() {
        for policy in CostPolicy::ALL {
            assert_eq!(CostPolicy::of(policy.flags()), Some(policy));
        }
        assert_eq!(CostPolicy::of(CostFlags::ROAMING), None);
        assert_eq!(Notification::of(Notification::flags(&[Notification::Error])), [Notification::Error]);
    }
}
