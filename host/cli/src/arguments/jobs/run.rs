//! What is typed after `jobs run`.

use clap::{ArgAction, Args};
use haul::Network;

use crate::schedule::{self, Window};
use crate::values::{self, network};

/// Fetch what is in the queue
///
/// Ends when no job can go on by itself. A job whose files are all here is completed: they get their names, and the job is gone. An
/// interrupted run is gone on with by the next one.
#[derive(Args, Debug)]
pub struct Run {
    /// Stay, and fetch what is added later
    #[arg(short, long)]
    pub watch: bool,

    /// Leave jobs that are transferred to 'haul jobs complete'
    #[arg(long)]
    pub no_complete: bool,

    /// Files in flight
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub jobs: u32,

    /// Connections to one origin, of all files together
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_per_origin: Option<u32>,

    /// Bytes per second of all jobs together, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,

    /// Bytes per second at some hours, such as 'Mon-Fri 08:00-18:00 2M' or '22:00-06:00 unlimited'; repeatable, and the first that
    /// fits counts. Local time; --limit-rate counts at all others
    #[arg(long, value_name = "DAYS HH:MM-HH:MM BYTES", value_parser = schedule::window)]
    pub schedule: Vec<Window>,

    /// What the network is, as for 'haul get'
    #[arg(long, value_name = "COST,...", value_parser = network::network)]
    pub network: Option<Network>,

    /// No progress
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Retries and their causes too; twice: the log
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}
