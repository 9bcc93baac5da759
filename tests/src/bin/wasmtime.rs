//! The `wasmtime` command, from its own library: the stock runtime of the tests, built with what haul itself is built with.

use clap::{Parser, Subcommand};
use wasmtime_cli::commands::RunCommand;

#[derive(Parser)]
#[command(name = "wasmtime")]
struct Wasmtime {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(RunCommand),
}

fn main() {
    let Command::Run(run) = Wasmtime::parse().command;
    if let Err(error) = run.execute() {
        eprintln!("Error: {error:?}");
        std::process::exit(1);
    }
}
