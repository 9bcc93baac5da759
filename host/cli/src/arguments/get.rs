//! Arguments of `haul get`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use haul::{CostPolicy, ExpectedDigest, Network, RequestedRange, SecurityFlags};

use super::shared::{Limits, Volume};
use crate::values::{self, network, security};

/// Download files.
///
/// An interrupted run keeps its bytes in FILE.part and their journal in FILE.haul; the same command resumes it. Success leaves only FILE.
///
/// Exit codes: 0 every file is complete, 1 a file failed, 2 the command line is wrong, 3 refused by the cost policy or --max-filesize, 4
/// the content did not verify, 124 --max-time is over, 130 interrupted.
#[derive(Args, Debug)]
pub struct Get {
    /// http or https URL
    #[arg(value_name = "URL", required_unless_present_any = ["input", "metalink"])]
    pub urls: Vec<String>,

    #[command(flatten, next_help_heading = "Files")]
    pub files: Files,

    #[command(flatten, next_help_heading = "Integrity")]
    pub proof: Proof,

    #[command(flatten, next_help_heading = "Requests")]
    pub requests: Requests,

    #[command(flatten, next_help_heading = "TLS")]
    pub tls: Tls,

    #[command(flatten, next_help_heading = "Limits")]
    pub pace: Pace,

    #[command(flatten, next_help_heading = "Network cost")]
    pub cost: Cost,

    #[command(flatten, next_help_heading = "Output")]
    pub said: Said,
}

#[derive(Args, Debug)]
pub struct Files {
    /// Name of the file, below the directory of --dir; one URL only; - for standard output. An existing directory takes the file under its
    /// own name
    #[arg(short, long, value_name = "FILE", value_parser = values::place(), conflicts_with = "input")]
    pub output: Option<PathBuf>,

    /// Directory of the files
    #[arg(short, long, value_name = "DIR", value_parser = values::place(), default_value = ".")]
    pub dir: PathBuf,

    /// Directory of the key and of the records of finished files [default: haul in $XDG_STATE_HOME or ~/.local/state]
    #[arg(long, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,

    /// List of URLs, one on each line; after a tab a name; # starts a comment line; - for standard input
    #[arg(short, long, value_name = "FILE")]
    pub input: Option<PathBuf>,

    /// Download the files of a Metalink document; - for standard input
    #[arg(long, value_name = "FILE")]
    pub metalink: Option<PathBuf>,

    /// Another URL of the same file; repeatable; one URL only
    #[arg(long, value_name = "URL")]
    pub mirror: Vec<String>,

    /// Bytes to download, counted from 0; also FIRST- and -SUFFIX; repeatable. The parts are written one after the other
    #[arg(long, value_name = "FIRST-LAST", value_parser = values::range, allow_hyphen_values = true)]
    pub range: Vec<RequestedRange>,

    /// Largest size of a file in bytes (suffix K, M or G). A larger one fails: before its first byte if the server declares the length,
    /// else at the limit
    #[arg(long, value_name = "BYTES", value_parser = values::size)]
    pub max_filesize: Option<u64>,

    /// Let the server name the file; it never replaces a file and never leaves the directory
    #[arg(long, conflicts_with = "output")]
    pub content_disposition: bool,

    /// Replace an existing file, even a complete one
    #[arg(long)]
    pub overwrite: bool,

    /// Ignore the bytes that an earlier run kept
    #[arg(long)]
    pub fresh: bool,

    /// The URL is a new one for the bytes that an earlier run kept, such as a signed URL in place of an expired one; one URL only
    #[arg(long, conflicts_with = "fresh")]
    pub refresh: bool,

    /// Do not sync: kept bytes survive the death of the process, but not a power loss
    #[arg(long)]
    pub no_sync: bool,
}

#[derive(Args, Debug)]
pub struct Proof {
    /// Digest of the file: sha256, sha512, sha1, md5 or blake3; one URL only
    #[arg(long, value_name = "ALGO:HEX", value_parser = values::checksum)]
    pub checksum: Vec<ExpectedDigest>,

    /// Piece-hash file of Delivery Optimization; - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with_all = ["range", "integrity_info"])]
    pub pieces: Option<PathBuf>,

    /// JSON text with the URL of the piece-hash file and, if known, its digests; - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub integrity_info: Option<PathBuf>,

    /// Fail if the piece-hash file of --integrity-info cannot be used
    #[arg(long, requires = "integrity_info")]
    pub require_integrity: bool,

    /// JSON text with the key of an encrypted file; - for standard input; one URL only
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub decrypt: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Requests {
    /// Request header; @FILE reads headers from a file, one on each line, and @- from standard input; repeatable
    #[arg(short = 'H', long, value_name = "HEADER", value_parser = values::header_or_file)]
    pub header: Vec<String>,

    /// Like --header, but sent only after the server has answered 401; repeatable
    #[arg(long, value_name = "HEADER", value_parser = values::header_or_file)]
    pub auth_header: Vec<String>,

    /// Sent as the header MS-CV, to find the download in the server's logs
    #[arg(long, value_name = "TEXT", value_parser = values::correlation_vector)]
    pub correlation_vector: Option<String>,

    /// Follow a redirect from https to http
    #[arg(long)]
    pub allow_insecure_redirect: bool,
}

#[derive(Args, Debug)]
pub struct Tls {
    /// Client certificate and private key, as PEM text in one file
    #[arg(short = 'E', long, alias = "cert", value_name = "FILE")]
    pub client_certificate: Option<PathBuf>,

    /// Accept these faults of a certificate: unknown-ca, wrong-usage, wrong-name, wrong-date; separated by commas; repeatable
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = security::weakness)]
    pub insecure: Vec<SecurityFlags>,

    /// Refuse a certificate that was revoked, or that no list of --crl covers
    #[arg(long, requires = "crl", conflicts_with = "insecure")]
    pub check_revocation: bool,

    /// Certificate revocation list, PEM or DER; repeatable
    #[arg(long, aliases = ["crlfile", "crl-file"], value_name = "FILE", requires = "check_revocation")]
    pub crl: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Pace {
    /// Segments in flight for each file [default: chosen by the engine]
    #[arg(short, long, value_name = "N", value_parser = values::count)]
    pub connections: Option<u32>,

    #[command(flatten)]
    pub limits: Limits,

    /// Bytes per second of each file (suffix K, M or G)
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate_per_file: Option<u64>,

    /// Bytes per second (suffix K, M or G); a slower connection counts as silent, also for --timeout
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub min_rate: Option<u64>,

    /// Failures in a row, without a byte between them, after which a file fails
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = values::number)]
    pub retries: u32,

    /// Seconds without a byte after which a file fails; waits that a server asks for do not count
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = values::timeout)]
    pub timeout: Duration,

    /// Seconds after which the command ends with exit code 124; kept bytes can be resumed
    #[arg(long, value_name = "SECONDS", value_parser = values::timeout)]
    pub max_time: Option<Duration>,

    /// Background priority; the cost policy is standard unless --cost-policy is given
    #[arg(long)]
    pub background: bool,
}

#[derive(Args, Debug)]
pub struct Cost {
    /// Allowed networks [default: always; with --background: standard]
    #[arg(long, value_name = "POLICY", value_parser = network::cost_policy())]
    pub cost_policy: Option<CostPolicy>,

    /// Never download over a cellular network, even if the policy allows it
    #[arg(long)]
    pub no_cellular: bool,

    /// Cost of the present network, which haul cannot detect: unrestricted, capped-usage-unknown, below-cap, near-cap, over-cap-charged,
    /// over-cap-throttled or usage-based; after commas roaming, cellular, offline
    #[arg(long, value_name = "COST,...", value_parser = network::network)]
    pub network: Option<Network>,
}

#[derive(Args, Debug)]
pub struct Said {
    /// One JSON object on each line of standard output: progress, then one result for each URL
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub volume: Volume,
}

impl Get {
    /// If the output names a directory, makes it the directory of the file, which keeps its own name.
    pub fn settled(mut self) -> Self {
        let Files { dir, output, .. } = &mut self.files;
        let is_directory = |path: &Path| path.as_os_str().as_encoded_bytes().ends_with(b"/") || dir.join(path).is_dir();
        if let Some(directory) = output.take_if(|path| path != Path::new("-") && is_directory(path)) {
            *dir = dir.join(directory);
        }
        self
    }

    /// Whether the file goes to standard output.
    pub fn to_standard_output(&self) -> bool {
        self.files.output.as_deref() == Some(Path::new("-"))
    }
}
