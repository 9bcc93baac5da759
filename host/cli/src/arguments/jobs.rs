//! Arguments of `haul jobs`.

mod add;
mod run;
mod settings;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use haul_queue::Selection;
use haul_queue::vocabulary::Priority;

pub use self::add::{Add, Files};
pub use self::run::Run;
pub use self::settings::JobSettings;
use crate::values::{self, vocabulary};

/// Keep a queue of jobs, and download it.
///
/// `add` makes a job of files, or adds files to a job; `run` downloads the queue and gives the files their names. The other commands work
/// while a `run` is active, and without one. JOB is a job id, a unique prefix of one (four characters or more), or a unique display name.
///
/// Exit codes: 0 success, 1 a job or a call failed, 2 the command line is wrong, 3 refused by a policy, 4 the content did not verify, 130
/// interrupted.
#[derive(Args, Debug)]
pub struct Jobs {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: Common,
}

#[derive(Args, Debug)]
pub struct Common {
    /// Directory of the queue [default: haul in $XDG_STATE_HOME or ~/.local/state]
    #[arg(long, global = true, value_name = "DIR", value_parser = values::place())]
    pub state_dir: Option<PathBuf>,

    /// One JSON object on each line of standard output
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Create(Create),
    #[command(visible_alias = "add-file")]
    Add(Box<Add>),
    #[command(visible_alias = "ls")]
    List(Listed),
    #[command(visible_alias = "info")]
    Show(Show),
    /// List the files of jobs, one line for each
    ///
    /// In a pipe, each line has the job's id, the file's state, its bytes so far, its size (- if unknown), its path and its URL, separated
    /// by tabs.
    #[command(visible_alias = "list-files")]
    Files(Listed),
    #[command(visible_alias = "monitor")]
    Watch(Watch),
    Set(Set),
    #[command(visible_alias = "set-priority")]
    Priority(SetPriority),
    /// Stop jobs and keep their bytes
    #[command(visible_alias = "pause")]
    Suspend(Chosen),
    /// Continue jobs that are new, suspended or failed
    #[command(visible_alias = "start")]
    Resume(Chosen),
    Complete(Complete),
    /// Remove jobs and their partial files
    #[command(visible_aliases = ["remove", "rm"])]
    Cancel(Chosen),
    /// Show why jobs failed or wait
    #[command(visible_alias = "get-error")]
    Errors(Listed),
    Run(Run),
    /// Remove every job, as cancel --all
    Reset,
}

/// Make a job without files, and print its id
///
/// The job is suspended until it is resumed.
#[derive(Args, Debug)]
pub struct Create {
    /// Display name, as --display-name
    #[arg(value_name = "NAME", conflicts_with = "display_name")]
    pub name: Option<String>,

    #[command(flatten, next_help_heading = "Settings")]
    pub settings: JobSettings,
}

/// Jobs to show.
#[derive(Args, Debug)]
#[command(about = "List jobs, a line each")]
pub struct Listed {
    /// Jobs to show [default: all]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// Every job, which is the default
    #[arg(long, conflicts_with = "jobs")]
    all: bool,
}

impl Listed {
    pub fn selection(&self) -> Selection {
        if self.jobs.is_empty() { Selection::All } else { Selection::Named(self.jobs.clone()) }
    }
}

/// Show all facts of jobs
#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    pub listed: Listed,

    /// Show their files too
    #[arg(long)]
    pub files: bool,
}

/// Follow jobs until each is suspended, failed, transferred or gone
#[derive(Args, Debug)]
pub struct Watch {
    #[command(flatten)]
    pub listed: Listed,

    /// Seconds between two updates
    #[arg(long, visible_alias = "refresh", value_name = "SECONDS", default_value = "1", value_parser = values::timeout)]
    pub interval: Duration,
}

/// Change the settings of jobs
#[derive(Args, Debug)]
pub struct Set {
    #[command(flatten)]
    pub chosen: Chosen,

    #[command(flatten, next_help_heading = "Settings")]
    pub settings: JobSettings,
}

/// Change the priority of jobs
#[derive(Args, Debug)]
pub struct SetPriority {
    #[arg(value_parser = vocabulary::word::<Priority>())]
    pub level: Priority,

    #[command(flatten)]
    pub chosen: Chosen,
}

/// Give the files of transferred jobs their names
#[derive(Args, Debug)]
pub struct Complete {
    #[command(flatten)]
    pub chosen: Chosen,

    /// Also take jobs that are not transferred: complete files get their names, and the others are dropped
    #[arg(long)]
    pub partial: bool,
}

/// Jobs that a command changes.
#[derive(Args, Debug)]
pub struct Chosen {
    /// Jobs to change
    #[arg(value_name = "JOB", required_unless_present = "all")]
    pub jobs: Vec<String>,

    /// Every job
    #[arg(long, conflicts_with = "jobs")]
    pub all: bool,
}

impl Chosen {
    pub fn selection(&self) -> Selection {
        if self.all { Selection::All } else { Selection::Named(self.jobs.clone()) }
    }
}
