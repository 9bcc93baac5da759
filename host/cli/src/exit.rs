//! Exit codes, and the one-line message for a wrong command line.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use haul_command::redaction::redact;
use haul_command::{parser, table};
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
            let hint = suggestion(&error);
            let text = without_secrets(error).to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            let words: Vec<_> = first.trim_start_matches("error:").split_whitespace().collect();
            refuse(&format!("{}{hint}", words.join(" ")))
        }
    }
}

/// The known option or command that is nearest to the typed one.
fn suggestion(error: &clap::Error) -> String {
    let found = match (error.get(ContextKind::InvalidSubcommand), error.get(ContextKind::SuggestedArg)) {
        (Some(ContextValue::String(typed)), _) => {
            let words = words_typed();
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            parser::nearest_command(&words, typed).map(str::to_owned)
        }
        (_, Some(ContextValue::String(known))) => Some(known.clone()),
        _ => None,
    };
    found.map_or_else(String::new, |known| format!("; did you mean '{known}'?"))
}

/// The words of the command line, up to one that is not text.
fn words_typed() -> Vec<String> {
    std::env::args_os().skip(1).map_while(|word| word.into_string().ok()).collect()
}

/// The option with the URL of a fleet's queue, in which people write a password before haul refuses it.
const QUEUE: &str = "queue";

/// Hides secrets and redacts URLs in an error of clap, which repeats the arguments.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let option = text(ContextKind::InvalidArg).and_then(|argument| argument.split([' ', '=']).next());
    let is_secret =
        option.and_then(|option| option.strip_prefix("--")).is_some_and(|long| long == QUEUE || table::is_secret(long));
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
    let words = words_typed();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    output::say(&format!("haul: {misuse}; try '{} --help'", parser::command_typed("haul", &words)));
    Outcome::Misuse
}
