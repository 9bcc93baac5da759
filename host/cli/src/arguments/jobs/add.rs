//! What is typed after `jobs add`.

use std::path::PathBuf;

use clap::Args;
use haul::ExpectedDigest;
use haul_queue::file::Part;

use super::JobSettings;
use crate::values;

/// Add files to a job, or make one of them, and print its id
///
/// Without --job a job is made and resumed: 'haul jobs run' fetches it.
#[derive(Args, Debug)]
pub struct Add {
    /// What to download: http or https; - for a list on standard input, as --input-file has it
    #[arg(value_name = "URL", required_unless_present_any = ["input_file", "metalink"])]
    pub urls: Vec<String>,

    /// The job that gets the files
    #[arg(short, long, value_name = "JOB")]
    pub job: Option<String>,

    /// Leave the new job suspended
    #[arg(long, conflicts_with = "job")]
    pub suspended: bool,

    #[command(flatten, next_help_heading = "What, and where it goes")]
    pub files: Files,

    #[command(flatten, next_help_heading = "What the new job is told")]
    pub settings: JobSettings,
}

#[derive(Args, Debug)]
pub struct Files {
    /// Where the file goes, in the directory of --dir; one URL only
    #[arg(
        short,
        long,
        visible_alias = "out",
        value_name = "FILE",
        value_parser = values::place(),
        conflicts_with_all = ["input_file", "metalink"],
    )]
    pub output: Option<PathBuf>,

    /// Directory for the files
    #[arg(short, long, value_name = "DIR", value_parser = values::place(), default_value = ".")]
    pub dir: PathBuf,

    /// List of URLs in aria2's format: mirrors after tabs, options on lines that begin with a space
    #[arg(short, long, value_name = "FILE")]
    pub input_file: Option<PathBuf>,

    /// What a Metalink document describes, - for standard input
    #[arg(short = 'M', long, visible_alias = "metalink-file", value_name = "FILE")]
    pub metalink: Option<PathBuf>,

    /// Another URL for the same content; repeatable; one URL only
    #[arg(long, value_name = "URL")]
    pub mirror: Vec<String>,

    /// Bytes to fetch, counted from 0; FIRST- too; repeatable, or with commas; one URL only. Parts are written one after the other
    #[arg(
        long,
        visible_alias = "range",
        value_name = "FIRST-LAST",
        value_delimiter = ',',
        value_parser = values::part,
        allow_hyphen_values = true,
    )]
    pub ranges: Vec<Part>,

    /// sha256, sha512, sha1, md5 or blake3, a colon, and the digest that the file must have; one URL only
    #[arg(long, value_name = "ALGO:HEX", value_parser = values::checksum)]
    pub checksum: Vec<ExpectedDigest>,

    /// Segments in flight per file [default: chosen by the engine]
    #[arg(short, long, value_name = "N", value_parser = values::count)]
    pub connections: Option<u32>,

    /// Bytes per second of each file, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate_per_file: Option<u64>,

    /// Let origins name the files; no file is replaced
    #[arg(long, conflicts_with = "output")]
    pub content_disposition: bool,

    /// Replace existing files
    #[arg(long)]
    pub overwrite: bool,

    /// Survive the death of the process only, not a loss of power
    #[arg(long)]
    pub no_sync: bool,
}
