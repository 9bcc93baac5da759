//! Command-line arguments.

mod get;
pub mod jobs;
mod shared;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use self::get::Get;
use crate::values;

/// Download files over HTTP, and resume them after an interruption or a kill.
#[derive(Debug, Parser)]
#[command(name = "haul", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Get(Box<Get>),
    Jobs(Box<jobs::Jobs>),
    Errors(Errors),
    Completions(Completions),
    Man(Man),
}

impl Command {
    /// Whether the log goes to standard error: `--verbose` was given twice.
    pub fn tells_the_log(&self) -> bool {
        match self {
            Self::Get(get) => get.said.volume.verbose > 1,
            Self::Jobs(jobs) => matches!(&jobs.command, jobs::Command::Run(run) if run.volume.verbose > 1),
            _ => false,
        }
    }
}

/// Explain an error code.
///
/// Without CODE, list all codes except those of HTTP statuses, which are 0x80190000 plus the status.
#[derive(Args, Debug)]
pub struct Errors {
    /// Code, such as 0x80D02013, 80D02013, 2161123347 or -2133843949, or name, such as DO_E_INVALID_STATE
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    pub code: Option<String>,

    /// One JSON object on each line of standard output
    #[arg(long)]
    pub json: bool,
}

/// Print a completion script for a shell.
///
/// For bash, for example: haul completions bash > ~/.local/share/bash-completion/completions/haul
#[derive(Args, Debug)]
pub struct Completions {
    pub shell: Shell,
}

/// Print a manual page, or write all pages.
///
/// On a terminal the page opens in a pager.
#[derive(Args, Debug)]
pub struct Man {
    /// Command of the page, such as jobs add [default: haul itself]
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub words: Vec<String>,

    /// Write a page for each command into this directory
    #[arg(long, value_name = "DIR", value_parser = values::place())]
    pub dir: Option<PathBuf>,
}
