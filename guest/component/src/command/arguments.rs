//! Arguments of `get`.

mod check;
mod help;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use getargs::{Arg, Options};
use haul_core::content::digest::ExpectedDigest;
use haul_core::layout::RequestedRange;
use haul_core::settings::durability::Durability;
use haul_core::settings::network::{CostPolicy, Network};
use haul_core::settings::property::SecurityFlags;

use self::check::check;
pub use self::help::HELP;
use super::values::{
    bytes, checksum, correlation_vector, cost_policy, count, header, network, number, place, range, seconds, weaknesses,
};
use super::{Parsed, headers, quoted};

#[derive(Debug)]
pub struct Get {
    pub urls: Vec<String>,
    pub input: Option<String>,
    pub output: Option<String>,
    pub directory: String,
    /// Directory of the key and of the records of finished files.
    pub state_directory: Option<String>,
    pub ranges: Vec<RequestedRange>,
    pub max_file_size: Option<u64>,
    pub connections: Option<u32>,
    pub jobs: Option<u32>,
    pub checksums: Vec<ExpectedDigest>,
    pub mirrors: Vec<String>,
    pub metalink: Option<String>,
    pub pieces: Option<String>,
    pub refresh: bool,
    pub origin_names: bool,
    /// Each as `Name: value`, including those of files.
    pub headers: Vec<String>,
    pub auth_headers: Vec<String>,
    pub correlation_vector: Option<String>,
    pub integrity_info: Option<String>,
    pub require_integrity: bool,
    pub decrypt: Option<String>,
    pub client_certificate: Option<String>,
    pub insecure: SecurityFlags,
    pub check_revocation: bool,
    pub crls: Vec<String>,
    pub background: bool,
    pub cost_policy: Option<CostPolicy>,
    pub no_cellular: bool,
    pub network: Network,
    pub limit_rate: Option<u64>,
    pub limit_rate_per_file: Option<u64>,
    pub min_rate: Option<u64>,
    pub max_per_origin: Option<u32>,
    pub retries: u32,
    pub timeout: Duration,
    pub max_time: Option<Duration>,
    pub overwrite: bool,
    pub fresh: bool,
    pub allow_insecure_redirect: bool,
    pub durability: Durability,
    pub json: bool,
    pub quiet: bool,
    pub verbose: bool,
}

impl Default for Get {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            input: None,
            output: None,
            directory: ".".into(),
            state_directory: None,
            ranges: Vec::new(),
            max_file_size: None,
            connections: None,
            jobs: None,
            checksums: Vec::new(),
            mirrors: Vec::new(),
            metalink: None,
            pieces: None,
            refresh: false,
            origin_names: false,
            headers: Vec::new(),
            auth_headers: Vec::new(),
            correlation_vector: None,
            integrity_info: None,
            require_integrity: false,
            decrypt: None,
            client_certificate: None,
            insecure: SecurityFlags::default(),
            check_revocation: false,
            crls: Vec::new(),
            background: false,
            cost_policy: None,
            no_cellular: false,
            network: Network::default(),
            limit_rate: None,
            limit_rate_per_file: None,
            min_rate: None,
            max_per_origin: None,
            retries: 10,
            timeout: Duration::from_secs(60),
            max_time: None,
            overwrite: false,
            fresh: false,
            allow_insecure_redirect: false,
            durability: Durability::Power,
            json: false,
            quiet: false,
            verbose: false,
        }
    }
}

/// # Errors
///
/// The mistake in the command line, and the correct form.
pub fn parse(words: &[&str]) -> Result<Parsed<Get>, String> {
    let mut get = Get::default();
    let mut options = Options::new(words.iter().copied());
    while let Some(option) = options.next_arg().map_err(|error| error.to_string())? {
        let mut value = || options.value().map_err(|error| error.to_string());
        match option {
            Arg::Short('h') | Arg::Long("help") => return Ok(Parsed::Help),
            Arg::Short('o') | Arg::Long("output") => get.output = Some(place("--output", value()?)?),
            Arg::Short('i') | Arg::Long("input") => get.input = Some(value()?.into()),
            Arg::Short('d') | Arg::Long("dir") => get.directory = place("--dir", value()?)?,
            Arg::Long("state-dir") => get.state_directory = Some(place("--state-dir", value()?)?),
            Arg::Long("range") => get.ranges.push(range(value()?)?),
            Arg::Long("max-filesize") => get.max_file_size = Some(bytes("--max-filesize", value()?)?),
            Arg::Short('c') | Arg::Long("connections") => get.connections = Some(count("--connections", value()?)?),
            Arg::Short('j') | Arg::Long("jobs") => get.jobs = Some(count("--jobs", value()?)?),
            Arg::Long("checksum") => get.checksums.push(checksum(value()?)?),
            Arg::Short('H') | Arg::Long("header") => get.headers.push(header("--header", value()?)?),
            Arg::Long("auth-header") => get.auth_headers.push(header("--auth-header", value()?)?),
            Arg::Long("correlation-vector") => get.correlation_vector = Some(correlation_vector(value()?)?),
            Arg::Long("integrity-info") => get.integrity_info = Some(value()?.into()),
            Arg::Long("require-integrity") => get.require_integrity = true,
            Arg::Long("decrypt") => get.decrypt = Some(value()?.into()),
            Arg::Short('E') | Arg::Long("client-certificate" | "cert") => {
                get.client_certificate = Some(value()?.into());
            }
            Arg::Long("insecure") => get.insecure = get.insecure.with(weaknesses(value()?)?),
            Arg::Long("check-revocation") => get.check_revocation = true,
            Arg::Long("crl" | "crlfile" | "crl-file") => get.crls.push(value()?.into()),
            Arg::Long("background") => get.background = true,
            Arg::Long("cost-policy") => get.cost_policy = Some(cost_policy(value()?)?),
            Arg::Long("no-cellular") => get.no_cellular = true,
            Arg::Long("network") => get.network = network(value()?)?,
            Arg::Long("mirror") => get.mirrors.push(value()?.into()),
            Arg::Long("metalink") => get.metalink = Some(value()?.into()),
            Arg::Long("pieces") => get.pieces = Some(value()?.into()),
            Arg::Long("refresh") => get.refresh = true,
            Arg::Long("content-disposition") => get.origin_names = true,
            Arg::Long("limit-rate") => get.limit_rate = Some(bytes("--limit-rate", value()?)?),
            Arg::Long("limit-rate-per-file") => {
                get.limit_rate_per_file = Some(bytes("--limit-rate-per-file", value()?)?);
            }
            Arg::Long("min-rate") => get.min_rate = Some(bytes("--min-rate", value()?)?),
            Arg::Long("max-per-origin") => get.max_per_origin = Some(count("--max-per-origin", value()?)?),
            Arg::Long("retries") => get.retries = number("--retries", value()?)?,
            Arg::Long("timeout") => get.timeout = seconds("--timeout", value()?)?,
            Arg::Long("max-time") => get.max_time = Some(seconds("--max-time", value()?)?),
            Arg::Long("overwrite") => get.overwrite = true,
            Arg::Long("fresh") => get.fresh = true,
            Arg::Long("allow-insecure-redirect") => get.allow_insecure_redirect = true,
            Arg::Long("no-sync") => get.durability = Durability::Process,
            Arg::Long("json") => get.json = true,
            Arg::Short('q') | Arg::Long("quiet") => get.quiet = true,
            Arg::Short('v') | Arg::Long("verbose") => get.verbose = true,
            Arg::Positional(url) => get.urls.push(url.into()),
            other => return Err(format!("unknown option {}", quoted(&other.to_string()))),
        }
    }
    check(&get)?;
    get.headers = headers::read("--header", get.headers)?;
    get.auth_headers = headers::read("--auth-header", get.auth_headers)?;
    Ok(Parsed::Run(get))
}

impl Get {
    /// Whether the file goes to standard output.
    pub fn to_standard_output(&self) -> bool {
        self.output.as_deref() == Some("-")
    }

    /// Whether events such as restarts are printed.
    pub fn mentions(&self) -> bool {
        !self.quiet && (!self.json || self.verbose)
    }
}
