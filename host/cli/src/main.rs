//! The `haul` command.

mod arguments;
mod completions;
mod configuration;
mod directories;
mod documents;
mod errors;
mod exit;
mod fleet;
mod get;
mod hooks;
mod identity;
mod interrupts;
mod jobs;
mod list;
mod man;
mod misuse;
mod network;
mod output;
mod progress;
mod report;
mod serve;
mod settings;
mod standard_output;
mod table;
mod terminal;
mod units;

use std::process::ExitCode;

use haul_queue::Outcome;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::arguments::Command;

fn main() -> ExitCode {
    exit::code(run())
}

fn run() -> Outcome {
    let command = match Command::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(error) => return misuse::tell(error),
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
        Command::Config(config) => configuration::show(config.json),
        Command::Serve(serve) => runtime.block_on(serve::run(*serve)),
        Command::Fleet(fleet) => runtime.block_on(fleet::run(*fleet)),
        Command::Errors(errors) => runtime.block_on(errors::run(errors)),
        Command::Completions(completions) => completions::run(&completions),
        Command::Man(man) => man::run(&man),
    })
}
