//! Arguments of `haul jobs add`.

use std::path::PathBuf;

use clap::Args;
use haul::ExpectedDigest;
use haul_queue::file::Part;

use super::JobSettings;
use crate::values;

/// Add files to a new job, or with --job to an existing one, and print its id
///
/// A new job is resumed unless --suspended is given; 'haul jobs run' downloads it.
#[derive(Args, Debug)]
pub struct Add {
    /// http or https URL; - for a list on standard input, as for --input-file
    #[arg(value_name = "URL", required_unless_present_any = ["input_file", "metalink"])]
    pub urls: Vec<String>,

    /// Add the files to this job
    #[arg(short, long, value_name = "JOB")]
    pub job: Option<String>,

    /// Leave the new job suspended
    #[arg(long, conflicts_with = "job")]
    pub suspended: bool,

    #[command(flatten, next_help_heading = "Files")]
    pub files: Files,

    #[command(flatten, next_help_heading = "Settings of the new job")]
    pub settings: JobSettings,
}

#[derive(Args, Debug)]
pub struct Files {
    /// Name of the file, below the directory of --dir; one URL only
    #[arg(
        short,
        long,
        visible_alias = "out",
        value_name = "FILE",
        value_parser = values::place(),
        conflicts_with_all = ["input_file", "metalink"],
    )]
    pub output: Option<PathBuf>,

    /// Directory of the files
    #[arg(short, long, value_name = "DIR", value_parser = values::place(), default_value = ".")]
    pub dir: PathBuf,

    /// List of URLs in aria2's format: mirrors after tabs, options on lines that begin with a space; - for standard input
    #[arg(short, long, value_name = "FILE")]
    pub input_file: Option<PathBuf>,

    /// Files of a Metalink document; - for standard input
    #[arg(short = 'M', long, visible_alias = "metalink-file", value_name = "FILE")]
    pub metalink: Option<PathBuf>,

    /// Another URL of the same file; repeatable; one URL only
    #[arg(long, value_name = "URL")]
    pub mirror: Vec<String>,

    /// Bytes to download, counted from 0; also FIRST-; separated by commas; repeatable; one URL only. The parts are written one after the
    /// other
    #[arg(
        long,
        visible_alias = "range",
        value_name = "FIRST-LAST",
        value_delimiter = ',',
        value_parser = values::part,
        allow_hyphen_values = true,
    )]
    pub ranges: Vec<Part>,

    /// Digest of the file: sha256, sha512, sha1, md5 or blake3; one URL only
    #[arg(long, value_name = "ALGO:HEX", value_parser = values::checksum)]
    pub checksum: Vec<ExpectedDigest>,

    /// Segments in flight for each file [default: chosen by the engine]
    #[arg(short, long, value_name = "N", value_parser = values::count)]
    pub connections: Option<u32>,

    /// Bytes per second of each file (suffix K, M or G)
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate_per_file: Option<u64>,

    /// Let the server name the files; it never replaces a file and never leaves the directory
    #[arg(long, conflicts_with = "output")]
    pub content_disposition: bool,

    /// Replace existing files, even complete ones
    #[arg(long)]
    pub overwrite: bool,

    /// Do not sync: kept bytes survive the death of the process, but not a power loss
    #[arg(long)]
    pub no_sync: bool,
}
