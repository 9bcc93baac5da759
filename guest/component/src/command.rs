//! `wasi:cli/run`: the command line, for any runtime with WASI 0.2.

mod arguments;
mod documents;
mod errors;
mod get;
mod headers;
mod jobs;
mod list;
mod report;
mod settings;
mod terminal;
mod values;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::failure::Cause;
use haul_core::parse::url::redact;
use wasip2::cli::environment::get_arguments;

struct Command;

wasip2::cli::command::export!(Command);

impl wasip2::exports::cli::run::Guest for Command {
    fn run() -> Result<(), ()> {
        let given: Vec<String> = get_arguments().into_iter().skip(1).collect();
        let words: Vec<&str> = given.iter().map(String::as_str).collect();
        match words.split_first() {
            Some((&"get", rest)) => obey(arguments::parse(rest), arguments::HELP, get::run),
            Some((&"errors", rest)) => obey(errors::parse(rest), errors::HELP, errors::run),
            Some((&"jobs", rest)) => obey(jobs::parse(rest), jobs::HELP, jobs::run),
            Some((&("--version" | "-V"), _)) => {
                terminal::out(concat!("haul ", env!("CARGO_PKG_VERSION"), "\n"));
                Ok(())
            }
            Some((&("--help" | "-h" | "help"), _)) => {
                terminal::out(arguments::HELP);
                terminal::out("\n");
                terminal::out(errors::HELP);
                terminal::out("\n");
                terminal::out(jobs::HELP);
                Ok(())
            }
            Some((other, _)) => refuse(&format!("unknown command {}", quoted(other))),
            None => refuse("no command given"),
        }
    }
}

/// The parsed arguments of a command.
enum Parsed<T> {
    Run(T),
    Help,
}

fn obey<T>(parsed: Result<Parsed<T>, String>, help: &str, run: impl FnOnce(&T) -> Result<(), ()>) -> Result<(), ()> {
    match parsed {
        Ok(Parsed::Run(request)) => run(&request),
        Ok(Parsed::Help) => {
            terminal::out(help);
            Ok(())
        }
        Err(misuse) => refuse(&misuse),
    }
}

/// Reports a wrong command line.
fn refuse(misuse: &str) -> Result<(), ()> {
    fail(&format!("{misuse}; try 'help'"))
}

fn fail(reason: &str) -> Result<(), ()> {
    terminal::tell(&format!("haul: {reason}"));
    Err(())
}

/// A word of the command line, for an error message. Any word may be a misplaced URL with a password, so it is redacted.
fn quoted(word: &str) -> String {
    format!("'{}'", redact(word))
}

/// The name of a file, for an error message. If it contains `//`, or an `@` behind a colon, it may be a misplaced URL and is redacted.
fn titled(path: &str) -> String {
    let may_be_url = path.contains("//") || path.rsplit_once('@').is_some_and(|(before, _)| before.contains(':'));
    if may_be_url { redact(path) } else { path.into() }
}

/// The description of a cause, its code, and advice.
fn coded(cause: Cause) -> String {
    told(&cause.description(), cause)
}

/// `description` with the code of `cause`, and advice.
fn told(description: &str, cause: Cause) -> String {
    let code = cause.hresult();
    format!("{description} ({} 0x{:08X}); {}", code.name, code.code, cause.advice())
}
