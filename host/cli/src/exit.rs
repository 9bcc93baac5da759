//! Exit codes, and the one line that goes with misuse.

use std::process::ExitCode;

use haul::{Error, Fault};

/// How a run ended, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    AllTransferred = 0,
    Failed = 1,
    RefusedByPolicy = 3,
    NotVerified = 4,
}

impl Outcome {
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Failed(failure) if failure.fault == Fault::Content => Self::NotVerified,
            Error::Failed(failure) if failure.fault == Fault::Policy => Self::RefusedByPolicy,
            _ => Self::Failed,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

pub const USAGE: u8 = 2;
pub const INTERRUPTED: u8 = 130;

/// Help and version are no misuse.
pub fn for_misuse(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
}

pub fn refuse(misuse: &str) -> ExitCode {
    eprintln!("haul: {misuse}");
    ExitCode::from(USAGE)
}
