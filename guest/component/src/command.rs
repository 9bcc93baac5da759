//! `wasi:cli/run`: the command line, for any runtime with WASI 0.2.

mod documents;
mod errors;
mod get;
mod jobs;
mod list;
mod report;
mod settings;
mod terminal;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::command::Id;
use haul_command::parser::{self, Parsed};
use haul_core::failure::Cause;
use wasip2::cli::environment::{get_arguments, get_environment};

struct Command;

wasip2::cli::command::export!(Command);

impl wasip2::exports::cli::run::Guest for Command {
    fn run() -> Result<(), ()> {
        let given: Vec<String> = get_arguments().into_iter().skip(1).collect();
        let variables = get_environment();
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone().into_bytes())
        };
        let words: Vec<&str> = given.iter().map(String::as_str).collect();
        match parser::parse(&words, &variable) {
            Ok(Parsed::Run(Id::Get, mut arguments)) => get::run(&mut arguments),
            Ok(Parsed::Run(Id::Errors, arguments)) => errors::run(&arguments),
            Ok(Parsed::Run(command, arguments)) => jobs::run(command, arguments),
            Ok(Parsed::Help(text)) => {
                terminal::out(&text);
                Ok(())
            }
            Ok(Parsed::Version) => {
                terminal::out(concat!("haul ", env!("CARGO_PKG_VERSION"), "\n"));
                Ok(())
            }
            Err(misuse) => fail(&format!("{misuse}; try '{} --help'", parser::command_typed("haul.wasm", &words))),
        }
    }
}

fn fail(reason: &str) -> Result<(), ()> {
    terminal::tell(&format!("haul: {reason}"));
    Err(())
}

/// `description` and advice.
fn sentence(description: &str, advice: &str) -> String {
    format!("{description}; {advice}")
}

/// The description of a cause, its code, and advice.
fn coded(cause: Cause) -> String {
    told(&cause.description(), cause, cause.advice())
}

/// `description` with the code of `cause`, and advice.
fn told(description: &str, cause: Cause, advice: &str) -> String {
    let code = cause.hresult();
    format!("{description} ({} 0x{:08X}); {}", code.name, code.code, advice)
}
