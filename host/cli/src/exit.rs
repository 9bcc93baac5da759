//! Exit codes, and the one line that goes with misuse.

use std::process::ExitCode;

use clap::CommandFactory;
use haul::{Error, Failure, Fault};
use serde::{Deserialize, Serialize};

use crate::arguments::Arguments;
use crate::output;

/// How a run ended, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    AllTransferred = 0,
    Failed = 1,
    Misuse = 2,
    RefusedByPolicy = 3,
    NotVerified = 4,
    /// As timeout(1) has it.
    OutOfTime = 124,
    Interrupted = INTERRUPTED as isize,
}

impl Outcome {
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Failed(failure) => Self::of_failure(failure),
            _ => Self::Failed,
        }
    }

    pub fn of_failure(failure: &Failure) -> Self {
        match failure.fault {
            Fault::Content => Self::NotVerified,
            Fault::Policy => Self::RefusedByPolicy,
            _ if MISUSE.contains(&failure.name.as_str()) => Self::Misuse,
            _ => Self::Failed,
        }
    }
}

/// Failures that say that the command line was wrong.
const MISUSE: [&str; 3] = ["E_INVALIDARG", "INET_E_INVALID_URL", "DO_E_OVERLAPPING_RANGES"];

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

pub const INTERRUPTED: u8 = 130;

/// Why a run did not begin.
#[derive(Debug)]
pub enum Refusal {
    /// The command line, or a file that it names, cannot be used.
    Misuse(String),
    Failed(String),
}

impl Refusal {
    pub fn tell(self) -> ExitCode {
        let (Self::Misuse(reason) | Self::Failed(reason)) = &self;
        output::say(&format!("haul: {reason}"));
        match self {
            Self::Misuse(_) => Outcome::Misuse.into(),
            Self::Failed(_) => Outcome::Failed.into(),
        }
    }
}

/// Help and version are no misuse.
pub fn for_misuse(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    match error.kind() {
        DisplayHelp | DisplayVersion => {
            let _ = error.print();
            Outcome::AllTransferred.into()
        }
        DisplayHelpOnMissingArgumentOrSubcommand => refuse("no command given"),
        _ => {
            let text = error.to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            let words: Vec<_> = first.trim_start_matches("error:").split_whitespace().collect();
            refuse(&words.join(" "))
        }
    }
}

fn refuse(misuse: &str) -> ExitCode {
    output::say(&format!("haul: {misuse}; try '{} --help'", command_typed()));
    Outcome::Misuse.into()
}

/// The command that was typed, as far as there is one.
fn command_typed() -> String {
    let mut command = &Arguments::command();
    let mut words = vec!["haul".to_owned()];
    for word in std::env::args().skip(1) {
        let Some(found) = command.find_subcommand(&word) else { break };
        words.push(found.get_name().to_owned());
        command = found;
    }
    words.join(" ")
}
