//! How a command ended.

use haul::{Error, Failure, Fault};
use serde::{Deserialize, Serialize};

/// How a command, a job or a file ended. The order is from best to worst: the outcome of several is their maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything succeeded.
    AllTransferred,
    /// The engine, or a call on it, failed.
    Failed,
    /// The origin was not reached, or sent nothing for too long.
    Network,
    /// The origin answered with an error, or not as HTTP requires.
    Http,
    /// No secure connection: a certificate, or the version or parameters of TLS.
    Tls,
    /// A local file, its directory or its disk.
    Disk,
    /// The caller asked for something invalid.
    Misuse,
    /// The host's policy or the job's cost policy forbids the transfer.
    RefusedByPolicy,
    /// The content does not have its expected digest or length.
    NotVerified,
    /// The time that the caller allowed is over.
    OutOfTime,
    /// The user interrupted the command.
    Interrupted,
}

/// Failures that only invalid input causes.
const MISUSE: [&str; 3] = ["E_INVALIDARG", "INET_E_INVALID_URL", "DO_E_OVERLAPPING_RANGES"];

impl Outcome {
    /// The outcome of a call that failed with `error`.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Failed(failure) => Self::of_failure(failure),
            _ => Self::Failed,
        }
    }

    /// The outcome of a transfer that failed with `failure`.
    pub fn of_failure(failure: &Failure) -> Self {
        match failure.fault {
            Fault::Content => Self::NotVerified,
            Fault::Policy => Self::RefusedByPolicy,
            Fault::Network => Self::Network,
            Fault::Tls => Self::Tls,
            Fault::Origin => Self::Http,
            Fault::Disk => Self::Disk,
            _ if MISUSE.contains(&failure.name.as_str()) => Self::Misuse,
            _ => Self::Failed,
        }
    }
}
