//! `haul`, the command.

mod arguments;
mod exit;
mod get;
mod list;
mod progress;
mod report;
mod values;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let Arguments { command: Command::Get(get) } = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::for_misuse(&error),
    };
    if get.verbose {
        tracing_subscriber::fmt()
            .with_env_filter("haul=debug")
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .with_writer(std::io::stderr)
            .without_time()
            .init();
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit::refuse(&format!("no runtime: {error}")),
    };
    runtime.block_on(get::run(get))
}
