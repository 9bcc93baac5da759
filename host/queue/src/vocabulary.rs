//! The words for states, priorities and settings of jobs, at the prompt and in JSON.

use std::fmt;

use haul::{CostFlags, NotifyFlags};
use serde::{Deserialize, Serialize};

/// A value that is one word of a closed list.
pub trait Word: Copy + fmt::Display + PartialEq + 'static {
    /// All of them, in the order in which help texts list them.
    const ALL: &'static [Self];

    /// The word: small letters and hyphens.
    fn as_str(&self) -> &'static str;
}

/// An enumeration of words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $case:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $case),+ }

        impl Word for $name {
            const ALL: &'static [Self] = &[$(Self::$case),+];

            fn as_str(&self) -> &'static str {
                match self { $(Self::$case => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// The words for an enumeration of the engine's library. The first one stands for cases that a later version of the library adds.
macro_rules! words_of {
    (
        $engine:ty =>
        $(#[$about:meta])* $name:ident {
            $(#[$no_doc:meta])* $unknown:ident = $no_word:literal, $($(#[$doc:meta])* $case:ident = $word:literal),+ $(,)?
        }
    ) => {
        words! {
            $(#[$about])* $name { $(#[$no_doc])* $unknown = $no_word, $($(#[$doc])* $case = $word),+ }
        }

        impl From<$engine> for $name {
            fn from(value: $engine) -> Self {
                type Engine = $engine;
                match value {
                    $(Engine::$case => Self::$case,)+
                    _ => Self::$unknown,
                }
            }
        }
    };
}

words_of! { haul::JobState =>
    /// `BG_JOB_STATE` of BITS.
    JobState {
        /// A state of a later version.
        Unknown = "unknown",
        /// It waits for its turn.
        Queued = "queued",
        /// It connects to an origin.
        Connecting = "connecting",
        /// Bytes arrive.
        Transferring = "transferring",
        /// It waits for a request to resume.
        Suspended = "suspended",
        /// A failure stopped it; a request to resume retries it.
        Error = "error",
        /// A failure stopped it; the engine retries it.
        TransientError = "transient-error",
        /// Every file arrived; the files have their partial names still.
        Transferred = "transferred",
        /// It was completed.
        Acknowledged = "acknowledged",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

words_of! { haul::FileState =>
    /// The state of a file of a job.
    FileState {
        /// A state of a later version.
        Unknown = "unknown",
        /// It waits for its turn.
        Waiting = "waiting",
        /// Bytes arrive.
        Transferring = "transferring",
        /// An attempt failed; the engine retries it.
        Retrying = "retrying",
        /// It arrived completely.
        Transferred = "transferred",
        /// It failed.
        Failed = "failed",
        /// Its job was completed or cancelled.
        Over = "over",
    }
}

words_of! { haul::ErrorContext =>
    /// `BG_ERROR_CONTEXT` of BITS: the part of the transfer that failed.
    Context {
        /// A context of a later version.
        Unknown = "unknown",
        /// The job as a whole.
        None = "none",
        /// The queue.
        GeneralQueueManager = "general-queue-manager",
        /// The notification of the job's owner.
        QueueManagerNotification = "queue-manager-notification",
        /// The file on this machine.
        LocalFile = "local-file",
        /// The file at the origin.
        RemoteFile = "remote-file",
        /// The transport.
        GeneralTransport = "general-transport",
        /// The application at the origin.
        RemoteApplication = "remote-application",
        /// The callback that checks the origin's certificate.
        ServerCertificateCallback = "server-certificate-callback",
    }
}

words! {
    /// `BG_JOB_PRIORITY` of BITS.
    Priority {
        /// Before all others.
        Foreground = "foreground",
        /// Before normal ones.
        High = "high",
        /// The default.
        Normal = "normal",
        /// After all others.
        Low = "low",
    }
}

words! {
    /// `BG_JOB_PROXY_USAGE` of BITS.
    ProxyUsage {
        /// The proxy of the host's settings.
        Preconfig = "preconfig",
        /// No proxy.
        NoProxy = "no-proxy",
        /// One of the job's list.
        Override = "override",
        /// The proxy that the host detects.
        Autodetect = "autodetect",
    }
}

words! {
    /// `BITS_JOB_TRANSFER_POLICY` of BITS.
    CostPolicy {
        /// Every network.
        Always = "always",
        /// Every network that is not roaming.
        NoRoaming = "no-roaming",
        /// Those of `NoRoaming` that charge nothing beyond the cap.
        NoSurcharge = "no-surcharge",
        /// Those of `NoSurcharge` that are not near their cap.
        Standard = "standard",
        /// Networks without a cap, and those that are slow beyond it and charge nothing.
        Unrestricted = "unrestricted",
    }
}

words! {
    /// A flag of `BG_NOTIFY` of BITS.
    Notification {
        /// `BG_NOTIFY_DISABLE`.
        None = "none",
        /// `BG_NOTIFY_JOB_TRANSFERRED`.
        Transferred = "transferred",
        /// `BG_NOTIFY_JOB_ERROR`.
        Error = "error",
        /// `BG_NOTIFY_JOB_MODIFICATION`.
        Modification = "modification",
        /// `BG_NOTIFY_FILE_TRANSFERRED`.
        FileTransferred = "file-transferred",
    }
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
    /// The networks that the policy allows, as BITS defines it.
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

    /// The policy that allows these networks and no others; `None` if no policy does.
    pub fn of(flags: CostFlags) -> Option<Self> {
        Self::ALL.iter().copied().find(|policy| flags.contains(policy.flags()) && policy.flags().contains(flags))
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

    /// The flags of these notifications.
    pub fn flags(words: &[Self]) -> NotifyFlags {
        let chosen = Self::FLAGS.into_iter().filter(|(word, _)| words.contains(word));
        chosen.fold(NotifyFlags::default(), |all, (_, one)| all | one)
    }

    /// The notifications of these flags.
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
            assert_eq!(CostPolicy::of(policy.flags()), Some(*policy));
        }
        assert_eq!(CostPolicy::of(CostFlags::ROAMING), None);
        assert_eq!(Notification::of(Notification::flags(&[Notification::Error])), [Notification::Error]);
    }
}
