//! Arguments of `haul get`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use haul::{CostPolicy, ExpectedDigest, Network, RequestedRange, SecurityFlags};
use haul_command::arguments::Arguments;

use super::convert;
use super::{Limits, Volume};
use crate::documents::path;
use crate::hooks::Hooks;
use crate::network::Connections;

#[derive(Debug)]
pub struct Get {
    pub urls: Vec<String>,
    pub files: Files,
    pub proof: Proof,
    pub requests: Requests,
    pub tls: Tls,
    pub pace: Pace,
    pub cost: Cost,
    pub said: Said,
    pub connections: Connections,
    pub identity: Credentials,
    pub hooks: Hooks,
    /// The error if the command has several files: an option is for one.
    pub only_for_one: Option<String>,
}

#[derive(Debug)]
pub struct Files {
    pub output: Option<PathBuf>,
    pub dir: PathBuf,
    pub state_dir: Option<PathBuf>,
    pub input: Option<PathBuf>,
    pub metalink: Option<PathBuf>,
    pub mirror: Vec<String>,
    /// Whether URLs are patterns.
    pub glob: bool,
    pub range: Vec<RequestedRange>,
    pub max_filesize: Option<u64>,
    pub content_disposition: bool,
    pub overwrite: bool,
    pub fresh: bool,
    pub refresh: bool,
    pub no_sync: bool,
}

#[derive(Debug)]
pub struct Proof {
    pub checksum: Vec<ExpectedDigest>,
    pub ignore_origin_digests: bool,
    /// Files with the digests of files, by their names.
    pub sums: Vec<PathBuf>,
    pub pieces: Option<PathBuf>,
    pub integrity_info: Option<PathBuf>,
    pub require_integrity: bool,
    pub decrypt: Option<PathBuf>,
}

#[derive(Debug)]
pub struct Requests {
    pub header: Vec<String>,
    pub auth_header: Vec<String>,
    pub correlation_vector: Option<String>,
    pub allow_insecure_redirect: bool,
}

#[derive(Debug)]
pub struct Tls {
    pub client_certificate: Option<PathBuf>,
    pub insecure: Vec<SecurityFlags>,
    pub check_revocation: bool,
    pub crl: Vec<PathBuf>,
}

#[derive(Debug)]
pub struct Pace {
    pub connections: Option<u32>,
    pub limits: Limits,
    pub limit_rate_per_file: Option<u64>,
    pub min_rate: Option<u64>,
    pub retries: u32,
    pub timeout: Duration,
    pub retry_connrefused: bool,
    pub max_time: Option<Duration>,
    pub background: bool,
}

#[derive(Debug)]
pub struct Cost {
    pub cost_policy: Option<CostPolicy>,
    pub no_cellular: bool,
    pub network: Option<Network>,
}

#[derive(Debug)]
pub struct Said {
    pub json: bool,
    pub volume: Volume,
}

/// Users, passwords and cookies, and the files that have them.
#[derive(Debug)]
pub struct Credentials {
    pub user: Option<(String, Option<String>)>,
    pub netrc_file: Option<PathBuf>,
    pub no_netrc: bool,
    pub cookies: Option<PathBuf>,
}

impl Get {
    /// # Errors
    ///
    /// Options contradict each other.
    pub fn of(arguments: Arguments) -> Result<Self, String> {
        arguments.share_standard_input()?;
        arguments.check_standard_output()?;
        Ok(Self {
            only_for_one: arguments.refuse_options_for_one().err(),
            pace: Pace {
                connections: arguments.connections,
                limits: Limits::of(&arguments),
                limit_rate_per_file: arguments.limit_rate_per_file,
                min_rate: arguments.min_rate,
                retries: arguments.retries,
                timeout: arguments.timeout,
                retry_connrefused: arguments.retry_connrefused,
                max_time: arguments.max_time,
                background: arguments.background,
            },
            cost: Cost {
                cost_policy: arguments.cost_policy.map(convert::cost_policy),
                no_cellular: arguments.no_cellular,
                network: arguments.network.map(convert::network),
            },
            connections: Connections::of(&arguments),
            identity: Credentials {
                user: arguments.user.clone(),
                netrc_file: arguments.netrc_file.as_ref().map(path),
                no_netrc: arguments.no_netrc,
                cookies: arguments.cookies.as_ref().map(path),
            },
            hooks: Hooks { on_complete: arguments.on_complete.clone(), on_error: arguments.on_error.clone() },
            said: Said { json: arguments.json, volume: Volume::of(&arguments) },
            urls: arguments.urls,
            files: Files {
                output: arguments.output.as_ref().map(path),
                dir: path(&arguments.directory),
                state_dir: arguments.state_directory.as_ref().map(path),
                input: arguments.input.as_ref().map(path),
                metalink: arguments.metalink.as_ref().map(path),
                mirror: arguments.mirrors,
                glob: arguments.glob,
                range: arguments.ranges.into_iter().map(convert::range).collect(),
                max_filesize: arguments.max_file_size,
                content_disposition: arguments.origin_names,
                overwrite: arguments.overwrite,
                fresh: arguments.fresh,
                refresh: arguments.refresh,
                no_sync: arguments.no_sync,
            },
            proof: Proof {
                checksum: arguments.checksums.into_iter().map(convert::digest).collect(),
                ignore_origin_digests: arguments.ignore_origin_digests,
                sums: arguments.sums.iter().map(path).collect(),
                pieces: arguments.pieces.as_ref().map(path),
                integrity_info: arguments.integrity_info.as_ref().map(path),
                require_integrity: arguments.require_integrity,
                decrypt: arguments.decrypt.as_ref().map(path),
            },
            requests: Requests {
                header: arguments.headers,
                auth_header: arguments.auth_headers,
                correlation_vector: arguments.correlation_vector,
                allow_insecure_redirect: arguments.allow_insecure_redirect,
            },
            tls: Tls {
                client_certificate: arguments.client_certificate.as_ref().map(path),
                insecure: convert::insecure(arguments.insecure),
                check_revocation: arguments.check_revocation,
                crl: arguments.crls.iter().map(path).collect(),
            },
        })
    }

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
