//! Errors of the command line, as one line.

use std::env;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use haul_command::redaction::redact;
use haul_command::suggestion::nearest;
use haul_command::table;
use haul_queue::Outcome;

use crate::{arguments, output};

/// Prints an error of clap as one line. Help and version are printed in full and succeed.
pub fn tell(error: clap::Error) -> Outcome {
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
            let (command, _) = command_typed();
            let known = command.get_subcommands().flat_map(names);
            nearest(typed, known).map(str::to_owned)
        }
        (_, Some(ContextValue::String(known))) => Some(known.clone()),
        _ => None,
    };
    found.map_or_else(String::new, |known| format!("; did you mean '{known}'?"))
}

fn names(command: &Command) -> impl Iterator<Item = &str> {
    [command.get_name()].into_iter().chain(command.get_visible_aliases())
}

/// The command at the start of the command line, and its words.
fn command_typed() -> (Command, String) {
    let (mut command, mut words) = (arguments::command(), "haul".to_owned());
    for word in env::args_os().skip(1) {
        let Some(found) = command.find_subcommand(&word).cloned() else { break };
        words = format!("{words} {}", found.get_name());
        command = found;
    }
    (command, words)
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
    let (_, words) = command_typed();
    output::say(&format!("haul: {misuse}; try '{words} --help'"));
    Outcome::Misuse
}
