//! What is typed after `jobs run`.

use clap::Args;
use haul::Network;
use haul_queue::schedule::{self, Window};

use crate::arguments::shared::{Limits, Volume};
use crate::values::network;

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

    #[command(flatten)]
    pub limits: Limits,

    /// Bytes per second at some hours, such as 'Mon-Fri 08:00-18:00 2M' or '22:00-06:00 unlimited'; repeatable, and the first that
    /// fits counts. Local time; --limit-rate counts at all others
    #[arg(long, value_name = "DAYS HH:MM-HH:MM BYTES", value_parser = schedule::window)]
    pub schedule: Vec<Window>,

    /// What the network is, as for 'haul get'
    #[arg(long, value_name = "COST,...", value_parser = network::network)]
    pub network: Option<Network>,

    #[command(flatten)]
    pub volume: Volume,
}
