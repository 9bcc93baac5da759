//! Exit codes, and the reason that a command did not start.

use std::process::ExitCode;

use haul_queue::{CommandError, Outcome};

use crate::output;

/// The exit code of an outcome.
pub fn code(outcome: Outcome) -> ExitCode {
    ExitCode::from(match outcome {
        Outcome::AllTransferred => 0,
        Outcome::Failed => 1,
        Outcome::Misuse => 2,
        Outcome::RefusedByPolicy => 3,
        Outcome::NotVerified => 4,
        Outcome::Network => 5,
        Outcome::Http => 6,
        Outcome::Tls => 7,
        Outcome::Disk => 8,
        // As timeout(1).
        Outcome::OutOfTime => 124,
        // As a shell after SIGINT: 128 and the number of the signal.
        Outcome::Interrupted => 130,
    })
}

/// The outcome of a command once all of its output is written. If standard output failed, so did the command.
pub fn after_output(outcome: Outcome) -> Outcome {
    match output::failure() {
        Some(error) => {
            output::say(&format!("haul: standard output: {error}"));
            Outcome::Failed
        }
        None => outcome,
    }
}

/// Prints an error of the queue, and returns the outcome of the command.
pub fn report(error: &CommandError) -> Outcome {
    output::say(&format!("haul: {error}"));
    error.cause.outcome
}

/// The reason a command did not start.
#[derive(Debug)]
pub enum Refusal {
    /// The command line, or a file that it names, cannot be used.
    Misuse(String),
    Failed(String),
}

impl Refusal {
    pub fn tell(self) -> Outcome {
        let (Self::Misuse(reason) | Self::Failed(reason)) = &self;
        output::say(&format!("haul: {reason}"));
        match self {
            Self::Misuse(_) => Outcome::Misuse,
            Self::Failed(_) => Outcome::Failed,
        }
    }
}

impl From<String> for Refusal {
    fn from(misuse: String) -> Self {
        Self::Misuse(misuse)
    }
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Misuse(reason) => Self::misuse(reason),
            Refusal::Failed(reason) => Self::failed(reason),
        }
    }
}
