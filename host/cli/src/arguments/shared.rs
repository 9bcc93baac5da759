//! What every command can be told that fetches.

use clap::{ArgAction, Args};

use crate::values;

/// How much at the same time, and how fast.
#[derive(Args, Debug)]
pub struct Limits {
    /// Files in flight
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = values::count)]
    pub jobs: u32,

    /// Connections to one origin, of all files together
    #[arg(long, value_name = "N", value_parser = values::count)]
    pub max_per_origin: Option<u32>,

    /// Bytes per second of all files together, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,
}

/// How much is said on the way.
#[derive(Args, Debug)]
pub struct Volume {
    /// No progress
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Retries and their causes too; twice: the log
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,
}
