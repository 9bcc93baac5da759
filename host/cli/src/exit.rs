//! Exit codes, and the one-line message for a wrong command line.

use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use haul_queue::redaction::redact;
use haul_queue::{CommandError, Outcome};

use crate::arguments::Arguments;
use crate::output;

/// The exit code of an outcome.
pub fn code(outcome: Outcome) -> ExitCode {
    ExitCode::from(match outcome {
        Outcome::AllTransferred => 0,
        Outcome::Failed => 1,
        Outcome::Misuse => 2,
        Outcome::RefusedByPolicy => 3,
        Outcome::NotVerified => 4,
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
    error.outcome
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

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Misuse(reason) => Self::misuse(reason),
            Refusal::Failed(reason) => Self::failed(reason),
        }
    }
}

/// Prints an error of clap as one line. Help and version are printed in full and succeed.
pub fn for_misuse(error: clap::Error) -> Outcome {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    match error.kind() {
        DisplayHelp | DisplayVersion => {
            let _ = error.print();
            Outcome::AllTransferred
        }
        DisplayHelpOnMissingArgumentOrSubcommand => refuse("no command given"),
        _ => {
            let text = without_secrets(error).to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            let words: Vec<_> = first.trim_start_matches("error:").split_whitespace().collect();
            refuse(&words.join(" "))
        }
    }
}

/// Options whose values error messages hide, because they may hold secrets.
const SECRETS: [&str; 4] = ["--header", "--auth-header", "--proxy-list", "--proxy-bypass"];

/// Hides secrets and redacts URLs in an error of clap, which repeats the arguments.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg).and_then(|argument| argument.split([' ', '=']).next());
    let is_secret = option.is_some_and(|option| SECRETS.contains(&option));
    let value = text(ContextKind::InvalidValue).map(|value| if is_secret { "...".into() } else { redact(value) });
    let command = text(ContextKind::InvalidSubcommand).map(redact);
    let argument = text(ContextKind::InvalidArg).filter(|_| error.kind() == ErrorKind::UnknownArgument).map(redact);
    let shown = [
        (ContextKind::InvalidValue, value),
        (ContextKind::InvalidSubcommand, command),
        (ContextKind::InvalidArg, argument),
    ];
    for (kind, text) in shown {
        if let Some(text) = text {
            error.insert(kind, ContextValue::String(text));
        }
    }
    error
}

fn refuse(misuse: &str) -> Outcome {
    output::say(&format!("haul: {misuse}; try '{} --help'", command_typed()));
    Outcome::Misuse
}

/// The subcommands at the start of the command line, for the hint to `--help`.
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
