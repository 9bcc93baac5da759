//! What is typed after `jobs`.

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

/// The queue: jobs of many files, which outlive commands and machines.
///
/// `add` makes a job of URLs, or adds them to one; `run` fetches what is in the queue and gives the files their names. Other
/// commands work beside a `run`, and without one. JOB is the id of a job, four characters or more of its beginning, or a display
/// name; it must be the only one.
///
/// Exit codes: 0 all is well, 1 a job or a call failed, 2 usage, 3 refused by policy, 4 content did not verify, 130 interrupted.
#[derive(Args, Debug)]
pub struct Jobs {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: Common,
}

#[derive(Args, Debug)]
pub struct Common {
    /// Where the queue is kept [default: $XDG_STATE_HOME/haul or ~/.local/state/haul]
    #[arg(long, global = true, value_name = "DIR", value_parser = values::place())]
    pub state_dir: Option<PathBuf>,

    /// One JSON object per line on standard output
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
    /// Show the files of jobs
    ///
    /// In a pipe: the job's id, state, bytes that are here, bytes in all (- where that is not known), path and URL, separated by tabs.
    #[command(visible_alias = "list-files")]
    Files(Listed),
    #[command(visible_alias = "monitor")]
    Watch(Watch),
    Set(Set),
    #[command(visible_alias = "set-priority")]
    Priority(SetPriority),
    /// Stop jobs, and keep what has come
    #[command(visible_alias = "pause")]
    Suspend(Chosen),
    /// Let jobs run that were suspended, are new, or have failed
    #[command(visible_alias = "start")]
    Resume(Chosen),
    Complete(Complete),
    /// Drop jobs, and what has come of their files
    #[command(visible_aliases = ["remove", "rm"])]
    Cancel(Chosen),
    /// Say why jobs have failed or wait
    #[command(visible_alias = "get-error")]
    Errors(Listed),
    Run(Run),
    /// Drop every job: cancel --all
    Reset,
}

/// Make a job without files, and print its id
///
/// The job is suspended until it is resumed.
#[derive(Args, Debug)]
pub struct Create {
    /// What the job is called, as --display-name
    #[arg(value_name = "NAME", conflicts_with = "display_name")]
    pub name: Option<String>,

    #[command(flatten, next_help_heading = "What the job is told")]
    pub settings: JobSettings,
}

/// Which jobs are shown.
#[derive(Args, Debug)]
#[command(about = "List jobs, a line each")]
pub struct Listed {
    /// Which jobs; all where none is named
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,

    /// Every job, as where none is named
    #[arg(long, conflicts_with = "jobs")]
    all: bool,
}

impl Listed {
    pub fn selection(&self) -> Selection {
        if self.jobs.is_empty() { Selection::All } else { Selection::Named(self.jobs.clone()) }
    }
}

/// Show all that is known of jobs
#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    pub listed: Listed,

    /// Their files too
    #[arg(long)]
    pub files: bool,
}

/// Show what happens to jobs, until nothing can
///
/// That is: until each of them is suspended, has failed, is transferred, or is gone.
#[derive(Args, Debug)]
pub struct Watch {
    #[command(flatten)]
    pub listed: Listed,

    /// Seconds from one look to the next
    #[arg(long, visible_alias = "refresh", value_name = "SECONDS", default_value = "1", value_parser = values::timeout)]
    pub interval: Duration,
}

/// Change what jobs were told
#[derive(Args, Debug)]
pub struct Set {
    #[command(flatten)]
    pub chosen: Chosen,

    #[command(flatten, next_help_heading = "What they are told")]
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

    /// Jobs that are not transferred, too: files that are here get their names, the others are dropped
    #[arg(long)]
    pub partial: bool,
}

/// Which jobs something is done to.
#[derive(Args, Debug)]
pub struct Chosen {
    /// Which jobs
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
