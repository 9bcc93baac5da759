//! How a command ended.

use haul::{Error, Failure, Fault};
use serde::{Deserialize, Serialize};

/// How a command, a job or a file ended. The order is from best to worst: the outcome of several is their maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything succeeded.
    AllTransferred,
    /// The origin, the network, the disk or the engine failed.
    Failed,
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
            _ if MISUSE.contains(&failure.name.as_str()) => Self::Misuse,
            _ => Self::Failed,
        }
    }
}
