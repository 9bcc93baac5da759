//! The values of all options and operands of a command line.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

pub use haul_core::content::digest::{Algorithm, ExpectedDigest};
pub use haul_core::layout::RequestedRange;
pub use haul_core::settings::network::{Cost, CostPolicy, Network};
pub use haul_core::settings::property::SecurityFlags;

use crate::file_path::FilePath;

/// A command takes some of these; the others keep their defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    pub urls: Vec<String>,
    /// Names of jobs.
    pub jobs: Vec<String>,
    /// Every job.
    pub all: bool,
    /// The code of `errors`.
    pub code: Option<String>,
    pub shell: Option<String>,
    /// The words of the command of a manual page.
    pub page: Vec<String>,
    pub pages_directory: Option<FilePath>,

    pub output: Option<FilePath>,
    pub directory: FilePath,
    pub state_directory: Option<FilePath>,
    pub input: Option<FilePath>,
    pub metalink: Option<FilePath>,
    pub mirrors: Vec<String>,
    /// Whether braces and brackets in URLs stand for several URLs.
    pub glob: bool,
    pub ranges: Vec<RequestedRange>,
    pub max_file_size: Option<u64>,
    pub origin_names: bool,
    pub overwrite: bool,
    pub fresh: bool,
    pub refresh: bool,
    pub no_sync: bool,

    pub checksums: Vec<ExpectedDigest>,
    /// Files with the digests of files, by their names.
    pub sums: Vec<FilePath>,
    pub pieces: Option<FilePath>,
    pub integrity_info: Option<FilePath>,
    pub require_integrity: bool,
    pub decrypt: Option<FilePath>,
    pub ignore_origin_digests: bool,

    /// Each as `Name: value`, or `@FILE`.
    pub headers: Vec<String>,
    pub auth_headers: Vec<String>,
    pub correlation_vector: Option<String>,
    pub allow_insecure_redirect: bool,

    /// A user, and the password if it was given.
    pub user: Option<(String, Option<String>)>,
    pub netrc_file: Option<FilePath>,
    pub no_netrc: bool,
    pub cookies: Option<FilePath>,

    pub proxy: Option<String>,
    pub no_proxy: Option<String>,
    pub connect_timeout: Option<Duration>,
    pub family: Option<Family>,
    /// Hosts in lower case, and their addresses.
    pub resolve: Vec<(String, IpAddr)>,

    pub authority: Option<FilePath>,
    pub client_certificate: Option<FilePath>,
    pub insecure: SecurityFlags,
    pub check_revocation: bool,
    pub crls: Vec<FilePath>,

    pub connections: Option<u32>,
    /// Files in flight.
    pub parallel: u32,
    pub max_per_origin: Option<u32>,
    /// Of all files together. [`Rate::Unlimited`] removes the limit of a job.
    pub limit_rate: Option<Rate>,
    pub limit_rate_per_file: Option<u64>,
    pub min_rate: Option<u64>,
    pub retries: u32,
    pub timeout: Duration,
    pub retry_connrefused: bool,
    pub max_time: Option<Duration>,
    pub background: bool,

    pub cost_policy: Option<CostPolicy>,
    pub no_cellular: bool,
    pub network: Option<Network>,

    pub on_complete: Option<String>,
    pub on_error: Option<String>,

    pub no_config: bool,
    pub json: bool,
    pub quiet: bool,
    /// How often `--verbose` was given.
    pub verbose: u8,

    /// The job that gets the files.
    pub job: Option<String>,
    pub suspended: bool,
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub priority: Option<String>,
    /// In seconds.
    pub retry_interval: Option<u32>,
    pub retry_timeout: Option<u32>,
    /// The word for BITS's policy.
    pub transfer_policy: Option<String>,
    pub proxy_usage: Option<String>,
    pub proxy_list: Option<String>,
    pub proxy_bypass: Option<String>,
    pub keep_going: Option<bool>,
    pub notify: Vec<String>,

    /// Whether jobs that ended are shown too.
    pub history: bool,
    /// Whether a command that removes jobs asks first.
    pub yes: bool,
    pub show_files: bool,
    pub interval: Duration,
    pub partial: bool,
    pub watch: bool,
    pub no_complete: bool,
    pub schedule: Vec<String>,
}

/// A version of the Internet Protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

/// A rate in bytes per second, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    Limited(u64),
    Unlimited,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            jobs: Vec::new(),
            all: false,
            code: None,
            shell: None,
            page: Vec::new(),
            pages_directory: None,
            output: None,
            directory: ".".into(),
            state_directory: None,
            input: None,
            metalink: None,
            mirrors: Vec::new(),
            glob: false,
            ranges: Vec::new(),
            max_file_size: None,
            origin_names: false,
            overwrite: false,
            fresh: false,
            refresh: false,
            no_sync: false,
            checksums: Vec::new(),
            sums: Vec::new(),
            pieces: None,
            integrity_info: None,
            require_integrity: false,
            decrypt: None,
            ignore_origin_digests: false,
            headers: Vec::new(),
            auth_headers: Vec::new(),
            correlation_vector: None,
            allow_insecure_redirect: false,
            user: None,
            netrc_file: None,
            no_netrc: false,
            cookies: None,
            proxy: None,
            no_proxy: None,
            connect_timeout: None,
            family: None,
            resolve: Vec::new(),
            authority: None,
            client_certificate: None,
            insecure: SecurityFlags::default(),
            check_revocation: false,
            crls: Vec::new(),
            connections: None,
            parallel: 64,
            max_per_origin: None,
            limit_rate: None,
            limit_rate_per_file: None,
            min_rate: None,
            retries: 10,
            timeout: Duration::from_secs(60),
            retry_connrefused: false,
            max_time: None,
            background: false,
            cost_policy: None,
            no_cellular: false,
            network: None,
            on_complete: None,
            on_error: None,
            no_config: false,
            json: false,
            quiet: false,
            verbose: 0,
            job: None,
            suspended: false,
            display_name: None,
            description: None,
            priority: None,
            retry_interval: None,
            retry_timeout: None,
            transfer_policy: None,
            proxy_usage: None,
            proxy_list: None,
            proxy_bypass: None,
            keep_going: None,
            notify: Vec::new(),
            history: false,
            yes: false,
            show_files: false,
            interval: Duration::from_secs(1),
            partial: false,
            watch: false,
            no_complete: false,
            schedule: Vec::new(),
        }
    }
}

impl Arguments {
    /// Whether the file goes to standard output.
    pub fn to_standard_output(&self) -> bool {
        self.output.as_ref().is_some_and(FilePath::is_standard_stream)
    }

    /// The first of the given options that are for one file.
    fn option_for_one(&self) -> Option<&'static str> {
        let given = [
            ("--output", self.output.is_some()),
            ("--checksum", !self.checksums.is_empty()),
            ("--mirror", !self.mirrors.is_empty()),
            ("--pieces", self.pieces.is_some()),
            ("--integrity-info", self.integrity_info.is_some()),
            ("--decrypt", self.decrypt.is_some()),
            ("--refresh", self.refresh),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }

    /// # Errors
    ///
    /// An option for one file is given, but the command has several.
    pub fn refuse_options_for_one(&self) -> Result<(), String> {
        match self.option_for_one() {
            Some("--output") if self.to_standard_output() => {
                Err("--output - takes one URL: several would run into each other".into())
            }
            Some("--output") => Err("--output takes one URL; use --dir for several".into()),
            Some(option) => Err(format!("{option} takes one URL")),
            None => Ok(()),
        }
    }

    /// The options that read standard input, once for each time. It can be read once only.
    fn readers_of_standard_input(&self) -> impl Iterator<Item = &'static str> {
        let documents = [
            ("--input", self.input.as_ref()),
            ("--metalink", self.metalink.as_ref()),
            ("--pieces", self.pieces.as_ref()),
            ("--integrity-info", self.integrity_info.as_ref()),
            ("--decrypt", self.decrypt.as_ref()),
            ("--client-certificate", self.client_certificate.as_ref()),
            ("--cacert", self.authority.as_ref()),
            ("--netrc-file", self.netrc_file.as_ref()),
            ("--load-cookies", self.cookies.as_ref()),
        ];
        let documents = documents.into_iter().filter_map(|(option, path)| Some((option, path?)));
        let documents = documents.chain(self.crls.iter().map(|path| ("--crl", path)));
        let documents = documents.chain(self.sums.iter().map(|path| ("--checksum", path)));
        let documents = documents.filter(|(_, path)| path.is_standard_stream()).map(|(option, _)| option);
        let lists = self.urls.iter().filter(|url| *url == "-").map(|_| "the list -");
        let headers = [("--header", &self.headers), ("--auth-header", &self.auth_headers)].into_iter();
        let headers =
            headers.flat_map(|(option, given)| given.iter().filter(|given| *given == "@-").map(move |_| option));
        documents.chain(lists).chain(headers)
    }

    /// # Errors
    ///
    /// Two options read standard input.
    pub fn share_standard_input(&self) -> Result<(), String> {
        let mut readers = self.readers_of_standard_input();
        match (readers.next(), readers.next()) {
            (Some(one), Some(other)) => {
                Err(format!("{one} and {other} cannot both read standard input; name a file for one of them"))
            }
            _ => Ok(()),
        }
    }

    /// # Errors
    ///
    /// An option that standard output cannot support.
    pub fn check_standard_output(&self) -> Result<(), String> {
        let with_pieces = [("--pieces", &self.pieces), ("--integrity-info", &self.integrity_info)];
        match with_pieces.into_iter().find(|(_, given)| given.is_some()) {
            _ if !self.to_standard_output() => Ok(()),
            _ if self.json => Err("--json and --output - both want standard output; leave out one of them".into()),
            Some((option, _)) => {
                Err(format!("{option} needs a file, of which pieces can be fetched again; use --checksum"))
            }
            None => Ok(()),
        }
    }
}
