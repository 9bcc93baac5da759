//! `wasi:cli/run`: the engine at a prompt, under any runtime that has WASI 0.2.

mod arguments;
mod errors;
mod get;
mod list;
mod report;
mod terminal;

use alloc::string::String;
use alloc::vec::Vec;

use wasip2::cli::environment::get_arguments;

struct Command;

wasip2::cli::command::export!(Command);

impl wasip2::exports::cli::run::Guest for Command {
    fn run() -> Result<(), ()> {
        let given: Vec<String> = get_arguments().into_iter().skip(1).collect();
        let words: Vec<&str> = given.iter().map(String::as_str).collect();
        match words.split_first() {
            Some((&"get", rest)) => match arguments::parse(rest) {
                Ok(arguments::Request::Get(get)) => get::run(&get),
                Ok(arguments::Request::Help) => {
                    terminal::out(arguments::HELP);
                    Ok(())
                }
                Err(misuse) => refuse(&misuse),
            },
            Some((&"errors", rest)) => match errors::parse(rest) {
                Ok(request) if request.help => {
                    terminal::out(errors::HELP);
                    Ok(())
                }
                Ok(request) => errors::run(&request),
                Err(misuse) => refuse(&misuse),
            },
            Some((&("--version" | "-V"), _)) => {
                terminal::out(concat!("haul ", env!("CARGO_PKG_VERSION"), "\n"));
                Ok(())
            }
            Some((&("--help" | "-h" | "help"), _)) => {
                terminal::out(arguments::HELP);
                terminal::out("\n");
                terminal::out(errors::HELP);
                Ok(())
            }
            Some((other, _)) => refuse(&alloc::format!("unknown command '{other}'")),
            None => refuse("no command given"),
        }
    }
}

fn refuse(misuse: &str) -> Result<(), ()> {
    terminal::error(&alloc::format!("haul: {misuse}; try 'help'\n"));
    Err(())
}
