//! What is typed.

mod get;
pub mod jobs;
mod shared;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use self::get::Get;
use crate::values;

/// Downloads that resume after anything and are never wrong.
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
    /// Somebody asked for it twice.
    pub fn tells_the_log(&self) -> bool {
        match self {
            Self::Get(get) => get.said.volume.verbose > 1,
            Self::Jobs(jobs) => matches!(&jobs.command, jobs::Command::Run(run) if run.volume.verbose > 1),
            _ => false,
        }
    }
}

/// Say what an error code means.
///
/// Without CODE all that are known are listed, but those of HTTP statuses: 0x80190000 and the status.
#[derive(Args, Debug)]
pub struct Errors {
    /// A code as 0x80D02013, 80D02013, 2161123347 or -2133843949, or a name such as DO_E_INVALID_STATE
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    pub code: Option<String>,

    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// Print what completes the command line in a shell.
///
/// For bash, for example: haul completions bash > ~/.local/share/bash-completion/completions/haul
#[derive(Args, Debug)]
pub struct Completions {
    pub shell: Shell,
}

/// Print a manual page, or write all of them.
///
/// For example: haul man jobs add | man -l -
#[derive(Args, Debug)]
pub struct Man {
    /// Which command's; without one that of haul itself
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub words: Vec<String>,

    /// Write a page for each command into this directory
    #[arg(long, value_name = "DIR", value_parser = values::place())]
    pub dir: Option<PathBuf>,
}
