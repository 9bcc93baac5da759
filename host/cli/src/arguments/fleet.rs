//! Arguments of `haul fleet`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use haul_command::values;
use haul_fleet::Kind;

use super::convert::place;
use super::jobs::Files;

/// Share one queue between many machines, on PostgreSQL.
///
/// `init` makes a queue in a database, `add` adds jobs to it, and `work` runs on each machine. The password for the database comes from
/// ~/.pgpass or PGPASSWORD. JOB is a job id, a unique prefix of one (four characters or more), or a unique name.
///
/// Exit codes: 0 success, 1 the database or a call failed, 2 the command line is wrong, 130 interrupted.
#[derive(Args, Debug)]
pub struct Fleet {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: Common,
}

#[derive(Args, Debug)]
pub struct Common {
    /// The queue: postgres://USER@HOST/DATABASE/QUEUE [default: $HAUL_QUEUE]
    #[arg(long, global = true, value_name = "URL")]
    pub queue: Option<String>,

    /// One JSON object on each line of standard output
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(Init),
    Add(Box<Add>),
    #[command(visible_alias = "ls")]
    List(List),
    Show(Show),
    /// Pause the queue: workers claim nothing and suspend the jobs that they hold
    Pause,
    Resume(Resume),
    #[command(visible_aliases = ["remove", "rm"])]
    Cancel(Cancel),
    Limit(Limit),
    Work(Box<Work>),
    /// Bring the tables of the database to the version of this haul
    Migrate,
}

/// Make the queue, and in an empty database the tables and the roles haul_add, haul_work and haul_look
///
/// A queue that exists stays as it is.
#[derive(Args, Debug)]
pub struct Init {
    /// once: one machine does each job, into storage that all machines share. each: every machine does it, on its own disk
    #[arg(long, value_name = "once|each")]
    pub kind: Kind,

    /// Time after which a job of a dead machine goes to another one, 2 to 3600 seconds
    #[arg(long, value_name = "TIME", default_value = "30", value_parser = values::duration)]
    pub lease: Duration,

    /// Attempts until a job has failed
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = values::count)]
    pub max_attempts: u32,
}

/// Add jobs, and print their ids
///
/// In a queue of kind once each file is a job, and needs a digest. In a queue of kind each all files are one job. Names of files are
/// relative to the directory of each machine.
#[derive(Args, Debug)]
pub struct Add {
    /// http or https URL; - for a list on standard input, as for --input
    #[arg(value_name = "URL", required_unless_present_any = ["input", "metalink"])]
    pub urls: Vec<String>,

    /// Name of the job [default: that of its first file]
    #[arg(short = 'n', long, visible_alias = "name", value_name = "NAME")]
    pub display_name: Option<String>,

    /// Jobs of higher priority are claimed first, -32768 to 32767
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub priority: i16,

    /// Only machines with this label, in a queue of kind each; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = label)]
    pub select: Vec<(String, String)>,

    /// Name of a file in the --credentials directory of each machine, with request headers for the job
    #[arg(long, value_name = "NAME")]
    pub credential: Option<String>,

    /// Bytes per second of all files of a job together (see BYTES)
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,

    #[command(flatten, next_help_heading = "Files")]
    pub files: Files,
}

/// List the newest jobs, a line each
#[derive(Args, Debug)]
pub struct List {
    /// The most jobs
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = values::count)]
    pub most: u32,
}

/// Show the queue by state and machine, or the tasks of a job
#[derive(Args, Debug)]
pub struct Show {
    #[arg(value_name = "JOB")]
    pub job: Option<String>,
}

/// Let a paused queue go on, or try failed jobs again
#[derive(Args, Debug)]
pub struct Resume {
    /// Jobs to try again [default: none; the queue goes on]
    #[arg(value_name = "JOB")]
    pub jobs: Vec<String>,
}

/// Cancel jobs on all machines; finished files stay
#[derive(Args, Debug)]
pub struct Cancel {
    #[arg(value_name = "JOB", required = true)]
    pub jobs: Vec<String>,
}

/// Limit an origin for all machines together, or remove its limit
///
/// The limit counts for jobs that are claimed afterwards.
#[derive(Args, Debug)]
pub struct Limit {
    /// An http or https URL of the origin
    #[arg(value_name = "URL")]
    pub url: String,

    /// Exchanges at a time; without it the limit is removed
    #[arg(long, value_name = "N", value_parser = values::count)]
    pub slots: Option<u32>,

    /// Bytes per second (see BYTES); each exchange has an equal part
    #[arg(long, value_name = "BYTES", value_parser = values::rate, requires = "slots")]
    pub limit_rate: Option<u64>,
}

/// Run a worker: claim jobs and download them, until it is interrupted
///
/// It goes on without the database until its leases end. If it is interrupted, it keeps its bytes and gives its jobs back.
#[derive(Args, Debug)]
pub struct Work {
    /// Directory of the files; in a queue of kind once the storage that all machines share
    #[arg(short, long, value_name = "DIR", value_parser = place(), default_value = ".")]
    pub dir: PathBuf,

    /// Directory of this worker's state; each worker needs one of its own [default: haul/fleet/QUEUE in $XDG_STATE_HOME or
    /// ~/.local/state]
    #[arg(long, value_name = "DIR", value_parser = place())]
    pub state_dir: Option<PathBuf>,

    /// Name of this machine [default: its host name]
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,

    /// Label of this machine, for --select of jobs; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = label)]
    pub label: Vec<(String, String)>,

    /// Directory of credentials: a file for each, with request headers
    #[arg(long, value_name = "DIR", value_parser = place())]
    pub credentials: Option<PathBuf>,

    /// Jobs that the worker holds at a time
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = values::count)]
    pub tasks: u32,

    /// Files in flight
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = values::count)]
    pub jobs: u32,

    /// End when the worker holds no job and finds none
    #[arg(long)]
    pub exit_when_idle: bool,

    /// Print nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.into(), value.into())),
        _ => Err("write KEY=VALUE".into()),
    }
}
