//! What is typed after `get`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use haul::{CostPolicy, ExpectedDigest, Network, RequestedRange, SecurityFlags};

use super::shared::{Limits, Volume};
use crate::values::{self, network, security};

/// Download files.
///
/// A run that is interrupted keeps what is safe in FILE.part and FILE.haul; the same command resumes it. Success leaves only
/// FILE.
///
/// Exit codes: 0 all transferred, 1 a transfer failed, 2 usage, 3 refused by policy or larger than --max-filesize, 4 content did
/// not verify, 124 out of time, 130 interrupted.
#[derive(Args, Debug)]
pub struct Get {
    /// What to download: http or https
    #[arg(value_name = "URL", required_unless_present_any = ["input", "metalink"])]
    pub urls: Vec<String>,

    #[command(flatten, next_help_heading = "What, and where it goes")]
    pub files: Files,

    #[command(flatten, next_help_heading = "What the bytes must be")]
    pub proof: Proof,

    #[command(flatten, next_help_heading = "What origins are told")]
    pub requests: Requests,

    #[command(flatten, next_help_heading = "TLS")]
    pub tls: Tls,

    #[command(flatten, next_help_heading = "How much, how fast, how long")]
    pub pace: Pace,

    #[command(flatten, next_help_heading = "What the network costs")]
    pub cost: Cost,

    #[command(flatten, next_help_heading = "What is said")]
    pub said: Said,
}

#[derive(Args, Debug)]
pub struct Files {
    /// Where the file goes, in the directory of --dir: a file, for one URL only, or a directory; - for standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "input")]
    pub output: Option<PathBuf>,

    /// Directory for the files
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,

    /// List of URLs, - for standard input; after a tab a name may follow on each line
    #[arg(short, long, value_name = "FILE")]
    pub input: Option<PathBuf>,

    /// Download what a Metalink document describes, - for standard input
    #[arg(long, value_name = "FILE")]
    pub metalink: Option<PathBuf>,

    /// Another URL for the same content; repeatable; one URL only
    #[arg(long, value_name = "URL")]
    pub mirror: Vec<String>,

    /// Bytes to fetch, counted from 0; repeatable; FIRST- and -SUFFIX too. Parts are written one after the other
    #[arg(long, value_name = "FIRST-LAST", value_parser = values::range, allow_hyphen_values = true)]
    pub range: Vec<RequestedRange>,

    /// Fail for a file that is larger, with K, M or G: before its first byte if the origin declares the length
    #[arg(long, value_name = "BYTES", value_parser = values::size)]
    pub max_filesize: Option<u64>,

    /// Let the origin name the file; it never replaces one
    #[arg(long, conflicts_with = "output")]
    pub content_disposition: bool,

    /// Replace an existing file
    #[arg(long)]
    pub overwrite: bool,

    /// Ignore what an earlier run kept
    #[arg(long)]
    pub fresh: bool,

    /// The URL is a new one for what an earlier run kept, such as a signed one that has expired
    #[arg(long, conflicts_with = "fresh")]
    pub refresh: bool,

    /// Survive the death of the process only, not a loss of power
    #[arg(long)]
    pub no_sync: bool,
}

#[derive(Args, Debug)]
pub struct Proof {
    /// sha256, sha512, sha1, md5 or blake3, a colon, and the digest that the file must have; one URL only
    #[arg(long, value_name = "ALGO:HEX", value_parser = values::checksum)]
    pub checksum: Vec<ExpectedDigest>,

    /// Piece-hash file of the content, - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with_all = ["range", "integrity_info"])]
    pub pieces: Option<PathBuf>,

    /// JSON text that says where the piece-hash file is, and its digest, - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub integrity_info: Option<PathBuf>,

    /// Fail where the piece-hash file of --integrity-info cannot be had
    #[arg(long, requires = "integrity_info")]
    pub require_integrity: bool,

    /// JSON text with the key of an encrypted content, - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub decrypt: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Requests {
    /// Request header, as 'Name: value', or @FILE for a file with one a line, @- for standard input; repeatable
    #[arg(short = 'H', long, value_name = "HEADER", value_parser = values::header_or_file)]
    pub header: Vec<String>,

    /// Like --header, but sent only once the origin has answered 401; repeatable
    #[arg(long, value_name = "HEADER", value_parser = values::header_or_file)]
    pub auth_header: Vec<String>,

    /// Sent as the header MS-CV, to find the download in an origin's logs
    #[arg(long, value_name = "TEXT", value_parser = values::correlation_vector)]
    pub correlation_vector: Option<String>,

    /// Follow a redirect from https to http
    #[arg(long)]
    pub allow_insecure_redirect: bool,
}

#[derive(Args, Debug)]
pub struct Tls {
    /// Certificate and private key to show to origins, as PEM text in one file
    #[arg(short = 'E', long, alias = "cert", value_name = "FILE")]
    pub client_certificate: Option<PathBuf>,

    /// What may be wrong with the certificate of an origin: unknown-ca, wrong-usage, wrong-name, wrong-date; repeatable, or a
    /// list with commas
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = security::weakness)]
    pub insecure: Vec<SecurityFlags>,

    /// Refuse a certificate that was revoked, or that no list of --crl tells about
    #[arg(long, requires = "crl", conflicts_with = "insecure")]
    pub check_revocation: bool,

    /// Certificate revocation list, PEM or DER; repeatable
    #[arg(long, aliases = ["crlfile", "crl-file"], value_name = "FILE", requires = "check_revocation")]
    pub crl: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Pace {
    /// Segments in flight per file [default: chosen by the engine]
    #[arg(short, long, value_name = "N", value_parser = values::count)]
    pub connections: Option<u32>,

    #[command(flatten)]
    pub limits: Limits,

    /// Bytes per second of each file, with K, M or G
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate_per_file: Option<u64>,

    /// Bytes per second, with K, M or G; less counts as nothing
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub min_rate: Option<u64>,

    /// Failures in a row, without a byte between them, before giving up
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = values::number)]
    pub retries: u32,

    /// Give up after this long without a byte
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = values::timeout)]
    pub timeout: Duration,

    /// End the whole run after this long, with exit code 124; what is kept can be resumed
    #[arg(long, value_name = "SECONDS", value_parser = values::timeout)]
    pub max_time: Option<Duration>,

    /// Nobody waits for it: background priority, and --cost-policy standard where none is given
    #[arg(long)]
    pub background: bool,
}

#[derive(Args, Debug)]
pub struct Cost {
    /// On which networks to download [default: always; with --background: standard]
    #[arg(long, value_name = "POLICY", value_parser = network::cost_policy())]
    pub cost_policy: Option<CostPolicy>,

    /// Never over a cellular network
    #[arg(long)]
    pub no_cellular: bool,

    /// What the network is: unrestricted, capped-usage-unknown, below-cap, near-cap, over-cap-charged, over-cap-throttled or
    /// usage-based; after commas roaming, cellular, offline
    #[arg(long, value_name = "COST,...", value_parser = network::network)]
    pub network: Option<Network>,
}

#[derive(Args, Debug)]
pub struct Said {
    /// One JSON object per line on standard output: progress, then one result per URL
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub volume: Volume,
}

impl Get {
    /// An output that names a directory is where the file goes, under its own name.
    pub fn settled(mut self) -> Self {
        let Files { dir, output, .. } = &mut self.files;
        let is_directory = |path: &Path| path.as_os_str().as_encoded_bytes().ends_with(b"/") || dir.join(path).is_dir();
        if let Some(directory) = output.take_if(|path| path != Path::new("-") && is_directory(path)) {
            *dir = dir.join(directory);
        }
        self
    }

    /// The one file goes to standard output.
    pub fn to_standard_output(&self) -> bool {
        self.files.output.as_deref() == Some(Path::new("-"))
    }
}
