//! Arguments of `haul jobs run`.

use clap::Args;
use haul::Network;
use haul_queue::schedule::{self, Window};

use crate::arguments::shared::{Limits, Volume};
use crate::values::network;

/// Download the queue
///
/// The command ends when no job can continue by itself. It gives the files of a transferred job their names and removes the job. If it is
/// interrupted, the next run continues.
#[derive(Args, Debug)]
pub struct Run {
    /// Stay, and download jobs that are added later
    #[arg(short, long)]
    pub watch: bool,

    /// Leave transferred jobs to 'haul jobs complete'
    #[arg(long)]
    pub no_complete: bool,

    #[command(flatten)]
    pub limits: Limits,

    /// Bytes per second in a window of local time, such as 'Mon-Fri 08:00-18:00 2M' or '22:00-06:00 unlimited'; repeatable, and the first
    /// that fits counts. At all other times --limit-rate counts
    #[arg(long, value_name = "DAYS HH:MM-HH:MM BYTES", value_parser = schedule::window)]
    pub schedule: Vec<Window>,

    /// Cost of the present network, as for 'haul get'
    #[arg(long, value_name = "COST,...", value_parser = network::network)]
    pub network: Option<Network>,

    #[command(flatten)]
    pub volume: Volume,
}
