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
    Errors(Errors),
}

/// Say what an error code means.
///
/// Without CODE all that are known are listed, but those of HTTP statuses: 0x80190000 and the status.
#[derive(Args, Debug)]
pub struct Errors {
    /// A code as 0x80D02013, 80D02013, 2161123347 or -2133843949, or a name such as DO_E_INVALID_STATE
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    pub code: Option<String>,

    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
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
    #[arg(value_name = "URL", required_unless_present_any = ["input", "metalink"])]
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

    /// Another URL for the same content; repeatable; one URL only
    #[arg(long, value_name = "URL")]
    pub mirror: Vec<String>,

    /// Download what a Metalink document describes, - for standard input
    #[arg(long, value_name = "FILE")]
    pub metalink: Option<PathBuf>,

    /// Piece-hash file of the content, - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub pieces: Option<PathBuf>,

    /// The URL is a new one for what an earlier run kept, such as a signed one that has expired
    #[arg(long, conflicts_with = "fresh")]
    pub refresh: bool,

    /// Let the origin name the file; it never replaces one
    #[arg(long, conflicts_with = "output")]
    pub content_disposition: bool,

    /// Request header, as 'Name: value'; repeatable
    #[arg(short = 'H', long, value_name = "HEADER", value_parser = values::header)]
    pub header: Vec<String>,

    /// Bytes per second of all files together, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,

    /// Bytes per second of each file, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate_per_file: Option<u64>,

    /// Bytes per second, with K, M or G; less counts as nothing
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub min_rate: Option<u64>,

    /// Connections to one origin, of all files together
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_per_origin: Option<u32>,

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

    /// Follow a redirect from https to http
    #[arg(long)]
    pub allow_insecure_redirect: bool,

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
