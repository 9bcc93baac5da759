//! Options of all commands that download.

use clap::{ArgAction, Args};

use crate::values;

/// Limits on files, connections and rate.
#[derive(Args, Debug)]
pub struct Limits {
    /// Files in flight
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = values::count)]
    pub jobs: u32,

    /// Connections to one server, of all files together
    #[arg(long, value_name = "N", value_parser = values::count)]
    pub max_per_origin: Option<u32>,

    /// Bytes per second of all files together (suffix K, M or G)
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,
}

/// Amount of output on standard error.
#[derive(Args, Debug)]
pub struct Volume {
    /// No progress; errors and JSON lines remain
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Retries and their causes; twice: the log
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}
