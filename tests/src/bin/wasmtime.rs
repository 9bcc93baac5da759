//! The `wasmtime` command on top of its own library: the stock runtime of the tests, built from the same dependencies as haul.

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
