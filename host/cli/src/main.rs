//! The `haul` command.

mod arguments;
mod completions;
mod directories;
mod documents;
mod errors;
mod exit;
mod get;
mod headers;
mod interrupts;
mod jobs;
mod list;
mod man;
mod output;
mod progress;
mod report;
mod settings;
mod standard_input;
mod standard_output;
mod table;
mod terminal_text;
mod values;

use std::process::ExitCode;

use clap::Parser;
use haul_queue::Outcome;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    exit::code(run())
}

fn run() -> Outcome {
    let command = match Arguments::try_parse() {
        Ok(arguments) => arguments.command,
        Err(error) => return exit::for_misuse(error),
    };
    if command.tells_the_log() {
        let log = tracing_subscriber::fmt::layer()
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .with_writer(std::io::stderr)
            .without_time();
        let own = Targets::new().with_target("haul", LevelFilter::DEBUG);
        tracing_subscriber::registry().with(log.with_filter(own)).init();
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit::Refusal::Failed(format!("no runtime: {error}")).tell(),
    };
    exit::after_output(match command {
        Command::Get(get) => runtime.block_on(get::run(*get)),
        Command::Jobs(jobs) => runtime.block_on(jobs::run(*jobs)),
        Command::Errors(errors) => runtime.block_on(errors::run(errors)),
        Command::Completions(completions) => completions::run(&completions),
        Command::Man(man) => man::run(&man),
    })
}
