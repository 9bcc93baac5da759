//! Command-line arguments: the table of `haul-command`, parsed by clap.

mod builder;
mod convert;
pub mod fleet;
pub mod get;
pub mod jobs;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::FromArgMatches;
use clap::error::ErrorKind;
use clap_complete::Shell;
use haul_command::arguments::Arguments;
use haul_command::command::Id;

pub use self::builder::command;
pub use self::convert::digest;
pub use self::get::Get;
pub use self::serve::Serve;
use crate::documents::path;

/// A command with its arguments.
#[derive(Debug)]
pub enum Command {
    Get(Box<Get>),
    Jobs(Box<jobs::Jobs>),
    Serve(Box<Serve>),
    Fleet(Box<fleet::Fleet>),
    Config(Config),
    Errors(Errors),
    Completions(Completions),
    Man(Man),
}

#[derive(Debug)]
pub struct Config {
    pub json: bool,
}

#[derive(Debug)]
pub struct Errors {
    pub code: Option<String>,
    pub json: bool,
}

#[derive(Debug)]
pub struct Completions {
    pub shell: Shell,
}

#[derive(Debug)]
pub struct Man {
    /// The words of the command of the page.
    pub words: Vec<String>,
    /// The directory for all pages.
    pub dir: Option<PathBuf>,
}

impl Command {
    /// # Errors
    ///
    /// The command line is wrong, or asks for help.
    pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let matches = builder::parse(words)?;
        match matches.subcommand() {
            Some(("serve", given)) => Ok(Self::Serve(Box::new(Serve::from_arg_matches(given)?))),
            Some(("fleet", given)) => Ok(Self::Fleet(Box::new(fleet::Fleet::from_arg_matches(given)?))),
            _ => {
                let (id, arguments) = builder::arguments(&matches)?;
                Self::of(id, arguments).map_err(|wrong| clap::Error::raw(ErrorKind::ValueValidation, wrong))
            }
        }
    }

    fn of(id: Id, arguments: Arguments) -> Result<Self, String> {
        Ok(match id {
            Id::Get => Self::Get(Box::new(Get::of(arguments)?)),
            Id::Config => Self::Config(Config { json: arguments.json }),
            Id::Errors => Self::Errors(Errors { code: arguments.code, json: arguments.json }),
            Id::Completions => {
                let shell = arguments.shell.unwrap_or_default().parse()?;
                Self::Completions(Completions { shell })
            }
            Id::Man => Self::Man(Man { words: arguments.page, dir: arguments.pages_directory.as_ref().map(path) }),
            job => Self::Jobs(Box::new(jobs::Jobs::of(job, arguments)?)),
        })
    }

    /// Whether the log goes to standard error: `--verbose` was given twice.
    pub fn tells_the_log(&self) -> bool {
        match self {
            Self::Get(get) => get.said.volume.verbose > 1,
            Self::Jobs(jobs) => matches!(&jobs.command, jobs::Command::Run(run) if run.volume.verbose > 1),
            _ => false,
        }
    }
}

/// Limits on files, connections and rate.
#[derive(Debug)]
pub struct Limits {
    pub jobs: u32,
    pub max_per_origin: Option<u32>,
    pub limit_rate: Option<u64>,
}

/// Amount of output on standard error.
#[derive(Debug)]
pub struct Volume {
    pub quiet: bool,
    pub verbose: u8,
}

impl Limits {
    const fn of(arguments: &Arguments) -> Self {
        Self {
            jobs: arguments.parallel,
            max_per_origin: arguments.max_per_origin,
            limit_rate: convert::limit(arguments.limit_rate),
        }
    }
}

impl Volume {
    const fn of(arguments: &Arguments) -> Self {
        Self { quiet: arguments.quiet, verbose: arguments.verbose }
    }
}
