//! What is typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use haul::{ExpectedDigest, RequestedRange};

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
    Get(Get),
}

/// Download files.
///
/// A run that is interrupted keeps what is safe in FILE.part and FILE.haul; the same command resumes it. Success leaves only
/// FILE.
///
/// Exit codes: 0 all transferred, 1 a transfer failed, 2 usage, 3 refused by policy, 4 content did not verify, 130 interrupted.
#[derive(Args, Debug)]
pub struct Get {
    /// What to download: http or https
    #[arg(value_name = "URL", required_unless_present = "input")]
    pub urls: Vec<String>,

    /// Where the file goes, in the directory of --dir; one URL only
    #[arg(short, long, value_name = "FILE", conflicts_with = "input")]
    pub output: Option<PathBuf>,

    /// Directory for the files
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,

    /// Bytes to fetch, counted from 0; repeatable; FIRST- and -SUFFIX too. Parts are written one after the other
    #[arg(long, value_name = "FIRST-LAST", value_parser = values::range, allow_hyphen_values = true)]
    pub range: Vec<RequestedRange>,

    /// Segments in flight per file [default: chosen by the engine]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub connections: Option<u32>,

    /// Files in flight
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub jobs: u32,

    /// List of URLs, - for standard input; after a tab a name may follow on each line
    #[arg(short, long, value_name = "FILE")]
    pub input: Option<PathBuf>,

    /// sha256, sha512, sha1, md5 or blake3, a colon, and the digest that the file must have; one URL only
    #[arg(long, value_name = "ALGO:HEX", value_parser = values::checksum)]
    pub checksum: Vec<ExpectedDigest>,

    /// Request header, as 'Name: value'; repeatable
    #[arg(short = 'H', long, value_name = "HEADER", value_parser = values::header)]
    pub header: Vec<String>,

    /// Bytes per second of all files together, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,

    /// Failures in a row, without a byte between them, before giving up
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub retries: u32,

    /// Give up after this long without a byte
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = values::timeout)]
    pub timeout: std::time::Duration,

    /// Replace an existing file
    #[arg(long)]
    pub overwrite: bool,

    /// Ignore what an earlier run kept
    #[arg(long)]
    pub fresh: bool,

    /// Survive the death of the process only, not a loss of power
    #[arg(long)]
    pub no_sync: bool,

    /// One JSON object per line on standard output: progress, then one result per URL
    #[arg(long)]
    pub json: bool,

    /// No progress
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// More about what happens
    #[arg(short, long)]
    pub verbose: bool,
}
